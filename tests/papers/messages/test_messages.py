from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from msgspec.structs import replace

from secrel.papers.environment import Templates
from secrel.papers.messages.announcing import (
    MailReleased,
    ask_to_merge_post,
    mail_may_go_out,
    remind_of_disclosure,
    tell_marketing,
)
from secrel.papers.messages.complaints import mail_disagrees, tags_lack_fixes
from secrel.papers.messages.critical import (
    CriticalRequest,
    ask_release_managers,
    estimate,
    fix_ready,
    tell_release_managers,
)
from secrel.papers.messages.fixes import ask_for_range, removed_fix_comment
from secrel.papers.messages.handing_over import Handover, Left, handover
from secrel.papers.messages.reporters import ReporterNotice, reporter_notice
from secrel.papers.messages.tracking import NextRelease, TrackingLinks, next_tracking_issue, tracking_issue
from secrel.words.advisories import OURS, Advisory, Credit, CreditSource
from secrel.words.effects import Comment, address_of
from secrel.words.errors import Misused
from secrel.words.filling import fill, references
from secrel.words.releases import Kind
from secrel.words.spans import Span
from secrel.words.versions import Version
from tests.builders import (
    DUE,
    NOW,
    a_claim,
    a_contents,
    a_person,
    a_post,
    a_product,
    a_release,
    a_shipment,
    an_advisory,
    an_issue,
    seen,
)
from tests.papers.email.samples import POST, critical, planned
from tests.papers.messages.goldens import COMMS, FOLDER, REQUEST, SECTION, TRACKING, documents
from tests.plan.scenes import a_scene, one
from tests.strategies.advisories import advisories, hostile_text


@pytest.mark.parametrize("name", documents())
def test_a_golden_is_what_the_program_writes_now(name: str) -> None:
    assert (FOLDER / name).read_text("utf-8") == documents()[name], "python -m tests.papers.messages.goldens"


def test_there_is_no_golden_without_a_message() -> None:
    assert {path.name for path in FOLDER.iterdir()} == documents().keys()


def test_every_message_is_ready_to_be_pasted() -> None:
    for name, text in documents().items():
        assert text.endswith("\n"), name
        assert not text.endswith("\n\n"), name
        assert "\n\n\n" not in text, name
        assert not any(line.endswith(" ") for line in text.split("\n")), name
        assert "Markdown(" not in text, name
        assert "None" not in text, name


# -- what acts in a message ------------------------------------------------------------------------------------------


_MENTION = re.compile(r"@([A-Za-z0-9_][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_.-]+)*)")


def acting(text: str) -> dict[str, set[str]]:
    """What a forge would act on: mentions, links, HTML, lines that look like quick actions, references, headings."""
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(text)
    inline = [child for token in tokens for child in token.children or ()]
    blocks = [token.children or [] for token in tokens if token.type == "inline"]
    shown = [
        "".join("\n" if c.type == "softbreak" else c.content for c in b if c.type != "code_inline") for b in blocks
    ]
    return {
        "mentions": {name for block in shown for name in _MENTION.findall(block)},
        "links": {str(child.attrs["href"]) for child in inline if child.type == "link_open"},
        "html": {t.content for t in (*tokens, *inline) if t.type in {"html_block", "html_inline", "image"}},
        "commands": {line for line in text.split("\n") if line.startswith("/")},
        "references": set(references(Comment("a#1", text))),
        "headings": {t.markup for t in tokens if t.type == "heading_open"},
    }


def calm(text: str, *, mentions: set[str], links: set[str]) -> None:
    found = acting(text)
    assert found["mentions"] == mentions
    assert found["links"] == links
    for kind in ("html", "commands", "references"):
        assert found[kind] == set(), kind


@given(hostile_text(), hostile_text(), hostile_text(), st.lists(hostile_text(), max_size=3))
def test_a_handover_mentions_nobody_but_the_one_who_takes_over(
    release: str, status: str, following: str, said: list[str]
) -> None:
    said_now = Handover(
        f"R {release}",
        "amara",
        "bjorn",
        date(2026, 11, 24),
        f"S {status}",
        f"N {following}",
        tuple(Left(item, (item,)) for item in said),
        notes=tuple(said),
    )
    calm(handover(said_now), mentions={"bjorn"}, links=set())


@given(advisories(), st.sampled_from([POST, "", "TODO", "javascript:alert(1)"]))
def test_a_reporters_notice_links_nothing_but_the_post(advisory: Advisory, post: str) -> None:
    release = a_release(shipments=(a_shipment(product=a_product(key=advisory.product)),))
    calm(
        reporter_notice(advisory, a_contents(release), ReporterNotice(post)),
        mentions=set(),
        links=set(),
    )


@given(advisories(), hostile_text())
def test_comments_on_fixes_mention_only_those_who_are_asked(advisory: Advisory, short: str) -> None:
    product = a_product(key=advisory.product, short=f"App {short}")
    release = a_release(shipments=(a_shipment(product=product),))
    calm(ask_for_range(advisory, release, ["farid", "@dewi"], DUE), mentions={"farid", "dewi"}, links=set())
    told = removed_fix_comment(release, advisory.description, ["farid"])
    calm(told, mentions={"farid"}, links=set())


@given(hostile_text(), hostile_text())
def test_messages_about_a_release_mention_only_those_who_are_meant(short: str, text: str) -> None:
    product = a_product(short=f"App {short}", branch=f"x{text or '-'}".replace("{", "").replace("}", ""))
    contents = a_contents(a_release(shipments=(a_shipment(product=product),)), [an_advisory(1, fix=f"fix {text}")])
    request = CriticalRequest("release-managers", TRACKING, NOW)
    managers = {"release-managers"}
    calm(ask_release_managers(contents, request), mentions=managers, links=set())
    calm(tell_release_managers(contents, request), mentions=managers, links={TRACKING})
    calm(estimate(a_claim("g", text, words=short), "release-managers"), mentions=managers, links=set())
    calm(fix_ready("release-managers"), mentions=managers, links=set())
    calm(
        ask_to_merge_post(contents, a_post(url=REQUEST), POST, "release-managers"),
        mentions=managers,
        links={REQUEST},
    )
    calm(tell_marketing(contents, REQUEST, POST, COMMS), mentions=set(), links={REQUEST, COMMS})
    calm(remind_of_disclosure(contents, ("farid",), 2, text), mentions={"farid"}, links=set())
    released = MailReleased(f"S {text}", POST, ("acme-comms",))
    calm(mail_may_go_out(contents, released), mentions={"acme-comms"}, links=set())
    mailboxes = (a_person(email=f"a {text}"),)
    comms = seen(an_issue(8, assignees=("acme-comms",)))
    asked = one("ask_for_test_email", a_scene(contents=contents, people=mailboxes, comms=comms)).action
    assert isinstance(asked, Comment)
    calm(asked.body, mentions={"acme-comms"}, links=set())
    issue = tracking_issue(contents.release, ["dewi"], TrackingLinks(REQUEST))
    calm(issue.body, mentions={"dewi"}, links=set())
    assert acting(issue.body)["headings"] == {"##"}
    calm(mail_disagrees([text, short], ["acme-comms"]), mentions={"acme-comms"}, links=set())
    calm(tags_lack_fixes(contents.release, "release-managers", [text]), mentions=managers, links=set())


def test_a_tracking_issue_says_which_branches_fixes_go_to_where_there_are_any() -> None:
    told = tracking_issue(a_release(), ["dewi"], TrackingLinks())
    bare = tracking_issue(a_release(), ["dewi"], TrackingLinks(), with_branches=False)
    assert "## Branches to target" in told.body
    assert "ranch" not in bare.body
    assert bare.title == told.title


@given(hostile_text(max_fragments=10))
def test_the_text_of_a_removed_fix_cannot_leave_its_block(section: str) -> None:
    whole = f"# Title\n\n{section}\n/close\n````\n<!-- secrel: 2026-11/post -->\n@all\n"
    told = removed_fix_comment(a_release(), whole)
    blocks = [token for token in MarkdownIt("commonmark", {"html": True}).parse(told) if token.type != "inline"]
    assert [token.type for token in blocks].count("fence") == 1
    assert blocks[-1].type == "fence"
    assert "@all" in blocks[-1].content
    assert acting(told)["html"] == set()
    assert acting(told)["commands"] == set()
    assert "<!-- secrel" not in told


def test_the_text_of_a_removed_fix_arrives_as_it_was() -> None:
    told = removed_fix_comment(a_release(), SECTION)
    (block,) = [token.content for token in MarkdownIt().parse(told) if token.type == "fence"]
    assert block == SECTION


@pytest.mark.parametrize("handle", ["", "@", "all people", "a\nb", "@@a", "<!here>", "a,b", "-a", "a/"])
def test_what_is_no_handle_is_refused(handle: str) -> None:
    with pytest.raises(Misused, match="is not a handle"):
        ask_to_merge_post(planned(), a_post(url=REQUEST), POST, handle)


@pytest.mark.parametrize("handle", ["release-managers", "@release-managers", "gitlab-org/delivery", "a.b_c", "a"])
def test_people_and_groups_are_mentioned(handle: str) -> None:
    told = ask_to_merge_post(planned(), a_post(url=REQUEST), POST, handle)
    assert told.startswith(f"@{handle.removeprefix('@')} the post")


def test_what_the_same_plan_makes_is_linked_and_filled_in_later() -> None:
    request = CriticalRequest("release-managers", address_of("2026-11/tracking"), NOW)
    comment = Comment("a#1", tell_release_managers(critical(), request))
    assert references(comment) == {"2026-11/tracking"}
    filled = fill(comment, {"2026-11/tracking": TRACKING})
    assert isinstance(filled, Comment)
    assert acting(filled.body)["links"] == {TRACKING}


def test_bare_addresses_that_the_same_plan_makes_are_filled_in_later() -> None:
    links = {"tracking": address_of("2026-11/tracking"), "checklist": "not an address"}
    told = handover(Handover("2026-11", "amara", "bjorn", DUE.date(), "s", "n", links=links))
    assert "Tracking issue: ⟦2026-11/tracking⟧\n" in told
    assert "Checklist issue: not an address\n" in told


# -- what messages say -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "told"), [(49, True), (48, False), (47, False)], ids=["before", "at the deadline", "after"]
)
def test_the_deadline_is_told_while_it_lies_ahead(hours: int, told: bool) -> None:  # noqa: FBT001 - a case's outcome
    request = CriticalRequest("release-managers", TRACKING, DUE - timedelta(hours=hours))
    assert ("48 hours" in ask_release_managers(critical(), request)) is told


def test_a_fix_without_a_vector_is_said_to_have_no_severity_yet() -> None:
    contents = a_contents(a_release(kind=Kind.UNPLANNED), [an_advisory(1, vector=None)])
    told = ask_release_managers(contents, CriticalRequest("rm", TRACKING, NOW))
    assert "- acme/app#1: severity not determined yet\n" in told


def test_the_channel_hears_nothing_about_the_vulnerability() -> None:
    request = CriticalRequest("rm", TRACKING, NOW)
    advisory = critical().advisories[0]
    told = tell_release_managers(critical(), request)
    for secret in (advisory.title, advisory.fix, str(advisory.cve_id), advisory.description, "9.6"):
        assert secret not in told


def test_instants_are_told_in_utc() -> None:
    at = datetime(2026, 11, 20, 23, 30, tzinfo=timezone(timedelta(hours=-8)))
    request = CriticalRequest("rm", TRACKING, NOW, ready_at=at)
    assert "by 2026-11-21 07:30 UTC" in ask_release_managers(critical(), request)


@pytest.mark.parametrize(
    ("versions", "example"),
    [
        (["18.5.2", "18.4.4", "18.3.6"], "all versions from 18.3 before 18.3.6, 18.5 before 18.5.2"),
        (["18.5.2"], "all versions from 18.5 before 18.5.2"),
        (["18.5.0"], "all versions before 18.5.0"),
        (["18.5.0", "18.4.1"], "all versions from 18.4 before 18.4.1"),
    ],
)
def test_the_example_of_a_range_fits_the_release(versions: list[str], example: str) -> None:
    told = ask_for_range(an_advisory(1), a_release(versions), [], DUE)
    assert f"For example: {example}. If" in told.replace("\\", "")
    assert told.startswith("Which versions")


def test_a_notice_names_only_those_who_share_the_report() -> None:
    credited = (
        Credit("elif", CreditSource.HACKERONE, report="report-1"),
        Credit("farid", CreditSource.HACKERONE, report="report-2"),
    )
    advisory = an_advisory(1, credits=credited)
    assert reporter_notice(advisory, a_contents(), ReporterNotice(POST, "report-2")).startswith("Hello farid,")
    assert reporter_notice(advisory, a_contents(), ReporterNotice(POST)).startswith("Hello elif and farid,")


@pytest.mark.parametrize(("days", "day"), [(30, "December 25, 2026"), (90, "February 23, 2027")])
def test_a_notice_tells_from_when_the_report_can_be_disclosed(days: int, day: str) -> None:
    contents = a_contents(a_release(disclosure_days=days))
    assert f"{days} days after the release, on {day}" in reporter_notice(an_advisory(1), contents, ReporterNotice(POST))


def test_a_notice_promises_no_issue_that_its_reader_could_not_open() -> None:
    told = reporter_notice(an_advisory(1, issue_url=""), a_contents(), ReporterNotice(POST))
    assert "issue" not in told
    assert "until December 25, 2026" in told
    assert "From that day on" in told


def ask_range(advisory: Advisory) -> str:
    return ask_for_range(advisory, a_release(), [], DUE)


def notice(advisory: Advisory) -> str:
    return reporter_notice(advisory, a_contents(), ReporterNotice(POST))


@pytest.mark.parametrize("write", [ask_range, notice])
def test_a_product_that_is_not_in_the_release_is_refused(write: Callable[[Advisory], str]) -> None:
    with pytest.raises(Misused, match="no version of this"):
        write(an_advisory(1, product="runner"))


def test_a_handover_has_the_five_places_of_the_template() -> None:
    links = {
        name: f"https://forge.test/{n}" for n, name in enumerate(("tracking", "checklist", "draft", "post", "comms"))
    }
    told = handover(Handover("2026-11", "@amara", "@bjorn", DUE.date(), "s", "n", links=links, team="appsec"))
    for number, name in enumerate(
        (
            "Security release issue",
            "Appsec security release checklist",
            "Release draft blog post MR",
            "Release blog post MR",
            "Release communications issue",
        )
    ):
        assert f"- {name}: https://forge.test/{number}\n" in told
    assert told.startswith("Security release appsec handover to @bjorn\n")
    assert "From: amara" in told
    own = handover(Handover("2026-11", "@amara", "@bjorn", DUE.date(), "s", "", links=links))
    places = ("Tracking issue", "Checklist issue", "Draft post", "Release post", "Communications issue")
    assert [f"- {name}: https://forge.test/{number}\n" in own for number, name in enumerate(places)] == [True] * 5
    assert "Next: Nothing is due.\n" in own
    assert own.endswith("Still to be done:\n\n- nothing\n"), "a team without a name of its own has plain words"


def test_a_critical_tracking_issue_says_so_and_names_each_product() -> None:
    runner = a_product(key="runner", short="Acme Runner")
    release = a_release(kind=Kind.UNPLANNED, shipments=(a_shipment(), a_shipment(["2.0.1"], runner)))
    issue = tracking_issue(release, [], TrackingLinks())
    assert issue.title == "Critical security release: 18.5.x, 18.4.x, 18.3.x"
    assert "- Acme Runner 2.0.1\n" in issue.body
    assert "- Acme Runner: `main`, `2-0-stable`" in issue.body
    assert "Release managers" not in issue.body.split("\n\n")[1]


def test_a_release_without_a_series_is_refused() -> None:
    with pytest.raises(Misused, match="no series"):
        tracking_issue(replace(a_release(), shipments=()), [], TrackingLinks())


def test_a_next_release_names_its_day_and_no_version_that_nobody_has_chosen() -> None:
    issue = next_tracking_issue(NextRelease(DUE))
    assert issue.title == "Security release: 2026-11-25"
    assert "They are named when the release is started" in issue.body
    assert "Branches to target" not in issue.body
    assert "|" not in issue.body


def test_a_desk_can_bring_its_own_words() -> None:
    own = Templates.shipped("secrel.papers.messages.wording", overrides={"tell_marketing.md.j2": "Post: {{ address }}"})
    assert tell_marketing(planned(), REQUEST, POST, COMMS, templates=own) == f"Post: {POST}\n"


def test_days_are_those_of_the_releases_own_zone() -> None:
    release = replace(a_release(), due=datetime(2026, 11, 25, 23, tzinfo=UTC))
    assert "the release of 2026-11-25" in removed_fix_comment(release, "")


def test_a_finder_hears_of_a_record_that_thanks_them_where_it_is_ours_alone() -> None:
    for assigned_by, said in (
        (OURS, "The announcement and the CVE record thank"),
        ("Acme CNA", "The announcement thanks"),
    ):
        advisory = replace(an_advisory(), assigned_by=assigned_by)
        notice = reporter_notice(advisory, a_contents(), ReporterNotice(POST))
        assert f"{said} you as elif" in notice
        assert str(advisory.cve_id) in notice


def test_a_finder_is_not_told_that_this_release_fixes_what_it_only_announces() -> None:
    before = an_advisory(1, affected=(Span(None, Version.parse("17.9.1")),), fixed_already=(Version.parse("17.9.1"),))
    hosted = an_advisory(1, affected=None, hosted_only="acme.test")
    for advisory, said in ((before, "It was fixed already in 17.9.1;"), (hosted, "It only affected acme.test, where")):
        notice = reporter_notice(advisory, a_contents(), ReporterNotice(POST))
        assert said in notice
        assert "18.5.2" not in notice
