"""Region + form → Report: run the extractors, order the facts, add what is missing, list what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from gouji.extract.assumed import with_likely_unit
from gouji.extract.context import Context
from gouji.extract.identity import Identity, identify, people_of_fields, statements_of_region
from gouji.extract.projects import project_of_region
from gouji.extract.prose import facts_of_prose
from gouji.extract.sign_offs import sign_offs_of_region
from gouji.extract.tables import Tables, read_tables
from gouji.extract.texts import goals_of_block, lines_of_prose, people_of_block, sections_of_prose
from gouji.model.report import Fact, Report, Unclaimed, missing_fact
from gouji.model.trace import Step, Trace
from gouji.text.labels import label_key, trim_lines
from gouji.text.numerals import is_labelled_amount, is_numeric

if TYPE_CHECKING:
    from gouji.model.anchor import Region, TableSpan
    from gouji.model.report import Person
    from gouji.patterns import Patterns
    from gouji.patterns.forms import Form

_FEW_LOOSE = 3  # numbers on lines of their own: of pages, of a cover
_NEAR = 24  # characters
_TOTAL_ENDS = ("合计", "总计", "汇总", "小计", "累计")


def assemble_report(region: Region, form: Form | None, patterns: Patterns) -> tuple[Report, Trace]:
    """Everything one region says, as a Report."""
    context = Context(patterns, form, ragged=region.ragged)
    identity = identify(region)
    context.unit_name, context.year = identity.unit_name, identity.fiscal_year
    if len({stated.unit.name for stated in region.units}) == 1:
        context.only_unit = region.units[0]
    tables = read_tables(region, context)
    tables = tables._replace(facts=with_likely_unit(tables.facts, context))
    facts = [*tables.facts, *_missing_facts(tables, context)]
    prose = _without_repeats([*tables.lines, *facts_of_prose(region, context)])
    goals = [goal for block in region.goals for goal in goals_of_block(block, context)]
    projects = [told for part in region.projects if (told := project_of_region(part, context)) is not None]
    _claim_fields(region, context)
    people = [*people_of_fields(region), *_evaluators(region, context)]
    unit_name = identity.unit_name or _entity_of_facts(facts, context)
    report = Report(
        form=form.id if form else None,
        unit_name=unit_name,
        budget_code=identity.budget_code,
        fiscal_year=identity.fiscal_year,
        report_date=identity.report_date,
        facts=tuple(_named(_planned(fact, identity), unit_name) for fact in _ordered([*facts, *prose])),
        indicators=tuple(tables.indicators),
        sections=tuple(sections_of_prose(region)),
        goals=tuple(goals),
        projects=tuple(projects),
        people=tuple(people),
        unclaimed=tuple(_unclaimed(region, context)),
        statements=tuple(statements_of_region(region, context.earlier_years)),
        kind=form.kind if form else "overall",
        lines=tuple(lines_of_prose(region)),
        subtotals=tuple(tables.subtotals),
        sign_offs=tuple(sign_offs_of_region(region, context)),
    )
    return report, Trace((*_doubts(identity, context), *_trace(report).steps))


def _doubts(identity: Identity, context: Context) -> list[Step]:
    """What was inferred, for people to confirm."""
    rows = [Step("inferred", where, said) for where, said in dict.fromkeys((*context.bound_rows, *context.assumptions))]
    if identity.inferred_year:
        rows.append(Step("inferred", "", f"报告没有写明年度，按正文和日期推定为{identity.fiscal_year}年"))
    return rows


def _missing_facts(tables: Tables, context: Context) -> list[Fact]:
    """What the form expects and no cell offers. Indicators without a column of scores have no total of them."""
    if context.form is None:
        return []
    present = {fact.concept for fact in tables.facts if fact.main}
    rows = tables.indicators
    is_scored = not rows or any(row.cells["score"].state != "missing" for row in rows)
    return [
        _missing_fact(concept, context)
        for topic in context.form.topics.values()
        for concept in topic.expects
        if concept not in present and (is_scored or context.concept(concept).topic != "scoring")
    ]


def _missing_fact(concept_id: str, context: Context) -> Fact:
    concept = context.concept(concept_id)
    place = f"《{context.topic_name(concept.topic)}》表 · {concept.name}"
    return missing_fact(concept_id, context.unit_name, context.year, place, context.form.mark if context.form else None)


def _without_repeats(facts: list[Fact]) -> list[Fact]:
    """A line that is both a labelled value and a sentence is one fact: the later, which names its characters."""
    spoken = {
        (fact.concept, (fact.where or "").split("_", maxsplit=1)[0]) for fact in facts if "_" in (fact.where or "")
    }
    return [fact for fact in facts if "_" in (fact.where or "") or (fact.concept, fact.where) not in spoken]


def _named(fact: Fact, unit_name: str | None) -> Fact:
    """A main fact without an entity is the unit's."""
    return msgspec.structs.replace(fact, entity=unit_name) if fact.main and fact.entity is None and unit_name else fact


def _entity_of_facts(facts: list[Fact], context: Context) -> str | None:
    """The name of the main row, unless it is 合计, 全年合计 or the like."""
    totals = context.patterns.roles.get("summary_row", ())
    names = (fact.entity for fact in facts if fact.main and fact.entity)
    return next((name for name in names if label_key(name) not in totals and not name.endswith(_TOTAL_ENDS)), None)


def _planned(fact: Fact, identity: Identity) -> Fact:
    """A figure of a year after the report's is planned, whatever its table is called."""
    year = identity.fiscal_year if not identity.inferred_year else None
    is_later = year is not None and fact.period is not None and fact.period > year and fact.stage == "final"
    return msgspec.structs.replace(fact, stage="initial") if is_later and fact.quantity is not None else fact


def _ordered(facts: list[Fact]) -> list[Fact]:
    """Main entity first, table before prose; otherwise as printed."""
    return sorted(facts, key=lambda fact: (not fact.main, fact.origin != "table", fact.state == "missing"))


def _claim_fields(region: Region, context: Context) -> None:
    """Codes, dates, phones and names stand in cells of their own but are no figures."""
    context.claimed.update(field.where for field in region.fields)


def _evaluators(region: Region, context: Context) -> list[Person]:
    return [person for block in region.people for person in people_of_block(block, context)]


def _unclaimed(region: Region, context: Context) -> list[Unclaimed]:
    loose = _loose_numbers(region, context)
    return [item for span in region.tables for item in _unclaimed_in(span, context)] + loose


def _loose_numbers(region: Region, context: Context) -> list[Unclaimed]:
    """Numbers on lines of their own, where they are the cells of a table that nobody could put together."""
    near = ["", *(paragraph.text for paragraph in region.prose)]
    found = [
        Unclaimed(paragraph.text.strip(), paragraph.where, trim_lines(above)[:_NEAR])
        for above, paragraph in zip(near, region.prose, strict=False)
        if is_numeric(paragraph.text) and paragraph.where not in context.claimed
    ]
    return found if len(found) > _FEW_LOOSE else []


def _unclaimed_in(span: TableSpan, context: Context) -> list[Unclaimed]:
    found: list[Unclaimed] = []
    for row in context.rows(span.table)[span.first : span.end]:
        near = " | ".join([placed.label for placed in row.cells if placed.text and not placed.numeric][:4])
        found += [
            Unclaimed(trim_lines(placed.text), where, near)
            for placed in row.fresh
            if (placed.numeric or is_labelled_amount(placed.text))
            and (where := row.where(placed)) not in context.claimed
        ]
    return found


def _trace(report: Report) -> Trace:
    steps = [
        Step("extract", fact.where or "", f"{fact.entity or '—'} · {fact.concept} = {fact.raw!r}（{fact.state}）")
        for fact in report.facts
    ]
    steps += [Step("extract", item.where, f"未取用的数：{item.raw}（{item.context}）") for item in report.unclaimed]
    return Trace(tuple(steps))
