"""The second half of `make lock`: every lock has a wheel for every machine, and what the distributions say is kept."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from tests.house.locked import PYTHONS, Facts, Line, machines, read_lock, written_facts

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")
FACTS = "requirements.facts.toml"
_OURS = (sys.executable, "-m")
_EXACTLY = ("--dry-run", "--no-deps", "--only-binary", ":all:")
_PLATFORMS = {
    "x86_64-unknown-linux-gnu": ("Linux x86_64", "manylinux_2_28_x86_64", "manylinux2014_x86_64"),
    "aarch64-unknown-linux-gnu": ("Linux aarch64", "manylinux_2_28_aarch64", "manylinux2014_aarch64"),
    "x86_64-apple-darwin": ("macOS x86_64", "macosx_14_0_x86_64"),
    "aarch64-apple-darwin": ("macOS arm64", "macosx_14_0_arm64"),
    "x86_64-pc-windows-msvc": ("Windows AMD64", "win_amd64"),
    "aarch64-pc-windows-msvc": ("Windows ARM64", "win_arm64"),
}
"""What uv calls each system, what we call it, and wheels that pip may take to read what they say."""


def look_for_wheels(lock: str) -> None:
    """Let uv say whether a lock can be installed on every machine; ends in uv's words where it can not."""
    for platform in _PLATFORMS:
        for python in PYTHONS:
            words = ["pip", "install", "--quiet", *_EXACTLY, "--require-hashes", "--target", "build/nowhere"]
            words += ["--python-platform", platform, "--python-version", python, "-r", lock]
            if subprocess.run([*_OURS, "uv", *words], cwd=ROOT, check=False).returncode:
                sys.exit(f"{lock} cannot be installed with Python {python} on {platform}: lock another version")


def _reported(lines: Iterable[Line], python: str, tags: Iterable[str]) -> list[dict[str, Any]]:
    names = [f"{line.name}=={line.version}" for line in lines]
    platforms = [word for tag in tags for word in ("--platform", tag)]
    with tempfile.TemporaryDirectory() as nowhere:
        report = Path(nowhere) / "report.json"
        words = ["pip", "--disable-pip-version-check", "install", "-qq", *_EXACTLY, "--ignore-installed"]
        words += ["--ignore-requires-python", "--report", str(report), "--target", nowhere]  # the gate looks at that
        words += ["--python-version", python, *platforms, *names]
        if subprocess.run([*_OURS, *words], check=False).returncode:
            sys.exit(f"pip finds no wheel for Python {python}, {' or '.join(tags)}: its own words are above")
        told: list[dict[str, Any]] = json.loads(report.read_text("utf-8"))["install"]
    return told


def _facts(metadata: Mapping[str, Any]) -> Facts:
    return Facts(
        tuple(metadata.get("requires_dist", ())),
        tuple(metadata.get("provides_extra", ())),
        metadata.get("requires_python", ""),
    )


def facts_of_all(lines: Iterable[Line]) -> dict[str, Facts]:
    """Give the facts of every line, as its wheel for the first machine that it is for has them."""
    known = machines()
    asked: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in lines:
        asked[
            next(
                (python, platform)
                for python in PYTHONS
                for platform, (system, *_) in _PLATFORMS.items()
                if line.is_for(known[f"Python {python}.0 on {system}"])
            )
        ].append(line)
    found: dict[str, Facts] = {}
    for (python, platform), here in asked.items():
        told = [one["metadata"] for one in _reported(here, python, _PLATFORMS[platform][1:])]
        said = {canonicalize_name(one["name"]): _facts(one) for one in told}
        found |= {line.key: said[line.name] for line in here}
    return found


def main() -> None:
    """Look at both locks, and write the facts of their distributions beside them."""
    for name in LOCKS:
        look_for_wheels(name)
    lines = {line.key: line for name in LOCKS for line in read_lock((ROOT / name).read_text("utf-8"))}
    (ROOT / FACTS).write_text(written_facts(facts_of_all(lines.values())), "utf-8")


if __name__ == "__main__":
    main()
