"""What `make bench-trust` measures: how far a verdict can be trusted, on real news and real transcripts."""
