"""Stories of all kinds that nobody prepared for: each ends right, or says honestly what is open, and none crashes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from secrel.evaluate.verdicts import Blocked
from secrel.rehearsal.playing import Played, play
from secrel.rehearsal.story import Story
from secrel.rehearsal.summary import summary
from tests.rehearsal.made import VECTOR, fix, happens, story
from tests.rehearsal.small import few_looks

pytestmark = pytest.mark.long

S1 = {"labels": ["severity::1"], "arrives": "5 days before", "ready": "3 days before", "cna_takes": "6 hours"}
TWO = [
    {"product": "gitlab", "versions": ["18.5.2", "18.4.4", "18.3.6"]},
    {"product": "gitlab-runner", "versions": ["18.5.1", "18.4.1"]},
]
FIVE = ["18.5.2", "18.4.4", "18.3.5", "18.2.9", "17.11.8"]
HOSTILE = "Ошибка в 名前 <script>alert(1)</script> | `tick` **b** \"q\" 'a' {{ x }}"
RANK = "# Heading\n\n---\n/close @all <img src=x onerror=y> | a | b |\n\n{{ x }} {% y %}"
NAMES = [{"name": "Zoë Ångström 李四 محمد"}, {"name": "![x](http://e)", "source": "customer"}]
V4 = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"

RIGHT: dict[str, Callable[[], Story]] = {
    "one version, in the generic process": lambda: story(
        [fix(1, affected={"since": "18.5"})], versions=["18.5.2"], process="generic", form="generic"
    ),
    "two products, five series between them": lambda: story([fix(1), fix(2, product="gitlab-runner")], products=TWO),
    "five series, a fix that is new in the newest": lambda: story(
        [fix(1, affected={"since": "18.5"}), fix(2, affected={"since": "all"})], versions=FIVE, form="2026"
    ),
    "hostile texts, and names in any script": lambda: story(
        [
            fix(1, title=HOSTILE, credits=NAMES),
            fix(2, description=RANK),
            fix(3, title="The same"),
            fix(4, title="The same"),
        ]
    ),
    "CVSS 4.0, no vector, no id, an id that nobody foretold": lambda: story(
        [fix(1, vector=V4), fix(2, vector=None, cve=None, no_cve="ours alone"), fix(3, cve=None)]
    ),
    "dependency updates beside fixes, kept confidential, ninety days": lambda: story(
        [fix(1, labels=["keep confidential"]), fix(2)],
        disclosure_days=90,
        dependencies=[{"name": "OpenSSL", "version": "3.0.1", "cves": ["CVE-2026-7777"]}],
    ),
    "a night in spring": lambda: story([fix(1)], due="2026-03-29T02:30:00+01:00"),
    "the first half hour of a year, far in the east": lambda: story([fix(1)], due="2027-01-01T00:30:00+13:00"),
    "Easter Monday": lambda: story([fix(1)], due="2027-03-29T16:00:00+01:00"),
    "called two days before": lambda: story(
        [fix(1, **{**S1, "arrives": "2 days before", "ready": "1 day before"})], kind="unplanned"
    ),
    "called three hours before": lambda: story(
        [fix(1, **{**S1, "arrives": "3 hours before", "ready": "2 hours before", "cna_takes": "10 minutes"})],
        kind="unplanned",
    ),
    "called without a label": lambda: story([fix(1, **{**S1, "labels": []})], kind="unplanned", form="2026"),
    "due moves forth and back": lambda: story(
        [fix(1)],
        [
            happens("5 days before", "due moves", to="2 days after"),
            happens("3 days before", "due moves", to="18 hours after"),
        ],
    ),
    "due moves to an earlier day": lambda: story([fix(1)], [happens("9 days before", "due moves", to="2 days before")]),
    "the Primary falls ill on the day itself": lambda: story(
        [fix(1)], [happens("3 hours before", "falls ill", who="primary", days=5)]
    ),
    "both fall ill, one after another, on a weekend": lambda: story(
        [fix(1)],
        [
            happens("4 days before", "falls ill", who="secondary", days=9),
            happens("3 days before", "falls ill", who="primary", days=9),
        ],
    ),
    "much happens in the very moment in which it starts": lambda: story(
        [fix(1)],
        [
            happens("60 days before", "falls ill", who="secondary", days=70),
            happens("60 days before", "due moves", to="18 hours after"),
            happens("60 days before", "version bumped", product="gitlab", old="18.5.2", new="18.5.3"),
        ],
    ),
    "taken out before the draft": lambda: story(
        [fix(1), fix(2)], [happens("20 days before", "fix taken out", fix="fix-2")]
    ),
    "taken out before it is ready": lambda: story(
        [fix(1), fix(2)], [happens("34 days before", "fix taken out", fix="fix-2")]
    ),
    "taken out after the tags, which are made again without it": lambda: story(
        [fix(1), fix(2)], [happens("1 hour before", "fix taken out", fix="fix-2")]
    ),
    "taken out, and put back": lambda: story(
        [fix(1), fix(3)],
        [
            happens("9 days before", "fix taken out", fix="fix-3"),
            happens("7 days before", "fix put back", fix="fix-3"),
        ],
    ),
    "taken out after the merge, and put back": lambda: story(
        [fix(1, **S1), fix(2, **S1)],
        [
            happens("20 hours before", "fix taken out", fix="fix-2"),
            happens("10 hours before", "fix put back", fix="fix-2"),
        ],
        kind="unplanned",
    ),
    "a pipeline fails when all is merged": lambda: story(
        [fix(1)], [happens("5 hours before", "pipeline fails", fix="fix-1", target="master")]
    ),
    "a version is bumped twice, with ranges that were typed": lambda: story(
        [fix(1, affected=[{"since": "18.5", "fixed": "18.5.2"}])],
        [
            happens("3 hours before", "version bumped", product="gitlab", old="18.5.2", new="18.5.3"),
            happens("1 hour before", "version bumped", product="gitlab", old="18.5.3", new="18.5.4"),
        ],
    ),
    "the test mail is garbled twice, and critical": lambda: story(
        [fix(1, vector=VECTOR.replace("PR:L/UI:R", "PR:N/UI:N"))],
        [
            happens("3 days before", "test mail garbled", find="Critical ", put=""),
            happens("3 days before", "test mail garbled", find="18.5.2", put="18.5.1"),
        ],
    ),
    "two tags lack a fix each": lambda: story(
        [fix(1), fix(2)],
        [
            happens("3 hours before", "fix missing from tag", fix="fix-1", version="18.4.4"),
            happens("3 hours before", "fix missing from tag", fix="fix-2", version="18.5.2"),
        ],
    ),
    "the draft is edited well and badly": lambda: story(
        [fix(1)],
        [
            happens("45 hours before", "draft edited", find="Somebody could", put="Anybody could"),
            happens("45 hours before", "draft edited", find="CVE-2026-1001", put="CVE-2026-9999"),
        ],
    ),
    "sixteen fixes too many": lambda: story(
        [
            fix(1),
            *(fix(n, arrives="30 hours before", cna_takes="1 hour") for n in range(2, 10)),
            *(fix(n, affected=None) for n in range(10, 18)),
        ]
    ),
    "the CNA gives an id days after the announcement": lambda: story(
        [fix(1), fix(2, arrives="5 days before", ready="3 days before", cna_takes="9 days")]
    ),
    "the CNA takes a week, and one range is never given": lambda: story(
        [fix(1, cna_takes="7 days"), fix(2, range_given="never")]
    ),
}
"""Stories that end right, with everything announced that could be."""

NOTHING: dict[str, Callable[[], Story]] = {
    "no fix at all": lambda: story([]),
    "everything came late": lambda: story([fix(1, arrives="20 hours before")]),
    "everything was taken out": lambda: story([fix(1)], [happens("3 days before", "fix taken out", fix="fix-1")]),
}
"""Stories in which nothing is announced, and the release is closed all the same."""

OPEN: dict[str, tuple[str, Callable[[], Story]]] = {
    "nobody ever gives the range of the only fix": (
        "ranges-given",
        lambda: story([fix(1, **S1, range_given="never")], kind="unplanned"),
    ),
    "a release is called for what is not grave": (
        "severity-one",
        lambda: story([fix(1, **{**S1, "labels": []}, vector=VECTOR.replace("C:H/I:H", "C:L/I:N"))], kind="unplanned"),
    ),
}
"""Stories that cannot end right: the gate that says why, and what the world did meanwhile."""


def played(told: Story, folder: Path) -> Played:
    return play(told, folder / "rehearsal", looks=few_looks)


@pytest.mark.parametrize("name", RIGHT)
def test_it_ends_right(name: str, tmp_path: Path) -> None:
    ended = played(RIGHT[name](), tmp_path)
    assert ended.wrongs == ()
    assert ended.last is not None
    assert ended.last.look.snapshot.announced_at is not None
    assert len(ended.presses) <= 10


@pytest.mark.parametrize("name", NOTHING)
def test_nothing_is_announced(name: str, tmp_path: Path) -> None:
    ended = played(NOTHING[name](), tmp_path)
    assert ended.wrongs == ()
    assert ended.last is not None
    assert ended.last.look.snapshot.announced_at is None
    assert not ended.last.look.assessment.blocked
    assert not list(ended.stage.settings.outbox.rglob("*.eml"))


@pytest.mark.parametrize("name", OPEN)
def test_it_says_what_is_open(name: str, tmp_path: Path) -> None:
    gate, told = OPEN[name]
    ended = played(told(), tmp_path)
    assert {"announced"} <= {wrong.rule for wrong in ended.wrongs} <= {"announced", "left out"}
    assert ended.last is not None
    judged = ended.last.look.assessment.by_name[gate]
    assert isinstance(judged.verdict, Blocked)
    assert f"- **{judged.gate.title}** (" in summary(ended, 1.0).partition("## Still open")[2]
    assert not list(ended.stage.settings.outbox.rglob("*.eml"))


def test_when_nobody_is_left_it_waits_and_says_so(tmp_path: Path) -> None:
    ill = [
        happens("6 days before", "falls ill", who=who, days=20) for who in ("bjorn", "chidi", "dewi", "elif", "farid")
    ]
    ended = played(story([fix(1)], ill), tmp_path)
    assert {wrong.rule for wrong in ended.wrongs} == {"announced", "people"}
    assert any("nobody can take the place" in refused.what for refused in ended.refused)
