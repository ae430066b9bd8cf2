"""`secrel show` and `secrel diff`: a document as it is, and where it differs from what the desk would write."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import unified_diff
from typing import TYPE_CHECKING, Literal

from secrel.cli.complaining import shown
from secrel.cli.session import NOWHERE, Where, item_at, note, open_desk, release_name, say
from secrel.desk.looking import look
from secrel.evaluate.looking import DOCUMENTS, Document, document
from secrel.evaluate.remedies import quoted
from secrel.evaluate.verdicts import Blocked
from secrel.faces.forge import item_told
from secrel.papers import documents
from secrel.papers.post import current
from secrel.wiring import people_at
from secrel.words.errors import Exit, Misused
from secrel.words.forge import Assent, MergeRequest, State
from secrel.words.parts import settled
from secrel.words.patterns import pattern

if TYPE_CHECKING:  # what writes texts is loaded to write them
    from secrel.papers.scene import Scene

_REF = pattern(r"[^\s#!]+[#!]\d+")
Name = Literal["draft", "post", "checklist", "comms"]


def show(release: str = "", what: Name = "draft", /, *, where: Where = NOWHERE) -> int:
    """Print a document, an issue or a merge request as it is now: of a draft every byte that would be published.

    Example: `secrel show 2026-11`, then `secrel diff 2026-11`; approve it on the forge, where it is. An issue of the
    embedded forge with its labels, details and notes: `secrel show vendor/product#1`.

    Exit words: 0 done, 2 misused when it is not there, 5 unseen when it could not be looked at.

    Parameters
    ----------
    release
        The release's name, without it the next one that is due, or else the last one; or PROJECT#NUMBER or
        PROJECT!NUMBER.
    what
        Of a release: draft, post, checklist or comms.
    """
    if _REF.fullmatch(release):
        say(item_told(item_at(people_at(where.desk, where.clock), release)))
        return Exit.DONE
    desk = open_desk(where)
    found = _found(look(desk, release_name(desk, release)), what)
    for path, text in _texts(found).items():
        if path:
            note(f"{path}:")
        say(shown(text))
    where_it_is = "" if found.url.endswith(found.ref) else f", {found.url}"
    note(f"{found.ref}, {found.state}{where_it_is}")
    if isinstance(found, MergeRequest):
        given = [_given(assent, found) for assent in settled(found.assents, "its approvals")]
        changed = f"{found.changed_at:%Y-%m-%d %H:%M %Z}" if found.changed_at else "nobody knows when"
        note(shown(f"changed last: {changed}; approved by: {'; '.join(given) or 'nobody'}"))
    return Exit.DONE


def _given(assent: Assent, found: MergeRequest) -> str:
    """Say who approved it and when, and whether it has changed since."""
    return f"{assent.by}, {assent.at:%Y-%m-%d %H:%M %Z}{', before its last change' if found.is_stale(assent) else ''}"


def diff(release: str = "", what: Name = "draft", /, *, where: Where = NOWHERE) -> int:
    """Show where a document differs from what the desk would write; the release post, from what was reviewed.

    A release post that is live is shown as it is on the site, against what the facts say now: what people changed there
    is corrected there, or in the facts, or stays as a signed exception.

    Lines with - are the desk's, or those that were reviewed; lines with + are what stands there.

    Example: `secrel diff 2026-11`, or `secrel diff 2026-11 post`.

    Exit words: 0 done, 2 misused when it is not there, or lacks a fact, 5 unseen when it could not be looked at.

    Parameters
    ----------
    release
        The release's name; without it, the next one that is due, or else the last one.
    what
        draft, post, checklist or comms.
    """
    desk = open_desk(where)
    seen = look(desk, release_name(desk, release))
    found = _found(seen, what)
    theirs, ours = _texts(found), _expected(seen, what, found)
    lines = [line for path in sorted({*theirs, *ours}) for line in _differences(path, ours, theirs)]
    say(shown("\n".join(lines)) if lines else f"{DOCUMENTS[what]} is what it should be, to the byte")
    if lines and _is_live(found, what):
        name = quoted(seen.name)
        note("where people changed it on the site: correct it there, or take it over into the facts: secrel fix set")
        for judged in seen.assessment.gates:
            if judged.gate.told("document") == "post" and isinstance(judged.verdict, Blocked):
                note(f'to keep it: secrel claim {name} {quoted(judged.gate.name)} --waive --words "…"')
    return Exit.DONE


def _found(seen: Scene, what: Name) -> Document:
    found = document(seen.snapshot, what)
    if found is None:
        raise Misused(f"{DOCUMENTS[what]} does not exist yet", where=seen.name, remedy=f"secrel status {seen.name}")
    return found


def _texts(found: Document) -> Mapping[str, str]:
    """Give the texts of a document by their paths; an issue has one, without a path."""
    if isinstance(found, MergeRequest):
        return found.live if found.state is State.MERGED else dict(found.files)
    return {"": found.body}


def _is_live(found: Document, what: Name) -> bool:
    return what == "post" and found.state is State.MERGED


def _expected(seen: Scene, what: Name, found: Document) -> Mapping[str, str]:
    """Give what should be there: what the desk would write now, or of the release post what was reviewed."""
    if what == "post" and not _is_live(found, what):
        carried = seen.snapshot.carried
        return dict(carried.files) if carried else _texts(_found(seen, "draft"))
    if what in {"draft", "post"}:
        post = current.post_now(seen)
        return {post.path: post.text}
    return {"": documents.sheet_of(what, seen).body}


def _differences(path: str, ours: Mapping[str, str], theirs: Mapping[str, str]) -> list[str]:
    before, after = (side.get(path, "").splitlines() for side in (ours, theirs))
    names = (f"{path} as the desk has it".strip(), f"{path} as it is".strip())
    lines = list(unified_diff(before, after, *names, lineterm=""))
    if not lines and ours.get(path, "") != theirs.get(path, ""):
        return [f"{path}: only how its lines end is different".removeprefix(": ")]
    return lines
