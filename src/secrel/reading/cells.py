"""One fact of a fix in one cell of a table, as people write it: read into the plain value of a file, and written."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from secrel.reading.tables import LINK, Cell
from secrel.reading.thanked import ADDRESS, thanked
from secrel.words.errors import Misused
from secrel.words.facts.phrases import read_range
from secrel.words.facts.stated import FixFacts
from secrel.words.facts.tables import as_table, read_field
from secrel.words.ids import CVE
from secrel.words.patterns import pattern
from secrel.words.spans import Affected, sentence
from secrel.words.vectors import Severity, Vector

_POINTER = pattern(
    r"(?:(?:since|see|in|by|introduced (?:in|by)):?\s+)?(?:[\w./-]*[!#]\d+|https?://\S+/-/\S+)(?:[\s,;]+|\Z)",
    re.IGNORECASE,
)
_NOTHING = pattern(
    r"(?:[\s\-\u2013\u2014\u2026?._/#*]|\b(?:n/?a|none|nil|tbd|todo|yes/no|x\.y(?:\.z)?)\b|\bnot applicable\b)*",
    re.IGNORECASE,
)
_VECTOR = pattern(r"(?:CVSS:[\d.]+/)?(?:[A-Z]{1,3}:[A-Z]{1,6}/){3,40}[A-Z]{1,3}:[A-Z]{1,6}", re.IGNORECASE)
_ADDRESSED = pattern(r"\S*://\S*")
_BESIDE = pattern(
    r"cvss[ :]*v?(?P<version>[34]\.[01])|(?P<number>\d+(?:[.,]\d+)?)(?:\s*/\s*10\b)?|(?P<word>\w+)|[^\w\s]",
    re.IGNORECASE,
)
_LABELS = frozenset({"cvss", "base", "score", "severity", "rating", "vector"})
_RATINGS = frozenset(map(str, Severity))
_WEAKNESS = pattern(
    r"(CWE-\d{1,5})(?:\s*[:\u2013\u2014-]\s*([^\W\d_].*)|\s*\(([^\W\d_][^()]*)\)|\s+((?-i:[A-Z]).*))?\.?", re.IGNORECASE
)
_DOUBT = pattern(r"\bCWE|\?|/\s*\d|\b(?:maybe|perhaps|(?:un|not )sure|tbd|wrong|instead|duplicate)\b", re.IGNORECASE)
_NUMBER_OF = pattern(r"definitions/(\d+)|CWE-(\d+)", re.IGNORECASE)
_ABOUT_A_CVE = pattern(r"CVE\W?\d{4}", re.IGNORECASE)
_REQUEST = pattern(
    rf"(?:(?:cve )?(?:id )?(?:requested|pending)|asked|request)?:?\s*\(?(?:{LINK}|{ADDRESS.pattern}|[\w./-]*#\d+)\)?\.?"
    r"|(?:cve )?(?:id )?requested\.?",
    re.IGNORECASE,
)
_NO_WORKAROUND = pattern(r"(?:no|none)(?: known)?(?: workarounds?)?\.?", re.IGNORECASE)
_ANSWER = pattern(r"(?:yes|no)\W*", re.IGNORECASE)
_MANY = pattern(r"[\s,;]+")
_MARKUP = pattern(r"([\\`*_\[\]<>&|~])")


def is_empty(cell: Cell) -> bool:
    """Whether a cell says nothing: it is empty, or has what stands in a template before anybody filled it in."""
    return not cell.links and _NOTHING.fullmatch(cell.words.strip("_")) is not None


def read_cell(line: str, cell: Cell) -> Any:
    """Read what a cell says of a line of a fix's facts; None when it says nothing. Raises `Misused`.

    Code that is JSON is the value as a file has it: so the desk writes what has no words that read back.
    """
    if is_empty(cell):
        return None
    if cell.code[:1] in {"[", "{", '"'}:
        try:
            return read_field(FixFacts, line, json.loads(cell.code))
        except ValueError:
            raise Misused("its code is no JSON", remedy="write it in words, or correct the code") from None
    value = _READERS.get(line, _one_line)(cell)
    return None if value is None else read_field(FixFacts, line, value)


def written(line: str, facts: FixFacts) -> Iterator[str]:
    """Give the ways in which a cell may say this line, the one for people first; the last one always reads back."""
    value = as_table(facts).get(line)
    if value is None:
        yield ""
        return
    yield from (_MARKUP.sub(r"\\\1", words).replace("\n", "<br>") for words in _in_words(line, facts, value))
    code = json.dumps(value, ensure_ascii=False).replace("`", "\\u0060").replace("|", "\\u007c")
    yield f"`{code}`"


def _in_words(line: str, facts: FixFacts, value: Any) -> Iterator[str]:
    match getattr(facts, line):
        case Affected(spans=spans, follows=True):
            yield "all versions" if spans[0].since is None else f"{spans[0].since} and later"
        case Affected(spans=spans):
            yield sentence(spans)
        case str() | int():
            yield str(value)
        case tuple() if all(isinstance(one, str) for one in value):
            yield "\n".join(value) if line == "allowed" else ", ".join(value)
        case _ if isinstance(value, str):
            yield value


def _one_line(cell: Cell) -> object:
    return " ".join(cell.words.split())


def _text(cell: Cell) -> object:
    return cell.words


def _affected(cell: Cell) -> object:
    """Read a range in prose; one that says only where it begins follows the versions of the release."""
    spans = read_range(re.sub(r"(?<=\d)\s?\+", " and later", cell.words.replace("\n", ", ")))
    follows = len(spans) == 1 and spans[0].fixed is None
    told = Affected(spans, follows=follows)
    return as_table(FixFacts(affected=told))["affected"]


def _vector(cell: Cell) -> object:
    """Read the one vector of a cell; a score beside it has to be its own."""
    texts = [cell.words, *(address.replace("#", " ") for _, address in cell.links)]
    found = list(dict.fromkeys(one[0].upper() for text in texts for one in _VECTOR.finditer(text)))
    full = [one for one in found if one.startswith("CVSS:")]
    found = full + [one for one in found if not any(whole.endswith(one) for whole in full)]
    if len(found) != 1:
        what = f"{len(found)} vectors stand in it" if found else "no CVSS vector stands in it"
        raise Misused(what, remedy="write one, with its prefix: CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:N")
    vector = read_field(FixFacts, "vector", found[0])
    _only_its_score(_ADDRESSED.sub(" ", cell.words), vector)
    return found[0]


def _only_its_score(words: str, vector: Vector) -> None:
    """Raise `Misused` unless what stands beside a vector is its own score, its rating, and what they are called."""
    for one in _BESIDE.finditer(_VECTOR.sub(" ", words)):
        number, word = one["number"], (one["word"] or "").casefold()
        is_another = (number and (set(number) - set("0123456789.") or float(number) != vector.score)) or (
            word in _RATINGS and word != vector.severity
        )
        if is_another:
            own = vector.score if number else vector.severity
            kind = "score" if number else "rating"
            raise Misused(f"it says {number or word}, and its vector has the {kind} {own}", remedy=_ALONE)
        is_other_word = word and word not in _LABELS and word not in _RATINGS
        if is_other_word or (one["version"] or vector.version) != vector.version or one[0] in {"?", "~", "!"}:
            raise Misused("it says more than a vector with its score and its rating", remedy=_ALONE)


_ALONE = "write the right vector alone: the score is computed from it"


def _weakness(cell: Cell) -> object:
    """Read the one weakness of a cell; a link leads to none, or to the same."""
    plain = _plain(cell)
    found = _WEAKNESS.fullmatch(plain)
    if found is None and not plain.upper().startswith("CWE-"):
        return plain
    name = (found[2] or found[3] or found[4] or "") if found else ""
    numbers = {one[1] or one[2] for _, address in cell.links for one in _NUMBER_OF.finditer(address)}
    if found is None or _DOUBT.search(name) or numbers - {found[1][4:]}:
        raise Misused("it is not one weakness and its name", remedy="write one alone: CWE-79, or CWE-79: its name")
    return f"{found[1].upper()}: {name}" if name else found[1].upper()


def _cve(cell: Cell) -> object:
    """Read the one id of a cell; one that only leads to a request for an id says none."""
    plain = _plain(cell)
    said = plain.rstrip(".").upper()
    others = {one[0] for _, address in cell.links for one in CVE.finditer(address.upper())} - {said}
    if CVE.fullmatch(said) and not others:
        return said
    if _REQUEST.fullmatch(" ".join(cell.beside.split())) and not any(map(_ABOUT_A_CVE.search, _led_to(cell))):
        return None
    found = {one[0] for one in CVE.finditer(plain.upper())} | others
    if len(found) > 1:
        raise Misused(
            f"{len(found)} ids stand in it: {', '.join(sorted(found))}", remedy="write the one of this fix alone"
        )
    if found:
        raise Misused("it says more than an id", remedy="write the id of this fix alone, or leave the cell empty")
    return plain


def _led_to(cell: Cell) -> Iterator[str]:
    """Give the words and addresses of what a cell links to; a query is what somebody asks, and not where it leads."""
    addresses = [*(address for _, address in cell.links), *ADDRESS.findall(cell.beside)]
    yield from (words for words, address in cell.links if words != address)
    yield from (address.partition("?")[0] for address in addresses)


def _credits(cell: Cell) -> object:
    return as_table(FixFacts(credits=thanked(cell)))["credits"]


def _workaround(cell: Cell) -> object:
    """Read a workaround; that there is none says nothing, and an answer alone is none."""
    if _NO_WORKAROUND.fullmatch(cell.words):
        return None
    if _ANSWER.fullmatch(cell.words):
        raise Misused(
            "it answers a question, and says no workaround", remedy="write what to do, or leave the cell empty"
        )
    return _text(cell)


def _addresses(cell: Cell) -> object:
    return list(dict.fromkeys([*(address for _, address in cell.links), *ADDRESS.findall(cell.words)])) or _items(cell)


def _items(cell: Cell) -> object:
    return [one for one in _MANY.split(cell.words) if one]


def _lines(cell: Cell) -> object:
    return [one for one in cell.words.split("\n") if one]


def _days(cell: Cell) -> object:
    found = re.fullmatch(r"(\d{1,6})(?: days?)?", _plain(cell))
    if found is None:
        raise Misused("it is no number of days", remedy="write a number of days, such as 30 or 90")
    return int(found[1])


def _plain(cell: Cell) -> str:
    return " ".join(cell.words.split())


_READERS: Mapping[str, Callable[[Cell], object]] = {
    "description": _text,
    "workaround": _workaround,
    "no_cve": _text,
    "affected": _affected,
    "vector": _vector,
    "weakness": _weakness,
    "cve": _cve,
    "credits": _credits,
    "references": _addresses,
    "related": _items,
    "origins": _items,
    "fixed_already": _items,
    "allowed": _lines,
    "disclosure_days": _days,
}


def points(cell: Cell) -> bool:
    """Whether a cell only names issues, changes or commits of a forge, which say nothing of a value beside them."""
    words = " ".join([cell.beside.replace(LINK, " "), *(address for _, address in cell.links)])
    return not _POINTER.sub("", words).strip()
