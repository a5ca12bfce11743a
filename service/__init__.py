"""Verbatim: who said it, when, and were those the words?"""
