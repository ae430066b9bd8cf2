"""`secrel forge`: what people do on the embedded forge, which has no web page to click on."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from cyclopts import App

from secrel.cli.session import NOWHERE, Where, item_at, open_desk, open_people, say, someone, tell_apply
from secrel.desk.releasing import move_release
from secrel.files import read_file
from secrel.papers.checklist.boxes import with_box
from secrel.reading import largest
from secrel.reading.documents import plain_text
from secrel.words.errors import Exit, Misused
from secrel.words.forge import Pipeline

app = App(
    name="forge",
    version_flags=(),
    help="What people do on the embedded forge: approve, merge, note, label, move a release.",
)


@app.command
def edit(ref: str, /, *, title: str = "", text: Path | None = None, where: Where = NOWHERE) -> int:
    """Rewrite the title or the text of an issue or a merge request, as in an editor; `secrel show REF` has it.

    Example: `secrel forge edit vendor/security#2 --text checklist.md --by amara`.

    Exit words: 0 done, 2 misused.

    Parameters
    ----------
    ref
        PROJECT#NUMBER or PROJECT!NUMBER.
    title
        The new title.
    text
        A file with the new text, all of it.
    """
    someone(where)
    if not title and text is None:
        raise Misused("nothing is changed", remedy="give --title TITLE, or --text FILE")
    written = None if text is None else read_file(text, "a text", most=largest.TEMPLATE, remedy="keep it shorter")
    body = None if written is None else plain_text(written, str(text), largest.TEMPLATE)
    people = open_people(where)
    if title:
        people.set_title(ref, title)
    if body is not None:
        people.set_body(ref, body)
    say(f"edited  {ref}")
    return Exit.DONE


@app.command
def tick(ref: str, words: str, /, *, off: bool = False, where: Where = NOWHERE) -> int:
    """Tick a box in the text of an issue or a merge request, or empty it.

    Example: `secrel forge tick vendor/security#2 "packages are ready" --by amara`.

    Exit words: 0 done, 2 misused when no box, or more than one, has these words beside it.

    Parameters
    ----------
    ref
        PROJECT#NUMBER or PROJECT!NUMBER.
    words
        Words of its line.
    off
        Empty the box.
    """
    someone(where)
    people = open_people(where)
    people.set_body(ref, with_box(item_at(people, ref).body, words, ticked=not off))
    say(f"{'emptied' if off else 'ticked'}  {ref}  {words}")
    return Exit.DONE


@app.command
def approve(ref: str, /, *more: str, team: str = "", withdraw: bool = False, where: Where = NOWHERE) -> int:
    """Approve merge requests as their branches now are, or take your approval back.

    Example: `secrel forge approve 'vendor/product!1' 'vendor/product!2' --by bjorn`.

    Exit words: 0 done, 2 misused; what was approved before one that cannot be is said, and stays.

    Parameters
    ----------
    ref
        The merge request, as PROJECT!NUMBER.
    more
        More of them.
    team
        For which team you approve: appsec, or maintainer.
    withdraw
        Take your approval back.
    """
    by, people = someone(where), open_people(where)
    for one in dict.fromkeys((ref, *more)):
        if withdraw:
            people.withdraw(one, by)
        else:
            people.approve(one, by, where.clock(), team)
        say(f"{'withdrawn' if withdraw else 'approved'}  {one}")
    return Exit.DONE


@app.command
def pipeline(
    result: Literal["none", "running", "passed", "failed"], ref: str, /, *more: str, where: Where = NOWHERE
) -> int:
    """Say how the pipelines of merge requests ended.

    Example: `secrel forge pipeline passed 'vendor/product!1' 'vendor/product!2' --by amara`.

    Exit words: 0 done, 2 misused; what was said before one that is not there is said, and stays.

    Parameters
    ----------
    result
        How they ended.
    ref
        The merge request, as PROJECT!NUMBER.
    more
        More of them.
    """
    someone(where)
    people = open_people(where)
    for one in dict.fromkeys((ref, *more)):
        people.set_pipeline(one, Pipeline(result))
        say(f"{result}  {one}")
    return Exit.DONE


@app.command
def merge(ref: str, /, *more: str, where: Where = NOWHERE) -> int:
    """Merge merge requests in their git repositories; merging with git by hand is seen as well.

    Example: `secrel forge merge 'vendor/product!1' 'vendor/product!2' --by bjorn`.

    Exit words: 0 done, 2 misused, 4 refused when one conflicts, is closed or is a draft; what was merged before it is
    said, and stays.

    Parameters
    ----------
    ref
        The merge request, as PROJECT!NUMBER.
    more
        More of them.
    """
    by, people, at = someone(where), open_people(where), open_desk(where).now()
    for one in dict.fromkeys((ref, *more)):
        say(f"merged  {one}  {people.merge(one, by, at)}")
    return Exit.DONE


@app.command
def state(ref: str, to: Literal["closed", "opened"], /, *, where: Where = NOWHERE) -> int:
    """Close an issue or a merge request, or open it again.

    Example: `secrel forge state vendor/product!3 closed --by amara`.

    Exit words: 0 done, 2 misused.

    Parameters
    ----------
    ref
        PROJECT#NUMBER or PROJECT!NUMBER.
    to
        What it becomes.
    """
    someone(where)
    people = open_people(where)
    (people.close if to == "closed" else people.reopen)(ref)
    say(f"{to}  {ref}")
    return Exit.DONE


@app.command
def visibility(ref: str, to: Literal["confidential", "public"], /, *, where: Where = NOWHERE) -> int:
    """Make an issue confidential, so that outsiders cannot read it, or public.

    Example: `secrel forge visibility vendor/security#1 confidential --by amara`.

    Exit words: 0 done, 2 misused.

    Parameters
    ----------
    ref
        The issue, as PROJECT#NUMBER.
    to
        What it becomes.
    """
    someone(where)
    open_people(where).set_confidential(ref, confidential=to == "confidential")
    say(f"{to}  {ref}")
    return Exit.DONE


@app.command(name="note")
def add_note(ref: str, text: str, /, *, discussion: bool = False, where: Where = NOWHERE) -> int:
    """Leave a note on an issue or a merge request.

    Example: `secrel forge note vendor/cve-requests#1 "CVE-2027-0001 is assigned" --by cna`. An objection, which keeps
    a post back until it is resolved: `secrel forge note vendor/site!1 "Do not publish" --discussion --by dewi`.

    Exit words: 0 done, 2 misused.

    Parameters
    ----------
    ref
        PROJECT#NUMBER or PROJECT!NUMBER.
    text
        What you say.
    discussion
        Begin a discussion with it, which stays open until it is resolved.
    """
    by = someone(where)
    say(open_people(where).add_note(ref, text, by, open_desk(where).now(), discussion=discussion))
    return Exit.DONE


@app.command
def resolve(begun: str, /, *, where: Where = NOWHERE) -> int:
    """Resolve a discussion.

    Example: `secrel forge resolve vendor/site!1#note_7 --by amara`.

    Exit words: 0 done, 2 misused when it began no discussion.

    Parameters
    ----------
    begun
        The address of the note that began it, as `secrel forge note` answered.
    """
    someone(where)
    open_people(where).resolve(begun)
    say(f"resolved  {begun}")
    return Exit.DONE


@app.command
def label(ref: str, name: str, /, *, remove: bool = False, where: Where = NOWHERE) -> int:
    """Put a label on an issue or a merge request, or take it off.

    Example: `secrel forge label vendor/product#2 "severity::1" --by amara`.

    Exit words: 0 done, 2 misused.

    Parameters
    ----------
    ref
        PROJECT#NUMBER or PROJECT!NUMBER.
    name
        The label.
    remove
        Take it off.
    """
    someone(where)
    people = open_people(where)
    (people.remove_label if remove else people.add_label)(ref, name)
    say(f"{'removed' if remove else 'added'}  {name}  {ref}")
    return Exit.DONE


@app.command
def assign(ref: str, /, *usernames: str, where: Where = NOWHERE) -> int:
    """Say whose turn an issue or a merge request is.

    Example: `secrel forge assign vendor/product!3 release-bot --by amara`.

    Exit words: 0 done, 2 misused.

    Parameters
    ----------
    ref
        PROJECT#NUMBER or PROJECT!NUMBER.
    usernames
        The handles; without any, nobody.
    """
    someone(where)
    open_people(where).set_assignees(ref, usernames)
    say(f"assigned  {ref}  {', '.join(usernames) or 'nobody'}")
    return Exit.DONE


@app.command
def move(release: str, /, *, due: str = "", versions: tuple[str, ...] = (), where: Where = NOWHERE) -> int:
    """Move a release to another day, or change the versions it ships; everything that names them follows.

    Example: `secrel forge move 2027-01-13 --due 2027-01-14T16:00:00+00:00 --versions product=1.2.4,1.1.9 --by amara`.

    Exit words: 0 done, 2 misused.

    Parameters
    ----------
    release
        The release's name.
    due
        The new instant, with its zone.
    versions
        The versions of one product, as PRODUCT=VERSION,VERSION. Can be repeated.
    """
    someone(where)
    told: dict[str, list[str]] = {}
    for product, sign, named in (text.partition("=") for text in versions):
        if not sign or product in told:
            what = f"{product} is named twice" if sign else f"{product[:80]!r} names no product"
            raise Misused(
                what, remedy="name each product once, with all its versions: --versions PRODUCT=VERSION,VERSION"
            )
        told[product] = named.split(",")
    if not due and not told:
        raise Misused("nothing is changed", remedy="give --due, or --versions PRODUCT=VERSION,VERSION")
    moved = move_release(open_desk(where), release, due=due, versions=told)
    shipped = "; ".join(f"{s.product.key} {', '.join(map(str, s.versions))}" for s in moved.shipments)
    say(f"{moved.name}  due {moved.due.isoformat()}  {shipped}")
    tell_apply(where, release)
    return Exit.DONE
