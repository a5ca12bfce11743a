"""No library tells anybody that it is used, or makes an identifier of the machine to do so."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
RUN = """
from service.claims.encoder import ENCODER
from service.extraction import extract
from service.text import read_document
assert len(ENCODER.encode(["The harbour stays open."])) == 1
assert extract(read_document("“We will not close it,” Ann Marlow said.", "plain", None)).quotations
"""


def test_running_the_models_leaves_nothing_in_the_home_directory(tmp_path):
    """onnxruntime writes the identifier that it would send there, at the latest when a model is loaded."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run([sys.executable, "-c", RUN], cwd=ROOT, env=environment, check=True, timeout=120)
    assert list(tmp_path.rglob("*")) == []


def test_onnxruntime_is_imported_in_one_place():
    """Anywhere else it could be loaded before it is told to send nothing."""
    importing = [
        str(file.relative_to(ROOT))
        for folder in ("service", "schemas", "deploy", "tests")
        for file in (ROOT / folder).rglob("*.py")
        if any(
            line.startswith(("import onnxruntime", "from onnxruntime"))
            for line in file.read_text().splitlines()
        )
    ]
    assert importing == ["service/inference.py"]
