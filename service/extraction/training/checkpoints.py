"""Networks kept on the way, so that a run that was cut off goes on from the last of them."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from pathlib import Path

import torch

from service.extraction.training.network import Network

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Keep:
    """A folder of networks, each named after all that it depends on. None keeps nothing.

    `learnt_from` is the fingerprint of the inputs (`inputs.Inputs`): where any of them changed, code
    included, nothing that was kept is taken.
    """

    folder: Path | None
    learnt_from: str

    def take(self, network: Network, name: str, *recipe: object) -> bool:
        """Load the weights stored for this recipe into a network; returns whether there were any."""
        file = self._file(name, recipe)
        if file is None or not file.exists():
            return False
        network.load_state_dict(torch.load(file, weights_only=True))
        _log.info("taken from %s", file)
        return True

    def put(self, network: Network, name: str, *recipe: object) -> None:
        """Keep a network's weights."""
        file = self._file(name, recipe)
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
            half = file.with_suffix(".half")  # a run may be cut off while it writes
            torch.save(network.state_dict(), half)
            half.replace(file)

    def _file(self, name: str, recipe: tuple[object, ...]) -> Path | None:
        digest = hashlib.sha256(repr((self.learnt_from, recipe)).encode()).hexdigest()[:16]
        return self.folder / f"{name}-{digest}.pt" if self.folder else None
