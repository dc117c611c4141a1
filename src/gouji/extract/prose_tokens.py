"""A sentence as tokens of one-letter roles, so that statements are found by matching shapes over the letters.

    其中：公务接待费 支出 决算数 约 3.02万元 ，
    K     L         l    S     A           ,

The text is folded first (NFKC, quotes and spaces dropped, broken numbers joined); every token keeps its place in the
paragraph as printed. One pass of one regular expression without nested repetition: time grows with length alone.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from gouji.text.labels import label_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gouji.patterns.concepts import Concept
    from gouji.patterns.prose import ProsePatterns

LETTERS = {
    "label": "L", "short": "l", "part": "W", "beside": "U", "amount": "A", "number": "N", "join": "J", "group": "K",
    "list": "、", "comma": ",", "semicolon": ";", "stop": ".", "open": "(", "close": ")", "each": "E", "split": "R",
    "change": "C", "compare": "B", "result": "T", "share": "H", "plan": "M", "partial": "P", "foreign": "Q",
    "year": "Y", "stage": "S", "none": "Z", "nothing": "z", "tail": "V", "grade": "G",
    "inside": "I", "reason": "F", "other": "X", "opaque": "X",
}  # fmt: skip
_LONG = 60
_LONGEST = 20_000
_PEOPLE = ("人员", "人数", "数", "制", "工", "部", "编")
_PEOPLE_ENDINGS = ("人员", "人数")
GRADE = "performance.grade"
_YEARS = {"this_year": 0, "last_year": -1, "year_before": -2, "next_year": 1}
_ADJUSTED = ("全年预算", "调整预算")
_LAST_YEAR = ("与上年", "与去年", "上年同期", "去年同期")
_STAGES = ("initial", "adjusted", "final")
_DROPPED = re.compile(
    "[\\s\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\u00ad\u201c\u201d\u2018\u2019\"'「」『』〝〞《》]+"
)
_SENTENCE_END = re.compile(r"[。!?\n]|(?<![0-9A-Za-z])\.")
_WORTH_READING = re.compile(
    r"[0-9][余多]?[万亿千百元人名个分%,;:、()和与及.。]|[无未没优良差格]|[零〇一二三四五六七八九十百两][人名]|零[,;。]|[为:次级]中[,;。(]"
)
_HEADING_LENGTH = 24
_WORTH_FOLDING = re.compile(r"[0-9０-９无未没优良差格零]|[零〇一二三四五六七八九十百两]\s*[人名]|中[”，。；,;]")
_HEADING = re.compile(r",?J{0,2}L[JlSX]{0,4}\.?")
_NAMING = frozenset({"label", "short", "part", "beside", "grade", "nothing"})
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
_YEAR = re.compile(
    r"(?P<year>(?:19|20)[0-9]{2})(?:(?=年初)|年(?:度|末|底|12月(?:31日|底|末|份)?)?(?![0-9]{1,2}(?:[-至到~][0-9]{1,2})?月))"
)
_STATED_UNIT = re.compile(r"\(?(?:金额)?单位:(?:人民币)?(?P<unit>亿元|万元|千元|元)\)?")
_ZERO = re.compile(r"(?P<number>零)(?=" + _STOP + r")")
_CHINESE_YEAR = re.compile(r"(?P<year>[一二][零〇一二三四五六七八九○]{3})年(?:度|末|底)?")
_MONTH = re.compile(r"(?:(?:19|20)[0-9]{2}年)?[0-9]{1,2}(?:[-至到~][0-9]{1,2})?月(?:[0-9]{1,2}日|份|底|末)?")
_YEAR_RANGE = re.compile(r"(?:19|20)[0-9]{2}年?[-—至到~](?:19|20)[0-9]{2}年度?")
_ORDINAL = re.compile(
    r"\((?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})\)[、.]?|(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})[、.)](?:(?![0-9])|(?=(?:19|20)[0-9]{2}年))"
    r"|[①-⑳][、.]?|[一二三四五六七八九十]是"
)
_CHINESE_DIGITS = str.maketrans("零〇○一二三四五六七八九", "000123456789")
_SEPARATORS = {
    ",": "comma",
    ";": "semicolon",
    "、": "list",
    "(": "open",
    ")": "close",
    ":": "join",
    "[": "open",
    "]": "close",
}
_STOPS = frozenset("。!?\n.")
_DIGITS = frozenset("0123456789")
_UNIT_ENDS = frozenset("元人名分%个")
_HEDGE_STARTS = frozenset("以左上余多的")
_CHINESE_NUMERALS = frozenset("零〇一二三四五六七八九十百两")
_NUMBER_STARTS = frozenset("0123456789-大约将近逾超不")
_ORDINAL_STARTS = frozenset("(0123456789一二三四五六七八九十①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳")
_SIGNS = frozenset({*_ORDINAL_STARTS, *_SEPARATORS, *_NUMBER_STARTS, *_CHINESE_NUMERALS, *"(单金"})
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | dict(
    zip(map(ord, "【】〔〕−﹣‐"), map(ord, "()()---"), strict=True)
)


class Word(NamedTuple):
    """What a word of the lexicon means. `year`: offset from the report's year; `mark`: file:line of its entry."""

    role: str
    concept: str = ""
    also: str = ""
    stage: str = ""
    year: int = 0
    sole: bool = False
    strict: bool = False
    needs: tuple[str, ...] = ()
    trades: bool = False
    mark: str = ""


class Token(NamedTuple):
    """A piece of the folded text [start, end) and its role."""

    letter: str
    start: int
    end: int
    text: str
    word: Word | None = None
    match: re.Match[str] | None = None
    year: int | None = None


class Folded(NamedTuple):
    """Folded text, and for each of its characters the place in the printed text."""

    text: str
    places: list[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The printed characters of a folded piece."""
        return self.places[start], self.places[end - 1] + 1


class Lexicon:
    """Words by text, and for each first character an expression that finds the longest. One per pattern folder."""

    def __init__(self, words: dict[str, Word], parts: dict[tuple[str, str], Word], trades: tuple[str, ...]) -> None:
        self.words = words
        self.parts = parts
        self.patterns = _patterns_by_first(words)
        self.starts = re.compile(f"[{''.join(map(re.escape, sorted({*self.patterns, *_SIGNS, *_STOPS})))}]")
        self.trade = re.compile(
            "[\u4e00-\u9fff]{0,6}?(?:" + "|".join(map(re.escape, trades or ("员",))) + ")(?=共?(?:约|近)?[0-9])"
        )
        self.pairs = frozenset(text[:2] for text, word in words.items() if word.role in _NAMING)

    def names_something(self, text: str, start: int, end: int) -> bool:
        """Whether a text may hold a name: looked at before a sentence is taken to pieces."""
        pairs = self.pairs
        return any(text[place : place + 2] in pairs for place in range(start, end - 1))


def may_state(text: str) -> bool:
    """Whether a printed text has a number, a word of absence or a grade, or may be a heading."""
    return len(text) <= _HEADING_LENGTH or _WORTH_FOLDING.search(text) is not None


def fold_text(text: str) -> Folded:
    """Half-width, without quotes and spaces; a space between two digits stays, a line break ends a sentence."""
    wide = text.translate(_WIDE)
    pieces: list[str] = []
    places: list[int] = []
    last = 0
    for run in _DROPPED.finditer(wide):
        pieces.append(wide[last : run.start()])
        places.extend(range(last, run.start()))
        if kept := _kept_space(wide, run):
            pieces.append(kept)
            places.append(run.start())
        last = run.end()
    pieces.append(wide[last:])
    places.extend(range(last, len(wide)))
    return Folded("".join(pieces), places)


def _kept_space(text: str, run: re.Match[str]) -> str:
    """What a run of dropped characters leaves: a break of lines, a gap between digits, or nothing."""
    before, after = text[run.start() - 1 : run.start()], text[run.end() : run.end() + 1]
    digit_after = after in _DIGITS
    if "\n" in run.group():
        return "" if before and before in ".," and digit_after else "\n"
    if before in _UNIT_ENDS and run.group().isspace() and "\u4e00" <= after <= "\u9fff" and after not in _HEDGE_STARTS:
        return ","  # 编制8人 实有8人
    return " " if before in _DIGITS and digit_after and run.group().isspace() else ""


class Span(NamedTuple):
    """A sentence; a `piece` of one that is too long to be read at once; a short text that may be a `heading`."""

    start: int
    end: int
    kind: Literal["sentence", "piece", "heading"] = "sentence"


def sentences(text: str) -> Iterator[Span]:
    """The sentences of a folded text that hold a number, a grade or a word of absence, and what may be headings.

    What goes on for more than 20,000 characters is read in pieces that end with a clause.
    """
    start = 0
    for stop in (*(match.end() for match in _SENTENCE_END.finditer(text)), len(text)):
        if stop - start > _LONGEST:
            yield from _pieces(text, start, stop)
        elif _WORTH_READING.search(text, start, stop) is not None:
            yield Span(start, stop)
        elif may_be_heading(text, start, stop):
            yield Span(start, stop, "heading")
        start = stop


def may_be_heading(text: str, start: int, stop: int) -> bool:
    """A short text at the beginning of a paragraph, or one that begins with an ordinal."""
    return start < stop <= start + _HEADING_LENGTH and (start == 0 or text[start] in _ORDINAL_STARTS)


def stated_unit(text: str) -> Token | None:
    """The unit of money that a note in a text states once for all: （单位：万元）."""
    match = _STATED_UNIT.search(text) if "单位:" in text else None
    return Token("A", match.start(), match.end(), match.group(), None, match) if match is not None else None


def _pieces(text: str, start: int, stop: int) -> Iterator[Span]:
    """Pieces that end with a clause. What has no clauses is no text, and nothing behind it is known to begin one."""
    while start < stop:
        end = stop
        if stop - start > _LONGEST:
            end = 1 + max(text.rfind(mark, start, start + _LONGEST) for mark in ",;")
        if not end:
            return
        yield Span(start, end, "piece")
        start = end


@lru_cache(maxsize=4)
def build_lexicon(concepts: tuple[Concept, ...], prose: ProsePatterns) -> Lexicon:
    """Every word that plays a role in sentences."""
    words: dict[str, Word] = {}
    for role, entry in prose.words:
        words.update((word, _word_of_role(role, word)) for word in entry.words)
    for concept in concepts:
        words.update(_words_of_concept(concept))
    words.update(
        (
            word,
            Word(
                "grade" if entry.concept == GRADE else "short" if entry.short else "label",
                entry.concept,
                entry.also,
                sole=entry.sole,
                strict=entry.strict,
                needs=entry.needs,
                trades=entry.trades,
                mark=entry.mark,
            ),
        )
        for entry in prose.labels
        for word in entry.words
    )
    words.update(_longer_names(words, concepts))
    words.update((word, Word("beside", entry.concept)) for entry in prose.beside for word in entry.words)
    words.update(
        (word, Word("nothing", entry.concept, mark=entry.mark)) for entry in prose.none for word in entry.words
    )
    parts = {
        (entry.head, word): Word("label", entry.concept, mark=entry.mark)
        for entry in prose.parts
        for word in entry.words
    }
    words.update((word, Word("part")) for _, word in parts if word not in words)
    return Lexicon(words, parts, prose.trades)


def _word_of_role(role: str, text: str) -> Word:
    if role in _YEARS:
        return Word("year", year=_YEARS[role])
    if role in _STAGES:
        return Word("stage", stage=role)
    if role in ("compare", "share"):  # 与上年, 与预算, 为年初预算: what an amount is held against
        stage = "adjusted" if text.endswith(_ADJUSTED) else "initial" if text.endswith("预算") else ""
        return Word(role, stage=stage, year=-1 if text.startswith(_LAST_YEAR) else 0)
    return Word(role)


def _words_of_concept(concept: Concept) -> Iterator[tuple[str, Word]]:
    if concept.kind in ("date", "text") and concept.id != GRADE:
        return
    role = "grade" if concept.id == GRADE else "label"
    for label in (concept.name, *concept.aliases):
        yield label_key(label), Word(role, concept.id, mark=concept.mark)
    short = "short" if concept.kind == "money" else "label"
    for label in concept.prose:
        yield label_key(label), Word(short, concept.id, strict=True, mark=concept.mark)


def _longer_names(words: dict[str, Word], concepts: tuple[Concept, ...]) -> dict[str, Word]:
    """在职 → 在职人员, 在职人数: short names of people with the word for people."""
    counts = {concept.id for concept in concepts if concept.kind == "count"}
    people = [(text, word) for text, word in words.items() if word.concept in counts and not text.endswith(_PEOPLE)]
    return {text + ending: word for text, word in people for ending in _PEOPLE_ENDINGS if text + ending not in words}


def _patterns_by_first(words: Iterable[str]) -> dict[str, re.Pattern[str]]:
    """First character → an expression for the longest word that begins with it."""
    groups: dict[str, list[str]] = {}
    for word in words:
        if word:
            groups.setdefault(word[0], []).append(word)
    return {
        first: re.compile("|".join(re.escape(word) for word in sorted(group, key=len, reverse=True)))
        for first, group in groups.items()
    }


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
    """The label of a text that is nothing but one: （一）公务接待费支出情况. The reports of a form share their headings."""
    tokens = tokenize(text, 0, len(text), lexicon)
    letters = "".join(token.letter for token in tokens)
    return tokens[letters.index("L")] if _HEADING.fullmatch(letters) is not None else None


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
        elif before is not None and len(joined) > 1 and _is_plain(token) and _is_plain(joined[-2]) and _is_connecting(before):
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
    token = _sign_at(text, place, char) if char in _SIGNS else None
    if token is not None:
        return token
    pattern = lexicon.patterns.get(char)
    match = pattern.match(text, place, end) if pattern is not None else None
    if match is not None:
        word = lexicon.words[match.group()]
        trade = lexicon.trade.match(text, match.end(), end) if word.trades else None
        stop = trade.end() if trade is not None else match.end()
        return Token(LETTERS[word.role], place, stop, text[place:stop], word)
    return Token(".", place, place + 1, char) if char in _STOPS else None


def _sign_at(text: str, place: int, char: str) -> Token | None:
    """What is no word: an ordinal, a note of the unit, a separator, a number."""
    if char in _ORDINAL_STARTS and _begins_item(text, place) and (match := _ORDINAL.match(text, place)) is not None:
        return Token(",", place, match.end(), match.group())
    if char in "(单金" and (match := _STATED_UNIT.match(text, place)) is not None:
        return Token("J", place, match.end(), match.group(), None, match)
    if char in _SEPARATORS:
        return Token(LETTERS[_SEPARATORS[char]], place, place + 1, char)
    token = _number_at(text, place) if char in _NUMBER_STARTS else None
    return token or (_chinese_at(text, place) if char in _CHINESE_NUMERALS else None)


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
