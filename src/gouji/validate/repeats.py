"""What is written twice: D1 in one report, D2 and D4 since last year, D3 in another unit's report.

D1  the same paragraph at two places of the narrative, digits and all; or in a cell of the form and again elsewhere
D2  the narrative is last year's: digits replaced, or worse, not even these
D3  a passage of another unit's narrative; what both owe the form or their duties does not count
D4  every item's score is last year's, with deductions among them
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from gouji.model.finding import Evidence
from gouji.validate.case import present
from gouji.validate.clauses import (
    clauses_of,
    forms_of,
    has_telling_number,
    hash_text,
    mask_names,
    narrated,
    run_text,
    shared_runs,
    told_of,
)
from gouji.validate.form_rows import path_of
from gouji.validate.judgement import NOT_APPLICABLE, Judgement, replaced

if TYPE_CHECKING:
    from decimal import Decimal

    from gouji.model.report import Report
    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case
    from gouji.validate.clauses import Clause, Run
    from gouji.validate.context import Compared, Echo
    from gouji.validate.placed_texts import PlacedText

_PARAGRAPH = 40
_ENOUGH = 200  # letters of a narrative below which a share means little
_HALF = 2
_NUMBERS = 3
_LISTED = 3
_SHOWN = 40
_ROWS = 8
_DEDUCTIONS = 2


# --- D1 -----------------------------------------------------------------------------------------------------------------


class Repeat(NamedTuple):
    """A paragraph and the two texts that hold it."""

    first: PlacedText
    second: PlacedText
    text: str

    @property
    def in_cell(self) -> bool:
        """Whether one of them is a cell of the form."""
        return self.first.kind != "section" or self.second.kind != "section"


def check_repeated_paragraphs(rule: Rule, case: Case) -> Iterator[Judgement]:
    """The narrative by itself; then, apart, cells that say what it or another cell says: a form may ask for that twice."""
    del rule
    told = [(passage, text) for passage in told_of(case.texts) for text in _paragraphs(passage)]
    aims = [
        (passage, text) for passage in case.texts if passage.kind in ("goal", "result") for text in _paragraphs(passage)
    ]
    if not told:
        yield NOT_APPLICABLE
        return
    found = _repeats(told)
    pasted = [repeat for repeat in found if not repeat.in_cell]
    copied = [repeat for repeat in found if repeat.in_cell]
    copied += [repeat for repeat in _repeats(aims) if repeat.first.kind != repeat.second.kind]
    if pasted:
        yield _twice(pasted, "twice.review", case)
    if copied:
        yield replaced(_twice(copied, "twice.cell", case), suffix="cell")
    if not pasted and not copied:
        yield Judgement("pass", "twice.pass")


def _repeats(paragraphs: list[tuple[PlacedText, str]]) -> list[Repeat]:
    """Each paragraph that stands again, with the first text that holds it; a cell over several rows is one cell."""
    seen: dict[int, PlacedText] = {}
    found: list[Repeat] = []
    for passage, text in paragraphs:
        key = hash_text(text)
        first = seen.get(key)
        seen.setdefault(key, passage)
        if first is not None and (first is passage or passage.kind == "section" or first.where != passage.where):
            found.append(Repeat(first, passage, text))
    return found


def _paragraphs(passage: PlacedText) -> list[str]:
    start = passage.text.find("\n") + 1 if passage.kind == "section" else 0  # a section without its heading
    lines = ("".join(line.split()) for line in passage.text[start:].split("\n"))
    return [line for line in lines if len(line) >= _PARAGRAPH]


def _twice(found: list[Repeat], say: str, case: Case) -> Judgement:
    lines = list(dict.fromkeys(f"{first.place}与{second.place}“{cut(text)}”" for first, second, text in found))
    told = _lines_of_sections(case)
    evidence = present(
        case.evidence_of_text(where, passage.place, repeat.text, "copy")
        for repeat in found
        for passage, where in zip(repeat[:2], _wheres(repeat, told), strict=True)
    )
    return Judgement("review", say, {"项": "；".join(lines[:_LISTED])}, evidence=evidence)


def _lines_of_sections(case: Case) -> dict[tuple[str | None, str], list[str]]:
    """Heading, paragraph without white space → where the paragraph stands below the heading."""
    headings = {section.where for section in case.report.sections}
    heading: str | None = None
    found: dict[tuple[str | None, str], list[str]] = {}
    for line in case.report.lines:
        heading = line.where if line.where in headings else heading
        found.setdefault((heading, "".join(line.text.split())), []).append(line.where)
    return found


def _wheres(repeat: Repeat, told: dict[tuple[str | None, str], list[str]]) -> tuple[str | None, str | None]:
    """The two places: a paragraph of its own where it is known, else the section's heading or the cell."""
    first, second = (
        told.get((passage.where, repeat.text), [passage.where or ""]) if passage.kind == "section" else [passage.where]
        for passage in (repeat.first, repeat.second)
    )
    return first[0], second[-1] if repeat.first is repeat.second else second[0]


def cut(text: str, length: int = _SHOWN) -> str:
    """The beginning of a passage, on one line."""
    line = "".join(text.split())
    return f"{line[:length]}{'…' if len(line) > length else ''}"


# --- D2 -----------------------------------------------------------------------------------------------------------------


class Kept(NamedTuple):
    """What a narrative kept of last year's: letters of all, letters kept, clauses whose telling numbers are kept as well."""

    letters: int
    kept: int
    numbers: list[str]
    longest: str
    passage: PlacedText | None
    other: PlacedText | None


def check_last_years_text(rule: Rule, case: Case) -> Iterator[Judgement]:
    """One judgement a report: half of the narrative is last year's, or several of its numbers are."""
    del rule
    last = case.context.last_year
    mine = told_of(case.texts)
    theirs = narrated(last.report) if last is not None else []
    if last is None or not mine or not theirs:
        yield NOT_APPLICABLE
        return
    kept = _keep(mine, theirs, case)
    copied = kept.kept >= _ENOUGH and kept.kept * _HALF >= kept.letters
    if not copied and len(kept.numbers) < _NUMBERS:
        yield Judgement("pass", "last_text.pass")
        return
    yield _last_years(kept, last, case)


def _keep(mine: list[PlacedText], theirs: list[PlacedText], case: Case) -> Kept:
    mask = mask_names(forms_of(case.report.unit_name))
    own, other = clauses_of(mine, mask), clauses_of(theirs, mask)
    template = case.context.template
    common = template.clauses.__contains__ if template is not None else _nothing
    runs = [run for run in shared_runs(own, other, common) if run.letters >= _ROWS]
    best = max(runs, key=lambda run: run.letters, default=None)
    return Kept(
        letters=sum(clause.letters for clause in own if not common(clause.masked)),
        kept=sum(run.letters for run in runs),
        numbers=[text for run in runs for text in _kept_numbers(run, own, other, mine)],
        longest=run_text(mine, own, best.start, best.length) if best is not None else "",
        passage=mine[own[best.start].passage] if best is not None else None,
        other=theirs[other[best.other].passage] if best is not None else None,
    )


def _nothing(key: int) -> bool:
    del key
    return False


def _kept_numbers(run: Run, own: list[Clause], other: list[Clause], mine: list[PlacedText]) -> Iterator[str]:
    """Clauses of a run that print last year's digits."""
    for n in range(run.length):
        same = own[run.start + n].exact == other[run.other + n].exact and own[run.start + n].counts
        text = run_text(mine, own, run.start + n, 1) if same else ""
        if has_telling_number(text):
            yield text


def _last_years(kept: Kept, last: Compared, case: Case) -> Judgement:
    share = f"{100 * kept.kept // max(kept.letters, 1)}%"
    parts = [f"正文约 {share} 的文字（{kept.kept} 字）与上年报告相同，如“{cut(kept.longest)}”"]
    if kept.numbers:
        shown = "、".join(f"“{cut(text, 24)}”" for text in list(dict.fromkeys(kept.numbers))[:_LISTED])
        parts.append(f"其中 {len(kept.numbers)} 处连数字也与上年相同：{shown}")
    evidence = [
        case.evidence_of_text(p.where, p.place, kept.longest, "copy") for p in (kept.passage,) if p is not None
    ] + [_elsewhere(p, kept.longest, last.source, last.index, "上年：") for p in (kept.other,) if p is not None]
    return Judgement("review", "last_text.review", {"项": "；".join(parts)}, evidence=present(evidence))


def _elsewhere(passage: PlacedText, text: str, source: str, index: int, head: str) -> Evidence | None:
    """A place in another report."""
    if passage.where is None:
        return None
    return Evidence(passage.where, f"{head}{passage.place}", None, text, None, "copy", source, index)


# --- D3 -----------------------------------------------------------------------------------------------------------------


def check_echoes(rule: Rule, case: Case) -> Iterator[Judgement]:
    """One judgement a report: whose narrative has a long passage in common with it. For the bureau alone."""
    del rule
    if not told_of(case.texts):
        yield NOT_APPLICABLE
        return
    echoes = case.context.echoes or ()
    yield _echoed(echoes, case) if echoes else Judgement("pass", "echo.pass")


def _echoed(echoes: tuple[Echo, ...], case: Case) -> Judgement:
    lines = [_describe(echo) for echo in echoes[:_LISTED]]
    more = f"等 {len(echoes)} 份报告" if len(echoes) > _LISTED else ""
    evidence: list[Evidence | None] = []
    for echo in echoes:
        evidence.append(case.evidence_of_text(echo.where or None, echo.place, echo.text, "copy"))
        if echo.other_where:
            place = f"{echo.unit_name}：{echo.other_place}"
            evidence.append(Evidence(echo.other_where, place, None, echo.text, None, "copy", echo.source, echo.index))
    left_in = any(echo.name_left_in for echo in echoes)
    say = "echo.name" if left_in else "echo.review"
    return Judgement("review", say, {"项": "；".join(lines) + more}, evidence=present(evidence))


def _describe(echo: Echo) -> str:
    how = "除数字外相同" if echo.masked else "逐字相同"
    name = f"，且写有“{echo.name_left_in}”" if echo.name_left_in else ""
    year = f"{echo.fiscal_year} 年度" if echo.fiscal_year is not None else ""
    return f"{echo.place}与{echo.unit_name}{year}报告{echo.other_place}{how}（共 {echo.letters} 字）{name}：“{cut(echo.text)}”"


# --- D4 -----------------------------------------------------------------------------------------------------------------


def check_same_scores(rule: Rule, case: Case) -> Iterator[Judgement]:
    """One judgement a report. Full marks in both years are told elsewhere: deductions must recur."""
    del rule
    last = case.context.last_year
    mine, theirs = _scores(case.report), _scores(last.report) if last is not None else {}
    both = [path for path in mine if path in theirs]
    if last is None or len(both) < _ROWS or len(both) * 10 < len(mine) * 9:
        yield NOT_APPLICABLE
        return
    deducted = [path for path in _deducted(case.report) if path in both]
    same = all(mine[path] == theirs[path] for path in both)
    if same and len(deducted) >= _DEDUCTIONS:
        names = "、".join(f"“{path[-1]}”" for path in deducted[:_ROWS])
        slots = {"数": str(len(both)), "扣": str(len(deducted)), "项": names}
        cells = (case.evidence_of_cell(r.cells.get("score"), r, "copy") for r in case.report.indicators)
        yield Judgement("review", "same_scores.review", slots, evidence=present(cells))
    else:
        yield Judgement("pass", "same_scores.pass")


def _scores(report: Report) -> dict[tuple[str, ...], Decimal]:
    """Score by row; rows of one name are left out."""
    found: dict[tuple[str, ...], Decimal] = {}
    twice: set[tuple[str, ...]] = set()
    for row in report.indicators:
        path = path_of(row)
        if path in found:
            twice.add(path)
        if row.score is not None and path:
            found[path] = row.score.value
    return {path: score for path, score in found.items() if path not in twice}


def _deducted(report: Report) -> list[tuple[str, ...]]:
    """Rows that lose points."""
    return [
        path_of(row)
        for row in report.indicators
        if row.score is not None and row.weight is not None and row.weight_shared_by == 1
        if row.score.value < row.weight.value
    ]
