"""Columns of a terminal: what a table drawn with characters is measured in.

三公  12.5
^^^^^^^^^^   4 + 2 + 4 columns: a full-width character counts two
"""

from __future__ import annotations

import re
from functools import lru_cache

WIDE = re.compile(
    "[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\U00020000-\U0003fffd]+"
)
WORD = re.compile(r"[!-~]+")
NUMBER = re.compile(r"[-+−(（]?[¥￥]?\d[\d,，]*(?:[.．]\d*)?[)）]?\s*[%％‰]?")
WHOLE_NUMBER = re.compile(r"[-+−]?(?:\d{1,3}(?:[,，]\d{3})+|\d+)(?:[.．]\d+)?\s*[%％]?")
NOTHING = frozenset({"-", "--", "—", "——", "－", "/", "／", "无"})


@lru_cache(maxsize=4096)  # labels, blanks and figures come again and again
def measure(text: str) -> int:
    """Columns that the text takes."""
    if text.isascii():
        return len(text)
    return len(text) + sum(map(len, WIDE.findall(text)))


def is_number(text: str) -> bool:
    """Whether a cell holds one number and nothing else."""
    return NUMBER.fullmatch(text.strip()) is not None


def is_whole_number(text: str) -> bool:
    """Whether a number is written as numbers are: groups of three, digits on both sides of the point."""
    return WHOLE_NUMBER.fullmatch(text) is not None


def is_value(text: str) -> bool:
    """Whether a cell holds a number or says that there is none."""
    return text.strip() in NOTHING or is_number(text)


def first_word(text: str) -> str:
    """What must fit before a line breaks: one full-width character, or all that a blank follows."""
    word = WORD.match(text)
    return word[0] if word else text[:1]


def is_forced_break(printed: str, below: str) -> bool:
    """Whether the line below had to begin because its first word found no room in the printed width above.

    `printed` is the cell with its padding; where it is padded on both sides, one blank on each is the frame's.
    Full-width blanks before a text are its own: they take room, and a text that begins with them is a new one.
    """
    text = printed.rstrip().lstrip(" ")
    if not text or below[:1] == "\u3000":
        return False
    room = measure(printed) - measure(text)
    is_framed = printed[:1] == " " == printed[-1:]
    word = first_word(below)
    gap = needs_blank(text, below)
    return room - 2 * is_framed < measure(word) + gap


def needs_blank(above: str, below: str) -> bool:
    """Whether two joined lines were parted by a blank: between Latin words, never beside a Chinese character."""
    return above[-1:].isascii() and below[:1].isascii() and above[-1:].isalpha() and below[:1].isalpha()


def join_lines(above: str, below: str) -> str:
    """A wrapped line back at the end of the line above."""
    return above + " " * needs_blank(above, below) + below
