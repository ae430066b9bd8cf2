"""`secrel fix`: bring a fix into a release, change what is known of it, look at it, take it out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from msgspec.structs import replace

from secrel.apply.applying import Outcome, between
from secrel.cli.doubts import note_doubts, note_words
from secrel.cli.session import (
    NOWHERE,
    Format,
    Where,
    ask_to_read,
    columns,
    open_desk,
    open_people,
    release_name,
    say,
    someone,
    tell_apply,
    told_outcomes,
)
from secrel.desk import carrying_out, fixing
from secrel.desk.looking import look
from secrel.desk.ordering import Unapproved
from secrel.evaluate.remedies import quoted
from secrel.faces.fixes import fix_told, fixes_told
from secrel.files import read_file
from secrel.observe.release_file import Branch, FixEntry, read_fix_file, read_value
from secrel.reading import largest
from secrel.words.errors import Exit, Misused
from secrel.words.facts.stated import FixFacts, amended, read_facts
from secrel.words.facts.tables import as_table, unknown_field

app = App(name="fix", version_flags=(), help="Bring a fix into a release, change it, look at it, take it out.")

_FIELDS = FixFacts.__struct_fields__
_SAID_SINCE = "affected"


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
    approve: str = "",
    where: Where = NOWHERE,
) -> int:
    """Bring a fix into a release: a new one, or one whose issue is there already.

    Example: `secrel fix add 2026-11 notebooks --set title="Stored XSS" --since 13.5 --branch sec-nb=main --by amara`,
    or `secrel fix add 2026-11 --ref acme/app#4 --by amara`.

    What is known of a fix that is in the release is changed with `secrel fix set`. An issue that everybody reads by now
    is linked once you approve it; the last line of the answer is the command that links it.
    Exit words: 0 done, 2 misused, 4 refused until you approve what everybody would read.

    Parameters
    ----------
    release
        The release's name.
    name
        A short handle for a new fix, without secrets.
    ref
        The issue of a fix that is there already, which is linked to the release.
    set_
        A field of a new fix, as FIELD=VALUE: those that `secrel fix set` takes.
    since
        The first affected version, or all.
    origin
        A commit that brought the vulnerability in; with it, the affected range is proved from git.
    branch
        A branch that is there, and its target, as BRANCH=TARGET.
    from_
        A YAML file with one fix, as it would stand in a release file.
    approve
        The digest of what you read and approve, where everybody reads the issue that is linked.
    """
    someone(where)
    file = _file(from_)
    name = name or (file.name if file else "")
    table = _table(set_, since, origin)
    desk = replace(open_desk(where), read=approve)
    if ref:
        if name or table or branch:
            remedy = f"link it, then: secrel fix set {quoted(release)} {quoted(ref)} FIELD=VALUE"
            raise Misused("--ref links a fix as it is, and nothing is set with it", remedy=remedy)
        try:
            outcomes = fixing.link_fix(desk, release, ref)
        except Unapproved as unread:
            return ask_to_read(where, unread.plan, unread.what, ["fix", "add", *_words(release), "--ref", quoted(ref)])
    else:
        facts = _facts(table, file, name or "the new fix")
        if not name or not facts.title:
            raise Misused("a new fix needs a name and a title", remedy='fix add RELEASE NAME --set title="…"')
        branches = _branches(branch) or (file.merge_requests if file else ())
        outcomes = fixing.add_fix(desk, release, FixEntry(name, facts, file.labels if file else (), branches))
    say(told_outcomes(outcomes))
    note_words(desk, release, [ref] if ref else [outcome.address for outcome in outcomes])
    note_doubts(desk, release)
    tell_apply(where, release)
    return Exit.DONE


@app.command(name="set")
def change(
    release: str,
    ref: str,
    /,
    *fields: str,
    since: str = "",
    origin: tuple[str, ...] = (),
    branch: tuple[str, ...] = (),
    label: tuple[str, ...] = (),
    unlabel: tuple[str, ...] = (),
    reword: tuple[str, ...] = (),
    from_: Annotated[Path | None, Parameter(name="--from")] = None,
    approve: str = "",
    where: Where = NOWHERE,
) -> int:
    """Change what is known of a fix that is in a release: any of its facts, its labels, its merge requests.

    Example: `secrel fix set 2026-11 acme/app#4 cve=CVE-2026-0001 assigned_by=us --by amara`, or
    `secrel fix set 2026-11 acme/app#4 'credits=[{name: Farid, source: other}]' references=https://acme.example/advisory`.

    A field without a value, `workaround=`, is taken away. Documents follow with the next `secrel apply`. Once the fix's
    issue is public, the change is shown before it is made; the last line of the answer is the command that makes it.
    Exit words: 0 done, 2 misused, 4 refused when somebody changed the same field meanwhile, or until you approve what
    everybody would read.

    Parameters
    ----------
    release
        The release's name.
    ref
        The fix's issue.
    fields
        What is to be so, as FIELD=VALUE: any field of a fix in a release file; lists and ranges as YAML writes them.
    since
        The first affected version, or all; the release's versions end the range.
    origin
        A commit that brought the vulnerability in; with it, the affected range is proved from git.
    branch
        A branch that is there, and its target, as BRANCH=TARGET: its merge request is opened.
    label
        A label to put on its issue.
    unlabel
        A label to take off its issue.
    reword
        Words of its title, description or workaround and what takes their place, as OLD=NEW; OLD= takes them out.
    from_
        A YAML file with one fix, as it would stand in a release file: all that it states becomes so.
    approve
        The digest of what you read and approve, where everybody reads the fix's issue by now.
    """
    someone(where)
    file = _file(from_)
    table = _table(fields, since, origin)
    facts = _facts(table, file, ref)
    lines = tuple({**(as_table(file.facts) if file else {}), **table})
    branches = _branches(branch)
    labels = {**dict.fromkeys(unlabel, False), **dict.fromkeys(label, True)}
    rewordings = [_reworded(text) for text in reword]
    if not (lines or branches or labels or rewordings):
        raise Misused("nothing is said to change", remedy=f"say it as FIELD=VALUE, with one of: {', '.join(_FIELDS)}")
    desk = replace(open_desk(where), read=approve)
    _check_one_change(ref, approve, bool(lines) + len(rewordings))
    try:
        outcomes = fixing.complete_fix(desk, release, ref, facts, lines) if lines else []
        for old, new in rewordings:
            outcomes += fixing.reword_fix(desk, release, ref, old, new)
    except Unapproved as unread:
        _check_one_change(ref, unread.plan.digest, bool(lines) + len(rewordings))
        given = {"since": since and [since], "origin": origin, "branch": branch, "label": label, "unlabel": unlabel}
        given |= {"reword": reword, "from": [str(from_)] if from_ else []}
        words = ["fix", "set", *_words(release, ref, *fields), *_flags(given)]
        return ask_to_read(where, unread.plan, unread.what, words)
    outcomes += fixing.track_branches(desk, release, ref, branches) if branches else []
    if labels:
        fixing.label_fix(desk, open_people(where), release, ref, labels)
        say("\n".join(f"{'labelled' if stays else 'unlabelled'}  {ref}  {name}" for name, stays in labels.items()))
    if outcomes:
        say(told_outcomes(outcomes))
        note_words(desk, release, [ref])
    note_doubts(desk, release)
    if outcomes:
        tell_apply(where, release)
    return Exit.DONE


def _check_one_change(ref: str, approve: str, count: int) -> None:
    """Raise `Misused` for several changes of what everybody reads: each is read, and approved, by itself."""
    if approve and count > 1:
        raise Misused(
            f"everybody can read {ref}, and {count} changes of it are read one by one",
            remedy="put fields into one command, and each --reword into one of its own",
        )


def _words(*words: str) -> list[str]:
    return [quoted(word) for word in words]


def _flags(given: Mapping[str, Sequence[str]]) -> list[str]:
    return [word for name, values in given.items() for value in values for word in (f"--{name}", quoted(value))]


def _reworded(text: str) -> tuple[str, str]:
    old, sign, new = text.rpartition("=")
    if not sign or not old:
        raise Misused(f"--reword {text[:60]!r} is no pair", remedy="write it as OLD=NEW, or OLD= to take it out")
    return old, new


def _table(fields: Sequence[str], since: str, origin: Sequence[str]) -> dict[str, object]:
    """Give what is said, by the names of fields; one without a value is None, and goes away."""
    table = {name: read_value(name, value) for name, value in (_pair(text, "a field") for text in fields)}
    strange = sorted(set(table) - set(_FIELDS))
    if strange:
        raise unknown_field(strange[0], _FIELDS)
    return table | ({_SAID_SINCE: {"since": since}} if since else {}) | ({"origins": list(origin)} if origin else {})


def _facts(table: Mapping[str, object], file: FixEntry | None, where: str) -> FixFacts:
    stated = {name: value for name, value in table.items() if value is not None}
    said = read_facts(FixFacts, stated).whole(FixFacts, where)
    return amended(file.facts, said, table) if file else said


def _branches(pairs: Sequence[str]) -> tuple[Branch, ...]:
    return tuple(Branch(*_pair(text, "--branch")) for text in pairs)


def _file(path: Path | None) -> FixEntry | None:
    if path is None:
        return None
    remedy = "look at its name and rights"
    return read_fix_file(read_file(path, "the file of the fix", most=largest.RELEASE, remedy=remedy), str(path))


def _pair(text: str, flag: str) -> tuple[str, str]:
    key, sign, value = text.partition("=")
    if not sign or not key:
        raise Misused(f"{flag} {text[:60]!r} is no pair", remedy="write it as NAME=VALUE")
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
    said = fixing.release_notes(desk, release, ref, words)
    say(f"the notes of {ref} may become public: {said.by}, {said.at:%Y-%m-%d %H:%M %Z}")
    note_doubts(desk, release)
    return Exit.DONE


@app.command
def remove(release: str, ref: str, /, *others: str, reason: str, approve: str = "", where: Where = NOWHERE) -> int:
    """Take fixes out of a release; the text written for each is kept on its issue.

    Example: `secrel fix remove 2026-11 acme/app#4 --reason "after the deadline" --by amara`.

    A fix whose issue is public by now is taken out once you approve it; the last line of the answer is the command.
    Exit words: 0 done, 2 misused, 4 refused until you approve what everybody would read.

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
    approve
        The digest of what you read and approve, where everybody reads the fix's issue by now.
    """
    someone(where)
    desk, outcomes = replace(open_desk(where), read=approve), list[Outcome]()
    with between(outcomes):
        for one in (ref, *others):
            try:
                outcomes += fixing.remove_fix(desk, release, one, reason)
            except Unapproved as unread:
                say(told_outcomes(outcomes))
                words = ["fix", "remove", *_words(release, one), "--reason", quoted(reason)]
                return ask_to_read(where, unread.plan, unread.what, words)
        outcomes += carrying_out.carry_out_free(desk, release, ("comments_on_removed",)).outcomes
    say(told_outcomes(outcomes))
    note_doubts(desk, release)
    tell_apply(where, release)
    return Exit.DONE
