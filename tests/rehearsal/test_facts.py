"""The stories that ship tell the published facts: compared with the published posts, where these are at hand."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from secrel.rehearsal.story import Story, read_story
from secrel.words.advisories import CreditSource

STORIES = Path(__file__).resolve().parents[2] / "src" / "secrel" / "rehearsal" / "stories"
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "gitlab-releases"
RELEASES = {
    "2021-10-28": ["2021-10-28"],
    "2022-01-11": ["2022-01-11", "2021-12-10"],
    "2023-05-05": ["2023-05-05"],
    "2026-09-10": ["2026-09-10"],
}


def story(name: str) -> Story:
    return read_story((STORIES / f"{name}.yaml").read_text("utf-8"), name)


def published(dates: list[str]) -> list[dict[str, Any]]:
    index = SHARED / "index.json"
    if not index.exists():
        pytest.skip("shared data absent: the facts of the stories are not compared with the published posts")
    found = json.loads(index.read_text("utf-8"))["releases"]
    return [entry for release in found if release["date"] in dates for entry in release["vulnerabilities"]]


def post(date: str) -> str:
    [file] = (SHARED / "posts").glob(f"{date}-*")
    return file.read_text("utf-8")


@pytest.mark.parametrize("name", RELEASES)
def test_cve_ids_titles_and_vectors_are_the_published_ones(name: str) -> None:
    told = {fix.facts.title: fix for fix in story(name).fixes if not fix.name.startswith("made-up")}
    entries = published(RELEASES[name])
    by_cve = {(fix.cve or None, fix.facts.title): fix for fix in told.values()} | {
        (fix.cve or None, fix.facts.title): fix for fix in story(name).fixes if not fix.name.startswith("made-up")
    }
    assert len(by_cve) == len(entries)
    for entry in entries:
        fix = by_cve[(entry["cve"], entry["title"])]
        assert str(fix.facts.vector or "") == (entry["vector_in_post"] or ""), entry["title"]


@pytest.mark.parametrize("name", RELEASES)
def test_first_affected_versions_and_finders_stand_in_the_posts(name: str) -> None:
    published(RELEASES[name])
    text = "\n".join(post(date) for date in RELEASES[name])
    for fix in story(name).fixes:
        if fix.name.startswith("made-up"):
            continue
        affected = fix.withheld or fix.facts.affected
        since = affected.spans[0].since if affected else None
        assert since is None or str(since) in text, fix.name
        for credit in fix.facts.credits:
            assert credit.name.lstrip("@") in text
            assert credit.source is CreditSource.INTERNAL or credit.name


@pytest.mark.parametrize("name", RELEASES)
def test_descriptions_are_in_our_own_words(name: str) -> None:
    published(RELEASES[name])
    text = " ".join("\n".join(post(date) for date in RELEASES[name]).split()).casefold()
    for fix in story(name).fixes:
        words = fix.facts.description.casefold().split()
        for start in range(len(words) - 8):
            assert " ".join(words[start : start + 9]) not in text, fix.name


def test_every_story_of_a_published_release_is_compared() -> None:
    stories = resources.files("secrel.rehearsal") / "stories"
    shipped = {file.name.removesuffix(".yaml") for file in stories.iterdir() if file.name.endswith(".yaml")}
    assert shipped == {*RELEASES, "cancelled", "two-releases"}, "what is made up has nothing to be compared with"
