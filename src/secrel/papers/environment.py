"""Templates: named texts that a desk may replace, filled in without being able to do anything else.

A template is text and not a program: it runs in Jinja's sandbox, an undefined name stops it, and every value it
prints is made safe for the kind of document, which the name's ending tells:

- `NAME.md.j2`: values become plain words in Markdown (`secrel.papers.text.markdown_text`);
- `NAME.html.j2`: values are escaped for HTML;
- `NAME.txt.j2`: values are brought to one line without unseen characters.

Only what the program marked as ready (`markupsafe.Markup`, `secrel.papers.text.Markdown`) is printed as it is; no
template can mark anything so: the filters are the few below.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable

from jinja2 import FunctionLoader, StrictUndefined, TemplateError, TemplateSyntaxError, nodes
from markupsafe import Markup

from secrel.papers.bounds import Bounded, bounded, spend_text
from secrel.papers.text import Markdown, html_text, markdown_text, one_line
from secrel.words.errors import Misused
from secrel.words.patterns import pattern

_FILTERS = frozenset(
    {"abs", "capitalize", "count", "d", "default", "first", "groupby", "last", "length", "list", "lower", "map"}
    | {"reject", "rejectattr", "reverse", "round", "select", "selectattr", "sort", "title", "trim", "unique", "upper"}
)
_GLOBALS = frozenset({"range", "dict", "cycler", "joiner", "namespace"})
_FAULTS = (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError, RecursionError)
_NAME = pattern(r"(?:[^/]+/)*[^/]+\.(md|html|txt)\.j2")
_REMEDY = "correct the template, or take your copy away to use the one that ships"

_Safe = Callable[[object], Markup]


class Templates:
    """A set of named texts, and their rendering; never changed once made, so it is shared and passed as a value."""

    def __init__(self, texts: Mapping[str, str], *, where: str = "templates") -> None:
        """Keep `texts` by name; `where` is the place that messages name, such as the folder they came from."""
        self.texts = dict(texts)
        self.where = where
        self._checked: set[tuple[str, frozenset[str]]] = set()

    @classmethod
    def shipped(cls, package: str, *, overrides: Mapping[str, str] | None = None) -> Templates:
        """Read every text (`*.j2`, `*.toml`) inside the folder of `package`; `overrides` win over them, by name.

        Names are paths inside that folder, with `/`. Raises `Misused` for an override whose name ships nowhere and
        belongs to no folder of its own: it would never be used, and most likely is misspelt.
        """
        own = _shipped(files(package), "")
        for name in overrides or {}:
            if "/" not in name and name not in own:
                known = ", ".join(sorted(own))
                raise Misused(f"no template is named {name!r}", where=package, remedy=f"name it as one of: {known}")
        return cls({**own, **(overrides or {})}, where=f"templates of {package}")

    @property
    def answers_by(self) -> object:
        """What texts that are made with it depend on, for `secrel.answers`."""
        return self.where, self.texts

    def text(self, name: str) -> str:
        """Give one text as it is; raises `Misused` when there is none of that name."""
        if name not in self.texts:
            raise Misused(f"there is no text named {name!r}", where=self.where, remedy=f"add the file {name}")
        return self.texts[name]

    def render(self, name: str, values: Mapping[str, object]) -> str:
        """Fill in one template.

        Raises `Misused`, with the template's name and line, for a template that is missing or malformed, uses a name
        that is not in `values`, or asks for what the sandbox forbids.
        """
        kind = _NAME.fullmatch(name)
        if kind is None:
            raise Misused(
                f"{name!r} is not a template's name",
                where=self.where,
                remedy="end it in .md.j2, .html.j2 or .txt.j2, so that its values are made safe for that document",
            )
        environment = self._environments[kind[1]]
        try:
            self._check(environment, name, frozenset(values))
            with bounded():
                return environment.get_template(name).render(values)
        except _FAULTS as fault:
            raise self._misused(name, fault) from fault

    @cached_property
    def _environments(self) -> dict[str, Bounded]:
        return {kind: _environment(FunctionLoader(self._source), safe) for kind, safe in _SAFE.items()}

    def _source(self, name: str) -> tuple[str, str, Callable[[], bool]] | None:
        # the file's name is the template's, so that a traceback tells which line of which template it was
        return (self.texts[name], name, lambda: True) if name in self.texts else None

    def _check(self, environment: Bounded, name: str, given: frozenset[str]) -> None:
        """Refuse undefined names everywhere, also in a branch that this release does not take."""
        if (name, given) in self._checked:
            return
        tree = environment.parse(self.text(name), name, name)
        found = list(tree.find_all(_TELLING))  # once: walking a tree takes longer than anything else in here
        known = given | _made(found) | environment.globals.keys()
        for node in found:
            if isinstance(node, nodes.Name) and node.ctx == "load" and node.name not in known:
                raise Misused(f"{node.name!r} is undefined", where=f"{name}:{node.lineno}", remedy=_REMEDY)
        for piece in found:
            if isinstance(piece, nodes.Concat):
                remedy = "write the pieces beside each other, each in its own braces"
                where = f"{name}:{piece.lineno}"
                raise Misused("`~` joins ready text with text that is not", where=where, remedy=remedy)
        self._checked.add((name, given))

    def _misused(self, name: str, fault: Exception) -> Misused:
        place = (fault.name or name, fault.lineno) if isinstance(fault, TemplateSyntaxError) else self._place(fault)
        # only the template's own faults are quoted: others may carry the values they stumbled over
        what = str(fault.message) if isinstance(fault, TemplateError) else type(fault).__name__
        where = f"{place[0]}:{place[1]}" if place else name
        return Misused(f"the template cannot be filled in: {what}", where=where, remedy=_REMEDY)

    def _place(self, fault: Exception) -> tuple[str, int] | None:
        found, trace = None, fault.__traceback__
        while trace is not None:
            file = trace.tb_frame.f_code.co_filename
            found = (file, trace.tb_lineno) if file in self.texts else found
            trace = trace.tb_next
        return found


def _shipped(folder: Traversable, prefix: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for item in folder.iterdir():
        if item.is_dir():
            found |= _shipped(item, f"{prefix}{item.name}/")
        elif item.name.endswith((".j2", ".toml")):
            found[prefix + item.name] = item.read_text("utf-8")
    return found


_TELLING = (nodes.Name, nodes.Macro, nodes.Import, nodes.FromImport, nodes.Concat)


def _made(found: Iterable[nodes.Node]) -> set[str]:
    """Names that the template itself makes: by set and for, by macros, by imports."""
    names = {"loop", "caller", "varargs", "kwargs", "self"}
    for node in found:
        match node:
            case nodes.Name() if node.ctx != "load":
                names.add(node.name)
            case nodes.Macro():
                names.add(node.name)
            case nodes.Import():
                names.add(node.target)
            case nodes.FromImport():
                names |= {name[1] if isinstance(name, tuple) else name for name in node.names}
    return names


def _for_markdown(value: object) -> Markup:
    return value if isinstance(value, Markup) else markdown_text(str(value))


def _for_html(value: object) -> Markup:
    return value if isinstance(value, Markup) and not isinstance(value, Markdown) else html_text(str(value))


def _for_plain_text(value: object) -> Markup:
    return value if isinstance(value, Markup) else Markup(one_line(str(value)))  # noqa: S704 - plain text has no tags


_SAFE: Mapping[str, _Safe] = {"md": _for_markdown, "html": _for_html, "txt": _for_plain_text}


def _environment(loader: FunctionLoader, safe: _Safe) -> Bounded:
    # autoescape stays on for every kind: it is what makes the output of a macro ready text
    def paid(value: object) -> Markup:
        text = safe(value)
        spend_text(text)
        return text

    environment = Bounded(
        loader=loader, undefined=StrictUndefined, autoescape=True, finalize=paid, trim_blocks=True, lstrip_blocks=True
    )

    def safely_joined(items: Iterable[object], by: str = ", ") -> Markup:
        # the blanks around a separator are its own, and would be lost in bringing it to one line
        edges = [by[: len(by) - len(by.lstrip())], by[len(by.rstrip()) :] if by.strip() else ""]
        return (Markup(edges[0]) + safe(by) + Markup(edges[1])).join(safe(item) for item in items)  # noqa: S704 - blanks

    environment.keep_trailing_newline = True
    kept = {name: work for name, work in environment.filters.items() if name in _FILTERS}
    environment.filters = {**kept, "join": safely_joined}
    environment.globals = {name: value for name, value in environment.globals.items() if name in _GLOBALS}
    environment.pay()
    return environment
