"""The fingerprint of what a release announces: it tells whether a mail was verified against what is announced now."""

from __future__ import annotations

import hashlib

import msgspec

from secrel.words.advisories import Contents


def contents_digest(contents: Contents) -> str:
    """Give the fingerprint of everything a release announces: 16 hexadecimal digits; any change changes it."""
    return hashlib.sha256(msgspec.json.encode(contents, order="deterministic")).hexdigest()[:16]
