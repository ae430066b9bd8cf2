"""What holds for every test: this machine only, no home directory, no deadline, the same examples every time."""

from __future__ import annotations

import gc
import os
import signal
import tempfile
from collections.abc import Generator

import pytest
from coverage import Coverage
from hypothesis import HealthCheck, settings
from pytest_socket import socket_allow_hosts

from tests.house import measuring, places, skipping

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
if (place := places.quick_place()) is not None:
    os.environ.setdefault("TMPDIR", str(place))
    tempfile.tempdir = None  # it was asked for already, and is to be asked again
for name in [name for name in os.environ if name.startswith("SECREL_")]:
    del os.environ[name]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let `make measured` measure every test by itself."""
    parser.addoption("--measured-by-test", action="store_true", help="note what each test reaches, and its CPU")


def pytest_configure(config: pytest.Config) -> None:
    """Say at the end what was skipped."""
    skipping.install(config)
    if config.getoption("--measured-by-test"):
        config.pluginmanager.register(measuring.Notes())


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Measure what every module of the house does when it is imported, and nothing of the tests' own beginning.

    What the house keeps for a process is forgotten then: it is made again where somebody measures.
    """
    controller = measuring.coverage_of(session.config)
    if controller is None or not os.environ.get("PYTEST_XDIST_WORKER"):
        return (yield)
    measuring.load_the_house()
    controller.pause()
    while (beneath := Coverage.current()) is not None:  # pytest-cov begins once as if it were no worker, and forgets it
        beneath.stop()
    try:
        return (yield)
    finally:
        measuring.forget_what_is_kept()
        controller.resume()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put those first that take longest, and then the measured ones.

    What is kept for a process is made by those, where it is seen being made.
    """
    items.sort(key=lambda item: item.get_closest_marker("first") is None)
    if measuring.coverage_of(config) is not None:
        items.sort(key=lambda item: not measuring.is_measured(item.nodeid))


def pytest_collection_finish() -> None:
    """Let the collector of garbage pass by what was collected: it is much, and lives to the end."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Measure no coverage in what `measuring` says, neither of a test nor of what it is given."""
    if item.config.getoption("--measured-by-test") or measuring.is_measured(item.nodeid):
        return (yield)
    with measuring.paused(item.config):
        return (yield)


@pytest.hookimpl(trylast=True)
def pytest_runtest_setup() -> None:
    """Let tests talk to this machine, and to nothing else."""
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)
