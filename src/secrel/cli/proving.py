"""`secrel affected`, with the door that opens repositories."""

from __future__ import annotations

from secrel.cli.affected import affected_command
from secrel.wiring import open_history

affected = affected_command(open_history)
"""The command, reading real repositories."""
