"""How much of everything there may be: all of it is seen, or what is cut off is said (issue 13, Limits)."""

from __future__ import annotations

import httpx2
import msgspec
import pytest

from secrel.adapters.gitlab.addresses import issue_place
from secrel.adapters.gitlab.profile import Profile
from secrel.adapters.gitlab.reading import texts
from secrel.adapters.gitlab.reading.asking import Questions
from secrel.adapters.gitlab.reading.instance import Instance
from secrel.words.forge import Issue
from secrel.words.parts import Seen, Unseen, need, settled, shortfalls
from secrel.words.sighting import TRACKING, Sighting
from tests.adapters.gitlab.worlds import CANONICAL, SECURITY, Release, Stage, a_release, ref

DESCRIPTION, LINKS, REQUESTS, NOTES = 1 << 20, 500, 100, 10_000
SCRIPTS = (
    "Zażółć gęślą jaźń", "Προθεσμία", "Уязвимость", "חולשה", "ثغرة أمنية", "सुरक्षा", "ช่องโหว่", "漏洞", "脆弱性",
    "취약점", "ពិការ", "አደጋ", "ᏣᎳᎩ", "𐐷𐑌", "👩‍👩‍👧‍👦 🏴‍☠️", "e\u0301 ﬁ Ⅳ",
)  # fmt: skip


class _OneOfEach(httpx2.BaseTransport):
    """An instance that gives one thing of each project in a page, however many are asked for."""

    def __init__(self, inner: httpx2.BaseTransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        body = request.read()
        if request.url.path.endswith("/graphql"):
            told = msgspec.json.decode(body)
            told["variables"] |= {name: 1 for name in told["variables"] if name[:1] == "n"}
            headers = {name: value for name, value in request.headers.items() if name != "content-length"}
            request = httpx2.Request("POST", request.url, headers=headers, content=msgspec.json.encode(told))
        return self._inner.handle_request(request)


def whole(release: Release) -> Sighting:
    seen = release.stage.forge().look(release.asked())
    assert not list(shortfalls(seen))
    return seen


def tracking_in(seen: Sighting) -> Issue:
    found = need(seen.issue(TRACKING), "it")
    assert found is not None
    return found


def test_a_description_of_a_megabyte_is_seen_to_its_last_sign(stage: Stage) -> None:
    release = a_release(stage, fixes=1, requests=1)
    text = ("漏洞 x\n" * DESCRIPTION)[: DESCRIPTION - 4] + "end."
    release.tracking.description = text
    assert tracking_in(whole(release)).body == text


@pytest.mark.long  # two thousand requests of the double
def test_five_hundred_links_are_all_seen_each_with_its_issue(stage: Stage) -> None:
    release = a_release(stage, fixes=1, requests=1)
    for number in range(LINKS):
        linked = stage.open(SECURITY, f"linked {number}", by=stage.dev)
        stage.world.link(release.tracking, linked, by=stage.dev)
    fixes = need(whole(release).linked, "them")
    assert len(fixes) == LINKS + 1
    assert {need(one.issue, one.link.ref).title for one in fixes[1:]} == {f"linked {number}" for number in range(LINKS)}


def test_more_things_than_a_page_holds_are_asked_for_in_several(stage: Stage) -> None:
    """A page has a hundred: what is left out of it must not be taken for what is not there."""
    places = [issue_place(ref(stage, stage.open(SECURITY, f"{n}", by=stage.dev)), "") for n in range(101)]
    found = Instance(Questions(stage.client()), Profile()).things.issues(places, texts.DOCUMENT)
    assert all(isinstance(part, Seen) and part.value is not None for part in found.values())


def test_what_a_shorter_page_leaves_out_is_unseen_and_not_absent(stage: Stage) -> None:
    release = a_release(stage, fixes=2, requests=1)
    stage.transport = _OneOfEach(stage.transport)
    issues = [one.issue for one in need(stage.forge().look(release.asked()).linked, "them")]
    assert all(isinstance(one, Unseen) and "no more in a page" in one.reason for one in issues)


def test_a_hundred_merge_requests_of_a_fix_are_all_seen(stage: Stage) -> None:
    release = a_release(stage, fixes=1, requests=REQUESTS)
    [fix] = need(whole(release).linked, "them")
    assert [one.ref for one in need(fix.requests, "them")] == [ref(stage, one) for one in release.fixes[0][1]]


@pytest.mark.long  # a hundred pages, each made of ten thousand notes by the double
def test_ten_thousand_notes_are_all_seen(stage: Stage) -> None:
    """GitLab takes 5,000 of people, and goes on with its own (section 6)."""
    release = a_release(stage, fixes=1, requests=1)
    for number in range(NOTES):
        if number % 2:
            stage.world.system_note(release.tracking, f"changed {number}", "description", by=stage.dev)
        else:
            stage.world.note(release.tracking, f"note {number}", by=stage.dev)
    notes = settled(tracking_in(whole(release)).notes, "them")
    assert [note.body for note in notes[1:]] == [f"note {number}" for number in range(0, NOTES, 2)]


def test_lists_that_are_longer_than_anybody_reads_are_said_to_be_cut(stage: Stage) -> None:
    release = a_release(stage, fixes=1, requests=1)
    for number in range(250):
        stage.world.note(release.tracking, f"note {number}", by=stage.dev)
        stage.world.link(release.tracking, stage.open(SECURITY, f"linked {number}", by=stage.dev), by=stage.dev)
    seen = stage.forge(pages=1).look(release.asked())
    notes = tracking_in(seen).notes
    assert isinstance(notes, Unseen)
    assert "notes read, and more follow" in notes.reason
    assert isinstance(seen.linked, Seen)
    assert "linked items read, and more follow" in seen.linked.shortfall
    assert isinstance(seen.removed, Unseen), "who was taken out stands in notes that were not read"


@pytest.mark.parametrize("name", SCRIPTS)
def test_names_in_any_script_are_seen_to_the_letter(stage: Stage, name: str) -> None:
    release = a_release(stage, fixes=1, requests=1)
    issue, [request] = release.fixes[0]
    for project in (CANONICAL, SECURITY):
        stage.world.label(stage.at(project), name)
    for thing in (release.tracking, issue, request):
        thing.title, thing.description, thing.labels = name, f"{name}\n\n{thing.description}", [name, "security"]
    stage.world.note(release.tracking, name, by=stage.dev)
    seen = whole(release)
    fix, tracking = need(seen.linked, "them")[0], tracking_in(seen)
    [theirs] = need(fix.requests, "them")
    for found in (tracking, need(fix.issue, "it"), theirs):
        assert found.title == name
        assert found.body.startswith(name)
        assert name in found.labels
    assert [note.body for note in settled(tracking.notes, "them")][-1] == name
