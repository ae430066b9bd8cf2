"""Whether what was sent went to whom it was for, and told them of the versions that concern them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from secrel.rehearsal.judging.sight import EndedWrong, Sight, as_read, unescaped
from secrel.rehearsal.judging.telling import announced_by
from secrel.words.patterns import pattern
from secrel.words.versions import Version

_WRITTEN = pattern(r"(?<![\w.:/-])\d{1,4}(?:\.\d{1,3}){1,3}(?:[-.]?[A-Za-z](?:[\w.-]*\w)?)?")
_FIXED_IN = pattern(r"It is fixed in (.+?), released on |It was fixed already in (.+?); ")
_UPDATE = pattern(r"^#{2,3} Update (.+)$", re.MULTILINE)


def messages(sight: Sight) -> Iterator[EndedWrong]:
    """The last word in each channel names the versions that shipped; nobody's message tells of what stays secret."""
    if not sight.text:
        return
    versions = [str(version) for version in sight.release.main.versions]
    for channel, file in sight.messages("post~tell-marketing").items():
        text = file.read_text("utf-8")
        if any(version not in text for version in versions):
            yield EndedWrong("messages", f"{channel} was not told of every version")
        if sight.address and sight.address not in text:
            yield EndedWrong("messages", f"{channel} was told of another address than the post's")
    if not sight.messages("post~tell-marketing"):
        yield EndedWrong("messages", "nobody was told that the post is about to be published")
    for fix in sight.story.fixes:
        told = sight.facts(fix)
        secret = [text for text in (told.title, told.description) if not sight.announces(fix) and len(text) >= _LONG]
        for channel, file in sight.messages("post~tell-marketing").items():
            text = unescaped(file.read_text("utf-8"))
            if any(one in text for one in secret):
                yield EndedWrong("messages", f"{channel} was told of {fix.name}, which is not announced")


_LONG = 12


def recipients(sight: Sight) -> Iterator[EndedWrong]:
    """The mail comes from the vendor's sender, and goes to where the subscribers are reached, and to nobody else."""
    named = sight.world.stage.process.named
    sender, segment = named("addresses", "sender"), named("addresses", "segment")
    for mail in sight.mails:
        if mail.came != (sender,):
            yield EndedWrong("recipients", "the mail comes from somebody else than the vendor's sender")
        if mail.went != (segment,):
            yield EndedWrong("recipients", "the mail goes to somebody else than the subscribers")


def fixed_in(sight: Sight) -> Iterator[EndedWrong]:
    """A finder is told of the versions that fix what they reported, and of no other."""
    for told in announced_by(sight):
        facts = sight.facts(told.fix)
        affected = facts.affected
        if affected is None:
            continue
        ends = {end for _, end in told.wanted(affected)}
        shipped, had = (set(known) & ends for known in (sight.shipment(told.fix).versions, facts.fixed_already))
        wanted = shipped or had
        for notice in told.notices():
            said = _FIXED_IN.search(notice)
            named = {Version.parse(one) for one in _WRITTEN.findall(said[1] or said[2])} if said else set()
            if wanted and named != wanted:
                yield EndedWrong("fixed in", f"a notice of {told.fix.name} names other versions than those that fix it")


def updates(sight: Sight) -> Iterator[EndedWrong]:
    """The post tells of every third party's fix that ships, with its version and its ids, and of no other."""
    if not sight.text:
        return
    parts = _UPDATE.split(as_read(sight.source))
    told = dict(zip(parts[1::2], parts[2::2], strict=True))
    given = sight.story.facts.dependencies
    for update in given:
        text = told.get(update.name, "").partition("\n#")[0]
        if update.version not in text or any(str(cve) not in text for cve in update.cves):
            yield EndedWrong("updates", f"the post does not tell of {update.name} {update.version} as it was given")
    for name in sorted(told.keys() - {update.name for update in given}):
        yield EndedWrong("updates", f"the post tells of {name[:60]}, and nobody gave it")


ADDRESSING = (messages, recipients, fixed_in, updates)
"""The rules of this file."""
