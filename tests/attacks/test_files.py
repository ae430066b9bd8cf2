"""Every kind of file that a desk reads, with every fault a file can have: refused or read, by the real commands."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from secrel.words.errors import Exit
from tests.cli.conftest import copied, desk_folder, started, started_folder
from tests.cli.desks import Answer, User

__all__ = ["copied", "desk_folder", "started", "started_folder"]

NAME = "2027-01"
DEPTH = 10_000
MAIL = "From: a@vendor.example\nTo: b@vendor.example\nSubject: {}\nContent-Type: text/plain\n\nA word: é\n"
DEEP: Mapping[str, str] = {
    "toml": f"deep = {'[' * DEPTH}{']' * DEPTH}\n",
    "yaml": f"deep: {'[' * DEPTH}{']' * DEPTH}\n",
    "json": f'{{"deep": {"[" * DEPTH}{"]" * DEPTH}}}\n',
    "lines": "1.2.3 " * DEPTH,
    "template": f"{'{% if true %}' * DEPTH}{'{% endif %}' * DEPTH}",
    "mail": "".join(f"Content-Type: multipart/mixed; boundary=b{number}\n\n--b{number}\n" for number in range(DEPTH)),
}


@dataclass(frozen=True)
class Kind:
    """One kind of file: its syntax, where it lies, what may stand in it, and the command that reads it."""

    syntax: str
    file: str
    content: str
    words: tuple[str, ...] = ("status", NAME)
    settings: str = ""

    @property
    def at_desk(self) -> bool:
        """Whether its command is one of a desk."""
        return self.words[0] not in ("affected", "rehearse")


KINDS: Mapping[str, Kind] = {
    "settings": Kind("toml", "secrel.toml", ""),
    "team": Kind("toml", "team.toml", ""),
    "process": Kind("toml", "process.toml", "strange = 'é'\n", settings='process = "process.toml"\n'),
    "template": Kind(
        "template",
        "own/messages/handover.md.j2",
        "é\n",
        ("handover", NAME),
        settings='process = "generic"\ntemplates = "own"\n',
    ),
    "release": Kind("yaml", "new.yaml", "release: é\n", ("start", "--from", "FILE")),
    "fix": Kind("yaml", "fix.yaml", "title: é\n", ("fix", "add", NAME, "late", "--from", "FILE")),
    "story": Kind("yaml", "story.yaml", "story: é\n", ("rehearse", "--story", "FILE")),
    "schedule": Kind("yaml", "releases.yml", "[] # é\n", ("rotation", "export", "--schedule", "FILE", "--to", "x.yml")),
    "mail": Kind("mail", "test.eml", MAIL, ("email", "verify", NAME, "FILE")),
    "cases": Kind("toml", "cases.toml", "vulnerability = [] # é\n", ("affected", "REPOSITORY", "--cases", "FILE")),
    "cases-json": Kind("json", "c.json", '{"strange": "é"}', ("affected", "REPOSITORY", "--cases", "FILE")),
    "published": Kind(
        "lines", "p.txt", "1.2.3 # é\n", ("affected", "REPOSITORY", "--fix", "HEAD", "--published", "FILE")
    ),
}
"""Settings and team files have their own content: that of the desk, with a remark."""


def _written(file: Path, data: bytes) -> None:
    file.write_bytes(data)


def _sparse(file: Path) -> None:
    with file.open("wb") as opened:
        opened.truncate(200_000_000)


def _elsewhere(file: Path, text: str) -> None:
    other = _outside(file)
    other.write_text(text, "utf-8")
    file.symlink_to(other)


def _outside(file: Path) -> Path:
    """A place that is in no folder of the desk."""
    desk = next(folder for folder in file.parents if (folder / "release.yaml").exists())
    return desk.parent / f"elsewhere-{file.name}"


def _bound(file: Path) -> None:
    here = Path.cwd()
    os.chdir(file.parent)  # a socket's path has to be short
    try:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(file.name)
    finally:
        os.chdir(here)


DIGITS = "9" * 5_000
BOMB = "".join(f"b{n}: &b{n} [{', '.join([f'*b{n - 1}'] * 9 if n else ['x'] * 9)}]\n" for n in range(12))
ODD: Mapping[str, Mapping[str, str]] = {
    "a number of 5,000 figures": {
        "toml": f"odd = {DIGITS}\n",
        "yaml": f"odd: {DIGITS}\n",
        "json": f'{{"odd": {DIGITS}}}',
        "lines": f"{DIGITS}.{DIGITS}\n",
        "template": f"{{{{ {DIGITS} }}}}",
        "mail": f"Content-Type: text/plain; charset*{DIGITS}=a\nContent-Length: {DIGITS}\n\nx\n",
    },
    "no number": {
        "toml": "odd = [nan, -inf, 1e999, 0x7fffffffffffffffffff]\n",
        "yaml": "odd: [.nan, -.inf, 1e999, 0o7777777777777777777777777, 1_0:59:59]\n",
        "json": '{"odd": [NaN, -Infinity, 1e999]}',
        "lines": "nan\ninf\n-1\n1e999\n",
        "template": "{{ 9 ** 9 ** 9 }}",
        "mail": "Content-Type: multipart/mixed; boundary=\n\n--\n\nx\n----\n",
    },
    "dates that there are not": {
        "toml": "odd = 2026-02-30\n",
        "yaml": "odd: 2026-02-30\nother: 99999-01-01T99:99:99Z\n",
        "json": '{"odd": "2026-02-30"}',
        "lines": "2026-02-30\n",
        "template": "{{ '2026-02-30' | no_such_filter }}",
        "mail": "Date: Thu, 99 Foo 99999 99:99:99 +9999\nSubject: x\n\nx\n",
    },
    "keys twice": {
        "toml": "odd = 1\nodd = 2\n",
        "yaml": "odd: 1\nodd: 2\n",
        "json": '{"odd": 1, "odd": 2}',
        "lines": "1.2.3\n1.2.3\n",
        "template": "{% block a %}{% endblock %}{% block a %}{% endblock %}",
        "mail": "Subject: a\nSubject: b\nContent-Type: text/plain\nContent-Type: text/html\n\nx\n",
    },
    "names of names": {
        "toml": "".join(f"a{'.a' * 2_000} = {n}\n" for n in range(2)),
        "yaml": BOMB,
        "json": f'{{"a{"a" * 100_000}": {{}}}}',
        "lines": f"{'1.' * 50_000}1\n",
        "template": "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
        "mail": f"Content-Type: text/plain; {'; '.join(f'a*{n}*=b' for n in range(9_000))}\n\nx\n",
    },
    "itself": {
        "toml": "odd = { }\nodd.odd = 1\n[odd]\n[[odd]]\n",
        "yaml": "odd: &odd\n  odd: *odd\n  <<: *odd\n",
        "json": '{"$ref": "#"}',
        "lines": "# \u2028\n",
        "template": "{% include 'messages/handover.md.j2' %}{% extends 'messages/handover.md.j2' %}",
        "mail": "Content-Type: message/rfc822\n\n" * 3_000,
    },
    "a type of its own": {
        "toml": "odd = 25:61:61\n",
        "yaml": "odd: !!python/object/apply:os.system [id]\nother: !!binary ####\n",
        "json": '{"__class__": "os.system"}',
        "lines": "$(id)\n",
        "template": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "mail": "Content-Type: text/x-\u202e; charset=no-such\nContent-Transfer-Encoding: x\n\nx\n",
    },
}
"""Texts that a reader of their syntax takes for something else, too large, or endless."""

Fault = Callable[[Path, Kind, str], None]
FAULTS: Mapping[str, Fault] = {
    "200 MB": lambda file, _, __: _sparse(file),
    "nested 10,000 times": lambda file, kind, _: _written(file, DEEP[kind.syntax].encode()),
    **{
        name: lambda file, kind, _, texts=texts: _written(file, texts[kind.syntax].encode())  # type: ignore[misc] # mypy knows no default of a lambda
        for name, texts in ODD.items()
    },
    "UTF-16": lambda file, _, text: _written(file, text.encode("utf-16")),
    "UTF-16 without a mark": lambda file, _, text: _written(file, text.encode("utf-16-le")),
    "latin-1": lambda file, _, text: _written(file, text.encode("latin-1")),
    "a byte order mark": lambda file, _, text: _written(file, b"\xef\xbb\xbf" + text.encode()),
    "NUL": lambda file, _, text: _written(file, text.encode().replace("é".encode(), b"\0")),
    "nothing but NULs": lambda file, _, __: _written(file, b"\0" * 10_000),
    "nothing": lambda file, _, __: _written(file, b""),
    "a folder": lambda file, _, __: file.mkdir(),
    "a pipe": lambda file, _, __: os.mkfifo(file),
    "a socket": lambda file, _, __: _bound(file),
    "a device": lambda file, _, __: file.symlink_to("/dev/zero"),
    "a link to nowhere": lambda file, _, __: file.symlink_to("nowhere"),
    "a link to itself": lambda file, _, __: file.symlink_to(file.name),
    "a link out of the folder": lambda file, _, text: _elsewhere(file, text),
}
SAID: Mapping[str, str] = {
    "200 MB": "it is larger than ",
    "UTF-16": "this is not UTF-8",
    "UTF-16 without a mark": "this is not UTF-8",
    "latin-1": "this is not UTF-8",
    "a folder": "it is a folder",
    "a pipe": "it is a pipe",
    "a socket": "(No such device or address)",
    "a device": "it is a device",
    "a link to nowhere": "(No such file or directory)",
    "a link to itself": "(Too many levels of symbolic links)",
}
"""What is said of a fault, whichever kind of file has it, unless the table below has it."""
AS_IT_IS = ("a byte order mark", "a link out of the folder")
"""What is no fault: the file is read as one without it."""
NO_MAIL, NO_DESK, A_LINK = "this is no mail", "there is no desk here", "a template is a link out of its folder"
OTHERWISE: Mapping[tuple[str, str], str] = {
    ("mail", "nested 10,000 times"): "the mail has more than 100 parts",
    ("mail", "a number of 5,000 figures"): "a parameter with a number of a thousand figures",
    ("mail", "UTF-16"): NO_MAIL,
    ("mail", "UTF-16 without a mark"): NO_MAIL,
    ("settings", "a link to nowhere"): NO_DESK,
    ("settings", "a link to itself"): NO_DESK,
    ("template", "a device"): A_LINK,
    ("template", "a link out of the folder"): A_LINK,
}
READ = {("mail", "latin-1"), ("template", "a folder"), *((name, fault) for name in KINDS for fault in AS_IT_IS)}
"""A mail may have any encoding, and a folder of templates may have folders."""


@pytest.mark.parametrize("name", KINDS)
def test_every_fault_of_a_file_is_refused_or_read(name: str, started: User, monkeypatch: pytest.MonkeyPatch) -> None:
    kind = KINDS[name]
    monkeypatch.chdir(started.folder)
    file = started.folder / kind.file
    file.parent.mkdir(parents=True, exist_ok=True)
    text = kind.content or f"{file.read_text('utf-8')}\n# é\n"
    settings = started.folder / "secrel.toml"
    kept = re.sub(r"^process = .*$", "", settings.read_text("utf-8"), flags=re.MULTILINE)
    if kind.settings:
        settings.write_text(f"{kind.settings}{kept}", "utf-8")
    words = [{"FILE": str(file), "REPOSITORY": "product.git"}.get(word, word) for word in kind.words]
    _written(file, text.encode())
    plain = answered(started, kind, words)
    for fault, make in FAULTS.items():
        if file.is_dir() and not file.is_symlink():
            file.rmdir()
        file.unlink(missing_ok=True)
        make(file, kind, text)
        answer = answered(started, kind, words)
        said = OTHERWISE.get((name, fault), "" if (name, fault) in READ else SAID.get(fault, ""))
        assert said in answer.err, f"{fault}: {answer.err}"
        assert not said or answer.word == Exit.MISUSED, fault
        if fault in AS_IT_IS and not said:
            assert (answer.word, answer.err) == (plain.word, plain.err), fault


def answered(user: User, kind: Kind, words: Sequence[str]) -> Answer:
    """Run the command: whatever is no error of ours is raised, and the machine is not said to have failed."""
    answer = user(*words) if kind.at_desk else user.elsewhere(*words)
    assert answer.word != Exit.BROKEN, answer.err
    assert (answer.word == Exit.MISUSED) == ("misused: " in answer.err), answer.err
    assert len(answer.err) < 6_000
    return answer


NAMES = (
    "..",
    ".",
    "../other",
    "a/../../b",
    "/etc",
    "",
    " ",
    "a\0b",
    "~",
    "*",
    "x" * 300,
    "\u202e",
    "-",
    "-rf",
    "a\nb",
    "\udcff",
)


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if "FILE" in kind.words])
def test_a_strange_name_of_a_file_is_refused(name: str, started: User, monkeypatch: pytest.MonkeyPatch) -> None:
    kind = KINDS[name]
    monkeypatch.chdir(started.folder)
    for strange in NAMES:
        words = [{"FILE": strange, "REPOSITORY": "product.git"}.get(word, word) for word in kind.words]
        assert answered(started, kind, words).word == Exit.MISUSED, strange


@pytest.mark.parametrize("setting", ["team", "process", "templates", "outbox"])
def test_a_strange_name_in_the_settings_is_refused_or_names_nothing(setting: str, started: User) -> None:
    settings = started.folder / "secrel.toml"
    kept = re.sub(rf"^{setting} = .*$", "", settings.read_text("utf-8"), flags=re.MULTILINE)
    for strange in NAMES[:-1]:  # half a sign cannot be in a file
        settings.write_text(f"{setting} = {json.dumps(strange)}\n{kept}", "utf-8")
        answered(started, KINDS["settings"], ("status", NAME))


@pytest.mark.parametrize(
    "words",
    [("status", "NAME"), ("apply", "NAME"), ("journal", "NAME"), ("fix", "add", NAME, "NAME", "--set", "title=x")],
)
def test_a_strange_name_of_a_release_or_a_fix_is_refused(words: tuple[str, ...], started: User) -> None:
    before = sorted(started.folder.parent.rglob("*"))
    for strange in NAMES:
        answer = answered(started, KINDS["settings"], [strange if word == "NAME" else word for word in words])
        assert answer.word == Exit.MISUSED or not strange or words[0] == "journal", strange
    assert {path for path in sorted(started.folder.parent.rglob("*")) if path not in before} <= {
        started.folder / f"{file}-{end}" for file in ("journal.db", "forge.db") for end in ("shm", "wal")
    }


DATABASES = {"forge.db": "is no file", "journal.db": "a journal is a file"}


@pytest.mark.parametrize("file", DATABASES)
@pytest.mark.parametrize("fault", ["a folder", "a pipe", "a socket", "a device"])
def test_what_is_no_file_is_no_database_and_keeps_its_rights(file: str, fault: str, started: User) -> None:
    place = started.folder / file
    place.unlink()
    FAULTS[fault](place, KINDS["settings"], "")
    before = place.stat().st_mode
    answer = answered(started, KINDS["settings"], ("status", NAME))
    assert (answer.word, DATABASES[file] in answer.err) == (Exit.MISUSED, True), answer.err
    assert place.stat().st_mode == before


@pytest.mark.parametrize("setting", ["database", "journal"])
@pytest.mark.parametrize("name", [".", "..", "outbox"])
def test_a_folder_that_is_named_as_a_database_keeps_its_rights(setting: str, name: str, started: User) -> None:
    settings = started.folder / "secrel.toml"
    settings.write_text(re.sub(rf"^{setting} = .*$", f'{setting} = "{name}"', settings.read_text(), flags=re.MULTILINE))
    (started.folder / "outbox").mkdir(exist_ok=True)
    before = (started.folder / name).stat().st_mode
    assert answered(started, KINDS["settings"], ("status", NAME)).word == Exit.MISUSED
    assert (started.folder / name).stat().st_mode == before


@pytest.mark.parametrize("inside", ["", ".git"])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_repository_with_strange_files_is_looked_at_or_refused(inside: str, fault: str, started: User) -> None:
    site = next(started.folder.glob("*site*")) if not inside else started.folder / "product.git"
    place = site / inside if inside else site
    if place.is_dir():
        shutil.rmtree(place)
    place.unlink(missing_ok=True)
    FAULTS[fault](place, KINDS["settings"], "gitdir: elsewhere\n")
    settings = started.folder / "secrel.toml"
    settings.write_text(re.sub(r"= \"[^\"]*site[^\"]*\"", f'= "{site.name}"', settings.read_text(), count=1))
    for words in (("status", NAME), ("doctor",)):
        answer = started(*words)
        assert "internal error" not in answer.err
    assert started.elsewhere("affected", str(site), "--fix", "HEAD").word in (Exit.MISUSED, Exit.BROKEN, Exit.UNSEEN)


@pytest.mark.parametrize(
    "place",
    ["config", "HEAD", "packed-refs", "refs/heads/strange", "objects/info/alternates", "objects/ab/cd", "shallow"],
)
@pytest.mark.parametrize(
    "fault", ["a pipe", *(pytest.param(one, marks=pytest.mark.long) for one in ("a socket", "a device"))]
)
def test_nobody_waits_for_what_is_no_file_in_a_repository(place: str, fault: str, started: User) -> None:
    for folder in (started.folder / "product.git", next(started.folder.glob("*site*"))):
        file = folder / place
        file.parent.mkdir(exist_ok=True)
        file.unlink(missing_ok=True)
        FAULTS[fault](file, KINDS["settings"], "")
        for words in (("status", NAME), ("doctor",)):
            answer = started(*words)
            assert "internal error" not in answer.err
        assert started.elsewhere("affected", str(folder), "--fix", "HEAD").word == Exit.MISUSED


def test_a_repository_with_a_name_that_no_file_can_have_is_none(started: User) -> None:
    settings = started.folder / "secrel.toml"
    settings.write_text(settings.read_text().replace('"product.git"', '"product\\u0000.git"'))
    for words in (("status", NAME), ("doctor",)):
        assert "internal error" not in started(*words).err


def test_a_desk_that_is_a_link_to_itself_is_none(tmp_path: Path, started: User) -> None:
    place = tmp_path / "desk-that-is-not"
    place.symlink_to(place.name)
    answer = started.elsewhere("status", "--desk", str(place))
    assert (answer.word, "there is no desk here" in answer.err) == (Exit.MISUSED, True), answer.err
