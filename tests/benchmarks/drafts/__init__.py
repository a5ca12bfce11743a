"""Drafts of articles written from real interviews, with planted errors, checked against those interviews."""
