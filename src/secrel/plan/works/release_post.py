"""The release post on canonical: the reviewed draft, open and as it is, byte for byte, or nothing (mission M6)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from secrel.evaluate.people import fresh_reviews_of
from secrel.evaluate.verdicts import Row, Waived, rows_of
from secrel.papers.documents import DRAFT, corrected, up_to_date
from secrel.papers.post.current import description_of, found_draft, post_now
from secrel.papers.scene import Scene
from secrel.plan.making import Step, once
from secrel.verify.post.facts.reading import read_post
from secrel.words.documents import CORRECTION, TABLE
from secrel.words.effects import Audience, Effect, OpenMergeRequest, RewriteFiles
from secrel.words.errors import Misused
from secrel.words.forge import MergeRequest, State
from secrel.words.parts import need, settled

_DRAFT, _POST, _CORRECTION = TABLE["draft"], TABLE["post"], TABLE[CORRECTION]


def work(scene: Scene) -> Iterator[Step]:
    """Open the post, or rewrite it where it differs from the draft; what is live is corrected by another request."""
    post = need(scene.snapshot.post, _POST.said)
    if post is None:
        yield from once(scene, _POST.opening(scene.name), partial(_opened, scene))
    elif post.state is State.OPENED:
        prefix = _POST.editing(scene.name)
        yield from once(scene, f"{prefix}/{scene.next_number(prefix)}", partial(_rewritten, scene, post))
    elif post.state is State.MERGED:
        yield from _corrections(scene, post)


def _corrections(scene: Scene, post: MergeRequest) -> Iterator[Step]:
    """Correct what is live, where the facts came later; as long as that is not merged it goes on with them."""
    correction = need(scene.snapshot.correction, _CORRECTION.said)
    if correction is not None and correction.state is State.OPENED:
        prefix = _CORRECTION.editing(scene.name)
        key = f"{prefix}/{scene.next_number(prefix)}"
        yield from once(scene, key, partial(_corrected_again, scene, post, correction))
    elif correction is None or correction.state is State.MERGED:
        key = _CORRECTION.next_opening(scene.name, scene.snapshot.receipts)
        yield from once(scene, key, partial(_correcting, scene, post))


def _refuse_more(live: str, text: str, path: str, scene: Scene) -> None:
    """Raise `Misused` for more sections than the post that is live has: that would announce a fix, and not correct."""
    before, after = (len(read_post(one, path).entries) for one in (live, text))
    if after > before:
        remedy = f'take out what was not announced: secrel fix remove {scene.name} REF --reason "came too late"'
        what = f"it would announce what the post that is live does not: {after} sections instead of {before}"
        raise Misused(what, where=scene.name, remedy=remedy)


def _correcting(scene: Scene, post: MergeRequest, key: str) -> Effect | None:
    told, process, duty = corrected(scene), scene.process, scene.snapshot.duty
    if told is None or told[1] == told[2]:
        return None
    path, live, text = told
    _refuse_more(live, text, path, scene)
    number = key.removeprefix(_CORRECTION.opening(scene.name)).replace("/", "-")
    action = OpenMergeRequest(
        process.named("projects", _CORRECTION.project),
        f"{post.branch}-correction{number}",
        process.projects.get("site_branch", "main"),
        f"Correct: {post.title}",
        f"What became known after the announcement of {scene.name}, for the post that is live: {post.url}\n",
        ((path, text),),
        assignees=(process.named("people", "release_managers"),),
        reviewers=(duty.secondary,) if duty else (),
        expects=((path, live),),
        desk_text=post_now(scene).text,
    )
    due = scene.snapshot.release.due
    return Effect(key, action, "correct the post that is live", audience=Audience.EVERYBODY, not_before=due)


def _corrected_again(scene: Scene, post: MergeRequest, correction: MergeRequest, key: str) -> Effect | None:
    """Bring a correction that is open up to date; what people wrote into it stays, as in every document."""
    told = corrected(scene)
    if told is None or told[1] == told[2]:
        return None
    path, _, text = told
    _refuse_more(post.files[0][1], text, path, scene)
    files = tuple((name, text if name == path else found) for name, found in correction.files)
    stood, desk_text = (correction.title, correction.body), post_now(scene).text
    action = RewriteFiles(correction.ref, correction.title, correction.body, files, correction.files, stood, desk_text)
    due, what = scene.snapshot.release.due, "bring the correction of the post up to date"
    return Effect(key, action, what, audience=Audience.EVERYBODY, not_before=due)


def _reviewed(scene: Scene) -> MergeRequest:
    """Give the draft, when it may be carried over as it is; raises `Misused` when it may not, with the reason."""
    draft = found_draft(scene.snapshot)
    if draft is None or not draft.files:
        raise Misused(
            "there is no reviewed draft",
            where=scene.name,
            remedy=f"make it first: secrel make-blogpost {scene.name} --draft",
        )
    for is_wrong, what, remedy in _faults(draft, scene):
        if is_wrong():
            raise Misused(f"the draft {what}", where=scene.name, remedy=remedy)
    return draft


def _faults(draft: MergeRequest, scene: Scene) -> Iterator[tuple[Callable[[], bool], str, str]]:
    """Give what keeps a draft from being carried over: how that is seen, what it is, what would mend it."""
    yield lambda: draft.state is not State.OPENED, f"is {draft.state}", f"open it again: {draft.url}"
    yield lambda: bool(_discussions(draft)), "has open discussions", f"answer and resolve them: {draft.url}"
    yield lambda: not _is_reviewed(draft, scene), "has not been reviewed as it is", f"secrel status {scene.name}"
    again = f"bring it up to date, and let it be reviewed again: secrel make-blogpost {scene.name} --draft"
    yield lambda: up_to_date("draft", scene, draft.files[0][1]).text != draft.files[0][1], "is behind the facts", again


def _discussions(draft: MergeRequest) -> int:
    return settled(draft.open_discussions, f"the discussions on {draft.ref}")


def _is_reviewed(draft: MergeRequest, scene: Scene) -> bool:
    """Whether somebody has read it as it is, or signed that it goes without."""
    asked = [judged.verdict for judged in scene.assessment.gates if judged.gate.check == "draft_reviewed"]
    is_waived = bool(asked) and all(isinstance(verdict, Waived) for verdict in asked)
    return is_waived or bool(fresh_reviews_of(draft, scene.snapshot, scene.process))


def _vouched(scene: Scene) -> tuple[Row, ...]:
    """Give the verdicts by which the draft is carried over: of every gate that looks at it and lets it go."""
    about = [judged for judged in scene.assessment.gates if judged.gate.told("document") == _DRAFT.name]
    return tuple(row for judged in about for row in rows_of(judged.gate.name, judged.verdict))


def _opened(scene: Scene, key: str) -> Effect:
    draft, process, duty, post = _reviewed(scene), scene.process, scene.snapshot.duty, post_now(scene)
    action = OpenMergeRequest(
        process.named("projects", _POST.project),
        f"{post.branch_name}-canonical",
        process.projects.get("site_branch", "main"),
        draft.title.removeprefix(DRAFT),
        description_of(post, scene.snapshot.release),
        draft.files,
        assignees=(process.named("people", "release_managers"),),
        reviewers=(duty.secondary,) if duty else (),
        vouched=_vouched(scene),
    )
    due = scene.snapshot.release.due
    return Effect(
        key, action, "open the release post, where everybody can read it", audience=Audience.EVERYBODY, not_before=due
    )


def _rewritten(scene: Scene, post: MergeRequest, key: str) -> Effect | None:
    carried, found = scene.snapshot.carried, found_draft(scene.snapshot)
    if carried is not None and post.files == carried.files and (found is None or found.files == carried.files):
        return None
    draft = _reviewed(scene)
    title = draft.title.removeprefix(DRAFT)
    if post.files == draft.files and post.title == title:
        return None
    stood = (post.title, post.body)
    action = RewriteFiles(post.ref, title, post.body, draft.files, post.files, stood, vouched=_vouched(scene))
    due = scene.snapshot.release.due
    return Effect(key, action, "bring the release post up to date", audience=Audience.EVERYBODY, not_before=due)
