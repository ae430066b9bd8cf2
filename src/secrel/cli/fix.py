"""`secrel fix`: bring a fix into a release, look at it, take it out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from secrel.cli.doubts import note_doubts
from secrel.cli.session import NOWHERE, Format, Where, columns, open_desk, release_name, say, someone, told_outcomes
from secrel.desk.fixing import add_fix, complete_fix, link_fix, release_notes, remove_fix
from secrel.desk.looking import look
from secrel.faces.fixes import fix_told, fixes_told
from secrel.files import read_file
from secrel.observe.release_file import Branch, FixEntry, read_fix_file
from secrel.reading import largest
from secrel.words.errors import Exit, Misused
from secrel.words.facts.stated import FixFacts, amended, read_facts
from secrel.words.facts.tables import as_table

app = App(name="fix", help="Bring a fix into a release, look at it, take it out.")

_NAMES = ("title", "description", "product", "edition", "vector", "weakness", "cve", "no_cve", "workaround")


@app.command
def add(
    release: str,
    name: str = "",
    /,
    *,
    ref: str = "",
    set_: Annotated[tuple[str, ...], Parameter(name="--set")] = (),
    since: str = "",
    origin: tuple[str, ...] = (),
    branch: tuple[str, ...] = (),
    from_: Annotated[Path | None, Parameter(name="--from")] = None,
    where: Where = NOWHERE,
) -> int:
    """Bring a fix into a release, or complete the details of one that is there.

    Example: `secrel fix add 2026-11 notebooks --set title="Stored XSS" --since 13.5 --branch sec-nb=main --by amara`,
    and later: `secrel fix add 2026-11 --ref acme/app#4 --set cve=CVE-2026-0001 --by amara`.

    Exit words: 0 done, 2 misused.

    Parameters
    ----------
    release
        The release's name.
    name
        A short handle for a new fix, without secrets.
    ref
        The issue of a fix that is there already: linked when it is not in the release, completed with --set.
    set_
        A field of the details table: title, description, product, edition, vector, weakness, cve, no_cve, workaround.
    since
        The first affected version, or all.
    origin
        A commit that brought the vulnerability in; with it, the affected range is proved from git.
    branch
        A branch that is there, and its target, as BRANCH=TARGET.
    from_
        A YAML file with one fix, as it would stand in a release file: credits, references and all other fields.
    """
    someone(where)
    file = _file(from_)
    name = name or (file.name if file else "")
    table: dict[str, object] = dict(_pair(text, "--set") for text in set_)
    strange = sorted(set(table) - set(_NAMES))
    if strange:
        raise Misused(f"there is no field {strange[0][:40]!r}", remedy=f"use one of: {', '.join(_NAMES)}")
    table |= ({"affected": {"since": since}} if since else {}) | ({"origins": list(origin)} if origin else {})
    said = read_facts(FixFacts, table).whole(FixFacts, ref or name or "the new fix")
    facts = amended(file.facts, said, table) if file else said
    desk = open_desk(where)
    if ref:
        linked = {fix.ref for fix in look(desk, release).snapshot.tracked_fixes}
        outcomes = [] if ref in linked else link_fix(desk, release, ref)
        lines = tuple({**(as_table(file.facts) if file else {}), **table})
        outcomes += complete_fix(desk, release, ref, facts, lines) if lines else []
    else:
        if not name or not facts.title:
            raise Misused("a new fix needs a name and a title", remedy='fix add RELEASE NAME --set title="…"')
        pairs = [_pair(text, "--branch") for text in branch]
        branches = tuple(Branch(*pair) for pair in pairs) or (file.merge_requests if file else ())
        outcomes = add_fix(desk, release, FixEntry(name, facts, file.labels if file else (), branches))
    say(told_outcomes(outcomes))
    note_doubts(desk, release)
    return Exit.DONE


def _file(path: Path | None) -> FixEntry | None:
    if path is None:
        return None
    remedy = "look at its name and rights"
    return read_fix_file(read_file(path, "the file of the fix", most=largest.RELEASE, remedy=remedy), str(path))


def _pair(text: str, flag: str) -> tuple[str, str]:
    key, sign, value = text.partition("=")
    if not sign or not key:
        raise Misused(f"{flag} {text[:60]!r} is no pair", remedy=f"write it as {flag} NAME=VALUE")
    return key, value


@app.command
def show(release: str = "", ref: str = "", /, *, format: Format = "text", where: Where = NOWHERE) -> int:
    """Show the fixes of a release, or everything about one.

    Example: `secrel fix show 2026-11` or `secrel fix show 2026-11 acme/app#4`.

    Exit words: 0 done, 2 misused when there is no such fix.

    Parameters
    ----------
    release
        The release's name; without it, the next one that is due, or else the last one.
    ref
        The fix's issue; without it, all fixes in a table.
    format
        text, markdown or json.
    """
    desk = open_desk(where)
    snapshot = look(desk, release_name(desk, release)).snapshot
    say(fix_told(snapshot, ref, format, columns()) if ref else fixes_told(snapshot, format, columns()))
    return Exit.DONE


@app.command
def notes(release: str, ref: str, /, *, words: str, where: Where = NOWHERE) -> int:
    """Let the notes on a fix's issue become public with it; without this they stay among the people of the project.

    Example: `secrel fix notes 2026-11 acme/app#4 --words "I have read all of them" --by amara`.

    It is said of the notes as they are now: one that is written later stays inside.
    Exit words: 0 done, 2 misused, 4 refused when you may not say so.

    Parameters
    ----------
    release
        The release's name.
    ref
        The fix's issue.
    words
        What you say; it is kept in the journal.
    """
    someone(where)
    desk = open_desk(where)
    said = release_notes(desk, release, ref, words)
    say(f"the notes of {ref} may become public: {said.by}, {said.at:%Y-%m-%d %H:%M %Z}")
    note_doubts(desk, release)
    return Exit.DONE


@app.command
def remove(release: str, ref: str, /, *others: str, reason: str, where: Where = NOWHERE) -> int:
    """Take fixes out of a release; the text written for each is kept on its issue.

    Example: `secrel fix remove 2026-11 acme/app#4 --reason "after the deadline" --by amara`.

    Exit words: 0 done, 2 misused.

    Parameters
    ----------
    release
        The release's name.
    ref
        The fix's issue.
    others
        The issues of other fixes that go for the same reason.
    reason
        Why; it is kept in the journal.
    """
    someone(where)
    desk = open_desk(where)
    outcomes = [outcome for one in (ref, *others) for outcome in remove_fix(desk, release, one, reason)]
    from secrel.desk.carrying_out import carry_out_quiet  # noqa: PLC0415 - what writes texts is loaded to write them

    told = carry_out_quiet(desk, release, ("comments_on_removed",)).outcomes
    say(told_outcomes([*outcomes, *told]))
    note_doubts(desk, release)
    return Exit.DONE
