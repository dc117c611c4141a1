r"""Format codes of cells, taken apart once.

    #,##0.00;[Red]-#,##0.00;"-"??;@
      section for > 0 ; < 0 ; 0 ; text

    "…" \x [$¥-804]  printed as they are      _x  a blank as wide as x      *x  fills the column: nothing
    0 # ?            digits                   %   hundred times             ,   groups, or a thousandth at the end
    y m d h s aaa    parts of a date          [h] hours beyond a day        [>=100] when the section holds

What [DBNum1] asks for is done for dates (二〇二二年五月); other numbers keep their Arabic digits.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

import msgspec

MAX_CODE = 1024
_TOKEN = re.compile(
    r"""
      "(?P<quoted>[^"]*)"? | \\(?P<escaped>.?) | (?P<pad>_.?) | (?P<fill>\*.?) | \[(?P<bracket>[^\]]*)\]?
    | (?P<general>General|G/通用格式) | (?P<ampm>AM/PM|A/P|上午/下午) | (?P<exponent>E[+-])
    | (?P<date>y+|m+|d+|h+|s+|e+|aaaa?|b+|g+) | (?P<digit>[0#?]) | (?P<point>\.) | (?P<comma>,) | (?P<percent>%)
    | (?P<text>@) | (?P<end>;) | (?P<other>.)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
# A token a sign: words, the last place of the whole part filled, decimals all shown, words; a thousandth comma is rarer.
PLAIN_SIGNS = {"literal": "x", "percent": "%", "comma": ",", "point": "."}
_PLAIN = re.compile(r"([x%]*)(#?(?:,?#)*,?0)((?:\.0+)?)([x%]*)")
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[0-9.]+)")
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)

_CHINESE_DATE, _MONTH_DAY, _YEAR_MONTH = 'yyyy"年"m"月"d"日"', 'm"月"d"日"', 'yyyy"年"m"月"'
_HALF_DAY, _HALF_DAY_SECONDS = '上午/下午h"时"mm"分"', '上午/下午h"时"mm"分"ss"秒"'
# What a Chinese office shows for the numbers that stand for built-in formats.
BUILTIN: dict[int, str] = {
    0: "General",
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    5: '"¥"#,##0;"¥"-#,##0',
    6: '"¥"#,##0;"¥"-#,##0',
    7: '"¥"#,##0.00;"¥"-#,##0.00',
    8: '"¥"#,##0.00;"¥"-#,##0.00',
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "yyyy/m/d",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "yyyy/m/d h:mm",
    27: _YEAR_MONTH,
    28: _MONTH_DAY,
    29: _MONTH_DAY,
    30: "m-d-yy",
    31: _CHINESE_DATE,
    32: 'h"时"mm"分"',
    33: 'h"时"mm"分"ss"秒"',
    34: _HALF_DAY,
    35: _HALF_DAY_SECONDS,
    36: _YEAR_MONTH,
    37: "#,##0;-#,##0",
    38: "#,##0;-#,##0",
    39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00",
    41: '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ',
    42: '_ "¥"* #,##0_ ;_ "¥"* -#,##0_ ;_ "¥"* "-"_ ;_ @_ ',
    43: '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ',
    44: '_ "¥"* #,##0.00_ ;_ "¥"* -#,##0.00_ ;_ "¥"* "-"??_ ;_ @_ ',
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
    49: "@",
    50: _YEAR_MONTH,
    51: _MONTH_DAY,
    52: _YEAR_MONTH,
    53: _MONTH_DAY,
    54: _MONTH_DAY,
    55: _HALF_DAY,
    56: _HALF_DAY_SECONDS,
    57: _YEAR_MONTH,
    58: _MONTH_DAY,
}


class Token(msgspec.Struct, frozen=True):
    """A piece of a format: literal, digit, point, comma, percent, exponent, date, elapsed, ampm, text or general."""

    kind: str
    text: str


class Plain(msgspec.Struct, frozen=True):
    """The common kind of section, #,##0.00 with words around it: what is needed to print it without looking at tokens."""

    before: str
    after: str
    decimals: int
    groups: bool
    scale: int


class Section(msgspec.Struct, frozen=True):
    """One of the parts between semicolons. `condition` is a comparison and what to compare with."""

    tokens: tuple[Token, ...]
    condition: tuple[str, float] | None = None
    chinese_digits: bool = False
    kinds: frozenset[str] = frozenset()
    plain: Plain | None = None

    def has(self, *kinds: str) -> bool:
        """Whether some token is of one of these kinds."""
        return not self.kinds.isdisjoint(kinds)


class NumberFormat(msgspec.Struct, frozen=True):
    """A format code: its sections, at least one."""

    sections: tuple[Section, ...]

    @property
    def is_date(self) -> bool:
        """Whether numbers under it are days."""
        return self.sections[0].has("date", "elapsed", "ampm")


@lru_cache(maxsize=1024)
def parse_format(code: str) -> NumberFormat:
    """Take a code apart; an empty or absurd one is General."""
    sections: list[list[Token]] = [[]]
    marks: list[list[str]] = [[]]
    for match in _TOKEN.finditer(code if code and len(code) <= MAX_CODE else "General"):
        kind = str(match.lastgroup)
        if kind == "end":
            sections.append([])
            marks.append([])
        elif kind == "bracket" and not is_printed(match["bracket"]):
            marks[-1].append(match["bracket"])
        else:
            sections[-1].append(match_to_token(kind, match[kind]))
    return NumberFormat(tuple(make_section(*both) for both in zip(sections, marks, strict=True)))


def is_printed(bracket: str) -> bool:
    """Whether brackets print something: a currency, or hours beyond a day."""
    return bracket.startswith("$") or _ELAPSED.fullmatch(bracket) is not None


def match_to_token(kind: str, text: str) -> Token:
    """The token; everything that stands for itself is a literal."""
    if kind == "bracket":
        return Token("literal", text[1:].partition("-")[0]) if text.startswith("$") else Token("elapsed", text.lower())
    if kind in ("quoted", "escaped", "other"):
        return Token("literal", text)
    if kind in ("pad", "fill"):
        return Token("literal", " " if kind == "pad" else "")
    return Token(kind, text.lower() if kind == "date" else text)


def make_section(tokens: list[Token], marks: list[str]) -> Section:
    """A section with what its brackets say (colours and the like say nothing here) and its minutes named M."""
    for at in find_minutes(tokens):
        tokens[at] = Token("date", "M" * len(tokens[at].text))
    conditions = [match for mark in marks if (match := _CONDITION.fullmatch(mark))]
    condition = (conditions[0][1], to_float(conditions[0][2])) if conditions else None
    chinese = any(mark.lower() == "dbnum1" for mark in marks)
    return Section(tuple(tokens), condition, chinese, frozenset(token.kind for token in tokens), find_plain(tokens))


def find_minutes(tokens: list[Token]) -> set[int]:
    """Which m are minutes: those behind hours or before seconds."""
    parts = [(at, token.text[0]) for at, token in enumerate(tokens) if token.kind in ("date", "elapsed")]
    after = {right for (_, letter), (right, _) in pairwise(parts) if letter == "h"}
    before = {left for (left, _), (_, letter) in pairwise(parts) if letter == "s"}
    return {at for at, letter in parts if letter == "m" and tokens[at].kind == "date" and at in after | before}


def find_plain(tokens: list[Token]) -> Plain | None:
    """The section in short, None where it is of a rarer kind."""
    signs = "".join(PLAIN_SIGNS.get(token.kind, "?") if token.kind != "digit" else token.text for token in tokens)
    match = _PLAIN.fullmatch(signs)
    if match is None:
        return None
    texts = [token.text for token in tokens]
    before, after = "".join(texts[: match.start(2)]), "".join(texts[match.end(3) :])
    scale = 2 * signs.count("%")
    return Plain(before.lstrip(), after.rstrip(), max(0, len(match[3]) - 1), "," in match[2], scale)


def to_float(text: str) -> float:
    """The number of a condition, 0 where it is none."""
    try:
        return float(text)
    except ValueError:
        return 0.0
