from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs
from msgspec.structs import replace

from secrel.evaluate.registry import shipped
from secrel.faces.flowchart import mermaid
from secrel.process.reading import BUILTIN_NAMES
from secrel.process.table import Phase, Process
from tests.faces.terminal.scene import HOSTILE, a_process, an_assessment

SUBGRAPH = re.compile(r'  subgraph p\d+\["[^"]*"\]')
NODE = re.compile(r'    (g\d+)\["[^"]*"\](?::::(?:passed|blocked|waiting|waived|unseen))?')
ARROW = re.compile(r"  (g\d+) --> (g\d+)")
CLASS = re.compile(r"  classDef (?:passed|blocked|waiting|waived|unseen) [\w:#,. -]+")
PARSER = """
import { JSDOM } from 'jsdom';
import { readFileSync } from 'node:fs';
const dom = new JSDOM('');
globalThis.window = dom.window;
globalThis.document = dom.window.document;
const mermaid = (await import('mermaid')).default;
for (const text of JSON.parse(readFileSync(0, 'utf8'))) await mermaid.parse(text);
console.log('parsed');
"""


def nodes_of(text: str) -> list[str]:
    """The nodes of a flowchart, once every line of it is one of those that we mean to write."""
    first, *lines = text.splitlines()
    assert first == "flowchart TD"
    found = [match[1] for line in lines if (match := NODE.fullmatch(line))]
    for line in lines:
        arrow = ARROW.fullmatch(line)
        assert arrow or line == "  end" or any(kind.fullmatch(line) for kind in (SUBGRAPH, NODE, CLASS)), line
        assert not arrow or {arrow[1], arrow[2]} <= set(found)
    assert sum(bool(SUBGRAPH.fullmatch(line)) for line in lines) == lines.count("  end")
    return found


def hostile(text: str) -> Process:
    process = a_process()
    return structs.replace(
        process,
        phases=(Phase("fixes", text), *process.phases[1:]),
        gates=tuple(structs.replace(gate, title=text) for gate in process.gates),
    )


def test_every_gate_is_a_node_and_every_after_an_arrow() -> None:
    text = mermaid(a_process())
    assert len(nodes_of(text)) == len(a_process().gates)
    assert text.count("-->") == sum(len(gate.after) for gate in a_process().gates)
    assert "classDef" not in text


def test_verdicts_are_words_and_signs_and_styles() -> None:
    text = mermaid(a_process(), an_assessment())
    nodes_of(text)
    assert 'g2["✗ Every merge request is ready<br/>blocked, developers"]:::blocked' in text
    assert 'g3["~ No fix came late<br/>waived"]:::waived' in text
    assert text.count("classDef") == 5


def test_a_gate_that_the_release_has_not_is_left_out_and_its_neighbours_joined() -> None:
    judged = an_assessment()
    some = replace(judged, gates=tuple(j for j in judged.gates if j.gate.name not in {"draft", "public"}))
    text = mermaid(a_process(), some)
    assert len(nodes_of(text)) == 6
    assert "After the announcement" not in text
    assert "g2 --> g5" in text
    assert "g4 --> g5" in text
    assert "The draft post" not in text


@given(st.text() | st.just(HOSTILE))
@settings(max_examples=80, deadline=None)
def test_no_title_leaves_its_label(text: str) -> None:
    assert len(nodes_of(mermaid(hostile(text), an_assessment()))) == 8
    assert len(nodes_of(mermaid(hostile(text)))) == 8
    assert "`" not in mermaid(hostile(text))
    assert "%%" not in mermaid(hostile(text))


def test_the_real_parser_reads_every_chart() -> None:
    modules = Path(os.environ.get("MERMAID_MODULES", "node_modules")).resolve()
    node = shutil.which("node")
    if node is None or not (modules / "mermaid").is_dir() or not (modules / "jsdom").is_dir():
        pytest.skip("mermaid absent: no node with mermaid and jsdom in MERMAID_MODULES; only the structure was checked")
    charts = [mermaid(a_process()), mermaid(a_process(), an_assessment()), mermaid(hostile(HOSTILE), an_assessment())]
    charts += [
        mermaid(hostile(text)) for text in ("end", "1. one", "- two", "<b>", "a;b", "", "漢字", "#quot;", "a_b *c*")
    ]
    charts += [mermaid(shipped(name)) for name in BUILTIN_NAMES]
    parser = modules.parent / "parse-charts.mjs"
    parser.write_text(PARSER)
    run = subprocess.run(
        [node, str(parser)], input=json.dumps(charts), capture_output=True, text=True, check=False, cwd=modules.parent
    )
    assert run.stdout.strip() == "parsed", run.stderr
