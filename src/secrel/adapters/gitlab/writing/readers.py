"""Who can read what an effect writes on a GitLab, looked at again at the moment of writing (design.md, Reveals).

And whether the desk itself can: of what its token's user may not see nobody can say that it is not there.
"""

from __future__ import annotations

import msgspec

from secrel.adapters.gitlab.addresses import ThingPlace, place_at
from secrel.adapters.gitlab.reading import texts
from secrel.adapters.gitlab.reading.forms import ProjectForm
from secrel.adapters.gitlab.writing.sender import GitLabSender
from secrel.words.effects import Action
from secrel.words.errors import NotSeen
from secrel.words.readers import ToOpen

_MEMBER = "make the token's user a member of it, as Developer at least, and run it again: secrel doctor"


class _Around(msgspec.Struct, frozen=True):
    project: ProjectForm | None = None


def everybody_reads(sender: GitLabSender, place: ThingPlace) -> bool:
    """Whether more people than the members of its project can read an issue or a merge request, as it is now."""
    if not is_open(sender, place.project):
        return False
    return place.sort == "!" or not sender.thing(place).confidential


def is_open(sender: GitLabSender, project: str) -> bool:
    """Whether others than members can read a project: whoever is signed in (`internal`) counts as everybody."""
    return sender.project(project).visibility != "private"


def reads_at(sender: GitLabSender, place: str | ToOpen) -> bool:
    """Whether everybody can read a thing, or what is to be opened, as it is now."""
    if isinstance(place, ToOpen):
        return is_open(sender, place.project)
    return everybody_reads(sender, place_at(place, sender.client.instance))


def need_all(sender: GitLabSender, action: Action) -> None:
    """Raise `NotSeen` unless the token's user reads all of each project that an effect is about.

    GitLab says of what they may not see what it says of what is not there, and leaves it out of every list.
    """
    for project in _projects(sender, action):
        around = sender.client.ask(texts.examined(0), {"p": project}, _Around).data.project
        if around is None:
            raise NotSeen("it is not there, or the token's user may not see it", where=project, remedy=_MEMBER)
        if not around.max_access_level.reads_all:
            what = "the token's user may not read all of it, and what is looked for may be there unseen"
            raise NotSeen(what, where=project, remedy=_MEMBER)


def _projects(sender: GitLabSender, action: Action) -> list[str]:
    """Name the projects of an effect: that in which it opens something, and those of the things it is about."""
    refs = [getattr(action, name, "") for name in ("ref", "to", "issue")]
    places = [place_at(ref, sender.client.instance) for ref in (*refs, *getattr(action, "links", ())) if ref]
    named = [getattr(action, "project", ""), *(place.project for place in places)]
    return list(dict.fromkeys(filter(None, named)))
