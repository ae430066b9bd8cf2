"""How large the files may be that people write, in bytes: one bound for each kind, asked before a file is read.

Each is far more than any that is of use, and is read in a moment.
"""

from __future__ import annotations

SETTINGS = 200_000
TEAM = 200_000
PROCESS = 1_000_000
TEMPLATE = 1_000_000
RELEASE = 400_000
STORY = 400_000
SCHEDULE = 1_000_000
MAIL = 25_000_000
CASES = 64 << 20
