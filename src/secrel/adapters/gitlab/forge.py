"""GitLab as the desk reads it: the port's questions, each answered in parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import ClassVar

from msgspec.structs import replace

from secrel.adapters.gitlab.addresses import ThingPlace
from secrel.adapters.gitlab.client import Client
from secrel.adapters.gitlab.examining import examine
from secrel.adapters.gitlab.looking import GitLabLook
from secrel.adapters.gitlab.marks import Mark, token_of, unmarked
from secrel.adapters.gitlab.profile import Profile, is_among
from secrel.adapters.gitlab.reading import texts
from secrel.adapters.gitlab.reading.asking import Questions
from secrel.adapters.gitlab.reading.forms import ItemForm, NoteForm
from secrel.adapters.gitlab.reading.instance import Instance
from secrel.adapters.gitlab.reading.listing import Making, Marked, listed, part_of
from secrel.adapters.gitlab.reading.making import issue_of, keys_of, links_of
from secrel.adapters.gitlab.reading.things import Thing
from secrel.words.errors import SecrelError
from secrel.words.examined import Examined, Needs
from secrel.words.forge import Issue, MergeRequest, State
from secrel.words.parts import Part, Seen, Unseen
from secrel.words.sighting import TRACKING, Asked, EmbargoRule, LabelRule, Sighting, Sought, Tracked, blind


class GitLab:
    """A `ForgeReader` on an instance of GitLab, which mails whoever is mentioned; it writes nothing."""

    tells: ClassVar[bool] = True

    def __init__(self, client: Client, profile: Profile) -> None:
        """Take the client, and what the instance's profile says. Nothing is asked yet."""
        self._asking = Questions(client)
        self._gitlab = Instance(self._asking, profile)

    def close(self) -> None:
        """Let go of connections and threads."""
        self._asking.close()
        self._asking.client.close()

    def examine(self, needs: Needs, today: date) -> Iterator[Examined]:
        """Say of everything that a desk needs here whether it is there, and what mends it; nothing is written."""
        profile = self._gitlab.profile
        every = tuple(dict.fromkeys((*profile.projects, *profile.further)))
        wanted = replace(needs, looked_at=needs.looked_at.union(profile.further))
        yield from examine(self._asking, every, wanted, today, profile)

    def look(self, asked: Asked) -> Sighting:
        """Look at one release, in at most four waves of concurrent requests."""
        try:
            return GitLabLook(self._gitlab, asked).sighting()
        except SecrelError as fault:
            return blind(asked, fault)

    def releases(self, rule: LabelRule) -> Part[tuple[Tracked, ...]]:
        """Give the tracking issue of every release that a desk opened or took over, by the release's name."""
        return part_of(lambda: self._releases(rule), rule.project)

    def _releases(self, rule: LabelRule) -> Part[tuple[Tracked, ...]]:
        made = Making(self._gitlab).of(rule.project, "#")
        if isinstance(made, Unseen):
            return made
        short = [made.shortfall]
        adopted = [one.place for one in self._labelled_marks(rule, short)]
        places = dict.fromkeys([*(one.place for one in made.value if _tracks(one)), *adopted])
        issues, missing = self._issues(list(places))
        ending = f"/{TRACKING}"
        found = [Tracked(one.mark.removesuffix(ending), one) for _, one in issues if one.mark.endswith(ending)]
        missing = [*filter(None, (*short, *missing))]
        return Seen(tuple(sorted(found, key=lambda one: one.release)), rule.project, "; ".join(missing))

    def _labelled_marks(self, rule: LabelRule, short: list[str]) -> list[Marked]:
        """List what bears a mark among the tracking issues, whoever opened them: whose the mark is tells a look."""
        asked = {"p": rule.project, "label": list(rule.labels)}
        found = (
            (one.iid, unmarked(one.description or "")[1])
            for one in listed(self._gitlab, texts.MADE_ISSUES, asked, short)
        )
        return [Marked(ThingPlace(rule.project, "#", int(iid)), mark) for iid, mark in found if mark is not None]

    def labelled(self, rule: LabelRule) -> Part[tuple[Issue, ...]]:
        """Give the open issues of the project that carry all the labels, oldest first."""
        return part_of(lambda: self._open(rule), rule.project)

    def _open(self, rule: LabelRule) -> Part[tuple[Issue, ...]]:
        short: list[str] = []
        asked = {"p": rule.project, "label": list(rule.labels), "state": State.OPENED}
        places = [
            ThingPlace(rule.project, "#", int(one.iid)) for one in listed(self._gitlab, texts.MADE_ISSUES, asked, short)
        ]
        issues, missing = self._issues(places)
        kept = tuple(one for _, one in issues if one.state is State.OPENED and set(rule.labels) <= one.labels)
        return Seen(kept, rule.project, "; ".join((*short, *missing)))

    def proposed(self, project: str) -> Part[tuple[MergeRequest, ...]]:
        """Give the open merge requests of the project with the files they change, oldest first."""
        return part_of(lambda: self._proposed(project), project)

    def _proposed(self, project: str) -> Part[tuple[MergeRequest, ...]]:
        short: list[str] = []
        listing = listed(self._gitlab, texts.MADE_REQUESTS, {"p": project, "state": State.OPENED}, short)
        places = {str(number): ThingPlace(project, "!", int(one.iid)) for number, one in enumerate(listing)}
        sought = {number: Sought("", project, place.ref) for number, place in places.items()}
        requests = GitLabLook(self._gitlab, Asked("", {}, sought)).sighting().requests
        short += [f"{places[number].ref}: {one.reason}" for number, one in requests.items() if isinstance(one, Unseen)]
        found = [one.value for one in requests.values() if isinstance(one, Seen) and one.value is not None]
        return Seen(tuple(one for one in found if one.state is State.OPENED), project, "; ".join(short))

    def embargoed(self, rule: EmbargoRule) -> Part[tuple[Issue, ...]]:
        """Give the confidential issues of these projects that carry the label."""
        return part_of(lambda: self._embargoed(rule), ", ".join(rule.projects))

    def _embargoed(self, rule: EmbargoRule) -> Part[tuple[Issue, ...]]:
        short: list[str] = []
        jobs = [partial(self._labelled, project, rule.label, short) for project in dict.fromkeys(rule.projects)]
        places = [place for some in self._asking.chains(*jobs) for place in some] if jobs else []
        issues, missing = self._issues(places)
        kept = tuple(issue for _, issue in issues if issue.confidential and rule.label in issue.labels)
        return Seen(kept, shortfall="; ".join((*short, *missing)))

    def _labelled(self, project: str, label: str, short: list[str]) -> list[ThingPlace]:
        """List what carries a label: all of it, since what nobody marked confidential is so in a private project."""
        try:
            asked = {"p": project, "label": [label]}
            return [
                ThingPlace(project, "#", int(one.iid)) for one in listed(self._gitlab, texts.MADE_ISSUES, asked, short)
            ]
        except SecrelError as fault:
            short.append(f"{project}: {fault.what}")
            return []

    def _issues(self, places: Sequence[ThingPlace]) -> tuple[list[tuple[ThingPlace, Issue]], list[str]]:
        """Give these issues, and what of them could not be seen."""
        found: list[tuple[ThingPlace, Issue]] = []
        short: list[str] = []
        trust = self._gitlab.trust()
        for place, part in self._gitlab.things.issues(places, texts.DOCUMENT).items():
            thing = part.value if isinstance(part, Seen) else None
            made = issue_of(thing, trust) if thing is not None else part
            if isinstance(made, Unseen):
                short.append(f"{place.ref}: {made.reason}")
            elif isinstance(made.value, Issue):
                found.append((place, made.value))
                short += [f"{place.ref}: {made.shortfall}"] if made.shortfall else []
        return sorted(found, key=lambda one: (one[0].project, one[0].iid)), short

    def marks(self, release: str, rule: LabelRule) -> Part[Mapping[str, str]]:
        """Give the address of everything that bears the mark of a desk for one release, by the key of its effect.

        On GitLab that is what was opened, the tracking issue that was taken over, and notes: what changes a thing that
        is there leaves no mark of its own.
        """
        return part_of(lambda: self._marks(release, rule), release)

    def _marks(self, release: str, rule: LabelRule) -> Part[Mapping[str, str]]:
        making = Making(self._gitlab)
        pairs = [(project, sort) for project in self._gitlab.profile.projects for sort in "#!"]
        lists = self._asking.chains(*[partial(making.of, *pair) for pair in pairs]) if pairs else []
        unseen = next((part for part in lists if isinstance(part, Unseen)), None)
        if unseen is not None:
            return unseen
        short = [part.shortfall for part in lists if isinstance(part, Seen) and part.shortfall]
        made = [one for part in lists if isinstance(part, Seen) for one in part.value]
        made += self._adopted(release, rule, short)
        found = {key: one.place.address for one in made for key in [_key(one, release)] if key}
        noted = self._noted(release, [one.place for one in made if _key(one, release)], short)
        return Seen({**noted, **found}, release, "; ".join(short))

    def _adopted(self, release: str, rule: LabelRule, short: list[str]) -> list[Marked]:
        """Give the tracking issue that a desk took over for a release: its mark counts when an account wrote it."""
        key = f"{release}/{TRACKING}"
        marked = [one for one in self._labelled_marks(rule, short) if one.mark.is_of(key)] if rule.project else []
        issues, missing = self._issues([one.place for one in marked])
        short += missing
        return [Marked(place, Mark(token_of(key), key)) for place, issue in issues if issue.mark == key]

    def _noted(self, release: str, places: Sequence[ThingPlace], short: list[str]) -> dict[str, str]:
        """Give the notes of a release that bear a mark: on its documents, and on the issues of its fixes."""
        tracked = self._gitlab.things.issues([place for place in places if place.sort == "#"], texts.TRACKING)
        things = list(_seen(tracked, short))
        links = [link for thing in things for some in links_of(thing, self._gitlab.instance)[:2] for link in some]
        fixes = [
            ThingPlace(ref.partition("#")[0], "#", int(ref.partition("#")[2])) for ref in {link.ref for link in links}
        ]
        further = list(_seen(self._gitlab.things.issues(fixes, texts.DOCUMENT), short))
        requests = self._gitlab.requests([place for place in places if place.sort == "!"])
        notes = [(one.place, one.list("notes")) for one in (*things, *further)]
        for place, part in requests.items():
            if isinstance(part, Unseen):
                short.append(f"{place.ref}: {part.reason}")
            elif part.value is not None:
                notes.append((place, part.value.list("notes")))
        short += [f"{place.ref}: {told.shortfall}" for place, told in notes if told.shortfall]
        accounts = frozenset(self._gitlab.accounts())
        return {
            key: f"{place.ref}#note_{form.id.rpartition('/')[2]}"
            for place, told in notes
            for form in told.items
            for key in [_key_of_note(form, release, accounts)]
            if key
        }


def _tracks(one: Marked) -> bool:
    return one.mark.key.endswith(f"/{TRACKING}")


def _key(one: Marked, release: str) -> str:
    if one.mark.key:
        return one.mark.key if one.mark.key.startswith(f"{release}/") else ""
    return next((key for key in keys_of(release) if one.mark.is_of(key)), "")


def _key_of_note(form: NoteForm, release: str, accounts: frozenset[str]) -> str:
    if form.system or form.author is None or not is_among(form.author.username, accounts):
        return ""
    _, mark = unmarked(form.body)
    return _key(Marked(ThingPlace("", "#", 0), mark), release) if mark else ""


def _seen(parts: Mapping[ThingPlace, Part[Thing[ItemForm] | None]], short: list[str]) -> Iterator[Thing[ItemForm]]:
    for place, part in parts.items():
        if isinstance(part, Unseen):
            short.append(f"{place.ref}: {part.reason}")
        elif part.value is not None:
            yield part.value
