"""What a report is compared with beyond itself: last year, what finance holds, the blank form, the other reports.

    the run's reports, the store, the reference data ─pipeline.second_pass→ Context (one a report) ─rules→ Findings

A rule says what it needs (`Rule.needs`: 上年, 参照, 同级, 表样, 他文, 前次). It is run only where that is at hand: nothing is
said of a comparison that nobody can make.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

from gouji.model.report import Fact, Report
from gouji.validate.resubmission import Resubmission

FactKey = tuple[str, str, str | None]  # concept, stage, scope


class Compared(msgspec.Struct, frozen=True):
    """A report of elsewhere: `source` is the path of its file, `index` its place there.

    `sources`: where its figures come from several files (reference data), the file of each. `parts`: the files and places
    it was joined from, its evidence ids moved apart (pipeline/merging.py), where a submission came in several.
    """

    report: Report
    source: str = ""
    index: int = 0
    sources: dict[FactKey, str] = {}
    parts: tuple[tuple[str, int], ...] = ()

    def source_of(self, fact: Fact) -> str:
        """The file a figure stands in."""
        return self.sources.get((fact.concept, fact.stage, fact.scope), self.source)


class Echo(msgspec.Struct, frozen=True):
    """The longest passage that a report has in common with another unit's, and where it stands here and there.

    `letters`: of all such passages together. `masked`: equal only with digits left out. `name_left_in`: the other unit's name,
    where it stands in the passage here.
    """

    where: str
    place: str
    text: str
    letters: int
    source: str
    index: int
    unit_name: str
    other_where: str
    other_place: str
    fiscal_year: int | None = None
    masked: bool = False
    name_left_in: str | None = None


class FormRow(msgspec.Struct, frozen=True):
    """A scoring row of the blank form as printed. None: the form leaves it open, or the submissions do not agree."""

    name: str
    weight: Decimal | None = None
    criterion: str | None = None


class Template(msgspec.Struct, frozen=True):
    """The year's blank form, or what most submissions of one form share.

    `origin` says which, for people: 下发的表样, or 36 份报告中至少 29 份相同. `rows`: path of level names → row; `levels`: path of
    a level → the weight it prints in brackets, () → the total of all weights; `clauses`: hashes of its sentences. `given`: the
    bureau gave the form itself. `fiscal_year`: the year it is printed for.
    """

    origin: str
    rows: dict[tuple[str, ...], FormRow] = {}
    clauses: frozenset[int] = frozenset()
    levels: dict[tuple[str, ...], Decimal] = {}
    given: bool = False
    fiscal_year: int | None = None


class Context(msgspec.Struct, frozen=True):
    """One report's surroundings; what is None or empty is not at hand. `peers`: what is measured → the values of all units of the group."""

    last_year: Compared | None = None
    reference: Compared | None = None
    template: Template | None = None
    echoes: tuple[Echo, ...] | None = None
    peers: dict[str, tuple[Decimal, ...]] | None = None
    resubmission: Resubmission | None = None

    def has(self, need: str) -> bool:
        """Whether what a rule needs is at hand."""
        return getattr(self, _FIELDS[need]) is not None

    def compared(self, source: str) -> Compared | None:
        """The report that a formula's 上年 or 参照 refers to."""
        return {"上年": self.last_year, "参照": self.reference}.get(source)


_FIELDS = {
    "上年": "last_year",
    "参照": "reference",
    "表样": "template",
    "他文": "echoes",
    "同级": "peers",
    "前次": "resubmission",
}
NOTHING_AROUND = Context()
