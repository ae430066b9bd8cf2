"""Every command that the desk suggests can be run, does something or shows something, and does not go in a circle."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from secrel.cli.main import run
from secrel.desk.looking import look
from secrel.rehearsal.vendor import commit_file
from secrel.words.errors import Exit
from secrel.words.forge import Pipeline
from tests.desk.stage import DUE, NAME, NOTEBOOKS, TOKENS, Stage
from tests.desk.suggested import only_looks, suggested, tries

NEAR = DUE - timedelta(hours=40)
AFTER = DUE + timedelta(days=1)


@dataclass(frozen=True)
class Case:
    """A point of the release, when, what has gone wrong there, and the gates that then suggest something."""

    point: str
    at: datetime | None
    mess: Callable[[Stage], object]
    gates: tuple[str, ...]


def facts(**changes: object) -> Callable[[Stage], object]:
    return lambda stage: stage.write(NOTEBOOKS, changes)


def details(**changes: object) -> Callable[[Stage], object]:
    return lambda stage: stage.write(stage.issue("tracking").ref, changes)


def by_hand(find: str, put: str) -> Callable[[Stage], object]:
    def edited(stage: Stage) -> None:
        draft = stage.request("post/draft")
        path, text = draft.files[0]
        repository = stage.settings.repositories[draft.ref.partition("!")[0]]
        commit_file(repository, draft.branch, (path, text.replace(find, put)), "chidi", stage.at)

    return edited


def on_the_site(**changes: object) -> Callable[[Stage], object]:
    """Let somebody take a finder out of the post that is live, and others change facts."""

    def edited(stage: Stage) -> None:
        [(path, live)] = stage.request("post/release").files
        commit_file(stage.folder / "public.git", "main", (path, live.replace("finder-one", "one")), "chidi", stage.at)
        stage.write(NOTEBOOKS, changes)

    return edited


def red(stage: Stage) -> None:
    for request in stage.forge.people.related(NOTEBOOKS):
        stage.forge.people.set_pipeline(request.ref, Pipeline.FAILED)


def unlinked(stage: Stage) -> None:
    for ref in (NOTEBOOKS, TOKENS):
        stage.forge.people.unlink(ref, stage.issue("tracking").ref, stage.at)


def all_sent(stage: Stage) -> None:
    stage.approve("bjorn")
    stage.send()


def confidential_again(stage: Stage) -> None:
    all_sent(stage)
    stage.approve("bjorn")
    stage.forge.people.set_confidential(NOTEBOOKS, confidential=True)


CASES = {
    "nothing is wrong": Case("begun", None, lambda _: None, ("cve-requested", "checklist-open", "comms-open")),
    "no range": Case("begun", None, facts(affected=None), ("ranges-given",)),
    "no range at the deadline": Case("requested", NEAR, facts(affected=None), ("ranges-given", "handover-written")),
    "a vector that nobody can read": Case("begun", None, facts(vector="high"), ("facts-readable",)),
    "no description at the deadline": Case("requested", NEAR, facts(description=None), ("cve-complete",)),
    "nobody on duty": Case("begun", None, details(primary=None, secondary=None), ("duties-assigned",)),
    "one person twice": Case("begun", None, details(secondary="amara"), ("duties-assigned",)),
    "red": Case("begun", NEAR, red, ("merge-requests-ready",)),
    "a public fix": Case(
        "begun",
        None,
        lambda stage: stage.forge.people.set_confidential(NOTEBOOKS, confidential=False),
        ("documents-confidential",),
    ),
    "a label is missing": Case(
        "begun",
        None,
        lambda stage: stage.forge.people.remove_label(stage.issue("tracking").ref, "security"),
        ("tracking-issue",),
    ),
    "the tracking issue is closed": Case(
        "requested", None, lambda stage: stage.forge.people.close(stage.issue("tracking").ref), ("tracking-issue",)
    ),
    "the draft is closed": Case(
        "drafted", NEAR, lambda stage: stage.forge.people.close(stage.request("post/draft").ref), ("draft-open",)
    ),
    "a wrong word in the draft": Case("drafted", NEAR, by_hand("script", "TODO script"), ("post-wording-right",)),
    "a wrong version in the draft": Case("drafted", NEAR, by_hand("1.2.3", "1.2.4"), ("post-versions-right",)),
    "nobody has reviewed": Case("drafted", NEAR, lambda _: None, ("draft-reviewed",)),
    "unplanned": Case("begun", None, details(kind="unplanned"), ("release-managers-asked", "severity-one")),
    "no fix": Case("begun", None, unlinked, ("fixes-linked",)),
    "one id twice": Case(
        "requested",
        None,
        lambda stage: stage.forge.people.add_note(
            stage.issue(f"cve/request/{NOTEBOOKS}").ref, "CVE-2026-2222 is assigned", "cna", stage.at
        ),
        ("cve-assigned",),
    ),
    "to be published": Case("ready", DUE + timedelta(minutes=1), lambda _: None, ("release-post-open",)),
    "to be announced": Case("live", AFTER, lambda _: None, ("email-sent", "cve-records-published")),
    "prepared": Case("live", AFTER, lambda stage: stage.approve("bjorn"), ("email-sent", "reporters-told")),
    "changed on the site": Case("live", AFTER, on_the_site(), ("post-published-right",)),
    "changed on the site and in the facts": Case(
        "live", AFTER, on_the_site(title="Another"), ("post-published-right",)
    ),
    "made confidential after it was public": Case(
        "live", DUE + timedelta(days=40), confidential_again, ("issues-public",)
    ),
    "to be ended": Case("live", DUE + timedelta(days=40), all_sent, ("next-release-open",)),
}
"""Points of a release and what can be wrong at them."""
QUICK = {
    "a label is missing",
    "a wrong word in the draft",
    "unplanned",
    "prepared",
    "made confidential after it was public",
}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in QUICK else pytest.mark.long) for name in CASES]
)
def test_every_suggested_command_works(name: str, staged: Callable[[str], Stage]) -> None:
    case = CASES[name]
    stage = staged(case.point)
    stage.at = case.at or stage.at
    case.mess(stage)
    scene = look(stage.desk(), NAME)
    found = list(suggested(scene))
    assert {one.gate for one in found} >= set(case.gates)
    for one in {one.command: one for one in found}.values():
        tried = tries(Path(stage.folder), scene, one, fix=NOTEBOOKS)
        assert all(t.word not in (Exit.BROKEN, Exit.MISUSED, Exit.UNSEEN) for t in tried), (one, tried)
        assert tried[-1].word != Exit.REFUSED, (one, tried)
        assert only_looks(one.command) or any(t.changed for t in tried), (one, "it does nothing", tried)
        assert all(t.said for t in tried), (one, "it says nothing")


def test_what_has_nothing_to_do_says_whom_it_waits_for(
    staged: Callable[[str], Stage], capsys: pytest.CaptureFixture[str]
) -> None:
    stage = staged("requested")
    stage.forge.people.set_pipeline(stage.forge.people.related(NOTEBOOKS)[0].ref, Pipeline.FAILED)
    at = [NAME, "--desk", str(stage.folder), "--by", "amara"]
    for command in ("apply", "plan"):
        stage.at = NEAR
        stage.quiet()
        assert run([command, *at], clock=stage.clock) == Exit.DONE
        said = capsys.readouterr().err
        assert re.search(
            r"^next: developers: .*\(merge-requests-ready\), overdue since .*; run: secrel ", said, re.MULTILINE
        ), said
