"""ONNX sessions, and the fingerprints of models.

The only module that imports onnxruntime: since 1.32 its Linux builds send usage data to their maker, and make
an identifier of the machine as they are imported, unless the environment says otherwise by then.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime


def open_session(model: Path) -> onnxruntime.InferenceSession:
    """A session on one thread, so that a request takes one core and a busy server stays predictable.

    Without an arena: it would keep the memory of the longest text it was ever shown.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


def fingerprint_model(model: Path) -> str:
    """The first twelve hex digits of a model's SHA-256."""
    with model.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()[:12]
