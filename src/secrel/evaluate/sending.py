"""What was prepared and is still to be sent by a person, and what somebody has said was sent."""

from __future__ import annotations

import re

from secrel.evaluate.remedies import quoted
from secrel.evaluate.verdicts import Assessment, Evidence, Pending, Said
from secrel.snapshot.seen import Snapshot
from secrel.words.outcomes import Receipt
from secrel.words.people import SENT, Claim


def sent_word(snapshot: Snapshot, key: str) -> Claim | None:
    """Give who said that what was prepared under a key has been sent; None while nobody did."""
    said = [claim for claim in snapshot.claims if claim.gate == SENT and claim.about == key]
    return min(said, key=lambda claim: claim.at, default=None)


def unsent(snapshot: Snapshot) -> tuple[Receipt, ...]:
    """Give what was prepared, and of which nobody has said that it was sent, in the order in which it was prepared."""
    told = {claim.about for claim in snapshot.claims if claim.gate == SENT}
    return tuple(one for one in snapshot.receipts.values() if one.prepared and one.key not in told)


def done_said(snapshot: Snapshot, receipt: Receipt, about: str, who: str = "") -> Said:
    """Say what a receipt is worth: evidence of what is done, or that somebody still has to send what was prepared.

    That something was sent is a person's word, and said to be one. `who` is to send it, when not the gate's owner.
    """
    if not receipt.prepared:
        return Evidence(about, f"done at {receipt.at:%Y-%m-%d %H:%M %Z}: {receipt.address}")
    said = sent_word(snapshot, receipt.key)
    if said is not None:
        return Evidence(about, f"sent, as {said.by} said at {said.at:%Y-%m-%d %H:%M %Z}: {said.words}")
    since = f"{receipt.at:%Y-%m-%d %H:%M %Z}"
    what = f"prepared since {since}, and nobody has said that it was sent: {receipt.address}"
    return Pending(about, what, who, f"secrel outbox {quoted(snapshot.release.name)}")


def sender_of(assessment: Assessment, key: str) -> str:
    """Give who is to send what was prepared under a key: of a handover whoever hands over, else the gate's owner.

    Empty for a key that no gate of the process asks for.
    """
    release = assessment.release
    if key.startswith(f"{release}/handover/"):
        return key.rpartition("/")[2]
    for judged in assessment.gates:
        for pattern in judged.gate.told("keys") or ():
            wanted = re.escape(pattern).replace(re.escape("{release}"), re.escape(release))
            if re.fullmatch(wanted.replace(re.escape("{about}"), ".+"), key, re.DOTALL):
                return judged.who
    return ""
