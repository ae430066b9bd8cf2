"""Where the shared data lies, beside the checkout."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "affected-versions"


def read(name: str) -> Any:
    """Read one project's cases, or skip the test."""
    path = DATA / name
    if not path.is_file():
        pytest.skip(f"shared data absent: {name}")
    return json.loads(path.read_text("utf-8"))


def history(folder: Path, name: str) -> Path:
    """Unpack one project's commits into a folder, or skip the test."""
    packed = DATA / f"{name}-history.tar.xz"
    if not packed.is_file():
        pytest.skip(f"shared data absent: {packed.name}")
    with tarfile.open(packed) as archive:
        archive.extractall(folder, filter="data")
    return folder / f"{name}.git"
