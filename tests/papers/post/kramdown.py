"""The renderer of the real blog, as one process for many documents: HTML and warnings of each."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

import pytest

_LOOP = """
require "json"
require "kramdown"
begin
  require "kramdown-parser-gfm"
rescue LoadError
end
$stdout.sync = true
while (line = $stdin.gets)
  job = JSON.parse(line)
  document = Kramdown::Document.new(job["text"], input: job["input"], syntax_highlighter: nil)
  html = document.to_html
  puts JSON.generate({html: html, warnings: document.warnings})
end
"""


@dataclass(frozen=True)
class Rendered:
    html: str
    warnings: list[str]


class Kramdown:
    """One running kramdown."""

    def __init__(self, writes: IO[str], reads: IO[str]) -> None:
        self._writes = writes
        self._reads = reads

    def render(self, text: str, *, flavour: str = "kramdown") -> Rendered:
        self._writes.write(json.dumps({"text": text, "input": flavour}) + "\n")
        self._writes.flush()
        answer = json.loads(self._reads.readline())
        return Rendered(answer["html"], answer["warnings"])


def _absent() -> str:
    ruby = shutil.which("ruby")
    if ruby is None:
        return "kramdown absent: there is no ruby (Debian packages ruby, kramdown, ruby-kramdown-parser-gfm)"
    found = subprocess.run(
        [ruby, "-e", 'require "kramdown"; require "kramdown-parser-gfm"'], capture_output=True, check=False
    )
    return "" if found.returncode == 0 else "kramdown absent: ruby finds no kramdown with its GFM parser"


@contextmanager
def running() -> Iterator[Kramdown]:
    """Run one kramdown, or skip the test that asked for it."""
    why = _absent()
    if why:
        pytest.skip(why)
    with subprocess.Popen(
        ["ruby", "-Eutf-8:utf-8", "-e", _LOOP],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield Kramdown(process.stdin, process.stdout)
        process.stdin.close()
