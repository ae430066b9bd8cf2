"""Bounds for templates that somebody else wrote: so many steps and so much text, and then it stops; no clock is read.

Every turn of a loop, every call, every operation, every text that is taken in and every item that a filter or a list
goes through is a step, and long texts count as many.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, cast

from jinja2 import Template, TemplateRuntimeError, TemplateSyntaxError, nodes, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

MOST_STEPS = 100_000
"""How many steps one document may take: a release of a thousand fixes takes a tenth of it."""
LARGEST = 5_000_000
"""How many characters a document may have, and any text or number on the way to it."""
_A_STEP = 100
"""How many characters count as a step."""
_LONGEST_RANGE = 10_000
_METHODS = frozenset({"endswith", "isdigit", "lower", "lstrip", "rstrip", "startswith", "strip", "title", "upper"})
_COUNTED, _CHARGED = "secrel_counted", "secrel_charged"
_left: ContextVar[list[int]] = ContextVar("steps that are left")


@contextmanager
def bounded() -> Iterator[None]:
    """Fill in one document within the bounds; what goes on for longer raises Jinja's `TemplateRuntimeError`."""
    token = _left.set([MOST_STEPS])
    try:
        yield
    finally:
        _left.reset(token)


def spend(steps: int) -> None:
    """Take steps; raises `TemplateRuntimeError` when there are none left."""
    left = _left.get(None)
    if left is None:
        return  # a template is being compiled
    left[0] -= steps
    if left[0] < 0:
        raise TemplateRuntimeError(f"it takes more than {MOST_STEPS:,} steps")


def spend_text(text: str) -> None:
    """Take the steps that a text costs."""
    _refuse_large(len(text))
    spend(1 + len(text) // _A_STEP)


def _refuse_large(size: int) -> None:
    if size > LARGEST:
        raise TemplateRuntimeError(f"it makes a text of more than {LARGEST:,} characters")


def _charge(value: object) -> None:
    """Take a step for every item of a value, and of the values in it."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            spend_text(one)
        elif isinstance(one, list | tuple | set | frozenset):
            spend(1 + len(one))
            waiting.extend(one)
        elif isinstance(one, Mapping):
            spend(1 + len(one))
            waiting.extend(one.values())
        else:
            spend(1)


def _turns(items: Iterable[Any], cost: int) -> Iterator[Any]:
    for item in items:
        spend(cost)
        yield item


@pass_context
def _counted(_context: Context, items: Iterable[Any], cost: int) -> Iterator[Any]:
    return _turns(items, cost)


@pass_context
def _charged(_context: Context, value: Any) -> Any:
    _charge(value)
    return value


def _paid(work: Callable[..., Any]) -> Callable[..., Any]:
    """Let a filter pay for what it goes through."""
    place = 1 if hasattr(work, "jinja_pass_arg") else 0

    @wraps(work)
    def paying(*given: Any, **named: Any) -> Any:
        value = given[place]
        if isinstance(value, Sized):
            spend(1 + len(value) // (_A_STEP if isinstance(value, str) else 1))
        elif isinstance(value, Iterator):
            given = (*given[:place], _turns(value, 1), *given[place + 1 :])
        return work(*given, **named)

    return paying


def short_range(*ends: int) -> range:
    """Give a range that is not too long to be kept."""
    made = range(*ends)
    if len(made) > _LONGEST_RANGE:
        raise TemplateRuntimeError(f"a range has at most {_LONGEST_RANGE:,} numbers")
    return made


class Bounded(ImmutableSandboxedEnvironment):
    """A sandbox in which everything that can be repeated costs steps."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

    def pay(self) -> None:
        """Make its filters pay, once they are those that a template may use; `range` gets short."""
        self.filters = {name: _paid(work) for name, work in self.filters.items()}
        self.filters |= {_COUNTED: _counted, _CHARGED: _charged}
        self.globals["range"] = short_range

    def __init__(self, **options: Any) -> None:
        """Make it with the options of an environment of Jinja's."""
        super().__init__(**options)
        self._read: dict[tuple[str, str | None], nodes.Template] = {}

    def parse(self, source: str, name: str | None = None, filename: str | None = None) -> nodes.Template:
        """Give a template's tree, and keep it for compiling: reading a template is half of the work of a first use."""
        tree = self._read[source, name] = super().parse(source, name, filename)
        return tree

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        if (read := self._read.pop((source, name), None)) is not None:
            return read
        tree = super()._parse(source, name, filename)
        for loop in tree.find_all(nodes.For):
            if loop.recursive:
                raise TemplateSyntaxError("a loop cannot call itself", loop.lineno, name, filename)
        paying: nodes.Template = _Paying().visit(tree)
        paying.set_environment(self)
        return paying

    def call(self, context: Context, obj: Any, /, *given: Any, **named: Any) -> Any:
        """Call something for a template; what it gives costs what it is."""
        spend(1)
        made = super().call(context, obj, *given, **named)
        _charge(made)
        return made

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Carry out an operation, unless it would make something huge."""
        spend(1)
        sizes = [_size(left), _size(right)]
        if operator == "%" and isinstance(left, str):
            raise TemplateRuntimeError("texts are not filled in with `%`")
        if operator in ("*", "**"):
            _refuse_large(_product(operator, left, right, sizes))
        made = super().call_binop(context, operator, left, right)
        if not isinstance(made, int | float):
            _charge(made)
        return made

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether a template may use an attribute: of a text, only what makes no longer one."""
        return super().is_safe_attribute(obj, attr, value) and not (isinstance(obj, str) and attr not in _METHODS)

    def wrap_str_format(self, value: Any) -> None:
        """Give no way to fill in a text with `format`, whose widths are not bounded."""

    def get_template(self, *given: Any, **named: Any) -> Template:
        """Give another template; taking one in is a step."""
        spend(1)
        return super().get_template(*given, **named)


def _size(value: object) -> int:
    """Give how much there is of a value: characters, items, or figures in base 2."""
    if isinstance(value, int):
        return value.bit_length()
    return len(value) if isinstance(value, Sized) else 1


def _product(operator: str, left: object, right: object, sizes: list[int]) -> int:
    """Give how large a product or a power can get, in characters, items or figures."""
    numbers = [value for value in (left, right) if isinstance(value, int)]
    if operator == "**":
        return sizes[0] * abs(right) if isinstance(right, int) else 1
    if len(numbers) == 1:  # so many times a text or a list
        return numbers[0] * max(
            size for size, value in zip(sizes, (left, right), strict=True) if value is not numbers[0]
        )
    return sum(sizes)


class _Paying(NodeTransformer):
    """Puts a payment where a template goes through something, or makes a list."""

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802 - Jinja's own names
        said = sum(len(text.data) for text in node.find_all(nodes.TemplateData))
        self.generic_visit(node)
        node.iter = _through(_COUNTED, node.iter, nodes.Const(1 + said // _A_STEP))
        return node

    def visit_Operand(self, node: nodes.Operand) -> nodes.Node:  # noqa: N802 - likewise
        self.generic_visit(node)
        if node.op in ("in", "notin"):
            node.expr = _through(_CHARGED, node.expr)
        return node

    def visit_List(self, node: nodes.List) -> nodes.Node:  # noqa: N802 - likewise
        self.generic_visit(node)
        return _through(_CHARGED, node)

    def visit_Dict(self, node: nodes.Dict) -> nodes.Node:  # noqa: N802 - likewise
        self.generic_visit(node)
        return _through(_CHARGED, node)

    def visit_Tuple(self, node: nodes.Tuple) -> nodes.Node:  # noqa: N802 - likewise
        self.generic_visit(node)
        return _through(_CHARGED, node) if node.ctx == "load" else node


def _through(work: str, value: nodes.Node, *more: nodes.Expr) -> nodes.Expr:
    return nodes.Filter(cast("nodes.Expr", value), work, list(more), [], None, None, lineno=value.lineno)
