"""What templates of the desk make of values: days in words, and which addresses are links."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

from flask import Blueprint


def day_in_words(day: str) -> str:
    """`2025-03-31` as 31 March 2025; what is no day as it is."""
    try:
        found = date.fromisoformat(day)
    except ValueError:
        return day
    return f"{found.day} {found:%B} {found.year}"


def is_web_address(address: object) -> bool:
    """Whether somebody may be sent there: http or https, and a host."""
    if not isinstance(address, str) or not address.isprintable():
        return False
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def register(blueprint: Blueprint) -> None:
    """Give them to the templates."""
    blueprint.add_app_template_filter(day_in_words)
    blueprint.add_app_template_filter(is_web_address)
