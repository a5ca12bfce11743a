"""`verbatim check-draft`: a draft held against its sources, as a table, JSON or a page."""
