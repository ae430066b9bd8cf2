"""`secrel outbox` and `secrel sent`: what is prepared and still to be sent, and saying that it was."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import tzinfo
from itertools import groupby

from secrel.cli.complaining import shown
from secrel.cli.session import NOWHERE, Format, Where, note, open_desk, reader_of, release_name, say, someone
from secrel.desk.looking import look
from secrel.desk.sending import Outgoing, outgoing, say_sent
from secrel.evaluate.people import given_up
from secrel.evaluate.remedies import quoted
from secrel.papers.text import markdown_text
from secrel.papers.wording import for_you
from secrel.words.errors import Exit
from secrel.words.releases import joined

_SAID = {"mail": "Mails", "record": "CVE records", "notice": "Notices to finders", "message": "Messages"}

_PLURAL = {kind: kind if kind == "mail" else f"{kind}s" for kind in _SAID}


def outbox(release: str = "", /, *, format: Format = "text", where: Where = NOWHERE) -> int:
    """List what is prepared and was not sent: what it is, to whom it goes, who sends it, and where it lies.

    Example: `secrel outbox 2026-11`. When you have sent something, say so: `secrel sent 2026-11 notices --by amara`.

    Exit words: 0 done.

    Parameters
    ----------
    release
        The release's name; without it, the next one that is due, or else the last one.
    format
        text or markdown a line each; json with the same for programs.
    """
    desk = open_desk(where)
    name = release_name(desk, release)
    seen = look(desk, name)
    waiting = outgoing(desk.journal.entries(name), seen)
    match format:
        case "json":
            say(json.dumps({"version": 1, "release": name, "prepared": [_row(one) for one in waiting]}, indent=2))
        case "markdown":
            say("\n".join(f"- {markdown_text(line)}" for line in _lines(waiting, None)) or "Nothing waits to be sent.")
        case _:
            say(shown("\n".join(_listed(waiting, reader_of(desk)))) if waiting else "nothing waits to be sent")
    for one in given_up(seen.snapshot):
        note(f"not to be sent any more, as its facts are gone; delete it: {one.key}: {one.address}")
    if any(one.changed for one in waiting):
        note(f"to prepare anew what the facts have changed: secrel plan {quoted(name)}")
    if to_send := " ".join(to_say(waiting)):
        note(f"when all of it is sent (of a part, name the keys): secrel sent {quoted(name)} {to_send}")
    return Exit.DONE


def sent(release: str, what: str, /, *more: str, words: str = "", where: Where = NOWHERE) -> int:
    """Say that what was prepared in the outbox has been sent: by its key, or all of a kind at once.

    Example: all notices to finders `secrel sent 2026-11 notices --by amara`; the mail and the records
    `secrel sent 2026-11 mail records --by amara`; one thing `secrel sent 2026-11 2026-11/email --by amara`.

    It is kept as your word, with your name and the time: secrel has not seen it.

    Exit words: 0 done, 2 misused.

    Parameters
    ----------
    release
        The release's name.
    what
        A key, as `secrel outbox` lists it, or a kind: mail, record, notice, message.
    more
        More of them.
    words
        What you say of it, such as how it was sent.
    """
    someone(where)
    desk = open_desk(where)
    for said in say_sent(desk, release, (what, *more), words):
        say(shown(f"sent  {said.about}  {said.by}, {said.at:%Y-%m-%d %H:%M %Z}"))
    return Exit.DONE


def _listed(waiting: Sequence[Outgoing], reader: tzinfo | None) -> Iterator[str]:
    for kind, ones in groupby(sorted(waiting, key=_order), key=lambda one: one.kind):
        yield _SAID[kind]
        yield from (f"  {line}" for line in _lines(tuple(ones), reader))


def to_say(waiting: Sequence[Outgoing]) -> Iterator[str]:
    """Give what to say of what is to be sent: a kind, or its keys where some of that kind are not to be sent."""
    for kind, ones in groupby(sorted(waiting, key=_order), key=lambda one: one.kind):
        told = tuple(ones)
        is_whole = not any(one.changed for one in told)
        yield from (_PLURAL[kind],) if is_whole else (quoted(one.key) for one in told if not one.changed)


def _order(one: Outgoing) -> int:
    return list(_SAID).index(one.kind)


def _lines(waiting: Sequence[Outgoing], reader: tzinfo | None) -> Iterator[str]:
    for one in waiting:
        to, by = f" to {one.to}" if one.to else "", f", by {one.who}" if one.who else ""
        old = f"; do not send it: the facts have changed its {joined(one.changed)} since" if one.changed else ""
        yield f"{one.key}{to}{by}: {one.receipt.address}, {_since(one, reader)}{old}"


def _since(one: Outgoing, reader: tzinfo | None) -> str:
    return f"since {one.receipt.at:%Y-%m-%d %H:%M %Z}{for_you(one.receipt.at, reader)}"


def _row(one: Outgoing) -> dict[str, object]:
    told = {"key": one.key, "kind": one.kind, "to": one.to, "who": one.who, "changed": one.changed}
    return {**told, "address": one.receipt.address, "since": one.receipt.at.isoformat()}
