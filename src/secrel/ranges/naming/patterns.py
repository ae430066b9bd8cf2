r"""Patterns for tag names that cannot run away: a small part of regular expressions, matched in linear time.

A user's pattern is read here and run as a set of states that step through the name together (Thompson's construction),
so that no pattern, however nested, takes longer than its size times the name's length. Understood: plain characters,
`.`, `\d`, `\w`, escaped signs, `[a-z]` and `[^a-z]`, `( )`, `(?: )`, `(?P<name> )`, `|`, `?`, `*`, `+`, `{m,n}`, and
`^` and `$` at the two ends. Patterns are anchored whether or not they say so. Greedy or not makes no difference here to
what matches, and the longest reading wins.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping

from msgspec import Struct, field

from secrel.words.errors import Misused

_LONGEST_PATTERN = 300
_LONGEST_NAME = 250
_MOST_STEPS = 5_000  # size of the compiled pattern
_MOST_REPEATS = 99
_DIGITS = frozenset(string.digits)
_WORD = frozenset(string.ascii_letters + string.digits + "_")
_REPEATS = {"?": (0, 1), "*": (0, None), "+": (1, None)}

Accepts = Callable[[str], bool]


class _Step(Struct, frozen=True):
    """One instruction: take a character, note a place for a group's mark, or go on in one or two places."""

    takes: Accepts | None = None
    mark: str = ""
    goes: tuple[int, ...] = ()


class Pattern(Struct, frozen=True):
    """A compiled pattern."""

    text: str
    steps: tuple[_Step, ...]

    def match(self, name: str) -> Mapping[str, str] | None:
        """Match the whole of `name`: the text of each group by its name or number, or None."""
        if len(name) > _LONGEST_NAME:
            return None
        threads = self._spread([(0, ())], 0)
        for place, character in enumerate(name):
            threads = self._spread([(s + 1, marks) for s, marks in threads if self._takes(s, character)], place + 1)
            if not threads:
                return None
        ends = [marks for step, marks in threads if step == len(self.steps)]
        return _groups(name, ends[0]) if ends else None

    def _takes(self, step: int, character: str) -> bool:
        takes = self.steps[step].takes if step < len(self.steps) else None
        return takes is not None and takes(character)

    def _spread(
        self, threads: list[tuple[int, tuple[tuple[str, int], ...]]], place: int
    ) -> list[tuple[int, tuple[tuple[str, int], ...]]]:
        """Follow every step that takes no character; the first thread to reach a step keeps it."""
        found: dict[int, tuple[tuple[str, int], ...]] = {}
        waiting = threads[::-1]
        while waiting:
            step, marks = waiting.pop()
            if step in found:
                continue
            found[step] = marks
            if step == len(self.steps) or self.steps[step].takes:
                continue
            mark = self.steps[step].mark
            after = (*(m for m in marks if m[0] != mark), (mark, place)) if mark else marks
            waiting.extend((target, after) for target in reversed(self.steps[step].goes or (step + 1,)))
        return list(found.items())


def _groups(name: str, marks: tuple[tuple[str, int], ...]) -> Mapping[str, str]:
    places = dict(marks)
    return {
        mark[1:]: name[start : places[f">{mark[1:]}"]]
        for mark, start in marks
        if mark[0] == "<" and places.get(f">{mark[1:]}", -1) >= start
    }


def compiled(text: str) -> Pattern:
    """Compile a pattern; raises `Misused` for one that is malformed, too long, or beyond the part understood here."""
    if len(text) > _LONGEST_PATTERN:
        raise Misused(f"the tag pattern is longer than {_LONGEST_PATTERN} characters", remedy="write a shorter one")
    reader = _Reader(text.removeprefix("^"))
    if reader.text.endswith("$") and not reader.text.endswith("\\$"):
        reader.text = reader.text[:-1]
    steps = reader.alternatives()
    if reader.at < len(reader.text):
        raise reader.fault("there is a ) too many")
    return Pattern(text, tuple(steps))


class _Reader(Struct):
    """Reads a pattern from left to right into steps whose targets count from the start of their own list."""

    text: str
    at: int = 0
    groups: int = 0
    depth: int = 0
    names: set[str] = field(default_factory=set)

    def fault(self, what: str) -> Misused:
        return Misused(
            f"the tag pattern cannot be read at character {self.at + 1}: {what}",
            where=repr(self.text[:80]),
            remedy="see what is understood of them (secrel manual affected), or write {version}",
        )

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def alternatives(self) -> list[_Step]:
        self.depth += 1
        if self.depth > _MOST_REPEATS:
            raise self.fault("it is nested too deeply")
        steps = self.sequence()
        while self.peek() == "|":
            self.at += 1
            other = self.sequence()
            skip = len(steps) + 2
            steps = [
                _Step(goes=(1, skip)),
                *_moved(steps, 1),
                _Step(goes=(skip + len(other),)),
                *_moved(other, skip),
            ]
            self.bounded(steps)
        self.depth -= 1
        return steps

    def sequence(self) -> list[_Step]:
        steps: list[_Step] = []
        while (sign := self.peek()) and sign not in "|)":
            steps += _moved(self.repeated(self.atom()), len(steps))
            self.bounded(steps)
        return steps

    def bounded(self, steps: list[_Step]) -> None:
        if len(steps) > _MOST_STEPS:
            raise self.fault("it repeats too much")

    def repeated(self, one: list[_Step]) -> list[_Step]:
        while (sign := self.peek()) in _REPEATS or sign == "{":
            low, high = _REPEATS[sign] if sign in _REPEATS else self.counts()
            self.at += sign in _REPEATS
            if sign != "{" and self.peek() and self.peek() in "?+":
                self.at += 1
            many = [step for time in range(low) for step in _moved(one, time * len(one))]
            if high is None:
                many += _moved([_Step(goes=(1, len(one) + 2)), *_moved(one, 1), _Step(goes=(0,))], len(many))
            else:
                for _ in range(high - low):
                    many += _moved([_Step(goes=(1, len(one) + 1)), *_moved(one, 1)], len(many))
            one = many
            self.bounded(one)
        return one

    def counts(self) -> tuple[int, int | None]:
        inside, closed, _ = self.text[self.at + 1 :].partition("}")
        low, comma, high = inside.partition(",")
        if not closed or not low.isdigit() or (high and not high.isdigit()):
            raise self.fault("a { must be part of {version}, {3} or {1,3}")
        numbers = int(low), int(high) if high else None if comma else int(low)
        if max(numbers[0], numbers[1] or 0) > _MOST_REPEATS or (numbers[1] is not None and numbers[1] < numbers[0]):
            raise self.fault(f"a repeat is from 0 to {_MOST_REPEATS} times")
        self.at += len(inside) + 2
        return numbers

    def atom(self) -> list[_Step]:
        sign = self.peek()
        self.at += 1
        if sign == "(":
            return self.group()
        if sign == "[":
            return [_Step(takes=self.characters())]
        if sign == ".":
            return [_Step(takes=lambda _: True)]
        if sign == "\\":
            return [_Step(takes=self.escaped().__contains__)]
        if sign in "*+?{}^$":
            self.at -= 1
            raise self.fault(f"{sign} has nothing to stand on here")
        return [_Step(takes=sign.__eq__)]

    def escaped(self) -> frozenset[str]:
        sign = self.peek()
        self.at += 1
        if sign in ("d", "w"):
            return _DIGITS if sign == "d" else _WORD
        if not sign or sign in _WORD:
            raise self.fault("only \\d, \\w and escaped signs are understood")
        return frozenset(sign)

    def characters(self) -> Accepts:
        others = self.peek() == "^"
        self.at += others
        found: set[str] = set()
        first = True
        while (sign := self.peek()) and (sign != "]" or first):
            first = False
            self.at += 1
            if sign == "\\":
                found |= self.escaped()
            elif self.peek() == "-" and self.text[self.at + 1 : self.at + 2] not in ("", "]"):
                found |= {chr(code) for code in range(ord(sign), min(ord(self.text[self.at + 1]), 0xFFFF) + 1)}
                self.at += 2
            else:
                found.add(sign)
        if not sign:
            raise self.fault("a [ is not closed")
        self.at += 1
        members = frozenset(found)
        return (lambda character: character not in members) if others else members.__contains__

    def group(self) -> list[_Step]:
        name = ""
        if self.text.startswith("?:", self.at):
            self.at += 2
        elif self.text.startswith("?P<", self.at):
            name, closed, _ = self.text[self.at + 3 :].partition(">")
            if not closed or not name.isidentifier() or name in self.names:
                raise self.fault("a group needs a name of its own, such as (?P<version> )")
            self.at += len(name) + 4
        elif self.peek() == "?":
            raise self.fault("of groups only ( ), (?: ) and (?P<name> ) are understood")
        else:
            self.groups += 1
            name = str(self.groups)
        self.names.add(name)
        inner = self.alternatives()
        if self.peek() != ")":
            raise self.fault("a ( is not closed")
        self.at += 1
        if not name:
            return inner
        return [_Step(mark=f"<{name}"), *_moved(inner, 1), _Step(mark=f">{name}")]


def _moved(steps: list[_Step], by: int) -> list[_Step]:
    return [_Step(step.takes, step.mark, tuple(target + by for target in step.goes)) for step in steps]
