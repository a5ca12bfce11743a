"""Known people: who is meant by a name, a role and a day; how their statements stand to each other. Pure."""
