"""Published fact-checks: read as found, found again by words and by meaning, weighed. Pure."""
