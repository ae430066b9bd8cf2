"""A type that several threads are the first to read into is made ready by one of them."""

from __future__ import annotations

import subprocess
import sys

import msgspec
import pytest

from secrel.adapters.gitlab.reading.shapes import shaped

AT_ONCE = """
import sys, threading
from concurrent.futures import ThreadPoolExecutor
import msgspec
from secrel.adapters.gitlab.reading.shapes import shaped

sys.setswitchinterval(1e-6)
for number in range(60):
    inner = msgspec.defstruct(f"Inner{number}", [("a", int), ("b", "list[str]", [])])
    more = [(f"f{n}", str, "") for n in range(30)]
    kind = msgspec.defstruct(f"Outer{number}", [("x", list[inner]), ("y", "dict[str, int]", {}), *more])
    together = threading.Barrier(8)

    def read():
        together.wait()
        return msgspec.json.decode(b'{"x": [{"a": 1}]}', type=shaped(kind))

    with ThreadPoolExecutor(8) as pool:
        assert {one.result().x[0].a for one in [pool.submit(read) for _ in range(8)]} == {1}
"""


def test_threads_that_are_first_at_once_do_not_end_the_program() -> None:
    """Without it the process is ended by the system in nearly every run, so that it is one of its own here."""
    done = subprocess.run([sys.executable, "-c", AT_ONCE], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_type_is_given_as_it_is_and_one_that_is_none_is_refused() -> None:
    assert shaped(int) is int
    assert shaped(list[str]) == shaped(list[str]) == list[str]
    with pytest.raises(NameError):
        shaped(msgspec.defstruct("Wrong", [("a", "there_is_no_such_type")]))
