from __future__ import annotations

import pytest

from secrel.words.history.commits import Says
from secrel.words.history.messages import Message, read_commit
from secrel.words.history.requests import request_keys

BODY = "It read too far when the header was longer than the buffer that was made for it."
ONE, TWO = "1a" * 20, "2b" * 20


def message(text: str, *, author: str = "Dewi <dewi@example.org>", when: str = "1700000000 +0100") -> Message:
    data = f"tree {ONE}\nparent {TWO}\nauthor {author} {when}\ncommitter C <c@example.org> 1 +0000\n\n{text}"
    found = read_commit(data.encode())
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("line", "how"),
    [
        (f"(cherry picked from commit {ONE})", Says.PICKED),
        (f"(cherry-picked from commit {ONE[:10]})", Says.PICKED),
        (f"cherry picked from https://git.example/a/b/commit/{ONE}", Says.PICKED),
        (f"(backported from commit {ONE})", Says.BACKPORTED),
        (f"Backport of {ONE}", Says.BACKPORTED),
        (f"[ Upstream commit {ONE} ]", Says.UPSTREAM),
        (f"Upstream-commit: {ONE}", Says.UPSTREAM),
        (f"commit {ONE} upstream.", Says.UPSTREAM),
        (f"This reverts commit {ONE}.", Says.REVERTS),
        (f"This reverts commit\n{ONE}.", Says.REVERTS),
        (f'Fixes: {ONE[:12]} ("A change")', Says.FIXES),
        (f"This reapplies commit {ONE}", Says.REAPPLIES),
        (f"Reapply commit {ONE}", Says.REAPPLIES),
        (f"This is a reland of {ONE[:10]}", Says.REAPPLIES),
        (f"Relands commit {ONE}", Says.REAPPLIES),
        (f"Origin: upstream, https://git.example/a/b/commit/{ONE}", Says.BACKPORTED),
        (f"Origin: backport, commit:{ONE}", Says.BACKPORTED),
    ],
)
def test_messages_name_other_commits_in_many_forms(line: str, how: Says) -> None:
    names = message(f"A subject\n\nSome text.\n\n{line}\n").names
    assert [(said, ONE.startswith(name)) for said, name in names] == [(how, True)]


@pytest.mark.parametrize(
    "line",
    [
        "Fixes 1234567",
        "see also " + ONE,
        "cherry picked from commit abc",
        "Origin: " + ONE,
        "Land " + ONE,
        "It is not (cherry picked from commit " + ONE + ")",
    ],
)
def test_what_only_looks_like_a_trailer_names_nothing(line: str) -> None:
    assert message(f"A subject\n\n{line}\n").names == ()


def test_several_reverts_in_one_sentence_are_all_read() -> None:
    names = message(f"Take back\n\nThis reverts commits {ONE}, {TWO} and {'3c' * 20}.\n").names
    assert [name for _, name in names] == [ONE, TWO, "3c" * 20]


@pytest.mark.parametrize(
    ("text", "how", "asked"),
    [
        ("Merge branch 'x' into 'main'\n\nTitle\n\nSee merge request a/b!7", Says.MERGES, "a/b!7"),
        ("Merge pull request #7 from someone/x", Says.MERGES, "#7"),
        ("A fix\n\n(Merged from https://git.example/a/b/pull/7)", Says.MERGES, "https://git.example/a/b/pull/7"),
        ("A fix\n\nBackport of !7", Says.FROM_REQUEST, "!7"),
        ("A fix\n\nBackport of a/b!7", Says.FROM_REQUEST, "a/b!7"),
        ("A fix\n\npicked from https://git.example/a/b/-/merge_requests/7", Says.FROM_REQUEST, "a/b!7"),
    ],
)
def test_messages_name_merge_requests(text: str, how: Says, asked: str) -> None:
    requests = message(text).requests
    assert {said for said, _ in requests} == {how}
    assert {key for _, key in requests} & set(request_keys(asked))


@pytest.mark.parametrize("line", ["Fixes #1931", "PR: 1931", "PR#1931", "https://bugs.example/show_bug.cgi?id=1931"])
def test_messages_name_reports(line: str) -> None:
    told = message(f"A\n\n{line}").requests
    assert told == message("B\n\nPR#1931").requests
    assert [how for how, _ in told] == [Says.ABOUT]
    assert message("A\n\n" + " ".join(f"#{number}" for number in range(100, 120))).requests == ()
    assert message("A\n\nid= pr: #1").requests == ()


def test_a_request_of_another_project_or_number_is_another_one() -> None:
    told = {key for _, key in message("A\n\nSee merge request a/b!7").requests}
    assert not told & set(request_keys("a/c!7"))
    assert not told & set(request_keys("a/b!8"))
    assert told & set(request_keys("!7"))
    bare = {key for _, key in message("Merge pull request #7 from x").requests}
    assert bare & set(request_keys("a/b#7"))
    assert request_keys("seven") == ()


def test_the_same_change_on_another_series_has_the_same_keys() -> None:
    main = message(f"Fix the parser (#123)\n\n{BODY}\n\nReviewed-by: Elif <e@example.org>\n")
    for subject in ("Fix the parser", "[1.1.1] Fix the parser", "Fix the  Parser (1.1.1)", "Fix the parser (v3.0)"):
        other = message(f"{subject}\n\n{BODY}\n\n(cherry picked from commit {ONE})\n")
        assert (other.same, other.subject, other.text) == (main.same, main.subject, main.text)
    assert message("Fix the parser, backport to the 1.0 branch").subject == main.subject
    assert message("Fix the parser", when="1700000001 +0100").same != main.same
    assert message("Fix the parser", author="Farid <f@example.org>").same != main.same
    assert message("[core] Fix the parser").subject != message("[net] Fix the parser").subject
    assert message("[crypto/asn1] Fix the parser").subject != main.subject
    assert message("[backport] [branch 1.1] Fix the parser").subject == main.subject
    assert message("Fix the lexer").subject != main.subject


def test_what_a_backporter_adds_at_the_end_or_in_his_own_name_leaves_the_opening() -> None:
    main = message(f"Fix the parser\n\n{BODY}\n")
    other = message(f"Fix the parser\n\n{BODY}\n\nThe old series has no lexer.\n", author="Farid <f@example.org>")
    assert other.text == main.text != 0
    assert message(f"Fix the lexer\n\n{BODY}\n").text != main.text
    short = "Fix the parser\n\nA word.\n\n"
    assert message(f"{short}{BODY}\n").text not in (0, message(f"{short}B{BODY[1:]} more\n").text)
    assert message(short).text == 0


def test_cve_ids_are_no_part_of_any_key() -> None:
    for form in ("{} (CVE-2026-0001)", "[CVE-2026-0001] {}", "CVE-2026-0001: {}", "{} CVE-2026-12345"):
        named = message(form.format("Fix the parser") + f"\n\n{BODY}\n\nCVE-2026-0001\n")
        plain = message(f"Fix the parser\n\n{BODY}\n")
        assert (named.same, named.subject, named.text) == (plain.same, plain.subject, plain.text)
    assert message("CVE-2026-0001").subject == message("CVE-2026-0001").same == 0


def test_a_subject_that_is_nothing_but_decoration_is_kept() -> None:
    assert message("[1.1.1]").subject != message("[1.0.2]").subject
    assert message("\n\n").subject == 0
    assert message("short").text == 0
    assert message("The first line\ngoes on here\n\nbody").words == 6


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"tree 1\n\nno author",
        b"tree 1\nauthor nobody\n\nx",
        b"tree 1\nauthor A <a> now +0000\n\nx",
        b"tree 1\nauthor A <a> " + b"9" * 30 + b" +0000\n\nx",
    ],
)
def test_what_is_no_commit_is_not_read(data: bytes) -> None:
    assert read_commit(data) is None


def test_bytes_of_any_kind_are_read() -> None:
    found = read_commit(b"tree 1\nauthor \xff\xfe <\xff> -5 +0000\n\n\xff\x00 subject \xf0\n")
    assert found is not None
    assert found.date == -5


def test_a_long_hostile_message_is_read_in_time() -> None:
    for piece in ("cherry picked from commit ", "This reverts commit " + "a1" * 20 + " ", "[x] ", "backport ", "a/"):
        message(piece * 20_000)
        message("s\n\n" + piece * 20_000 + "!7")
