"""Every fix comes with the range of affected versions; whoever has not given one has been asked.

Rule: docs/process/gitlab/ranges-given.md
"""

from __future__ import annotations

from collections.abc import Iterator

from secrel.evaluate.looking import linked_fixes
from secrel.evaluate.verdicts import Evidence, Finding, Hidden, Pending, Question, Said
from secrel.snapshot.seen import Snapshot
from secrel.words.spans import sentence

PARAMS = ()


def check(snapshot: Snapshot, _question: Question) -> Iterator[Said]:
    """Look at the range of every advisory, and at whether it was asked for."""
    fixes = linked_fixes(snapshot)
    if isinstance(fixes, Hidden):
        yield fixes
        return
    for advisory in snapshot.contents.advisories:
        asked = snapshot.receipts.get(f"{snapshot.release.name}/ask/range/{advisory.fix}")
        if advisory.affected:
            yield Evidence(advisory.fix, sentence(advisory.affected))
        elif asked is not None:
            yield Pending(advisory.fix, f"the affected versions were asked for at {asked.at:%Y-%m-%d %H:%M %Z}")
        else:
            yield Finding(advisory.fix, "nobody has given the affected versions")
