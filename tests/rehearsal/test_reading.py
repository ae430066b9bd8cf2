"""Stories that cannot be played are refused before anything is made: file, line, what is wrong, what to write."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from secrel.rehearsal.moments import read_length, read_moment
from secrel.rehearsal.story import BEGINS, read_story
from secrel.words.errors import Misused
from tests.rehearsal.made import fix, happens, story, story_text

GOOD = """story: own
title: One fix
release:
  release: 2026-11
  kind: planned
  due: 2026-11-25T16:00:00+00:00
  products:
    - {product: gitlab, versions: [18.5.2, 18.4.4]}
fixes:
  - name: first
    title: A flaw
    affected: {since: "18.0"}
    cve: CVE-2026-1111
  - name: second
    title: Another flaw
events:
  - {at: 3 days before, happens: pipeline fails, fix: first}
  - at: 2 days before
    happens: due moves
    to: 2026-11-26T16:00:00+00:00
"""

BAD_TEXTS = [
    ("story: own\n", "sotry: own\n", 1, "sotry"),
    ("story: own\n", "story: ../own\n", 1, "folder"),
    ("name: second", "name: a second one", 14, "name has to be letters and digits"),
    ("name: second", "name: second..one", 14, "name has to be letters and digits"),
    ("name: second", "name: second.lock", 14, "name has to be letters and digits"),
    ("kind: planned", "kind: sometimes", 5, "kind"),
    ("+00:00\n  products", "\n  products", 6, "due"),
    ("{product: gitlab,", "{product: gitlabb,", 8, "gitlabb"),
    ("18.4.4]", "18.5.4]", 8, "series"),
    ("name: second", "name: first", 14, "the name 'first' stands twice"),
    ("title: Another flaw", "title: Another flaw\n    cve: CVE-2026-1111", 16, "the cve 'CVE-2026-1111' stands twice"),
    ("title: Another flaw", "title: Another flaw\n    vector: high", 16, "vector"),
    ("title: Another flaw", "title: Another flaw\n    cve: CVE-26-1", 16, "cve"),
    ("title: Another flaw", "title: Another flaw\n    product: gitlab-runner", 16, "gitlab-runner"),
    ("title: Another flaw", "title: Another flaw\n    arrives: soon", 16, "soon"),
    (
        "title: Another flaw",
        "title: Another flaw\n    arrives: 3 days before\n    ready: 4 days before",
        17,
        "before it",
    ),
    ("title: Another flaw", "title: Another flaw\n    range_given: perhaps", 16, "at once"),
    ("title: Another flaw", "title: Another flaw\n    cna_takes: long", 16, "long"),
    ('{since: "18.0"}', '{since: "18.9"}', 12, "later"),
    ("happens: pipeline fails", "happens: earthquake", 17, "earthquake"),
    ("fix: first}", "fix: third}", 17, "third"),
    (", fix: first}", "}", 17, "needs fix"),
    ("fix: first}", "fix: first, target: main}", 17, "main"),
    ("at: 3 days before", "at: 59 days before", 17, "before it arrives"),
    ("at: 3 days before", "at: 70 days before", 17, "started"),
    ("at: 2 days before", "at: 2 days after", 18, "past"),
    ("to: 2026-11-26T16:00:00+00:00", "to: 2026-11-26", 18, "moment"),
    ("title: One fix", "title: One fix\nprocess: own", 3, "own"),
]


@pytest.mark.parametrize(("old", "new", "line", "said"), BAD_TEXTS)
def test_a_bad_story_is_refused_with_its_line(old: str, new: str, line: int, said: str) -> None:
    assert old in GOOD
    with pytest.raises(Misused) as caught:
        read_story(GOOD.replace(old, new, 1), "own.yaml")
    fault = caught.value
    assert fault.where == f"own.yaml:{line}"
    assert said in f"{fault.what} {fault.remedy}"
    assert fault.remedy


def test_a_good_story_is_read() -> None:
    told = read_story(GOOD, "own.yaml")
    assert told.process.name == "gitlab"
    assert [f.ready - f.arrives for f in told.fixes] == [timedelta(days=5)] * 2
    assert told.starts == told.release.due - BEGINS
    assert told.dues == (told.release.due, told.release.due + timedelta(days=1))


SHIPPED = fix(2, affected=[{"since": "18.5", "fixed": "18.5.1"}], fixed_already=["18.5.1"])
BAD_EVENTS: list[tuple[dict[str, Any], str]] = [
    (happens("3 days before", "falls ill", who="nobody", days=2), "nobody"),
    (happens("3 days before", "falls ill", who="amara", days=-2), "less than one"),
    (happens("3 days before", "version bumped", product="gitlab-runner", old="18.5.2", new="18.5.3"), "gitlab-runner"),
    (happens("3 days before", "version bumped", product="gitlab", old="18.5.2", new="18.6.0"), "one series"),
    (happens("3 days before", "version bumped", product="gitlab", old="17.1.1", new="17.1.2"), "17.1"),
    (happens("3 days before", "version bumped", product="gitlab", old="latest", new="18.5.3"), "latest"),
    (happens("3 days before", "fix missing from tag", fix="fix-1", version="17.1.1"), "17.1.1"),
    (happens("3 days before", "fix reverted", fix="fix-1", target="17-1-stable-ee"), "17-1-stable-ee"),
    (happens("3 days before", "pipeline fails", fix="fix-2"), "shipped before"),
    (happens("3 days before", "exception signed", gate="no-gate", words="so"), "no-gate"),
    (happens("3 days before", "facts corrected", fix="fix-1", facts={"vector": "high"}), "vector"),
    (happens("3 days before", "facts corrected", fix="fix-1", facts={"cve": "CVE-2026-1"}), "CNA"),
    (happens("3 days before", "facts corrected", fix="fix-1", facts={"colour": "red"}), "colour"),
    (happens("1 day after", "fix taken out", fix="fix-1"), "after it"),
    (happens("1 day after", "version bumped", product="gitlab", old="18.5.2", new="18.5.3"), "after it"),
]


@pytest.mark.parametrize(("event", "said"), BAD_EVENTS)
def test_what_cannot_happen_is_refused(event: dict[str, Any], said: str) -> None:
    with pytest.raises(Misused, match=r"^made\.yaml:\d+: ") as caught:
        story([fix(1), SHIPPED], [event])
    assert said in f"{caught.value.what} {caught.value.remedy}"


def test_what_moves_later_lets_more_happen() -> None:
    events = [
        happens("1 day before", "due moves", to="3 days after"),
        happens("1 day after", "fix taken out", fix="fix-1"),
    ]
    assert len(story([fix(1)], events).events) == 2


def test_an_unplanned_release_is_called_by_its_first_fix() -> None:
    told = story([fix(1, arrives="4 days before")], kind="unplanned")
    assert told.starts == told.release.due - timedelta(days=4) + timedelta(hours=2)
    with pytest.raises(Misused, match="no fix arrives before"):
        story([fix(1, arrives="1 hour before")], kind="unplanned")


def test_a_fix_that_comes_near_the_deadline_is_ready_by_it_and_a_late_one_at_once() -> None:
    told = story([fix(1, arrives="5 days before"), fix(2, arrives="30 hours before")])
    assert [told.release.due - f.ready for f in told.fixes] == [timedelta(days=3), timedelta(hours=30)]


@pytest.mark.parametrize(
    "text",
    ["", "story: x", "[1, 2]", "a: &a 1\nb: *a", "story: {", "!!python/object:os.system x", "story: x\nstory: y"],
)
def test_what_is_no_story_is_refused(text: str) -> None:
    with pytest.raises(Misused, match=r"^x\.yaml"):
        read_story(text, "x.yaml")


def test_extras_are_checked_too() -> None:
    with pytest.raises(Misused, match=r"item 1 of cves: .*is not a CVE id"):
        story([fix(1)], dependencies=[{"name": "OpenSSL", "version": "3", "cves": ["CVE-1"]}])
    with pytest.raises(Misused, match=r"is not YAML|empty|story"):
        read_story(story_text([]).replace("{", "", 1), "x.yaml")


DUE = datetime(2026, 11, 25, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("40 days before", -timedelta(days=40)),
        ("1 hour before", -timedelta(hours=1)),
        ("10 minutes after", timedelta(minutes=10)),
        ("at due", timedelta()),
        ("2026-11-25T18:00:00+02:00", timedelta()),
    ],
)
def test_moments_are_said_as_people_say_them(text: str, length: timedelta) -> None:
    assert read_moment(text, DUE) - DUE == length


@pytest.mark.parametrize("text", ["", "soon", "2026-11-25", "2026-11-25T16:00:00", "-1 days before", "1 week before"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(Misused, match="is not a moment"):
        read_moment(text, DUE)


def test_lengths_are_read_or_refused() -> None:
    assert read_length("36 hours") == timedelta(hours=36)
    with pytest.raises(Misused, match="length"):
        read_length("a while")
