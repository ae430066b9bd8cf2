from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from secrel.adapters.git.cache import IndexCache
from secrel.adapters.git.repository import GitHistory
from secrel.words.history.commits import Facts, Says
from secrel.words.history.graph import Graph
from tests.adapters_git.repositories import git, made


def says(graph: Graph, facts: Facts) -> set[tuple[str, Says, str]]:
    return {
        (graph.hex(by), Says(how), graph.hex(named) if named >= 0 else "")
        for by, how, named in zip(facts.named_by.tolist(), facts.how.tolist(), facts.named.tolist(), strict=True)
    }


@pytest.fixture
def repository(tmp_path: Path) -> tuple[Path, list[str]]:
    path = tmp_path / "x.git"
    first = made(path, [[], [0]], branches={"main": 1})
    tree = git(path, "rev-parse", f"{first[0]}^{{tree}}").strip()
    who = ["-c", "user.name=E", "-c", "user.email=e@example.org"]
    messages = [
        f"Pick\n\n(cherry picked from commit {first[1]})",
        f"Short\n\n(cherry picked from commit {first[1][:9]})",
        f"Elsewhere\n\n(cherry picked from commit {'ab' * 20})",
        f"Too long\n\n(cherry picked from commit {'ab' * 30})",
        f"Unclear\n\nThis reverts commit {first[0]}.\n\nSee merge request a/b!7",
    ]
    ids = [*first]
    for message in messages:
        ids.append(git(path, *who, "commit-tree", tree, "-p", ids[-1], "-m", message).strip())
    git(path, "update-ref", "refs/heads/main", ids[-1])
    return path, ids


def test_what_messages_say_is_read_and_resolved(repository: tuple[Path, list[str]]) -> None:
    path, ids = repository
    graph = GitHistory(path).graph()
    facts = GitHistory(path).facts(graph)
    assert says(graph, facts) == {
        (ids[2], Says.PICKED, ids[1]),
        (ids[3], Says.PICKED, ids[1]),
        (ids[4], Says.PICKED, ""),
        (ids[6], Says.REVERTS, ids[0]),
    }
    assert facts.unread == ""
    assert {graph.hex(by) for by in facts.asked_by.tolist()} == {ids[6]}
    key = {int(k) for k, by in zip(facts.named_key, facts.named_by, strict=True) if graph.hex(int(by)) == ids[4]}
    assert key == {int("ab" * 8, 16)}


def test_the_index_is_kept_by_commit_and_grows(repository: tuple[Path, list[str]], tmp_path: Path) -> None:
    path, ids = repository
    cache = tmp_path / "cache"
    git(path, "update-ref", "refs/heads/main", ids[3])
    before = GitHistory(path, cache=cache)
    before.facts(before.graph())
    git(path, "update-ref", "refs/heads/main", ids[-1])
    source, plain = GitHistory(path, cache=cache), GitHistory(path)
    graph = source.graph()
    for _ in range(2):
        facts, fresh = source.facts(graph), plain.facts(graph)
        assert says(graph, facts) == says(graph, fresh)
        for name in ("same", "subject", "text", "author", "date", "words"):
            assert getattr(facts, name).tolist() == getattr(fresh, name).tolist()
    kept = IndexCache.of(cache, source.git.directory).load(20)
    assert kept is not None
    assert len(kept.ids) == len(ids)


def test_the_cache_may_be_deleted_damaged_or_of_another_kind(
    repository: tuple[Path, list[str]], tmp_path: Path
) -> None:
    path, _ = repository
    cache = tmp_path / "cache"
    source = GitHistory(path, cache=cache)
    graph = source.graph()
    whole = says(graph, source.facts(graph))
    file = next(cache.iterdir())
    rows = IndexCache(file).load(20)
    assert rows is not None
    assert IndexCache(file).load(32) is None
    data = file.read_bytes()
    for damaged in (b"", data[: len(data) // 2], data[:200] + b"x" + data[201:], b"PK\x03\x04garbage"):
        file.write_bytes(damaged)
        assert says(graph, source.facts(graph)) == whole
    for changed in (
        {"same": rows.same[:-1]},
        {"same": rows.same.astype(np.float64)},
        {"named_by": rows.named_by + 1000},
        {"named_by": rows.named_by - 1000},
    ):
        IndexCache(file).save(replace(rows, **changed))
        assert IndexCache(file).load(20) is None
    file.unlink()
    assert says(graph, source.facts(graph)) == whole
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert says(graph, GitHistory(path, cache=blocked).facts(graph)) == whole


def test_commits_that_cannot_be_read_are_counted_and_said(tmp_path: Path) -> None:
    path = tmp_path / "x.git"
    ids = made(path, [[], [0], [1]], branches={"main": 2})
    git(path, "commit-graph", "write", "--reachable")
    pack = next((path / "objects" / "pack").glob("*.pack"), None)
    if pack is not None:
        moved = tmp_path / "moved"
        pack.rename(moved)
        for other in (path / "objects" / "pack").glob("*"):
            other.unlink()
        git(path, "unpack-objects", "-q", given=moved.read_bytes())
    (path / "objects" / ids[1][:2] / ids[1][2:]).unlink()
    source = GitHistory(path)
    graph = source.graph()
    assert len(graph) == 3  # the commit-graph file knows it
    facts = source.facts(graph)
    assert facts.unread.startswith("1 commits could not be read")
    assert int(facts.author[graph.find(ids[1])]) == 0
    loose = path / "objects" / ids[2][:2] / ids[2][2:]
    loose.chmod(0o644)
    loose.write_bytes(b"garbage")
    assert source.facts(graph).unread.startswith("2 commits could not be read")


def test_commits_that_nothing_leads_to_are_not_indexed(tmp_path: Path) -> None:
    path = tmp_path / "x.git"
    ids = made(path, [[], [0], [1]], branches={"main": 2})
    git(path, "commit-graph", "write", "--reachable")
    git(path, "update-ref", "refs/heads/main", ids[1])
    source = GitHistory(path)
    graph = source.graph()
    facts = source.facts(graph)
    assert int(facts.author[graph.find(ids[2])]) == 0
    assert int(facts.author[graph.find(ids[1])]) != 0
