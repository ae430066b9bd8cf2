"""The embargo guard: the last look at every effect that reveals (mission M10, design.md)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesParser
from html import unescape
from urllib.parse import unquote

import msgspec

from secrel.plan.plan import Refusal
from secrel.words.effects import Action, Effect, PublishRecord, SendMail, sent_by
from secrel.words.facts.tables import texts_in

_SHORTEST = 8
_SIGNS = re.compile("[*_`\\\\\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]+")
"""What a text can hold inside a word without looking different to a reader: Markdown's signs, marks of no width."""
_GAPS = re.compile(r"\W+")
_TAG = re.compile(r"<!--.*?-->|</?[A-Za-z][^<>]{0,2000}>", re.DOTALL)
_UNREADABLE = ("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class EmbargoedFact:
    """A text that must not become public yet; `label` tells people which one, without saying it."""

    label: str
    text: str


def folded(text: str) -> str:
    """Bring a text to its words, so that case, accents, white space, punctuation and Markdown's signs do not matter.

    Words are separated and surrounded by one blank each: whole words are found in it, and no parts of words.
    """
    plain = _SIGNS.sub("", text if text.isascii() else _without_accents(text)).casefold()
    return f" {_GAPS.sub(' ', plain).strip()} "


def _without_accents(text: str) -> str:
    """Take letters apart as far as Unicode goes, and leave their accents out."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(character for character in apart if not unicodedata.combining(character))


def _decoded(part: Message) -> str:
    """Give a part of a mail as its reader gets it, whatever it is encoded with."""
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    try:
        return content.decode(part.get_content_charset("utf-8"))
    except (LookupError, UnicodeDecodeError):
        return content.decode(*_UNREADABLE)


def _header(value: str) -> str:
    try:
        return str(make_header(decode_header(value)))
    except (LookupError, UnicodeDecodeError, HeaderParseError):
        return value


def _mailed(eml: str) -> Iterator[str]:
    message = BytesParser(policy=policy.compat32).parsebytes(eml.encode("utf-8", "replace"))
    for part in message.walk():
        yield from (_header(str(value)) for value in part.values())
        yield _decoded(part)


def _recorded(record: str) -> Iterator[str]:
    try:
        yield from texts_in(msgspec.json.decode(record))
    except msgspec.DecodeError:
        return  # what is no JSON has been looked at as the text it is


def _told(action: Action) -> Iterator[str]:
    """Give every text that `action` sends: as it stands, and as it is read."""
    yield from texts_in(sent_by(action))
    if isinstance(action, SendMail):
        yield from _mailed(action.eml)
    if isinstance(action, PublishRecord):
        yield from _recorded(action.record)


def _readings(text: str) -> Iterator[str]:
    """Give the ways in which a text can be read: as it is, as HTML with and without its tags, as an address."""
    yield text
    if "&" in text or "<" in text:
        yield unescape(text)
        yield unescape(_TAG.sub("", text))
    if "%" in text:
        yield unquote(text)


def leaks(effect: Effect, facts: Iterable[EmbargoedFact]) -> list[str]:
    """Name the labels of the embargoed facts that the bytes of `effect` hold.

    White space, Markdown signs, case, HTML and the encoding of a mail do not hide a fact. A fact shorter than eight
    characters is not looked for: it would be found everywhere.
    """
    looked_for = [(fact.label, folded(fact.text)) for fact in facts if len(fact.text.strip()) >= _SHORTEST]
    if not looked_for:
        return []
    text = "\n".join(folded(reading) for part in _told(effect.action) for reading in _readings(part))
    return list(dict.fromkeys(label for label, fact in looked_for if fact.strip() and fact in text))


def refusals(effects: Sequence[Effect], facts: Sequence[EmbargoedFact], now: datetime) -> Iterator[Refusal]:
    """Refuse every effect that would reveal too early, or would reveal what stays under embargo."""
    for effect in effects:
        if not effect.reveals:
            continue
        if effect.not_before is not None and now < effect.not_before:
            yield Refusal(
                "embargo",
                f"{effect.key} would be public {effect.not_before - now} early",
                (effect.key,),
                f"wait until {effect.not_before:%Y-%m-%d %H:%M %Z}, or move the due time of the release",
            )
        found = leaks(effect, facts)
        if found:
            yield Refusal(
                "embargo",
                f"{effect.key} holds what is still under embargo: {', '.join(sorted(found)[:5])}",
                (effect.key,),
                "take it out of the document, then plan again",
            )
