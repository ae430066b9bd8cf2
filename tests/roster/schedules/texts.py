"""Schedules of both forms, made up, and the two real files where they are at hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from secrel.roster.schedules import Schedule

REAL = Path(__file__).resolve().parents[3] / ".." / "shared" / "data" / "gitlab-releases" / "schedule"
OLD = b"""\
# NOTE: do not change the format of this file.
#
- version: '15.7'
  date: December 22nd, 2022
  manager_americas:
    - Manager One
  manager_apac_emea:
      - Manager Two   # stays
      - Manager Three
  appsec:
    - Amara Example
    - Bj\xc3\xb6rn Beispiel \n
- version: "15.6"
  date: November 22nd, 2022
  manager_americas:
    - TBD
  appsec:
    - Chidi Ejemplo # until noon

- version: '15.5'
  date: October 22nd, 2022
  trainees:
    - Manager One, Manager Two<br>(if they are there)
"""
NEW = b"""\
- version: '16.8'
  date: '2024-01-18'

- version: '16.7'
  date: '2023-12-21'
  manager_americas:
    - Manager One
  psirt:

- version: '16.6'
  date: '2023-11-16'
  psirt:
    - Amara Example
    - Chidi Ejemplo
"""
ENTRY = "- version: '15.7'\n  date: '2022-12-22'\n  appsec:\n    - A B\n    - C D\n"

REAL_NAMES = ["release_managers-2022-11.yml", "releases-2023-11.yml"]


def real(name: str) -> bytes:
    path = REAL / name
    if not path.is_file():
        pytest.skip(f"shared data absent: gitlab-releases/schedule/{name}")
    return path.read_bytes()


def names(schedule: Schedule) -> list[tuple[str, tuple[str, ...]]]:
    return [(listed.version, listed.names) for listed in schedule.releases]
