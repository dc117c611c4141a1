"""A sentence as tokens of one-letter roles, so that statements are found by matching shapes over the letters.

    其中：公务接待费 支出 决算数 约 3.02万元 ，
    K     L         l    S     A           ,

One pass of regular expressions without nested repetition: time grows with length alone.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from gouji.extract.prose_lexicon import LETTERS, Word
from gouji.extract.prose_text import (
    BULLETS,
    CHINESE_NUMERALS,
    NUMBER_STARTS,
    ORDINAL_STARTS,
    SEPARATORS,
    SIGNS,
    STOPS,
    fold_text,
)

if TYPE_CHECKING:
    from gouji.extract.prose_lexicon import Lexicon

_LONG = 60
_HEADING = re.compile(r",?J{0,2}L[JlSX]{0,4}\.?")
_NUMBER = r"(?:(?<![0-9])-)?(?:[0-9]{1,3}(?:,[0-9]{3}){1,6}(?![0-9])|[0-9]{1,24})(?:\.[0-9]{1,20})?"
_STOP = r"[,;:.、。()和与及]|$"
_UNIT = (
    r"(?:亿元|百万元|千万元|万元|千元|元)(?![/每])|万(?=余?(?:" + _STOP + r"))|[%]|人(?=以上|左右|" + _STOP + r")"
    r"|名(?=以上|左右|" + _STOP + r")|个(?=" + _STOP + r")|分(?=" + _STOP + r")"
)
_AMOUNT = re.compile(
    r"(?P<hedge>大约|将近|超过|不足|不到|约|近|逾|超)?(?P<number>"
    + _NUMBER
    + r")(?P<more>[余多])?(?P<unit>"
    + _UNIT
    + r")"
    r"(?P<after>左右|上下|以上|以内|以下|余)?"
)
_BARE = re.compile(  # a number that ends a text may go on elsewhere
    r"(?P<hedge>大约|将近|约|近)?(?P<number>" + _NUMBER + r")(?=" + _STOP.removesuffix("|$") + r")(?![.。][0-9A-Za-z])"
)
_OPAQUE_NUMBER = re.compile(r"[0-9][0-9A-Za-z.,]{0,60}")
_CHINESE = re.compile(r"(?P<number>[零〇一二三四五六七八九十百两]{1,6})(?P<unit>[人名])(?=" + _STOP + r")")
_ZERO = re.compile(r"(?P<number>零)(?=" + _STOP + r")")
_YEAR = re.compile(
    r"(?P<year>(?:19|20)[0-9]{2})(?:(?=年初)|年(?:度|末|底|12月(?:31日|底|末|份)?)?(?![0-9]{1,2}(?:[-至到~][0-9]{1,2})?月))"
)
_CHINESE_YEAR = re.compile(r"(?P<year>[一二][零〇一二三四五六七八九○]{3})年(?:度|末|底)?")
_MONTH = re.compile(r"(?:(?:19|20)[0-9]{2}年)?[0-9]{1,2}(?:[-至到~][0-9]{1,2})?月(?:[0-9]{1,2}日|份|底|末)?")
_YEAR_RANGE = re.compile(r"(?:19|20)[0-9]{2}年?[-—至到~](?:19|20)[0-9]{2}年度?")
_ORDINAL = re.compile(
    r"\((?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})\)[、.]?|(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})[、.)](?:(?![0-9])|(?=(?:19|20)[0-9]{2}年))"
    r"|[①-⑳][、.]?|[一二三四五六七八九十]是"
    rf"|[{BULLETS}]+(?=\s*[\u4e00-\u9fff])"
)
_STATED_UNIT = re.compile(r"\(?(?:金额)?单位:(?:人民币)?(?P<unit>亿元|万元|千元|元)\)?")
_CHINESE_DIGITS = str.maketrans("零〇○一二三四五六七八九", "000123456789")


class Token(NamedTuple):
    """A piece of the folded text [start, end) and its role."""

    letter: str
    start: int
    end: int
    text: str
    word: Word | None = None
    match: re.Match[str] | None = None
    year: int | None = None


def tokenize(text: str, start: int, end: int, lexicon: Lexicon) -> list[Token]:
    """The tokens of one sentence of a folded text."""
    tokens: list[Token] = []
    place = plain = start
    while (found := lexicon.starts.search(text, place, end)) is not None:
        place = found.start()
        token = _token_at(text, place, end, lexicon)
        if token is None:
            place += 1
            continue
        if plain < place:
            tokens.append(Token("X", plain, place, text[plain:place]))
        tokens.append(token)
        place = plain = token.end
    if plain < end:
        tokens.append(Token("X", plain, end, text[plain:end]))
    return _join_words(tokens)


@lru_cache(maxsize=8192)
def heading_label(text: str, lexicon: Lexicon) -> Token | None:
    """The label of a printed line that is nothing but one: （一）公务接待费支出情况. The reports of a form share their headings."""
    folded = fold_text(text).text
    tokens = tokenize(folded, 0, len(folded), lexicon)
    letters = "".join(token.letter for token in tokens)
    return tokens[letters.index("L")] if _HEADING.fullmatch(letters) is not None else None


def stated_unit(text: str) -> Token | None:
    """The unit of money that a note in a text states once for all: （单位：万元）."""
    match = _STATED_UNIT.search(text) if "单位:" in text else None
    return Token("A", match.start(), match.end(), match.group(), None, match) if match is not None else None


def _join_words(tokens: list[Token]) -> list[Token]:
    """A single character between two other texts is a part of one longer text: 人力资源 和 社会保障局.

    与 before a year or a stage compares (与2020年持平), unless it stands between two (2020年与2021年).
    """
    joined: list[Token] = []
    for token in tokens:
        before = joined[-1] if joined else None
        if before is not None and before.text == "与" and token.letter in "YS":
            if len(joined) < 2 or joined[-2].letter not in "YSL":
                joined[-1] = before._replace(letter="B", word=Word("compare"))
            joined.append(token)
        elif (
            before is not None
            and len(joined) > 1
            and _is_plain(token)
            and _is_plain(joined[-2])
            and _is_connecting(before)
        ):
            middle, first = joined.pop(), joined.pop()
            text = first.text + middle.text + token.text if len(first.text) < _LONG else token.text
            joined.append(Token("X", first.start, token.end, text))
        else:
            joined.append(token)
    return joined


def _is_plain(token: Token) -> bool:
    return token.letter == "X" and token.match is None


def _is_connecting(token: Token) -> bool:
    return token.word is not None and len(token.text) == 1 and token.letter in "J、EKVI"


def _token_at(text: str, place: int, end: int, lexicon: Lexicon) -> Token | None:
    char = text[place]
    token = _sign_at(text, place, char) if char in SIGNS else None
    if token is not None:
        return token
    pattern = lexicon.patterns.get(char)
    match = pattern.match(text, place, end) if pattern is not None else None
    if match is not None:
        word = lexicon.words[match.group()]
        trade = lexicon.trade.match(text, match.end(), end) if word.trades else None
        stop = trade.end() if trade is not None else match.end()
        return Token(LETTERS[word.role], place, stop, text[place:stop], word)
    return Token(".", place, place + 1, char) if char in STOPS else None


def _sign_at(text: str, place: int, char: str) -> Token | None:
    """What is no word: an ordinal, a note of the unit, a separator, a number."""
    if char in ORDINAL_STARTS and _begins_item(text, place) and (match := _ORDINAL.match(text, place)) is not None:
        return Token(",", place, match.end(), match.group())
    if char in "(单金" and (match := _STATED_UNIT.match(text, place)) is not None:
        return Token("J", place, match.end(), match.group(), None, match)
    if char in SEPARATORS:
        return Token(LETTERS[SEPARATORS[char]], place, place + 1, char)
    token = _number_at(text, place) if char in NUMBER_STARTS else None
    return token or (_chinese_at(text, place) if char in CHINESE_NUMERALS else None)


def _number_at(text: str, place: int) -> Token | None:
    """A range of years, a month, a year, an amount, a bare number, or digits that are none of these."""
    for letter, pattern in (("P", _YEAR_RANGE), ("Y", _YEAR), ("P", _MONTH)):
        match = pattern.match(text, place)
        if match is not None:
            year = int(match.group("year").translate(_CHINESE_DIGITS)) if letter == "Y" else None
            return Token(letter, place, match.end(), match.group(), None, None, year)
    for letter, pattern in (("A", _AMOUNT), ("N", _BARE), ("X", _OPAQUE_NUMBER)):
        match = pattern.match(text, place)
        if match is not None:
            return Token(letter, place, match.end(), match.group(), None, match)
    return None


def _begins_item(text: str, place: int) -> bool:
    """Whether an ordinal may stand here: （一） 1、 2. (3) ① 一是."""
    return place == 0 or text[place - 1] in ":;,。(\n "


def _chinese_at(text: str, place: int) -> Token | None:
    match = _CHINESE_YEAR.match(text, place)
    if match is not None:
        return Token(
            "Y", place, match.end(), match.group(), None, None, int(match.group("year").translate(_CHINESE_DIGITS))
        )
    match = _ZERO.match(text, place)
    if match is not None:
        return Token("N", place, match.end(), match.group(), None, match)
    match = _CHINESE.match(text, place)
    return Token("A", place, match.end(), match.group(), None, match) if match is not None else None
