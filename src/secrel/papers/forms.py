"""The forms that there are: every set of templates from which a post and a mail can be made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from secrel.papers.email.mail import shipped as email_templates
from secrel.papers.post.form import Form
from secrel.papers.post.post import post_templates
from secrel.words.errors import Misused

if TYPE_CHECKING:  # templates are loaded by those who fill them in
    from secrel.papers.environment import Templates

_PARTS = {"post": ("form.toml", "post.md.j2"), "email": ("email.md.j2",)}


def forms(templates: Mapping[str, Templates]) -> tuple[str, ...]:
    """Name the forms that have all they need, in the alphabet's order; `templates` are the user's own, by kind."""
    texts = _texts(templates)
    names = {text.rpartition("/")[0] for text in texts["post"]}
    return tuple(sorted(name for name in names if name and not _lacking(name, texts)))


def check_form(name: str, templates: Mapping[str, Templates], where: str) -> None:
    """Look whether a form is there and can be read.

    Raises `Misused`: with `where` it is named and those that there are, or with the line of its file that is wrong. A
    release is refused by it when it starts, and not on the day it becomes public.
    """
    texts = _texts(templates)
    if missing := _lacking(name, texts):
        known = ", ".join(forms(templates))
        raise Misused(
            f"there is no form named {name[:40]!r}: {', '.join(missing)} is missing",
            where=where,
            remedy=f"use one of {known}, or add the files to your folder of templates: secrel manual post",
            path=("form",),
        )
    Form.read(_post(templates), name)


def _post(templates: Mapping[str, Templates]) -> Templates:
    return templates.get("post") or post_templates()


def _texts(templates: Mapping[str, Templates]) -> Mapping[str, Mapping[str, str]]:
    return {"post": _post(templates).texts, "email": (templates.get("email") or email_templates()).texts}


def _lacking(name: str, texts: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Name the files, from the folder of templates on, that a form of this name would need and has not."""
    return [
        f"{kind}/{name}/{file}"
        for kind, files in _PARTS.items()
        for file in files
        if f"{name}/{file}" not in texts[kind]
    ]
