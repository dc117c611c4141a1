"""What a report is compared with beyond itself: last year, what finance holds, the blank form, the other reports.

    the run's reports, the store, the reference data ─pipeline.second_pass→ Context (one a report) ─rules→ Findings

A rule says what it needs (`Rule.needs`: 上年, 参照, 同级, 表样, 他文). It is run only where that is at hand: nothing is
said of a comparison that nobody can make.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

from gouji.model.report import Report


class Compared(msgspec.Struct, frozen=True):
    """A report of elsewhere: `source` is the path of its file (or of the reference table), `index` its place there."""

    report: Report
    source: str = ""
    index: int = 0


class Echo(msgspec.Struct, frozen=True):
    """A passage that another report has as well: its places here and there. `masked`: equal only with numbers left out."""

    where: str
    text: str
    source: str
    unit_name: str
    other_where: str
    fiscal_year: int | None = None
    masked: bool = False


class Template(msgspec.Struct, frozen=True):
    """The year's blank form, or what most submissions share: text keys, and each indicator's weight and criterion.

    `origin` says which, for people: 空白表样 x.docx, or 36 份报告中 30 份以上相同. `rows`: name key → (weight, criterion key).
    """

    origin: str
    texts: frozenset[str] = frozenset()
    rows: dict[str, tuple[str, str]] = {}


class Context(msgspec.Struct, frozen=True):
    """One report's surroundings; what is None or empty is not at hand. `peers`: concept → the other units' values, normalised."""

    last_year: Compared | None = None
    reference: Compared | None = None
    template: Template | None = None
    echoes: tuple[Echo, ...] | None = None
    peers: dict[str, tuple[Decimal, ...]] | None = None

    def has(self, need: str) -> bool:
        """Whether what a rule needs is at hand."""
        return getattr(self, _FIELDS[need]) is not None

    def compared(self, source: str) -> Compared | None:
        """The report that a formula's 上年 or 参照 refers to."""
        return {"上年": self.last_year, "参照": self.reference}.get(source)


_FIELDS = {"上年": "last_year", "参照": "reference", "表样": "template", "他文": "echoes", "同级": "peers"}
NOTHING_AROUND = Context()
