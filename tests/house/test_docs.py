"""Documentation that would be wrong if the code were changed fails here."""

from __future__ import annotations

import ast
import importlib
import json
import re
from enum import Enum
from pathlib import Path
from typing import Any

import msgspec
import pytest

from secrel.evaluate.registry import check_names, params_named, shipped
from secrel.observe.release_file import read_release_file
from secrel.rehearsal.events import HAPPENINGS
from secrel.rehearsal.story import read_story
from secrel.roster.team import read_team
from secrel.roster.zones import Hour
from secrel.settings import read_settings
from tests.house.pages import anchors, code, documentation, links, marked, table_after
from tests.house.sources import DOCS, ROOT, SOURCE, shown, tree

PAGES = documentation()
PICTURE = r"!\[([^\]]*)\]\(([^)]+)\)"


@pytest.mark.parametrize("page", PAGES, ids=shown)
def test_every_link_leads_somewhere(page: Path) -> None:
    broken = []
    for target in links(page):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        path = (page.parent / file).resolve() if file else page
        if not path.exists() or (anchor and path.suffix == ".md" and anchor not in anchors(path)):
            broken.append(target)
    assert broken == []


def test_every_page_is_reached_from_the_readme() -> None:
    reached: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached:
            continue
        reached.add(page)
        for target in links(page):
            path = (page.parent / target.partition("#")[0]).resolve()
            if path.is_dir():
                waiting += sorted(path.rglob("*.md"))
            elif path.suffix == ".md" and path.exists():
                waiting.append(path)
    assert [shown(page) for page in PAGES if page not in reached] == []


def test_pictures_are_small_and_said_in_words() -> None:
    shown_in = {(page.parent / file, told) for page in PAGES for told, file in re.findall(PICTURE, page.read_text())}
    assert {path for path, _ in shown_in} == set(DOCS.rglob("*.png")), "each is there, and none is left over"
    for path, told in shown_in:
        assert len(told.split()) > 3, "whoever cannot see it reads this"
        assert path.read_bytes().startswith(b"\x89PNG")
        assert path.stat().st_size < 200_000


def _first_sentence(module: Path) -> str:
    return (ast.get_docstring(tree(module)) or "").splitlines()[0]


def test_the_rooms_page_lists_every_room_with_its_own_sentence() -> None:
    told = {code(row[0]): row[1] for row in table_after(DOCS / "rooms.md", "table", "rooms")}
    found = {f"{path.parent.name}/": _first_sentence(path) for path in sorted(SOURCE.glob("*/__init__.py"))}
    found |= {path.name: _first_sentence(path) for path in SOURCE.glob("*.py") if path.name != "__init__.py"}
    assert told == found


def test_the_rooms_page_draws_the_layers_as_they_are_checked() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    layers = re.findall(r'^  "([^"]+)",$', text.partition("\nlayers = [")[2].partition("]")[0], re.MULTILINE)
    (drawn,) = marked(DOCS / "rooms.md", "layers")
    assert drawn.text.split("\n")[:-1] == layers


def _words_in_code() -> set[str]:
    found = set()
    for path in sorted([*(SOURCE / "words").glob("*.py"), *(SOURCE / "words" / "facts").glob("*.py")]):
        module = importlib.import_module(".".join(path.relative_to(SOURCE.parent).with_suffix("").parts))
        for name, value in vars(module).items():
            own = isinstance(value, type) and value.__module__ == module.__name__
            kinds = Enum | Exception | msgspec.Struct
            if own and not name.startswith("_") and issubclass(value, kinds):
                found.add(name)
    return found


def test_the_words_page_has_every_word_of_the_code() -> None:
    text = (DOCS / "words.md").read_text("utf-8")
    assert {name for name in _words_in_code() if f"`{name}`" not in text} == set()


def test_the_words_page_has_no_word_that_the_code_has_not() -> None:
    named = {
        name for row in table_after(DOCS / "words.md", "table", "words") for name in re.findall(r"`(\w+)`", row[3])
    }
    everywhere = {
        node.name for path in SOURCE.rglob("*.py") for node in ast.walk(tree(path)) if isinstance(node, ast.ClassDef)
    }
    assert named - everywhere == set()


@pytest.mark.parametrize("what", ["check", "message", "document", "command", "forge"])
def test_what_is_added_takes_four_files_that_are_there(what: str) -> None:
    files = [code(row[0]) for row in table_after(DOCS / "a-change.md", "table", f"by-hand {what}")]
    assert [file for file in files if not (ROOT / file).exists()] == []
    assert len(set(files)) == len(files) <= 4
    assert sum(file.startswith("tests/") for file in files) == 1, "its test is one of them"


FIELDS = [
    ("settings.md", "secrel.settings._Told"),
    ("settings.md", "secrel.settings._LocalForge"),
    ("settings.md", "secrel.settings._GitLab"),
    ("settings.md", "secrel.settings._Token"),
    ("gitlab.md", "secrel.adapters.gitlab.profile._Told"),
    ("gitlab.md", "secrel.adapters.gitlab.profile._OneEdition"),
    ("process-file.md", "secrel.process.table.Process"),
    ("process-file.md", "secrel.process.table.Phase"),
    ("process-file.md", "secrel.process.table.Gate"),
    ("process-file.md", "secrel.process.table.Defaults"),
    ("process-file.md", "secrel.words.releases.Product"),
    ("process-file.md", "secrel.roster.cadence.Monthly"),
    ("process-file.md", "secrel.roster.cadence.AroundThirdThursday"),
    ("release-file.md", "secrel.words.facts.stated.ReleaseFacts"),
    ("release-file.md", "secrel.words.facts.stated.FixFacts"),
    ("release-file.md", "secrel.words.facts.stated.Shipped"),
    ("release-file.md", "secrel.words.facts.stated.Dependency"),
    ("release-file.md", "secrel.words.facts.tables.SinceTold"),
    ("release-file.md", "secrel.words.facts.tables.SpanTold"),
    ("release-file.md", "secrel.words.advisories.BugFix"),
    ("release-file.md", "secrel.words.advisories.UpgradeNote"),
    ("release-file.md", "secrel.words.advisories.Credit"),
    ("release-file.md", "secrel.observe.release_file.EntryTold"),
    ("release-file.md", "secrel.observe.release_file.Branch"),
    ("stories.md", "secrel.rehearsal.story._StoryTold"),
    ("stories.md", "secrel.rehearsal.story._BesideTold"),
    ("stories.md", "secrel.rehearsal.story._FixTold"),
    ("stories.md", "secrel.rehearsal.events.EventTold"),
]
"""Pages with a table of fields, and the struct whose fields they are."""


def _struct(name: str) -> Any:
    module, _, kind = name.rpartition(".")
    return getattr(importlib.import_module(module), kind)


def _default(field: msgspec.structs.FieldInfo, kind: Any) -> str:
    if field.required or field.name in getattr(kind, "needs", ()):
        return "required"
    made = field.default if field.default is not msgspec.NODEFAULT else field.default_factory()
    if isinstance(made, Enum):
        return str(made.value)
    if isinstance(made, frozenset):
        return ", ".join(sorted(made))
    if isinstance(made, Hour):
        return made.wall.isoformat("minutes")
    return "" if made in ("", None, [], (), {}, 0) or isinstance(made, msgspec.Struct) else str(made)


@pytest.mark.parametrize(("page", "name"), FIELDS, ids=[f"{page} {name.rpartition('.')[2]}" for page, name in FIELDS])
def test_a_page_has_every_field_with_its_default(page: str, name: str) -> None:
    kind = _struct(name)
    told = {code(row[0]): code(row[1]) or row[1] for row in table_after(DOCS / page, "fields", name)}
    found = {field.encode_name: _default(field, kind) for field in msgspec.structs.fields(kind)}
    assert told == found


@pytest.mark.parametrize("section", ["projects", "channels", "labels", "people", "addresses", "cna"])
def test_the_page_of_the_process_file_has_every_name_of_the_generic_process(section: str) -> None:
    rows = table_after(DOCS / "process-file.md", "table", f"keys {section}")
    assert {code(row[0]): code(row[1]) for row in rows} == getattr(shipped("generic"), section)


def _as_toml(field: msgspec.structs.FieldInfo) -> str:
    if field.required:
        return field.name
    told = [] if field.default == () else field.default
    return f"{field.name} = {json.dumps(told)}"


def test_the_page_of_the_process_file_has_what_every_check_is_told() -> None:
    rows = table_after(DOCS / "process-file.md", "table", "params")
    told = {code(row[0]): re.findall(r"`([^`]+)`", row[1]) for row in rows}
    assert told == {name: [*map(_as_toml, msgspec.structs.fields(params_named(name)))] for name in check_names()}


def test_every_struct_that_people_write_has_its_table() -> None:
    listed = {name for _, name in FIELDS} | {"secrel.observe.release_file._Told"}
    for place in (
        "secrel.settings",
        "secrel.adapters.gitlab.profile",
        "secrel.process.table",
        "secrel.roster.cadence",
        "secrel.words.facts.stated",
        "secrel.words.facts.tables",
        "secrel.observe.release_file",
        "secrel.rehearsal.events",
        "secrel.rehearsal.story",
    ):
        module = importlib.import_module(place)
        own = {
            f"{place}.{name}"
            for name, value in vars(module).items()
            if isinstance(value, type) and issubclass(value, msgspec.Struct) and value.__module__ == place
            if value.__struct_config__.forbid_unknown_fields  # what people write is read strictly, our values are not
        }
        assert own - listed == set()


def test_the_stories_page_has_everything_that_can_happen() -> None:
    rows = table_after(DOCS / "stories.md", "table", "happenings")
    assert {code(row[0]): tuple(re.findall(r"`(\w+)`", row[1])) for row in rows} == HAPPENINGS


@pytest.mark.parametrize("page", PAGES, ids=shown)
def test_every_example_that_a_reader_may_copy_is_read(page: Path) -> None:
    for block in marked(page, "release-file"):
        assert read_release_file(block.text, "release.yaml", shipped(block.what or "gitlab")).fixes
    for block in marked(page, "story"):
        assert read_story(block.text, "story.yaml").fixes
    for block in marked(page, "team"):
        assert read_team(block.text, "team.toml").people
    for block in marked(page, "settings"):
        assert read_settings(Path("desk"), block.text).repositories


def test_decisions_are_numbered_and_listed() -> None:
    files = sorted((DOCS / "decisions").glob("[0-9]*.md"))
    assert [int(path.name[:4]) for path in files] == list(range(1, len(files) + 1))
    listed = links(DOCS / "decisions" / "index.md")
    assert [target for target in listed if target[:1].isdigit()] == [path.name for path in files]
    for path in files:
        text = path.read_text("utf-8")
        assert re.match(rf"# {int(path.name[:4])}\. .+\n\n(?:Accepted|Replaced by [^\n]+), 20\d\d-\d\d\.\n", text)
