from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from msgspec.structs import replace

from secrel.faces.plan import FORMATS, render_plan
from secrel.faces.terminal import visible, width_of
from secrel.plan.plan import Notice, Plan, Refusal
from secrel.words.advisories import Credit, CreditSource
from secrel.words.effects import (
    Audience,
    Comment,
    Effect,
    LiftConfidentiality,
    OpenIssue,
    OpenMergeRequest,
    RewriteFiles,
    RewriteIssue,
    SetFacts,
    SetHead,
)
from secrel.words.errors import Misused
from secrel.words.facts.stated import FixFacts, ReleaseFacts, Stated
from secrel.words.heads import Head
from secrel.words.spans import Affected
from tests.apply.world import EFFECTS
from tests.builders import DUE, NAME
from tests.faces.terminal.plan_scene import POST, a_plan, a_refused_plan, effects
from tests.faces.terminal.scene import HOSTILE

SCHEMA = Path(__file__).resolve().parents[3] / "docs" / "schemas" / "plan.schema.json"


def plan_of(*done: Effect, **changes: object) -> Plan:
    return Plan(NAME, done, **changes)  # type: ignore[arg-type]


def test_the_target_comes_first_and_the_command_last() -> None:
    for form in ("text", "markdown"):
        text = render_plan(a_plan(), format=form)
        assert text.index("embedded") < text.index(f"{NAME}/checklist")
        assert f"secrel apply {NAME} --approve {a_plan().digest} --by USERNAME" in text[-120:]
    assert render_plan(plan_of(*effects())).startswith("Target  none is named\n")
    assert "- **Target:** none is named" in render_plan(plan_of(*effects()), format="markdown")


def test_what_reveals_and_what_is_blind_cannot_be_overlooked() -> None:
    text = render_plan(a_plan(), width=100)
    assert f"3. {NAME}/post/release: OpenMergeRequest, REVEALS\n" in text
    assert f"6. {NAME}/email: SendMail, REVEALS, BLIND\n" in text
    assert text.count("not before 2026-11-25") == 2
    assert "Plan    2026-11: 7 effects, 2 reveal, 1 blind" in text


def test_a_change_of_facts_says_the_lines_and_what_they_said_before() -> None:
    seen = Stated(ReleaseFacts(primary="amara", secondary="bjorn", form="2026"))
    action = SetFacts.seen("acme/security#1", seen, ReleaseFacts(primary="chidi"), ("primary", "secondary"))
    told = json.loads(render_plan(plan_of(Effect(f"{NAME}/duty/1", action, "swap")), format="json"))
    assert [(fact["name"], fact["value"]) for fact in told["effects"][0]["facts"]] == [
        ("ref", "acme/security#1"),
        ("changes", "primary: chidi"),
        ("lines", "primary, secondary"),
        ("only if it still is", "primary: amara; secondary: bjorn"),
    ]


def test_facts_are_written_as_a_release_file_has_them_without_what_is_empty() -> None:
    changes = FixFacts(credits=(Credit(name="kim", source=CreditSource.OTHER),), affected=Affected.since(None))
    action = SetFacts.seen("acme/app#1", Stated(), changes, ("credits", "affected"))
    told = json.loads(render_plan(plan_of(Effect(f"{NAME}/facts/1", action, "change it")), format="json"))
    values = {fact["name"]: fact["value"] for fact in told["effects"][0]["facts"]}
    assert values["changes"] == "affected: {since: all}; credits: [{name: kim, source: other, type: finder}]"


def test_a_change_of_a_head_says_what_changes_and_what_it_takes_the_place_of() -> None:
    stood = Head("Security release: 1.2.3", labels=("security",), due=date(2026, 11, 25))
    head = replace(stood, title="Security release: 1.2.4", labels=(), due=date(2026, 12, 2))
    effect = Effect(f"{NAME}/tracking/head/1", SetHead("acme/security#1", head, stood, stood), "bring it up to date")
    told = json.loads(render_plan(plan_of(effect), format="json"))
    assert [(fact["name"], fact["value"]) for fact in told["effects"][0]["facts"]] == [
        ("ref", "acme/security#1"),
        ("title", "Security release: 1.2.4 (only if it still is: Security release: 1.2.3)"),
        ("labels", "none (only if it still is: security)"),
        ("due", "2026-12-02 (only if it still is: 2026-11-25)"),
    ]
    for form in FORMATS:
        assert "Security release: 1.2.4" in render_plan(plan_of(effect), format=form)


def test_effects_of_every_kind_are_shown_in_every_format() -> None:
    for effect in EFFECTS:
        for form in FORMATS:
            assert effect.key in render_plan(plan_of(effect), format=form)


def test_a_rewritten_text_shows_the_lines_that_change() -> None:
    before = "".join(f"line {number}\n" for number in range(40))
    after = before.replace("line 7\n", "line seven\n").replace("line 30\n", "")
    body = render_plan(plan_of(Effect(f"{NAME}/edit", RewriteIssue("acme/security#1", after, before), "rewrite")))
    assert "changed lines):\n     - line 7\n     + line seven\n     - line 30\n\n" in body
    files, stood = (("post.md", after), ("new.md", "new\n")), (("post.md", before),)
    action = RewriteFiles("acme/site!1", "title", after, files, stood, ("title", before))
    told = render_plan(plan_of(Effect(f"{NAME}/edit", action, "rewrite")))
    assert told.count("changed lines):\n     - line 7\n     + line seven\n     - line 30\n") == 2
    assert "     | new\n" in told


def test_a_text_that_is_as_it_was_shows_its_first_lines() -> None:
    action = RewriteFiles(
        "acme/site!1", "another", "body\n", (("a.md", "a\n"),), (("a.md", "a\n"),), ("title", "body\n")
    )
    told = render_plan(plan_of(Effect(f"{NAME}/edit", action, "rename")))
    assert "changed lines" not in told
    assert "     | a\n" in told


def test_what_a_person_has_to_read_stands_in_every_format() -> None:
    notice = Notice("r/post holds a word that is under embargo, and ordinary: the finder's name", ("r/post",))
    for form in FORMATS:
        text = render_plan(plan_of(*effects(), notices=(notice,)), format=form)
        assert notice.what in text.replace("\n        ", " ")
    assert "READ    r/post holds" in render_plan(plan_of(*effects(), notices=(notice,)))
    told = json.loads(render_plan(plan_of(*effects(), notices=(notice,)), format="json"))
    assert told["notices"] == [{"what": notice.what, "keys": ["r/post"]}]


def test_a_refused_plan_gives_its_reasons_and_no_command() -> None:
    for form in FORMATS:
        text = render_plan(a_refused_plan(), format=form)
        assert "would be public 7 days early" in text
        assert "--approve" not in text
    assert json.loads(render_plan(a_refused_plan(), format="json"))["next"] is None


def test_what_needs_no_approval_asks_for_none() -> None:
    quiet = a_plan().free
    for form in FORMATS:
        text = render_plan(quiet, format=form)
        assert f"secrel apply {NAME} --by USERNAME" in text
        assert "--approve" not in text
    assert "nothing here needs an approval:" in render_plan(quiet)


def test_the_command_to_run_next_is_the_one_of_whoever_asks_or_none() -> None:
    for form in FORMATS:
        text = render_plan(a_plan(), format=form, next_command="secrel apply 2026-11 --by bjorn --desk desk")
        assert "secrel apply 2026-11 --by bjorn --desk desk" in text
        assert "USERNAME" not in text
        assert "secrel apply" not in render_plan(a_plan(), format=form, next_command="")
        assert "secrel apply" not in render_plan(a_refused_plan(), format=form, next_command="secrel apply it")


def test_what_is_kept_for_the_next_merge_and_not_sent_is_named_by_its_size() -> None:
    kept = "what the desk would have written had nobody edited it\n" * 400
    rewrite = Effect(f"{NAME}/checklist/edit/1", RewriteIssue("acme/security#7", "new", "old", kept), "refresh it")
    for form in FORMATS:
        text = render_plan(plan_of(rewrite), format=form)
        assert "had nobody edited it" not in text
        assert "kept for the next merge" in text
        assert f"{len(kept):,} bytes" in text


def test_an_empty_plan_says_so() -> None:
    assert "Plan    2026-11: nothing to do" in render_plan(plan_of())
    assert "--approve" not in render_plan(plan_of())
    assert "1 effect, 1 reveals" in render_plan(plan_of(effects()[2]))
    assert "refuses itself" in render_plan(plan_of(refusals=(Refusal("order", "x"),)))


def test_text_shows_the_beginning_and_the_others_the_whole() -> None:
    short = render_plan(a_plan())
    assert "line 9 of the post" in short
    assert "line 10 of the post" not in short
    assert "… 21 more lines: --format markdown shows all" in short
    assert POST in render_plan(a_plan(), format="markdown")
    told = json.loads(render_plan(a_plan(), format="json"))
    assert told["effects"][2]["texts"][1]["text"] == POST
    thirteen = plan_of(Effect(f"{NAME}/x", Comment("a#1", "x\n" * 13), "say it"))
    assert "… 1 more line: " in render_plan(thirteen)


def test_hidden_characters_are_made_visible_where_people_read() -> None:
    for form in ("text", "markdown"):
        text = render_plan(a_plan(), format=form)
        assert "hidden \\u202e turn and \\x1b[31m colour\\twith a tab" in text
        assert not set(text) & {"\u202e", "\x1b"}
    told = json.loads(render_plan(a_plan(), format="json"))
    assert told["effects"][4]["texts"][0]["text"].startswith("hidden \u202e turn")


def test_json_follows_its_schema() -> None:
    schema = jsonschema_rs.validator_for(json.loads(SCHEMA.read_text()))
    for plan in (a_plan(), a_refused_plan(), plan_of()):
        schema.validate(json.loads(render_plan(plan, format="json")))


def test_another_format_is_misused() -> None:
    with pytest.raises(Misused, match="is no format of a plan"):
        render_plan(a_plan(), format="xml")


@given(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from([40, 80, 120]))
@settings(max_examples=60, deadline=None)
def test_nothing_in_a_text_gets_out_of_its_place(text: str, width: int) -> None:
    action = OpenMergeRequest("a/b", text, "main", text, text, ((text, text),), labels=(text,))
    plan = plan_of(
        Effect(f"{NAME}/x", action, text),
        targets=(text,),
        refusals=(Refusal(text, text, (text,), text),),
    )
    shown = render_plan(plan, width=width)
    assert all(width_of(line) <= width for line in shown.split("\n"))
    assert visible(shown) == shown
    tokens = MarkdownIt("commonmark").parse(render_plan(plan, format="markdown"))
    assert sum(token.type == "heading_open" for token in tokens) == 3
    assert sum(token.type == "fence" for token in tokens) == (2 if text else 0)
    json.loads(render_plan(plan, format="json"))


def test_hostile_texts_are_whole_in_their_blocks() -> None:
    body = f"{HOSTILE}\n```\n````\n"
    plan = plan_of(Effect(f"{NAME}/x", OpenIssue("a/b", "t", body), "s"))
    fences = [token for token in MarkdownIt().parse(render_plan(plan, format="markdown")) if token.type == "fence"]
    assert fences[0].content == visible(body)


def test_colour_only_adds() -> None:
    plain = render_plan(a_refused_plan())
    assert re.sub(r"\x1b\[[\d;]*m", "", render_plan(a_refused_plan(), colour=True)) == plain


def test_all_that_outsiders_will_read_of_an_issue_is_shown() -> None:
    facts = Stated(ReleaseFacts(release="r"))
    shown = LiftConfidentiality("p#1", "The title", "The text", facts, ("first note", "second note"))
    lifting = Effect("r/public", shown, "make it public", audience=Audience.EVERYBODY, not_before=DUE)
    for form in ("text", "markdown", "json"):
        told = render_plan(plan_of(lifting), format=form)
        assert all(part in told for part in ("The title", "The text", "first note", "second note", "release"))
