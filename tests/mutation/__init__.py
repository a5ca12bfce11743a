"""Mutation testing of named numbers: which can be moved by 30 % without any test failing? `make mutate`."""
