"""One git repository as the port `History`: its graph from the commit-graph file where there is one, else by a walk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from secrel.adapters.git.commit_graph import Unusable, read_commit_graph
from secrel.adapters.git.plumbing import Git, opened
from secrel.adapters.git.refs import Named, read_refs
from secrel.adapters.git.walk import grown, locate
from secrel.words.errors import Misused
from secrel.words.history.commits import Diff, Facts
from secrel.words.history.graph import Graph, Ref


@dataclass(frozen=True, slots=True)
class GitHistory:
    """A repository on this machine: bare or with a work tree, whole, treeless or shallow.

    `mirrors` are further copies of the same project, such as the private one where fixes land first: their commits and
    branches are read too, and their tags where this one has none of that name. `cache` is a folder for the index of
    commits, safe to delete at any time; None keeps none.
    """

    path: Path
    mirrors: tuple[Path, ...] = ()
    cache: Path | None = None
    _git: list[Git] = field(default_factory=list, repr=False)

    @property
    def git(self) -> Git:
        """The repository, opened once; raises `Misused` when the path is none."""
        if not self._git:
            self._git.append(opened(self.path, self.mirrors))
        return self._git[0]

    def graph(self) -> Graph:
        """Read all commits that a tag or a branch leads to; raises `NotSeen` or `Broken` sooner than read a part."""
        git = self.git
        named = read_refs(git)
        for mirror in self.mirrors:
            named = named.with_mirror(read_refs(opened(mirror)))
        if not named.tips:
            raise Misused(
                "this repository has no commits that a branch or a tag leads to",
                where=str(self.path),
                remedy="fetch its branches and tags",
            )
        graph, notes = self._commits(git, sorted(named.tips))
        return _placed(graph, named, _cuts(git, graph), (*notes, *named.notes))

    def _commits(self, git: Git, tips: list[str]) -> tuple[Graph, tuple[str, ...]]:
        notes: tuple[str, ...] = ()
        base = None
        if not (git.directory / "shallow").exists():  # git itself distrusts the file there
            try:
                base = read_commit_graph(git.directory / "objects")
            except Unusable as fault:
                notes = (f"the commit-graph file was not used: {fault}; git commit-graph write --reachable renews it",)
        if base is None:
            told = git.run("rev-list", "--topo-order", "--parents", "--stdin", given=_lines(tips))
            return grown(None, told, git.width), notes
        known = (locate(base.ids, _ids(tips)) >= 0).tolist()
        missing = [tip for tip, here in zip(tips, known, strict=True) if not here]
        if not missing:
            return base, notes
        walls = [f"^{tip}" for tip, here in zip(tips, known, strict=True) if here]
        told = git.run("rev-list", "--topo-order", "--parents", "--stdin", given=_lines([*missing, *walls]))
        return grown(base, told, git.width), notes

    def facts(self, graph: Graph) -> Facts:
        """Read what every commit of the graph says of itself, from the cache as far as it goes."""
        # reading messages is not needed where only the commits named count, and takes its time to load
        from secrel.adapters.git.cache import IndexCache  # noqa: PLC0415 - see above
        from secrel.adapters.git.index import indexed  # noqa: PLC0415 - see above

        return indexed(self.git, graph, None if self.cache is None else IndexCache.of(self.cache, self.git.directory))

    def diffs(self, commits: Sequence[str]) -> Mapping[str, Diff]:
        """Read what commits change; those whose trees or files are not here are absent from the answer."""
        from secrel.adapters.git.diffs import read_diffs  # noqa: PLC0415 - for those who look into contents

        return read_diffs(self.git, commits)

    def touching(self, paths: Sequence[str], *, since: int, until: int) -> Sequence[str]:
        """List commits of that time that change one of these paths; raises `NotSeen` where trees are missing."""
        named = read_refs(self.git)
        for mirror in self.mirrors:
            named = named.with_mirror(read_refs(opened(mirror)))
        limits = (f"--max-age={since}", f"--min-age={until}")
        words = ("--literal-pathspecs", "rev-list", "--no-merges", *limits, "--stdin")
        told = self.git.run(*words, given=_lines([*sorted(named.tips), "--", *paths]))
        return told.decode().split()

    def containing(self, commit: str, *, without: Sequence[str]) -> frozenset[str]:
        """Ask `git tag --contains`, one process for the question: the self-check's second opinion."""
        limits = [f"--no-contains={other}" for other in without]
        told = self.git.run("for-each-ref", "--format=%(refname)", f"--contains={commit}", *limits, "refs/tags/")
        return frozenset(line.removeprefix("refs/tags/") for line in told.decode("utf-8", "replace").splitlines())


def _ids(names: Sequence[str]) -> npt.NDArray[np.uint8]:
    return np.frombuffer(bytes.fromhex("".join(names)), dtype=np.uint8).reshape(len(names), -1)


def _lines(words: Sequence[str]) -> bytes:
    return "\n".join([*words, ""]).encode()


def _cuts(git: Git, graph: Graph) -> tuple[int, ...]:
    """Find the commits at the edge of a shallow copy."""
    listed = [directory / "shallow" for directory in (git.directory, *(objects.parent for objects in git.also))]
    edge = [
        line for path in listed if path.is_file() for line in path.read_text(encoding="ascii", errors="replace").split()
    ]
    found = {places[0] for line in edge if (places := graph.starting_with(line, most=1))}
    # git lists commits at the edge that have no parents, too: below those nothing is missing
    read = git.objects(graph.hex(commit) for commit in sorted(found)) if found else ()
    return tuple(graph.find(name) for name, _, data in read if b"\nparent " in data.partition(b"\n\n")[0])


def _placed(graph: Graph, named: Named, cut: tuple[int, ...], notes: tuple[str, ...]) -> Graph:
    tips = sorted(named.tips)
    place = dict(zip(tips, locate(graph.ids, _ids(tips)).tolist(), strict=True))
    return replace(
        graph,
        cut=cut,
        tags=tuple(Ref(name, place[tip]) for name, tip in sorted(named.tags.items())),
        branches=tuple(Ref(name, place[tip]) for name, tip in sorted(named.branches.items())),
        notes=notes,
    )
