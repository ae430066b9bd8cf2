"""Write the fault matrix of GitLab into its page, as it was run.

`python -m tests.adapters.gitlab.faulted.write_faults`
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.adapters.gitlab.faulted.matrix import read_table, run_all, run_reads, table
from tests.house.sources import DOCS

PAGE = DOCS / "faults-gitlab.md"
MARK = (
    "<!-- made by tests/adapters/gitlab/faulted/write_faults.py;"
    " every cell is run by tests/adapters/gitlab/faulted/test_matrix.py -->\n"
)


READS = """
## When a read goes wrong

Before a write and after it the desk reads. Each of these reads goes wrong here, of every effect, once or from then
on; what was sent is not sent again by that. A read is asked again when it was one too many, or the server or the
connection failed.

"""


def both(folder: Path) -> str:
    """Run all of both tables, with journals in an empty folder, and give them as the page has them."""
    return f"{table(run_all(folder))}{READS}{read_table(run_reads(folder))}"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        before = PAGE.read_text("utf-8").partition(MARK)[0]
        PAGE.write_text(f"{before}{MARK}\n{both(Path(place))}", "utf-8")
