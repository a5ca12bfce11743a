"""Sentences → vectors of their meaning: a small transformer in 8-bit integers.

A vector has 384 dimensions and length one; it is stored as a signed byte a dimension, and searched by the
signs of its dimensions. One ONNX session a process, loaded when first needed and shared by its threads.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from service.claims.terms import clean_text
from service.inference import fingerprint_model, open_session

MODEL_FOLDER: Final = Path(__file__).parent / "model"
MODEL_FILE: Final = "encoder.onnx"
TOKENIZER_FILE: Final = "tokenizer.json"
DIMENSIONS: Final = 384
MAX_PIECES: Final = 96  # of a text, [CLS] and [SEP] among them
QUERY_PIECES: Final = 48  # of a text under question: posts say what they claim at their beginning
CODE_WORDS: Final = DIMENSIONS // 64

Floats = NDArray[np.float32]
Bytes = NDArray[np.int8]
Codes = NDArray[np.uint64]


class SentenceEncoder:
    """The network and its tokenizer. Thread-safe."""

    def __init__(self, folder: Path) -> None:
        self._session = open_session(folder / MODEL_FILE)
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        self._tokenizer.enable_truncation(MAX_PIECES)
        self._tokenizer.no_padding()

    def encode(self, texts: Sequence[str], most: int = MAX_PIECES) -> Floats:
        """Unit vectors [texts, 384] of the first `most` pieces of each.

        Each is read by itself: the integers that the network reckons in are scaled by all that is read
        together, so a text's vector would depend on its company, and little time would be saved.
        """
        cleaned = [clean_text(text).encode("utf-8", "replace").decode() for text in texts]
        pieces = [encoding.ids for encoding in self._tokenizer.encode_batch(cleaned)]
        vectors = np.empty((len(texts), DIMENSIONS), dtype=np.float32)
        for row, ids in enumerate(pieces):
            read = ids if len(ids) <= most else [*ids[: most - 1], ids[-1]]
            vectors[row] = self._session.run(None, {"ids": np.array([read], dtype=np.int64)})[0][0]
        return vectors


def quantise_vectors(vectors: Floats) -> Bytes:
    """Unit vectors as signed bytes, the largest dimension of each as 127: cosines stay within 0.5 %."""
    largest = np.maximum(np.abs(vectors).max(axis=-1, keepdims=True), 1e-8)
    stored: Bytes = np.round(vectors / largest * 127).astype(np.int8)
    return stored


def restore_vectors(stored: Bytes) -> Floats:
    """Signed bytes as unit vectors again; a row of zeros stays one."""
    vectors = stored.astype(np.float32)
    lengths = np.sqrt(np.einsum("...d,...d->...", vectors, vectors))[..., None]
    restored: Floats = vectors / np.maximum(lengths, 1e-8)
    return restored


def sign_codes(vectors: Floats | Bytes) -> Codes:
    """The signs of the dimensions as bits: [..., 384] → [..., 6] numbers of 64 bits."""
    bits = np.packbits(vectors > 0, axis=-1)
    return np.ascontiguousarray(bits).view("<u8").astype(np.uint64)


class SharedEncoder:
    """The encoder of this process, loaded on first use."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._encoder: SentenceEncoder | None = None

    def encode(self, texts: Sequence[str], most: int = MAX_PIECES) -> Floats:
        """Unit vectors [texts, 384] of the first `most` pieces of each; loads on first use."""
        with self._lock:
            if self._encoder is None:
                self._encoder = SentenceEncoder(self.folder)
        return self._encoder.encode(texts, most)

    @cached_property
    def fingerprint(self) -> str:
        """The first twelve hex digits of the model's SHA-256."""
        return fingerprint_model(self.folder / MODEL_FILE)


ENCODER: Final = SharedEncoder(MODEL_FOLDER)
