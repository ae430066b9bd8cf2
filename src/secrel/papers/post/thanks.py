"""The sentences of thanks: one for each way in which people helped, every name as its owner wishes (5.4)."""

from __future__ import annotations

from collections.abc import Sequence

from secrel.papers.post.form import Form
from secrel.papers.text import Markdown, link, markdown_text, one_line
from secrel.words.advisories import Credit, CreditType
from secrel.words.releases import joined


def thanks(credits_: Sequence[Credit], form: Form, vendor: str) -> Markdown:
    """Write the thanks of one advisory, in the order of its credits; people who share a source share a sentence.

    Nothing when nobody is credited. A profile that is no web address is left out, and the name stays.
    """
    groups: dict[str, list[Credit]] = {}
    for credit in credits_:
        key = "analyst" if credit.type is CreditType.ANALYST else credit.source.value
        groups.setdefault(key, []).append(credit)
    return Markdown(" ").join(_sentence(key, group, form, vendor) for key, group in groups.items())


def _sentence(key: str, group: Sequence[Credit], form: Form, vendor: str) -> Markdown:
    named = [link(credit.name, credit.profile) for credit in group if one_line(credit.name)]
    if named:
        key = "internal_several" if key == "internal" and len(named) > 1 else f"{key}_named"
    values = {"names": joined(dict.fromkeys(named)), "vendor": markdown_text(vendor)}
    return Markdown(form.text("thanks", key, values))
