"""Effects: what the desk may do to the world, as values with exact bytes (design.md, mechanisms)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Any, get_args

from msgspec import Struct

from secrel.words.errors import Misused
from secrel.words.facts.stated import Facts, FixFacts, ReleaseFacts, Stated
from secrel.words.facts.tables import as_table
from secrel.words.heads import NO_HEAD, Head
from secrel.words.patterns import pattern

_KEY = pattern(r"[\w.#!@+-]+(?:/[\w.#!@+-]+)+")


class OpenIssue(Struct, frozen=True):
    """Open an issue; `links` are references of issues to link it to; `facts` its details table."""

    project: str
    title: str
    body: str
    labels: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    confidential: bool = True
    due: date | None = None
    milestone: str = ""
    links: tuple[str, ...] = ()
    facts: Facts | None = None


class Adopt(Struct, frozen=True):
    """Take over an issue or a merge request that people opened: from then on it is what the effect's key would open.

    Only if title and text still are those of `stood`; both stay as they are, and the key's mark is left on it.
    `desk_text` and `desk_head` are what the desk would have written: they are not sent, and are kept as the base of the
    next three-way merge.
    """

    ref: str
    stood: tuple[str, str]
    desk_text: str = ""
    desk_head: Head = NO_HEAD


class RewriteIssue(Struct, frozen=True):
    """Replace an issue's text, if it still is `expects`: a person's edit in between is never lost.

    `desk_text` is what the desk would have written had nobody edited it: it is not sent, and is kept as the base of
    the next three-way merge.
    """

    ref: str
    body: str
    expects: str
    desk_text: str = ""


class Comment(Struct, frozen=True):
    """Add a note to an issue or a merge request."""

    ref: str
    body: str


class OpenDiscussion(Struct, frozen=True):
    """Begin a discussion on a merge request, which is open until somebody resolves it."""

    ref: str
    body: str


class ChangeDiscussion(Struct, frozen=True):
    """Let a discussion that the desk began say `body`, and resolve it or open it again, if it still says `expects`.

    `ref` is the address of the note that began it. What people answered stays.
    """

    ref: str
    body: str
    is_resolved: bool
    expects: str


class LinkIssue(Struct, frozen=True):
    """Link the issue `ref` to the tracking issue `to`."""

    ref: str
    to: str


class UnlinkIssue(Struct, frozen=True):
    """Take the issue `ref` out of the tracking issue `to`."""

    ref: str
    to: str


class SetFacts(Struct, frozen=True):
    """Make `lines` of an issue's details table say what `changes` says; one that it does not state goes away.

    Only if these lines still say what `expects` has, the table as the desk saw it: a person's edit is never lost.
    """

    ref: str
    changes: Facts
    lines: tuple[str, ...]
    expects: Stated

    @classmethod
    def seen(cls, ref: str, table: Stated, changes: Facts, lines: Iterable[str]) -> SetFacts:
        """Change these lines of a table as it was seen."""
        named = tuple(lines)
        return cls(ref, changes, named, table.only(named))


class SetHead(Struct, frozen=True):
    """Give an issue or a merge request the title, labels, people and day of `head`, if it still has those of `stood`.

    `desk_head` as `desk_text` in `RewriteIssue`.
    """

    ref: str
    head: Head
    stood: Head
    desk_head: Head = NO_HEAD


class TrackBranch(Struct, frozen=True):
    """Open a merge request for a branch that is there already, and relate it to the issue `issue`."""

    project: str
    branch: str
    target: str
    title: str
    issue: str
    labels: tuple[str, ...] = ()


class OpenMergeRequest(Struct, frozen=True):
    """Commit `files` (path, text) on a new branch from `target`, and open a merge request for it.

    `vouched` says by which verdicts the files may go there, one row for each evidence or signature: the gate, the
    verdict, about what or by whom, what. It is not sent, and is remembered. `expects` are files as they have to stand
    in `target`: what people changed there since is not undone. `desk_text` as in `RewriteIssue`.
    """

    project: str
    branch: str
    target: str
    title: str
    body: str
    files: tuple[tuple[str, str], ...]
    labels: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    vouched: tuple[tuple[str, str, str, str], ...] = ()
    expects: tuple[tuple[str, str], ...] = ()
    desk_text: str = ""


class RewriteFiles(Struct, frozen=True):
    """Commit a new state of a merge request's files, if they still are `expects`; `title` and `body` follow.

    Files that `expects` has and `files` has not are removed. `stood` are title and text as they were found: a person's
    edit of them in between is never lost. `desk_text` as in `RewriteIssue`, `vouched` as in `OpenMergeRequest`.
    """

    ref: str
    title: str
    body: str
    files: tuple[tuple[str, str], ...]
    expects: tuple[tuple[str, str], ...]
    stood: tuple[str, str]
    desk_text: str = ""
    vouched: tuple[tuple[str, str, str, str], ...] = ()


class CloseMergeRequest(Struct, frozen=True):
    """Close a merge request without merging it."""

    ref: str


class CloseIssue(Struct, frozen=True):
    """Close an issue."""

    ref: str


class LiftConfidentiality(Struct, frozen=True):
    """Make an issue public, if it still says exactly this: what outsiders will be able to read, to the byte.

    `notes` are those that they may read; others stay inside, and a forge that cannot do that refuses.
    """

    ref: str
    title: str
    body: str
    facts: Stated
    notes: tuple[str, ...] = ()


class SendMail(Struct, frozen=True):
    """Send a mail: `eml` is the whole message, RFC 5322, as text with line feeds."""

    to: str
    subject: str
    eml: str


class PostMessage(Struct, frozen=True):
    """Post a message to a channel of the team, or send it to whom `channel` names: another CNA."""

    channel: str
    text: str


class TellReporter(Struct, frozen=True):
    """Send a notice to the finder of a report; `report` is its address, or a handle, `named` who is credited for it.

    A finder who is credited without a name is named by an empty text.
    """

    report: str
    text: str
    named: tuple[str, ...] = ()


class PublishRecord(Struct, frozen=True):
    """Publish a CVE record: `record` is the JSON text.

    Only where there is none, or in the place of one of `replaces`, the digests of what the desk has prepared of it.
    """

    cve_id: str
    record: str
    replaces: tuple[str, ...] = ()


ForgeAction = (
    OpenIssue
    | Adopt
    | RewriteIssue
    | Comment
    | OpenDiscussion
    | ChangeDiscussion
    | LinkIssue
    | UnlinkIssue
    | SetFacts
    | SetHead
    | TrackBranch
    | OpenMergeRequest
    | RewriteFiles
    | CloseMergeRequest
    | CloseIssue
    | LiftConfidentiality
)
"""What is done on a forge."""
SentAction = SendMail | PostMessage | TellReporter | PublishRecord
"""What is sent to people elsewhere."""
SENT_KINDS = frozenset(kind.__name__ for kind in get_args(SentAction))
"""The names of those kinds, as an intent has them."""
Action = ForgeAction | SentAction


class Audience(StrEnum):
    """Who can read what an effect sends: the people of the embargo, named people outside, or everybody."""

    TEAM = "team"
    OUTSIDERS = "outsiders"
    EVERYBODY = "everybody"


class Effect(Struct, frozen=True):
    """One thing to be done to the world, once.

    `key` comes from the domain (`2026-11/post/draft`) and is the mark it leaves; `audience` is who can read what it
    sends, as far as was seen; `findable` that it can be found again by its mark (a mail cannot: it is blind);
    `not_before` is when its embargo lifts, and whatever reveals has one.
    """

    key: str
    action: Action
    summary: str
    audience: Audience = Audience.TEAM
    findable: bool = True
    not_before: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse a key that is no path, and a reveal without its embargo."""
        if not _KEY.fullmatch(self.key):
            raise Misused(f"{self.key[:60]!r} is not a key", remedy="write it as a path, such as 2026-11/post/draft")
        if self.reveals and (self.not_before is None or self.not_before.tzinfo is None):
            raise Misused(f"{self.key} reveals, and says no instant at which its embargo lifts")

    @property
    def reveals(self) -> bool:
        """Whether it makes something public, or tells somebody outside."""
        return self.audience is not Audience.TEAM

    @property
    def kind(self) -> str:
        """The name of its action, such as `OpenIssue`."""
        return type(self.action).__name__

    @property
    def needs_approval(self) -> bool:
        """Whether a person has to approve it: it reveals, it is blind, or it takes over what others opened."""
        return self.reveals or not self.findable or isinstance(self.action, Adopt)


def values_of(what: Effect | Action | Head) -> dict[str, Any]:
    """Give an effect or an action as what JSON can hold: facts as their table says them."""
    return {name: _value(getattr(what, name)) for name in what.__struct_fields__}


_NOT_SENT = frozenset({"expects", "stood", "replaces", "desk_text", "desk_head", "vouched", "named"})
"""Fields with what is compared before, or kept for later: nobody outside reads them."""


def sent_by(action: Action) -> dict[str, Any]:
    """Give what an action sends, as JSON can hold it: without what is only compared or kept."""
    return {name: value for name, value in values_of(action).items() if name not in _NOT_SENT}


def _value(value: Any) -> Any:
    match value:
        case FixFacts() | ReleaseFacts():
            return as_table(value)
        case Stated():
            return value.table
        case _:
            return values_of(value) if isinstance(value, Action | Head) else value


def address_of(key: str) -> str:
    """Stand for the address of what the effect `key` makes, known only once it is made."""
    return f"⟦{key}⟧"


def plain(text: str) -> str:
    """Take the signs of such references out of text written by others."""
    return text.replace("⟦", "[").replace("⟧", "]")
