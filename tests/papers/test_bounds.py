"""Templates of somebody's own: what would go on for hours, or fill the memory, stops and says where."""

from __future__ import annotations

import pytest

from secrel.papers.bounds import LARGEST, MOST_STEPS, short_range, spend
from secrel.papers.environment import Templates
from secrel.words.errors import Misused

STEPS = f"it takes more than {MOST_STEPS:,} steps"
LARGE = f"it makes a text of more than {LARGEST:,} characters"
MANY = "{% set many = range(9999)|list %}{% set again = namespace(x='x', n=9, l=[1]) %}"
HOSTILE = [
    (MANY + "{% for a in many %}{% for b in many %}{% for c in [b] %}{% endfor %}{% endfor %}{% endfor %}", STEPS),
    ("{% macro m(n) %}{% if n > 0 %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(60) }}", STEPS),
    (MANY + "{% for i in many %}{% if -1 in many %}{% endif %}{% endfor %}", STEPS),
    (MANY + "{% for i in many %}{{ many|sort|length }}{% endfor %}", STEPS),
    (MANY + "{% for i in many %}{{ many|map('abs')|list|length }}{% endfor %}", STEPS),
    (MANY + "{% for i in many %}{% set x = many + many %}{% endfor %}", STEPS),
    (MANY + "{% for i in range(60) %}{% set again.l = [again.l, again.l] %}{% endfor %}{{ again.l }}", STEPS),
    (MANY + "{% for i in range(60) %}{% set again.l = (again.l, again.l) %}{% endfor %}{{ again.l }}", STEPS),
    (MANY + "{% for i in range(60) %}{% set again.l = {'a': again.l, 'b': again.l} %}{% endfor %}{{ again.l }}", STEPS),
    ("{% for i in range(9999) %}" + "y" * 9_000 + "{% endfor %}", STEPS),
    ("{% set t = 'y' * 4000000 %}{% for i in range(99) %}{{ t }}{% endfor %}", STEPS),
    (MANY + "{% for i in range(60) %}{% set again.x = again.x + again.x %}{% endfor %}", LARGE),
    (MANY + "{% for i in range(60) %}{% set again.n = again.n * again.n %}{% endfor %}", LARGE),
    ("{{ 'x' * 1000000000 }}", LARGE),
    ("{{ 1000000000 * 'x' }}", LARGE),
    ("{{ [1] * 1000000000 }}", LARGE),
    ("{{ 2 ** 1000000000 }}", LARGE),
    ("{{ range(1000000000) }}", "a range has at most 10,000 numbers"),
    ("{{ '%1000000000d' % 1 }}", "texts are not filled in with `%`"),
    ("{{ '{:1000000000}'.format(1) }}", "unsafe"),
    ("{{ 'x'.ljust(1000000000) }}", "unsafe"),
    ("{{ 'x'.replace('x', 'xx') }}", "unsafe"),
    ("{% for i in [1] recursive %}{{ loop([1]) }}{% endfor %}", "a loop cannot call itself"),
    ("{% include 'p.txt.j2' %}", "RecursionError"),
]


@pytest.mark.parametrize(("text", "said"), HOSTILE)
def test_what_would_not_end_or_not_fit_is_refused_where_it_stands(text: str, said: str) -> None:
    with pytest.raises(Misused) as told:
        Templates({"p.txt.j2": text}).render("p.txt.j2", {})
    assert said in told.value.what
    assert told.value.where == "p.txt.j2:1"


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("{% for a, b in [(1, 2)] %}{{ loop.last }}{{ a + b * 2 ** 3 - 1 }}{% endfor %}", "True16"),
        ("{{ 1.5 * 2 }} {{ 2 ** 0.5 > 1 }} {{ 7 // 2 }} {{ 7 % 2 }} {{ 1 / 2 }}", "3.0 True 3 1 0.5"),
        ("{{ 'ab' * 2 }}{{ 'A'.lower() }}{% if 'a' in 'abc' and 'x' not in ['y'] %}yes{% endif %}", "ababayes"),
        ("{{ ['b', 'a']|sort|join('-') }} {{ [3, 1]|map('abs')|list|length }} {{ 'abc'|upper }}", "a-b 2 ABC"),
        ("{% for i in range(3) %}{{ loop.length }}{% endfor %}{{ dict(a={'b': 1}).a.b }}", "3331"),
        ("{% set x = namespace(n=1) %}{% for i in range(9) %}{% set x.n = x.n + i %}{% endfor %}{{ x.n }}", "37"),
        ("{{ range(5)|select('odd')|list|length }}{{ names|groupby('size')|length }}", "21"),
    ],
)
def test_what_templates_do_is_done_as_before(text: str, made: str) -> None:
    class Named:
        size = 3

    assert Templates({"p.txt.j2": text}).render("p.txt.j2", {"names": [Named(), Named()]}) == made


def test_a_post_of_a_thousand_fixes_fits() -> None:
    row = "{% for fix in fixes %}## {{ fix.title }}\n\n{{ fix.text }}\n{% endfor %}"
    fixes = [{"title": f"Fix {number}", "text": "A sentence. " * 40} for number in range(1_000)]
    assert Templates({"p.txt.j2": row}).render("p.txt.j2", {"fixes": fixes}).count("## ") == 1_000


def test_each_document_has_its_own_steps_and_none_are_taken_outside() -> None:
    texts = Templates({"p.txt.j2": "{% for i in range(9999) %}{% endfor %}done"})
    assert [texts.render("p.txt.j2", {}) for _ in range(20)] == ["done"] * 20
    spend(10 * MOST_STEPS)
    assert list(short_range(2, 5)) == [2, 3, 4]
