"""Readers of packed formats, run in a process of their own (`service.sources.unpacking` starts it).

They import nothing of the service but each other, so that the process starts fast.
"""
