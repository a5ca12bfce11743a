"""Whom a pronoun means, and what a relative clause belongs to."""
