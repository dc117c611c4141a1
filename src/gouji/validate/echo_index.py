"""What the reports of a run say in common: an index of their clauses, built once, asked once a report.

    add(report) ──→ postings  clause → units that say it       told  report → its clauses as plain arrays
    echoes_of(report) ──→ the few reports with most in common ─shared_runs→ Echo

What more than a handful of units say (or four in five of a small run) is the bureau's wording or common ground, and counts
for nothing. A unit's other reports are no echo. Each report costs its own clauses, so that a run costs its length.
"""

from __future__ import annotations

from array import array
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from gouji.validate.clauses import (
    LONG,
    Clause,
    Run,
    clauses_of,
    forms_of,
    mask_names,
    narrated,
    run_text,
    same_numbers,
    shared_runs,
)
from gouji.validate.context import Echo

if TYPE_CHECKING:
    from gouji.model.report import Report
    from gouji.validate.placed_texts import PlacedText

_MANY_UNITS = 5  # more of them sharing a clause: it comes from somewhere else
_FEW = 5  # units of a run of which a share means something
_ANCHOR = 10  # letters of a clause by which reports are found
_CANDIDATES = 8
_HINT = 20  # letters of a passage worth counting
_TOGETHER = 150


class Told(NamedTuple):
    """What is kept of a report: its clauses column by column, and where its passages stand."""

    unit: int
    unit_name: str
    year: int | None
    source: str
    ordinal: int
    masked: array[int]
    exact: array[int]
    letters: array[int]
    passage: array[int]
    counts: bytes
    places: tuple[tuple[str, str], ...]

    def clauses(self) -> list[Clause]:
        """The clauses again."""
        columns = zip(self.masked, self.exact, self.letters, self.passage, map(bool, self.counts), strict=True)
        return [Clause(*row) for row in columns]


class EchoIndex:
    """The clauses of every report seen. `of_form`: hashes of the blank form's sentences, which count for nothing."""

    def __init__(self, of_form: frozenset[int] = frozenset()) -> None:
        self._of_form = of_form
        self.told: list[Told] = []
        self._numbers: dict[tuple[str, int], int] = {}
        self._units: dict[str, int] = {}
        self._names: list[tuple[str, ...]] = []
        self._postings: dict[int, list[int]] = {}

    def add(self, report: Report, source: str, index: int) -> None:
        """Take note of one report."""
        forms = forms_of(report.unit_name)
        passages = narrated(report)
        clauses = clauses_of(passages, mask_names(forms))
        unit = self._unit_of(report, source, forms)
        number = len(self.told)
        self._numbers[source, index] = number
        self.told.append(
            Told(
                unit=unit,
                unit_name=report.unit_name or source,
                year=report.fiscal_year,
                source=source,
                ordinal=index,
                masked=array("Q", (clause.masked for clause in clauses)),
                exact=array("Q", (clause.exact for clause in clauses)),
                letters=array("L", (clause.letters for clause in clauses)),
                passage=array("L", (clause.passage for clause in clauses)),
                counts=bytes(clause.counts for clause in clauses),
                places=tuple((passage.where or "", passage.place) for passage in passages),
            )
        )
        for key in {clause.masked for clause in clauses if clause.counts and clause.letters >= _ANCHOR}:
            self._post(key, number)

    def _unit_of(self, report: Report, source: str, forms: tuple[str, ...]) -> int:
        """Its own number for every unit: by budget code, else by name, else by file."""
        key = report.budget_code or (forms[0] if forms else source)
        if key not in self._units:
            self._units[key] = len(self._names)
            self._names.append(forms)
        return self._units[key]

    def _post(self, key: int, number: int) -> None:
        """A clause is said by a report; one of a unit is enough, and a few units are."""
        posted = self._postings.setdefault(key, [])
        unit = self.told[number].unit
        if len(posted) <= _MANY_UNITS and all(self.told[other].unit != unit for other in posted):
            posted.append(number)

    def is_common(self, key: int) -> bool:
        """Whether the form, or too many units, say a clause for it to mean anything."""
        units = len(self._names)
        limit = _MANY_UNITS if units < _FEW else min(_MANY_UNITS, -(-4 * units // 5) - 1)
        return key in self._of_form or len(self._postings.get(key, ())) > limit

    def echoes_of(self, report: Report, source: str, index: int) -> tuple[Echo, ...]:
        """The longest passage in common with each of the other units' reports, longest first."""
        number = self._numbers[source, index]
        mine = self.told[number].clauses()
        likely = self._likely(mine, self.told[number].unit)
        if not likely:
            return ()
        passages = narrated(report)
        text = "\n".join(passage.text for passage in passages)
        found = [
            echo for other in likely if (echo := self._echo(report, passages, text, mine, self.told[other])) is not None
        ]
        return tuple(sorted(found, key=lambda echo: -echo.letters))

    def _likely(self, mine: list[Clause], unit: int) -> list[int]:
        """The reports of other units that say most of the same clauses."""
        weights: Counter[int] = Counter()
        for clause in mine:
            if clause.counts and clause.letters >= _ANCHOR and not self.is_common(clause.masked):
                for other in self._postings.get(clause.masked, ()):
                    weights[other] += clause.letters
        own = self._names[unit]
        return [
            other
            for other, weight in weights.most_common(_CANDIDATES)
            if weight >= _HINT and not self._is_same_unit(unit, own, self.told[other].unit)
        ]

    def _is_same_unit(self, unit: int, own: tuple[str, ...], other: int) -> bool:
        """A unit and its other reports; a bureau and an office of its name (区教育局机关)."""
        names = self._names[other]
        inside = bool(own and names) and (own[0] in names[0] or names[0] in own[0])
        return unit == other or inside

    def _echo(
        self, report: Report, passages: list[PlacedText], text: str, mine: list[Clause], theirs: Told
    ) -> Echo | None:
        left_in = next((name for name in self._names[theirs.unit][:2] if name in text), None)
        if left_in is not None:
            mine = clauses_of(passages, mask_names((*forms_of(report.unit_name), *self._names[theirs.unit])))
        others = theirs.clauses()
        runs = self._runs(mine, others)
        if runs is None:
            return None
        best, total = runs
        shared = run_text(passages, mine, best.start, best.length)
        passage = passages[mine[best.start].passage]
        where, place = theirs.places[others[best.other].passage]
        return Echo(
            where=passage.where or "",
            place=passage.place,
            text=shared,
            letters=total,
            source=theirs.source,
            index=theirs.ordinal,
            unit_name=theirs.unit_name,
            other_where=where,
            other_place=place,
            fiscal_year=theirs.year,
            masked=not same_numbers(mine, others, best),
            name_left_in=left_in if left_in is not None and left_in in shared else None,
        )

    def _runs(self, mine: list[Clause], theirs: list[Clause]) -> tuple[Run, int] | None:
        """The longest passage in common, and how many letters all of them have: one is long, or several are together."""
        runs = [run for run in shared_runs(mine, theirs, self.is_common) if run.letters >= _HINT]
        best = max(runs, key=lambda run: run.letters, default=None)
        total = sum(run.letters for run in runs)
        return (best, total) if best is not None and (best.letters >= LONG or total >= _TOGETHER) else None
