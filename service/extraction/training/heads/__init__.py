"""Training of the two small models beside the tagger: what is reported at all, and who is meant."""
