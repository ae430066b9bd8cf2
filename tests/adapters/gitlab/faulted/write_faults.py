"""Write the fault matrix of GitLab into its page, as it was run.

`python -m tests.adapters.gitlab.faulted.write_faults`
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.adapters.gitlab.faulted.matrix import run_all, table
from tests.house.sources import DOCS

PAGE = DOCS / "faults-gitlab.md"
MARK = (
    "<!-- made by tests/adapters/gitlab/faulted/write_faults.py;"
    " every cell is run by tests/adapters/gitlab/faulted/test_matrix.py -->\n"
)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        before = PAGE.read_text("utf-8").partition(MARK)[0]
        PAGE.write_text(f"{before}{MARK}\n{table(run_all(Path(place)))}", "utf-8")
