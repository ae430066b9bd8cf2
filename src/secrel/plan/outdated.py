"""What was prepared for sending and says otherwise than the facts do by now."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial

from msgspec.structs import replace

from secrel.evaluate.people import has_left, is_out, unsent
from secrel.papers.scene import Scene
from secrel.plan.lines import work_named
from secrel.plan.making import CORRECTED, Step
from secrel.plan.plan import Refusal
from secrel.verify import email as mails
from secrel.words.effects import Action, Effect, SendMail, SentAction, TellReporter, sent_by
from secrel.words.outcomes import Receipt, first_key, standing
from secrel.words.parts import Part, Seen, Unseen

SENDING = ("email", "cve_requests", "cve_records", "reporters")
"""The lines of work that prepare what says facts and goes to people elsewhere, each under a key of its own."""
_ENDS = ("cve/ask/", "cve/publish/", "cve/tell/", "report/")
"""How the keys of what they prepare go on behind the release, but for the mail's."""
_UNKNOWN, _LONGEST = "text, which this desk's journal does not know", 160
_CALLED = {"eml": "text", "to": "recipients", "report": "report", "cve_id": "id"}


def would_prepare(scene: Scene) -> Sequence[Step]:
    """Give what the desk would prepare now if it had prepared nothing; nothing where it has prepared nothing."""
    receipts = scene.snapshot.receipts
    kept = {key: one for key, one in receipts.items() if not _is_of(one, scene)}
    if len(kept) == len(receipts):
        return ()
    as_if_new = replace(scene, snapshot=replace(scene.snapshot, receipts=kept))
    return [step for work in SENDING for step in work_named(work)(as_if_new)]


def outdated(scene: Scene, steps: Sequence[Step], sent: Mapping[str, SentAction]) -> dict[str, Part[tuple[str, ...]]]:
    """Say what the facts have changed in things to send since they were prepared, by their first keys.

    `steps` are what `would_prepare` gives. `sent` has what was prepared last, by its key; what nobody
    knows them of counts as changed. A record that has left can be brought up to date, and who has a notice gets another
    one where what it says is not so any more: an id that came later is no such thing. A mail that has left is corrected
    by another one, which may lie prepared, where versions, severities, scores or numbers are not so any more.
    """
    without_ids = cache(partial(_without_ids, scene))
    found: dict[str, Part[tuple[str, ...]]] = {
        key: Unseen(step.what) for step in steps if isinstance(step, Refusal) for key in step.keys
    }
    for effect in (step for step in steps if isinstance(step, Effect)):
        last = standing(scene.snapshot.receipts, effect.key)
        if last is None:
            continue
        before, gone = sent.get(last.key), is_out(scene.snapshot, last)
        if isinstance(effect.action, TellReporter) and gone:
            found[effect.key] = Seen(tuple(_untrue(before, effect, without_ids)))
        elif isinstance(effect.action, SendMail) and has_left(scene.snapshot, effect.key):
            found[effect.key] = Seen(_misstated(before, effect.action))
        else:
            found[effect.key] = Seen(tuple(_differing(before, effect.action)))
    return found


def unwanted(scene: Scene, steps: Sequence[Step]) -> frozenset[str]:
    """Give the first keys of what was prepared, was not sent, and that no fact wants any more.

    It is the record of an id that was rejected or given up, the notice to a finder who is credited no longer, or the
    question for an id that has come.
    `steps` are what `would_prepare` gives. What the desk made public had its reports taken out of it: that says nothing
    of a notice that was prepared before.
    """
    told, ends = scene.snapshot.told, tuple(map(scene.key, _ENDS))
    own = {first_key(one.key) for one in unsent(scene.snapshot) if one.key.startswith(ends)}
    if not own or isinstance(told, Unseen) or told.shortfall:
        return frozenset()
    wanted = {step.key for step in steps if isinstance(step, Effect)}
    public = scene.key("public/")
    bared = tuple(
        f"{scene.key('report')}/{key.removeprefix(public)}/"
        for key in scene.snapshot.receipts
        if key.startswith(public)
    )
    own -= {key for key in own if key.startswith(bared)}
    held = {key for step in steps if isinstance(step, Refusal) for key in step.keys}
    return frozenset(own - wanted - held)


def _is_of(receipt: Receipt, scene: Scene) -> bool:
    own = first_key(receipt.key)
    return own == scene.key("email") or own.startswith(tuple(map(scene.key, _ENDS)))


def _untrue(before: SentAction | None, effect: Effect, without_ids: Callable[[], Mapping[str, str]]) -> Iterator[str]:
    """Say what a notice that somebody has says otherwise than the facts do now, with both; nothing for mere news."""
    if not isinstance(before, TellReporter):
        yield _UNKNOWN
        return
    said, now = before.text.removeprefix(CORRECTED), _text_of(effect)
    if said == now or said == without_ids().get(effect.key, ""):
        return
    lines = [[line for line in text.splitlines() if line.strip()] for text in (said, now)]
    old = next((line for line in lines[0] if line not in lines[1]), "")
    new = next((line for line in lines[1] if line not in lines[0]), "")
    yield f"text ({_short(old)!r} then, {_short(new)!r} now)"


def _misstated(before: SentAction | None, now: SendMail) -> tuple[str, ...]:
    """Name the facts that a mail says otherwise than they are now; none of one that the journal does not know."""
    if not isinstance(before, SendMail):
        return ()
    told, says = (mails.read_email(eml.encode()).text for eml in (before.eml, now.eml))
    return mails.misstated(told.text, says.text) if told and says else ()


def _short(line: str) -> str:
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def _without_ids(scene: Scene) -> Mapping[str, str]:
    """Give every notice, by its key, as if no id had been assigned: one that was sent before that is true still."""
    contents = scene.snapshot.contents
    bare = tuple(replace(one, cve_id=None, assigned_by="") for one in contents.advisories)
    seen = replace(scene.snapshot, contents=replace(contents, advisories=bare))
    steps = would_prepare(replace(scene, snapshot=seen))
    return {step.key: _text_of(step) for step in steps if isinstance(step, Effect)}


def _text_of(effect: Effect) -> str:
    return str(sent_by(effect.action).get("text", ""))


def _differing(before: SentAction | None, now: Action) -> Iterator[str]:
    """Name the parts of something to send that are others now, never what they say."""
    if before is None:
        yield _UNKNOWN
        return
    told = sent_by(before)
    for name, value in sent_by(now).items():
        if name == "record" and told.get(name) != value:
            yield from _parts(str(told.get(name)), str(value))
        elif str(told.get(name)).removeprefix(CORRECTED) != str(value):
            yield _CALLED.get(name, name)


def _parts(before: str, now: str) -> Iterator[str]:
    told, says = (json.loads(text)["containers"]["cna"] for text in (before, now))
    named = [name for name in {**says, **told} if told.get(name) != says.get(name)]
    yield from named or ["metadata"]
