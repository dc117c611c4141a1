r"""Text that is safe in a cell: no control characters, no formula, no markup, not too long.

"=1+1"            a formula to a careless reader   → written as text, in CSV with ' before it
"\x07", U+202E     control, direction and invisible characters → removed
U+2028             a line end of another kind          → a line end
"<r>…</r>"        XlsxWriter would take it as rich text → a space before it

Where the text has to stay as printed, in JSON, the same characters are written as \\u202e: no screen obeys them.
"""

from __future__ import annotations

import re
from functools import lru_cache

CELL_LIMIT = 32_000
# Two names that look the same must be the same: what has no width goes too, the letters of U+E0000 among them.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
_UNSEEN = re.compile(f"{_FORBIDDEN.pattern}|[\u2028\u2029]")
_LINE_ENDS = re.compile("\r\n|[\r\u2028\u2029]")
_FORMULA_START = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_PLAIN_NUMBER = re.compile(r"^[-+]?[\d,]+(\.\d+)?%?$")


def clean_text(text: str) -> str:
    r"""The text as a cell may hold it. Line ends become \\n, a tab a space; cut with a note at Excel's limit."""
    if text.isprintable() and len(text) <= CELL_LIMIT and "<r>" not in text:
        return text.strip(" ")
    text = _FORBIDDEN.sub("", _LINE_ENDS.sub("\n", text).replace("\t", " ")).strip(" ")
    if len(text) > CELL_LIMIT:
        text = text[:CELL_LIMIT] + "……（过长，后文从略）"
    return " " + text if text.startswith("<r>") else text


def show_plainly(text: str) -> str:
    """The text without what has no width, no line end of another kind and no tab lost: for a screen or a data file."""
    return text if text.isprintable() else _FORBIDDEN.sub("", _LINE_ENDS.sub("\n", text))


def escape_json(data: bytes) -> bytes:
    """JSON that says the same, every control, direction and invisible character in it written as an escape."""
    text = data.decode()
    return data if text.isprintable() else _UNSEEN.sub(_escape, text).encode()


def _escape(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[place : place + 4]}" for place in range(0, len(units), 4))


@lru_cache(maxsize=8192)
def is_formula_like(text: str) -> bool:
    """Whether a spreadsheet program might run this text as a formula, spaces before it or none; a plain number is none."""
    return (text.startswith(_FORMULA_START) or text.lstrip().startswith(_FORMULA_START)) and not _PLAIN_NUMBER.match(
        text
    )


def shorten(text: str, limit: int = 120) -> str:
    """One line of at most `limit` characters."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def measure_text(text: str) -> int:
    """Width of the longest line in half-width characters."""
    if "\n" not in text and text.isascii():
        return len(text)
    return max(sum(2 if ord(char) > 0x2E7F else 1 for char in line) for line in text.split("\n"))  # noqa: PLR2004 - first CJK
