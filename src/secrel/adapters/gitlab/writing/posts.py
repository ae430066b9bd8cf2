"""A merge request's files are rewritten: what a person changed of them, of its title or its text is never lost."""

from __future__ import annotations

from datetime import datetime

from secrel.adapters.gitlab.addresses import ThingPlace, merge_request_place
from secrel.adapters.gitlab.neutral import original
from secrel.adapters.gitlab.reading.answers import ThingAnswer
from secrel.adapters.gitlab.writing.files import Commit, checked, commit, holds
from secrel.adapters.gitlab.writing.files import standing as files_at
from secrel.adapters.gitlab.writing.readers import everybody_reads
from secrel.adapters.gitlab.writing.sender import AGAIN, GitLabSender
from secrel.adapters.gitlab.writing.texts import meant_by, redescribed, same, titled, words_in
from secrel.words.effects import Effect, RewriteFiles
from secrel.words.errors import Refused
from secrel.words.outcomes import Made, NotMade


def found(sender: GitLabSender, _effect: Effect, action: RewriteFiles, begun: datetime | None) -> Made | NotMade:
    """Say whether title, text and files are as they were to be."""
    del begun
    place = merge_request_place(action.ref, sender.client.instance)
    stands = sender.standing(place)
    if stands is None or not _is_told(stands, action):
        return NotMade()
    after = _after(action)
    return Made(place.ref) if holds(files_at(sender, place.project, stands.source_branch, after), after) else NotMade()


def done(sender: GitLabSender, effect: Effect, action: RewriteFiles) -> str:
    """Commit the files, then bring title and text up to date; each only over what the desk last saw of it."""
    place = merge_request_place(action.ref, sender.client.instance)
    stands = sender.thing(place)
    if stands.state != "opened":
        raise Refused(f"it is {stands.state}", where=place.ref, remedy=AGAIN)
    _refuse_changed(stands, action, place)
    after = _after(action)
    there = files_at(sender, place.project, stands.source_branch, after)
    if not holds(there, after):
        expected = checked(action.expects)
        base = files_at(sender, place.project, stands.target_branch, [path for path in after if path not in expected])
        for path in after:
            if there[path].text != (expected[path] if path in expected else base[path].text):
                raise Refused("a file is not what the desk last saw", where=place.ref, remedy=AGAIN)
        commit(sender, Commit(place.project, stands.source_branch, action.title, effect.key), there, after)
    return _titled(sender, action, place)


def _after(action: RewriteFiles) -> dict[str, str | None]:
    return {**dict.fromkeys(checked(action.expects)), **checked(action.files)}


def _is_told(stands: ThingAnswer, action: RewriteFiles) -> bool:
    return original(stands.title) == action.title and same(words_in(stands.text), action.body)


def _refuse_changed(stands: ThingAnswer, action: RewriteFiles, place: ThingPlace) -> None:
    title, text = action.stood
    as_stood = original(stands.title) == title and same(words_in(stands.text), text)
    if not as_stood and not _is_told(stands, action):
        raise Refused("its title or text is not what the desk last saw", where=place.ref, remedy=AGAIN)


def _titled(sender: GitLabSender, action: RewriteFiles, place: ThingPlace) -> str:
    stands = sender.thing(place)
    _refuse_changed(stands, action, place)
    if _is_told(stands, action):
        return place.ref
    meant = meant_by(sender, is_public=everybody_reads(sender, place))
    fields = {"title": titled(action.title), "description": redescribed(action.body, meant, stands.text)}
    return sender.change(place, fields, lambda now: _is_told(now, action))
