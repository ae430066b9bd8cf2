from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from secrel.ranges.cases import Case, Change
from secrel.ranges.kin.contents import alike
from secrel.ranges.kin.kinship import LookedInto, kin_of
from secrel.ranges.kin.links import DISPUTED, CommitLink, Signal
from secrel.ranges.kin.names import among
from secrel.ranges.kin.similar import by_contents, certain, similar_first
from secrel.ranges.naming.catalogue import Naming, catalogue
from secrel.ranges.prove import Ground
from secrel.ranges.results import Result
from secrel.words.history.commits import Diff, Facts, Says
from secrel.words.history.requests import request_keys
from tests.ranges.histories import History, histories, prove

# main 0 - 1 - 2 - 3 - 4 ; stable 0 - 5 - 6 - 7 ; other 1 - 8
FORK = History([[], [0], [1], [2], [3], [0], [5], [6], [1]], {"v2.0": 4, "v1.0": 7}, {"main": 4, "stable": 7, "x": 8})
DAY = 86_400


def linked(facts: Facts, seed: int, history: History = FORK) -> dict[int, Signal]:
    kin = kin_of(history.graph(), facts, [history.place[seed]])
    back = {place: commit for commit, place in enumerate(history.place)}
    return {back[link.commit]: link.signal for link in kin.links[history.place[seed]]}


def proposed(facts: Facts, seed: int) -> dict[int, Signal]:
    kin = kin_of(FORK.graph(), facts, [seed])
    return {link.commit: link.signal for link in kin.proposals[seed]}


def test_trailers_link_both_ways_and_siblings_of_one_original() -> None:
    facts = FORK.facts([(6, Says.PICKED, 2), (8, Says.UPSTREAM, 2)])
    assert linked(facts, 2) == {6: Signal.TRAILER, 8: Signal.TRAILER}
    assert linked(facts, 6) == {2: Signal.TRAILER, 8: Signal.TRAILER}
    assert linked(facts, 8) == {2: Signal.TRAILER, 6: Signal.TRAILER}
    assert linked(facts, 3) == {}


def test_siblings_of_an_original_that_is_elsewhere_are_linked() -> None:
    facts = FORK.facts([(6, Says.PICKED, 2), (8, Says.PICKED, 2)])
    facts.named[:] = -1
    assert linked(facts, 6) == {8: Signal.TRAILER}


@given(history=histories(), data=st.data())
def test_trailers_are_followed_to_the_end_and_no_further(history: History, data: st.DataObject) -> None:
    history = History(
        [parents[:1] for parents in history.parents], order=history.order
    )  # merges are links of their own
    commits = st.integers(0, len(history.parents) - 1)
    picks = data.draw(st.lists(st.tuples(commits, commits), max_size=6))
    seed = data.draw(commits)
    facts = history.facts([(by, Says.PICKED, named) for by, named in picks])
    of = {commit: {named for by, named in picks if by == commit != named} for commit in range(len(history.parents))}

    def next_to(commit: int) -> set[int]:
        """Its picks, and what it was picked from with other picks of that; but of several changes, it is none."""
        several = any(({one} | of[one]).isdisjoint({other} | of[other]) for one, other in combinations(of[commit], 2))
        return {by for by in of if commit in of[by] or (of[by] & of[commit] and not several)}.union(
            () if several else of[commit]
        )

    expected, grown = {seed}, True
    while grown:
        more = {other for commit in expected for other in next_to(commit)}
        grown = not more <= expected
        expected |= more
    assert set(linked(facts, seed, history)) == expected - {seed}


def test_the_same_author_date_and_subject_link_lines_that_do_not_descend_from_each_other() -> None:
    assert linked(FORK.facts(same={2: 7, 6: 7}), 2) == {6: Signal.SAME}


def test_they_are_a_proposal_only_where_one_line_has_several() -> None:
    facts = FORK.facts(same={2: 7, 6: 7, 7: 7})
    assert linked(facts, 2) == {}
    assert proposed(facts, 2) == {6: Signal.SAME, 7: Signal.SAME}


def test_a_change_made_again_after_its_revert_is_the_same_change() -> None:
    again = History(FORK.parents, FORK.tags, FORK.branches, reverts={2: [3]})
    facts = again.facts(same={2: 7, 4: 7, 6: 7})
    assert linked(facts, 2, again) == {4: Signal.SAME, 6: Signal.SAME}


def test_a_trailer_that_the_rest_of_both_messages_denies_is_a_proposal() -> None:
    # 6 was picked from 2; its second trailer slipped by a line and names 8, which was picked from 4
    says = [(6, Says.PICKED, 2), (6, Says.PICKED, 8), (8, Says.PICKED, 4)]
    keys = {"author": {2: 1, 6: 1, 8: 1}, "date": {2: 5, 6: 5, 8: 9}, "subject": {2: 3, 6: 3, 8: 4}}
    slipped = FORK.facts(says, **keys)
    assert linked(slipped, 6) == {2: Signal.TRAILER}
    assert linked(slipped, 8) == {4: Signal.TRAILER}
    assert proposed(slipped, 6)[8] is Signal.TRAILER
    assert [link.remark for link in kin_of(FORK.graph(), slipped, [6]).proposals[6] if link.commit == 8] == [DISPUTED]
    agreeing = FORK.facts(says, **{**keys, "date": {2: 5, 6: 5, 8: 5}})
    assert linked(agreeing, 6) == dict.fromkeys((2, 4, 8), Signal.TRAILER)


def test_a_pick_of_several_changes_is_each_of_them_and_none_of_them_is_it() -> None:
    facts = FORK.facts([(6, Says.PICKED, 2), (6, Says.PICKED, 8)], author={2: 1, 6: 1, 8: 2}, date={2: 5, 6: 5, 8: 9})
    assert linked(facts, 2) == linked(facts, 8) == {6: Signal.TRAILER}
    assert linked(facts, 6) == {}
    assert proposed(facts, 6) == {2: Signal.TRAILER, 8: Signal.TRAILER}


def test_contents_that_are_one_patch_link_lines_apart_and_are_followed() -> None:
    graph, facts = FORK.graph(), FORK.facts([(8, Says.PICKED, 6)])

    def with_seen(*seen: CommitLink, seed: int) -> dict[int, Signal]:
        return {link.commit: link.signal for link in kin_of(graph, facts, [seed], LookedInto(seen)).links[seed]}

    assert with_seen(CommitLink(6, 2, Signal.PATCH), seed=2) == {6: Signal.PATCH, 8: Signal.TRAILER}
    assert with_seen(CommitLink(6, 2, Signal.LINES), seed=8) == {6: Signal.TRAILER, 2: Signal.LINES}
    assert with_seen(CommitLink(4, 2, Signal.PATCH), seed=2) == {}


def test_the_same_subject_and_opening_link_within_a_season() -> None:
    near = FORK.facts(text={2: 9, 6: 9}, date={2: 0, 6: 100 * DAY})
    assert linked(near, 2) == {6: Signal.TEXT}
    far = FORK.facts(text={2: 9, 6: 9}, date={2: 0, 6: 200 * DAY})
    assert linked(far, 2) == {}
    assert proposed(far, 2) == {6: Signal.TEXT}


def test_a_message_that_a_line_repeats_links_nothing() -> None:
    assert linked(FORK.facts(text={2: 9, 4: 9, 6: 9}), 2) == {}


def test_a_key_that_very_many_share_says_nothing() -> None:
    wide = History([[]] + [[0]] * 70, {"v1.0": 1})
    facts = wide.facts(same=dict.fromkeys(range(1, 71), 5))
    assert linked(facts, 1, wide) == {}


def test_an_equal_subject_is_a_proposal_when_it_says_something_and_is_near() -> None:
    words = {2: 4, 6: 4}
    assert proposed(FORK.facts(subject={2: 3, 6: 3}, words=words, date={6: 300 * DAY}), 2) == {6: Signal.SUBJECT}
    assert proposed(FORK.facts(subject={2: 3, 6: 3}, words=words, date={6: 500 * DAY}), 2) == {}
    assert proposed(FORK.facts(subject={2: 3, 6: 3}, words={2: 2, 6: 2}), 2) == {}
    assert proposed(FORK.facts(subject={2: 3, 4: 3}, words={2: 4, 4: 4}), 2) == {}


def test_the_same_report_is_a_proposal_unless_the_commit_is_anothers_backport() -> None:
    facts = FORK.facts([(7, Says.PICKED, 3)], same={8: 5, 4: 5})
    rows = [(2, Says.ABOUT, "#99"), (6, Says.ABOUT, "#99"), (7, Says.ABOUT, "#99"), (8, Says.ABOUT, "#99")]
    assert proposed(with_requests(facts, rows), 2) == {6: Signal.REPORT}
    many = [(2, Says.ABOUT, "#99"), *((6, Says.ABOUT, "#99") for _ in range(12))]
    assert proposed(with_requests(FORK.facts(), many), 2) == {}


def test_a_merge_of_one_commit_is_that_commit_and_a_merge_of_more_is_not() -> None:
    # 0 - 1 ---- 3(merge 2) - 6(merge 5)    2 off 0; 4 - 5 off 0
    merges = History([[], [0], [0], [1, 2], [0], [4], [3, 5]], {"v1.0": 6})
    facts = merges.facts()
    assert linked(facts, 3, merges) == {2: Signal.MERGE}
    assert linked(facts, 6, merges) == {}
    picked = History([*merges.parents, [1]], merges.tags)
    assert linked(picked.facts([(7, Says.PICKED, 3)]), 2, picked) == {3: Signal.MERGE, 7: Signal.TRAILER}


def test_a_merge_of_several_commits_is_fixed_where_all_of_them_are_picked() -> None:
    # main: 0, merge 3 of 1 and 2; stable: 4 and 5 are the picks of 1 and 2
    merges = History([[], [0], [1], [0, 2], [0], [4]], {"v2.0": 3, "v1.0": 4, "v1.1": 5})
    facts = merges.facts(same={1: 7, 4: 7, 2: 8, 5: 8})
    graph = merges.graph()
    asked = Case("case", (Change((merges.id(3),)),))
    result = prove(Ground(graph, catalogue(graph.tags, Naming.parse("v")), facts), [asked])[0]
    assert [str(version) for version in result.fixed] == ["1.1", "2.0"]
    proofs = [proof.says for one in result.series for proof in one.proofs]
    assert "1.0 has 1 of the 2 parts of the fix" in proofs
    whole = merges.facts([(4, Says.PICKED, 3)])
    picked = prove(Ground(graph, catalogue(graph.tags, Naming.parse("v")), whole), [asked])[0]
    assert [str(version) for version in picked.fixed] == ["1.0", "1.1", "2.0"]


def test_a_merge_of_very_many_commits_is_only_itself() -> None:
    long = History([[], *([number] for number in range(420)), [0, 420]], {"v1.0": 421, "v0.9": 420})
    graph = long.graph()
    asked = Case("case", (Change((long.id(421),)),))
    result = prove(Ground(graph, catalogue(graph.tags, Naming.parse("v")), long.facts()), [asked])[0]
    assert [str(version) for version in result.fixed] == ["1.0"]
    assert result.fixes == (long.id(421),)


def with_requests(facts: Facts, rows: list[tuple[int, Says, str]]) -> Facts:
    told = [(by, how, key) for by, how, text in rows for key in request_keys(text)]
    return Facts(
        **{
            name: getattr(facts, name)
            for name in Facts.__struct_fields__
            if not name.startswith("asked") and name != "unread"
        },
        asked_by=np.array([by for by, _, _ in told], dtype=np.int32),
        asked_how=np.array([how for _, how, _ in told], dtype=np.uint8),
        asked=np.array([key for _, _, key in told], dtype=np.uint64),
    )


def test_a_commit_that_says_it_is_a_backport_of_a_merge_request_is_linked_to_what_that_merged() -> None:
    facts = with_requests(FORK.facts(), [(2, Says.MERGES, "a/b!7"), (6, Says.FROM_REQUEST, "a/b!7")])
    assert linked(facts, 2) == {6: Signal.REQUEST}
    assert linked(facts, 3) == {}
    rows = [(2, Says.MERGES, "!7"), (3, Says.MERGES, "!7"), (6, Says.FROM_REQUEST, "!7")]
    several = with_requests(FORK.facts(subject={2: 1, 3: 2}), rows)
    assert linked(several, 2) == {}
    assert proposed(several, 2) == {6: Signal.REQUEST}


def test_what_came_in_with_the_revert_of_a_fix_is_proposed_in_its_place() -> None:
    again = History(FORK.parents, FORK.tags, FORK.branches, reverts={2: [3]})
    facts = with_requests(again.facts(), [(3, Says.MERGES, "!9"), (4, Says.MERGES, "!9"), (7, Says.MERGES, "!8")])
    kin = kin_of(again.graph(), facts, [2])
    assert [(link.commit, link.signal, link.remark) for link in kin.proposals[2]] == [
        (4, Signal.REQUEST, "it came in with the revert of that")
    ]


def judged(facts: Facts, *requests: str, history: History = FORK) -> Result:
    graph = history.graph()
    asked = Case("case", (Change(requests=requests),))
    return prove(Ground(graph, catalogue(graph.tags, Naming.parse("v")), facts), [asked])[0]


def test_a_merge_request_is_found_by_what_its_merge_says() -> None:
    facts = with_requests(FORK.facts(), [(2, Says.MERGES, "a/b!7"), (6, Says.MERGES, "a/b!8")])
    assert [str(version) for version in judged(facts, "a/b!7").affected] == ["1.0"]
    assert [str(version) for version in judged(facts, "https://git.example/a/b/-/merge_requests/8").affected] == ["2.0"]
    missing = judged(facts, "a/b!9")
    assert "no commit says that it merges" in missing.unseen[0].reason


def test_a_merge_request_with_a_merge_commit_is_that_commit() -> None:
    merges = History([[], [0], [0], [1, 2]], {"v1.0": 2, "v2.0": 3})
    facts = with_requests(merges.facts(), [(2, Says.MERGES, "!7"), (3, Says.MERGES, "!7")])
    result = judged(facts, "!7", history=merges)
    assert merges.id(3) in result.fixes


def test_changes_that_turn_out_to_be_one_are_joined() -> None:
    facts = FORK.facts([(6, Says.PICKED, 2)])
    graph = FORK.graph()
    asked = Case("case", (Change((FORK.id(2),)), Change((FORK.id(6),)), Change((FORK.id(4),))))
    result = prove(Ground(graph, catalogue(graph.tags, Naming.parse("v")), facts), [asked])[0]
    assert [str(version) for version in result.fixed] == ["2.0"]


def test_an_origin_that_the_fix_names_is_proposed_when_nobody_names_one() -> None:
    facts = FORK.facts([(2, Says.FIXES, 1)])
    graph = FORK.graph()
    ground = Ground(graph, catalogue(graph.tags, Naming.parse("v")), facts)
    unknown, known = prove(
        ground,
        [Case("a", (Change((FORK.id(2),)),)), Case("b", (Change((FORK.id(2),)),), (Change((FORK.id(1),)),))],
    )
    assert unknown.proposed_origins == (FORK.id(1),)
    assert known.proposed_origins == ()


def test_origins_have_backports_too_and_each_line_its_own_start() -> None:
    # main: origin 1, fix 3; stable got the origin as 6 and has no fix
    facts = FORK.facts([(6, Says.PICKED, 1)])
    graph = FORK.graph()
    asked = Case("case", (Change((FORK.id(3),)),), (Change((FORK.id(1),)),))
    result = prove(Ground(graph, catalogue(graph.tags, Naming.parse("v")), facts), [asked])[0]
    assert [str(version) for version in result.affected] == ["1.0"]
    proofs = [proof.says for one in result.series for proof in one.proofs]
    assert any("by trailer" in says for says in proofs)


def diff(paths: str, patch: int, lines: int) -> Diff:
    return Diff(frozenset(paths.split()), patch, frozenset(range(lines)))


def test_proposals_are_ordered_by_how_alike_they_are_and_the_unlikely_left_out() -> None:
    subjects = dict.fromkeys(range(9), 3)
    flat = History([[]] * 9, {"v1.0": 0})
    facts = flat.facts(subject=subjects, words=dict.fromkeys(range(9), 5))
    graph = flat.graph()
    asked = Case("case", (Change((flat.id(0),)),))
    result = prove(Ground(graph, catalogue(graph.tags, Naming.parse("v")), facts), [asked])[0]
    assert sorted(kin_of(graph, facts, [0]).wanted) == list(range(9))
    diffs: dict[int, Diff | None] = {
        8: None,
        0: diff("a b", 1, 10),
        1: diff("z", 2, 0),
        2: diff("a", 3, 0),
        3: diff("a", 4, 9),
        4: diff("z", 1, 10),
        5: diff("a", 9, 1),
    }
    found = similar_first(result.proposals, diffs)
    assert [(link.commit, link.signal) for link in found][:4] == [
        (4, Signal.PATCH),
        (3, Signal.LINES),
        (2, Signal.SUBJECT),
        (5, Signal.SUBJECT),
    ]
    assert {link.commit for link in found} == {2, 3, 4, 5, 6, 7, 8}
    assert found[-1].remark == "contents not seen"


def test_a_strong_signal_that_did_not_hold_stays_proposed_though_no_path_is_shared() -> None:
    kin = kin_of(FORK.graph(), FORK.facts(same={2: 7, 6: 7, 7: 7}), [2])
    found = similar_first(kin.proposals[2], {2: diff("a", 1, 3), 6: diff("b", 2, 3), 7: diff("a", 3, 0)})
    assert [link.commit for link in found] == [7, 6]
    assert found[-1].remark == "several such commits stand on one line, or it is long ago; no path in common"


def test_changes_are_alike_by_the_smaller_one_or_by_all_of_both() -> None:
    assert alike(diff("a", 1, 10), Diff(frozenset("a"), 2, frozenset(range(4, 20))))
    assert not alike(diff("a", 1, 10), Diff(frozenset("a"), 2, frozenset(range(9, 30))))
    assert not alike(diff("a", 1, 1), diff("a", 2, 1))


def test_contents_alone_propose_the_same_patch_first_and_then_the_same_lines() -> None:
    named = {0: diff("a", 1, 10), 1: diff("b", 0, 0)}
    others = {2: diff("a", 2, 9), 3: diff("z", 1, 10), 4: diff("z", 5, 10), 5: diff("b", 0, 0), 0: diff("a", 1, 10)}
    assert [(link.commit, link.like, link.signal) for link in by_contents(named, others)] == [
        (3, 0, Signal.PATCH),
        (2, 0, Signal.LINES),
    ]


def test_what_the_message_made_likely_and_the_contents_show_counts() -> None:
    diffs = {
        0: diff("a", 1, 10),
        1: diff("a", 1, 10),
        2: Diff(frozenset("a"), 2, frozenset(range(9))),
        3: Diff(frozenset("b"), 2, frozenset(range(10))),
        4: diff("a", 7, 1),
        5: diff("a", 7, 1),
        6: diff("a", 8, 2),
        7: diff("a", 8, 2),
        8: Diff(frozenset("a"), 9, frozenset(range(7))),
    }

    def found(commit: int, like: int, signal: Signal, *, one_author: bool = False) -> list[tuple[Signal, bool, str]]:
        asked = [CommitLink(commit, like, signal, strong=False, remark="said")]
        return [(link.signal, link.strong, link.remark) for link in certain(asked, diffs, lambda _: one_author)]

    assert found(1, 0, Signal.SUBJECT) == [(Signal.PATCH, True, "and subject")]
    assert found(1, 0, Signal.REPORT) == [(Signal.PATCH, True, "and the same report")]
    assert found(1, 0, Signal.PATCH) == [(Signal.PATCH, True, "said")]
    assert found(2, 0, Signal.SUBJECT) == [(Signal.LINES, True, "and subject")]
    assert found(2, 0, Signal.REPORT) == []  # nearly the same lines need the subject
    assert found(3, 0, Signal.SUBJECT) == []  # no path in common
    assert found(5, 4, Signal.SUBJECT) == []  # one line is too little
    assert found(7, 6, Signal.SUBJECT) == [(Signal.PATCH, True, "and subject")]
    assert found(7, 6, Signal.PATCH) == []  # without a message it takes more
    assert found(1, 0, Signal.SAME) == [(Signal.PATCH, True, "and author, date and subject")]
    assert found(8, 0, Signal.SUBJECT) == []  # mostly the same lines, of two authors
    assert found(8, 0, Signal.SUBJECT, one_author=True) == [(Signal.LINES, True, "and subject")]
    assert found(1, 0, Signal.DAY) == [(Signal.PATCH, True, "said")]
    assert found(2, 0, Signal.DAY) == [(Signal.LINES, True, "and author and day")]
    assert found(9, 0, Signal.SUBJECT) == []  # contents not seen


@given(st.lists(st.integers(0, 9)), st.lists(st.integers(0, 9)))
def test_rows_with_one_of_some_keys_are_those_that_numpy_finds(column: list[int], keys: list[int]) -> None:
    rows, wanted = (np.array(one, dtype=np.uint64) for one in (column, keys))
    assert among(rows, wanted).tolist() == np.isin(rows, wanted).tolist()
