"""The first release of three vendors of different kinds, from `secrel init` to the end, and in their own words."""

from __future__ import annotations

import re
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from secrel.cli.main import run
from secrel.desk.looking import look
from secrel.evaluate.verdicts import Blocked
from secrel.papers.email.current import email_now
from secrel.process.reading import builtin_text
from secrel.wiring import desk_at
from secrel.words.errors import Exit
from tests.cli.desks import DUE, Answer, User
from tests.cli.vendors import VENDORS, Vendor
from tests.desk.suggested import only_looks, suggested, tries
from tests.rehearsal.test_other_vendors import FOREIGN, WORDS

FIRST = "first"
MOST = 30
_ROLES = re.compile(r"^ok +you .*|^roles = .*")
"""Lines with the roles of a team, which are the program's own words."""
APPROVE = re.compile(r"to go on: secrel (.+) --approve ([0-9a-f]{32})")


class People(User):
    """The people of one vendor; everything that is said to them is kept, and every command is counted."""

    def __init__(self, vendor: Vendor, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        super().__init__(folder, capsys)
        self.vendor, self.said, self.count = vendor, "", 0
        self.now = DUE - timedelta(days=16)

    def __call__(self, *words: str, by: str = "") -> Answer:
        self.count += 1
        answer = super().__call__(*words, by=by or self.vendor.people[0][0])
        self.said += f"$ secrel {' '.join(words)}\n{answer.out}{answer.err}"
        return answer

    def does(self, *words: str, by: str = "") -> str:
        """Run a command that has to succeed."""
        answer = self(*words, by=by)
        assert answer.word == Exit.DONE, self.said[-4000:]
        return answer.out

    def approves(self, *words: str) -> None:
        """Run one that reveals: it is refused with the line that approves it, and that line does it."""
        answer = self(*words)
        assert answer.word == Exit.REFUSED, self.said[-4000:]
        found = APPROVE.search(answer.err)
        assert found, answer.err
        assert found[1].split() == list(words)
        self.does(*words, "--approve", found[2])

    def suggestions_work(self) -> None:
        """Play every command that is suggested now, in copies of the desk."""
        scene = look(desk_at(self.folder, self.vendor.people[0][0], lambda: self.now), FIRST)
        for one in {one.command: one for one in suggested(scene)}.values():
            tried = tries(self.folder, scene, one, fix="vendor/product#1")
            assert all(t.word not in (Exit.BROKEN, Exit.MISUSED, Exit.UNSEEN) for t in tried), (one, tried)
            assert tried[-1].word != Exit.REFUSED, (one, tried)
            assert only_looks(one.command) or any(t.changed for t in tried), (one, "it does nothing", tried)
        known = {*scene.process.people.values(), *(person.username for person in scene.snapshot.people)}
        for judged in scene.assessment.gates:
            if isinstance(judged.verdict, Blocked):
                assert judged.who in known | {"Registry_M"}, judged


@pytest.fixture(params=[pytest.param(name, marks=pytest.mark.long) for name in VENDORS])
def people(request: pytest.FixtureRequest, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> People:
    vendor = VENDORS[request.param]
    folder = tmp_path / "desk"
    folder.mkdir()
    vendor.build(folder)
    user = People(vendor, folder, capsys)
    words = [word.replace("vendor/product=", f"vendor/product={folder}/") for word in vendor.init]
    user.count += 1
    assert run(["init", str(folder), *words], clock=lambda: user.now) == Exit.DONE
    user.said += "".join(capsys.readouterr())
    (folder / "team.toml").write_text(vendor.team(), "utf-8")
    (folder / "release.yaml").write_text(vendor.release, "utf-8")
    return user


def test_a_first_release_ends_after_few_commands_and_in_its_own_words(people: People) -> None:
    first, other = people.vendor.people[0][0], people.vendor.people[1][0]
    assert people("doctor").word == Exit.DONE, people.said
    people.does("start", "--from", str(people.folder / "release.yaml"))
    people.does("apply", FIRST)
    people.suggestions_work()
    if "cna" in people.vendor.init:
        people.does("sent", FIRST, "messages")
    for ref, *facts in people.vendor.ids:
        people.does("fix", "set", FIRST, ref, *facts)
    if people.vendor.repositories:
        merge_requests = [f"vendor/product!{number}" for number in (1, 2, 3)]
        people.does("forge", "approve", *merge_requests, by=other)
        people.does("forge", "pipeline", "passed", *merge_requests)
        people.does("forge", "merge", *merge_requests)
        _tag(people)
    else:
        people.does("sent", FIRST, "messages")
        people.does("claim", FIRST, "timing-agreed", "--yes", "--words", "they can ship then")
        people.does("claim", FIRST, "estimate-given", "--yes", "--words", "both are built")
        people.does("fix", "remove", FIRST, "vendor/product#2", "--reason", "it does not boot")
    people.now = DUE - timedelta(hours=46)
    scene = look(desk_at(people.folder, first, lambda: people.now), FIRST)
    primary = scene.snapshot.duty.primary if scene.snapshot.duty else first
    people.does("apply", FIRST, by=primary)
    people.suggestions_work()
    people.does("show", FIRST)
    scene = look(desk_at(people.folder, first, lambda: people.now), FIRST)
    reviewer = scene.assessment.by_name["draft-reviewed"].who
    people.does("forge", "approve", "vendor/site-private!1", by=reviewer)
    people.now = DUE + timedelta(minutes=1)
    if not people.vendor.repositories:
        assert "versions-out" in people("status", FIRST).out
        people.does("claim", FIRST, "versions-out", "--yes", "--words", "they can be downloaded")
    people.approves("apply", FIRST)
    people.does("forge", "merge", "vendor/site!1")
    mail = people.folder / "test.eml"
    mail.write_text(email_now(look(desk_at(people.folder, first, lambda: people.now), FIRST)).eml, "utf-8")
    people.does("email", "verify", FIRST, str(mail))
    people.suggestions_work()
    people.approves("apply", FIRST)
    people("outbox", FIRST)
    kinds = ["mail", "notices", "messages", *([] if "cna" in people.vendor.init else ["records"])]
    people.does("sent", FIRST, *kinds)
    people.now = DUE + timedelta(days=31)
    people.approves("terminate", FIRST)
    assert "Nothing: every gate of this release holds" in people("status", FIRST).out
    assert "nothing to do" in people("apply", FIRST).out, "the checklist says how it ended"
    assert people.count <= MOST
    _own_words(people)


def _tag(people: People) -> None:
    [(name, _, versions, pattern)] = people.vendor.repositories
    for version in versions:
        series, _, patch = version.rpartition(".")
        where = people.folder / name
        words = ["git", "tag", f"v{series}.{int(patch) + 1}", pattern.format(series)]
        subprocess.run(words, cwd=where, check=True, capture_output=True)


def _own_words(people: People) -> None:
    for gate in re.findall(r'(?m)^name = "(.*)"$', builtin_text("generic")):
        people("status", FIRST, "--gate", gate)
    texts = [
        people.said,
        *(
            file.read_text("utf-8")
            for file in people.folder.rglob("*.*")
            if file.suffix in {".md", ".toml", ".txt", ".eml", ".json"}
        ),
    ]
    found = [
        line
        for text in texts
        for line in text.splitlines()
        if WORDS.search(_ROLES.sub("", line)) or any(one in line for one in FOREIGN)
    ]
    assert not found, found[:10]
    assert "2026.3.x" not in people.said
