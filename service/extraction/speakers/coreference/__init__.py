"""Coreference: pronouns and relative clauses."""
