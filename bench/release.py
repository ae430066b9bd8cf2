"""A generated release, planned, rendered and validated; `python -m bench release [FIXES]`.

200 fixes in 5 series of 3 products: each of them on 6 branches, so 1,200 merge requests, on the embedded forge and in
real git repositories. Times start with the desk made and the release started. Every step is as the desk does it.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from jsonschema_rs import Draft7Validator

from bench.generated import NAME, Size, make_desk
from bench.timing import Row, best, side_by_side
from secrel.desk.desk import Desk
from secrel.desk.looking import look
from secrel.observe.observing import asked_of
from secrel.papers.cve5.current import record_now
from secrel.papers.documents import PAPERS
from secrel.papers.email.current import email_now
from secrel.papers.post.current import post_address, post_now
from secrel.papers.scene import Scene
from secrel.plan.planning import plan_release
from secrel.verify.cve5.comparing import compare_record
from secrel.verify.cve5.linting import faults
from secrel.verify.cve5.schema import misfits, schema
from secrel.verify.email import Expected, compare_email, read_email
from secrel.verify.post.alone import ALONE, self_check
from secrel.verify.post.comparing import compare_post
from secrel.verify.post.facts.reading import read_post
from secrel.words.advisories import Contents
from secrel.words.sighting import TRACKING, Asked, Sought

OF_OTHER_FORMS = {"image_title", "notifications_section"}
"""Rules about parts that the generic form of posts does not have."""


class Release:
    """The steps, in their order; each leaves what the next one needs."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.seen: Scene | None = None
        self.records: list[str] = []

    def look(self) -> None:
        """Look at everything, and judge it."""
        self.seen = look(self.desk, NAME)

    def plan(self) -> None:
        """Plan everything whose turn has come, with every text."""
        assert plan_release(self._seen).effects

    @property
    def _seen(self) -> Scene:
        assert self.seen is not None
        return self.seen

    @property
    def contents(self) -> Contents:
        """What the release announces."""
        return self._seen.snapshot.contents

    def render(self) -> None:
        """Render post, email, checklist, and one record for each fix, each proven against the official schema."""
        post_now(self._seen)
        email_now(self._seen)
        PAPERS["checklist"].write(self._seen, "")
        refs = [advisory.fix for advisory in self.contents.advisories]
        self.records = [record_now(self._seen, ref) for ref in refs]

    def validate(self) -> None:
        """Read all of it back and compare it with the facts: the post, the email, every record."""
        contents = self.contents
        post = post_now(self._seen)
        facts = read_post(post.text, post.path)
        assert not compare_post(facts, contents, facts)
        assert not self_check(facts, rules=set(ALONE) - OF_OTHER_FORMS)
        address = post_address(self._seen)
        mail = email_now(self._seen)
        assert not compare_email(read_email(mail.eml.encode()), Expected(contents, address))
        by_fix = {advisory.fix: advisory for advisory in contents.advisories}
        for advisory, text in zip(by_fix.values(), self.records, strict=True):
            record = json.loads(text)
            assert not misfits(record)
            assert not faults(record)
            assert not compare_record(record, advisory, contents, post_url=address)


def one_by_one(desk: Desk, refs: list[str]) -> None:
    """Ask the forge about every fix by itself, with what is linked to it: the naive way to look."""
    for ref in refs:
        desk.forge.look(Asked("", {TRACKING: Sought("", "", ref)}))


def validators_anew(records: list[str]) -> None:
    """Make a validator of the official schema for every record: the naive way to validate."""
    for text in records:
        assert Draft7Validator(schema() | {"$comment": text[:0]}).is_valid(json.loads(text))


def validators_kept(records: list[str]) -> None:
    """Validate every record as the desk does."""
    for text in records:
        assert not misfits(json.loads(text))


def measure(fixes: int = 200) -> Iterator[Row]:
    """Give a row for each step, for all of them together, and for two of them beside the naive way."""
    size = Size(fixes=fixes)
    with tempfile.TemporaryDirectory() as place:
        made: list[Desk] = []
        took = best(lambda: made.append(make_desk(Path(place) / "desk", size)), 1)
        desk = made[0]
        yield Row(f"start a release of {fixes} fixes, with its repositories", took, None, "in process, one run")
        release = Release(desk)
        steps: dict[str, Callable[[], None]] = {
            "look at it and judge it": release.look,
            "plan it": release.plan,
            f"render post, email, checklist and {fixes} CVE records": release.render,
            "read all of it back and compare": release.validate,
        }
        times = {name: best(step, 1) for name, step in steps.items()}
        for name, time in times.items():
            yield Row(name, time, None, "in process, one run, nothing remembered from before")
        yield Row(
            f"all of it: {fixes} fixes, 5 series, 3 products",
            sum(times.values()),
            None,
            "the sum; the goal is under 5 s",
        )
        refs = [advisory.fix for advisory in release.contents.advisories]
        asked = asked_of(NAME, desk.sources(desk.journal.entries(NAME)))
        ours, naive = side_by_side(lambda: desk.forge.look(asked), lambda: one_by_one(desk, refs), 3)
        yield Row(f"read {fixes} fixes off the forge", ours, naive, "in process, best of 3; naive: one after the other")
        ours, naive = side_by_side(
            lambda: validators_kept(release.records), lambda: validators_anew(release.records), 1
        )
        yield Row(f"validate {fixes} records", ours, naive, "in process, one run; naive: a validator for each")
