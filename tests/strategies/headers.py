"""Text as it may end up in a mail's header: every script, and everything that has meaning to a reader of headers."""

from __future__ import annotations

from hypothesis import strategies as st

HEADER_TEXTS = (
    "",
    "App Security Release 18.5.2, 18.4.4, 18.3.6",
    "App 日本語 naïve é 😀",
    "App 日本語 naïve é 😀 Security Release 18.5.2, 18.4.4, 18.3.6",
    "日本語 😀 Security 😀 é é Release é é",
    "App 😀 é 😀 18.5.2, 18.4.4, 😀 Security 😀",
    "Безопасность Acme: версии 18.5.2 и 18.4.4 исправляют уязвимости",
    "安全更新公告安全更新公告安全更新公告安全更新公告安全更新公告安全更新公告",
    "e\u0301 Z\u0351\u036b\u0343 n\u0303\u0303 हिन्दी क्\u200dष ไทย 한국어",
    "👩🏽\u200d💻 👨\u200d👩\u200d👧\u200d👦 🏳\ufe0f\u200d🌈 1\ufe0f\u20e3",
    "أمن العربية 18.5.2 שלום \u202eRTL\u202c",
    "=?utf-8?q?Other?= =?utf-8?b?T3RoZXI=?= ==?? ?= =41_",
    "é =?utf-8?q?Other?= é",
    "Acme, Inc.",
    'The "Acme" \\ Company, (Security) <other@acme.example>; :@[x]',
    'é, "Acme" \\ (Security) <other@acme.example>; :@[x]',
    "two  blanks\t a tab\u3000é\u3000 wide",
    "é\u200d\u3000é",
    "App\r\nBcc: other@acme.example\r\n\r\nBody",
    "é\nBcc: é\u2028é\x85é\x00\x1b",
    "half \ud83d of é pair \udfff",
    "x" * 1000,
    "é" * 1000,
    "日本語 naïve " * 100,
    f"{'x' * 70} é {'y' * 60} {'z' * 67} {'z' * 68}",
    "!#$%&'*+-/=?^_`{|}~ é_=?.",
)
"""What an encoder of headers has to think of, each once."""
_SHORT = 100


def header_texts() -> st.SearchStrategy[str]:
    """Pieces of those and anything at all, with and without blanks between them; up to a thousand letters."""
    short = [piece for text in HEADER_TEXTS for piece in (text, *text.split()) if len(piece) <= _SHORT]
    many = st.builds(str.__mul__, st.text(max_size=3), st.integers(1, 50))
    parts = st.lists(st.sampled_from(short) | st.text(max_size=60) | many, max_size=6)
    return st.builds(str.join, st.sampled_from(["", " ", "  "]), parts)
