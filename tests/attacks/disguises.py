"""Ways to write a text so that a program overlooks it and a person reads it, by kind."""

from __future__ import annotations

import base64
import binascii
import codecs
import gzip
import quopri
import unicodedata
import zlib
from collections.abc import Callable, Mapping, Sequence
from email.header import Header
from email.message import EmailMessage
from html import escape
from string import ascii_letters, ascii_lowercase, ascii_uppercase
from urllib.parse import quote

Disguise = Callable[[str], str]


def within(first: str, last: str = "") -> Disguise:
    """Put signs around the second letter of every word."""
    return lambda text: " ".join(f"{word[:1]}{first}{word[1:2]}{last}{word[2:]}" for word in text.split(" "))


def after_each(sign: str) -> Disguise:
    """Put a sign behind every letter."""
    return lambda text: "".join(letter + sign if letter.isalnum() else letter for letter in text)


def instead(pairs: str) -> Disguise:
    """Write other letters for some: each one is followed by its double."""
    return lambda text: text.translate({ord(old): new for old, new in zip(pairs[::2], pairs[1::2], strict=True)})


def shifted(capital: int, small: int) -> Disguise:
    """Write Latin letters with those of another block."""

    def written(letter: str) -> str:
        if letter.isascii() and letter.isupper():
            return chr(capital + ord(letter) - ord("A"))
        return chr(small + ord(letter) - ord("a")) if letter.isascii() and letter.islower() else letter

    return lambda text: "".join(map(written, text))


def twice(way: Disguise) -> Disguise:
    return lambda text: way(way(text))


def numbers(text: str) -> str:
    return "".join(f"&#{ord(letter)};" for letter in text)


def hex_numbers(text: str) -> str:
    return "".join(f"&#x{ord(letter):x}" + ";" for letter in text)


def percent(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())


def in_base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def wrapped(width: int) -> Disguise:
    """Encode in lines of some letters."""

    def folded(text: str) -> str:
        packed = in_base64(f"Thank you, {text}, for all of this.")
        return "\n".join(packed[place : place + width] for place in range(0, len(packed), width))

    return folded


def json_escapes(text: str) -> str:
    wide = text.encode("utf-16-be")
    return "".join(f"\\u{wide[place : place + 2].hex()}" for place in range(0, len(wide), 2))


def in_uuencode(text: str) -> str:
    lines = [binascii.b2a_uu(text.encode()[place : place + 45]).decode() for place in range(0, len(text.encode()), 45)]
    return f"begin 644 notes\n{''.join(lines)}`\nend"


def in_utf7(text: str) -> str:
    return "".join(f"+{base64.b64encode(c.encode('utf-16-be')).decode().rstrip('=')}-" for c in text)


def a_part(text: str, *, kind: str = "plain", encoding: str = "base64") -> str:
    """Write a mail of one part."""
    message = EmailMessage()
    message["Subject"] = "News"
    message["From"] = "desk@vendor.example"
    message.set_content(text, subtype=kind, cte=encoding)
    return message.as_string()


def in_charset(text: str, charset: str) -> str:
    """Write a mail in another character set."""
    body = base64.b64encode(text.encode(charset, "replace")).decode()
    kind = f"Content-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: base64"
    return f"Subject: News\n{kind}\n\n{body}\n"


def in_lines(*lines: str) -> str:
    """Write a mail of lines that are base64."""
    return "Subject: News\nContent-Transfer-Encoding: base64\n\n" + "\n".join(lines) + "\n"


def drawn(text: str) -> str:
    """Write Latin letters and figures as the names of their emoji."""
    names = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    shown = {letter: f":regional_indicator_{letter.lower()}:" for letter in ascii_letters}
    shown |= {str(number): f":{name}:" for number, name in enumerate(names)}
    return "".join(shown.get(sign, sign) for sign in text)


_WORDS = (
    "alfa bravo charlie delta echo foxtrot golf hotel india juliett kilo lima mike november oscar papa quebec romeo "
    "sierra tango uniform victor whiskey xray yankee zulu"
)
_NUMBERS = "zero one two three four five six seven eight nine"
_TAPS = (
    ".- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --.. "
    "----- .---- ..--- ...-- ....- ..... -.... --... ---.. ----. -....-"
)
SPOKEN = {word[0]: word for word in _WORDS.split()} | dict(zip("0123456789", _NUMBERS.split(), strict=True))
TAPPED = dict(zip("abcdefghijklmnopqrstuvwxyz0123456789-", _TAPS.split(), strict=True))
FELT = "⠁⠃⠉⠙⠑⠋⠛⠓⠊⠚⠅⠇⠍⠝⠕⠏⠟⠗⠎⠞⠥⠧⠺⠭⠽⠵"


def felt(text: str) -> str:
    """Write Latin letters and figures in braille."""
    found, is_number = [], False
    for sign in text.lower():
        if sign in "0123456789":
            found.append(("" if is_number else "⠼") + FELT["1234567890".index(sign)])
        elif sign in ascii_letters:
            found.append(("⠰" if is_number else "") + FELT[ord(sign) - ord("a")])
        else:
            found.append({" ": "⠀", "-": "⠤"}.get(sign, sign))
        is_number = sign in "0123456789"
    return "".join(found)


def attached(text: str, *, kind: tuple[str, str] = ("application", "octet-stream"), name: str = "notes.bin") -> str:
    message = EmailMessage()
    message["Subject"] = "News"
    message.set_content("See what is attached.")
    message.add_attachment(text.encode(), maintype=kind[0], subtype=kind[1], filename=name)
    return message.as_string()


def a_mail_inside(text: str) -> str:
    inner = EmailMessage()
    inner["Subject"] = "Report"
    inner.set_content(text, cte="base64")
    outer = EmailMessage()
    outer["Subject"] = "News"
    outer.set_content("Forwarded.")
    outer.add_attachment(inner)
    return outer.as_string()


def html_part(text: str) -> str:
    message = EmailMessage()
    message["Subject"] = "News"
    message.set_content("nothing")
    message.add_alternative(f"<p>{text}</p>", subtype="html", cte="quoted-printable")
    return message.as_string()


def half_of_print_on(text: str) -> str:
    return "".join(chr(33 + (ord(sign) + 14) % 94) if "!" <= sign <= "~" else sign for sign in text)


def from_the_end(text: str) -> str:
    return text.translate(str.maketrans(ascii_letters, ascii_lowercase[::-1] + ascii_uppercase[::-1]))


def counted(between: str) -> Disguise:
    """Write the letters of a text that has nothing else by their numbers in the alphabet."""

    def written(text: str) -> str:
        letters = text.replace(" ", "").lower()
        is_told = letters.isascii() and letters.isalpha()
        return between.join(str(ord(letter) - ord("a") + 1) for letter in letters) if is_told else text

    return written


def each_by(call: Callable[[int], str], between: str) -> Disguise:
    """Write every letter as a program's call that gives it."""
    return lambda text: between.join(call(ord(letter)) for letter in text)


def in_strings(size: int, between: str) -> Disguise:
    """Write a text as strings that a program joins."""
    return lambda text: between.join(f'"{text[place : place + size]}"' for place in range(0, len(text), size))


def cut_by(between: str, size: int = 4) -> Disguise:
    """Cut base64 in pieces."""

    def cut(text: str) -> str:
        packed = in_base64(f"Thank you, {text}, for it")
        return between.join(packed[place : place + size] for place in range(0, len(packed), size))

    return cut


def dumped(place: str, word: Callable[[bytes], str], size: int, *, shows: bool = False) -> Disguise:
    """Write bytes as a program dumps them: their place, words of some bytes, and perhaps what they are."""

    def dump(text: str) -> str:
        data = f"It was said by {text}, and by others.".encode()
        rows = [data[start : start + 16].ljust(16) for start in range(0, len(data), 16)]
        words = (" ".join(word(row[start : start + size]) for start in range(0, 16, size)) for row in rows)
        ends = (f"  |{row.decode('ascii', 'replace')}|" if shows else "" for row in rows)
        numbered = enumerate(zip(words, ends, strict=True))
        return "\n".join(f"{place % (number * 16)} {said}{end}" for number, (said, end) in numbered)

    return dump


def in_base58(text: str) -> str:
    signs, number, found = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", 0, ""
    number = int.from_bytes(f"It was {text}.".encode(), "big")
    while number:
        number, left = divmod(number, 58)
        found = signs[left] + found
    return found


def bit_by_bit(nought: str, one: str, between: str = "") -> Disguise:
    """Write bytes with signs that nobody sees."""
    return lambda text: (
        "a" + between.join("".join(one if bit == "1" else nought for bit in f"{byte:08b}") for byte in text.encode())
    )


def selected(text: str) -> str:
    return "a" + "".join(chr(0xFE00 + byte if byte < 16 else 0xE0100 + byte - 16) for byte in text.encode())


_BEGINNINGS = "Any Bug Can Do Every File Goes Home In June Kept Like Most Notes Of People Quite Ready So That"
BEGINNING = {word[0].lower(): word for word in f"{_BEGINNINGS} Users View Work Xml You Zip".split()}


def beginning(written: Callable[[Sequence[str]], str], least: int = 0) -> Disguise:
    """Tell the letters of a text as the first ones of words."""

    def told(text: str) -> str:
        words = [BEGINNING.get(sign.lower(), f"{sign}fold") for sign in text if sign.isalnum()]
        return written(words) if len(words) >= max(least, 6) else text

    return told


KINDS: Mapping[str, Mapping[str, Disguise]] = {
    "markdown between letters": {
        "link": within("[", "](https://vendor.example)"),
        "link by reference": lambda text: within("[", "][x]")(text) + "\n\n[x]: https://vendor.example\n",
        "empty link": within("[](https://vendor.example)"),
        "image": within("![](https://vendor.example/a.png)"),
        "image with its words": within("![", "](a.png)"),
        "strikethrough": within("~~", "~~"),
        "struck out words": within("~~no~~"),
        "struck out words of GitLab": within("{- no -}"),
        "footnote": lambda text: within("[^1]")(text) + "\n\n[^1]: A note of some words.\n",
        "footnote that is not there": within("[^n]"),
        "inline footnote": within("^[a note]"),
        "citation": within("[2]"),
        "emphasis": within("*", "*"),
        "strong": within("**", "**"),
        "strong in emphasis": within("***", "***"),
        "code": within("`", "`"),
        "escape": within("\\_"),
        "attribute list": within("*", "*{:.red}"),
        "hard break of a backslash": within("\\\n"),
        "hard break of blanks": within("  \n"),
        "comment of kramdown": within("{::comment}no{:/comment}"),
        "comment of a template": within("{% comment %}no{% endcomment %}"),
        "entity of nothing": within("&zwnj;"),
        "emoji": within(":smile:"),
        "emoji with figures": within(":+1:"),
    },
    "html between letters": {
        "tag": within("<b>", "</b>"),
        "empty tag": within("<i></i>"),
        "comment": within("<!-- no -->"),
        "comment with a sign": within("<!-- a > b -->"),
        "sign in an attribute": within('<b title="a > b">', "</b>"),
        "sign in an attribute of one mark": within("<b title='>>'>", "</b>"),
        "break chance": within("<wbr>"),
        "line break": within("<br>"),
        "closed line break": within("<br/>\n"),
        "soft hyphen": within("&shy;"),
        "hidden words": within('<span style="display:none">no</span>'),
        "small words": within("<span style='font-size:0'>no</span>"),
        "hidden by a class": within('<i class="sr-only">no</i>'),
        "hidden from what reads aloud": within('<i aria-hidden="true">no</i>'),
        "letters without size": within("<font size=0>no</font>"),
        "white words": within('<span style="color: #fff">no</span>'),
        "hidden by attribute": within("<i hidden>no</i>"),
        "script": within("<script>var no = '<b>';</script>"),
        "style": within("<style>b { color: red }</style>"),
        "sup": within("<sup><a href='#n'>1</a></sup>"),
        "ruby": within("<ruby>", "<rt>no</rt></ruby>"),
        "struck out": within("<del>no</del>"),
        "image": within("<img src='a.png' alt=''>"),
        "image with its words": within('<img src="a.png" alt="', '">'),
        "unknown tag": within("<x-letter a=b>", "</x-letter>"),
        "input": within("<input value='", "'>"),
        "blocks": lambda text: f"<div>{text[:2]}</div><div>{text[2:]}</div>",
    },
    "layout": {
        "quoted lines": lambda text: text.replace(" ", "\n> "),
        "list": lambda text: "\n".join(f"{n}. {word}" for n, word in enumerate(text.split(" "), start=1)),
        "cells": lambda text: f"| {' | '.join(text.split(' '))} |",
        "table": lambda text: f"| a | b |\n|---|---|\n| {text} | x |",
        "rows": lambda text: "| a | b |\n|---|---|\n" + "\n".join(f"| {word} | other |" for word in text.split(" ")),
        "cells of HTML": lambda text: (
            f"<table><tr>{''.join(f'<td>{word}</td>' for word in text.split(' '))}</tr></table>"
        ),
        "hyphen at the line's end": within("-\n"),
        "hyphen at a quoted line's end": within("-\n> "),
        "spaced letters": lambda text: " ".join(text.replace(" ", "")),
        "spaced letters and words": lambda text: "   ".join(" ".join(word) for word in text.split(" ")),
        "points": lambda text: " ".join(".".join(word) for word in text.split(" ")),
        "hyphens": lambda text: "-".join(text.replace(" ", "-")),
        "underscores": lambda text: text.replace(" ", "_"),
        "together": lambda text: text.replace(" ", ""),
        "capitals": str.upper,
        "swapped capitals": str.swapcase,
        "heading": lambda text: f"## {text}\n",
        "underlined": lambda text: f"{text}\n=====\n",
        "code block": lambda text: f"```\n{text}\n```\n",
        "indented": lambda text: f"    {text}\n",
        "in brackets": lambda text: f"({text})",
        "no-break blanks": lambda text: text.replace(" ", "\u00a0"),
        "line separators": lambda text: text.replace(" ", "\u2028"),
        "ideographic blanks": lambda text: text.replace(" ", "\u3000"),
        "tabs": lambda text: text.replace(" ", "\t\t"),
    },
    "order": {
        "other direction": lambda text: f"<bdo dir=rtl>{text[::-1]}</bdo>",
        "other direction within": lambda text: f"{text[:1]}<bdo dir='rtl'>{text[1:][::-1]}</bdo>",
        "backwards": lambda text: text[::-1],
        "override": lambda text: f"\u202e{text[::-1]}\u202c",
        "override within": lambda text: f"{text[:2]}\u202e{text[2:][::-1]}\u202c",
        "each word backwards": lambda text: " ".join(word[::-1] for word in text.split(" ")),
        "words backwards": lambda text: " ".join(reversed(text.split(" "))),
        "last word first": lambda text: ", ".join((text.split(" ")[-1], " ".join(text.split(" ")[:-1]))).strip(", "),
        "first word last": lambda text: " ".join((*text.split(" ")[1:], text.split(" ")[0])),
        "upside down": lambda text: instead("aɐeǝhɥiᴉkʞmɯrɹtʇvʌwʍyʎ")(text)[::-1],  # noqa: RUF001 - what it is about
    },
    "not shown": {
        name: after_each(sign)
        for name, sign in {
            "tatweel": "\u0640",
            "lengthening of N'Ko": "\u07fa",
            "Mongolian nirugu": "\u180a",
            "zero width space": "\u200b",
            "joiner": "\u200d",
            "non-joiner": "\u200c",
            "left-to-right mark": "\u200e",
            "isolate": "\u2066",
            "first strong isolate": "\u2068",
            "end of isolate": "\u2069",
            "variation selector": "\ufe0f",
            "variation selector of the supplement": "\U000e0101",
            "grapheme joiner": "\u034f",
            "Mongolian separator": "\u180e",
            "Hangul filler": "\u3164",
            "Hangul initial filler": "\u115f",
            "half-width filler": "\uffa0",
            "tag": "\U000e0041",
            "soft hyphen": "\u00ad",
            "word joiner": "\u2060",
            "invisible times": "\u2062",
            "byte order mark": "\ufeff",
            "Khmer vowel": "\u17b4",
            "Arabic letter mark": "\u061c",
            "shorthand format": "\U0001bca0",
            "musical format": "\U0001d173",
            "deprecated format": "\u206a",
            "interlinear mark": "\ufff9",
            "NUL": "\x00",
            "backspace": "\x08",
            "embedding": "\u202a",
        }.items()
    }
    | {
        "tags alone": lambda text: "".join(chr(0xE0000 + ord(c)) if c.isascii() else c for c in text),
    },
    "look-alikes": {
        "Cyrillic": instead("aаeеoоcсpрxхyуiіsѕjјKКMМTТAАEЕOОCСHНSЅIІ"),  # noqa: RUF001 - what it is about
        "Cyrillic small capitals": instead("kкmмtт"),
        "Greek": instead("oοvνKΚMΜTΤAΑEΕOΟHΗIΙBΒnη"),  # noqa: RUF001 - what it is about
        "Armenian": instead("oօuսhհnո"),  # noqa: RUF001 - what it is about
        "Cherokee": instead("KᏦSᏚTᎢEᎬLᏞMᎷAᎪ"),  # noqa: RUF001 - what it is about
        "full width": shifted(0xFF21, 0xFF41),
        "bold": shifted(0x1D400, 0x1D41A),
        "sans italic": shifted(0x1D608, 0x1D622),
        "Fraktur": shifted(0x1D56C, 0x1D586),
        "monospace": shifted(0x1D670, 0x1D68A),
        "circled": shifted(0x24B6, 0x24D0),
        "negative circled": shifted(0x1F150, 0x1F150),
        "squared": shifted(0x1F130, 0x1F130),
        "negative squared": shifted(0x1F170, 0x1F170),
        "parenthesized": shifted(0x1F110, 0x249C),
        "regional": shifted(0x1F1E6, 0x1F1E6),
        "small capitals": instead("aᴀcᴄdᴅeᴇhʜiɪkᴋlʟmᴍnɴoᴏrʀtᴛ"),  # noqa: RUF001 - what it is about
        "dotless": instead("iıjȷ"),  # noqa: RUF001 - what it is about
        "strokes": instead("oølłhħdđtŧ"),
        "accents": lambda text: text.replace("e", "é").replace("i", "ï").replace("o", "ȯ"),
        "combining marks": after_each("\u0301\u0323\u0330"),
        "strokes on top": after_each("\u0336"),
        "enclosing marks": after_each("\u20dd"),
        "figures": instead("l1O0I1o0"),
        "capital i": instead("lI"),
        "r and n": lambda text: text.replace("m", "rn"),
        "outlined": lambda text: shifted(0x1CCD6, 0x1CCD6)(text).translate({48 + n: 0x1CCF0 + n for n in range(10)}),
        "signs of money": instead("a₳c₵e€f₣k₭n₦p₱s₴t₮"),
        "two for one": lambda text: text.replace("d", "cl").replace("m", "rn").replace("w", "vv"),
        "figures for vowels": lambda text: text.translate(str.maketrans("aei", "431")) if text.isalpha() else text,
        "long s": instead("sſ"),  # noqa: RUF001 - what it is about
        "ligatures": lambda text: text.replace("fi", "ﬁ").replace("st", "ﬆ").replace("l", "ⅼ"),  # noqa: RUF001 - what it is about
        "script letters": instead("eℯgℊoℴlℓ"),  # noqa: RUF001 - what it is about
        "superscripts": instead("aᵃbᵇcᶜeᵉhʰiⁱkᵏlˡmᵐnⁿoᵒrʳsˢtᵗ"),
    },
    "alphabets": {
        "spoken": lambda text: " ".join(SPOKEN.get(sign.lower(), sign) for sign in text if sign not in " -"),
        "spoken in lines": lambda text: "\n".join(SPOKEN.get(sign.lower(), sign) for sign in text if sign not in " -"),
        "tapped": lambda text: " / ".join(" ".join(TAPPED.get(c, c) for c in word) for word in text.lower().split(" ")),
        "tapped with signs of print": lambda text: " ".join(
            TAPPED.get(sign, sign).translate({46: 0xB7, 45: 0x2013}) for sign in text.lower() if sign != " "
        ),
        "felt": felt,
        "doubled": lambda text: "".join(2 * sign if sign != " " else sign for sign in text),
        "tripled": lambda text: "".join(3 * sign if sign != " " else sign for sign in text),
        "half an alphabet on": lambda text: codecs.encode(text, "rot13"),
        "half of print on": half_of_print_on,
        "from the alphabet's end": from_the_end,
        "numbers of letters": counted("-"),
        "numbers of letters with blanks": counted(" "),
        "numbers of letters with points": counted(". "),
        "spoken in one word": lambda text: "".join(SPOKEN.get(c.lower(), "").capitalize() or c for c in text),
        "spoken in cells": lambda text: (
            f"| {' | '.join(SPOKEN.get(sign.lower(), sign) for sign in text if sign not in ' -')} |"
        ),
        "tapped in cells": lambda text: "|".join(TAPPED.get(sign, sign) for sign in text.lower() if sign not in " -"),
        "tapped in lines": lambda text: "\n".join(TAPPED.get(sign, sign) for sign in text.lower() if sign not in " -"),
    },
    "first letters": {
        "lines": beginning(lambda words: "\n".join(f"{word} was seen by them." for word in words)),
        "list": beginning(lambda words: "\n".join(f"- {word} was seen by them." for word in words)),
        "numbered list": beginning(
            lambda words: "\n".join(f"{n}. {word} was seen." for n, word in enumerate(words, 1))
        ),
        "headings": beginning(lambda words: "\n\n".join(f"## {word}\n\nIt was." for word in words), 10),
        "rows": beginning(lambda words: "\n".join(["| a |", "|---|", *(f"| {word} was |" for word in words)]), 10),
        "paragraphs": beginning(lambda words: "\n\n".join(f"{word} was seen\nby them." for word in words), 10),
        "words": beginning(" ".join, 12),
        "marked letters": beginning(lambda words: " ".join(f"**{word[0]}**{word[1:]}" for word in words)),
        "last letters": beginning(lambda words: "\n".join(f"It was {word[0]}" for word in words), 10),
    },
    "encoded": {
        "entities": lambda text: escape(text).replace("e", "&#101;"),
        "numbers": numbers,
        "numbers in hexadecimal": hex_numbers,
        "numbers without their ends": lambda text: "".join(f"&#{ord(letter)}" for letter in text),
        "numbers twice": lambda text: escape(numbers(text)),
        "numbers three times": lambda text: escape(escape(numbers(text))),
        "percent signs": percent,
        "percent signs twice": lambda text: quote(percent(text)),
        "percent signs three times": lambda text: quote(quote(percent(text))),
        "percent signs in entities": lambda text: numbers(percent(text)),
        "address": lambda text: f"https://vendor.example/?q={quote(text)}",
        "query": lambda text: f"https://vendor.example/?q={text.replace(' ', '+')}",
        "link's address": lambda text: f"[here](https://vendor.example/{percent(text)})",
        "punycode": lambda text: "https://xn--" + text.replace(" ", "·").encode("punycode").decode() + ".example",
        "quoted-printable": lambda text: "".join(f"={byte:02X}" for byte in text.encode()),
        "quoted-printable breaks": within("=\n"),
        "quoted-printable of a library": lambda text: quopri.encodestring(text.encode(), quotetabs=True).decode(),
        "encoded word": lambda text: Header(text, "utf-8").encode(),
        "encoded word in Q": lambda text: f"=?utf-8?q?{''.join(f'={byte:02X}' for byte in text.encode())}?=",
        "encoded words side by side": lambda text: (
            f"=?utf-8?b?{in_base64(text[:3])}?= =?utf-8?b?{in_base64(text[3:])}?="
        ),
        "escapes of JSON": json_escapes,
        "escapes with braces": lambda text: "".join(f"\\u{{{ord(letter):x}}}" for letter in text),
        "escapes of bytes": lambda text: "".join(f"\\x{byte:02x}" for byte in text.encode()),
        "escapes of eight figures": lambda text: "".join(f"\\U{ord(letter):08x}" for letter in text),
        "octal escapes": lambda text: "".join(f"\\{byte:03o}" for byte in text.encode()),
        "escapes of style sheets": lambda text: "".join(f"\\{ord(letter):04x} " for letter in text),
        "percent u": lambda text: json_escapes(text).replace("\\", "%"),
        "code points": lambda text: " ".join(f"U+{ord(letter):04X}" for letter in text),
        "names of Unicode": lambda text: "".join(f"\\N{{{unicodedata.name(letter)}}}" for letter in text),
        "numbers of diagrams": lambda text: "".join(f"#{ord(letter)};" for letter in text),
        "drawn letters": drawn,
        "formula": lambda text: "$" + "\\ ".join(f"\\mathrm{{{word}}}" for word in text.split(" ")) + "$",
        "letters of a formula": lambda text: "$" + "".join(f"\\text{{\\mathit{{{sign}}}}}" for sign in text) + "$",
        "encoded words that cut a letter in two": lambda text: (
            f"=?utf-8?b?{base64.b64encode(text.encode()[:4]).decode()}?="
            f" =?utf-8?b?{base64.b64encode(text.encode()[4:]).decode()}?="
        ),
        "UTF-7": in_utf7,
        "calls": each_by(lambda code: f"chr({code})", "+"),
        "calls with figures of 16": each_by(lambda code: f"chr(0x{code:x})", " . "),
        "calls of JavaScript": each_by(lambda code: f"String.fromCharCode({code})", " + "),
        "escapes of Perl": each_by(lambda code: f"\\x{{{code:x}}}", ""),
        "octal escapes with braces": lambda text: "".join(f"\\o{{{byte:o}}}" for byte in text.encode()),
        "short octal escapes": lambda text: "".join(f"\\{byte:o}" for byte in text.encode()),
        "signs of a formula": each_by(lambda code: f"\\char{code} ", ""),
        "numbers of a formula": each_by(lambda code: f"\\unicode{{x{code:x}}}", ""),
        "strings": in_strings(3, " + "),
        "strings with points": in_strings(2, " . "),
        "strings with commas": in_strings(1, ", "),
        "strings of a shell": in_strings(3, ""),
        "strings in lines": in_strings(4, " \\\n"),
    },
    "packed": {
        "base64 of two bytes a letter": lambda text: base64.b64encode(text.encode("utf-16-le")).decode(),
        "two bytes a letter in figures": lambda text: text.encode("utf-16-be").hex(),
        "base64 in parts with ends": lambda text: in_base64(text[:4]) + in_base64(text[4:]),
        "base32 of figures first": lambda text: base64.b32hexencode(text.encode()).decode(),
        "base85": lambda text: base64.b85encode(f"It was {text} of course.".encode()).decode(),
        "Ascii85": lambda text: base64.a85encode(text.encode(), adobe=True).decode(),
        "base64": in_base64,
        "base64 for addresses": lambda text: base64.urlsafe_b64encode(f"Who? {text} >>> ???".encode()).decode(),
        "base64 without its end": lambda text: in_base64(text).rstrip("="),
        "base64 in short lines": wrapped(16),
        "base64 in quoted lines": lambda text: "> " + wrapped(24)(text).replace("\n", "\n> "),
        "base64 in a path": lambda text: f"https://vendor.example/a/{in_base64(after_each('?')(text))}",
        "base64 spread": lambda text: " ".join(in_base64(text)[n : n + 4] for n in range(0, len(in_base64(text)), 4)),
        "base64 in single letters": lambda text: " ".join(in_base64(text)),
        "base64 between what is not shown": lambda text: "\u200b".join(in_base64(text)),
        "base64 twice": twice(in_base64),
        "base64 three times": lambda text: in_base64(twice(in_base64)(text)),
        "base64 of UTF-16": lambda text: base64.b64encode(text.encode("utf-16")).decode(),
        "base64 of gzip": lambda text: base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode(),
        "base64 of zlib": lambda text: base64.b64encode(zlib.compress(text.encode())).decode(),
        "data address": lambda text: f"[here](data:text/plain;base64,{in_base64(text)})",
        "data address in signs": lambda text: f"<a href='data:text/plain,{percent(text)}'>here</a>",
        "data address of a page": lambda text: (
            f"<iframe src='data:text/html;base64,{in_base64(numbers(text))}'></iframe>"
        ),
        "base64 with commas": cut_by(", "),
        "base64 with points": cut_by(".", 6),
        "base64 with hyphens": lambda text: cut_by("-")(text) if text.isascii() else text,
        "base64 in cells": cut_by(" | ", 8),
        "base64 in strings": cut_by('" + "', 8),
        "base64 in a list": cut_by("\n- ", 12),
        "base64 in single letters with commas": cut_by(",", 1),
        "base58": in_base58,
        "Ascii85 as it is": lambda text: base64.a85encode(f"It was {text} of course.".encode()).decode(),
        "uuencode in a block": lambda text: "    " + in_uuencode(text).replace("\n", "\n    "),
        "dump of xxd": dumped("%08x:", bytes.hex, 2, shows=True),
        "dump of hexdump": dumped("%07x", lambda word: word[::-1].hex(), 2),
        "dump with what it is": dumped("%08x ", bytes.hex, 1, shows=True),
        "dump of od": dumped("%07o", lambda word: f"{int.from_bytes(word, 'little'):06o}", 2),
        "dump of octal bytes": dumped("%07o", lambda word: f"{word[0]:03o}", 1),
        "list of bytes": lambda text: f"bytes({list(text.encode())})",
        "list of code points": lambda text: f"String.fromCharCode({', '.join(str(ord(sign)) for sign in f'a {text}')})",
        "decimal figures with points": lambda text: ".".join(map(str, text.encode())),
        "decimal figures in cells": lambda text: f"| {' | '.join(map(str, text.encode()))} |",
        "hexadecimal in brackets": lambda text: "".join(f"<{byte:02x}>" for byte in text.encode()),
        "hexadecimal with lines": lambda text: "_".join(f"{byte:02x}" for byte in text.encode()),
        "hexadecimal of an assembler": lambda text: " ".join(f"{byte:02X}h" for byte in text.encode()),
        "binary figures of programs": lambda text: ", ".join(f"0b{byte:08b}" for byte in text.encode()),
        "octal figures of programs": lambda text: ", ".join(f"0o{byte:o}" for byte in text.encode()),
        "bits that nobody sees": bit_by_bit("\u200b", "\u200c"),
        "bits with signs between": bit_by_bit("\u200c", "\u200d", "\u200b"),
        "selectors": selected,
        "base32": lambda text: base64.b32encode(text.encode()).decode(),
        "uuencode": in_uuencode,
        "decimal figures": lambda text: " ".join(map(str, text.encode())),
        "octal figures": lambda text: " ".join(f"{byte:03o}" for byte in text.encode()),
        "binary figures": lambda text: " ".join(f"{byte:08b}" for byte in text.encode()),
        "hexadecimal": lambda text: text.encode().hex(),
        "hexadecimal with blanks": lambda text: text.encode().hex(" "),
        "hexadecimal with colons": lambda text: text.encode().hex(":").upper(),
    },
    "behind the page": {
        "title of a link": lambda text: f"[here](https://vendor.example '{text}')",
        "title of a tag": lambda text: f'<b title="{numbers(text)}">here</b>',
        "words of an image": lambda text: f"![{text}](a.png)",
        "words of an image in numbers": lambda text: f'<img alt="{numbers(text)}">',
        "anchor": lambda text: f"[here](#{quote(text)})",
        "comment": lambda text: f"<!-- {numbers(text)} -->",
        "label of a reference": lambda text: f"[here][{text}]\n\n[{text}]: https://vendor.example\n",
        "note that nobody refers to": lambda text: f"[//]: # ({text})",
        "two attributes": lambda text: "<i title='{}'>a</i><i lang=de title='{}'>b</i>".format(
            *text.split(" ", 1) if " " in text else (text, "")
        ),
        "data attribute": lambda text: f"<p data-by='{percent(text)}'>here</p>",
        "page in an attribute": lambda text: f'<iframe srcdoc="{escape(f"<p>{text}</p>")}"></iframe>',
        "page in an attribute as it is": lambda text: f"<iframe srcdoc='{within('<b>', '</b>')(text)}'></iframe>",
        "comment with tags": lambda text: f"<!-- {within('<b>', '</b>')(text)} -->",
        "drawing": lambda text: f"<svg><text>{text}</text></svg>",
        "raw text of a drawing": lambda text: f"<svg><![CDATA[{text[:2]}]]><![CDATA[{text[2:]}]]></svg>",
        "template": lambda text: f"<template><p>{text}</p></template>",
        "front matter": lambda text: f"---\ntitle: {text}\n---\n",
        "values of an address": lambda text: (
            "https://vendor.example/?" + "&".join(f"p{n}={quote(word)}" for n, word in enumerate(text.split(" ")))
        ),
        "names of images": lambda text: "\n".join(
            f"![](https://vendor.example/{word}.png)" for word in text.split(" ")
        ),
        "names of images by letter": lambda text: "".join(f"![](letters/{sign}.png)" for sign in text if sign != " "),
        "labels of a diagram": lambda text: (
            "```mermaid\ngraph LR\n  "
            + " --> ".join(f"n{n}[{word}]" for n, word in enumerate(text.split(" ")))
            + "\n```\n"
        ),
        "anchors of front matter": lambda text: (
            "---\n" + "".join(f"a{n}: &w{n} {word}\n" for n, word in enumerate(text.split(" "))) + "---\n"
        ),
        "front matter of bytes": lambda text: "---\ntitle: !!binary |\n  {}\n  {}\n---\n".format(
            in_base64(f"It was {text}")[:8], in_base64(f"It was {text}")[8:]
        ),
        "front matter in escapes": lambda text: f'---\ntitle: "{json_escapes(text)}"\n---\n',
    },
    "mails": {
        "base64": a_part,
        "quoted-printable": lambda text: a_part(f"{'x' * 60} {text} {'x' * 60}", encoding="quoted-printable"),
        "UTF-16": lambda text: in_charset(text, "utf-16"),
        "UTF-7": lambda text: in_charset(text, "utf-7"),
        "two padded ends": lambda text: in_lines(in_base64(text[:4]), in_base64(text[4:])),
        "name in its own character set": lambda text: (
            f"Subject: s\nContent-Type: text/plain; name*=utf-16''{quote(text.encode('utf-16'), safe='')}\n\nx\n"
        ),
        "HTML part": html_part,
        "HTML in base64": lambda text: a_part(f"<p>{text}</p>", kind="html"),
        "attachment": attached,
        "attachment of a mail": lambda text: attached(a_part(text), kind=("message", "partial")),
        "mail inside": a_mail_inside,
        "mail inside a mail inside": lambda text: attached(a_mail_inside(text)),
        "mail packed into base64": lambda text: in_base64(a_part(text)),
        "name of an attachment": lambda text: attached("x", name=" ".join(text.split())),
        "header": lambda text: f"Subject: s\nX-More: {Header(' '.join(text.split()), 'utf-8').encode()}\n\nx\n",
        "calendar": lambda text: a_part(f"BEGIN:VEVENT\nSUMMARY:{text}\nEND:VEVENT", kind="calendar"),
    },
}

ALONE = frozenset(
    {
        "strings",
        "strings with points",
        "strings with commas",
        "strings of a shell",
        "strings in lines",
        "Ascii85 as it is",
        "names of images",
        "names of images by letter",
        "values of an address",
        "labels of a diagram",
        "anchors of front matter",
        "base64 in strings",
        "base64 in a list",
        "half of print on",
        "spoken in one word",
        "uuencode in a block",
        "dump of xxd",
        "dump of hexdump",
        "dump with what it is",
        "dump of od",
        "dump of octal bytes",
        "base64 with hyphens",
        "base64 in single letters with commas",
        "words",
        "uuencode",
        "page in an attribute as it is",
        "comment with tags",
        "base64 in a path",
        "query",
        "punycode",
        "base64 in quoted lines",
        "base64 in short lines",
        "name of an attachment",
        "swapped capitals",
        "words backwards",
        "last word first",
        "first word last",
        "formula",
        "letters of a formula",
        "drawn letters",
        "raw text of a drawing",
        "figures for vowels",
        "signs of money",
        "two for one",
        "each word backwards",
        "two attributes",
        "names of Unicode",
        "octal figures",
        "base64 in parts with ends",
        "base85",
        "Ascii85",
        "base64 of two bytes a letter",
        "two bytes a letter in figures",
    }
)
"""Disguises that leave nothing to another one: it would change what they are made of."""
PAIRS = (
    *(("look-alikes", kind) for kind in KINDS if kind not in ("look-alikes", "not shown", "order", "alphabets")),
    *(("not shown", kind) for kind in KINDS if kind not in ("look-alikes", "not shown", "alphabets", "first letters")),
    *(
        (kind, "encoded")
        for kind in ("markdown between letters", "html between letters", "order", "behind the page", "alphabets")
    ),
    *((kind, "packed") for kind in ("markdown between letters", "html between letters", "order", "encoded")),
    *((kind, "mails") for kind in ("html between letters", "order", "encoded", "packed", "behind the page")),
    *((kind, "behind the page") for kind in ("order", "encoded", "packed", "alphabets")),
    ("behind the page", "packed"),
    ("look-alikes", "first letters"),
)
"""Kinds that go together, the inner one first: the other way round nobody would read it."""
