"""One git repository as the port `History`: its graph from the commit-graph file where there is one, else by a walk."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct, field
from msgspec.structs import replace

from secrel.adapters.git import cache as git_cache
from secrel.adapters.git import commit_graph, index, walk
from secrel.adapters.git.contents import copies as git_copies
from secrel.adapters.git.contents import diffs as git_diffs
from secrel.adapters.git.contents import packs
from secrel.adapters.git.contents import remains as git_remains
from secrel.adapters.git.plumbing import Git, opened
from secrel.adapters.git.refs import NamedCommits, read_refs
from secrel.files import NAMES_OF_GIT, digest_of
from secrel.words.errors import Misused
from secrel.words.history import graph as graphs

if TYPE_CHECKING:  # what reads commits is loaded when one is read: a look asks for the names first
    import numpy.typing as npt

    from secrel.words.history.commits import Diff, Facts
    from secrel.words.history.graph import Graph
    from secrel.words.history.remains import Block, Copied, Remains


class _Kept(Struct):
    """What was read already: a commit never changes, and while no name moved the graph is what it was."""

    git: Git | None = None
    named: NamedCommits | None = None
    edge: tuple[str, ...] = ()
    graph: Graph | None = None
    facts: Facts | None = None
    diffs: dict[str, Diff] = field(default_factory=dict)
    files: git_remains.ReadFiles | None = None


class GitHistory(Struct, frozen=True):
    """A repository on this machine: bare or with a work tree, whole, treeless or shallow.

    `mirrors` are further copies of the same project, such as the private one where fixes land first: their commits and
    branches are read too, and their tags where this one has none of that name. `cache` is a folder for the index of
    commits, safe to delete at any time; None keeps none. What was read is read again when a name moved, and only then.
    """

    path: Path
    mirrors: tuple[Path, ...] = ()
    cache: Path | None = None
    _kept: _Kept = field(default_factory=_Kept)

    @property
    def git(self) -> Git:
        """The repository, opened once; raises `Misused` when the path is none."""
        if self._kept.git is None:
            self._kept.git = opened(self.path, self.mirrors)
        return self._kept.git

    def names(self) -> str:
        """Give a digest of where tags and branches stand, and where a shallow copy ends."""
        folders = [self.git.directory, *(opened(mirror).directory for mirror in self.mirrors)]
        return " ".join(digest_of(folder, NAMES_OF_GIT) for folder in folders)

    def graph(self) -> Graph:
        """Read all commits that a tag or a branch leads to; raises `NotSeen` or `Broken` sooner than read a part."""
        git, kept = self.git, self._kept
        named, edge = self._named(), _edge(git)
        if kept.graph is not None and (named, edge) == (kept.named, kept.edge):
            return kept.graph
        if not named.tips:
            raise Misused(
                "this repository has no commits that a branch or a tag leads to",
                where=str(self.path),
                remedy="fetch its branches and tags",
            )
        graph, notes = self._commits(git, sorted(named.tips))
        kept.graph = _placed(graph, named, _cuts(git, graph, edge), (*notes, *named.notes))
        kept.named, kept.edge, kept.facts = named, edge, None
        if kept.files is not None:
            kept.files.trees.forget_names()
        return kept.graph

    def _named(self) -> NamedCommits:
        named = read_refs(self.git)
        for mirror in self.mirrors:
            named = named.with_mirror(read_refs(opened(mirror)))
        return named

    def _commits(self, git: Git, tips: list[str]) -> tuple[Graph, tuple[str, ...]]:
        notes: tuple[str, ...] = ()
        base = None
        if not (git.directory / "shallow").exists():  # git itself distrusts the file there
            try:
                base = commit_graph.read_commit_graph(git.directory / "objects")
            except commit_graph.Unusable as fault:
                notes = (f"the commit-graph file was not used: {fault}; git commit-graph write --reachable renews it",)
        if base is None:
            told = git.run("rev-list", "--topo-order", "--parents", "--stdin", given=_lines(tips))
            return walk.grown(None, told, git.width), notes
        known = (walk.locate(base.ids, _ids(tips)) >= 0).tolist()
        missing = [tip for tip, here in zip(tips, known, strict=True) if not here]
        if not missing:
            return base, notes
        walls = [f"^{tip}" for tip, here in zip(tips, known, strict=True) if here]
        told = git.run("rev-list", "--topo-order", "--parents", "--stdin", given=_lines([*missing, *walls]))
        return walk.grown(base, told, git.width), notes

    def facts(self, graph: Graph) -> Facts:
        """Read what every commit of the graph says of itself, from the cache as far as it goes."""
        kept = self._kept
        if kept.facts is not None and graph is kept.graph:
            return kept.facts

        cache = None if self.cache is None else git_cache.IndexCache.of(self.cache, self.git.directory)
        facts = index.indexed(self.git, graph, cache)
        if graph is kept.graph and not facts.unread:
            kept.facts = facts
        return facts

    def has_contents(self) -> bool:
        """Whether this copy has files at all: some are made of commits and their messages alone."""
        named = self._kept.named or self._named()
        return packs.has_contents(self.git, sorted(named.tips))

    def diffs(self, commits: Sequence[str]) -> Mapping[str, Diff]:
        """Read what commits change; those whose trees or files are not here are absent from the answer."""
        known = self._kept.diffs
        if fresh := [commit for commit in commits if commit not in known]:
            known.update(git_diffs.read_diffs(self._files.patches, fresh))
        return {commit: known[commit] for commit in commits if commit in known}

    def touching(self, paths: Sequence[str], *, since: int, until: int) -> Sequence[str]:
        """List commits of that time that change one of these paths; raises `NotSeen` where trees are missing."""
        limits = (f"--max-age={since}", f"--min-age={until}")
        words = ("--literal-pathspecs", "rev-list", "--no-merges", *limits, "--stdin")
        told = self.git.run(*words, given=_lines([*sorted(self._named().tips), "--", *paths]))
        return told.decode().split()

    def blocks(self, commits: Sequence[str]) -> Mapping[str, tuple[Block, ...]]:
        """Read what commits changed, place by place; those whose trees or files are not here are absent."""
        return git_remains.read_blocks(self._files, commits)

    def steps(
        self, pairs: Sequence[tuple[str, str]], paths: Sequence[str]
    ) -> Mapping[tuple[str, str], tuple[Block, ...]]:
        """Read what commits changed in these files against one parent each."""
        return git_remains.read_steps(self._files, pairs, paths)

    def touched(self, asked: Mapping[tuple[str, str], Collection[str]]) -> Mapping[tuple[str, str], Collection[str]]:
        """Read which of these files commits changed against a parent each; raises `NotSeen` where trees are missing."""
        return git_remains.read_touched(self._files, asked)

    def remains(
        self, asked: Mapping[str, Sequence[str]], paths: Mapping[str, Collection[str]]
    ) -> Mapping[tuple[str, str], tuple[Remains, ...]]:
        """Read what is left of commits' blocks in these files at other commits; absent where they are not here."""
        return git_remains.read_remains(self._files, asked, paths)

    def copies(
        self,
        asked: Mapping[str, Sequence[str]],
        before: Mapping[str, Sequence[str]],
        paths: Mapping[str, Collection[str]],
    ) -> Mapping[tuple[str, str], tuple[Copied, ...]]:
        """Look for other files that are as these were before; raises `NotSeen` where trees are missing."""
        return git_copies.read_copies(self._files, asked, before, paths)

    @property
    def _files(self) -> git_remains.ReadFiles:
        if self._kept.files is None:
            self._kept.files = git_remains.ReadFiles.of(self.git)
        return self._kept.files

    def containing(self, commit: str, *, without: Sequence[str]) -> frozenset[str]:
        """Ask `git tag --contains`, one process for the question: the self-check's second opinion."""
        limits = [f"--no-contains={other}" for other in without]
        told = self.git.run("for-each-ref", "--format=%(refname)", f"--contains={commit}", *limits, "refs/tags/")
        return frozenset(line.removeprefix("refs/tags/") for line in told.decode("utf-8", "replace").splitlines())


def _ids(names: Sequence[str]) -> npt.NDArray[np.uint8]:
    return np.frombuffer(bytes.fromhex("".join(names)), dtype=np.uint8).reshape(len(names), -1)


def _lines(words: Sequence[str]) -> bytes:
    return "\n".join([*words, ""]).encode("utf-8", "surrogateescape")


def _edge(git: Git) -> tuple[str, ...]:
    """Read the ids at the edge of a shallow copy, as git lists them."""
    listed = [directory / "shallow" for directory in (git.directory, *(objects.parent for objects in git.also))]
    return tuple(
        line for path in listed if path.is_file() for line in path.read_text(encoding="ascii", errors="replace").split()
    )


def _cuts(git: Git, graph: Graph, edge: Sequence[str]) -> tuple[int, ...]:
    """Find the commits at the edge of a shallow copy."""
    found = {places[0] for line in edge if (places := graph.starting_with(line, most=1))}
    # git lists commits at the edge that have no parents, too: below those nothing is missing
    read = git.objects(graph.hex(commit) for commit in sorted(found)) if found else ()
    return tuple(graph.find(name) for name, _, data in read if b"\nparent " in data.partition(b"\n\n")[0])


def _placed(graph: Graph, named: NamedCommits, cut: tuple[int, ...], notes: tuple[str, ...]) -> Graph:
    tips = sorted(named.tips)
    place = dict(zip(tips, walk.locate(graph.ids, _ids(tips)).tolist(), strict=True))
    return replace(
        graph,
        cut=cut,
        tags=tuple(graphs.Ref(name, place[tip]) for name, tip in sorted(named.tags.items())),
        branches=tuple(graphs.Ref(name, place[tip]) for name, tip in sorted(named.branches.items())),
        notes=notes,
    )
