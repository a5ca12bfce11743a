"""`verbatim import`: records, people and fact-checks, with progress."""
