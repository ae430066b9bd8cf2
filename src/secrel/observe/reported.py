"""Where finders reported, once that was taken off an issue which became public: their notices went there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from secrel.journal.entries import Entry, prepared
from secrel.words.advisories import Advisory


def with_reports(advisory: Advisory, entries: Sequence[Entry], name: str) -> Advisory:
    """Give an advisory of the release `name` with the reports that the journal knows of its finders, by their notices.

    An issue loses them before it becomes public, and whoever has a notice still hears of what changes after that. A
    finder who is named has the notice that names them, and one who is not, a notice that names nobody who is.
    """
    if all(credit.report for credit in advisory.credits):
        return advisory
    sent = dict(_notices(entries, f"{name}/report/{advisory.fix}/"))
    names = {credit.name for credit in advisory.credits if credit.name}
    nobodys = iter([report for report, text in sent.items() if not any(one in text for one in names)])

    def report(named: str) -> str:
        return next((to for to, text in sent.items() if named in text), "") if named else next(nobodys, "")

    told = (one if one.report else replace(one, report=report(one.name)) for one in advisory.credits)
    return replace(advisory, credits=tuple(told))


def _notices(entries: Sequence[Entry], prefix: str) -> Iterator[tuple[str, str]]:
    """Give the address and the text of every notice under `prefix`; of one that was sent anew, what it said last."""
    for key, values in prepared(entries).items():
        if key.startswith(prefix):
            yield str(values["report"]), str(values["text"])
