"""Reported speech: whether what a person said supports what they are reported to have said, by meaning."""
