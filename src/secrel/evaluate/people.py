"""Whose role is what in one release, and what somebody has said of it: roles, reviews, claims, what was sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Literal

from secrel.evaluate.looking import announced
from secrel.evaluate.remedies import quoted
from secrel.evaluate.verdicts import Assessment, Evidence, Finding, Pending, Said
from secrel.process.roles import Act
from secrel.process.table import Gate, Process
from secrel.snapshot.seen import Snapshot
from secrel.words.documents import CORRECTION, TABLE
from secrel.words.forge import NOTE, Assent, MergeRequest
from secrel.words.outcomes import Receipt, family, first_key, standing
from secrel.words.parts import Seen, known, need, settled
from secrel.words.people import (
    AUTHOR,
    POST_AUTHOR,
    PRIMARY,
    SECONDARY,
    SENT,
    WAS_SENT,
    Claim,
    handle_of,
    member,
    spelled,
)
from secrel.words.releases import joined


def authors_of(snapshot: Snapshot) -> frozenset[str]:
    """Give the handles, as they are compared, of everybody who is an author of the post.

    These are all who were ever named, whoever opened the draft, and the Primary unless somebody else was named before
    the draft was opened. To name another author later frees nobody.
    """
    return frozenset(_handle(snapshot, name) for name in _authors(snapshot) if name)


def _handle(snapshot: Snapshot, name: str) -> str:
    """Give the handle that somebody is compared by: that of the member whose name it spells, or else its own."""
    person = spelled(snapshot.people, name)
    return handle_of(person.username if person else name)


def _authors(snapshot: Snapshot) -> Iterator[str]:
    named = [claim for claim in snapshot.claims if claim.gate == POST_AUTHOR]
    yield from (claim.about for claim in named)
    draft: MergeRequest | None = known(snapshot.draft, None)
    yield draft.author if draft else ""
    opened = snapshot.receipts.get(TABLE["draft"].opening(snapshot.release.name))
    is_primarys = draft is not None or opened is not None
    if not any(claim.at < opened.at if opened else not is_primarys for claim in named):
        yield snapshot.duty.primary if snapshot.duty else ""


def roles_in(snapshot: Snapshot, username: str, roles: Iterable[str]) -> frozenset[str]:
    """Give the roles that somebody has in this release: those of the team, and those that follow from the release.

    A stranger, who has no role in the team, has none.
    """
    of_the_team = frozenset(roles)
    return of_the_team | _parts_in(snapshot, username) if of_the_team else of_the_team


def _parts_in(snapshot: Snapshot, username: str) -> frozenset[str]:
    """Give the roles of somebody that follow from the release, whether or not the team still has them."""
    handle, duty = handle_of(username), snapshot.duty
    found = {
        PRIMARY: duty is not None and handle == handle_of(duty.primary),
        SECONDARY: duty is not None and handle == handle_of(duty.secondary),
        AUTHOR: handle in authors_of(snapshot),
    }
    return frozenset(role for role, holds in found.items() if holds)


def barred_from(snapshot: Snapshot, gate: Gate, username: str) -> frozenset[str]:
    """Give the roles for which somebody may neither claim a gate nor sign its exception: it would free themselves.

    It is asked of the release as it is: what somebody signed before they got such a role does not free them either.
    """
    person = snapshot.person(username)
    held = (person.roles if person else frozenset()) | _parts_in(snapshot, username)
    return held & frozenset(gate.not_by)


def reviewers_of(snapshot: Snapshot, process: Process) -> tuple[str, ...]:
    """Give who may review the draft, by username: members with a role that may, and no author of it.

    Whoever is on duty comes first, the Secondary before the Primary; the rest of the team follows as it stands.
    """
    may, authors = process.roles_for(Act.REVIEW), authors_of(snapshot)
    held = {person.username: roles_in(snapshot, person.username, person.roles) for person in snapshot.people}
    free = (name for name, roles in held.items() if may & roles and handle_of(name) not in authors)
    return tuple(sorted(free, key=lambda name: (SECONDARY not in held[name], PRIMARY not in held[name])))


def reviews_of(draft: MergeRequest, snapshot: Snapshot, process: Process) -> tuple[Assent, ...]:
    """Give the approvals of the draft that are reviews: of members who may review, and are not its authors.

    Raises `NotSeen` when the approvals could not be seen.
    """
    free = {handle_of(name) for name in reviewers_of(snapshot, process)} - {_handle(snapshot, draft.author)}
    return tuple(
        assent
        for assent in settled(draft.assents, "the approvals of the draft")
        if (person := member(snapshot.people, assent.by)) is not None and handle_of(person.username) in free
    )


def fresh_reviews_of(draft: MergeRequest, snapshot: Snapshot, process: Process) -> tuple[Assent, ...]:
    """Give those reviews of the draft that are of it as it now is: none is older than its last change.

    Raises `NotSeen` when the approvals could not be seen.
    """
    return tuple(assent for assent in reviews_of(draft, snapshot, process) if not draft.is_stale(assent))


def last_word_on(snapshot: Snapshot, gate: str) -> Claim | None:
    """Give what somebody said last of a gate, a yes or a no; None when nobody did. Exceptions are not among it."""
    said = [claim for claim in snapshot.claims if claim.gate == gate and not claim.waives]
    return max(reversed(said), key=lambda claim: claim.at, default=None)  # of one instant, what was said last


def posting(said: Claim, snapshot: Snapshot) -> str:
    """Give the key of the effect that posts an estimate that somebody claimed: one for each claim, by its number."""
    claims = [claim for claim in snapshot.claims if claim.gate == said.gate and not claim.waives]
    return f"{snapshot.release.name}/estimate/{claims.index(said) + 1}"


Subject = Literal["due", "versions", "fixes"]
"""What of a release a claim can be about."""


def subject_of(snapshot: Snapshot, facts: Iterable[Subject]) -> str:
    """Say what a claim about these facts is about now, such as `due 2026-12-09 16:00 UTC`; empty for none.

    It is remembered with the claim, and compared later: a claim ends when what it was about is no longer so. Raises
    `NotSeen` for what could not be seen.
    """
    return "; ".join(f"{fact} {_SUBJECTS[fact](snapshot)}" for fact in facts)


def _versions(snapshot: Snapshot) -> str:
    shipments = snapshot.release.shipments
    return ", ".join(f"{one.product.key} {version}" for one in shipments for version in one.versions)


_SUBJECTS: Mapping[Subject, Callable[[Snapshot], str]] = {
    "due": lambda snapshot: f"{snapshot.release.due.astimezone(UTC):%Y-%m-%d %H:%M:%S UTC}".replace(":00 UTC", " UTC"),
    "versions": _versions,
    "fixes": lambda snapshot: ", ".join(sorted(fix.ref for fix in need(snapshot.fixes, "the fixes"))) or "none",
}


def still_about(said: Claim, snapshot: Snapshot, facts: Iterable[Subject]) -> bool:
    """Whether a claim is about what is so now: the same facts, and no fix that it was not about.

    What was said of several fixes holds for those that are left when one is taken out. Raises `NotSeen` for what could
    not be seen.
    """
    now, was = subject_of(snapshot, facts).split("; "), said.about.split("; ")
    return len(now) == len(was) and all(map(_covers, was, now))


def _covers(was: str, now: str) -> bool:
    of = "fixes "
    if not (was.startswith(of) and now.startswith(of)):
        return was == now
    return set(now.removeprefix(of).split(", ")) <= set(was.removeprefix(of).split(", "))


def sent_word(snapshot: Snapshot, key: str) -> Claim | None:
    """Give who said that what was prepared under a key has been sent; None while nobody did."""
    said = [claim for claim in snapshot.claims if claim.gate == SENT and claim.about == key]
    return min(said, key=lambda claim: claim.at, default=None)


def is_out(snapshot: Snapshot, receipt: Receipt) -> bool:
    """Whether people have what a receipt is of: the desk sent it itself, or somebody said that they did."""
    return not receipt.prepared or sent_word(snapshot, receipt.key) is not None


def has_left(snapshot: Snapshot, key: str) -> bool:
    """Whether people have what was prepared under a key, or anew for it, in any form of it."""
    return any(is_out(snapshot, one) for one in family(snapshot.receipts, key))


def is_corrected(snapshot: Snapshot, key: str) -> bool:
    """Whether what stands for a key, or is to be prepared now, corrects what people have already."""
    last = standing(snapshot.receipts, key)
    out = [one for one in family(snapshot.receipts, key) if is_out(snapshot, one)]
    return bool(out) and (is_outdated(snapshot, key) or out != [last])


def is_outdated(snapshot: Snapshot, key: str) -> bool:
    """Whether it was seen that what stands for a key says otherwise than the facts do now."""
    return bool(known(snapshot.outdated.get(key, Seen(())), ()))


def renewed_at(snapshot: Snapshot) -> datetime | None:
    """Tell when facts of an announced release changed last, so that what was told is to be told again; None: never.

    It is when somebody changed a fix here; or when the desk brought a CVE request, the communications issue or the post
    up to date, soon after people changed one on the forge. Raises `NotSeen` when the post could not be seen.
    """
    live, name = announced(snapshot), snapshot.release.name
    if live is None:
        return None
    first = (f"{name}/facts/", f"{name}/details/", f"{name}/cve/update/", f"{TABLE['comms'].editing(name)}/")
    for starts in (first, (f"{TABLE[CORRECTION].opening(name)}",)):
        found = [one.at for key, one in snapshot.receipts.items() if key.startswith(starts) and one.at > live]
        if found:
            return max(found)
    return None


def unsent(snapshot: Snapshot) -> tuple[Receipt, ...]:
    """Give what was prepared, and of which nobody has said that it was sent, in the order in which it was prepared.

    What was prepared anew takes the place of what was prepared before, and what no fact wants any more is left out.
    """
    return tuple(one for one in _unsent(snapshot) if first_key(one.key) not in snapshot.unwanted)


def given_up(snapshot: Snapshot) -> tuple[Receipt, ...]:
    """Give what was prepared, was not sent, and is not to be sent any more, in the order in which it was prepared."""
    return tuple(one for one in _unsent(snapshot) if first_key(one.key) in snapshot.unwanted)


def _unsent(snapshot: Snapshot) -> tuple[Receipt, ...]:
    told = {claim.about for claim in snapshot.claims if claim.gate == SENT}
    left = (one for one in snapshot.receipts.values() if one.prepared and one.key not in told)
    return tuple(one for one in left if one is standing(snapshot.receipts, first_key(one.key)))


def changed_in(snapshot: Snapshot, key: str) -> tuple[str, ...]:
    """Say what the facts have changed in something to send since it was prepared; raises `NotSeen` for unseen."""
    return need(snapshot.outdated.get(first_key(key), Seen(())), "what was prepared, as the facts are now")


def done_said(snapshot: Snapshot, receipt: Receipt, about: str, who: str = "") -> Said:
    """Say what a receipt is worth: evidence of what is done, or that somebody still has to send what was prepared.

    That something was sent is a person's word, and said to be one. `who` is to send it, when not the gate's owner.
    What says otherwise than the facts now, and can still be mended, is prepared anew first.
    """
    changed = changed_in(snapshot, receipt.key)
    if changed:
        gone = "sent" if is_out(snapshot, receipt) else "prepared"
        what = f"it was {gone} before the facts changed, and says otherwise now in its {joined(changed)}"
        return Finding(about, f"{what}: {receipt.address}", f"secrel plan {quoted(snapshot.release.name)}")
    if is_out(snapshot, receipt):
        return Evidence(about, left_said(snapshot, receipt))
    since = f"{receipt.at:%Y-%m-%d %H:%M %Z}"
    what = f"prepared since {since}, and nobody has said that it was sent: {receipt.address}"
    return Pending(about, what, who, f"secrel outbox {quoted(snapshot.release.name)}")


def left_said(snapshot: Snapshot, receipt: Receipt) -> str:
    """Say how people got what they have: the desk did it, or somebody said that they sent it.

    A note on a forge that tells nobody is only said to be written.
    """
    said = sent_word(snapshot, receipt.key)
    if said is None and not snapshot.tells and NOTE in receipt.address:
        when = f"{receipt.at:%Y-%m-%d %H:%M %Z}"
        return f"written at {when} as a note, of which this forge tells nobody: {receipt.address}"
    if said is None:
        return f"done at {receipt.at:%Y-%m-%d %H:%M %Z}: {receipt.address}"
    how = "" if said.words == WAS_SENT else f": {said.words}"
    return f"sent, as {said.by} said at {said.at:%Y-%m-%d %H:%M %Z}{how}"


def key_for(pattern: str, release: str, about: str = "") -> str:
    """Give the key of an effect as a gate's row names it, with `{release}` and `{about}` filled in."""
    return pattern.replace("{release}", release).replace("{about}", about)


def sender_of(assessment: Assessment, key: str) -> str:
    """Give who is to send what was prepared under a key: of a handover whoever hands over, else the gate's owner.

    Empty for a key that no gate of the process asks for.
    """
    release, key = assessment.release, first_key(key)
    if key.startswith(f"{release}/handover/"):
        return key.rpartition("/")[2]
    for judged in assessment.gates:
        for pattern in judged.gate.told("keys") or ():
            wanted = re.escape(pattern).replace(re.escape("{release}"), re.escape(release))
            if re.fullmatch(wanted.replace(re.escape("{about}"), ".+"), key, re.DOTALL):
                return judged.who
    return ""
