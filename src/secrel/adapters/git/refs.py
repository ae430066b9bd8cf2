"""Tags and branches, peeled to commits with one `git for-each-ref`."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from secrel.adapters.git.plumbing import Git, opened
from secrel.words.errors import Broken, NotSeen
from secrel.words.history.text import printable

_FORMAT = "--format=%(objectname) %(objecttype) %(*objectname) %(*objecttype) %(refname)"
_FIELDS = 5
_LONGEST_HEAD = 200


class NamedCommits(Struct, frozen=True):
    """Names and the ids of the commits they stand on; `notes` tell what stands on no commit."""

    tags: Mapping[str, str]
    branches: Mapping[str, str]
    notes: tuple[str, ...] = ()

    @property
    def tips(self) -> frozenset[str]:
        """Every commit that a name stands on."""
        return frozenset((*self.tags.values(), *self.branches.values()))

    def with_mirror(self, other: NamedCommits) -> NamedCommits:
        """Add a mirror's names; where both have a tag and disagree, ours stays and a note tells."""
        moved = [name for name, tip in other.tags.items() if self.tags.get(name, tip) != tip]
        notes = tuple(
            f"tag {printable(name)} is another commit in the mirror; the repository's own is used" for name in moved
        )
        return NamedCommits(
            {**other.tags, **self.tags},
            {**{f"mirror/{name}": tip for name, tip in other.branches.items()}, **self.branches},
            (*self.notes, *other.notes, *notes),
        )


def read_refs(git: Git) -> NamedCommits:
    """Read tags, branches, remote branches and `HEAD`; pull requests' refs and other kinds are left out."""
    told, said = git.run_both("for-each-ref", _FORMAT, "refs/tags/", "refs/heads/", "refs/remotes/")
    notes = [
        f"git ignored a name it could not read: {printable(line)}"
        for line in said.decode("utf-8", "replace").splitlines()
    ]
    found: dict[str, str] = {}
    deep: dict[str, str] = {}
    for line in told.decode("utf-8", "replace").splitlines():
        name, kind, inner, inner_kind, ref = line.split(" ", _FIELDS - 1)
        commit = name if kind == "commit" else inner if inner_kind == "commit" else ""
        if commit:
            found[ref] = commit
        elif inner_kind == "tag":
            deep[ref] = name
        else:
            notes.append(f"{printable(ref)} stands on no commit and is left out")
    for ref, commit in _peeled(git, deep).items():
        if commit:
            found[ref] = commit
        else:
            notes.append(f"{printable(ref)} stands on no commit and is left out")
    branches = {
        ref.removeprefix("refs/heads/").removeprefix("refs/remotes/"): commit
        for ref, commit in found.items()
        if not ref.startswith("refs/tags/") and not ref.endswith("/HEAD")
    }
    tags = {ref.removeprefix("refs/tags/"): commit for ref, commit in found.items() if ref.startswith("refs/tags/")}
    return NamedCommits(tags, branches | _head(git, branches), tuple(notes))


def _peeled(git: Git, deep: Mapping[str, str]) -> dict[str, str]:
    """Follow tags of tags down to their commits; an empty text for those that end elsewhere."""
    if not deep:
        return {}
    asked = "".join(f"{name}^{{commit}}\n" for name in deep.values()).encode()
    told = git.run("cat-file", "--batch-check", given=asked).decode().splitlines()
    ends = [line.split(" ") for line in told]
    return {ref: end[0] if end[1] == "commit" else "" for ref, end in zip(deep, ends, strict=True)}


def _head(git: Git, branches: Mapping[str, str]) -> dict[str, str]:
    """Give the commit of a detached `HEAD`, which a build machine's checkout may have and nothing else."""
    if _is_on_a_branch(git):
        return {}
    told = git.run("cat-file", "--batch-check", given=b"HEAD^{commit}\n").decode().split()
    return {"HEAD": told[0]} if told[1:2] == ["commit"] and told[0] not in branches.values() else {}


def _is_on_a_branch(git: Git) -> bool:
    """Whether the file of `HEAD` names a branch; where branches are in tables it names one that cannot be."""
    with suppress(OSError), (git.directory / "HEAD").open("rb") as source:
        told = source.read(_LONGEST_HEAD)
        return told.startswith(b"ref: refs/heads/") and not told.startswith(b"ref: refs/heads/.")
    return False


def own_names(path: Path) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """Give the branches and tags of a repository's own, and the branch that is checked out (empty: none).

    Raises `Misused` when the path is no repository, `Broken` when git does not answer.
    """
    git = opened(path)
    found = git.run("for-each-ref", "--format=%(refname)", "refs/heads/", "refs/tags/")
    names = found.decode("utf-8", "replace").splitlines()
    head = ""
    with suppress(Broken, NotSeen):  # it stands on a commit, and on no branch
        head = git.run("symbolic-ref", "--quiet", "HEAD").decode("utf-8", "replace").strip()
    branches, tags = (
        tuple(name.removeprefix(kind) for name in names if name.startswith(kind))
        for kind in ("refs/heads/", "refs/tags/")
    )
    return branches, tags, head.removeprefix("refs/heads/")
