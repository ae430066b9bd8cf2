"""What holds for every test: this machine only, no home directory, no deadline, the same examples every time."""

from __future__ import annotations

import os
import signal
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from pytest_socket import socket_allow_hosts

from tests.house import skipping

settings.register_profile(
    "secrel",
    deadline=None,  # no timed tests
    database=None,
    derandomize=True,  # a change lands or not by what it changes, never by luck; `make explore` draws new examples
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.register_profile(
    "explore", settings.get_profile("secrel"), derandomize=False, max_examples=600, print_blob=True
)
settings.load_profile("secrel")

if (
    signal.getsignal(signal.SIGINT) is signal.SIG_IGN
):  # in the background of a shell: commands that tests start inherit it
    signal.signal(signal.SIGINT, signal.default_int_handler)

os.environ["HOME"] = "/nonexistent"
for name in [name for name in os.environ if name.startswith("SECREL_")]:
    del os.environ[name]


def pytest_configure(config: pytest.Config) -> None:
    """Say at the end what was skipped."""
    skipping.install(config)


UNMEASURED = ("house", "rehearsal/test_mishaps.py", "transcripts")
"""Tests of the house itself, plays and transcripts: each line they reach is reached by the tests of its room as well,
and measuring them would make them twice as slow."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Measure no coverage in `UNMEASURED`, neither of a test nor of what it is given."""
    measuring = getattr(item.config.pluginmanager.getplugin("_cov"), "cov_controller", None)
    place = item.path.relative_to(Path(__file__).parent)
    if measuring is None or not any(place.is_relative_to(one) for one in UNMEASURED):
        return (yield)
    measuring.pause()
    try:
        return (yield)
    finally:
        measuring.resume()


@pytest.hookimpl(trylast=True)
def pytest_runtest_setup() -> None:
    """Let tests talk to this machine, and to nothing else."""
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)
