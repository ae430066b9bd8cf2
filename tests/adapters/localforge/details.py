"""Details tables as people write them in a browser: any lines, whether or not a desk can read them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path


def write_lines(database: Path, ref: str, lines: Mapping[str, object]) -> None:
    """Write lines of the details table of an issue of the embedded forge; None takes one away."""
    with closing(sqlite3.connect(database)) as file, file:
        [(standing,)] = file.execute("SELECT facts FROM issues WHERE ref = ?", (ref,))
        table = {name: value for name, value in {**json.loads(standing), **lines}.items() if value is not None}
        file.execute("UPDATE issues SET facts = ? WHERE ref = ?", (json.dumps(table, ensure_ascii=False), ref))
