"""What the service does when what it stands on fails, when too much is asked of it, and when it is fed badly.

`make test` runs the short form, `make soak` (VERBATIM_FAULTS=long) the long one.
"""
