"""Candidates for a speaker and the model that chooses among them."""
