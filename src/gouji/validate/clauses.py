"""Running text as a row of clauses that can be compared: what one report says as another does.

    为做好票据管理，在8个社区设立了联络点，…   ─clauses_of→   Clause(masked, exact, letters) …
                                               masked  number of the words with digits and the unit's own name left out
                                               exact   the same with the digits
    mine, theirs ─shared_runs→ Run(start, other, length, letters)   the longest rows of clauses that both have

Hashes are the first 64 bits of BLAKE2b: the same on every machine and in every run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

from gouji.validate.placed_texts import OVERVIEW, texts_of

if TYPE_CHECKING:
    from gouji.model.report import Report
    from gouji.validate.placed_texts import PlacedText

_CLAUSE = re.compile(r"[^。；;！!？?，,：:\n]+")
_DROPPED = re.compile(r"[^\w%\u25a1]+|_")
_DIGITS = re.compile(r"\d+(?:[.．,]\d+)*")
_TELLING = re.compile(r"\d{2,}|\d\.\d")  # a number that does not recur by chance
_YEAR = re.compile(r"(?:19|20)\d{2}年?")
# Duties, staffing and law are copied from their documents by everyone, and may be.
_COMMON_GROUND = re.compile(r"概况|基本情况|职能|职责|机构|人员|编制|依据|简介|目录|政策")
_LAW = re.compile(r"《[^》]+》|〔(?:19|20)\d{2}〕|贯彻落实|以习近平|党的[一二]?十[一二三四五六七八九]?大|认真学习")
_FIGURE = re.compile(r"\d\s*(?:亿元|万元|元|[%％]|个百分点|人|名)")  # 支出合计…万元，其中… is the accounts' language
_ORDINAL = re.compile(r"^(?:[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．]|目标\d|任务\d|指标\d)")
OWN = "\u25a1"
LONG = 60  # letters: no sentence is this long by chance
_SEVERAL = 4


class Clause(NamedTuple):
    """One clause of a passage. `letters`: what it weighs, nothing where it states a figure; `counts`: no law, no slogan."""

    masked: int
    exact: int
    letters: int
    passage: int
    counts: bool


class Run(NamedTuple):
    """Clauses `start` … of one text that are clauses `other` … of another; `letters` without common ground."""

    start: int
    other: int
    length: int
    letters: int


def narrated(report: Report) -> list[PlacedText]:
    """What the unit tells in its own words: not its duties, not the names of goals."""
    return told_of(texts_of(report))


def told_of(passages: Iterable[PlacedText]) -> list[PlacedText]:
    """The passages in which a unit tells of its year."""
    kinds = ("section", "overview", "result")
    return [passage for passage in passages if passage.kind in kinds and not _is_common(passage)]


def _is_common(passage: PlacedText) -> bool:
    if passage.concept.startswith(OVERVIEW):
        return passage.concept != f"{OVERVIEW}results"
    return passage.kind == "section" and _COMMON_GROUND.search(passage.text.partition("\n")[0]) is not None


def clauses_of(passages: Sequence[PlacedText], mask: Callable[[str], str]) -> list[Clause]:
    """Every clause of the passages in order. `mask` leaves names of units out."""
    return [_clause(text, number, mask) for number, passage in enumerate(passages) for _, text in _split(passage)]


def run_text(passages: Sequence[PlacedText], clauses: Sequence[Clause], start: int, count: int) -> str:
    """The words of a row of clauses as printed."""
    number = clauses[start].passage
    first = start - next(position for position, clause in enumerate(clauses) if clause.passage == number)
    spans = [span for span, _ in _split(passages[number])]
    return passages[number].text[spans[first][0] : spans[first + count - 1][1]]


def _split(passage: PlacedText) -> list[tuple[tuple[int, int], str]]:
    """The clauses of a passage, without white space, each with where it stands in the text; a section without its heading."""
    start = passage.text.find("\n") + 1 if passage.kind == "section" else 0
    found = ((match.span(), "".join(match.group().split())) for match in _CLAUSE.finditer(passage.text, start))
    return [(span, text) for span, text in found if text]


def _clause(text: str, passage: int, mask: Callable[[str], str]) -> Clause:
    words = _DROPPED.sub("", mask(_ORDINAL.sub("", text)))
    bare = _DIGITS.sub("0", words)
    letters = 0 if _FIGURE.search(text) else len(bare)
    return Clause(hash_text(bare), hash_text(words), letters, passage, _LAW.search(text) is None)


def has_telling_number(text: str) -> bool:
    """Whether a clause prints a number, other than a year, that does not recur by chance."""
    return _TELLING.search(_YEAR.sub("", text)) is not None


def hash_text(text: str) -> int:
    """64 bits of a text, the same everywhere."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def places_of(clauses: Sequence[Clause]) -> dict[int, list[int]]:
    """Masked hash → the first few positions at which it stands."""
    found: dict[int, list[int]] = {}
    for position, clause in enumerate(clauses):
        places = found.setdefault(clause.masked, [])
        if len(places) < _SEVERAL:
            places.append(position)
    return found


def shared_runs(mine: Sequence[Clause], theirs: Sequence[Clause], common: Callable[[int], bool]) -> Iterator[Run]:
    """Rows of clauses that stand in both, longest first at each place; a row never leaves its passage."""
    places = places_of(theirs)
    start = 0
    while start < len(mine):
        runs = [_run_at(mine, theirs, start, other, common) for other in places.get(mine[start].masked, ())]
        best = max(runs, key=lambda run: run.length, default=None)
        if best is not None:
            yield best
        start += best.length if best is not None else 1


def _run_at(
    mine: Sequence[Clause], theirs: Sequence[Clause], start: int, other: int, common: Callable[[int], bool]
) -> Run:
    count = letters = 0
    while start + count < len(mine) and other + count < len(theirs):
        left, right = mine[start + count], theirs[other + count]
        same_place = left.passage == mine[start].passage and right.passage == theirs[other].passage
        if left.masked != right.masked or not same_place:
            break
        letters += left.letters if left.counts and not common(left.masked) else 0
        count += 1
    return Run(start, other, count, letters)


def same_numbers(mine: Sequence[Clause], theirs: Sequence[Clause], run: Run) -> bool:
    """Whether the run agrees in its digits as well."""
    return all(mine[run.start + n].exact == theirs[run.other + n].exact for n in range(run.length))


# --- names of units ---------------------------------------------------------------------------------------------------

_REGION = re.compile(r"^.{1,6}?([区县市州旗](?!.{0,2}$).+)$")
_SHORTEST = 4


def forms_of(name: str | None) -> tuple[str, ...]:
    """How a unit writes its name: 云溯区民政局, 区民政局, 民政局; longest first."""
    full = "".join((name or "").split())
    match = _REGION.match(full)
    short = (match[1], match[1][1:]) if match is not None else ()
    return tuple(form for form in (full, *short) if len(form) >= _SHORTEST or (form == full != "" and len(form) > 1))


def mask_names(names: Sequence[str]) -> Callable[[str], str]:
    """Puts a box where one of the names stands."""
    if not names:
        return str
    pattern = re.compile("|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)))
    return lambda text: pattern.sub(OWN, text)
