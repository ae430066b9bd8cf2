"""Claims: what only a person can say, as they said it, a yes or a no; and waivers, a person's signed exceptions."""

from __future__ import annotations

import re

from msgspec.structs import replace

from secrel.desk.desk import Desk
from secrel.desk.ordering import Ordered, order
from secrel.evaluate.people import last_word_on, subject_of
from secrel.evaluate.remedies import quoted
from secrel.evaluate.verdicts import Waived
from secrel.journal.entries import entry_of
from secrel.papers.scene import Scene
from secrel.process.roles import Act
from secrel.process.table import Gate
from secrel.words.errors import Misused
from secrel.words.patterns import pattern
from secrel.words.people import Claim
from secrel.words.releases import Kind, joined

_A_YES = pattern(
    r"\W*(?:yes|yeah|yep|agreed?|ok(?:ay)?|sure|fine|confirmed|approved|done"
    r"|no(?:t an?)? (?:objections?|problems?|concerns?|worries|issues?|doubts?|blockers?|complaints?)"
    r"|(?:nobody|no ?one|none of them) (?:objects?|objected|minds?|minded|disagree[sd]?|(?:is|was) against(?: it)?))\b"
    r"(?!\W*(?:but|no|nope|not|never)\b)",
    re.IGNORECASE,
)
_A_NO = pattern(
    r"^\W*(?:no|not|never|nope|nah|nay|nein|non|negative|rather not|better not|rejected|refused|denied|declined)\b"
    r"|^\W*(?:n|wait|hold|stop|on hold|blocked|wrong)\b|\bno\W*$|^\s*-1\b|[\u274c\U0001f44e]"
    r"|\b(?:cannot|never|nobody|disagree[ds]?|refused?|against|objects?|nack|a (?:clear |firm |hard )?no)\b"
    r"|\b(?:rejected|declined|vetoe[ds]|withdr[ae]wn?|withdrew|revoked?|hold off)\b"
    r"|\b(?:do|does|did|would|could|should|must|is|are|was|were|has|have|ca|wo)nt\b"
    r"|\b(?:do|does|did|will|would|can|could|should|must|may|shall|is|are|am|was|were|has|have)(?: not|n['\u2019]t)\b"
    r"|\b(?:ca|wo|sha)n['\u2019]t\b|\bnot (?:yet|ok(?:ay)?|ready)\b",
    re.IGNORECASE,
)

_CLAUSE = pattern(r"[.;,:\u2013\u2014]\s|\s-+\s|\b(?:and|but|so|because|since|though|although)\b", re.IGNORECASE)
_NOT_SAID = pattern(
    r"\b(?:if|when|whenever|where|while|until|unless|in case|that|which|what|who|whoever|after|before|once"
    r"|no|not|none|nothing|never|neither|without|cannot|n['\u2019]t)\b",
    re.IGNORECASE,
)
"""What makes of a clause a condition, a description of something, or the opposite of what it names."""
_FAILS = pattern(
    r"\b(?:fails|crashes|breaks)\b|\b(?:still|all|they|tests|builds|pipelines|jobs) (?:fail|crash|break)\b"
    r"|(?:\b(?:is|are|stays?|remains?|looks?|seems?|still)|['\u2019]s|['\u2019]re)"
    r" (?:\w+ly |still |all |quite )?(?:failing|crashing|broken|missing|stuck|impossible"
    r"|unresolved|unfinished|incomplete|unacceptable|too (?:early|late|soon|risky))\b",
    re.IGNORECASE,
)
_LACKS = pattern(
    r"\b(?:there(?: is|['\u2019]s| was)|have|has|had|got|gave|gives|still|with)(?: still| got| given)? no"
    r" (?:\w+ )?(?:agreement|approval|answer|reply|response|consent|consensus|decision|estimate|confirmation|date)\b"
    r"|\bwithout (?:an? |any |their |our )?(?:agreement|approval|answer|reply|response|consent|decision"
    r"|confirmation)\b",
    re.IGNORECASE,
)

_AGREED = pattern(
    r"^\W*(?:they|we|all|everybody|everyone|I|release managers|legal)(?: all)? (?:agreed?|approved?|confirm(?:ed)?)\b"
    r"|\b(?:go ahead|lgtm|ship it|all good|looks? (?:good|right|fine))\b|^\s*\+1\b|[\u2705\U0001f44d]",
    re.IGNORECASE,
)
_BUT = pattern(r"\b(?:but|unless|until|except|not)\b", re.IGNORECASE)
_UNDECIDED = pattern(
    r"(?:[?\u2026]|\.\.\.)\W*$|^\W*$"
    r"|\b(?:maybe|perhaps|probably|hopefully|todo|unsure|unclear|undecided|unconfirmed|unanswered|tb[acd]|pending|awaiting|waiting)\b"
    r"|\bto be (?:decided|confirmed|determined|discussed|agreed|clarified|announced|seen)\b"
    r"|\blet(?: me|['\u2019]?s) (?:ask|check|see|think|look)\b|\bask (?:me|us|them|him|her|again|later)\b"
    r"|(?:\b(?:will|shall|must|(?:have|has|need|needs) to)|['\u2019]ll)"
    r" (?:ask|check|see|look|think|decide|discuss|clarify)\b",
    re.IGNORECASE,
)

_A = {Kind.PLANNED: "a planned", Kind.UNPLANNED: "an unplanned"}


def claim(desk: Desk, name: str, gate: str, words: str, *, waives: bool = False) -> Claim:
    """Record that somebody says of a gate that it holds, or signs an exception from it.

    It is said of what is so now; which facts those are is in the gate's row. Raises `Misused` for a release that there
    is not, a gate that it does not have, a claim or waiver without words, a yes whose words are a no, or decide
    nothing, and one that nothing would come of; `Refused` for somebody whose word it is not.
    """
    where, is_open = f"{name}, {gate[:60]}", not waives and bool(words.strip()) and not _A_YES.match(words)
    if is_open and _says_no(words):
        raise _opposite("yes", "no", words, where)
    if is_open and _UNDECIDED.search(words):
        remedy = "claim it once it is answered; or begin with a yes, where they mean one"
        raise Misused(f"it is a yes, and its words decide nothing: {_shown(words)}", where=where, remedy=remedy)
    if waives and words.strip() and not any(map(str.isalnum, words)):
        raise Misused("these words give no reason for an exception", where=where, remedy='say why: --words "…"')
    return _said(desk, Claim(name, gate, desk.by, desk.now(), words.strip(), waives=waives))


def deny(desk: Desk, name: str, gate: str, words: str) -> Claim:
    """Record a no: that a gate does not hold, whatever its check says, until somebody claims that it does.

    Raises what `claim` raises; `Misused` for a no whose words are a yes.
    """
    yes = _A_YES.match(words) or _AGREED.search(words)
    if yes is not None and not _A_NO.search(f"{words[: yes.start()]} {words[yes.end() :]}") and not _BUT.search(words):
        raise _opposite("no", "yes", words, f"{name}, {gate[:60]}")
    return _said(desk, Claim(name, gate, desk.by, desk.now(), words.strip(), denies=True))


def _says_no(words: str) -> bool:
    """Whether words say no, or that something fails or is lacking; in a clause of its own, and not as a condition."""
    if _A_NO.search(words) or _LACKS.search(words):
        return True
    return any(_FAILS.search(clause) and not _NOT_SAID.search(clause) for clause in _CLAUSE.split(words))


def _opposite(said: str, other: str, words: str, where: str) -> Misused:
    remedy = f"say --{other}, where they mean it; or begin with a {said}, where they mean that"
    return Misused(f"it is a {said}, and its words say {other}: {_shown(words)}", where=where, remedy=remedy)


def _shown(words: str) -> str:
    return f"{' '.join(words.split())[:80]!r}"


def _said(desk: Desk, said: Claim) -> Claim:
    row = desk.process.gate_called(said.gate)
    if row is None:
        known = ", ".join(g.name for g in desk.process.gates)
        raise Misused(f"there is no gate {said.gate[:60]!r}", where=said.release, remedy=f"name one of: {known}")
    if not said.words:
        raise Misused("the words are empty", where=f"{said.release}, {said.gate}", remedy='say it: --words "…"')
    told: list[Claim] = []

    def ordered(seen: Scene) -> Ordered:
        _refuse_idle(seen, row, said)
        about = "" if said.waives else subject_of(seen.snapshot, row.told("about") or ())
        told[:] = [replace(said, gate=row.name, about=about)]
        return Ordered(entries=(entry_of(told[0]),))

    gate = replace(row, not_by=()) if said.denies else row  # a no frees nobody: an author may keep their own post back
    order(desk, said.release, Act.WAIVE if said.waives else Act.CLAIM, ordered, gate)
    return told[0]


def _refuse_idle(seen: Scene, row: Gate, said: Claim) -> None:
    """Raise `Misused` for words that nothing comes of.

    They are of a gate that this release does not have, or a yes of one whose check looks for itself, while no no stands
    that it would take back.
    """
    where = f"{said.release}, {row.name}"
    kind, has = seen.snapshot.release.kind, seen.assessment.by_name
    if row.name not in has:
        moot = [one for one in row.moot_if_waived if one in has and isinstance(has[one].verdict, Waived)]
        of_others = f"it is for {joined(sorted(row.kinds))} releases, and this is {_A[kind]} one"
        why = f"an exception was signed from {joined(moot)}" if moot else of_others
        raise Misused(f"the release has no such gate: {why}", where=where, remedy=f"name one of: {', '.join(has)}")
    last = last_word_on(seen.snapshot, row.name)
    hears = hasattr(row.params, "about") or (last is not None and last.denies)
    if not (said.waives or said.denies or hears):
        remedy = f"see what it lacks: secrel status {quoted(said.release)} --gate {row.name}; or say --waive, if it may"
        raise Misused("no word makes it hold: the desk looks for itself", where=where, remedy=remedy)
