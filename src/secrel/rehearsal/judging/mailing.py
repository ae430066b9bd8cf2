"""Whether the mail can be read in both of its forms, and says in each what is so: versions, post, numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from secrel.rehearsal.judging.sight import EndedWrong, MailRead, Sight, names_version
from secrel.rehearsal.judging.telling import announced_by
from secrel.words.patterns import pattern
from secrel.words.vectors import Severity

_COUNTED = pattern(r"\b(?:[Tt]hey|[Ii]t|versions?) fix(?:es)? (\d+) vulnerabilities\b")
_DAY = pattern(r"\b([A-Z][a-z]+ \d{1,2}, \d{4})\b")
_RATED = pattern(r"\brated (\w+) \(CVSS (\d+\.\d)\)")


def forms(sight: Sight) -> Iterator[EndedWrong]:
    """The mail has a form for each reader; both lead to the post, and name every version and the same day."""
    for mail in sight.mails:
        for kind in ("plain", "html"):
            text = _read(mail, kind)
            if not text:
                yield EndedWrong("mail", f"the mail has no {kind} part")
                continue
            if sight.address and sight.address not in text:
                yield EndedWrong("mail", f"the {kind} part of the mail does not lead to the post")
            for version in (str(version) for one in sight.release.shipments for version in one.versions):
                if not names_version(text, version):
                    yield EndedWrong("mail", f"the {kind} part of the mail does not name {version}")
            due = sight.release.due
            for day in set(_DAY.findall(text)) - {f"{due:%B} {due.day}, {due.year}"}:
                yield EndedWrong("mail", f"the {kind} part of the mail says {day}")


def counts(sight: Sight) -> Iterator[EndedWrong]:
    """The mail says how many vulnerabilities are fixed, and how grave the worst is, in both of its parts."""
    known = [sight.facts(told.fix) for told in announced_by(sight) if told.is_fixed_now]
    number = sum(bool((facts.vector and facts.vector.score) or not facts.no_cve) for facts in known)
    worst = max((facts.vector for facts in known if facts.vector), key=lambda vector: vector.score, default=None)
    for mail in sight.mails:
        for kind in ("plain", "html"):
            text = " ".join(_read(mail, kind).split())
            if any(int(count) != number for count in _COUNTED.findall(text)):
                yield EndedWrong("counts", f"the {kind} part of the mail has another number of vulnerabilities")
            rated = (str(worst.severity), f"{worst.score:.1f}") if worst else ("", "")
            if any(found != rated for found in _RATED.findall(text)):
                yield EndedWrong("counts", f"the {kind} part of the mail rates the worst vulnerability otherwise")


def designation(sight: Sight) -> Iterator[EndedWrong]:
    """Post and mail are called critical when the release is unplanned, or what it announces is, and only then."""
    if not sight.text:
        return
    vectors = [sight.facts(fix).vector for fix in sight.story.fixes if sight.announces(fix)]
    is_grave = any(vector is not None and vector.severity is Severity.CRITICAL for vector in vectors)
    is_critical = is_grave or sight.release.kind.value == "unplanned"
    for place, title in (("post", sight.title), *(("mail", mail.subject) for mail in sight.mails)):
        if title and ("critical" in title.lower()) != is_critical:
            yield EndedWrong("critical", f"the {place} is {'not ' if is_critical else ''}called critical")


def _read(mail: MailRead, kind: str) -> str:
    text = mail.texts[kind]
    return unescape(re.sub(r"</?(?:strong|em|b|i)>", "", text)) if kind == "html" else text


MAILING = (forms, counts, designation)
"""The rules of this file."""
