"""What the world can see of a rehearsal when it is over, and what really happened in it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from functools import cached_property, lru_cache
from pathlib import Path

from msgspec import Struct

from secrel.journal.entries import Entry, Remembered
from secrel.rehearsal.cast.managers import corrections
from secrel.rehearsal.cast.world import World
from secrel.rehearsal.story import StoryFix
from secrel.words.facts.stated import FixFacts
from secrel.words.forge import Issue, MergeRequest, State
from secrel.words.people import CANCELLED, Person
from secrel.words.releases import Release, Shipment


class EndedWrong(Struct, frozen=True):
    """Something that ended wrong: which rule, and what is so."""

    rule: str
    what: str


def unescaped(text: str) -> str:
    """Take the signs away that Markdown needs to show others."""
    return re.sub(r"\\([^\w\s]|_)", r"\1", text)


def names_version(text: str, version: str) -> bool:
    """Whether a text names a version, and not only a longer number that begins or ends with it."""
    return re.search(rf"(?<![\d.]){re.escape(version)}(?![\d]|\.\d)", text) is not None


def as_read(text: str) -> str:
    """Give Markdown as its reader sees it: without its signs, with entities as what they stand for, nothing unseen."""
    return html.unescape(unescaped(text)).replace("\N{WORD JOINER}", "")


class MailRead(Struct, frozen=True):
    """A mail as its reader has it: its subject, whom it comes from and goes to, and its text of each kind."""

    subject: str
    came: tuple[str, ...]
    went: tuple[str, ...]
    texts: Mapping[str, str]


@lru_cache(maxsize=16)
def mail_read(data: bytes) -> MailRead:
    """Read a mail, once for all the rules that look at it; the text of a kind that it does not have is empty."""
    mail = message_from_bytes(data, policy=policy.default)
    parts = {kind: mail.get_body((kind,)) for kind in ("plain", "html")}
    fields = [mail[name] for name in ("From", "To", "Cc", "Bcc")]
    came, *went = ([one.addr_spec for one in found.addresses] if found else [] for found in fields)
    return MailRead(
        str(mail["Subject"]),
        tuple(came),
        tuple(address for some in went for address in some),
        {kind: str(part.get_content()) if part is not None else "" for kind, part in parts.items()},
    )


class Sight:
    """The world as it ended: the site, the outbox, the forge, the vendor's git; the journal, and the story's facts."""

    def __init__(self, world: World, entries: Iterable[Entry], team: tuple[Person, ...]) -> None:
        """Take the world as it stands, the journal, and the team with its absences."""
        self.world = world
        self.story = world.story
        self.known = world.known
        self.team = team
        self.release: Release = world.current()
        self.name = self.release.name
        self.entries = tuple(entry for entry in entries if entry.release == self.name)
        self.outbox: Path = world.stage.settings.outbox

    @cached_property
    def post(self) -> MergeRequest | None:
        """The release post, when it was opened."""
        return self.world.acts.merge_request_made(f"{self.name}/post/release")

    @cached_property
    def correction(self) -> MergeRequest | None:
        """What corrected the post on the site last, when anything did."""
        merged = [one for one in corrections(self.world.acts, self.name) if one.state is State.MERGED]
        return merged[-1] if merged else None

    @cached_property
    def draft(self) -> MergeRequest | None:
        """The draft post, when it was opened."""
        return self.world.acts.merge_request_made(f"{self.name}/post/draft")

    @cached_property
    def comms(self) -> Issue | None:
        """The communications issue, when it was opened."""
        return self.world.made("comms")

    @cached_property
    def source(self) -> str:
        """The post as it is written on the site, in Markdown, with what corrected it; empty when none is."""
        if self.post is None or self.post.state is not State.MERGED or not self.post.files:
            return ""
        path, text = self.post.files[0]
        return dict(self.correction.files).get(path, text) if self.correction else text

    @cached_property
    def title(self) -> str:
        """The title of the post as it is on the site; empty when none is."""
        found = re.search(r"^(?:title:\s*|# )(.+)$", self.source, re.MULTILINE)
        return as_read(found[1]).strip("\"' ") if found else ""

    def is_over(self, after: timedelta) -> bool:
        """Whether the announcement, or the day on which nothing was announced, is this long ago."""
        live: datetime | None = self.post.merged_at if self.post else None
        if live is None and not self.known.merged:
            live = self.release.due
        return live is not None and self.world.stage.clock() > live + after

    @cached_property
    def text(self) -> str:
        """The post as it is on the site; empty when none is."""
        return unescaped(self.source)

    @cached_property
    def tracking(self) -> Issue | None:
        """The tracking issue."""
        return self.world.tracking()

    def sent(self, kind: str, ending: str) -> list[Path]:
        """The files of one kind in the outbox, of this release: `mail`, `reporters`, `cve`."""
        folder, others = self.outbox / kind, self.world.beside.values()
        theirs = {fix.cve for other in others for fix in other.story.fixes}
        files = sorted(folder.glob(f"*{ending}")) if folder.is_dir() else []
        names = tuple(f"{other.name}~" for other in others)
        return [file for file in files if not file.name.startswith(names) and file.stem not in theirs]

    @property
    def mails(self) -> list[MailRead]:
        """The mails that went out, as they can be read."""
        return [mail_read(file.read_bytes()) for file in self.sent("mail", ".eml")]

    def messages(self, of: str) -> dict[str, Path]:
        """The last message of one kind in each channel: later ones take its place."""
        found = sorted((self.outbox / "messages").glob(f"*/{self.name}~{of}*.md"))
        return {file.parent.name: file for file in found}

    @cached_property
    def address(self) -> str:
        """Where the post says that it is; empty where it does not say."""
        found = re.search(r"^canonical_path:\s*[\"']?([^\"'\s]+)", self.source, re.MULTILINE)
        return found[1] if found else ""

    def facts(self, fix: StoryFix) -> FixFacts:
        """The facts of a fix as its developers would tell them at the end."""
        return self.world.facts_of(fix)

    def shipment(self, fix: StoryFix) -> Shipment:
        """The shipment that a fix belongs to."""
        return self.release.shipment(fix.facts.product) or self.release.main

    def announces(self, fix: StoryFix) -> bool:
        """Whether the post tells of a fix: by its CVE id, or by its title."""
        facts = self.facts(fix)
        alone = [other for other in self.story.fixes if self.facts(other).title == facts.title] == [fix]
        return bool(self.text) and (bool(fix.cve and fix.cve in self.text) or (alone and facts.title in self.text))

    def ships(self, fix: StoryFix) -> list[bool]:
        """Whether the tag of each version holds the fix, in the order of the versions."""
        shipment = self.shipment(fix)
        code = self.world.acts.code(shipment.product.key)
        return [code.holds(version, fix.name) for version in shipment.versions]

    def issue(self, fix: StoryFix) -> Issue | None:
        """The implementation issue of a fix, when it has arrived."""
        ref = self.known.issues.get(fix.name, "")
        return self.world.acts.issues([ref]).get(ref) if ref else None

    def disclosed(self, fix: StoryFix) -> Issue | None:
        """What becomes public of a fix, when it has arrived: its issue, or its canonical one beside a mirror."""
        own = self.known.issues.get(fix.name, "")
        ref = self.world.acts.disclosed(own)
        return self.issue(fix) if ref == own else self.world.acts.issues([ref]).get(ref)

    def request(self, fix: StoryFix) -> Issue | None:
        """The CVE request of a fix, when it was opened."""
        return self.world.request(fix.name)

    def unannounced_beside(self) -> list[StoryFix]:
        """The fixes of other releases of the desk that were not public when this one was announced."""
        live = self.post.merged_at if self.post else None
        others = [Sight(world, (), self.team) for world in self.world.beside.values()]
        later = [
            other
            for other in others
            if live is None or other.post is None or other.post.merged_at is None or other.post.merged_at > live
        ]
        return [fix for other in later for fix in other.story.fixes]

    def is_cancelled(self) -> bool:
        """Whether somebody cancelled the release."""
        return any(e.kind is Remembered.CLAIM and e.key == CANCELLED for e in self.entries)

    def receipt(self, key: str) -> Entry | None:
        """The receipt of an effect, when it was done."""
        return next((e for e in self.entries if e.kind is Remembered.RECEIPT and e.key == key), None)

    def drafts(self) -> list[str]:
        """Every text of the draft that the desk wrote."""
        keys = f"{self.name}/post/draft"
        intents = [e for e in self.entries if e.kind is Remembered.INTENT and e.key.startswith(keys)]
        return [unescaped(text) for e in intents for _, text in e.whole()["action"].get("files", ())]
