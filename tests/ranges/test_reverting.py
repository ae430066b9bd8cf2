"""What takes a change back, carried over equivalence: by id, by merge, by merge request, or only by its subject."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from secrel.ranges.cases import Case, Change
from secrel.ranges.kin.contents import LITTLE, NO_PATH, NOTHING_CHANGED, carries, takes_back
from secrel.ranges.kin.kinship import LookedInto, kin_of
from secrel.ranges.kin.links import Signal
from secrel.ranges.naming.catalogue import Naming, catalogue
from secrel.ranges.prove import Ground
from secrel.ranges.results import Result
from secrel.words.history.commits import Diff, Facts, Says
from secrel.words.history.messages import Message, read_commit
from tests.ranges.histories import History, histories, prove
from tests.ranges.test_links import FORK, with_requests

ONE = "1a" * 20
HEAD = b"tree x\nauthor A <a@example.org> 1700000000 +0000\ncommitter A <a@example.org> 1700000000 +0000\n\n"


def message(text: str) -> Message:
    found = read_commit(HEAD + text.encode())
    assert found is not None
    return found


def says(text: str) -> list[Says]:
    told = (*message(text).names, *message(text).requests)
    return [how for how, _ in told if how is not Says.TAKES_BACK]


@pytest.mark.parametrize(
    "text",
    [
        f'Revert "A change"\n\nThis reverts commit {ONE}.',
        f"Revert \"Merge branch 'x'\"\n\nThis reverts commit {ONE}, reversing\nchanges made to {'2b' * 20}.",
        f"Revert commit {ONE[:9]}",
        f"Revert {ONE}: it broke the build",
        f"Back to the old way\n\nReverts: {ONE}",
        f"Backed out changeset {ONE[:12]} (bug 1234567)",
        f'A change\n\nThis reverts commit {ONE[:10]} ("A change", 2026-01-02).',
        f"A change\n\nThis also reverts commit\n{ONE}.",
        f"Undo https://git.example/a/b/commit/{ONE}",
        "Revert a change\n\nThis reverts commit 1234567.",
    ],
)
def test_reverts_are_read_in_the_forms_that_git_and_forges_write(text: str) -> None:
    aside = (Says.SEEMS_TO_REVERT, Says.GOES_BACK_TO)
    told = [(how, name) for how, name in message(text).names if how not in aside]
    assert [how for how, _ in told] == [Says.REVERTS]
    assert ONE.startswith(told[0][1]) or told[0][1] == "1234567"


@pytest.mark.parametrize(
    "text",
    [
        "Revert \"Merge branch 'x' into 'main'\"\n\nThis reverts merge request !7",
        "Revert x\n\nReverts group/app#7",
        "Revert !7",
        "x\n\nReverts https://git.example/group/app/-/merge_requests/7",
        "x\n\nThis reverts pull request #7",
    ],
)
def test_reverts_of_merge_requests_are_read_by_their_number(text: str) -> None:
    assert set(says(text)) - {Says.SEEMS_TO_REVERT} == {Says.REVERTS_REQUEST}


@pytest.mark.parametrize(
    "text",
    [
        f"Partially reverts commit {ONE}",
        f"x\n\nThis partially reverts commit {ONE}",
        f"x\n\nNeeded after the revert of {ONE[:12]}",
        f"x\n\n> This reverts commit {ONE}.",
        f"x\n\nUse later: This reverts commit {ONE}.",
        f"x\n\nIf it fails, this reverts commit {ONE}.",
        f"x\n\nThis reverts commit {ONE}, only the third call.",
        f"x\n\nThis reverts commit {ONE} but keeps the check.",
        'Revert "Check the length of names"',
        "revert: check the length of names",
        "Revert 'Check the length of names'",
        'Revert "Check the length of names" (#12)',
        "Revert of Check the length of names (patchset #1 id:1 of https://review.example/1)",
        "Revert r1234: Check the length of names",
        'Back out "Check the length of names"',
        "Undo: Check the length of names",
        f"revert: let us never again\n\nRefs: {ONE[:9]}",
    ],
)
def test_what_only_looks_like_a_revert_is_told_apart(text: str) -> None:
    assert set(says(text)) - {Says.SQUASHES} == {Says.SEEMS_TO_REVERT}


def test_a_subject_that_is_taken_back_is_found_in_every_form() -> None:
    wanted = (Says.SEEMS_TO_REVERT, message("Check names").subject)
    listed = "Revert submission 12-topic\n\nReverted Changes:\nI1a2b3c4d:Check names\nI1a2b3c4e:Look at it"
    forms = ('Revert "Check names" (#12)', "Revert of Check names (patchset #1)", "revert: Check names", listed)
    for form in (*forms, 'Revert "Check names (#7)" (#12)\n\nReverts group/app#7', "Roll back r12: Check names."):
        assert wanted in message(form).requests


def test_what_a_message_takes_back_is_not_what_it_was_picked_from() -> None:
    told = message(f'Revert "A"\n\nThis reverts commit {"2b" * 6} which is\ncommit {ONE} upstream.').names
    assert told == ((Says.REVERTS, "2b" * 6), (Says.REVERTS, ONE))
    named = message(f'Revert "A"\n\nThis reverts commit {ONE}.\n\nFixes: {ONE}').names
    assert named == ((Says.FIXES, ONE), (Says.REVERTS, ONE))
    # the same commit, in full and shortened: by messages it is its own pick
    both = judged(SERIES.facts([(3, Says.UPSTREAM, 2), (3, Says.REVERTS, 2)]), SERIES)
    assert [str(version) for version in both.affected] == ["1.0", "1.0.1", "1.0.2", "1.0.3", "2.1", "2.2"]


def test_what_is_taken_back_and_linked_in_a_circle_comes_to_an_end() -> None:
    rows = [(3, Says.REVERTS, 2), (3, Says.PICKED, 1), (2, Says.PICKED, 1), (4, Says.REVERTS, 3), (4, Says.PICKED, 2)]
    assert judged(FORK.facts(rows), origin=0).name == "case"


@pytest.mark.parametrize("fix", [2, 4])
def test_the_revert_of_a_revert_is_the_change_again(fix: int) -> None:
    """Whoever names what brought a fix back means the fix: what had it before it was taken back is fixed, too."""
    told = [(3, Says.REVERTS, 2), (4, Says.REVERTS, 3)]
    assert [str(version) for version in judged(SERIES.facts(told), SERIES, fix=fix).fixed] == ["2.0", "2.2"]


def test_a_subject_with_a_word_for_reverting_is_looked_into_whatever_else_it_says() -> None:
    rows = [(3, Says.TAKES_BACK, "!1"), (4, Says.TAKES_BACK, "!1"), (7, Says.TAKES_BACK, "!1")]
    facts = with_requests(FORK.facts([(4, Says.REVERTS, 1)]), rows)
    graph = FORK.graph()

    def told(other: Diff | None, nearby: Iterable[int] = ()) -> tuple[Mapping[int, Any], Mapping[int, Any]]:
        seen = LookedInto(contents={2: made, 3: other}, nearby=frozenset(nearby), looking=True)
        kin = kin_of(graph, facts if not nearby else FORK.facts(), [2], seen)
        return kin.reverts, kin.seeming

    made = Diff(frozenset("a"), 1, frozenset(range(0, 20, 2)))
    assert kin_of(graph, facts, [2], LookedInto(looking=True)).wanted == {2, 3}
    assert kin_of(graph, facts, [2]).wanted == frozenset()
    whole, half = frozenset(range(1, 31, 2)), frozenset(range(1, 10, 2))
    assert told(Diff(frozenset("a"), 2, whole)) == ({2: (3,)}, {})
    assert told(Diff(frozenset("a"), 2, half)) == ({}, {2: (3,)})
    assert told(Diff(frozenset("a"), 2, frozenset(range(1, 8, 2)))) == ({}, {})
    assert told(Diff(frozenset("a"), 2, made.lines)) == ({}, {})
    assert told(Diff(frozenset("b"), 2, whole)) == ({}, {})
    assert told(Diff(frozenset("a"), 0, frozenset())) == ({}, {})
    assert told(None) == ({}, {})
    # one that a search found may as well have written anew what it removes
    assert told(Diff(frozenset("a"), 2, whole), [3]) == ({}, {2: (3,)})


@pytest.mark.parametrize("text", ["x\n\nThis is not undone", "x\n\nbacks 1234567 out", "Route traffic to 7"])
def test_other_words_take_nothing_back(text: str) -> None:
    assert says(text) == []


def test_a_squashed_merge_request_is_known_by_the_end_of_its_subject() -> None:
    assert set(says("Check names (#12) (#7)")) == {Says.SQUASHES}
    assert message("Check names (#12) (#7)").requests == message("Look (#7)").requests


def judged(facts: Facts, history: History = FORK, *, fix: int = 2, origin: int = 1) -> Result:
    graph = history.graph()
    case = Case("case", (Change((history.id(fix),)),), (Change((history.id(origin),)),))
    return prove(Ground(graph, catalogue(graph.tags, Naming.parse("v")), facts), [case])[0]


# main: 0, origin 1, fix 2, revert 3, 4; the series forked at 1: pick 5, pick of the revert 6, revert of that 7
SERIES = History(
    [[], [0], [1], [2], [3], [1], [5], [6]],
    {"v2.0": 2, "v2.1": 3, "v2.2": 4, "v1.0": 1, "v1.0.1": 5, "v1.0.2": 6, "v1.0.3": 7},
)


def test_a_pick_of_a_revert_undoes_the_pick_of_what_was_reverted() -> None:
    told = [(5, Says.PICKED, 2), (3, Says.REVERTS, 2), (6, Says.PICKED, 3)]
    assert [str(v) for v in judged(SERIES.facts(told), SERIES).affected] == ["1.0", "1.0.2", "1.0.3", "2.1", "2.2"]
    again = [*told, (7, Says.REVERTS, 6)]
    assert [str(v) for v in judged(SERIES.facts(again), SERIES).affected] == ["1.0", "1.0.2", "2.1", "2.2"]


@given(history=histories(), data=st.data())
def test_no_equivalent_counts_in_what_holds_an_equivalent_of_its_revert(history: History, data: st.DataObject) -> None:
    history = History([parents[:1] for parents in history.parents], history.tags, order=history.order)
    count = len(history.parents)
    commits = st.integers(0, count - 1)
    fix, origin, revert = data.draw(commits), data.draw(commits), data.draw(commits)
    picks = data.draw(st.lists(commits, max_size=2, unique=True))
    undoing = data.draw(st.lists(commits, max_size=2, unique=True))
    if {fix, *picks} & {revert, *undoing, origin} or origin in {revert, *undoing}:
        return
    rows = [(by, Says.PICKED, fix) for by in picks if by != fix]
    rows += [(revert, Says.REVERTS, data.draw(st.sampled_from([fix, *picks])))]
    rows += [(by, Says.PICKED, revert) for by in undoing if by != revert]
    result = judged(history.facts(rows), history, fix=fix, origin=origin)
    fixes, reverts = {fix, *picks}, {revert, *undoing}
    for version in result.fixed:
        held = history.below(history.tags[f"v{version}"])
        assert any(
            one in held and not any(one != by and by in held and one in history.below(by) for by in reverts)
            for one in fixes
        )


# main: 0, origin 1, 2, merge 4 of 3, revert 5
MERGED = History([[], [0], [1], [1], [2, 3], [4]], {"v1.0": 2, "v1.1": 4, "v1.2": 5})


@pytest.mark.parametrize("fix", [3, 4])
def test_the_revert_of_a_merge_takes_back_what_it_brought(fix: int) -> None:
    by_id = MERGED.facts([(5, Says.REVERTS, 4)])
    rows = [(4, Says.MERGES, "!7"), (5, Says.REVERTS_REQUEST, "!7")]
    for facts in (by_id, with_requests(MERGED.facts(), rows)):
        assert [str(version) for version in judged(facts, MERGED, fix=fix).affected] == ["1.0", "1.2"]
        assert [str(version) for version in judged(facts, MERGED, fix=2).affected] == []


def test_the_revert_of_a_squashed_request_takes_its_commit_back() -> None:
    rows = [(2, Says.SQUASHES, "!7"), (3, Says.REVERTS_REQUEST, "!7"), (4, Says.SQUASHES, "!8")]
    result = judged(with_requests(FORK.facts(), rows))
    assert [str(version) for version in result.affected] == ["2.0"]
    assert result.reverts == (FORK.id(3),)


def test_what_only_looks_like_a_revert_is_in_doubt_where_it_would_change_the_answer() -> None:
    partly = judged(FORK.facts([(3, Says.SEEMS_TO_REVERT, 2)]))
    facts = FORK.facts(subject={2: 3}, words={2: 5})
    quoting = Facts(
        **{name: getattr(facts, name) for name in Facts.__struct_fields__ if not name.startswith("asked")},
        asked_by=np.array([3], dtype=np.int32),
        asked_how=np.array([Says.SEEMS_TO_REVERT], dtype=np.uint8),
        asked=facts.subject[2:3],
    )
    for result in (partly, judged(quoting)):
        assert not result.proved
        assert [str(version) for version in result.fixed] == ["2.0"]
        [part] = [part for part in result.unseen if part.what.startswith("commit")]
        assert f"looks like a revert of {FORK.id(2)[:12]}" in part.reason
        assert f"--origin {FORK.id(3)[:12]}" in part.remedy
        assert [str(version) for version in part.versions] == ["2.0"]
    elsewhere = judged(FORK.facts([(7, Says.SEEMS_TO_REVERT, 2)]))
    assert not [part for part in elsewhere.unseen if part.what.startswith("commit")]


def diff(paths: str, patch: int, first: int, lines: int) -> Diff:
    return Diff(frozenset(paths.split()), patch, frozenset(range(first, first + lines)))


def links(facts: Facts, contents: Mapping[int, Diff | None]) -> tuple[dict[int, Signal], dict[int, str]]:
    kin = kin_of(FORK.graph(), facts, [2], LookedInto(contents=contents, looking=True))
    return {one.commit: one.signal for one in kin.links[2]}, {one.commit: one.remark for one in kin.proposals[2]}


def test_links_by_messages_are_held_to_contents() -> None:
    text = FORK.facts(text={2: 9, 6: 9}, words={2: 5, 6: 5}, subject={2: 4, 6: 4})
    same = FORK.facts(same={2: 9, 6: 9})
    apart, moved = {2: diff("a", 1, 0, 6), 6: diff("b", 2, 9, 6)}, {2: diff("a", 1, 0, 6), 6: diff("b", 2, 0, 6)}
    here, line = {2: diff("a", 1, 0, 6), 6: diff("a", 2, 9, 6)}, {2: diff("a", 1, 0, 6), 6: diff("a", 2, 5, 6)}
    assert links(text, line)[0] == {6: Signal.TEXT}
    assert links(text, here) == ({}, {6: "no line in common; shared paths"})
    assert links(FORK.facts(text={2: 9, 6: 9}), here) == ({}, {6: "no line in common; shared paths"})
    assert links(same, here)[0] == {6: Signal.SAME}
    assert links(text, apart) == ({}, {6: "no path in common"})
    assert links(FORK.facts(text={2: 9, 6: 9}), apart) == ({}, {})  # a subject of no words tells nothing
    assert links(same, moved)[0] == {6: Signal.SAME}
    assert links(same, apart) == ({}, {6: "no path in common"})
    assert links(text, {2: diff("a", 1, 0, 6), 6: None})[0] == {6: Signal.TEXT}
    nothing = diff("", 0, 0, 0)
    assert links(text, {2: diff("a", 1, 0, 6), 6: nothing}) == (
        {},
        {6: "one of them changes nothing; no path in common"},
    )
    assert links(text, {2: nothing, 6: nothing})[0] == {6: Signal.TEXT}


def test_one_author_and_second_and_the_same_lines_are_one_change_whatever_the_message_says() -> None:
    facts = FORK.facts(author={2: 5, 6: 5}, date={2: 77, 6: 77})
    assert links(facts, {}) == ({}, {})
    assert kin_of(FORK.graph(), facts, [2]).wanted == {2, 6}
    assert links(facts, {2: diff("a", 1, 0, 6), 6: diff("a", 2, 0, 7)})[0] == {6: Signal.WHEN}
    assert links(facts, {2: diff("a", 1, 0, 6), 6: diff("a", 2, 9, 6)}) == ({}, {})


def test_what_one_author_did_on_one_day_counts_when_it_is_the_same_patch() -> None:
    facts = FORK.facts(author={2: 5, 6: 5, 8: 5, 7: 4}, date={2: 0, 6: 80_000, 8: 90_000_000, 7: 10})
    kin = kin_of(FORK.graph(), facts, [2], LookedInto(looking=True))
    assert kin.wanted == {2, 6}
    assert not kin.sure
    assert not kin.proposals[2]

    def told(other: Diff) -> tuple[list[Signal], list[Signal]]:
        contents = {2: diff("a", 1, 0, 6), 6: other}
        found = kin_of(FORK.graph(), facts, [2], LookedInto(contents=contents, looking=True))
        return [one.signal for one in found.sure], [one.signal for one in found.proposals[2]]

    assert told(diff("a", 1, 0, 6)) == ([Signal.PATCH], [Signal.PATCH])
    assert told(diff("a", 2, 0, 7)) == ([Signal.LINES], [Signal.LINES])
    assert told(diff("a", 2, 3, 6)) == ([], [])
    assert told(diff("b", 2, 9, 6)) == ([], [])
    assert kin_of(FORK.graph(), facts, [2]).wanted == frozenset()


@pytest.mark.parametrize(
    ("undoing", "most", "expected"),
    [
        (diff("a", 2, 1, 0), True, False),  # the same file, and none of its lines
        (diff("a", 2, 1, 0), False, True),
        (Diff(frozenset("a"), 2, frozenset({1, 3, 5})), True, True),
        (Diff(frozenset("a"), 2, frozenset({1, 3})), True, False),
        (Diff(frozenset("b"), 2, frozenset({1, 3, 5})), False, False),
        (Diff(frozenset("b"), 2, frozenset({1, 3, 5, 7, 9})), True, True),  # the file has another name by then
        (Diff(frozenset(), 0, frozenset()), False, False),
    ],
)
def test_a_revert_in_words_is_borne_out_by_contents(undoing: Diff, *, most: bool, expected: bool) -> None:
    assert takes_back(Diff(frozenset("a"), 1, frozenset(range(0, 12, 2))), undoing, most=most) is expected


def test_what_has_no_lines_is_held_to_its_files() -> None:
    binary = Diff(frozenset("a"), 1, frozenset())
    assert takes_back(binary, binary, most=True)
    assert not takes_back(binary, diff("b", 1, 0, 4), most=True)
    assert takes_back(Diff(frozenset(), 0, frozenset()), binary, most=True)


@pytest.mark.parametrize(
    ("pick", "again", "named", "expected"),
    [
        (diff("a b", 2, 0, 12), False, True, ""),
        (diff("a b", 2, 20, 3), False, True, ""),  # adapted: lines of its own
        (diff("a b", 2, 20, 3), True, True, LITTLE),
        (diff("a b", 2, 0, 3), False, True, LITTLE),
        (diff("a b", 2, 0, 3), False, False, ""),
        (diff("a", 2, 0, 3), False, True, ""),  # a file that is not there is left out
        (diff("c", 2, 0, 12), False, True, ""),
        (diff("c", 2, 20, 3), False, True, NO_PATH),
        (diff("", 0, 0, 0), False, True, NOTHING_CHANGED),
    ],
)
def test_a_pick_is_borne_out_by_contents(pick: Diff, *, again: bool, named: bool, expected: str) -> None:
    assert carries(pick, diff("a b", 1, 0, 12), again=again, named=named) == expected
    assert carries(diff("", 0, 0, 0), diff("", 0, 0, 0), again=again) == ""


def test_whose_revert_makes_versions_safe_is_held_to_lines() -> None:
    """A revert that touches the same file and leaves the lines alone takes a fix back, and no origin."""
    facts = FORK.facts([(3, Says.REVERTS, 2), (4, Says.REVERTS, 3)])
    words = {2: diff("a", 1, 0, 6), 3: diff("a", 2, 20, 2), 4: diff("a", 3, 30, 2)}
    back = kin_of(FORK.graph(), facts, [2], LookedInto(contents=words, looking=True))
    assert (back.reverts, back.seeming) == ({2: (3,)}, {3: (4,)})
    origin = kin_of(FORK.graph(), facts, [2], LookedInto(contents=words, looking=True), frozenset({2}))
    assert (origin.reverts, origin.seeming) == ({}, {2: (3,)})


def test_a_revert_on_a_series_may_take_back_what_was_adapted_there() -> None:
    facts = FORK.facts([(6, Says.PICKED, 2), (7, Says.REVERTS, 2)])
    adapted = Diff(frozenset("a"), 2, frozenset(range(40, 52, 2)))
    undone = Diff(frozenset("a"), 3, frozenset(range(41, 53, 2)))
    contents = {2: diff("a", 1, 0, 6), 6: adapted, 7: undone}
    kin = kin_of(FORK.graph(), facts, [2], LookedInto(contents=contents, looking=True), frozenset({2}))
    assert kin.reverts[2] == (7,)
