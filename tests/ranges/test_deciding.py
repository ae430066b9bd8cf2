from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from secrel.ranges.cases import Case, Change
from secrel.ranges.containment import reach
from secrel.ranges.naming.catalogue import Naming, catalogue
from secrel.ranges.prove import Ground
from secrel.ranges.results import Result
from tests.ranges.histories import History, histories, prove


def proved(history: History, origins: list[int], fixes: list[list[int]], *, links: bool = True) -> Result:
    graph = history.graph()
    case = Case(
        "case",
        tuple(Change(tuple(history.id(fix) for fix in part)) for part in fixes),
        tuple(Change((history.id(origin),)) for origin in origins),
    )
    versions = catalogue(graph.tags, Naming.parse("v"))
    return prove(Ground(graph, versions, history.facts() if links else None), [case])[0]


@given(history=histories(), data=st.data())
def test_one_walk_finds_what_a_search_from_every_commit_finds(history: History, data: st.DataObject) -> None:
    commits = st.integers(0, len(history.parents) - 1)
    probes = data.draw(st.lists(commits, max_size=6))
    at = data.draw(st.lists(commits, max_size=6))
    place = history.place
    found = reach(history.graph(), [place[p] for p in probes], [place[a] for a in at])
    for a in [*at, *probes]:
        below = history.below(a)
        for p in probes:
            assert found.contains(place[a], place[p]) == (p in below)
            assert found.below(place[p], place[a]) == (p in below and p != a)


@given(history=histories(), data=st.data())
def test_every_version_is_judged_as_the_definition_says(history: History, data: st.DataObject) -> None:
    # a merge is all that it brought to the program (test_links has it), and none of it to the definition
    commits = st.sampled_from([commit for commit, parents in enumerate(history.parents) if len(parents) < 2])
    origins = data.draw(st.lists(commits, max_size=2, unique=True))
    fixes = data.draw(st.lists(st.lists(commits, min_size=1, max_size=2), min_size=1, max_size=2))
    result = proved(history, origins, fixes)
    # parts that share a commit are one change to the program, and to the definition
    while len(fixes) == 2 and set(fixes[0]) & set(fixes[1]):
        fixes = [[*fixes[0], *fixes[1]]]
    expected = {tag for tag in history.tags if history.affected(tag, origins, fixes)}
    backwards = origins and any(
        all(fix != origin and fix in history.below(origin) for fix in part for origin in origins) for part in fixes
    )
    if backwards or any(set(part) & set(origins) for part in fixes):
        assert not result.proved
        assert not result.spans
    else:
        assert {f"v{version}" for version in result.affected} == expected
        assert {f"v{version}" for version in result.unknown} == {
            tag for tag in history.tags if history.begun_anew(tag, origins, fixes)
        }


@given(history=histories(), data=st.data())
def test_the_spans_say_of_every_version_what_the_list_says(history: History, data: st.DataObject) -> None:
    commits = st.integers(0, len(history.parents) - 1)
    result = proved(history, data.draw(st.lists(commits, max_size=2)), [[data.draw(commits)]])
    for version in result.versions if not result.unknown else ():
        assert any(version in span for span in result.spans) == (version in result.affected)
        mine = [series for series in result.series if version in series.series]
        assert any(version in span for series in mine for span in series.spans) == (version in result.affected)


def test_what_came_back_after_a_fix_is_affected_again() -> None:
    # X - B (fixes X) - C (brings it back) - Y (fixes it again)
    line = History([[], [0], [1], [2], [3]], {"v1.0.0": 1, "v1.1.0": 2, "v1.2.0": 3, "v1.3.0": 4})
    result = proved(line, [1, 3], [[2, 4]])
    assert [str(version) for version in result.affected] == ["1.0.0", "1.2.0"]


def test_a_reverted_fix_does_not_count_and_its_second_revert_makes_it_count_again() -> None:
    line = History(
        [[], [0], [1], [2], [3]], {"v1.0.0": 1, "v1.1.0": 2, "v1.2.0": 3, "v1.3.0": 4}, reverts={2: [3], 3: [4]}
    )
    result = proved(line, [1], [[2]])
    assert [str(version) for version in result.affected] == ["1.0.0", "1.2.0"]
    assert any("reverts" in finding for finding in result.findings)


def test_the_revert_of_an_origin_is_a_fix() -> None:
    line = History([[], [0], [1]], {"v1.0.0": 1, "v1.1.0": 2}, reverts={1: [2]})
    result = proved(line, [1], [[0]], links=True)
    assert not result.proved  # the fix named is older than the origin: nothing is said
    side = History([[], [0], [1], [0]], {"v1.0.0": 1, "v1.1.0": 2}, reverts={1: [2]})
    assert [str(version) for version in proved(side, [1], [[3]]).affected] == ["1.0.0"]


def test_a_merge_carries_the_fix_into_a_line_and_a_tag_off_every_branch_is_judged() -> None:
    # main has 0, the origin 1, then 2, the merge 4 of the fix 3, and 5; 6 stands on 3, and no branch leads to it
    forked = History(
        [[], [0], [1], [2], [2, 3], [4], [3]],
        {"v1.0.0": 2, "v1.1.0": 4, "v1.2.0": 5, "v1.0.1": 6},
        {"main": 5},
    )
    result = proved(forked, [1], [[3]])
    assert [str(version) for version in result.affected] == ["1.0.0"]
    assert [str(version) for version in result.fixed] == ["1.0.1", "1.1.0", "1.2.0"]


def test_where_a_shallow_copy_is_cut_what_is_not_contained_is_unseen() -> None:
    # 0 | 1 - 2(fix) - 3: the parents of 1 are not here; 4 - 5(origin) is a line of its own
    history = History([[], [0], [1], [2], [], [4]], {"v1.0.0": 1, "v1.1.0": 3, "v2.0.0": 5})
    graph = history.graph(cut=[1])
    case = Case("case", (Change((history.id(2),)),), (Change((history.id(5),)),))
    result = prove(Ground(graph, catalogue(graph.tags, Naming.parse("v"))), [case])[0]
    assert [str(version) for version in result.unknown] == ["1.0.0"]
    assert [str(version) for version in result.affected] == ["2.0.0"]
    assert not result.proved
    unknown = prove(Ground(graph, catalogue(graph.tags, Naming.parse("v"))), [Case("case", case.fixes)])[0]
    assert [str(version) for version in unknown.unknown] == ["1.0.0"]
    assert "1.1.0" not in [str(version) for version in unknown.affected]


def test_where_an_origin_stands_on_a_cut_line_nobody_knows_what_is_apart_from_it() -> None:
    # 0 | 1 - 2(origin) - 3(fix): the parents of 1 are not here; 4 - 5 is a line of its own, and all of it is here
    history = History([[], [0], [1], [2], [], [4]], {"v0.9.0": 5, "v1.1.0": 2, "v1.2.0": 3})
    case = Case("case", (Change((history.id(3),)),), (Change((history.id(2),)),))
    unseen = {}
    for cut in ([], [1]):
        graph = history.graph(cut=cut)
        result = prove(Ground(graph, catalogue(graph.tags, Naming.parse("v"))), [case])[0]
        unseen[bool(cut)] = [str(version) for version in result.unknown]
    assert unseen == {False: ["0.9.0"], True: ["1.1.0"]}
