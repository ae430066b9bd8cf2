"""One fact of a fix in one cell of a table, as people write it: read into the plain value of a file, and written."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from secrel.reading.tables import Cell
from secrel.words.advisories import Credit, CreditSource
from secrel.words.errors import Misused
from secrel.words.facts.phrases import read_range
from secrel.words.facts.stated import FixFacts
from secrel.words.facts.tables import as_table, read_field
from secrel.words.ids import CVE
from secrel.words.patterns import pattern
from secrel.words.spans import Affected, sentence

_NOTHING = pattern(
    r"(?:[\s\-\u2013\u2014\u2026?._/#*]|\b(?:n/?a|none|nil|tbd|todo|yes/no|x\.y(?:\.z)?)\b|\bnot applicable\b)*",
    re.IGNORECASE,
)
_VECTOR = pattern(r"(?:CVSS:[\d.]+/)?(?:[A-Z]{1,3}:[A-Z]{1,6}/){3,40}[A-Z]{1,3}:[A-Z]{1,6}", re.IGNORECASE)
_SCORE = pattern(r"(?<![\w.:/])(10(?:\.0)?|\d\.\d)(?![\w.:/])", re.ASCII)
_WEAKNESS = pattern(r"(CWE-\d{1,5})(?:\s*[:\u2013\u2014-]\s*|\s+|\Z)(.*)", re.IGNORECASE)
_ADDRESS = pattern(r"https?://[^\s<>()|]{1,1900}[^\s<>()|.,;]")
_HANDLE = pattern(r"@?([\w.-]{1,60})", re.ASCII)
_NAME = pattern(r"@?[^\W\d_][\w.'\u2019-]*(?: [^\W\d_][\w.'\u2019-]*){0,4}")
_REPORT = pattern(r"https?://(?:www\.)?hackerone\.com/reports/\d+\S*", re.IGNORECASE)
_OF_HACKERONE = pattern(r"https?://(?:www\.)?hackerone\.com/([\w.-]+)/?(?:\?\S*)?", re.IGNORECASE | re.ASCII)
_INSIDE = pattern(r"\b(?:internal(?:ly)?|team members?|our (?:own )?team)\b", re.IGNORECASE)
_BETWEEN = pattern(r"\s*(?:\n|,|;|&|\band\b)\s*")
_MANY = pattern(r"[\s,;]+")
_MARKUP = pattern(r"([\\`*_\[\]<>&|~])")


def is_empty(cell: Cell) -> bool:
    """Whether a cell says nothing: it is empty, or has what stands in a template before anybody filled it in."""
    return not cell.links and _NOTHING.fullmatch(cell.words) is not None


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
    for score in _SCORE.findall(_VECTOR.sub(" ", cell.words)):
        if float(score) != vector.score:
            raise Misused(
                f"it says {score}, and its vector has the score {vector.score}",
                remedy="correct the vector or the score",
            )
    return found[0]


def _weakness(cell: Cell) -> object:
    found = _WEAKNESS.fullmatch(_plain(cell))
    if found is None:
        return _plain(cell)
    name = found[2][1:-1] if found[2][:1] == "(" and found[2][-1:] == ")" else found[2]
    return f"{found[1].upper()}: {name}" if name else found[1].upper()


def _cve(cell: Cell) -> object:
    """Read the id of a cell; one that only leads to a request for one says none."""
    texts = [cell.words, *(address for _, address in cell.links)]
    found = list(dict.fromkeys(one[0].upper() for text in texts for one in CVE.finditer(text.upper())))
    if len(found) > 1:
        raise Misused(f"{len(found)} ids stand in it: {', '.join(found)}", remedy="leave the one of this fix")
    if not found and (cell.links or _ADDRESS.search(cell.words) or re.search(r"#\d", cell.words)):
        return None
    return found[0] if found else _plain(cell)


def _credits(cell: Cell) -> object:
    """Read whom to thank: links to profiles, handles, names; or that somebody inside found it."""
    sources = CreditSource.HACKERONE if "hackerone" in cell.words.casefold() else CreditSource.UNSAID
    linked = [one for one in cell.links if not _REPORT.fullmatch(one[1])]
    report = next((address for _, address in cell.links if _REPORT.fullmatch(address)), "")
    bare = [one for one in _ADDRESS.findall(cell.words) if one not in {address for _, address in cell.links}]
    people = [*linked, *(("", one) for one in bare if not _REPORT.fullmatch(one))]
    report = report or next((one for one in bare if _REPORT.fullmatch(one)), "")
    if people:
        found = [_credit(words, address, sources) for words, address in people]
    elif _INSIDE.search(cell.words):
        found = [Credit(source=CreditSource.INTERNAL)]
    else:
        words = _ADDRESS.sub(" ", cell.words).strip()
        found = [Credit(_name(one), sources) for one in _BETWEEN.split(words) if one]
    if not found or (report and len(found) > 1):
        raise Misused("it does not say who is thanked", remedy=_WHO)
    found[0] = Credit(found[0].name, found[0].source, found[0].type, found[0].profile, report)
    return as_table(FixFacts(credits=tuple(found)))["credits"]


_WHO = "write a name, @handle, or [name](address of the profile); or that it was found internally"


def _credit(words: str, address: str, source: CreditSource) -> Credit:
    of_hackerone = _OF_HACKERONE.fullmatch(address)
    name = words.removeprefix("@") if words and words != address else of_hackerone[1] if of_hackerone else ""
    if not name:
        raise Misused(f"{address[:80]!r} does not say who it is", remedy=_WHO)
    return Credit(name, CreditSource.HACKERONE if of_hackerone else source, profile=address)


def _name(words: str) -> str:
    said = re.sub(r"\s*\((?:via |on )?hackerone\)|\s+(?:via|on|from) hackerone", "", words, flags=re.IGNORECASE).strip()
    if _HANDLE.fullmatch(said) or _NAME.fullmatch(said):
        return said.removeprefix("@")
    raise Misused("it does not say in a way that can be read who is thanked", remedy=_WHO)


def _addresses(cell: Cell) -> object:
    return list(dict.fromkeys([*(address for _, address in cell.links), *_ADDRESS.findall(cell.words)])) or _items(cell)


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
    "workaround": _text,
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
