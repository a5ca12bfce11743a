"""Reported speech: does what a person said bear out what they are reported to have said? By meaning."""
