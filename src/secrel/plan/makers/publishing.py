"""Telling the public and the finders: the email and the reporters' notices (mission M7, M8)."""

from __future__ import annotations

from collections.abc import Iterator

from secrel.plan.making import Maker, Scene, Text, Want
from secrel.words.effects import Effect, SendMail, TellReporter


def _email_wants(scene: Scene) -> Iterator[Want]:
    yield Want(scene.key("email"), "email")


def _email(want: Want, text: Text, scene: Scene) -> Effect:
    action = SendMail(text.to, text.title, text.body)
    due = scene.snapshot.release.due
    return Effect(want.key, action, f"send the email to {text.to}", reveals=True, findable=False, not_before=due)


def _reporter_wants(scene: Scene) -> Iterator[Want]:
    for advisory in scene.snapshot.contents.advisories:
        for number, credit in enumerate(advisory.credits, start=1):
            if credit.report:
                yield Want(scene.key("report", advisory.fix, str(number)), "reporters", advisory.fix, number)


def _reporter(want: Want, text: Text, scene: Scene) -> Effect:
    action = TellReporter(text.to, text.body)
    due = scene.snapshot.release.due
    return Effect(want.key, action, f"tell the finder of {want.about}", reveals=True, not_before=due)


MAKERS = {"email": Maker(_email_wants, _email), "reporters": Maker(_reporter_wants, _reporter)}
"""The makers of this file."""
