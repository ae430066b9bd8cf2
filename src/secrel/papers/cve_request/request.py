"""The CNA's request issue: an id, please, for this vulnerability (gitlab-process.md 4.1)."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from secrel.papers.cve_request.fields import Requester, fields_of, missing_fields
from secrel.papers.text import one_line, yaml_string
from secrel.verify.cve_form import PATH_KEY, Fields
from secrel.words.advisories import Advisory, Contents

_LONGEST_TITLE = 255
_EXAMPLE = "[type] in [component] in [vendor product version] allows [attacker] to [impact] via [vector]"


class Request(Struct, frozen=True):
    """The issue to open in the CNA's project; always confidential, for all that it says is under embargo."""

    title: str
    body: str
    labels: tuple[str, ...]
    confidential: bool = True


def _listed(name: str, values: tuple[str, ...]) -> Iterator[str]:
    yield f"{name}: []" if not values else f"{name}:"
    yield from (f"  - {yaml_string(value)}" for value in values)


def _product(fields: Fields, path_key: str) -> Iterator[str]:
    yield f"{path_key}: {yaml_string(fields.path)}"
    yield f"vendor: {yaml_string(fields.vendor)}"
    yield f"name: {yaml_string(fields.product)}"
    yield from _listed("affected_versions", fields.affected_versions)
    yield from _listed("fixed_versions", fields.fixed_versions)


def _vulnerability(fields: Fields, path_key: str) -> Iterator[str]:
    yield f"# {_EXAMPLE}"
    yield f"description: {yaml_string(fields.description)}"
    yield f"cwe: {yaml_string(fields.cwe)}"
    yield "product:"
    yield from _inside(_product(fields, path_key))
    yield f"impact: {yaml_string(fields.impact)}"
    yield f"solution: {yaml_string(fields.solution)}"
    yield f"credit: {yaml_string(fields.credit)}"
    yield from _listed("references", fields.references)


def _inside(lines: Iterator[str]) -> Iterator[str]:
    return (f"  {line}" for line in lines)


def yaml_block(fields: Fields, path_key: str = PATH_KEY) -> str:
    """Write the form as YAML in which every value is quoted on one line: no value is more than a text.

    No line begins with what somebody else wrote, so that nothing in it can end the block, or act as a command.
    """
    lines = [
        "reporter:",
        f"  name: {yaml_string(fields.reporter_name)}",
        f"  email: {yaml_string(fields.reporter_email)}",
        "vulnerability:",
        *_inside(_vulnerability(fields, path_key)),
    ]
    return "\n".join(lines) + "\n"


def render_request(advisory: Advisory, contents: Contents, requester: Requester) -> Request:
    """Render the request for one advisory's CVE id, every field of the form in it.

    The title is the one the announcement will have. Details are to wait for our word: they are published after the
    announcement is. Raises `Misused` for an advisory of a product that the release does not ship.
    """
    fields = fields_of(advisory, contents, requester)
    missing = missing_fields(advisory, contents)
    title = one_line(advisory.title)
    told = f"Still missing: {', '.join(missing)}." if missing else "Every field of the form is filled in."
    body = f"""This issue asks the CNA for a CVE id. Keep it confidential until the details are published.

{told}

### Vulnerability details

```yaml
{yaml_block(fields, requester.path_key)}```

### When to publish the details

* [ ] Publish at once
* [x] Wait to publish: the announcement comes first
"""
    return Request(
        title=title if len(title) <= _LONGEST_TITLE else title[: _LONGEST_TITLE - 1].rstrip() + "…",
        body=body,
        labels=requester.labels,
    )
