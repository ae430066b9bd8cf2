"""What people and scripts do to the embedded forge: everything that is not the desk's.

Each method names things by reference (`project#12`, `project!7`), says who did it and when where that is kept, is one
transaction, and raises `Misused` for a reference to nothing or a text the forge does not take.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Table, delete, insert, select, update

from secrel.adapters.localforge import given
from secrel.adapters.localforge.repository import branches
from secrel.adapters.localforge.repository.branches import NewCommit
from secrel.adapters.localforge.schema import assents, issues, merge_request_issues, merge_requests, notes
from secrel.adapters.localforge.showing import Showing
from secrel.adapters.localforge.writing.acts import (
    add_note,
    change_facts,
    link,
    needed,
    next_number,
    note_at,
    refuse_a_second,
    unlink,
)
from secrel.words.errors import Misused, Refused
from secrel.words.facts.stated import Facts
from secrel.words.facts.tables import as_table
from secrel.words.forge import MergeRequest, Pipeline, State
from secrel.words.people import handle_of


class NewIssue(Struct, frozen=True):
    """An issue somebody opens; `facts` is what its details table says."""

    project: str
    title: str
    by: str
    at: datetime
    body: str = ""
    labels: Collection[str] = ()
    assignees: Sequence[str] = ()
    confidential: bool = True
    due: date | None = None
    milestone: str = ""
    facts: Facts | None = None


class NewMergeRequest(Struct, frozen=True):
    """A merge request somebody opens for a branch of the project's repository, for these issues.

    `head` is the branch's newest commit, needed only when the branch is already deleted; `merged_by_commit` the commit
    that merged it where git cannot tell: a squash, or a branch that was rebased and put on top of its target.
    """

    project: str
    branch: str
    target: str
    title: str
    by: str
    at: datetime
    issues: Sequence[str] = ()
    body: str = ""
    labels: Collection[str] = ()
    milestone: str = ""
    assignees: Sequence[str] = ()
    reviewers: Sequence[str] = ()
    is_draft: bool = False
    head: str = ""
    merged_by_commit: str = ""


class People(Showing):
    """The side of the embedded forge that people and scripts use; `LocalForge.people` is one."""

    def open_issue(self, new: NewIssue) -> str:
        """Open an issue and give its reference."""
        project = self._forge.project_for_issues(new.project)
        row = {
            "project": project,
            "title": given.line(new.title, "the title"),
            "body": given.body(new.body, "the text"),
            "confidential": int(new.confidential),
            "public_since": None if new.confidential else given.instant(new.at),
            "labels": json.dumps(given.lines(new.labels, "a label")),
            "assignees": json.dumps(given.lines(new.assignees, "an assignee")),
            "due": new.due.isoformat() if new.due else None,
            "milestone": given.optional_line(new.milestone, "the milestone"),
            "created_at": given.instant(new.at),
            "created_by": given.line(new.by, "the author"),
            "facts": given.facts(as_table(new.facts) if new.facts else {}),
        }
        with self._forge.store.writing() as db:
            number = next_number(db, issues, project)
            db.execute(insert(issues).values(ref=f"{project}#{number}", number=number, **row))
        return f"{project}#{number}"

    def change_facts(self, ref: str, changes: Facts, lines: Iterable[str]) -> None:
        """Make lines of an issue's details table say what `changes` says; one that it does not state goes away."""
        with self._forge.store.writing() as db:
            change_facts(db, ref, changes, lines)

    def set_body(self, ref: str, body: str) -> None:
        """Rewrite the text of an issue or a merge request, as a person does in an editor."""
        self._write(ref, body=given.body(body, "the text"))

    def set_title(self, ref: str, title: str) -> None:
        """Rewrite the title of an issue or a merge request."""
        self._write(ref, title=given.line(title, "the title"))

    def set_due(self, ref: str, due: date | None) -> None:
        """Set or take away the day an issue is due."""
        self._write(given.issue_ref(ref), due=due.isoformat() if due else None)

    def set_milestone(self, ref: str, milestone: str) -> None:
        """Set the milestone of an issue or a merge request; empty takes it away."""
        self._write(ref, milestone=given.optional_line(milestone, "the milestone"))

    def set_assignees(self, ref: str, usernames: Sequence[str]) -> None:
        """Say who an issue or a merge request is assigned to."""
        self._write(ref, assignees=json.dumps(given.lines(usernames, "an assignee")))

    def set_reviewers(self, ref: str, usernames: Sequence[str]) -> None:
        """Say who is asked to review a merge request."""
        self._write(given.merge_request_ref(ref), reviewers=json.dumps(given.lines(usernames, "a reviewer")))

    def set_confidential(self, ref: str, *, confidential: bool) -> None:
        """Make an issue confidential or public, from now on."""
        since = None if confidential else given.instant(self._forge.now())
        self._write(given.issue_ref(ref), confidential=int(confidential), public_since=since)

    def set_pipeline(self, ref: str, pipeline: Pipeline) -> None:
        """Say how the newest pipeline of a merge request went."""
        self._write(given.merge_request_ref(ref), pipeline=Pipeline(pipeline).value)

    def set_draft(self, ref: str, *, draft: bool) -> None:
        """Mark a merge request as a draft or as ready; a title that says Draft makes it one as well."""
        self._write(given.merge_request_ref(ref), is_draft=int(draft))

    def add_label(self, ref: str, label: str) -> None:
        """Put a label on an issue or a merge request."""
        self._relabel(ref, given.line(label, "the label"), stays=True)

    def remove_label(self, ref: str, label: str) -> None:
        """Take a label off an issue or a merge request."""
        self._relabel(ref, given.line(label, "the label"), stays=False)

    def add_note(self, ref: str, body: str, by: str, at: datetime, *, discussion: bool = False) -> str:
        """Comment on an issue or a merge request and give the note's address; a discussion has to be resolved."""
        told = {"body": body, "by": given.line(by, "the author"), "discussion": "open" if discussion else ""}
        with self._forge.store.writing() as db:
            return add_note(db, needed(db, given.item_ref(ref)), told, at)

    def resolve(self, note: str) -> None:
        """Resolve a discussion, by the address of its note (`project!7#note_3`)."""
        with self._forge.store.writing() as db:
            db.execute(update(notes).where(notes.c.id == note_at(db, note).id).values(discussion="resolved"))

    def link(self, ref: str, to: str, by: str, at: datetime) -> None:
        """Link an issue to another, such as an implementation issue to the tracking issue."""
        with self._forge.store.writing() as db:
            link(db, given.issue_ref(ref), given.issue_ref(to), given.line(by, "the person"), at)

    def unlink(self, ref: str, to: str, at: datetime) -> None:
        """Take an issue out of another again."""
        with self._forge.store.writing() as db:
            unlink(db, given.issue_ref(ref), given.issue_ref(to), at)

    def add_merge_request(self, new: NewMergeRequest) -> str:
        """Open a merge request and give its reference.

        Raises `Misused` for a branch or target that is not there, `Refused` when the branch has one open already.
        """
        history = self._forge.history(given.project(new.project))
        row = {
            "project": new.project,
            "branch": given.branch(new.branch),
            "target": given.branch(new.target),
            "title": given.line(new.title, "the title"),
            "body": given.body(new.body, "the text"),
            "is_draft": int(new.is_draft),
            "labels": json.dumps(given.lines(new.labels, "a label")),
            "milestone": given.optional_line(new.milestone, "the milestone"),
            "assignees": json.dumps(given.lines(new.assignees, "an assignee")),
            "reviewers": json.dumps(given.lines(new.reviewers, "a reviewer")),
            "author": given.line(new.by, "the author"),
            "created_at": given.instant(new.at),
        }
        branches.needed_tip(history, new.target)
        head = given.commit(new.head) if new.head else branches.needed_tip(history, new.branch)
        for commit in {head, new.merged_by_commit or head}:
            if not history.has(given.commit(commit)):
                raise Misused(f"there is no commit {commit}", where=new.project)
        row["head"] = head if new.head else ""
        if new.merged_by_commit:
            row |= {"merged_head": head, "merge_commit": new.merged_by_commit}
        with self._forge.store.writing() as db:
            refuse_a_second(db, self._seen, (new.project, new.branch, new.target))
            number = next_number(db, merge_requests, new.project)
            ref = f"{new.project}!{number}"
            db.execute(insert(merge_requests).values(ref=ref, number=number, **row))
            for issue in dict.fromkeys(given.issue_ref(issue) for issue in new.issues):
                db.execute(insert(merge_request_issues).values(issue=needed(db, issue), merge_request=ref))
            self._seen(db, [ref])  # a look, so that where its branch is gets written down
        return ref

    def approve(self, ref: str, by: str, at: datetime, team: str = "") -> None:
        """Approve a merge request as its branch now is; `team` such as `appsec` or `maintainer`."""
        with self._forge.store.writing() as db:
            found = self._needed(db, ref)
            row = {"by": given.line(by, "the person"), "team": given.optional_line(team, "the team")}
            commit = self._forge.history(found.ref.partition("!")[0]).tip(found.branch) or found.commit
            db.execute(insert(assents).values(merge_request=found.ref, at=given.instant(at), commit=commit, **row))

    def withdraw(self, ref: str, by: str) -> None:
        """Take somebody's approvals of a merge request back."""
        with self._forge.store.writing() as db:
            which = needed(db, given.merge_request_ref(ref))
            theirs = [one for one in db.scalars(select(assents.c.by).distinct()) if handle_of(one) == handle_of(by)]
            db.execute(delete(assents).where((assents.c.merge_request == which) & assents.c.by.in_(theirs)))

    def merge(self, ref: str, by: str, at: datetime) -> str:
        """Merge a merge request with a merge commit, and give that commit; again, and the first one is given.

        Raises `Refused` when it is closed, a draft, or conflicts, or when its target is checked out in a work tree.
        """
        with self._forge.store.writing() as db:
            found = self._needed(db, ref)
            if found.state is State.MERGED:
                return found.commit
            if found.state is State.CLOSED or found.is_draft:
                what = "closed" if found.state is State.CLOSED else "a draft"
                raise Refused(f"it is {what}", where=found.ref, remedy="reopen it, or mark it as ready, first")
            history = self._forge.history(found.ref.partition("!")[0])
            head, tip = branches.needed_tip(history, found.branch), branches.needed_tip(history, found.target)
            given.instant(at)
            change = NewCommit(
                {}, f"Merge branch '{found.branch}' into '{found.target}'", found.ref, given.identity(by), at
            )
            made = branches.merged(history, tip, head, change)
            branches.move_branch(history, found.target, tip, made)
            _set(db, found.ref, merged_head=head, merge_commit=made, merged_since=given.instant(at))
            self._needed(db, found.ref)  # a look, so that what merged it gets written down
        return made

    def record_merge(self, ref: str, commit: str) -> None:
        """Say which commit merged a merge request where git cannot tell: a squash, or a rebase."""
        with self._forge.store.writing() as db:
            found = self._needed(db, ref)
            history = self._forge.history(found.ref.partition("!")[0])
            if not history.has(given.commit(commit)):
                raise Misused(f"there is no commit {commit}", where=found.ref)
            head = history.tip(found.branch) or found.commit
            _set(db, found.ref, merged_head=head, merge_commit=commit)
            self._needed(db, found.ref)

    def close(self, ref: str) -> None:
        """Close an issue or a merge request; one that is merged stays so."""
        self._turn(ref, closed=True)

    def reopen(self, ref: str) -> None:
        """Open a closed issue or merge request again."""
        self._turn(ref, closed=False)

    def _turn(self, ref: str, *, closed: bool) -> None:
        which = given.item_ref(ref)
        with self._forge.store.writing() as db:
            if "#" in which:
                _set(db, needed(db, which), state=(State.CLOSED if closed else State.OPENED).value)
            elif self._needed(db, which).state is State.MERGED:
                raise Refused("it is merged", where=which)
            else:
                _set(db, which, is_closed=int(closed))

    def _needed(self, db: Connection, ref: str) -> MergeRequest:
        which = needed(db, given.merge_request_ref(ref))
        return self._seen(db, [which])[0]

    def _write(self, ref: str, **values: Any) -> None:
        with self._forge.store.writing() as db:
            _set(db, needed(db, given.item_ref(ref)), **values)

    def _relabel(self, ref: str, label: str, *, stays: bool) -> None:
        with self._forge.store.writing() as db:
            which = needed(db, given.item_ref(ref))
            table = _table(which)
            standing = json.loads(db.scalar(select(table.c.labels).where(table.c.ref == which)) or "[]")
            others = [name for name in standing if name != label]
            _set(db, which, labels=json.dumps([*others, label] if stays else others))


def _table(ref: str) -> Table:
    return issues if "#" in ref else merge_requests


def _set(db: Connection, ref: str, **values: Any) -> None:
    table = _table(ref)
    db.execute(update(table).where(table.c.ref == ref).values(**values))
