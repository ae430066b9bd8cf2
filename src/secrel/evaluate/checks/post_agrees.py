"""The post, as found, says what the release is now, by the rules that the row names.

Rule: docs/process/gitlab/post-fixes-match.md
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from msgspec.structs import replace

from secrel.answers import kept
from secrel.evaluate.looking import DOCUMENTS, by_people, disputed, document, person_behind, place_of, unfit
from secrel.evaluate.params import Told
from secrel.evaluate.remedies import quoted
from secrel.evaluate.verdicts import EXCEPTED, Evidence, Finding, Hidden, Pending, Question, Said
from secrel.snapshot.seen import Snapshot
from secrel.verify.post import comparing, page
from secrel.verify.post.disagreements import Disagreement, RuleName
from secrel.verify.post.facts import reading
from secrel.words.advisories import Contents
from secrel.words.documents import CORRECTION, LIVE, TABLE
from secrel.words.forge import MergeRequest, State
from secrel.words.parts import need, settled

if TYPE_CHECKING:  # a post is read by whoever has no answer yet
    from secrel.verify.post.facts.values import PostFacts


class Params(Told, frozen=True):
    """`document`: `draft` or `post`; `rules`: names of rules of `secrel.verify.post` (left out: all of them)."""

    document: Literal["draft", "post"] = "draft"
    rules: tuple[RuleName, ...] = ()


def check(snapshot: Snapshot, question: Question[Params]) -> Iterator[Said]:
    """Compare the post's file with what would be written now, and the release post with what was reviewed."""
    name = question.params.document
    found = document(snapshot, name)
    if not isinstance(found, MergeRequest):
        yield Finding(snapshot.release.name, f"{DOCUMENTS[name]} is not there as a merge request")
        return
    fault = unfit(snapshot, name, found)
    if fault is not None:
        yield fault
        return
    if name == "post":
        yield from _as_reviewed(found, snapshot)
    rules = question.params.rules
    if not rules or "wording_right" in rules:
        yield from (*disputed(snapshot, name, found), *_old_words(name, found, snapshot))
    correction = need(snapshot.correction, DOCUMENTS[CORRECTION]) if _is_live(found, name) else None
    if correction is not None and correction.state is State.OPENED and _corrects(correction, found, snapshot, rules):
        who = person_behind("release-managers", snapshot, question.process)
        waits = f"it corrects what is live, and is not merged yet{place_of(correction)}"
        merging = by_people(correction, f"secrel forge merge {quoted(correction.ref)}")
        yield Pending(correction.ref, waits, who, merging or f"secrel show {quoted(correction.ref)}")
        return
    if _is_live(found, name):
        found = found.as_it_stands(correction)
    remedy = _in_public(correction, found, snapshot) if _is_live(found, name) else ""
    covered = _excepted(found, snapshot) if name == "post" else frozenset()
    for said in _in_every_word(found, snapshot, rules) if remedy else _compared(found, snapshot, rules):
        if isinstance(said, Finding) and said.what in covered:
            yield Evidence(
                found.ref, f"an exception was signed for the draft, which is the same to the byte: {said.what}"
            )
        else:
            yield replace(said, remedy=remedy) if remedy and isinstance(said, Finding) else said


def _old_words(name: str, found: MergeRequest, snapshot: Snapshot) -> Iterator[Finding]:
    """Find a draft that has words of facts as they were: people may edit its words, so that no rule compares them."""
    wanted = snapshot.wanted.get(name)
    if wanted is not None and found.files and name != "post" and found.files[0][1] != wanted:
        remedy = f"secrel make-blogpost {quoted(snapshot.release.name)} --draft"
        yield Finding(found.ref, "facts changed since it was written, and it still has their old words", remedy)


def _is_live(found: MergeRequest, name: str) -> bool:
    return name == "post" and found.state is State.MERGED


def _corrected(post: MergeRequest, correction: MergeRequest) -> MergeRequest:
    """Give a post that is live with what a correction will make of its files."""
    return replace(post, files=tuple({**dict(post.files), **dict(correction.files)}.items()))


def _corrects(correction: MergeRequest, post: MergeRequest, snapshot: Snapshot, rules: tuple[str, ...]) -> bool:
    """Whether a correction that is not merged yet says what is so."""
    said = _compared(_corrected(post, correction), snapshot, rules)
    is_right = all(isinstance(one, Evidence) for one in said) and not _lost(correction, snapshot)
    return is_right and not _is_behind(correction, snapshot)


def _is_behind(found: MergeRequest, snapshot: Snapshot) -> bool:
    """Whether what is live, or corrects it, says otherwise than the facts in any word, which no other rule may see."""
    wanted = snapshot.wanted.get(LIVE)
    return wanted is not None and bool(found.files) and wanted not in dict(found.files).values()


def _lost(found: MergeRequest, snapshot: Snapshot) -> list[Said]:
    """Find the addresses that left with the post and lead nowhere in what is live, or will be.

    Mails, records and other people's pages lead to its sections.
    """
    if snapshot.carried is None:
        return []
    before, after = dict(snapshot.carried.files), dict(found.files)
    both = [(_read(before[path], path), _read(after[path], path)) for path in before.keys() & after.keys()]
    lost = sorted({one for old, new in both for one in page.page_ids_of(old) - page.page_ids_of(new)})
    return [Finding(found.ref, f"#{one[:80]} was published, and leads nowhere any more") for one in lost]


def _in_every_word(live: MergeRequest, snapshot: Snapshot, rules: tuple[str, ...]) -> list[Said]:
    """Compare a post that is live by the rules; where they are content, its other words are held to the facts as well.

    A title or a workaround that changed since is such words: no rule compares them, since people may edit them.
    """
    said = [*_compared(live, snapshot, rules), *_lost(live, snapshot)]
    if not rules and _is_behind(live, snapshot) and all(isinstance(one, Evidence) for one in said):
        return [Finding(live.ref, "facts changed since it was published, and it still has their old words")]
    return said


def _excepted(post: MergeRequest, snapshot: Snapshot) -> frozenset[str]:
    """Give what was found in the draft and excepted: it counts for the post as long as that is the same to the byte.

    What is found otherwise, because facts changed since, is another finding.
    """
    carried = snapshot.carried
    if carried is None or post.files != carried.files:
        return frozenset()
    return frozenset(what for _, verdict, _, what in carried.vouched if verdict == EXCEPTED)


def _in_public(correction: MergeRequest | None, found: MergeRequest, snapshot: Snapshot) -> str:
    """Give the command for a post that is live: the correction that the desk writes, where that says otherwise.

    What the desk would write no otherwise, since people had changed those words on the site, or could not write, and a
    correction that people closed, is for a person: they see the difference, and correct the site or the facts.
    """
    name = quoted(snapshot.release.name)
    written = correction if correction is not None and correction.state is State.OPENED else found
    is_closed = correction is not None and correction.state is State.CLOSED
    is_refused = TABLE[CORRECTION].next_opening(snapshot.release.name, snapshot.receipts) in snapshot.refused
    if _is_behind(written, snapshot) and not is_closed and not is_refused:
        return f"secrel plan {name}"
    return f"secrel diff {name} post"


def _as_reviewed(post: MergeRequest, snapshot: Snapshot) -> Iterator[Said]:
    """Compare the release post, byte for byte, with the reviewed draft that it was made of; and look for objections."""
    carried = snapshot.carried
    draft = document(snapshot, "draft") if carried is None else None
    reviewed = carried.files if carried else draft.files if isinstance(draft, MergeRequest) else ()
    if post.files != reviewed:
        yield Finding(post.ref, "it is not, to the byte, what was reviewed: it was changed since")
    count = settled(post.open_discussions, f"the discussions on {post.ref}") if post.state is State.OPENED else 0
    if count:
        yield Finding(post.ref, f"has {count} open discussion{'s' if count > 1 else ''}{place_of(post)}")


def _compared(post: MergeRequest, snapshot: Snapshot, rules: tuple[str, ...]) -> Iterator[Said]:
    told = need(snapshot.told, "what the release announces")
    text, path = snapshot.wanted.get("post"), snapshot.wanted.get("post/path")
    if text is None or path is None:
        yield Hidden("the post that the facts give now could not be written, so that nothing can be compared with it")
        return
    files = dict(post.files)
    at = path if path in files else next((p for p in files if p.endswith((".md", ".markdown"))), None)
    if at is None:
        yield Finding(post.ref, "it holds no file of a post")
        return
    wrong = _wrong((files[at], at), (text, path), told, rules)
    remedy = _by_hand(text, snapshot)
    for fault in wrong:
        yield Finding(post.ref, f"{fault.what} ({fault.where})", remedy)
    if not wrong:
        yield Evidence(post.ref, f"agrees with the facts: {', '.join(rules) or 'by every rule'}")


def _by_hand(wanted: str, snapshot: Snapshot) -> str:
    """Give the command that shows where a person wrote otherwise, when the desk has nothing new to write itself.

    What a person wrote into the draft stands until a person changes it; empty while the desk has a newer text.
    """
    written = snapshot.written.get("draft")
    is_same = written is not None and written.text.strip() == wanted.strip()
    return f"secrel diff {quoted(snapshot.release.name)}" if is_same else ""


@kept(tuple[Disagreement, ...], size=64)
def _wrong(
    found: tuple[str, str], expected: tuple[str, str], contents: Contents, rules: tuple[str, ...]
) -> tuple[Disagreement, ...]:
    """Compare once as long as neither the post nor the facts change; texts come with their paths."""
    return comparing.compare_post(_read(*found), contents, _read(*expected), rules=rules or None)


@lru_cache(maxsize=8)
def _read(text: str, path: str) -> PostFacts:
    """Read a post once for all the rows that ask about it."""
    return reading.read_post(text, path)
