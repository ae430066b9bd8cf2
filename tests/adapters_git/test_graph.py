from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from secrel.adapters.git.commit_graph import Unusable, read_commit_graph
from secrel.adapters.git.plumbing import complaint, opened
from secrel.adapters.git.repository import GitHistory
from secrel.adapters.git.walk import grown, locate
from secrel.ranges.containment import reach
from secrel.words.errors import Broken, Misused, NotSeen
from secrel.words.history.graph import Graph
from tests.adapters_git.repositories import git, made
from tests.ranges.histories import History, histories

OCTOPUS = [[], [0], [0], [0], [1, 2, 3], [], [4, 5]]


def edges(graph: Graph) -> dict[str, list[str]]:
    return {graph.hex(c): [graph.hex(p) for p in graph.parents_of(c)] for c in range(len(graph))}


def expected(ids: list[str], parents: list[list[int]]) -> dict[str, list[str]]:
    return {ids[commit]: [ids[parent] for parent in mine] for commit, mine in enumerate(parents)}


@pytest.fixture
def octopus(tmp_path: Path) -> tuple[Path, list[str]]:
    path = tmp_path / "octopus.git"
    return path, made(path, OCTOPUS, tags={"v1": 4}, branches={"main": 6})


def test_the_walk_and_the_commit_graph_file_give_the_same_graph(octopus: tuple[Path, list[str]]) -> None:
    path, ids = octopus
    walked = GitHistory(path).graph()
    git(path, "commit-graph", "write", "--reachable")
    read = GitHistory(path).graph()
    assert edges(walked) == edges(read) == expected(ids, OCTOPUS)
    for graph in (walked, read):
        child = np.repeat(np.arange(len(graph)), np.diff(graph.offsets))
        assert bool((graph.level[graph.parents] < graph.level[child]).all())
        assert [(ref.name, graph.hex(ref.commit)) for ref in graph.tags] == [("v1", ids[4])]
        assert [(ref.name, graph.hex(ref.commit)) for ref in graph.branches] == [("main", ids[6])]


def test_a_history_is_read_again_when_a_name_moved_and_only_then(octopus: tuple[Path, list[str]]) -> None:
    path, ids = octopus
    history = GitHistory(path)
    first = history.graph()
    facts = history.facts(first)
    assert history.graph() is first
    assert history.facts(first) is facts
    for words in (["update-ref", "refs/heads/main", ids[5]], ["tag", "v2", ids[5]], ["tag", "--delete", "v1"]):
        git(path, *words)
        graph = history.graph()
        assert graph is not first
        assert edges(graph) == edges(GitHistory(path).graph())
        assert graph.tags == GitHistory(path).graph().tags
        assert (history.facts(graph).date == GitHistory(path).facts(graph).date).all()
        first = graph


def test_what_this_copy_lacked_is_looked_for_again(octopus: tuple[Path, list[str]]) -> None:
    path, ids = octopus
    kept = path / "objects" / ids[6][:2]
    kept.rename(path / "away")
    history = GitHistory(path)
    assert history.diffs([ids[6], ids[5]]).keys() == {ids[5]}
    (path / "away").rename(kept)
    assert history.diffs([ids[6], ids[5]]).keys() == {ids[6], ids[5]}
    kept.rename(path / "away")
    assert history.diffs([ids[6]]).keys() == {ids[6]}, "a commit never changes"


def test_commits_made_after_the_file_was_written_are_added(octopus: tuple[Path, list[str]]) -> None:
    path, ids = octopus
    git(path, "commit-graph", "write", "--reachable")
    tree = git(path, "rev-parse", f"{ids[6]}^{{tree}}").strip()
    newer = list(ids)
    for parents in ([ids[6]], [ids[4]]):
        flags = [flag for parent in parents for flag in ("-p", parent)]
        who = ["-c", "user.name=E", "-c", "user.email=e@example.org"]
        newer.append(git(path, *who, "commit-tree", tree, *flags, "-m", f"newer {len(newer)}").strip())
    git(path, "update-ref", "refs/heads/main", newer[7])
    git(path, "tag", "v2", newer[8])
    git(path, "update-ref", "-d", "refs/tags/v1")  # so that what is told overlaps with what the file has
    assert edges(GitHistory(path).graph()) == expected(newer, [*OCTOPUS, [6], [4]])


def test_a_chain_of_commit_graph_files_is_read_as_one(octopus: tuple[Path, list[str]]) -> None:
    path, ids = octopus
    git(path, "update-ref", "refs/heads/main", ids[2])
    git(path, "update-ref", "-d", "refs/tags/v1")
    git(path, "commit-graph", "write", "--reachable", "--split=no-merge")
    git(path, "update-ref", "refs/heads/main", ids[6])
    git(path, "commit-graph", "write", "--reachable", "--split=no-merge")
    chain = path / "objects" / "info" / "commit-graphs"
    assert len((chain / "commit-graph-chain").read_text().split()) == 2
    graph = read_commit_graph(path / "objects")
    assert graph is not None
    assert edges(graph) == expected(ids, OCTOPUS)
    (chain / "commit-graph-chain").write_text("../../../etc/passwd\n")
    with pytest.raises(Unusable, match="list of files"):
        read_commit_graph(path / "objects")
    assert edges(GitHistory(path).graph()) == expected(ids, OCTOPUS)


def test_a_damaged_commit_graph_file_is_never_believed(octopus: tuple[Path, list[str]]) -> None:
    path, ids = octopus
    git(path, "commit-graph", "write", "--reachable")
    file = path / "objects" / "info" / "commit-graph"
    whole = file.read_bytes()
    file.chmod(0o644)
    for at in range(0, len(whole), 5):
        for damaged in (whole[:at], whole[:at] + bytes([whole[at] ^ 0x5A]) + whole[at + 1 :]):
            file.write_bytes(damaged)
            with pytest.raises(Unusable):
                read_commit_graph(path / "objects")
    graph = GitHistory(path).graph()
    assert edges(graph) == expected(ids, OCTOPUS)
    assert "the commit-graph file was not used" in graph.notes[0]


def signed(data: bytes) -> bytes:
    return data[:-20] + hashlib.sha1(data[:-20]).digest()


def test_a_commit_graph_file_that_lies_under_a_good_checksum_is_not_believed(octopus: tuple[Path, list[str]]) -> None:
    path, _ = octopus
    git(path, "commit-graph", "write", "--reachable")
    file = path / "objects" / "info" / "commit-graph"
    whole = file.read_bytes()
    file.chmod(0o644)
    refused = 0
    for at in range(4, len(whole) - 20):
        flip = (0x01, 0x80, 0xFF)[at % 3]
        file.write_bytes(signed(whole[:at] + bytes([whole[at] ^ flip]) + whole[at + 1 :]))
        try:
            graph = read_commit_graph(path / "objects")
        except Unusable:
            refused += 1
            continue
        assert graph is not None
        # whatever is still read is a graph: parents exist and are below their children
        child = np.repeat(np.arange(len(graph)), np.diff(graph.offsets))
        assert bool((graph.level[graph.parents] < graph.level[child]).all())
    assert refused > 50


@given(history=histories(most=10))
@settings(max_examples=15)
def test_real_repositories_agree_with_git_on_every_tag(
    history: History, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("random") / "x.git"
    ids = made(path, history.parents, tags=history.tags, branches=history.branches)
    if len(ids) % 2:
        git(path, "commit-graph", "write", "--reachable")
    source = GitHistory(path)
    graph = source.graph()
    probes = [graph.find(one) for one in ids if graph.starting_with(one, most=1)]
    found = reach(graph, probes, [tag.commit for tag in graph.tags])
    for probe in probes:
        holding = {tag.name for tag in graph.tags if found.contains(tag.commit, probe)}
        assert holding == source.containing(graph.hex(probe), without=[])


def test_a_shallow_copy_says_where_it_is_cut(tmp_path: Path) -> None:
    path, copy = tmp_path / "x.git", tmp_path / "shallow.git"
    ids = made(path, [[], [0], [1], [2], [], [3]], branches={"main": 5, "apart": 4})
    git(path, "commit-graph", "write", "--reachable")
    git(tmp_path, "clone", "--quiet", "--bare", "--depth=2", "--no-single-branch", f"file://{path}", str(copy))
    graph = GitHistory(copy).graph()
    assert {graph.hex(commit) for commit in graph.cut} == {ids[3]}  # and not the other root, below which nothing is
    assert set(edges(graph)) == {ids[3], ids[4], ids[5]}
    with pytest.raises(Misused, match="is not in this repository") as fault:
        graph.find(ids[0])
    assert "shallow" in fault.value.remedy


def test_tags_of_tags_are_peeled_and_what_stands_on_no_commit_is_told(octopus: tuple[Path, list[str]]) -> None:
    path, ids = octopus
    who = ["-c", "user.name=E", "-c", "user.email=e@example.org"]
    git(path, *who, "tag", "-a", "-m", "one", "one", ids[2])
    git(path, *who, "tag", "-a", "-m", "two", "two", "one")
    tree = git(path, "rev-parse", f"{ids[2]}^{{tree}}").strip()
    git(path, "tag", "tree", tree)
    git(path, *who, "tag", "-a", "-m", "deep", "deep-tree", tree)
    git(path, *who, "tag", "-a", "-m", "deeper", "deeper-tree", "deep-tree")
    git(path, "update-ref", "--no-deref", "HEAD", ids[3])
    graph = GitHistory(path).graph()
    tags = {ref.name: graph.hex(ref.commit) for ref in graph.tags}
    assert tags == {"one": ids[2], "two": ids[2], "v1": ids[4]}
    assert sorted(note.split()[0] for note in graph.notes) == [
        "refs/tags/deep-tree",
        "refs/tags/deeper-tree",
        "refs/tags/tree",
    ]
    assert {ref.name: graph.hex(ref.commit) for ref in graph.branches} == {"main": ids[6], "HEAD": ids[3]}


def test_a_broken_name_is_not_left_out_in_silence(octopus: tuple[Path, list[str]]) -> None:
    path, _ = octopus
    (path / "refs" / "tags" / "v9").write_text("garbage\n")
    assert any("git ignored a name" in note for note in GitHistory(path).graph().notes)


def test_a_mirror_adds_its_commits_and_its_names(tmp_path: Path) -> None:
    public, private = tmp_path / "public.git", tmp_path / "private.git"
    made(public, [[], [0]], tags={"v1": 0, "same": 1}, branches={"main": 1})
    ids = made(private, [[], [0], [1], [2]], tags={"v1": 0, "v2": 2, "same": 3}, branches={"security": 3})
    graph = GitHistory(public, (private,)).graph()
    assert set(ids) <= set(edges(graph))
    assert {ref.name for ref in graph.tags} == {"v1", "v2", "same"}
    assert {ref.name for ref in graph.branches} == {"main", "mirror/security"}
    assert graph.notes == ("tag same is another commit in the mirror; the repository's own is used",)
    facts = GitHistory(public, (private,)).facts(graph)
    assert facts.unread == ""


def test_a_missing_commit_is_never_a_shorter_history(tmp_path: Path) -> None:
    path = tmp_path / "x.git"
    ids = made(path, [[], [0], [1]], tags={"v1": 2}, branches={"main": 2})
    git(path, "-c", "gc.auto=0", "repack", "-q", "-a", "-d")
    pack = next((path / "objects" / "pack").glob("*.pack"))
    loose = tmp_path / "pack"
    shutil.move(pack, loose)
    for other in (path / "objects" / "pack").glob("*"):
        other.unlink()
    git(path, "unpack-objects", "-q", given=loose.read_bytes())
    (path / "objects" / ids[0][:2] / ids[0][2:]).unlink()
    with pytest.raises((NotSeen, Broken)):
        GitHistory(path).graph()


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        (b"a" * 40, Broken),
        (b"a" * 40 + b"\nb", Broken),
        (b"g" * 40 + b"\n", Broken),
        (b"a" * 40 + b" " + b"b" * 40 + b"\n", NotSeen),
    ],
)
def test_a_list_of_commits_that_is_cut_short_is_refused(told: bytes, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        grown(None, told, 20)


def test_ids_with_equal_beginnings_are_told_apart() -> None:
    ids = np.zeros((3, 20), dtype=np.uint8)
    ids[:, 19] = [1, 2, 3]
    wanted = np.zeros((2, 20), dtype=np.uint8)
    wanted[:, 19] = [3, 9]
    assert locate(ids, wanted).tolist() == [2, -1]
    assert locate(ids[:0], wanted).tolist() == [-1, -1]


def test_what_is_no_repository_or_an_empty_one_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(Misused, match="there is no repository here"):
        GitHistory(tmp_path / "nowhere").graph()
    (tmp_path / "folder").mkdir()
    with pytest.raises(Misused, match="this is no git repository"):
        GitHistory(tmp_path / "folder").graph()
    git(tmp_path, "init", "--quiet", "--bare", "empty.git")
    with pytest.raises(Misused, match="has no commits"):
        GitHistory(tmp_path / "empty.git").graph()


def test_a_checkout_and_a_linked_work_tree_are_repositories_too(tmp_path: Path) -> None:
    source = tmp_path / "x.git"
    ids = made(source, [[], [0]], branches={"main": 1})
    git(tmp_path, "clone", "--quiet", "--branch=main", str(source), "checkout")
    git(tmp_path / "checkout", "worktree", "add", "-q", "--detach", str(tmp_path / "linked"))
    for path in (tmp_path / "checkout", tmp_path / "linked"):
        assert set(edges(GitHistory(path).graph())) == set(ids)
    (tmp_path / "linked" / ".git").write_text("nonsense")
    with pytest.raises(Misused, match="names no repository"):
        GitHistory(tmp_path / "linked").graph()


def test_longer_object_names_are_read_as_well(tmp_path: Path) -> None:
    path = tmp_path / "sha256.git"
    git(tmp_path, "init", "--quiet", "--bare", "--object-format=sha256", str(path))
    tree = git(path, "hash-object", "-w", "-t", "tree", "--stdin").strip()
    who = ["-c", "user.name=E", "-c", "user.email=e@example.org"]
    one = git(path, *who, "commit-tree", tree, "-m", "one").strip()
    two = git(path, *who, "commit-tree", tree, "-p", one, "-m", f"two\n\n(cherry picked from commit {one})").strip()
    git(path, "update-ref", "refs/heads/main", two)
    graph = GitHistory(path).graph()
    assert edges(graph) == {one: [], two: [one]}
    assert GitHistory(path).facts(graph).named.tolist() == [graph.find(one)]
    git(path, "commit-graph", "write", "--reachable")
    assert edges(GitHistory(path).graph()) == {one: [], two: [one]}


def test_git_that_answers_for_a_part_only_is_not_believed(octopus: tuple[Path, list[str]]) -> None:
    path, ids = octopus
    with pytest.raises(Broken, match="answered for"):
        list(opened(path).objects([ids[0], f"{ids[1]}\n{ids[2]}"]))


def test_what_git_complains_of_becomes_an_error_with_a_remedy(tmp_path: Path) -> None:
    for said, kind in (
        (b"fatal: detected dubious ownership in repository", Misused),
        (b"fatal: missing blob object", NotSeen),
        (b"error: Could not read abc", NotSeen),
        (b"fatal: out of luck\x1b[31m", Broken),
    ):
        fault = complaint(tmp_path, "rev-list", said)
        assert isinstance(fault, kind)
        assert fault.remedy
        assert "\x1b" not in str(fault)


def test_a_corrupt_pack_is_an_error_and_not_a_shorter_history(tmp_path: Path) -> None:
    path = tmp_path / "x.git"
    made(path, [[], [0], [1], [2]], tags={"v1": 2}, branches={"main": 3})
    git(path, "-c", "gc.auto=0", "repack", "-q", "-a", "-d")
    pack = next((path / "objects" / "pack").glob("*.pack"))
    pack.chmod(0o644)
    data = bytearray(pack.read_bytes())
    data[14:-20] = bytes(len(data) - 34)
    pack.write_bytes(bytes(data))
    with pytest.raises((NotSeen, Broken)):
        GitHistory(path).graph()


def test_commits_that_stop_git_half_way_are_left_out_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "x.git"
    ids = made(path, [[], [0], [1]], branches={"main": 2})
    git(path, "commit-graph", "write", "--reachable")
    git(path, "-c", "gc.auto=0", "repack", "-q", "-a", "-d", "--depth=0")
    pack = next((path / "objects" / "pack").glob("*.pack"))
    places = {
        line.split()[0]: int(line.split()[-1]) for line in git(path, "verify-pack", "-v", str(pack)).splitlines()[:3]
    }
    pack.chmod(0o644)
    data = bytearray(pack.read_bytes())
    at = places[ids[1]]
    data[at + 4 : at + 12] = b"\xff" * 8
    pack.write_bytes(bytes(data))
    source = GitHistory(path)
    facts = source.facts(source.graph())
    assert facts.unread.startswith("1 commits could not be read")
    assert int((facts.author != 0).sum()) == 2


def test_an_unsplit_file_that_says_it_has_a_base_is_not_believed(octopus: tuple[Path, list[str]]) -> None:
    path, _ = octopus
    git(path, "commit-graph", "write", "--reachable")
    file = path / "objects" / "info" / "commit-graph"
    file.chmod(0o644)
    whole = bytearray(file.read_bytes())
    whole[7] = 1
    file.write_bytes(signed(bytes(whole)))
    with pytest.raises(Unusable, match="chain"):
        read_commit_graph(path / "objects")


@pytest.mark.parametrize("how", ["replaced", "grafted"])
def test_what_somebody_put_in_the_place_of_history_is_not_read(tmp_path: Path, how: str) -> None:
    """Git shows such a history to whoever works here; what was released is another one."""
    path = tmp_path / "app.git"
    ids = made(path, [[], [0], [1]], tags={"v1.0.0": 2})
    if how == "replaced":
        git(path, "replace", ids[2], ids[0])
    else:
        (path / "info").mkdir(exist_ok=True)
        (path / "info" / "grafts").write_text(f"{ids[2]}\n")
    graph = GitHistory(path).graph()
    place = {graph.hex(commit): commit for commit in range(len(graph))}
    assert [len(graph.parents_of(place[one])) for one in ids] == [0, 1, 1]
