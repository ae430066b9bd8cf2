"""Asking and telling people: comments on issues, messages to channels (mission M2, M4, M9)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from secrel.plan.making import Maker, Scene, Text, Want, seen_issue, seen_request
from secrel.roster.presence import end_of_day, is_working
from secrel.roster.zones import zone_named
from secrel.words.effects import Comment, Effect, PostMessage
from secrel.words.parts import known

_ASK_AGAIN = timedelta(hours=4)


def _tell_wants(scene: Scene) -> Iterator[Want]:
    yield Want(scene.key("ask", "release-managers"), "tell_release_managers", "issue")
    yield Want(scene.key("tell", "release-managers"), "tell_release_managers", "channel")


def _tell(want: Want, text: Text, scene: Scene) -> Effect:
    if want.about == "issue":
        tracking = seen_issue(scene.snapshot.tracking, "the tracking issue")
        return Effect(want.key, Comment(tracking.ref, text.body), "ask the release managers on the tracking issue")
    channel = scene.process.channels["upcoming_release"]
    return Effect(want.key, PostMessage(channel, text.body), f"tell the release managers in {channel}")


def _range_wants(scene: Scene) -> Iterator[Want]:
    for advisory in scene.snapshot.contents.advisories:
        if advisory.affected is None:
            yield Want(scene.key("ask", "range", advisory.fix), "ask_for_ranges", advisory.fix)


def _ask_range(want: Want, text: Text, _scene: Scene) -> Effect:
    return Effect(want.key, Comment(want.about, text.body), f"ask on {want.about} for the affected versions")


def _removed_wants(scene: Scene) -> Iterator[Want]:
    drafted = scene.snapshot.receipts.get(scene.key("post", "draft"))
    for removed in known(scene.snapshot.removed, ()):
        if drafted is None or removed.removed_at < drafted.at:
            continue  # nothing was written about it yet
        yield Want(scene.key("removed", removed.ref), "comments_on_removed", removed.ref)


def _comment_on_removed(want: Want, text: Text, _scene: Scene) -> Effect:
    return Effect(want.key, Comment(want.about, text.body), f"leave the prepared text on {want.about}")


def _tag_wants(scene: Scene) -> Iterator[Want]:
    number = scene.next_number(scene.key("tags", "wrong"))
    told = sorted(receipt.at for key, receipt in scene.snapshot.receipts.items() if "/tags/wrong/" in key)
    if not told or scene.now - told[-1] >= _ASK_AGAIN:
        yield Want(scene.key("tags", "wrong", str(number)), "tell_missing_from_tag", number=number)


def _tell_about_tags(want: Want, text: Text, scene: Scene) -> Effect:
    tracking = seen_issue(scene.snapshot.tracking, "the tracking issue")
    return Effect(want.key, Comment(tracking.ref, text.body), "tell the release managers what is wrong with the tags")


def _merge_wants(scene: Scene) -> Iterator[Want]:
    yield Want(scene.key("post", "ask-merge"), "ask_to_merge", "post")
    yield Want(scene.key("post", "tell-marketing"), "ask_to_merge", "marketing")


def _ask_to_merge(want: Want, text: Text, scene: Scene) -> Effect:
    if want.about == "marketing":
        channel = scene.process.channels["marketing"]
        return Effect(want.key, PostMessage(channel, text.body), f"tell {channel} about the post")
    post = seen_request(scene.snapshot.post, "the release post")
    return Effect(want.key, Comment(post.ref, text.body), "ask the release managers to merge the post")


def _test_wants(scene: Scene) -> Iterator[Want]:
    yield Want(scene.key("email", "ask-test"), "ask_for_test_email")


def _ask_for_test(want: Want, text: Text, scene: Scene) -> Effect:
    comms = seen_issue(scene.snapshot.comms, "the communications issue")
    return Effect(want.key, Comment(comms.ref, text.body), "ask for the test email")


def _handover_wants(scene: Scene) -> Iterator[Want]:
    duty = scene.snapshot.duty
    for username in (duty.primary, duty.secondary) if duty else ():
        person = scene.snapshot.person(username)
        if person is None:
            continue
        day = scene.now.astimezone(zone_named(person.zone)).date()
        if is_working(person, day) and end_of_day(person, day) <= scene.now:
            yield Want(scene.key("handover", day.isoformat(), username), "handover", username)


def _hand_over(want: Want, text: Text, scene: Scene) -> Effect:
    channel = scene.process.channels["team"]
    return Effect(want.key, PostMessage(channel, text.body), f"handover of {want.about} in {channel}")


MAKERS = {
    "tell_release_managers": Maker(_tell_wants, _tell),
    "ask_for_ranges": Maker(_range_wants, _ask_range),
    "tell_missing_from_tag": Maker(_tag_wants, _tell_about_tags),
    "comments_on_removed": Maker(_removed_wants, _comment_on_removed),
    "ask_to_merge": Maker(_merge_wants, _ask_to_merge),
    "ask_for_test_email": Maker(_test_wants, _ask_for_test),
    "handover": Maker(_handover_wants, _hand_over),
}
"""The makers of this file."""
