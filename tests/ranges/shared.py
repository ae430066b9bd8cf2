"""Where the shared data lies, beside the checkout."""

from __future__ import annotations

import json
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
