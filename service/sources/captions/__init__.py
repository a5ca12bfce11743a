"""Subtitles: cues, rolling captions and the speakers within them."""
