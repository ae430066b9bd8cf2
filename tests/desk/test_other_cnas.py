"""An id that another CNA assigns: they are asked for it, and told of the post, both by a person's word."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from secrel.desk.looking import look
from secrel.desk.sending import outgoing, say_sent
from secrel.evaluate.people import given_up
from secrel.evaluate.verdicts import Blocked, Judged, Passed, Waiting
from secrel.words.errors import Misused
from tests.desk.stage import DUE, NAME, NOTEBOOKS, PROCESS_TEXT, TOKENS, Stage

THEIRS = "Registry_M"
ASK, TELL = f"{NAME}/cve/ask/{NOTEBOOKS}", f"{NAME}/cve/tell/CVE-2026-7001"


def judged(stage: Stage, gate: str) -> Judged:
    return look(stage.desk(), NAME).assessment.by_name[gate]


def without_cna(stage: Stage) -> Stage:
    """The same vendor, who is no CNA; both of its fixes are another's to number."""
    (stage.folder / "process.toml").write_text(PROCESS_TEXT.replace("without = []", 'without = ["cna"]'), "utf-8")
    for fix in (NOTEBOOKS, TOKENS):
        stage.write(fix, {"assigned_by": THEIRS})
    return stage


def asking(stage: Stage) -> Stage:
    """A vendor who is no CNA, and everything quiet is done ten days before the day; the other id has come."""
    without_cna(stage).write(TOKENS, {"cve": "CVE-2026-7002"})
    stage.at = DUE - timedelta(days=10)
    stage.quiet()
    return stage


def letters(stage: Stage) -> list[Path]:
    """The messages to that CNA; what marks a newer text is none."""
    return [path for path in stage.files(f"messages/{THEIRS}") if ".keys" not in path.parts]


def test_a_vendor_with_a_cna_asks_and_tells_no_other(staged: Callable[[str], Stage]) -> None:
    stage = staged("begun")
    stage.write(NOTEBOOKS, {"assigned_by": THEIRS})
    stage.at = DUE - timedelta(days=10)
    stage.quiet()
    assert not letters(stage)
    assert isinstance(judged(stage, "cve-requested").verdict, Passed)
    waits = judged(stage, "cve-assigned").verdict
    assert isinstance(waits, Waiting)
    assert THEIRS in {one.who for one in waits.pending}
    stage.write(NOTEBOOKS, {"cve": "CVE-2026-7001"})
    stage.quiet()
    assert not letters(stage)


def test_another_cna_is_asked_before_anybody_waits_for_its_id(staged: Callable[[str], Stage]) -> None:
    stage = asking(staged("begun"))
    assert len(letters(stage)) == 1
    told = judged(stage, "cve-requested")
    assert isinstance(told.verdict, Waiting)
    assert (told.who, told.command) == ("amara", f"secrel outbox {NAME}")
    assert judged(stage, "cve-assigned").verdict == Waiting(("cve-requested",))
    say_sent(stage.desk(), NAME, ("messages",), "")
    assert isinstance(judged(stage, "cve-requested").verdict, Passed)
    waits = judged(stage, "cve-assigned").verdict
    assert isinstance(waits, Waiting)
    assert THEIRS in {one.who for one in waits.pending}


def test_the_question_has_what_a_cna_asks_for_and_not_where_a_finder_reported(staged: Callable[[str], Stage]) -> None:
    [letter] = letters(asking(staged("begun")))
    text = letter.read_text("utf-8")
    for said in (
        "Vendor: Larkspur Works",
        "Product: Larkspur",
        "Affected versions: >=1.0, <1.1.9; >=1.2, <1.2.3",
        "Fixed versions: 1.1.9 and 1.2.3",
        "Problem type: CWE-79: Cross-site Scripting",
        "CVSS: CVSS:3.1/AV:N",
        "Discoverer: finder-one",
        "Description: A notebook could run script",
        "November 25, 2026",
    ):
        assert said in text, text
    assert "reports.example" not in text
    assert "notebook" not in str(letter.name).lower().replace(NAME, ""), "a path has the key, and no title"


def test_facts_that_change_are_told_to_who_was_asked(staged: Callable[[str], Stage]) -> None:
    stage = asking(staged("begun"))
    stage.write(NOTEBOOKS, {"weakness": "CWE-80"})
    stage.quiet()
    [letter] = letters(stage)
    assert "CWE-80" in letter.read_text("utf-8")
    assert "takes the place" not in letter.read_text("utf-8"), "nobody has the first"
    say_sent(stage.desk(), NAME, (f"{ASK}/anew/1",), "")
    stage.write(NOTEBOOKS, {"weakness": "CWE-94"})
    verdict = judged(stage, "cve-requested").verdict
    assert isinstance(verdict, Blocked)
    assert "sent before the facts changed, and says otherwise now in its text" in verdict.findings[0].what
    stage.quiet()
    assert "takes the place of what was said before" in letter.read_text("utf-8")


def test_a_question_that_was_not_sent_is_not_to_be_sent_once_the_id_is_there(staged: Callable[[str], Stage]) -> None:
    stage = asking(staged("begun"))
    stage.write(NOTEBOOKS, {"cve": "CVE-2026-7001"})
    assert isinstance(judged(stage, "cve-requested").verdict, Passed)
    seen = look(stage.desk(), NAME)
    assert [one.key for one in given_up(seen.snapshot)] == [ASK]
    assert ASK not in {one.key for one in outgoing(stage.desk().journal.entries(NAME), seen)}
    with pytest.raises(Misused, match="is not to be sent any more"):
        say_sent(stage.desk(), NAME, (ASK,), "")


def test_another_cna_is_told_of_the_post_once_it_is_live_and_not_before(staged: Callable[[str], Stage]) -> None:
    stage = without_cna(staged("live"))
    stage.write(NOTEBOOKS, {"cve": "CVE-2026-7001"})
    stage.write(TOKENS, {"cve": "CVE-2026-7002"})
    assert not letters(stage)
    assert TELL in stage.approve("bjorn", only=("cve_records",))
    letter, other = sorted(letters(stage))
    assert "CVE-2026-7002" in other.read_text("utf-8")
    text = letter.read_text("utf-8")
    assert "CVE-2026-7001, which you assigned, is public" in text
    assert "https://www.larkspur/2026/11/25/" in text
    assert "reports.example" not in text
    waits = judged(stage, "cve-records-published").verdict
    assert isinstance(waits, Waiting)
    say_sent(stage.desk(), NAME, ("messages",), "")
    assert isinstance(judged(stage, "cve-records-published").verdict, Passed)
