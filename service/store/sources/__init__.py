"""Stored sources: their turns, changes, history and retraction."""
