"""GitLab sits the exam that every forge adapter sits, on its double.

What it does in another way has a test of its own below, in the place of the exam's.
"""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from secrel.adapters.gitlab.marks import line_of, together
from secrel.words.effects import Audience, CloseIssue, Comment, Effect, OpenDiscussion, OpenIssue
from secrel.words.errors import Refused
from secrel.words.outcomes import CannotTell, Made
from secrel.words.parts import settled
from secrel.words.people import Actor
from tests.adapters.gitlab.stage import BOTS, GitLabStage
from tests.exam.forge_exam import EMBARGO, ForgeExam, Stage, do, effect, every_action, issue_at, opening, shown_of


class TestGitLab(ForgeExam):
    @pytest.fixture
    def stage(self) -> GitLabStage:
        return GitLabStage()

    def test_what_is_done_is_done_in_the_name_of_whoever_does_it(self, stage: Stage) -> None:
        """GitLab shows the user of the token, whoever sits at the desk."""
        assert isinstance(stage, GitLabStage)
        ref = stage.open_issue("an issue")
        for bot in BOTS:
            stage.desk(bot).do(effect(f"2026-11/note/{bot}", Comment(ref, "a remark")), actor=Actor("amara"))
        assert [note.by for note in settled(issue_at(stage.desk(), ref).notes, "the notes")] == list(BOTS)

    def test_what_becomes_public_is_what_was_shown_and_notes_stay_inside(self, stage: Stage) -> None:
        """GitLab cannot make a note internal afterwards.

        What a desk says on a confidential issue is internal from the first, and never in the way; with what a person
        said there it is refused until all of that may be read.
        """
        assert isinstance(stage, GitLabStage)
        desk = stage.desk()
        ref = do(desk, effect("2026-11/issue", opening(stage)))
        do(desk, effect("2026-11/said/1", Comment(ref, "between desks")))
        stage.world.note(stage.thing(ref), "between us", by=stage.people["amara"])
        older = together(
            "for everybody", mark=line_of("2026-11/said/2")
        )  # of a desk, where GitLab knew no internal ones
        stage.world.note(stage.thing(ref), older, by=stage.people[BOTS[0]])
        told = replace(shown_of(desk, ref), notes=("for everybody",))
        lifting = Effect("2026-11/lift", told, "lift", audience=Audience.EVERYBODY, not_before=EMBARGO)
        stage.edit(ref, "edited meanwhile")
        with pytest.raises(Refused, match="not what the desk last saw"):
            do(desk, lifting)
        stage.edit(ref, told.body)
        with pytest.raises(Refused, match="1 of its notes are not for everybody"):
            do(desk, lifting)
        assert issue_at(desk, ref).confidential
        do(desk, replace(lifting, action=replace(told, notes=("between us", "for everybody"))))
        found = issue_at(desk, ref)
        assert not found.confidential
        assert found.public_since is not None
        assert {note.body: note.internal for note in settled(found.notes, "notes")} == {
            "between desks": True,
            "between us": False,
            "for everybody": False,
        }
        issue = stage.thing(ref)
        shown = [issue.description or "", *(note.body for note in issue.notes if not note.internal)]
        assert not any("2026-11/" in text for text in shown), "no key stays in what everybody reads"

    def test_a_key_is_good_for_one_kind_of_thing(self, stage: Stage) -> None:
        """A thing that the key opened is not changed under the same key; what was only changed has no mark."""
        desk = stage.desk()
        ref = do(desk, effect("2026-11/thing", opening(stage)))
        with pytest.raises(Refused, match="this key was used"):
            do(desk, effect("2026-11/thing", CloseIssue(ref)))
        assert issue_at(desk, ref).state == "opened"

    @pytest.mark.long
    def test_two_desks_at_once_make_one_thing(self, stage: Stage) -> None:
        """GitLab cannot be told to make an issue or a note once: two of them are both named to whoever looks next."""
        desk = stage.desk()
        doubts = 0
        for number, action in enumerate(every_action(stage, desk)):
            asked = effect(f"exam/race/{number}", action)
            told = {address for address in stage.race(asked) if address}
            found = desk.find(asked, begun=EMBARGO)
            if isinstance(found, CannotTell):
                assert isinstance(action, OpenIssue | Comment | OpenDiscussion), action
                assert "more than one desk" in found.reason
                doubts += 1
            else:
                assert isinstance(found, Made), action
                assert told <= {found.address}, action
        if not doubts:
            self._count_once(stage, desk)


@pytest.mark.long
class TestCommunityEdition(TestGitLab):
    """Without what is paid for: one assignee and one reviewer, no rules of approval, no scoped labels."""

    most_assignees = 1

    @pytest.fixture
    def stage(self) -> GitLabStage:
        return GitLabStage(is_paid=False)
