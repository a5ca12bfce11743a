"""Known people: resolution of names, roles and days, and relations between statements. Pure."""
