"""Metrics, traces and correlation ids. None contains text of an article, a quotation or a key."""
