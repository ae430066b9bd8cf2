"""Tell the finders that what they reported is fixed (mission M8)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from secrel.evaluate.looking import announced, fix_of, stays_confidential
from secrel.papers.messages.reporters import ReporterNotice, reporter_notice
from secrel.papers.post.current import post_address
from secrel.papers.scene import Scene
from secrel.papers.text import unmarked
from secrel.plan.making import Step, in_place, sending
from secrel.words.advisories import Advisory
from secrel.words.effects import Audience, Effect, TellReporter, plain


def work(scene: Scene) -> Iterator[Step]:
    """Want a notice for every report of a finder, at the earliest when the release is due.

    Who has one that says what is not so any more gets another, which says that it takes its place.
    """
    for advisory in scene.snapshot.contents.advisories:
        for name, report in advisory.reports.items():
            key = scene.key("report", advisory.fix, name)
            yield from sending(scene, key, partial(_notice, scene, advisory, report))


def _notice(scene: Scene, advisory: Advisory, report: str, key: str) -> Effect:
    contents, due = scene.contents, scene.snapshot.release.due
    fix = fix_of(scene.snapshot, advisory.fix)
    keep = fix is not None and stays_confidential(fix, scene.process.named("labels", "keep_confidential"))
    told = ReporterNotice(post_address(scene), report, keep, announced(scene.snapshot))
    text = unmarked(reporter_notice(advisory, contents, told, templates=scene.wording))
    named = tuple(credit.name for credit in advisory.credits if credit.report == report)
    action = TellReporter(report, plain(in_place(scene, key, text)), named)
    return Effect(key, action, f"tell the finder of {advisory.fix}", audience=Audience.OUTSIDERS, not_before=due)
