"""One git repository, written: commits made from trees and blobs alone, so that no work tree is ever touched."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import pygit2
from msgspec import Struct

from secrel.adapters.localforge.given import CommitAuthor
from secrel.adapters.localforge.repository.history import RepositoryReader, content_id
from secrel.words.errors import Broken, Misused, Refused
from secrel.words.patterns import pattern

TRAILER = "Secrel-Key"
"""The line at the end of a commit message that says which effect made the commit."""
_LONGEST_BRANCH = 10_000
_FAILURES = (pygit2.GitError, KeyError, OSError)
_UNPRINTED = pattern(r"[\x00-\x1f\x7f-\x9f]+")


class NewCommit(Struct, frozen=True):
    """What to commit: files by path (None: taken away), under which title, for which effect, by whom, when."""

    files: Mapping[str, str | None]
    title: str
    key: str
    by: CommitAuthor
    at: datetime

    @property
    def message(self) -> str:
        """The commit's message: the title in one line, and the effect's key."""
        title = _UNPRINTED.sub(" ", self.title).strip()
        return f"{title}\n\n{TRAILER}: {self.key}\n"


def _signature(by: CommitAuthor, at: datetime) -> pygit2.Signature:
    offset = at.utcoffset()
    return pygit2.Signature(by.name, by.email, int(at.timestamp()), int(offset.total_seconds() // 60) if offset else 0)


def keyed(history: RepositoryReader, head: str, base: str, key: str) -> str:
    """Find the commit that the effect `key` made, from `head` back to `base`; empty when it is not there."""
    line = f"{TRAILER}: {key}"
    waiting, seen = [head], {base}
    while waiting and len(seen) < _LONGEST_BRANCH:
        commit = waiting.pop()
        if commit in seen:
            continue
        seen.add(commit)
        with history.seeing():
            message = history.commit(commit).message
        if message.rstrip().rsplit("\n", 1)[-1] == line:
            return commit
        waiting.extend(history.parents_of(commit))
    return ""


def holds(history: RepositoryReader, commit: str, files: Mapping[str, str | None]) -> bool:
    """Whether a commit of an earlier attempt (empty: there is none) has these files, to the byte; None: not there."""
    return bool(commit) and all(
        history.entry(commit, path) == ("" if text is None else content_id(text)) for path, text in files.items()
    )


def refuse_undoing(history: RepositoryReader, commit: str, expected: Mapping[str, str], where: str) -> None:
    """Raise `Refused` when a commit has other files than the desk expects: what goes there would undo somebody's."""
    if not holds(history, commit, expected):
        remedy = "make the change there by hand, since it would undo theirs; nothing was changed"
        raise Refused("somebody has changed a file there since", where=where, remedy=remedy)


def compare(
    history: RepositoryReader, ends: tuple[str, str], wanted: dict[str, str], expected: dict[str, str], ref: str
) -> None:
    """Raise `Refused` when a file is not as expected; a new one may only replace what the branch has not changed."""
    base, head = ends
    for path in {**expected, **wanted}:
        standing = history.entry(head, path)
        if path in expected:
            is_expected = standing == content_id(expected[path])
        else:
            is_expected = standing == (history.entry(base, path) if base else "")
        if not is_expected:
            raise Refused("a file is not what the desk last saw", where=ref, remedy="look again; nothing was changed")


def _tree(
    repository: pygit2.Repository, tree: pygit2.Tree | None, files: Mapping[str, str | None]
) -> pygit2.Oid | None:
    builder = repository.TreeBuilder(tree) if tree is not None else repository.TreeBuilder()
    folders: dict[str, dict[str, str | None]] = {}
    for path, text in files.items():
        name, _, rest = path.partition("/")
        standing = _in(tree, name)
        if rest:
            if standing is not None and not isinstance(standing, pygit2.Tree):
                raise Refused("a file stands where a folder is needed", remedy="take it away, or use another path")
            folders.setdefault(name, {})[rest] = text
        elif text is None:
            if standing is not None:
                builder.remove(name)
        else:
            builder.insert(name, repository.create_blob(text.encode()), _mode(standing))
    for name, inside in folders.items():
        folder = _in(tree, name)
        made = _tree(repository, folder if isinstance(folder, pygit2.Tree) else None, inside)
        if made is not None:
            builder.insert(name, made, pygit2.GIT_FILEMODE_TREE)
        elif builder.get(name) is not None:
            builder.remove(name)
    return builder.write() if len(builder) else None


def _in(tree: pygit2.Tree | None, name: str) -> pygit2.Object | None:
    return tree[name] if tree is not None and name in tree else None


def _mode(standing: pygit2.Object | None) -> int:
    if standing is None:
        return int(pygit2.GIT_FILEMODE_BLOB)
    if standing.filemode not in {pygit2.GIT_FILEMODE_BLOB, pygit2.GIT_FILEMODE_BLOB_EXECUTABLE}:
        raise Refused("a folder or a link stands where a file is to be written", remedy="use another path")
    return int(standing.filemode)


def committed(history: RepositoryReader, parent: str, change: NewCommit) -> str:
    """Make a commit on top of `parent`, on no branch yet, and give its id."""
    repository = history.repository
    try:
        tree = _tree(repository, history.commit(parent).tree, change.files)
        empty = repository.TreeBuilder().write() if tree is None else tree
        who = _signature(change.by, change.at)
        return str(repository.create_commit(None, who, who, change.message, empty, [parent]))
    except _FAILURES as error:
        raise _unwritten(error) from error


def _unwritten(error: Exception) -> Broken:
    return Broken(
        f"the git repository could not be written ({type(error).__name__}), and nothing was changed",
        remedy="check that there is room on the disk and that you may write to the repository; then run it again",
    )


def start_branch(history: RepositoryReader, branch: str, commit: str) -> None:
    """Make a new branch at `commit`; raises `Refused` when it is there by now."""
    try:
        history.repository.create_reference(f"refs/heads/{branch}", commit)
    except pygit2.AlreadyExistsError as error:
        raise Refused("the branch is there already", where=branch, remedy="look again") from error
    except _FAILURES as error:
        raise _unwritten(error) from error


def move_branch(history: RepositoryReader, branch: str, before: str, after: str) -> None:
    """Move a branch; raises `Refused` when it is not at `before`, or when a work tree has it checked out."""
    repository = history.repository
    try:
        found = repository.references.get(f"refs/heads/{branch}")
        if found is None or str(found.target) != before:
            raise Refused("the branch moved in between", where=branch, remedy="look again")
        if _is_checked_out(repository, branch):
            raise Refused(
                "the branch is checked out in a work tree, which would then undo the change",
                where=branch,
                remedy="git switch --detach there, or give the forge a bare repository",
            )
        found.set_target(after)  # git compares once more, under its own lock
    except _FAILURES as error:
        if history.tip(branch) != before:
            raise Refused("the branch moved in between", where=branch, remedy="look again") from error
        raise _unwritten(error) from error


def _is_checked_out(repository: pygit2.Repository, branch: str) -> bool:
    if repository.is_bare and not repository.list_worktrees():
        return False
    found = repository.branches.local.get(branch)
    is_used = bool(repository.list_worktrees()) or len(repository.index) > 0
    return found is not None and is_used and bool(found.is_checked_out())


def merged(history: RepositoryReader, tip: str, head: str, change: NewCommit) -> str:
    """Make the commit that merges `head` into `tip`, on no branch yet, and give its id; `Refused` on a conflict."""
    repository = history.repository
    try:
        index = repository.merge_commits(tip, head)
        if index.conflicts is not None:
            raise Refused("it conflicts with its target branch", remedy="resolve the conflicts on its branch first")
        who = _signature(change.by, change.at)
        return str(repository.create_commit(None, who, who, change.message, index.write_tree(repository), [tip, head]))
    except _FAILURES as error:
        raise _unwritten(error) from error


def needed_tip(history: RepositoryReader, branch: str) -> str:
    """Give the commit a branch is at; raises `Misused` when there is no such branch."""
    tip = history.tip(branch)
    if not tip:
        raise Misused("there is no such branch", where=branch, remedy="name a branch that is there, or make it first")
    return tip
