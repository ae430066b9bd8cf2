"""`secrel affected`, with the door that opens repositories."""

from __future__ import annotations

from secrel.wiring import check_extra, open_history

check_extra()  # before what needs it is loaded: a light install says in one line what is missing
from secrel.cli.affected import affected_command  # noqa: E402

affected = affected_command(open_history)
"""The command, reading real repositories."""
