"""A received mail against the release it announces: every disagreement, by rule (mission M7)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from email.utils import parseaddr

from msgspec import Struct

from secrel.verify.email.facts import MailFacts, Said, said
from secrel.verify.email.links import host_of, leads_to, same_page
from secrel.verify.email.rules_links import Allowed, faults_of_links, strays
from secrel.verify.email.stating import wrong_counts, wrong_dates, wrong_severities
from secrel.verify.email.wording import is_named, leftovers, version_or_none, without_addresses
from secrel.verify.post.disagreements import Disagreement
from secrel.verify.post.facts.values import PostFacts
from secrel.words.advisories import Contents
from secrel.words.patterns import pattern
from secrel.words.reach import first_affected
from secrel.words.releases import joined
from secrel.words.versions import Version

_WORD = pattern(r"\d+(?:\.\d+)*|[^\W\d_]+")
_SHOWN = 5


class PostSays(Struct, frozen=True):
    """What the announcement, as published, says: its address, versions, and whether it is called critical."""

    address: str
    versions: frozenset[Version]
    is_critical: bool

    @classmethod
    def of(cls, post: PostFacts, address: str) -> PostSays:
        """Take what a post as found announces (`secrel.verify.post.read_post`); `address` is where it was found."""
        written = (*post.versions, *(text for product in post.announced for text in product.versions))
        versions = frozenset(version for text in written if (version := version_or_none(text)) is not None)
        return cls(address, versions, post.is_critical)


class Expected(Struct, frozen=True):
    """What a mail is compared with.

    `contents` is the release; `post` the exact address of its announcement; `hosts` the hosts that links may lead to
    besides the post's own, subdomains included; `private` what readers cannot open: projects (`acme/security/site`)
    on whatever host, or prefixes of addresses; `announcement` what the published post says, when it was read; `sender`
    the address that it has to come from (empty: nobody knows); `known` the exact addresses that it may name beside the
    post: feeds, contact, `mailto:` ones too.
    """

    contents: Contents
    post: str
    hosts: frozenset[str] = frozenset()
    private: tuple[str, ...] = ()
    announcement: PostSays | None = None
    sender: str = ""
    known: frozenset[str] = frozenset()


def compare_email(facts: MailFacts, expected: Expected) -> tuple[Disagreement, ...]:
    """Compare a received mail with the release; empty when it may go out. Each fault is said once, with all its places.

    `RULES` has the rules and what they demand. Whether links answer over the network is not looked at.
    """
    places: dict[tuple[str, str], dict[str, None]] = {}
    for rule, check in _CHECKS.items():
        for what, where in check(facts, expected):
            places.setdefault((rule, what), {})[where] = None
    return tuple(Disagreement(rule, what, joined(where)) for (rule, what), where in places.items())


_Found = Iterator[tuple[str, str]]


def _released(expected: Expected) -> frozenset[Version]:
    return frozenset(version for s in expected.contents.release.shipments for version in s.versions)


def _strange(part: Said, expected: Expected) -> list[Version]:
    """Versions that the release does not have, among numbers as long as its own: `8.7` is no version of GitLab."""
    released = _released(expected)
    lengths = {version.text.count(".") for version in released}
    known = released | _spared(expected)
    return [v for v in part.versions if v not in known and v.text.count(".") in lengths]


def _spared(expected: Expected) -> frozenset[Version]:
    """Give the versions before which nothing is affected: a mail may name them, for those who need not upgrade."""
    contents = expected.contents
    firsts = (first_affected(contents, shipment) for shipment in contents.release.shipments)
    return frozenset(first for first in firsts if first is not None)


def _is_named(version: Version, part: Said) -> bool:
    return version in part.versions or is_named(version, part.text)


def _subject_versions(facts: MailFacts, expected: Expected) -> _Found:
    main = expected.contents.release.main.versions
    named = [version for version in main if _is_named(version, facts.subject)]
    if main[0] not in named:
        yield f"the highest version, {main[0]}, is not named", "subject"
    elif 1 < len(named) < len(main):
        yield f"{joined(v for v in main if v not in named)} not named, although other versions are", "subject"
    for version in _strange(facts.subject, expected):
        yield f"{version} is no version of this release", "subject"


def _body_versions(facts: MailFacts, expected: Expected) -> _Found:
    if not facts.parts:
        yield "the mail has neither a text nor an HTML part", "mail"
    for name, part in facts.parts:
        body = said(part.text.strip().removeprefix(facts.subject.text))
        for shipment in expected.contents.release.shipments:
            for version in shipment.versions:
                if not _is_named(version, body):
                    yield f"{shipment.product.short} {version} is not named", name
        for version in _strange(part, expected):
            yield f"{version} is no version of this release", name


def _critical_designation(facts: MailFacts, expected: Expected) -> _Found:
    for name, part in (("subject", facts.subject), *facts.parts):
        if expected.contents.is_critical and not part.is_critical:
            yield "the release is critical, and is not called so", name
        if part.is_critical and not expected.contents.is_critical:
            yield "the release is not critical, and is called so", name


def _post_link(facts: MailFacts, expected: Expected) -> _Found:
    for name, _ in facts.parts:
        ends = [link.target for link in facts.links if link.part == name]
        if any(leads_to(end, expected.post) for end in ends):
            continue
        near = next((end for end in ends if host_of(end) == host_of(expected.post) and _resembles(end, expected)), "")
        yield f"no link leads to {expected.post}" + (f"; the nearest is {near[:200]}" if near else ""), name


def _resembles(address: str, expected: Expected) -> bool:
    version = str(expected.contents.release.main.versions[0])
    return version.replace(".", "-") in address or address.rstrip("/").lower() == expected.post.rstrip("/").lower()


def _links_allowed(facts: MailFacts, expected: Expected) -> _Found:
    allowed = Allowed(frozenset({host_of(expected.post)}) | expected.hosts, expected.private)
    for link in facts.links:
        for what in faults_of_links(link, link.target, allowed):
            yield what, f"{link.part}, link “{link.text[:60]}”"


def _links_known(facts: MailFacts, expected: Expected) -> _Found:
    for link in facts.links:
        is_found = any(leads_to(one.target, expected.post) for one in facts.links if one.part == link.part)
        if (not is_found and _resembles(link.target, expected)) or leftovers(link.address):
            continue  # what was meant to be the post, or was not filled in, is told already
        if fault := strays(link.target, expected.post, expected.known):
            yield fault, link.part


def _leftovers(facts: MailFacts, _: Expected) -> _Found:
    told: set[str] = set()
    for name, part in (("subject", facts.subject), *facts.parts):
        for sign in leftovers(part.text):
            told.add(sign)
            yield f"{sign} was not filled in", name
    for link in facts.links:
        for sign in leftovers(link.address) if "://" in link.address else ():
            if sign not in told:
                yield f"{sign} was not filled in, in an address", link.part


def _severity_right(facts: MailFacts, expected: Expected) -> _Found:
    for name, part in (("subject", facts.subject), *facts.parts):
        yield from ((what, name) for what in wrong_severities(part.text, expected.contents))


def _count_right(facts: MailFacts, expected: Expected) -> _Found:
    for name, part in (("subject", facts.subject), *facts.parts):
        yield from ((what, name) for what in wrong_counts(part.text, expected.contents))


def _date_right(facts: MailFacts, expected: Expected) -> _Found:
    for name, part in (("subject", facts.subject), *facts.parts):
        yield from ((what, name) for what in wrong_dates(part.text, expected.contents.release.due))


def _sender_right(facts: MailFacts, expected: Expected) -> _Found:
    address = parseaddr(facts.sender)[1]
    if expected.sender and not facts.is_forwarded and address.casefold() != expected.sender.casefold():
        yield f"it comes from {address[:100] or 'nobody'}, and not from {expected.sender}", "sender"


def _text_and_html_agree(facts: MailFacts, expected: Expected) -> _Found:
    if facts.text is None or facts.html is None:
        return
    # versions and designation are those of the release in each part, or other rules say so; a mail service adds a
    # footer to the HTML part, so that only what it lost tells something
    numbers = {str(version) for version in facts.text.versions}
    if missing := _words(facts.text) - _words(facts.html) - numbers - {"critical"} - _misstated(facts.text, expected):
        yield f"words of the text part that the HTML part does not have: {_shown(missing)}", "text and html"
    ends = [link.target for link in facts.links if link.part == "html"]
    for link in facts.links:
        lost = link.part == "text" and not any(same_page(link.target, end) for end in ends)
        if lost and not leads_to(link.target, expected.post):
            yield f"only the text part leads to {link.target[:200]}", "text and html"


def _misstated(part: Said, expected: Expected) -> set[str]:
    """Give the words of a part that say what is not so of the release, of which other rules tell."""
    contents, text = expected.contents, part.text
    wrong = (*wrong_severities(text, contents), *wrong_counts(text, contents), *wrong_dates(text, contents.release.due))
    return {*_words(said(" ".join(wrong))), *_words(said(" ".join(leftovers(text))))}


def _words(part: Said) -> set[str]:
    return {word.lower() for word in _WORD.findall(without_addresses(part.text))}


def _shown(words: Iterable[object]) -> str:
    listed = sorted(str(word) for word in words)
    return joined(listed[:_SHOWN]) + (" …" if len(listed) > _SHOWN else "")


def _remote_content(facts: MailFacts, _: Expected) -> _Found:
    for address in facts.remote:
        yield f"showing it loads {address[:200]}", "html"


def _agrees_with_the_post(facts: MailFacts, expected: Expected) -> _Found:
    post = expected.announcement
    if post is None:
        return
    if not same_page(post.address, expected.post):
        yield f"the post is at {post.address[:200]}", "post"
    for name, part in facts.parts:
        released = _released(expected)  # what the release itself has, or has not, other rules say
        if missing := [str(v) for v in sorted(post.versions - released) if not _is_named(v, part)]:
            yield f"the post names {joined(missing)}, the mail does not", name
        if more := [str(v) for v in part.versions if v not in post.versions and v in released]:
            yield f"the mail names {joined(more)}, the post does not", name
    if post.is_critical != expected.contents.is_critical:
        yield f"the post is {'' if post.is_critical else 'not '}called critical, the release the other way", "post"


_CHECKS: Mapping[str, Callable[[MailFacts, Expected], _Found]] = {
    "subject_versions": _subject_versions,
    "body_versions": _body_versions,
    "critical_designation": _critical_designation,
    "post_link": _post_link,
    "links_allowed": _links_allowed,
    "links_known": _links_known,
    "severity_right": _severity_right,
    "count_right": _count_right,
    "date_right": _date_right,
    "sender_right": _sender_right,
    "leftovers": _leftovers,
    "text_and_html_agree": _text_and_html_agree,
    "remote_content": _remote_content,
    "agrees_with_the_post": _agrees_with_the_post,
}

RULES: Mapping[str, str] = {
    "subject_versions": "the subject names the highest version or all of them, and no version of another release",
    "body_versions": "every part names every version of every product below its heading, and no others",
    "critical_designation": "subject and body say critical if the release is, and only then",
    "post_link": "every part has a link to exactly the address of the post",
    "links_allowed": "links are https, to known public hosts, lead somewhere, and where their words say",
    "links_known": "links to feeds, contact and post are exactly those, and none leads to another feed or post",
    "severity_right": "every severity and score is that of a vulnerability of the release",
    "count_right": "the number of vulnerabilities is the release's",
    "date_right": "every date and day of the week is that of the release",
    "sender_right": "it comes from the sender that the process names, unless a person has forwarded it",
    "leftovers": "nothing is left that should have been filled in",
    "text_and_html_agree": "the HTML part has every word and every link of the text",
    "remote_content": "showing the mail loads nothing",
    "agrees_with_the_post": "versions, designation and address are those of the published post",
}
"""Every rule by name, and what it demands."""
