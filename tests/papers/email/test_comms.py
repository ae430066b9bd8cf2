from __future__ import annotations

import pytest
from hypothesis import given
from markdown_it import MarkdownIt
from msgspec.structs import replace

from secrel.papers.email.comms import render_comms_issue
from secrel.papers.email.written import Comms
from secrel.words.effects import Comment as Note
from secrel.words.effects import address_of
from secrel.words.errors import Misused
from secrel.words.filling import references
from tests.papers.email.samples import LINKS, POST, critical, mail, planned, two_products
from tests.strategies.advisories import hostile_text

COMMS = Comms(("acme-communications",))


def test_the_issue_carries_the_mails_text_as_it_is() -> None:
    written = mail(planned())
    issue = render_comms_issue(planned(), written, LINKS, COMMS)
    blocks = [token.content for token in MarkdownIt().parse(issue.body) if token.type == "fence"]
    assert blocks == [f"{written.subject}\n", written.text]
    assert issue.labels == ("security-notifications",)


def test_the_address_is_told_without_its_scheme() -> None:
    body = render_comms_issue(planned(), mail(planned()), LINKS, COMMS).body
    assert f"`{POST.removeprefix('https://')}`" in body


def test_the_type_and_title_follow_the_contents() -> None:
    said = render_comms_issue(critical(), mail(critical()), LINKS, COMMS)
    assert said.title == "Critical security release email alert: 18.5.2"
    assert "| Type | critical |" in said.body
    normal = render_comms_issue(two_products(), mail(two_products()), LINKS, COMMS)
    assert normal.title == "Security release email alert: 18.5.2, 18.4.4, and 18.3.6"
    assert "| Type | normal |" in normal.body
    assert "Acme Runner 18.5.1 and 18.4.2" in normal.body


def test_a_long_subject_is_said_to_be_long() -> None:
    long = replace(mail(planned()), subject="x" * 51)
    assert "51 characters; 50 are advised" in render_comms_issue(planned(), long, LINKS, COMMS).body
    assert "are advised" not in render_comms_issue(planned(), mail(planned()), LINKS, COMMS).body


def test_what_is_made_by_the_same_plan_is_linked_by_reference() -> None:
    comms = replace(COMMS, draft=address_of("2026-11/post/draft"), tracking="https://forge.test/acme/app/-/issues/500")
    body = render_comms_issue(planned(), mail(planned()), LINKS, comms).body
    assert references(Note("acme/comms#1", body)) == {"2026-11/post/draft"}
    assert "[tracking issue](https://forge.test/acme/app/-/issues/500)" in body


def test_a_correction_is_asked_for_as_one_and_not_for_the_day_of_the_release() -> None:
    body = render_comms_issue(planned(), mail(planned()), LINKS, replace(COMMS, corrects=True)).body
    assert "says what is not so any more. Please send them the correction below" in body
    assert "before the post is corrected" in body
    assert "the day of the release" not in body


def test_an_issue_that_asks_nobody_is_refused() -> None:
    with pytest.raises(Misused, match="nobody is asked"):
        render_comms_issue(planned(), mail(planned()), LINKS, Comms(()))


@given(hostile_text(), hostile_text())
def test_no_text_leaves_its_block(subject: str, text: str) -> None:
    hostile = replace(mail(planned()), subject=f"News {subject}", text=f"{text}\n/close\n```\n/assign @all\n")
    issue = render_comms_issue(planned(), hostile, LINKS, COMMS)
    tokens = MarkdownIt().parse(issue.body)
    assert [token.type for token in tokens if token.type in {"fence", "html_block"}] == ["fence", "fence"]
    assert not any(line.startswith("/") for line in issue.body.split("\n"))
    outside = issue.body
    for token in tokens:
        if token.type == "fence":
            outside = outside.replace(token.content, "")
    assert "@all" not in outside
    assert references(Note("acme/comms#1", issue.body)) == set()
