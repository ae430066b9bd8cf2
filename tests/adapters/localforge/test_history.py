"""Reading git: what the walks say is what git itself says, on any history."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import NamedTuple

import pygit2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from secrel.adapters.localforge.repository.history import CLOCK_SLACK, RepositoryReader
from secrel.adapters.localforge.repository.sights import Sights
from secrel.answers import leave, take
from secrel.words.errors import NotSeen
from secrel.words.forge import State

DAY = 24 * 3600
BEGIN = 1_700_000_000

NODES = st.lists(
    st.tuples(
        st.lists(st.integers(1, 6), min_size=1, max_size=3, unique=True),  # how far back its parents are
        st.integers(-10 * DAY, 10 * DAY),  # how wrong its committer's clock is
        st.dictionaries(st.sampled_from("abc"), st.sampled_from("xyz"), max_size=2),  # what it writes
    ),
    min_size=1,
    max_size=11,
)


def grown(folder: str, nodes: list[tuple[list[int], int, dict[str, str]]]) -> tuple[pygit2.Repository, list[str]]:
    """Make a history: merges, criss-crosses, wrong clocks."""
    repository = pygit2.init_repository(folder, bare=True)
    commits: list[pygit2.Oid] = []
    trees: list[dict[str, str]] = []
    for number, (backs, wrong, files) in enumerate([([1], 0, {"a": "0"}), *nodes]):
        parents = list(dict.fromkeys(max(number - back, 0) for back in backs)) if number else []
        content = {**(trees[parents[0]] if parents else {}), **files}
        builder = repository.TreeBuilder()
        for name, text in content.items():
            builder.insert(name, repository.create_blob(f"{text}\n".encode()), pygit2.enums.FileMode.BLOB)
        who = pygit2.Signature("a", "a@example.com", BEGIN + number * DAY + wrong, 0)
        commits.append(
            repository.create_commit(None, who, who, str(number), builder.write(), [commits[p] for p in parents])
        )
        trees.append(content)
    return repository, [str(commit) for commit in commits]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(NODES, st.sampled_from([0, BEGIN - 2 * CLOCK_SLACK]))
def test_contents_carriers_forks_and_conflicts_are_what_git_says(
    nodes: list[tuple[list[int], int, dict[str, str]]], since: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        repository, commits = grown(folder, nodes)
        history = RepositoryReader(Path(folder), "app")
        for tip in commits:
            carried = history.carried(tip, since)
            inside = {commit for commit in commits if commit == tip or repository.descendant_of(tip, commit)}
            assert set(carried) == inside
            chain = first_parents(history, tip)
            for commit in inside:
                holding = [one for one in chain if one == commit or repository.descendant_of(one, commit)]
                assert carried[commit] == holding[-1]
            for head in set(commits) - inside:
                fork = history.fork(tip, head, carried, since)
                base = fork[0]
                assert base == str(repository.merge_base(tip, head)) or is_best(repository, tip, head, base)
                says = repository.merge_commits(tip, head).conflicts is not None
                assert history.conflicts(tip, head, fork) == says


def is_best(repository: pygit2.Repository, tip: str, head: str, base: str) -> bool:
    """Whether a commit is in both sides, and not one that another common commit already holds."""
    ancestors = [{str(found.id) for found in repository.walk(side)} for side in (tip, head)]
    common = ancestors[0] & ancestors[1]
    return base in common and not any(repository.descendant_of(other, base) for other in common - {base})


def first_parents(history: RepositoryReader, tip: str) -> list[str]:
    chain = [tip]
    while parents := history.parents_of(chain[-1]):
        chain.append(parents[0])
    return chain


def test_a_walk_goes_no_further_back_than_it_has_to() -> None:
    with tempfile.TemporaryDirectory() as folder:
        repository = pygit2.init_repository(folder, bare=True)
        tree = repository.TreeBuilder().write()
        commits: list[pygit2.Oid] = []
        for number in range(400):
            who = pygit2.Signature("a", "a@example.com", BEGIN + number * DAY, 0)
            commits.append(repository.create_commit(None, who, who, str(number), tree, commits[-1:]))
        history = RepositoryReader(Path(folder), "app")
        tip, newest = str(commits[-1]), str(commits[-2])
        carried = history.carried(tip, history.since([newest]))
        assert newest in carried
        assert 30 <= len(carried) <= 2 * CLOCK_SLACK // DAY + 1
        assert len(history.carried(tip, 0)) == 400
        assert len(history.carried(tip, history.since([newest]))) == 400, "what is known is not forgotten"


def test_many_tips_are_remembered_and_not_all_of_them() -> None:
    with tempfile.TemporaryDirectory() as folder:
        repository = pygit2.init_repository(folder, bare=True)
        tree = repository.TreeBuilder().write()
        commits: list[pygit2.Oid] = []
        history = RepositoryReader(Path(folder), "app")
        for number in range(200):
            who = pygit2.Signature("a", "a@example.com", BEGIN + number, 0)
            commits.append(repository.create_commit(None, who, who, str(number), tree, commits[-1:]))
            assert len(history.carried(str(commits[-1]), 0)) == number + 1
        assert set(history.carried(str(commits[0]), 0)) == {str(commits[0])}


class Row(NamedTuple):
    """What a merge request's row says of its commits."""

    ref: str = "app!1"
    branch: str = "fix"
    target: str = "main"
    head: str = ""
    base: str = ""
    carrier: str = ""
    merge_commit: str = ""
    merged_head: str = ""
    is_closed: bool = False


@pytest.fixture
def shared(tmp_path: Path) -> tuple[Path, list[str]]:
    """A copy that has its newest commits itself, and the others in another repository."""
    _, commits = grown(str(tmp_path / "other"), [([1], 0, {"a": "x"})])
    copy = pygit2.init_repository(tmp_path / "copy", bare=True)
    alternates = tmp_path / "copy" / "objects" / "info" / "alternates"
    alternates.write_text(f"{tmp_path / 'other' / 'objects'}\n")
    copy = pygit2.Repository(tmp_path / "copy")
    tree, newest = copy[commits[1]].peel(pygit2.Tree).id, pygit2.Oid(hex=commits[1])
    for day in (20, 200):
        who = pygit2.Signature("a", "a@example.com", BEGIN + day * DAY, 0)
        newest = copy.create_commit("refs/heads/main" if day == 200 else None, who, who, "own", tree, [newest])
    copy.references.create("refs/tags/v1", newest)
    return tmp_path, commits


def test_a_commit_that_may_be_what_is_missing_is_not_said_to_be_held_by_no_tag(shared: tuple[Path, list[str]]) -> None:
    folder, commits = shared
    (folder / "other").rename(folder / "away")
    with pytest.raises(NotSeen):
        RepositoryReader(folder / "copy", "app").holding(["v1"], commits[1])
    (folder / "away").rename(folder / "other")
    assert RepositoryReader(folder / "copy", "app").holding(["v1"], commits[1]) == {"v1"}
    assert RepositoryReader(folder / "copy", "app").holding(["v1"], "f" * 40) == frozenset()


def test_how_it_stands_is_not_kept_while_a_known_commit_is_missing(shared: tuple[Path, list[str]]) -> None:
    folder, commits = shared
    row = Row(head=commits[1], merge_commit=commits[1], merged_head=commits[1], carrier=commits[1])
    store = dict[bytes, bytes]()

    def state() -> State:
        take(dict(store), store.update)
        found = Sights(lambda _: RepositoryReader(folder / "copy", "app")).standings("app", [row], shows_files=False)
        leave()
        return found(row).state

    (folder / "other").rename(folder / "away")
    assert state() is State.OPENED
    assert store == {}
    (folder / "away").rename(folder / "other")
    assert state() is State.MERGED
    assert store
