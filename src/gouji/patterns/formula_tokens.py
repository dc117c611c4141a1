"""A formula's text → tokens. Names are known words, so they may hold brackets, quotes, slashes and spaces.

    “三公”经费 合计 ≧ 公务接待费  →  NAME three_public.total · GE · NAME three_public.reception

White space and quotes inside a name do not count; the longest known name wins (非税收入 is a name, not 非 税收入).
A word that is no known name comes out as WORD: only 提及(正文, …) takes one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from gouji.patterns.formula import FUNCTIONS, SOURCES, TABLE_FIELDS, FormulaError
from gouji.text.labels import fold_name

_QUOTES = "“”\"'‘’「」『』＂"
_CLOSING = {"“": "”", "‘": "’", "「": "」", "『": "』"}
_SIGNS: dict[str, str] = {
    "<=": "LE", ">=": "GE", "=<": "LE", "=>": "GE", "!=": "NE", "<>": "NE", "==": "EQ",
    "=": "EQ", "≦": "LE", "≤": "LE", "≧": "GE", "≥": "GE", "≠": "NE", "<": "LT", ">": "GT",
    "+": "PLUS", "-": "MINUS", "−": "MINUS", "×": "STAR", "*": "STAR", "÷": "SLASH", "/": "SLASH",
    "(": "LPAR", ")": "RPAR", "[": "LSQB", "]": "RSQB", ",": "COMMA", "、": "COMMA", ".": "DOT", "∈": "IN",
}  # fmt: skip
_KEYWORDS: dict[str, str] = {
    "属于": "IN",
    "且": "AND",
    "并且": "AND",
    "或": "OR",
    "或者": "OR",
    "非": "NOT",
    "当": "WHEN",
    "则": "THEN",
}
_UNITS: dict[str, Decimal] = {"%": Decimal("0.01"), "亿元": Decimal(10**8), "万元": Decimal(10**4), "元": Decimal(1)}
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_WORD_END = re.compile(r"[=<>!≦≤≧≥≠+\-−×*÷()\[\],、.∈“”\"]|且|或|则")


class Token(NamedTuple):
    """One token: its type, what it says, where in the formula it starts (from 0)."""

    type: str
    value: str
    offset: int
    concept: str = ""
    number: Decimal | None = None


class Names:
    """Known names by folded text, with the lengths to try for each first character."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.concepts = {fold_name(name): concept for name, concept in names.items() if fold_name(name)}
        lengths: dict[str, set[int]] = {}
        for name in self.concepts:
            lengths.setdefault(name[0], set()).add(len(name))
        self._lengths = {first: sorted(found, reverse=True) for first, found in lengths.items()}

    def longest_at(self, compact: str, start: int) -> str | None:
        """The longest known name that begins at a position of a compact text."""
        for length in self._lengths.get(compact[start : start + 1], ()):
            word = compact[start : start + length]
            if word in self.concepts:
                return word
        return None


class _Source:
    """A formula folded to half width, with the way back: `text`, and `compact` without spaces and quotes."""

    def __init__(self, formula: str) -> None:
        folded = [(char, i) for i, raw in enumerate(formula) for char in unicodedata.normalize("NFKC", raw)]
        self.text = "".join(char for char, _ in folded)
        self.origin = [i for _, i in folded] + [len(formula)]
        kept = [i for i, char in enumerate(self.text) if not char.isspace() and char not in _QUOTES]
        self.compact = "".join(self.text[i] for i in kept)
        self.kept = kept
        self.compact_at: list[int] = []
        position = 0
        for i in range(len(self.text) + 1):
            self.compact_at.append(position)
            position += position < len(kept) and kept[position] == i

    def end_of(self, start: int, word: str) -> int:
        """Where in `text` a compact word that begins at `start` ends."""
        last = self.compact_at[start] + len(word) - 1
        return self.kept[last] + 1


def tokenise(formula: str, names: Names) -> list[Token]:
    """Tokens of a formula; raises FormulaError on a character that belongs to none."""
    source = _Source(formula)
    tokens: list[Token] = []
    position = 0
    while position < len(source.text):
        if source.text[position].isspace():
            position += 1
            continue
        token, position = _next_token(source, position, names, tokens)
        tokens.append(token._replace(offset=source.origin[token.offset]))
    return tokens


def _next_token(source: _Source, at: int, names: Names, before: list[Token]) -> tuple[Token, int]:
    if _expects_field(before):
        return _field_token(source, at, before)
    char = source.text[at]
    if char.isdigit() and (name := _name_at(source, at, names)) is None:
        return _number_token(source.text, at)
    if char in _QUOTES:
        return _quoted_token(source, at, names)
    word = _function_at(source, at)
    if word is not None:
        return Token("FUNC", word, at), source.end_of(at, word)
    name = _name_at(source, at, names)
    if name is not None:
        return Token("NAME", name, at, names.concepts[name]), source.end_of(at, name)
    return _sign_token(source, at) or _keyword_token(source, at) or _word_token(source, at)


def _expects_field(before: list[Token]) -> bool:
    """After 评分[*]. a field follows, whatever else its name may mean."""
    return [token.type for token in before[-2:]] == ["RSQB", "DOT"]


def _field_token(source: _Source, at: int, before: list[Token]) -> tuple[Token, int]:
    table = next((token.value for token in reversed(before) if token.type == "TABLE"), "")
    rest = source.compact[source.compact_at[at] :]
    field = next((f for f in sorted(TABLE_FIELDS.get(table, ()), key=len, reverse=True) if rest.startswith(f)), None)
    if field is None:
        raise FormulaError(source.origin[at], f"“{table}”没有这一列；可用：{'、'.join(TABLE_FIELDS.get(table, ()))}")
    return Token("FIELD", field, at), source.end_of(at, field)


def _name_at(source: _Source, at: int, names: Names) -> str | None:
    return names.longest_at(source.compact, source.compact_at[at])


def _function_at(source: _Source, at: int) -> str | None:
    start = source.compact_at[at]
    return next((word for word in FUNCTIONS if source.compact.startswith(word + "(", start)), None)


def _number_token(text: str, at: int) -> tuple[Token, int]:
    match = _NUMBER.match(text, at)
    assert match is not None  # noqa: S101 - the caller saw a digit
    end, value = match.end(), Decimal(match.group())
    for unit, factor in _UNITS.items():
        if text.startswith(unit, end):
            return Token("NUMBER", match.group(), at, number=value * factor), end + len(unit)
    return Token("NUMBER", match.group(), at, number=value), end


def _quoted_token(source: _Source, at: int, names: Names) -> tuple[Token, int]:
    """A quoted text, unless the quote opens a longer name (“三公”经费). A quoted name keeps its concept."""
    opening = source.text[at]
    closing = source.text.find(_CLOSING.get(opening, opening), at + 1)
    name = _name_at(source, at, names)
    if name is not None and (end := source.end_of(at, name)) > closing >= 0:
        return Token("NAME", name, at, names.concepts[name]), end
    if closing < 0:
        raise FormulaError(source.origin[at], "引号没有成对")
    text = source.text[at + 1 : closing]
    return Token("STRING", text, at, names.concepts.get(fold_name(text), "")), closing + 1


def _sign_token(source: _Source, at: int) -> tuple[Token, int] | None:
    for width in (2, 1):
        sign = source.text[at : at + width]
        if sign in _SIGNS and len(sign) == width:
            return Token(_SIGNS[sign], sign, at), at + width
    return None


def _keyword_token(source: _Source, at: int) -> tuple[Token, int] | None:
    """Keywords, sources (上年.) and tables (评分[)."""
    start = source.compact_at[at]
    for word in SOURCES:
        if source.compact.startswith(word + ".", start):
            return Token("SOURCE", word, at), source.end_of(at, word)
    for word in TABLE_FIELDS:
        if source.compact.startswith(word + "[", start):
            return Token("TABLE", word, at), source.end_of(at, word)
    for word in sorted(_KEYWORDS, key=len, reverse=True):
        if source.compact.startswith(word, start):
            return Token(_KEYWORDS[word], word, at), source.end_of(at, word)
    if source.compact.startswith("正文", start):
        return Token("BODY", "正文", at), source.end_of(at, "正文")
    return None


def _word_token(source: _Source, at: int) -> tuple[Token, int]:
    match = _WORD_END.search(source.text, at + 1)
    end = match.start() if match else len(source.text)
    word = source.text[at:end].strip()
    if not re.match(r"\w", word):
        raise FormulaError(source.origin[at], f"不认识的符号“{source.text[at]}”")
    return Token("WORD", word, at), end
