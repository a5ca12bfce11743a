"""Transcripts: labels of speakers, times, and what stands around the words."""
