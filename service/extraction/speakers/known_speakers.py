"""Speakers made known to a registry: ids, canonical names, and whom a role means on a day."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from service.extraction.models import Speaker
from service.extraction.speakers.calibration import confidence_of
from service.extraction.speakers.registry_protocol import Registry, RegistryEntry
from service.extraction.speakers.thresholds import LONGEST_DESCRIPTION, MOST_ROLE_WORDS
from service.extraction.speakers.tokens import fold_name

_ARTICLE = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)


def name_with_role(name: str, source: str) -> str:
    """A name as the article's words for it give it a title or role: "Ms. Clinton", "Mayor John Smith".

    The name alone where they give none. `source` is what the article says, `name` who that was resolved to.
    """
    words = set(fold_name(name).split())
    said = source.strip().split(",", 1)
    before = said[0].split()
    at = next((n for n, word in enumerate(before) if _bare(word) in words), None)
    if at is None:
        return name
    role = _ARTICLE.sub("", " ".join(before[:at]))
    if not role and len(said) > 1 and _ARTICLE.match(said[1].strip()):  # "John Smith, the mayor of Alba"
        role = _ARTICLE.sub("", said[1].split(",", 1)[0].strip())
    return f"{role} {name}" if role and len(role.split()) <= MOST_ROLE_WORDS else name


def _bare(word: str) -> str:
    return re.sub(r"(?:'s|')$", "", fold_name(word)).strip(".;:")


class Known:
    """Looks each name up in a registry once. Without a registry, every speaker stays as it is."""

    def __init__(self, registry: Registry | None, on: date | None) -> None:
        self._registry = registry
        self._on = on
        self._found: dict[str, list[RegistryEntry]] = {}

    def enrich(self, speaker: Speaker, source: str) -> Speaker:
        """The speaker with the id and canonical name that the registry knows; a description it alone can
        tell."""
        if self._registry is None or speaker.kind in {"group", "anonymous"}:
            return speaker
        if speaker.name is not None:
            entry = self._only(name_with_role(speaker.name, source))
            return replace(speaker, id=entry.id, name=entry.name) if entry else speaker
        description = _ARTICLE.sub("", source.strip())
        entry = self._only(description) if speaker.how == "abstained" and description else None
        if entry is None:
            return speaker
        return Speaker(entry.name, "person", "registry", confidence_of("registry"), entry.id)

    def _only(self, name: str) -> RegistryEntry | None:
        """The one entry that answers to a name or role; of several, the one of exactly that name."""
        entries = self._find(name)
        if len(entries) > 1:
            entries = [entry for entry in entries if fold_name(entry.name) == fold_name(name)]
        return entries[0] if len(entries) == 1 else None

    def _find(self, name: str) -> list[RegistryEntry]:
        if self._registry is None or len(name) > LONGEST_DESCRIPTION:
            return []
        if name not in self._found:
            answers = self._registry.find(name, self._on)
            self._found[name] = [entry for entry in answers if self._answers(entry, name)]
        return self._found[name]

    def _answers(self, entry: RegistryEntry, name: str) -> bool:
        """Whether an entry still answers on the day: one found by a post alone must hold it then."""
        folded = fold_name(name)
        if folded in {fold_name(alias) for alias in (entry.name, *entry.aliases)}:
            return True
        posts = [role for role in entry.roles if fold_name(role.title) == folded]
        return not posts or any(role.held_on(self._on) for role in posts)
