"""`secrel cancel`, `secrel join` and `secrel split`: a release that is not going to be, or not as it was begun."""

from __future__ import annotations

from secrel.cli.doubts import note_doubts
from secrel.cli.session import NOWHERE, Where, note, open_desk, say, someone, tell_apply, told_outcomes
from secrel.desk.cancelling import cancel_release
from secrel.desk.joining import join_releases, split_release
from secrel.evaluate.remedies import quoted
from secrel.words.errors import Exit


def cancel(release: str, /, *, reason: str, give_up: bool = False, where: Where = NOWHERE) -> int:
    """Cancel a release that is not announced: what is open is closed, and whoever was asked is told.

    Example: `secrel cancel 2026-11 --reason "both fixes broke the upgrade" --by amara`.

    Its fixes leave it, each with the text that was written for it, and the CNA is asked to keep their ids for a later
    release: bring a fix into that one with `secrel fix add RELEASE --ref FIX`. From then on no gate wants anything, and
    nobody has to hand over. The reason is told on confidential issues, and in no channel.
    Exit words: 0 done, 2 misused, 4 refused when you may not, 5 unseen when not all of the release could be seen.

    Parameters
    ----------
    release
        The release's name.
    reason
        Why; it is kept in the journal.
    give_up
        No later release is to announce these fixes: the CNA is asked to reject their ids.
    """
    someone(where)
    desk = open_desk(where)
    say(told_outcomes(cancel_release(desk, release, reason, gives_up=give_up)))
    note_doubts(desk, release)
    note(f"{quoted(release)} is cancelled")
    return Exit.DONE


def join(release: str, into: str, /, *, reason: str, where: Where = NOWHERE) -> int:
    """Join a release with another one: it is cancelled, and its fixes go into the other with their CVE requests.

    Example: `secrel join 2026-11-extra 2026-11 --reason "one release is enough" --by amara`.

    Run again, it goes on where it stopped.
    Exit words: 0 done, 2 misused, 4 refused when you may not, 5 unseen when not all of the release could be seen.

    Parameters
    ----------
    release
        The release that ends.
    into
        The release that goes on, which is there already and is not announced.
    reason
        Why; it is kept in the journal.
    """
    someone(where)
    desk = open_desk(where)
    say(told_outcomes(join_releases(desk, release, into, reason)))
    note_doubts(desk, into)
    tell_apply(where, into)
    return Exit.DONE


def split(release: str, into: str, ref: str, /, *others: str, reason: str, where: Where = NOWHERE) -> int:
    """Split fixes off from a release: they go into another one, with their CVE requests.

    Example: `secrel split 2026-11 2026-12 acme/app#4 acme/app#5 --reason "not ready" --by amara`.

    The other release is there already: start it with `secrel start --from`. Run again, it goes on where it stopped.
    Exit words: 0 done, 2 misused, 4 refused when you may not.

    Parameters
    ----------
    release
        The release that they are in.
    into
        The release that they go into, which is not announced.
    ref
        The fix's issue.
    others
        The issues of other fixes that go with it.
    reason
        Why; it is kept in the journal.
    """
    someone(where)
    desk = open_desk(where)
    say(told_outcomes(split_release(desk, release, into, (ref, *others), reason)))
    note_doubts(desk, into)
    tell_apply(where, into)
    return Exit.DONE
