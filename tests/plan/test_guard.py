"""The embargo guard, by itself: whatever a fact is dressed in, it is found, and what merely looks like it is not."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from datetime import timedelta
from email.message import EmailMessage
from html import escape
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from secrel.papers.email.message import Envelope, Sender, compose
from secrel.plan.guard import EmbargoedFact, folded, guard, look_through
from secrel.plan.plan import Plan
from secrel.words.advisories import Credit
from secrel.words.effects import (
    Audience,
    Effect,
    LiftConfidentiality,
    OpenIssue,
    OpenMergeRequest,
    PublishRecord,
    SendMail,
    SetFacts,
    TellReporter,
)
from secrel.words.facts.stated import UNSTATED, FixFacts, read_facts
from tests.builders import DUE
from tests.strategies.headers import header_texts

TITLE = "Stored script in notebooks"
FACTS = [
    EmbargoedFact("the title", TITLE),
    EmbargoedFact("the id", "CVE-2026-1111"),
    EmbargoedFact("the address", "https://forge.test/acme/app/-/issues/9"),
    EmbargoedFact("the short one", "XSS"),
]


def leaks(effect: Effect, facts: Sequence[EmbargoedFact]) -> list[str]:
    return list(look_through(effect, facts).certain)


def a_post(text: str, **changes: str) -> Effect:
    action = OpenMergeRequest(
        "site",
        changes.get("branch", "b"),
        "main",
        changes.get("title", "t"),
        "b",
        ((changes.get("path", "p.md"), text),),
    )
    return Effect("r/post", action, "s", audience=Audience.EVERYBODY, not_before=DUE)


def a_mail(text: str, html: str = "", *, encoding: str = "base64", subject: str = "s") -> Effect:
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = "desk@vendor.example"
    message.set_content(text, cte=encoding)
    if html:
        message.add_alternative(html, subtype="html", cte=encoding)
    return Effect(
        "r/email",
        SendMail("all@vendor.example", "s", message.as_string()),
        "s",
        audience=Audience.EVERYBODY,
        findable=False,
        not_before=DUE,
    )


@pytest.mark.parametrize(
    "text",
    [
        TITLE,
        TITLE.upper(),
        "stored  script\nin\tnotebooks",
        "**Stored** _script_ in `notebooks`",
        "Stored script in note**books**",
        "> Stored\n> script\n> in notebooks",
        "- Stored-script/in|notebooks",
        r"Stored script in note\books",
        "Stored\u00a0script in note\u200bbooks and more",
        "Ｓｔｏｒｅｄ script in notebooks",  # noqa: RUF001 - letters of full width look the same
        "<p>Stored <b>scr</b>ipt in notebooks</p>",
        "Stored&#32;script&nbsp;in notebooks",
        "Stored scr<!-- hidden -->ipt in notebooks",
        "https://vendor.example/?q=Stored%20script%20in%20notebooks",
        "[Stored script in notebooks](#anchor)",
    ],
)
def test_a_title_in_any_dress_is_found(text: str) -> None:
    assert leaks(a_post(f"Before. {text}. After."), FACTS) == ["the title"]


@pytest.mark.parametrize(
    "text",
    [
        "CVE-2026-1111",
        "cve-2026-1111",
        "CVE‑2026‑1111",  # noqa: RUF001 - hyphens that do not break
        "(CVE-2026-1111)",
        "CVE 2026 1111",
        "CVE-2026-**1111**",
        "CVE-2026-11\u200b11",
    ],
)
def test_an_id_in_any_dress_is_found(text: str) -> None:
    assert leaks(a_post(text), FACTS) == ["the id"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "CVE-2026-11112",
        "XCVE-2026-1111",
        "CVE-2025-1111",
        "Restored script in notebooks",
        "Stored script in notebooks2",
        "Stored script in many notebooks",
        "https://forge.test/acme/app/-/issues/91",
        "an XSS, which everybody writes about",
    ],
)
def test_what_only_looks_like_it_is_let_through(text: str) -> None:
    assert leaks(a_post(text), FACTS) == []


INTERNAL = (EmbargoedFact("an internal version", "{version}--internal{number}", is_pattern=True),)
"""Spelled as no process spells it: patterns are kept, and this one is made here."""


@pytest.mark.parametrize(
    "text",
    [
        "Upgrade to 18.5.2-internal1.",
        "**v18.5.2**-Internal12-ee went first",
        "18.5.2 (internal 3)",
        "`18.5.2_internal0`",
        "18&#46;5.2-inter\u200bnal1",
    ],
)
def test_an_internal_version_is_found_whichever_it_is(text: str) -> None:
    assert leaks(a_post(text), INTERNAL) == ["an internal version"]
    assert leaks(a_mail(text), INTERNAL) == ["an internal version"]


@pytest.mark.parametrize(
    "text",
    [
        "18.5.2",
        "internal1",
        "fixed in 18.5.2. Internal 2FA users",
        "18.5.2 in internal 1",
        "5-internals1",
        "x" * 90_000,
    ],
)
def test_what_is_no_internal_version_is_let_through(text: str) -> None:
    assert leaks(a_post(text), INTERNAL) == []


def test_every_part_of_an_effect_is_looked_at() -> None:
    for part in ("branch", "title", "path"):
        assert leaks(a_post("nothing", **{part: "the-CVE-2026-1111-of"}), FACTS) == ["the id"], part
    issue = OpenIssue("p", "t", "b", facts=FixFacts(credits=(Credit(report="see CVE-2026-1111"),)))
    assert leaks(Effect("r/x", issue, "s"), FACTS) == ["the id"]
    unread = read_facts(FixFacts, {"CVE-2026-1111": [{"deep": [TITLE]}]})
    lifted = LiftConfidentiality("p#1", "t", "b", unread)
    assert leaks(Effect("r/x", lifted, "s"), FACTS) == ["the title", "the id"]
    assert leaks(Effect("r/x", SetFacts("p#1", FixFacts(), ("x",), unread), "s"), FACTS) == [], "that stands there"
    assert leaks(Effect("r/x", TellReporter("report/1", TITLE), "s"), FACTS) == ["the title"]


def test_each_fact_is_named_once_in_their_order() -> None:
    text = f"{TITLE} CVE-2026-1111 {TITLE} https://forge.test/acme/app/-/issues/9"
    assert leaks(a_post(text), [*FACTS, FACTS[0]]) == ["the title", "the id", "the address"]
    assert leaks(a_post(text), []) == []
    assert leaks(a_post(text), [EmbargoedFact("nothing but signs", "********")]) == []


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "7bit"])
def test_mails_are_read_as_their_readers_read_them(encoding: str) -> None:
    long = "x" * 60
    assert leaks(a_mail(f"{long} {TITLE} {long}", encoding=encoding), FACTS) == ["the title"]
    page = f"<html><body>{long} Stored <i>script</i> in notebooks {long}</body></html>"
    assert leaks(a_mail("nothing", page, encoding=encoding), FACTS) == ["the title"]
    assert leaks(a_mail("nothing", "<p>nothing</p>", encoding=encoding), FACTS) == []


@given(header_texts(), header_texts())
@example("日本語 naïve é 😀", "é")
def test_no_folding_of_a_subject_hides_a_fact(before: str, after: str) -> None:
    title = "Уязвимость в блокнотах позволяла читать чужие записи, 안녕하세요"
    sender = Sender("Acme", "security@vendor.example")
    envelope = Envelope(sender, "all@vendor.example", DUE, "vendor.example")
    eml = compose(envelope, f"{before} {title} {after}", "text", "html")
    assert leaks(Effect("r/email", SendMail("all@vendor.example", "s", eml), "s"), [EmbargoedFact("it", title)]) == [
        "it"
    ]


def test_headers_attachments_and_broken_mails_are_read_as_far_as_they_go() -> None:
    hidden = base64.b64encode(TITLE.encode()).decode()
    assert leaks(a_mail("x", subject=f"Ü {TITLE}"), FACTS) == ["the title"]
    for eml in (
        f"Subject: s\nX-More: =?utf-8?b?{hidden}?=\n\nx\n",
        f"Subject: s\nContent-Type: text/plain; charset=no-such\nContent-Transfer-Encoding: base64\n\n{hidden}\n",
        f"Subject: s\nContent-Type: text/plain; charset=ascii\nContent-Transfer-Encoding: base64\n\n{hidden}//79\n",
        f"Subject: s\nContent-Type: application/x-thing\nContent-Transfer-Encoding: base64\n\n{hidden}\n",
        f"Subject: s\nContent-Type: message/rfc822\n\nSubject: inner\nContent-Transfer-Encoding: base64\n\n{hidden}\n",
        f"no mail at all {TITLE}",
    ):
        effect = Effect("r/email", SendMail("a@b", "s", eml), "s", findable=False)
        assert leaks(effect, FACTS) == ["the title"], eml
    broken = SendMail("a@b", "s", "X-More: =?no-such-charset?b?AAAA?=\nX-And: =?utf-8?b?####?=\n\nnothing\n\udcff")
    assert leaks(Effect("r/email", broken, "s", findable=False), FACTS) == []


def test_records_are_read_as_the_json_they_are() -> None:
    text = json.dumps({"a": [{"b": "Stored\nscript in\tnotebooks"}], "c": 1, "d": None}, ensure_ascii=True)
    assert leaks(Effect("r/x", PublishRecord("CVE-2026-0001", text), "s"), FACTS) == ["the title"]
    assert leaks(Effect("r/x", PublishRecord("CVE-2026-0001", f"no json: {TITLE}"), "s"), FACTS) == ["the title"]
    escaped = '{"a": "Stored \\u0073cript in notebooks"}'
    assert leaks(Effect("r/x", PublishRecord("CVE-2026-0001", escaped), "s"), FACTS) == ["the title"]


words = st.text(st.characters(categories=("Ll", "Lu", "Nd")), min_size=3, max_size=9).filter(
    lambda word: folded(word) == folded(word.upper())  # not so for a Turkish i without its dot
)
dresses = st.sampled_from(
    [
        str,
        str.upper,
        escape,
        quote,
        lambda t: t.replace(" ", "\n> "),
        lambda t: f"**{t}**",
        lambda t: t.replace(" ", "_ _"),
    ]
)


@given(st.lists(words, min_size=3, max_size=8), dresses, st.text(max_size=20), st.text(max_size=20))
def test_no_dress_hides_any_fact(fact: list[str], dress: object, before: str, after: str) -> None:
    text = " ".join(fact)
    dressed = dress(text)  # type: ignore[operator] # one of the functions above
    assert leaks(a_post(f"{before}\n\n{dressed}\n\n{after}"), [EmbargoedFact("it", text)]) == ["it"]


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


def test_only_what_reveals_is_refused_early_or_telling() -> None:
    quiet = Effect("r/quiet", OpenIssue("p", TITLE, "b"), "s")
    early, late = DUE - timedelta(minutes=90), DUE
    telling = a_post(TITLE)
    assert guard([quiet], FACTS, early).refusals == ()
    [one, other] = guard([quiet, telling], FACTS, early).refusals
    assert (one.rule, one.keys) == ("embargo", ("r/post",))
    assert "1:30:00 early" in one.what
    assert "2026-11-25 16:00 UTC" in one.remedy
    assert "still under embargo: the title" in other.what
    assert TITLE not in other.what
    assert [refusal.what for refusal in guard([telling], FACTS, late).refusals] == [other.what]
    assert guard([a_post("nothing")], FACTS, late).refusals == ()


def test_an_issue_that_is_lifted_is_refused_for_its_time_and_for_what_it_shows() -> None:
    lifted = Effect(
        "r/public",
        LiftConfidentiality("p#1", "t", "b", UNSTATED),
        "s",
        audience=Audience.EVERYBODY,
        not_before=DUE,
    )
    assert guard([lifted], FACTS, DUE).refusals == ()
    assert [refusal.rule for refusal in guard([lifted], FACTS, DUE - timedelta(1)).refusals] == ["embargo"]
    for shown in ({"title": TITLE}, {"body": f"As in {TITLE}."}, {"notes": ("x", f"see {TITLE}")}):
        telling = replace(lifted, action=replace(lifted.action, **shown))
        assert [refusal.rule for refusal in guard([telling], FACTS, DUE).refusals] == ["embargo"]


def test_an_ordinary_word_is_shown_to_whoever_approves_and_refuses_nothing() -> None:
    facts = [EmbargoedFact("the finder's name", "Will"), EmbargoedFact("the branch", "stable")]
    quiet, telling = Effect("r/quiet", OpenIssue("p", "Will", "stable"), "s"), a_post("It was Will, on stable.")
    guarded = guard([quiet, telling, a_post("You will see, unstable as it is.")], facts, DUE)
    assert guarded.refusals == ()
    [notice] = guarded.notices
    assert notice.keys == ("r/post",)
    assert notice.what == "r/post holds a word that is under embargo, and ordinary: the branch, the finder's name"
    plan = Plan("r", (quiet, telling), notices=guarded.notices)
    assert plan.digest != Plan("r", (quiet, telling)).digest, "what was approved is what was read"
    assert plan.to_approve.notices == guarded.notices
    assert plan.free.notices == ()


def test_what_cannot_be_read_to_its_end_is_refused_without_a_word_of_it() -> None:
    hidden = TITLE
    for _ in range(9):
        hidden = base64.b64encode(hidden.encode()).decode()
    [refusal] = guard([a_post(hidden)], FACTS, DUE).refusals
    assert (refusal.rule, refusal.keys) == ("embargo", ("r/post",))
    assert refusal.what == (
        "r/post cannot be compared with what is under embargo: something is packed into it more than 8 times over"
    )
    assert guard([a_post(hidden)], [], DUE).refusals == (), "there is nothing to compare it with"
