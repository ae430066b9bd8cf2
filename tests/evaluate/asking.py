"""Ask one check about one snapshot, as the table would."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import msgspec

from secrel.evaluate.looking import seeing
from secrel.evaluate.registry import check_named, params_named
from secrel.evaluate.verdicts import Evidence, Finding, Hidden, Pending, Question, Said
from secrel.process.table import Gate, Phase, Process
from secrel.snapshot.seen import Snapshot
from tests.builders import BOT, NOW

LABELS = {
    "security": "security",
    "upcoming": "upcoming security release",
    "severity_one": "severity::1",
    "keep_confidential": "keep confidential",
    "reduced_backports": "reduced backports",
    "severity_two": "severity::2",
    "cve_error": "advisory::error",
    "cve_rejected": "advisory::rejected",
    "cve_published": "advisory::published",
    "incident": "Incident::Declared",
}
PROJECTS = {"incident": "acme/incidents", "root_cause": "acme/rcas"}
PEOPLE = {"release_managers": "the-release-managers", "release_bot": BOT, "cna": "the-cna"}


def a_process(*gates: Gate) -> Process:
    """A process of these gates, with the labels and people that checks ask for."""
    phases = (Phase("one", "One"),)
    return Process("own", "Our own", phases, gates, projects=PROJECTS, labels=LABELS, people=PEOPLE)


def ask(check: str, snapshot: Snapshot, now: datetime = NOW, owner: str = "primary", **params: object) -> list[Said]:
    """All that a check says; the gate is due two days before the release. `lacks` is what the vendor is without."""
    lacks = params.pop("lacks", ())
    told = msgspec.convert(params, params_named(check))
    gate = Gate("asked", "Asked", "one", owner, check, params=told)
    question: Question[Any] = Question(
        gate, msgspec.structs.replace(a_process(gate), lacks=lacks), now, snapshot.release.due - timedelta(days=2)
    )
    return list(seeing(check_named(check)(snapshot, question)))


def findings(said: Iterable[Said]) -> list[tuple[str, str]]:
    """What was found, with what it is about."""
    return [(one.about, one.what) for one in said if isinstance(one, Finding)]


def evidence(said: Iterable[Said]) -> list[tuple[str, str]]:
    """What holds, with what it is about."""
    return [(one.about, one.what) for one in said if isinstance(one, Evidence)]


def pending(said: Iterable[Said]) -> list[tuple[str, str, str]]:
    """What is under way: about what, what, and with whom."""
    return [(one.about, one.what, one.who) for one in said if isinstance(one, Pending)]


def hidden(said: Iterable[Said]) -> list[str]:
    """What could not be seen."""
    return [one.reason for one in said if isinstance(one, Hidden)]


def holds(said: Iterable[Said]) -> bool:
    """Whether nothing but evidence was said, and some was."""
    told = list(said)
    return bool(told) and all(isinstance(one, Evidence) for one in told)
