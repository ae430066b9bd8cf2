"""The form of what REST answers about the things that the desk writes: an answer without a part has another form."""

from __future__ import annotations

import msgspec

from secrel.adapters.gitlab.addresses import ThingPlace


class UserAnswer(msgspec.Struct, frozen=True):
    """A user, as they stand in other things."""

    id: int
    username: str


class NamedThing(msgspec.Struct, frozen=True):
    """Something with a number and a name: a label, a branch."""

    name: str
    id: int = 0


class MilestoneAnswer(msgspec.Struct, frozen=True):
    """A milestone."""

    id: int
    title: str


class Full(msgspec.Struct, frozen=True):
    """The reference of a thing with its project."""

    full: str


class ThingAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An issue or a merge request, with what the desk writes of either; what one sort has not is empty.

    What GitLab says of every one of a sort has to be there: an answer without it is of another form, and says of
    nothing that it is none.
    """

    iid: int
    title: str
    state: str
    description: str | None
    labels: list[str]
    assignees: list[UserAnswer]
    author: UserAnswer | None = None
    reviewers: list[UserAnswer] = []
    confidential: bool = False
    due_date: str | None = None
    source_branch: str = ""
    target_branch: str = ""

    @property
    def text(self) -> str:
        """The description; empty for none."""
        return self.description or ""


class IssueAnswer(ThingAnswer, frozen=True, kw_only=True):
    """An issue."""

    confidential: bool
    due_date: str | None


class RequestAnswer(ThingAnswer, frozen=True, kw_only=True):
    """A merge request."""

    reviewers: list[UserAnswer]
    source_branch: str
    target_branch: str


class LinkAnswer(msgspec.Struct, frozen=True):
    """An issue that is linked to another, with the number of the link."""

    references: Full
    issue_link_id: int


class NoteAnswer(msgspec.Struct, frozen=True):
    """A note: of a person, or of GitLab's own (`system`); only in a discussion it is resolved or not."""

    id: int
    body: str
    system: bool
    author: UserAnswer | None = None
    internal: bool = False
    confidential: bool = False
    resolved: bool | None = None

    @property
    def text(self) -> str:
        """The body."""
        return self.body


class DiscussionAnswer(msgspec.Struct, frozen=True):
    """A discussion, with its notes, the one that began it first."""

    id: str
    notes: list[NoteAnswer]


class ProjectAnswer(msgspec.Struct, frozen=True):
    """A project, and who can read it: `private`, `internal`, `public`."""

    id: int
    visibility: str


class WriteAnswer(msgspec.Struct, frozen=True):
    """What an answer to a write says that is needed: quick actions alone make nothing, and have no number."""

    id: int | str | None = None


def form_of(place: ThingPlace) -> type[ThingAnswer]:
    """Give the form of an issue's answer, or of a merge request's."""
    return IssueAnswer if place.sort == "#" else RequestAnswer
