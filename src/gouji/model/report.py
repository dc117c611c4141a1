"""What gouji takes out of one document: facts, indicators, text, and what it left.

Report ─ facts       Fact: concept × entity × period × stage × scope → state, value, cell
       ├ indicators  Indicator: one row of the scoring table
       ├ sections · goals · projects · people
       └ unclaimed   every wholly numeric table cell that nothing took
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

import msgspec

from gouji.model.document import Box
from gouji.model.quantity import Quantity, State

# The concepts that every version knows; a region's patterns may add more.
STANDARD_CONCEPTS = frozenset(
    "staffing.authorized staffing.actual staffing.in_service staffing.retired staffing.contract "
    "income.total income.carryover income.fiscal income.public_budget income.gov_fund income.state_capital "
    "income.special_account income.other expenditure.total expenditure.basic expenditure.personnel expenditure.public "
    "expenditure.project balance.current balance.cumulative three_public.total three_public.reception "
    "three_public.vehicle_total three_public.vehicle_running three_public.vehicle_purchase three_public.abroad "
    "meeting.expense training.expense procurement.amount assets.total assets.in_use assets.leased assets.other "
    "budget.total budget.execution_rate scoring.weight_total scoring.score_total performance.score performance.grade".split()
)
Stage = Literal["initial", "adjusted", "final"]
Origin = Literal["table", "prose"]
ReportKind = Literal["overall", "project", "account"]


class Fact(msgspec.Struct, frozen=True):
    """One figure (or text) of one entity, with the cell it stands in.

    `content` is a Quantity for numbers, a str for text concepts and dates, None unless `state` is value or zero;
    `value` is the plain Decimal or text of it.
    `place` says in words where it stands, for people. `main` marks the report's own entity.
    """

    concept: str
    label: str | None
    header_path: tuple[str, ...]
    entity: str | None
    period: int | None
    stage: Stage
    scope: str | None
    state: State
    content: Quantity | str | None
    raw: str
    origin: Origin
    where: str | None
    unit_where: str | None = None
    box: Box | None = None
    pattern: str | None = None
    place: str = ""
    main: bool = True

    @property
    def quantity(self) -> Quantity | None:
        """The value where it is a number."""
        return self.content if isinstance(self.content, Quantity) else None

    @property
    def value(self) -> Decimal | str | None:
        """The number as printed, less separators, or the text; None where the state is not value or zero."""
        return self.content.value if isinstance(self.content, Quantity) else self.content

    @property
    def unit(self) -> str | None:
        """The unit's printed name."""
        return self.content.unit.name if isinstance(self.content, Quantity) and self.content.unit is not None else None


class CellText(msgspec.Struct, frozen=True):
    """What a cell of a scoring row says and where; `value` where it is a number."""

    state: State
    raw: str
    where: str | None
    value: Quantity | None = None
    place: str = ""


class Indicator(msgspec.Struct, frozen=True):
    """One row of the scoring table. A weight cell that covers several rows stands on each, with `weight_shared_by`.

    `kind`: item (counts in the totals), bonus, deduction. `cells` has criterion, weight, score, reason, and level1_weight
    or level2_weight, where the table has such columns. `measure`: the unit of target and actual where a column gives it.
    `level1_where` … name the cell that prints the level, and its weight where that stands in a bracket; `level1_raw` … are
    what it prints.
    """

    level1: str | None
    level2: str | None
    level3: str | None
    level1_weight: Quantity | None
    level2_weight: Quantity | None
    criterion: str | None
    weight: Quantity | None
    weight_shared_by: int
    score: Quantity | None
    reason: str | None
    cells: dict[str, CellText]
    kind: Literal["item", "bonus", "deduction"] = "item"
    nature: str | None = None
    operator: str | None = None
    measure: str | None = None
    target: str | None = None
    actual: str | None = None
    level1_where: str | None = None
    level2_where: str | None = None
    level1_raw: str | None = None
    level2_raw: str | None = None
    where: str | None = None
    place: str = ""
    table: str = ""


class Subtotal(msgspec.Struct, frozen=True):
    """A 小计 row of the scoring table: what it prints in `cells` (weight, score), below how many indicators of the report.

    `level`: the column its label stands in (level1, level2, level3): the broader the column, the more it adds up.
    """

    label: str
    level: str
    after: int
    cells: dict[str, CellText]
    table: str = ""


class TextLine(msgspec.Struct, frozen=True):
    """A line of running text: its paragraph and where in it the line starts. `goes_on`: the line before was broken in mid-sentence."""

    where: str
    text: str
    start: int = 0
    goes_on: bool = False


class Section(msgspec.Struct, frozen=True):
    """A heading of the narrative and the text under it. `table_follows`: a table stands right below the heading."""

    number: str | None
    title: str
    where: str | None
    text: str
    table_follows: bool = False


class Goal(msgspec.Struct, frozen=True):
    """A goal or output/benefit indicator and what the department says it reached."""

    kind: str | None
    target: str
    result: str | None
    where: str | None
    result_where: str | None = None


class Person(msgspec.Struct, frozen=True):
    """A person named in a role (联系人, 评价人员, 填报人 …)."""

    role: str
    name: str
    where: str | None


class SignOff(msgspec.Struct, frozen=True):
    """A place to sign, to date or to give an opinion: whether anything stands there, never who signed nor what was said.

    `date`: as printed (2022-02-30, 2022-05), whether or not there is such a day. `bureau`: the place is not the department's.
    """

    kind: Literal["signature", "date", "opinion"]
    label: str
    state: Literal["value", "blank"]
    where: str | None
    date: str | None = None
    bureau: bool = False
    place: str = ""


class Project(msgspec.Struct, frozen=True):
    """A project inside a bundle, with facts and indicators of its own."""

    code: str | None
    name: str
    facts: tuple[Fact, ...] = ()
    indicators: tuple[Indicator, ...] = ()


class Unclaimed(msgspec.Struct, frozen=True):
    """A wholly numeric cell that nothing took."""

    raw: str
    where: str
    context: str


class Statement(msgspec.Struct, frozen=True):
    """A text of the report that rules speak about (cover year, unit name in a title, table titles …)."""

    kind: str
    text: str
    where: str
    place: str = ""


class Report(msgspec.Struct, frozen=True):
    """One department's report. Facts: main entity first, table before prose.

    `kind`: of a unit's whole spending, of one project, or an account (决算, 三公) beside the evaluation.
    `lines`: all running text in order, headings included; sections repeat the narrative's.
    """

    form: str | None
    unit_name: str | None
    budget_code: str | None
    fiscal_year: int | None
    report_date: str | None
    facts: tuple[Fact, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    sections: tuple[Section, ...] = ()
    goals: tuple[Goal, ...] = ()
    projects: tuple[Project, ...] = ()
    people: tuple[Person, ...] = ()
    unclaimed: tuple[Unclaimed, ...] = ()
    statements: tuple[Statement, ...] = ()
    kind: ReportKind = "overall"
    lines: tuple[TextLine, ...] = ()
    subtotals: tuple[Subtotal, ...] = ()
    sign_offs: tuple[SignOff, ...] = ()

    def __getitem__(self, concept: str) -> Fact:
        """The main entity's fact of a concept: fiscal year, final stage, table first.

        A standard concept that the report does not state is a fact in state `missing`; KeyError for an unknown concept.
        """
        found = best_fact(self.facts, concept, self.fiscal_year)
        if found is None and concept not in STANDARD_CONCEPTS:
            raise KeyError(concept)
        return found or missing_fact(concept, self.unit_name, self.fiscal_year)

    def of(self, concept: str) -> Iterator[Fact]:
        """Every fact of a concept, main entity first."""
        return (fact for fact in self.facts if fact.concept == concept)


def missing_fact(
    concept: str, entity: str | None, period: int | None, place: str = "", pattern: str | None = None
) -> Fact:
    """A figure that no cell offers."""
    return Fact(
        concept=concept,
        label=None,
        header_path=(),
        entity=entity,
        period=period,
        stage="final",
        scope=None,
        state="missing",
        content=None,
        raw="",
        origin="table",
        where=None,
        pattern=pattern,
        place=place,
    )


def best_fact(facts: tuple[Fact, ...], concept: str, year: int | None) -> Fact | None:
    """Main entity, this year, final stage, table before prose; facts stand in that preference already."""
    candidates = [fact for fact in facts if fact.concept == concept and fact.main]
    if not candidates:
        return None
    return min(
        candidates,
        key=lambda f: (f.state == "missing", f.period not in (year, None), f.stage != "final", f.origin != "table"),
    )
