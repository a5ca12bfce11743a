"""Mentions of people and organisations in an article: names, descriptions, posts."""
