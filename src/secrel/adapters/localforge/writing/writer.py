"""What the desk does to the embedded forge: each effect once, whatever crashes, however many desks there are.

An effect is one transaction, and its mark is written in it: of two desks the second finds the first one's. Where git
is changed too, the commit comes first, under a branch and a trailer by which it is found again, and the row after it;
a crash between the two leaves a commit that the next attempt takes up.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from sqlalchemy import Connection, insert, select, update

from secrel.adapters.localforge import given
from secrel.adapters.localforge.forge_parts import ForgeParts
from secrel.adapters.localforge.reading import made
from secrel.adapters.localforge.repository import branches
from secrel.adapters.localforge.repository.branches import NewCommit
from secrel.adapters.localforge.schema import issues, marks, merge_request_issues, merge_requests, notes
from secrel.adapters.localforge.store import looking
from secrel.adapters.localforge.writing.acts import (
    AGAIN,
    Seeing,
    add_note,
    change_facts,
    link,
    needed,
    next_number,
    note_at,
    refuse_a_second,
    unlink,
)
from secrel.words.effects import (
    Adopt,
    ChangeDiscussion,
    CloseIssue,
    CloseMergeRequest,
    Comment,
    Effect,
    LiftConfidentiality,
    LinkIssue,
    OpenDiscussion,
    OpenIssue,
    OpenMergeRequest,
    RewriteFiles,
    RewriteIssue,
    SetFacts,
    SetHead,
    TrackBranch,
    UnlinkIssue,
)
from secrel.words.errors import Misused, Refused
from secrel.words.facts.stated import read_json
from secrel.words.facts.tables import as_table
from secrel.words.forge import MergeRequest, State
from secrel.words.outcomes import Made
from secrel.words.readers import ToOpen, refuse_more_readers


class LocalWriter:
    """Carries out effects on the embedded forge in one person's name; raises `Misused` for one of another place."""

    def __init__(self, forge: ForgeParts, seen: Seeing, by: str) -> None:
        """Take the parts of the forge, the function that shows merge requests as they stand, and who acts.

        `by` is a handle, or `Release Desk <desk@example.com>`; raises `Misused` for anything else.
        """
        given.identity(by)
        self._forge = forge
        self._seen = seen
        self._by = by
        self._acts: dict[type, Callable[[Connection, Effect, Any], str]] = {
            OpenIssue: self._open_issue,
            Adopt: self._adopt,
            RewriteIssue: self._rewrite_issue,
            Comment: self._comment,
            OpenDiscussion: self._open_discussion,
            ChangeDiscussion: self._change_discussion,
            LinkIssue: self._link,
            UnlinkIssue: self._unlink,
            SetFacts: self._set_facts,
            SetHead: self._set_head,
            TrackBranch: self._track_branch,
            OpenMergeRequest: self._open_merge_request,
            RewriteFiles: self._rewrite_files,
            CloseMergeRequest: self._close_merge_request,
            CloseIssue: self._close_issue,
            LiftConfidentiality: self._lift,
        }

    def do(self, effect: Effect) -> Made:
        """Carry it out once and give the address of what it made; what is there under its mark stays as it is.

        Raises `Refused` when the world changed in between (a person's edit is never lost), or when the key was used
        for something else; `Misused` for a reference to nothing, or a text the forge does not take.
        """
        act = self._acts.get(type(effect.action))
        if act is None:
            raise Misused(f"the embedded forge does not carry out {effect.kind}", where=effect.key)
        with self._forge.store.writing() as db:
            address = made(looking(db), effect)
            if address is not None:
                return Made(address, earlier=True)
            refuse_more_readers(effect, partial(reads_at, db, self._forge))
            address = act(db, effect, effect.action)
            at = given.instant(self._forge.now())
            db.execute(insert(marks).values(mark=effect.key, kind=effect.kind, address=address, at=at, by=self._by))
        return Made(address)

    def _open_issue(self, db: Connection, effect: Effect, action: OpenIssue) -> str:
        project = self._forge.project_for_issues(action.project)
        number = next_number(db, issues, project)
        ref = f"{project}#{number}"
        db.execute(
            insert(issues).values(
                ref=ref,
                project=project,
                number=number,
                title=given.line(action.title, "the title"),
                body=given.body(action.body, "the text"),
                confidential=int(action.confidential),
                public_since=None if action.confidential else given.instant(self._forge.now()),
                labels=json.dumps(given.lines(action.labels, "a label")),
                assignees=json.dumps(given.lines(action.assignees, "an assignee")),
                due=given.day(action.due),
                milestone=given.optional_line(action.milestone, "the milestone"),
                created_at=given.instant(self._forge.now()),
                created_by=self._by,
                mark=effect.key,
                facts=given.facts(as_table(action.facts) if action.facts else {}),
            )
        )
        for other in action.links:
            link(db, ref, given.issue_ref(other), self._by, self._forge.now())
        return ref

    def _adopt(self, db: Connection, effect: Effect, action: Adopt) -> str:
        ref = needed(db, given.item_ref(action.ref))
        table = issues if "#" in ref else merge_requests
        row = db.execute(select(table.c.title, table.c.body, table.c.mark).where(table.c.ref == ref)).one()
        if row.mark:
            raise Refused(f"a desk keeps it as {row.mark}", where=ref, remedy=AGAIN)
        if (row.title, row.body) != action.stood:
            raise Refused("its title or text is not what the desk last saw", where=ref, remedy=AGAIN)
        db.execute(update(table).where(table.c.ref == ref).values(mark=effect.key))
        return ref

    def _rewrite_issue(self, db: Connection, _effect: Effect, action: RewriteIssue) -> str:
        ref = needed(db, given.issue_ref(action.ref))
        if db.scalar(select(issues.c.body).where(issues.c.ref == ref)) != action.expects:
            raise Refused("its body is not what the desk last saw", where=ref, remedy=AGAIN)
        db.execute(update(issues).where(issues.c.ref == ref).values(body=given.body(action.body, "the text")))
        return ref

    def _comment(self, db: Connection, effect: Effect, action: Comment) -> str:
        ref = needed(db, given.item_ref(action.ref))
        return add_note(db, ref, {"body": action.body, "by": self._by, "mark": effect.key}, self._forge.now())

    def _open_discussion(self, db: Connection, effect: Effect, action: OpenDiscussion) -> str:
        ref = needed(db, given.merge_request_ref(action.ref))
        told = {"body": action.body, "by": self._by, "mark": effect.key, "discussion": "open"}
        return add_note(db, ref, told, self._forge.now())

    def _change_discussion(self, db: Connection, _effect: Effect, action: ChangeDiscussion) -> str:
        stands = note_at(db, action.ref)
        if stands.body != action.expects:
            raise Refused("it does not say what the desk last saw", where=action.ref, remedy=AGAIN)
        state = "resolved" if action.is_resolved else "open"
        news = {"body": given.body(action.body, "the note"), "discussion": state}
        db.execute(update(notes).where(notes.c.id == stands.id).values(**news))
        return action.ref

    def _link(self, db: Connection, _effect: Effect, action: LinkIssue) -> str:
        ref = given.issue_ref(action.ref)
        link(db, ref, given.issue_ref(action.to), self._by, self._forge.now())
        return ref

    def _unlink(self, db: Connection, _effect: Effect, action: UnlinkIssue) -> str:
        ref = given.issue_ref(action.ref)
        unlink(db, ref, given.issue_ref(action.to), self._forge.now())
        return ref

    def _set_facts(self, db: Connection, _effect: Effect, action: SetFacts) -> str:
        return change_facts(db, action.ref, action.changes, action.lines, action.expects)

    def _set_head(self, db: Connection, _effect: Effect, action: SetHead) -> str:
        ref = needed(db, given.item_ref(action.ref))
        table = issues if "#" in ref else merge_requests
        wanted, stood = given.head(action.head, ref), given.head(action.stood, ref)
        news = {name: value for name, value in wanted.items() if value != stood[name]}
        row = db.execute(select(table).where(table.c.ref == ref)).mappings().one()
        for name in news:
            if given.spelled(name, row[name]) != stood[name]:
                raise Refused(f"its {name} is not what the desk last saw", where=ref, remedy=AGAIN)
        db.execute(update(table).where(table.c.ref == ref).values(**news))
        return ref

    def _track_branch(self, db: Connection, effect: Effect, action: TrackBranch) -> str:
        history = self._forge.history(given.project(action.project))
        branch, target = given.branch(action.branch), given.branch(action.target)
        branches.needed_tip(history, target)
        branches.needed_tip(history, branch)
        refuse_a_second(db, self._seen, (action.project, branch, target))
        ref, row = self._row(db, effect, action)
        db.execute(insert(merge_requests).values(head="", **row))
        issue = needed(db, given.issue_ref(action.issue))
        db.execute(insert(merge_request_issues).values(issue=issue, merge_request=ref))
        self._seen(db, [ref])  # a look, so that where its branch is gets written down
        return ref

    def _row(
        self, db: Connection, effect: Effect, action: TrackBranch | OpenMergeRequest
    ) -> tuple[str, dict[str, Any]]:
        """Give a new merge request's reference, and its row without text and people."""
        number = next_number(db, merge_requests, action.project)
        ref = f"{action.project}!{number}"
        return ref, {
            "ref": ref,
            "project": action.project,
            "number": number,
            "branch": given.branch(action.branch),
            "target": given.branch(action.target),
            "title": given.line(action.title, "the title"),
            "body": "",
            "is_draft": 0,
            "labels": json.dumps(given.lines(action.labels, "a label")),
            "assignees": "[]",
            "reviewers": "[]",
            "author": given.identity(self._by).name,
            "created_at": given.instant(self._forge.now()),
            "mark": effect.key,
        }

    def _close_issue(self, db: Connection, _effect: Effect, action: CloseIssue) -> str:
        ref = needed(db, given.issue_ref(action.ref))
        db.execute(update(issues).where(issues.c.ref == ref).values(state=State.CLOSED.value))
        return ref

    def _lift(self, db: Connection, _effect: Effect, action: LiftConfidentiality) -> str:
        return lift(db, needed(db, given.issue_ref(action.ref)), action, given.instant(self._forge.now()))

    def _close_merge_request(self, db: Connection, _effect: Effect, action: CloseMergeRequest) -> str:
        found = self._needed(db, action.ref)
        if found.state is State.MERGED:
            raise Refused("it is merged", where=found.ref, remedy=AGAIN)
        db.execute(update(merge_requests).where(merge_requests.c.ref == found.ref).values(is_closed=1))
        return found.ref

    def _needed(self, db: Connection, ref: str) -> MergeRequest:
        which = needed(db, given.merge_request_ref(ref))
        return self._seen(db, [which])[0]

    def _change(self, effect: Effect, title: str, files: dict[str, str | None]) -> NewCommit:
        return NewCommit(files, title, effect.key, given.identity(self._by), self._forge.now())

    def _open_merge_request(self, db: Connection, effect: Effect, action: OpenMergeRequest) -> str:
        history = self._forge.history(action.project)
        ref, row = self._row(db, effect, action)
        row |= {
            "body": given.body(action.body, "the text"),
            "assignees": json.dumps(given.lines(action.assignees, "an assignee")),
            "reviewers": json.dumps(given.lines(action.reviewers, "a reviewer")),
        }
        branch, target = row["branch"], row["target"]
        base = branches.needed_tip(history, target)
        branches.refuse_undoing(history, base, dict(action.expects), f"{action.project}, branch {target}")
        files = dict(given.files(action.files))
        change = self._change(effect, action.title, dict(files))
        head = history.tip(branch)
        if not head:
            head = branches.committed(history, base, change)
            branches.start_branch(history, branch, head)
        elif not branches.holds(history, own := branches.keyed(history, head, base, effect.key), files):
            if own != head:  # it is a person's, or a person built on what an earlier attempt left
                raise Refused(
                    f"the branch {branch} is there already, and is not what this effect makes",
                    where=action.project,
                    remedy=f"look at it, and take it away if nobody needs it: git branch -D {branch}",
                )
            head = branches.committed(history, base, change)
            branches.move_branch(history, branch, own, head)
        db.execute(insert(merge_requests).values(head=head, base=history.merge_base(base, head), **row))
        return ref

    def _rewrite_files(self, db: Connection, effect: Effect, action: RewriteFiles) -> str:
        found = self._needed(db, action.ref)
        if found.state is not State.OPENED:
            raise Refused(f"it is {found.state}", where=found.ref, remedy=AGAIN)
        project = found.ref.partition("!")[0]
        history = self._forge.history(project)
        head = branches.needed_tip(history, found.branch)
        base = history.merge_base(branches.needed_tip(history, found.target), head)
        title, body = given.line(action.title, "the title"), given.body(action.body, "the text")
        wanted, expected = given.files(action.files), given.files(action.expects)
        if (found.title, found.body) != action.stood:
            raise Refused("its title or text is not what the desk last saw", where=found.ref, remedy=AGAIN)
        after: dict[str, str | None] = {**dict.fromkeys(expected), **wanted}
        if not branches.holds(history, branches.keyed(history, head, base, effect.key), after):
            branches.compare(history, (base, head), wanted, expected, found.ref)
            news = {path: text for path, text in after.items() if expected.get(path) != text}
            if news:
                made = branches.committed(history, head, self._change(effect, title, news))
                branches.move_branch(history, found.branch, head, made)
        db.execute(update(merge_requests).where(merge_requests.c.ref == found.ref).values(title=title, body=body))
        self._needed(db, found.ref)  # a look, so that where the branch now is gets written down
        return found.ref


_AGAIN = "look again, and plan again; nothing was changed"
_CONFIDENTIAL = select(issues.c.confidential)


def reads_at(db: Connection, forge: ForgeParts, place: str | ToOpen) -> bool:
    """Whether everybody can read a thing, or what is to be opened, as it is now."""
    if isinstance(place, ToOpen):
        return place.is_issue or place.project in forge.public
    if "!" in place:
        return place.partition("!")[0] in forge.public
    return "#" in place and db.scalar(_CONFIDENTIAL.where(issues.c.ref == given.issue_ref(place))) == 0


def lift(db: Connection, ref: str, action: LiftConfidentiality, at: str) -> str:
    """Make an issue public that still is what the plan showed; raises `Refused` for one that is another by now.

    Notes that outsiders may not read become internal first, in the same transaction.
    """
    row = db.execute(select(issues.c.title, issues.c.body, issues.c.facts).where(issues.c.ref == ref)).one()
    if (row.title, row.body, read_json(row.facts)) != (action.title, action.body, action.facts):
        raise Refused("it is not what the desk last saw, and all of it would be public", where=ref, remedy=_AGAIN)
    db.execute(update(notes).where((notes.c.issue == ref) & notes.c.body.not_in(list(action.notes))).values(internal=1))
    db.execute(update(issues).where(issues.c.ref == ref).values(confidential=0, public_since=at))
    return ref
