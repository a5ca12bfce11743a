"""Who each source is, resolved within the article."""

from service.extraction.speakers.registry import DatedRole, Registry, RegistryEntry
from service.extraction.speakers.resolve import resolve_speakers

__all__ = ["DatedRole", "Registry", "RegistryEntry", "resolve_speakers"]
