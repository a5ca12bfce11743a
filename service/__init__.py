"""Verbatim: who said it, when, and were those the words?"""

from importlib.metadata import version

__version__ = version("verbatim")
