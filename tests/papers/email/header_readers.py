"""Four readers of a mail's headers that share no code: two of Python's, Perl's, and a strict one after the RFCs."""

from __future__ import annotations

import base64
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_string, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr
from typing import IO

import pytest

_LOOP = """
use Encode; use Encode::MIME::Header; $| = 1;
while (<STDIN>) { chomp; print unpack("H*", encode("UTF-8", decode("MIME-Header", pack("H*", $_)))), "\\n"; }
"""
_NEIGHBOURS = re.compile(r"\?=\s+=\?")
_WORD = re.compile(r"=\?utf-8\?(?:q\?(?P<q>[!->@-~]+)|b\?(?P<b>[A-Za-z0-9+/]+=*))\?=")
_IN_NAMES = re.compile(r"[A-Za-z0-9!*+/=_-]+")
_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_MAILBOX = re.compile(r"(?:(?P<name>.+) )?(?P<angle><)?(?P<address>[^<> ]+@[^<> ]+)(?(angle)>)")


@dataclass(frozen=True)
class Mailbox:
    """What a reader finds in From."""

    name: str
    address: str


class Perl:
    """One running perl, whose `Encode` decodes headers."""

    def __init__(self, writes: IO[str], reads: IO[str]) -> None:
        self._writes = writes
        self._reads = reads

    def text(self, header: str) -> str:
        return self._decoded(_value(header))

    def mailbox(self, header: str) -> Mailbox:
        """Decode the name; where it ends is found by its quotes or brackets, which encoded words can not hold."""
        found = _MAILBOX.fullmatch(_unfolded(_value(header)))
        assert found, header
        return Mailbox(self._decoded(_unquoted(found["name"] or "")), found["address"])

    def _decoded(self, value: str) -> str:
        self._writes.write(value.encode("ascii").hex() + "\n")
        self._writes.flush()
        return bytes.fromhex(self._reads.readline()).decode()


@contextmanager
def running_perl() -> Iterator[Perl]:
    """Run one perl, or skip the test that asked for it."""
    perl = shutil.which("perl")
    if (
        perl is None
        or subprocess.run([perl, "-MEncode::MIME::Header", "-e1"], capture_output=True, check=False).returncode
    ):
        pytest.skip("perl absent: there is none, or one without its Encode (Debian package perl)")
    command = [perl, "-e", _LOOP]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield Perl(process.stdin, process.stdout)
        process.stdin.close()


class Modern:
    """Python's parser, as of `policy.default`."""

    def text(self, header: str) -> str:
        return str(_parsed(header)[_name(header)])

    def mailbox(self, header: str) -> Mailbox:
        [found] = _parsed(header)[_name(header)].addresses
        if _NEIGHBOURS.search(header) and not self._joins_neighbours():
            name = _unfolded(_value(header)).rpartition(" <")[0]
            return Mailbox(self.text(f"Subject: {name}"), found.addr_spec)
        return Mailbox(found.display_name, found.addr_spec)

    def _joins_neighbours(self) -> bool:
        """Tell whether it reads neighbours in a name as it does in a subject: from Python 3.12.9 and 3.13.2 on."""
        found = _parsed("From: =?utf-8?q?a?= =?utf-8?q?b?= <a@b.example>")["From"].addresses[0]
        return bool(found.display_name == "ab")


class Legacy:
    """Python's older parser, and `decode_header`."""

    def text(self, header: str) -> str:
        return str(make_header(decode_header(_unfolded(_value(header)))))

    def mailbox(self, header: str) -> Mailbox:
        name, address = parseaddr(_unfolded(_value(header)))
        return Mailbox(str(make_header(decode_header(name))), address)


class Strict:
    """Reads what RFC 5322 and RFC 2047 demand of a writer, and fails for anything that they only bear."""

    def text(self, header: str) -> str:
        return self._joined(self._lines(header).split(" "))

    def mailbox(self, header: str) -> Mailbox:
        found = _MAILBOX.fullmatch(self._lines(header))
        assert found, header
        name = found["name"] or ""
        if name.startswith('"'):
            assert _QUOTED.fullmatch(name), name
            assert "=?" not in name
            return Mailbox(_unquoted(name), found["address"])
        for word in filter(None, name.split(" ")):
            encoded = _WORD.fullmatch(word)
            assert encoded or _ATOM.fullmatch(word), word
            assert not encoded or _IN_NAMES.fullmatch(encoded["q"] or encoded["b"]), word
        return Mailbox(self._joined(name.split(" ")), found["address"])

    def _lines(self, header: str) -> str:
        first, *rest = header.split("\n")
        assert all(line.startswith(" ") for line in rest), header
        for line in (_value(first), *(line[1:] for line in rest)):
            assert line == line.strip(), header
            assert line or not rest, header
        assert all(len(line) <= 76 for line in (first, *rest) if "@" not in line), header
        assert header.isascii()
        assert header.replace("\n", "").isprintable()
        return _unfolded(_value(header))

    def _joined(self, words: list[str]) -> str:
        said, was_encoded = "", True
        for word in words:
            found = _WORD.fullmatch(word)
            assert len(word) <= 75
            assert found or "=?" not in word, word
            said += "" if found and was_encoded and said else " " * bool(said)
            said += self._decoded(found) if found else word
            was_encoded = bool(found)
        return said

    def _decoded(self, word: re.Match[str]) -> str:
        if word["b"]:
            return base64.b64decode(word["b"], validate=True).decode()
        text = re.sub(r"=([0-9A-F]{2})|_", lambda sign: chr(int(sign[1] or "20", 16)), word["q"])
        assert "=" not in re.sub("=[0-9A-F]{2}", "", word["q"])
        return text.encode("latin-1").decode()


def _parsed(header: str) -> EmailMessage:
    message = message_from_string(f"{header}\n\nbody\n", policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert message.keys() == [_name(header)]
    return message


def _name(header: str) -> str:
    return header.partition(":")[0]


def _value(header: str) -> str:
    return header.partition(":")[2].removeprefix(" ")


def _unfolded(value: str) -> str:
    return value.replace("\n", "")


def _unquoted(name: str) -> str:
    quoted = _QUOTED.fullmatch(name)
    return re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else name
