"""The words of sentences by text: every name of a figure, and every word of prose.yml with its role.

公务接待费 → label three_public.reception · 决算 → stage final · 比 → compare · 聘用 → label staffing.contract (a trade may follow)
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from gouji.extract.prose_text import SIGNS, STOPS
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
GRADE = "performance.grade"
_PEOPLE = ("人员", "人数", "数", "制", "工", "部", "编")
_PEOPLE_ENDINGS = ("人员", "人数")
_YEARS = {"this_year": 0, "last_year": -1, "year_before": -2, "next_year": 1}
_ADJUSTED = ("全年预算", "调整预算")
_LAST_YEAR = ("与上年", "与去年", "上年同期", "去年同期")
_STAGES = ("initial", "adjusted", "final")
_NAMING = frozenset({"label", "short", "part", "beside", "grade", "nothing"})


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


class Lexicon:
    """Words by text, and for each first character an expression that finds the longest. One per pattern folder."""

    def __init__(self, words: dict[str, Word], parts: dict[tuple[str, str], Word], trades: tuple[str, ...]) -> None:
        self.words = words
        self.parts = parts
        self.patterns = _patterns_by_first(words)
        self.starts = re.compile(f"[{''.join(map(re.escape, sorted({*self.patterns, *SIGNS, *STOPS})))}]")
        self.trade = re.compile(
            "[\u4e00-\u9fff]{0,6}?(?:" + "|".join(map(re.escape, trades or ("员",))) + ")(?=共?(?:约|近)?[0-9])"
        )
        self.pairs = frozenset(text[:2] for text, word in words.items() if word.role in _NAMING)

    def names_something(self, text: str, start: int, end: int) -> bool:
        """Whether a text may hold a name: looked at before a sentence is taken to pieces."""
        pairs = self.pairs
        return any(text[place : place + 2] in pairs for place in range(start, end - 1))


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
