"""The writer of the desk on a GitLab: one row for each kind of effect, how it is found and how it is done."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from functools import partial
from typing import Any, ClassVar

from msgspec import Struct
from msgspec.structs import replace

from secrel.adapters.gitlab.addresses import place_at
from secrel.adapters.gitlab.client import Client
from secrel.adapters.gitlab.faults import Failed
from secrel.adapters.gitlab.profile import Profile
from secrel.adapters.gitlab.waiting import Timing
from secrel.adapters.gitlab.writing import editing, heads, links, opening, posts, requests, saying
from secrel.adapters.gitlab.writing.readers import need_all, reads_at
from secrel.adapters.gitlab.writing.sender import GitLabSender
from secrel.adapters.gitlab.writing.texts import is_marked
from secrel.words.effects import (
    Action,
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
from secrel.words.errors import InDoubt, Misused, NothingDone, NotSeen, Refused, said_with_remedy
from secrel.words.outcomes import CannotTell, Made, NotMade
from secrel.words.people import Actor
from secrel.words.readers import refuse_more_readers


class _Way(Struct, frozen=True):
    """How effects of one kind are found (`begun`: when this desk began), and how they are done: to an address."""

    found: Callable[[GitLabSender, Effect, Any, datetime | None], Made | NotMade | CannotTell]
    done: Callable[[GitLabSender, Effect, Any], str]


_NO_PROFILE = Profile()
_WAYS: Mapping[type[Action], _Way] = {
    OpenIssue: _Way(opening.found, opening.done),
    Adopt: _Way(editing.adopt_found, editing.adopt),
    RewriteIssue: _Way(editing.rewrite_found, editing.rewrite),
    Comment: _Way(saying.found, saying.done),
    OpenDiscussion: _Way(saying.found, saying.done),
    ChangeDiscussion: _Way(saying.change_found, saying.change),
    LinkIssue: _Way(links.found, links.done),
    UnlinkIssue: _Way(links.found, links.done),
    SetFacts: _Way(editing.facts_found, editing.set_facts),
    SetHead: _Way(heads.found, heads.done),
    TrackBranch: _Way(requests.found, requests.track),
    OpenMergeRequest: _Way(requests.found, requests.opened),
    RewriteFiles: _Way(posts.found, posts.done),
    CloseMergeRequest: _Way(editing.close_found, editing.close),
    CloseIssue: _Way(editing.close_found, editing.close),
    LiftConfidentiality: _Way(editing.lift_found, editing.lift),
}


class GitLabWriter:
    """Carries out effects on a GitLab in the name of the client's token; a `Writer`.

    Whoever acts, GitLab shows the user of the token. Raises what a `Writer` raises, and `Failed` when GitLab does not
    answer any more after something was sent.
    """

    kinds: ClassVar[frozenset[type[Action]]] = frozenset(_WAYS)

    def __init__(
        self, client: Client, timing: Timing, called: Collection[str] = (), profile: Profile = _NO_PROFILE
    ) -> None:
        """Take the client, the clock and how to wait, and what the instance's profile says.

        `called` are the handles that texts may call.
        """
        handles = frozenset(handle.removeprefix("@") for handle in called)
        self._sender = GitLabSender(client, timing, handles, frozenset(profile.accounts), profile.rows)
        self._is_paid = profile.is_paid

    def find(self, effect: Effect, *, begun: datetime | None) -> Made | NotMade | CannotTell:
        """Say whether the effect is there: by what cannot be there twice, or by its mark in a list.

        What this desk began is certainly not there only where the token's user can see everything.
        """
        if not effect.findable:
            return NotMade() if begun is None else CannotTell("it leaves no mark by which it could be found")
        way, effect = _way(effect), self._taken(effect)
        if begun is None:
            return way.found(self._sender, effect, effect.action, begun)
        try:
            found = way.found(self._sender, effect, effect.action, begun)
            if isinstance(found, NotMade):
                need_all(self._sender, effect.action)
        except (InDoubt, Misused, NotSeen, Refused) as fault:
            return CannotTell(said_with_remedy(fault))
        return found

    def do(self, effect: Effect, *, actor: Actor) -> Made:
        """Carry it out once, and see it; what is there already stays as it is."""
        del actor
        way, sender, effect = _way(effect), self._sender.begun(), self._taken(effect)
        try:
            refuse_more_readers(effect, partial(reads_at, sender), shows_links=True)
            _refuse_used(sender, effect)
            address = way.done(sender, effect, effect.action)
        except (Misused, NotSeen) as fault:
            if sender.has_written:
                raise InDoubt(f"it was sent, and {fault.what}", where=fault.where, remedy=fault.remedy) from None
            raise Misused(fault.what, where=fault.where, remedy=fault.remedy) from None
        except Failed as failed:
            if sender.has_written:
                raise
            raise NothingDone(failed.what, where=effect.key, remedy=failed.remedy) from None
        return Made(address, earlier=not sender.has_written)

    def _taken(self, effect: Effect) -> Effect:
        """Give an effect as this tier takes it: one that is not paid for takes one assignee, and one reviewer."""
        if self._is_paid:
            return effect
        action = _of_one(effect.action)
        if isinstance(action, SetHead):
            action = replace(action, head=_of_one(action.head), stood=_of_one(action.stood))
        return replace(effect, action=action)


def _of_one(told: Any) -> Any:
    """Leave one of the people whom an action or a head names, the first of each kind."""
    names = [name for name in ("assignees", "reviewers") if getattr(told, name, ())]
    return replace(told, **{name: getattr(told, name)[:1] for name in names})


def _refuse_used(sender: GitLabSender, effect: Effect) -> None:
    """Raise `Refused` when the key has opened the very thing that it is now to change."""
    ref = getattr(effect.action, "ref", "")
    if ref and is_marked(sender, sender.thing(place_at(ref, sender.client.instance)), effect.key):
        raise Refused(
            "this key was used to open it, and now to change it",
            where=effect.key,
            remedy="give the second effect a key of its own",
        )


def _way(effect: Effect) -> _Way:
    way = _WAYS.get(type(effect.action))
    if way is None:
        raise Misused(f"a GitLab does not carry out {effect.kind}", where=effect.key)
    return way
