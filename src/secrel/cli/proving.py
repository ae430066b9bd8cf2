"""`secrel affected`, with the door that opens repositories."""

from __future__ import annotations

from secrel.wiring import check_extra, open_history

check_extra()
from secrel.cli.affected import affected_command  # noqa: E402 - it loads what only the extra brings

affected = affected_command(open_history)
"""The command, reading real repositories."""
