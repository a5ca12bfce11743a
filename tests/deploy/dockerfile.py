"""Reads deploy/Dockerfile as far as its tests need it: instructions in order, by stage."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
DOCKERFILE = PROJECT / "deploy" / "Dockerfile"


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction, `\\`-continued lines joined; `stage` counts the FROMs, from 0."""

    stage: int
    name: str
    rest: str

    def words(self) -> list[str]:
        """The exec form's items, or the words of the shell form."""
        if self.rest.startswith("["):
            items: list[str] = json.loads(self.rest)
            return items
        return self.rest.split()


def read_instructions(text: str) -> list[Instruction]:
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    instructions: list[Instruction] = []
    stage = -1
    for line in "\n".join(lines).replace("\\\n", " ").splitlines():
        if not line.strip():
            continue
        name, _, rest = line.strip().partition(" ")
        stage += name == "FROM"
        instructions.append(Instruction(stage, name, rest.strip()))
    return instructions


def instructions(name: str, stage: int | None = None) -> list[Instruction]:
    """The Dockerfile's instructions of that name; of its last stage, which is what is shipped, with -1."""
    found = read_instructions(DOCKERFILE.read_text())
    last = max(instruction.stage for instruction in found)
    wanted = last if stage == -1 else stage
    return [one for one in found if one.name == name and wanted in {None, one.stage}]
