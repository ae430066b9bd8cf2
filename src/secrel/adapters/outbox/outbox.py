"""The outbox: a folder of files, each the exact text of one effect, written once and whole or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import ClassVar, get_args

from secrel.words.effects import Action, Effect, PostMessage, PublishRecord, SendMail, SentAction, TellReporter
from secrel.words.errors import Broken, Misused, Refused
from secrel.words.ids import CveId, record_digest
from secrel.words.outcomes import CannotTell, Made, NotMade, first_key
from secrel.words.people import Actor

_LONGEST = 120
_README = """This folder holds what secrel would have sent if it knew a service to send it with.
Each file is one thing to send, once. Nothing in here was sent by secrel. `secrel outbox` lists what is still to be
sent, to whom and by whom; when something is sent, say so: `secrel sent RELEASE KEY`.

mail/NAME.eml             Open it in a mail program and send it as it is; the recipients are in it.
messages/CHANNEL/NAME.md  Post the text to that channel of your team's chat; where CHANNEL is a CNA, send it to them.
reporters/NAME.md         The first line says to whom (a report, or a finder's handle); send what follows it.
cve/CVE-ID.json           Publish it with your CNA's tool; a newer text takes the place of an older one.

What is prepared anew, since facts have changed, takes the place of what was there.

NAME is the key of the effect in the journal, with ~ for / and %XX for unusual characters.
The files may be under embargo: only their owner can read them, and it should stay so.
Begun on {day}.
"""


def file_name(key: str) -> str:
    """Make a key, or a channel, the name of a file: safe on every system, and another one for every other key."""
    name = "".join(map(_spelled, key))
    if name.startswith("."):
        name = f"%2E{name[1:]}"
    if len(name) > _LONGEST:
        return f"{name[:_LONGEST]}~{hashlib.sha256(key.encode()).hexdigest()[:16]}"
    return name or "%"


def _spelled(character: str) -> str:
    if re.fullmatch(r"[A-Za-z0-9._-]", character):
        return character
    if character == "/":
        return "~"
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogatepass"))


class Outbox:
    """Carries out mails, messages, notices and records by writing files; raises `Misused` for anything else.

    The folder stands for services that are not there: a mail is blind (nobody can ask a mail service whether it sent
    something), all others are found again by their file. What it makes is prepared: a person sends it and says so.
    Addresses are `outbox:` and the path inside the folder.
    """

    kinds: ClassVar[frozenset[type[Action]]] = frozenset(get_args(SentAction))

    def __init__(self, folder: Path, now: Callable[[], datetime]) -> None:
        """Remember where; the folder is made when the first file is written."""
        self._folder = folder
        self._now = now

    def find(self, effect: Effect, *, begun: datetime | None) -> Made | NotMade | CannotTell:
        """Say whether the effect's file is there; of a mail, or another blind effect, nobody can tell once it began."""
        where, _ = _file(effect)
        if isinstance(effect.action, SendMail) or not effect.findable:
            return NotMade() if begun is None else CannotTell("nobody can tell whether it was sent")
        with self._saying():
            return (
                Made(_address(where), prepared=True)
                if (self._folder / (_mark(effect) or where)).exists()
                else NotMade()
            )

    def do(self, effect: Effect, *, actor: Actor) -> Made:  # noqa: ARG002 - a file is the same, whoever has it written
        """Write the effect's file once, whole, for the owner alone, and give its address.

        Raises `Refused` when another mail lies under the same key, or a record that somebody changed, `Broken` when
        the folder cannot be written.
        """
        where, text = _file(effect)
        content = _encoded(text, effect.key)
        with self._saying():
            self._begin()
            mark = _mark(effect)
            is_there = mark is not None and (self._folder / mark).exists()
            if mark is None:
                is_there = not self._write(where, content)
                if is_there and isinstance(effect.action, SendMail):
                    self._compare(where, content, effect.key)
            elif not is_there:  # a record, or what is prepared anew: the newest text stands, each key counts once
                if isinstance(effect.action, PublishRecord):
                    self._compare_record(where, content, effect.action)
                self._write(where, content, over=True)
                self._write(mark, b"")
        return Made(_address(where), earlier=is_there, prepared=True)

    def _begin(self) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        readme = PurePosixPath("README.txt")
        if not (self._folder / readme).exists():
            self._write(readme, _README.format(day=self._now().date().isoformat()).encode())

    def _compare(self, where: PurePosixPath, content: bytes, key: str) -> None:
        path = self._folder / where
        if not path.is_file() or path.read_bytes() != content:  # nobody waits for a pipe
            raise Refused(
                "another mail lies in the outbox under this key",
                where=key,
                remedy="send or take away the one that is there, and plan again",
            )

    def _compare_record(self, where: PurePosixPath, content: bytes, action: PublishRecord) -> None:
        path = self._folder / where
        if not path.exists():
            return
        stands = path.read_bytes() if path.is_file() else b""  # nobody waits for a pipe
        if stands != content and record_digest(stands) not in action.replaces:
            raise Refused(
                f"somebody changed the record {action.cve_id} in the outbox",
                where=_address(where),
                remedy="say it in the facts of the fix (secrel fix set), take the file away, and plan again",
            )

    def _write(self, where: PurePosixPath, content: bytes, *, over: bool = False) -> bool:
        """Put a file in its place in one step, and tell whether it was not there; `over` replaces one that was."""
        path = self._folder / where
        for folder in reversed(where.parents[:-1]):
            (self._folder / folder).mkdir(mode=0o700, exist_ok=True)
        handle, draft = tempfile.mkstemp(prefix=".draft-", dir=path.parent)  # mkstemp makes it readable for us alone
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            if over:
                Path(draft).replace(path)
            else:
                path.hardlink_to(draft)
            _settle(path.parent)
        except FileExistsError:
            return False
        finally:
            Path(draft).unlink(missing_ok=True)
        return True

    @contextlib.contextmanager
    def _saying(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise Broken(
                f"the outbox cannot be used: {error.strerror or type(error).__name__}",
                where=str(self._folder),
                remedy="check that the folder is there and writable and that the disk has room; then run it again",
            ) from error


def _settle(folder: Path) -> None:
    """Have the name of a new file on the disk, too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _address(where: PurePosixPath) -> str:
    return f"outbox:{where}"


def _file(effect: Effect) -> tuple[PurePosixPath, str]:
    """Say where the effect's file is, and what is in it."""
    name = file_name(first_key(effect.key))
    match effect.action:
        case SendMail(eml=text):
            return PurePosixPath("mail", f"{name}.eml"), text
        case PostMessage(channel=channel, text=text):
            return PurePosixPath("messages", file_name(channel), f"{name}.md"), text
        case TellReporter(report=report, text=text):
            return PurePosixPath("reporters", f"{name}.md"), f"To: {' '.join(report.split())}\n\n{text}"
        case PublishRecord(cve_id=cve_id, record=text):
            return PurePosixPath("cve", f"{CveId.parse(cve_id)}.json"), text
        case _:
            raise Misused(f"the outbox does not carry out {effect.kind}", where=effect.key)


def _mark(effect: Effect) -> PurePosixPath | None:
    """Say where it is written that a text was put in place for this key, where several keys may write one file."""
    if not isinstance(effect.action, PublishRecord) and first_key(effect.key) == effect.key:
        return None
    where, _ = _file(effect)
    return where.parent / ".keys" / file_name(effect.key)


def _encoded(text: str, key: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise Misused("the text is not Unicode: half a surrogate pair is in it", where=key) from error
