"""Resolution of sources to speakers within the article."""

from service.extraction.speakers.registry_protocol import DatedRole, Registry, RegistryEntry
from service.extraction.speakers.resolver import resolve_speakers

__all__ = ["DatedRole", "Registry", "RegistryEntry", "resolve_speakers"]
