"""The running text of a report: passages that keep the place of every character, cut into sentences and clauses.

p6_0  …合格率98.        Passage  …合格率98.3%。      pieces  p6 0…9 · p7 0…4       folded: half-width, simplified
p7_0  3%。         →
t1r25c3 深化服务…         Passage of a cell: the cell is its place
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

import msgspec

from gouji.text.characters import FULL_WIDTH, SIMPLIFIED, Folding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gouji.model.finding import Evidence
    from gouji.model.report import Report
    from gouji.validate.case import Case

Kind = Literal["line", "result", "overview"]
_FOLDING = Folding(SIMPLIFIED | FULL_WIDTH | {ord("\u3000"): ord(" "), ord("﹪"): ord("%")}, usual="，：；（）！？％")
_STOPS = re.compile(r"[。;!?\n]")
_CLAUSE_ENDS = re.compile(r"[,。;:!?\n()、]")
_NEVER = re.compile(r"(?!)")
_ANNEX = re.compile(r"\s*附\s*[件表]")
_HEADING = 30
_LONGEST = 2000  # characters of a sentence that is read: keeps time linear
_BETWEEN = "\x1f"  # stands between passages, never in one
_PAUSES = re.compile(r"[,、]")
_EDGES = " \n。；;"
_SHOWN = 60


_Draft = tuple[str, "tuple[Piece, ...]", str, Kind]  # a passage whose text is still to be folded


class Piece(msgspec.Struct, frozen=True, gc=False):
    """A line of a passage: where it stands, where it begins in its paragraph and in the passage."""

    where: str
    offset: int
    start: int


class Passage(msgspec.Struct, frozen=True, gc=False):
    """Text that is read at once, folded and as printed. `title`: the heading, or the row of a cell, it stands under."""

    text: str
    printed: str
    pieces: tuple[Piece, ...]
    title: str = ""
    kind: Kind = "line"

    def place(self, start: int, end: int) -> tuple[str, str]:
        """The evidence id of some characters (of the first line they stand in) and what it prints there."""
        number = bisect_right(self.pieces, start, key=_start_of) - 1
        piece = self.pieces[number]
        if self.kind != "line":  # the characters of a cell have no places of their own
            return piece.where, self.printed[start:end]
        stop = self.pieces[number + 1].start if number + 1 < len(self.pieces) else len(self.text)
        end = min(end, stop)
        return f"{piece.where}_{start - piece.start + piece.offset}_{end - piece.start + piece.offset}", self.printed[
            start:end
        ]

    def sentences(self) -> Iterator[Sentence]:
        """The sentences. What goes on for thousands of characters is a list or no text at all: nobody can say what it states."""
        start = 0
        for stop in (*(match.end() for match in _STOPS.finditer(self.text)), len(self.text)):
            if start < stop <= start + _LONGEST:
                yield Sentence(self, start, stop, self.text[start:stop])
            start = stop


class Sentence(msgspec.Struct, frozen=True, gc=False):
    """A sentence of a passage: [start, end) and its text."""

    passage: Passage
    start: int
    end: int
    text: str

    def evidence(self, case: Case, relation: str = "statement") -> Evidence | None:
        """The sentence as evidence."""
        lead = len(self.text) - len(self.text.lstrip())
        where, raw = self.passage.place(self.start + lead, self.end)
        return case.evidence_of_text(where, place_of(self.passage), raw.strip(), relation)

    @property
    def shown(self) -> str:
        """The sentence for people, cut where it is long."""
        return self.around(self.start, self.start)

    def around(self, start: int, end: int) -> str:
        """The clauses around some characters of the passage, for people; the whole sentence where it is short."""
        text = self.passage.printed[self.start : self.end]
        if len(text.strip(_EDGES)) <= _SHOWN:
            return text.strip(_EDGES)
        room = max(0, _SHOWN - (end - start)) // 2
        first, last = max(0, start - self.start - room), min(len(text), end - self.start + room)
        first, _ = clause_around(self.text, first, first, _PAUSES) if first else (0, 0)
        head, tail = "…" if first else "", "…" if last < len(text) else ""
        return f"{head}{text[first:last].strip(_EDGES)}{tail}"


def _start_of(piece: Piece) -> int:
    return piece.start


def place_of(passage: Passage) -> str:
    """Where a passage stands, in words."""
    if passage.kind == "result":
        return f"《绩效目标》 · {passage.title} 行"
    return f"正文“{passage.title}”部分" if passage.title else "正文"


def fold(text: str) -> str:
    """Half-width and simplified; every character keeps its place."""
    return _FOLDING(text)


def passages_of(report: Report) -> tuple[Passage, ...]:
    """The running text, then what goals and the overview tell of the year."""
    drafts = [*(_of_lines(report) if report.lines else _of_sections(report)), *_of_cells(report)]
    if not drafts:
        return ()
    folded = fold(_BETWEEN.join(printed for printed, *_ in drafts)).split(_BETWEEN)  # one call for all of them
    return tuple(Passage(text, *draft) for text, draft in zip(folded, drafts, strict=True))


def _of_lines(report: Report) -> Iterator[_Draft]:
    """Lines broken in mid-sentence are put together again."""
    titles = {section.where: section.title for section in report.sections if section.where is not None}
    title = printed = ""
    pieces: list[Piece] = []
    for line in report.lines:
        if pieces and not line.goes_on:
            yield _draft(printed, tuple(pieces), title)
            printed, pieces = "", []
        title = "" if _ANNEX.match(line.text) and len(line.text) < _HEADING else titles.get(line.where, title)
        pieces.append(Piece(line.where, line.start, len(printed)))
        printed += line.text
    if pieces:
        yield _draft(printed, tuple(pieces), title)


def _of_sections(report: Report) -> Iterator[_Draft]:
    """Reports from elsewhere hold no lines: the heading stands for the place."""
    for section in report.sections:
        if section.where is not None:
            yield from (
                _draft(text, (Piece(section.where, 0, 0),), section.title, "overview")
                for text in section.text.split("\n")
                if text.strip()
            )


def _of_cells(report: Report) -> Iterator[_Draft]:
    for goal in report.goals:
        where = goal.result_where or goal.where
        if goal.result and where:
            yield _draft(goal.result, (Piece(where, 0, 0),), goal.kind or "绩效目标", "result")
    for fact in report.facts:
        if fact.concept == "overview.results" and isinstance(fact.content, str) and fact.where:
            yield _draft(fact.content, (Piece(fact.where, 0, 0),), "总体运行情况及取得的成绩", "overview")


def _draft(printed: str, pieces: tuple[Piece, ...], title: str, kind: Kind = "line") -> _Draft:
    return printed.replace(_BETWEEN, " "), pieces, title, kind


def clause_around(text: str, start: int, end: int, ends: re.Pattern[str] = _CLAUSE_ENDS) -> tuple[int, int]:
    """The clause that holds [start, end)."""
    begin = 0
    for match in ends.finditer(text, 0, start):
        begin = match.end()
    stop = ends.search(text, end)
    return begin, stop.start() if stop is not None else len(text)


@lru_cache(maxsize=256)
def any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    """A pattern that finds any of some words, longest first; none where there are no words."""
    if not words:
        return _NEVER
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))


def has_any(text: str, words: Iterable[str]) -> bool:
    """Whether a text holds one of some words."""
    for word in words:  # noqa: SIM110 - a plain loop takes half the time of any(), and all checks of prose wait for this
        if word in text:
            return True
    return False


_SPAN = re.compile(r"[-—~～]")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})\s*(?:年|[-—~～]\s*(?:19|20)\d{2})")


def years_in(text: str) -> list[int]:
    """The years that a text names as its own or as the beginning of a span."""
    if "年" not in text and _SPAN.search(text) is None:
        return []
    return [int(match.group(1)) for match in _YEAR.finditer(text)]


def tells_other_year(text: str, case: Case) -> bool:
    """Whether a text names another year than the report's."""
    if has_any(text, case.rules.lexicon["other_years"]):
        return True
    return any(year != case.report.fiscal_year for year in years_in(text))
