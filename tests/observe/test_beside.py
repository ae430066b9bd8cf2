"""What is linked to a tracking issue and is no fix is kept from the fixes, and given where a gate asks for it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from secrel.evaluate.registry import params_named
from secrel.observe.beside import beside, companions
from secrel.process.table import Gate, Process
from secrel.words.forge import Issue, Link
from secrel.words.parts import NOT_ASKED, Part, Seen, Unseen
from secrel.words.sighting import LinkedFix
from tests.builders import NOW, a_product, an_issue
from tests.evaluate.asking import a_process

UNSEEN: Part[Issue] = Unseen("the forge does not answer")
INCIDENTS, APP = "acme/incidents", "acme/app"


def linked(ref: str, issue: Part[Issue] = UNSEEN) -> LinkedFix:
    return LinkedFix(Link(ref, NOW), issue, Seen(()), Seen(None), Seen(frozenset()))


def labelled(project: str, *labels: str) -> LinkedFix:
    issue = an_issue(7, project, labels=frozenset(labels))
    return linked(issue.ref, Seen(issue))


def asking(**projects: str) -> Process:
    told: Any = msgspec.convert({"companion": "incident", "said": "the incident"}, params_named("companion_linked"))
    process = a_process(Gate("incident", "Incident", "one", "primary", "companion_linked", params=told))
    return replace(
        process, products=(a_product(repository=APP),), projects={"cves": "acme/cves", "incident": INCIDENTS} | projects
    )


@pytest.mark.parametrize(
    ("one", "is_no_fix"),
    [
        (linked(f"{APP}#1"), False),
        (labelled(APP, "Incident::Declared"), False),
        (linked("acme/cves#1"), True),
        (linked("acme/docs#5"), True),
        (linked("acme/docs#6"), False),
        (linked(f"{INCIDENTS}#1"), True),
        (labelled(INCIDENTS), True),
    ],
)
def test_documents_and_companions_are_no_fixes(one: LinkedFix, *, is_no_fix: bool) -> None:
    documents = [Seen(an_issue(5, "acme/docs")), Seen(None), UNSEEN]
    assert beside(documents, asking())(one) is is_no_fix


def test_where_fixes_land_a_companion_is_told_by_its_label() -> None:
    process = asking(incident=APP)
    told = beside((), process)
    assert told(labelled(APP, "Incident::Declared"))
    assert not told(labelled(APP, "security"))
    assert not told(linked(f"{APP}#7")), "what could not be seen may be a fix"
    assert not beside((), a_process())(labelled(INCIDENTS, "Incident::Declared")), "no gate asks for one"


def test_companions_are_given_whatever_their_labels_and_stay_unseen_where_they_were_not_seen() -> None:
    there = (labelled(INCIDENTS, "x"), linked(f"{APP}#1"), linked(f"{INCIDENTS}#2"))
    found = companions(Seen(there, "here", "one is not shown"), asking())
    assert isinstance(found, Seen)
    assert [one.ref for one in found.value] == [f"{INCIDENTS}#7", f"{INCIDENTS}#2"]
    assert (found.shortfall, found.value[1].issue) == ("one is not shown", UNSEEN)
    assert companions(NOT_ASKED, asking()) == NOT_ASKED
