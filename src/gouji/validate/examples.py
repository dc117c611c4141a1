"""The examples that rules carry, run: each must come out as it says.

{verdict: fail, difference: "-5.00", figures: {基本支出: "806.30", 人员支出: "608.03", 公用支出: "203.27"}}
figures may name a stage (年度资金总额[全年预算]), a year (三公经费合计[2020]), a scope (三公经费合计[财政拨款]) or a second
table (支出合计[另表])
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from gouji.model.quantity import Quantity, State, Unit
from gouji.model.report import (
    CellText,
    Fact,
    Goal,
    Indicator,
    Origin,
    Project,
    Report,
    Section,
    SignOff,
    Statement,
    Subtotal,
    TextLine,
    missing_fact,
)
from gouji.patterns.formula import STAGE_WORDS
from gouji.text.numerals import UnitTable, read_number
from gouji.validate import validate_report
from gouji.validate.context import Compared, Context, Template
from gouji.validate.criteria.examples import check_criterion_examples
from gouji.validate.echo_index import EchoIndex
from gouji.validate.form_rows import rows_of_form
from gouji.validate.resubmission import Resubmission, Submission, compare_submissions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.model.finding import Finding
    from gouji.patterns.rules import Example, RuleSet, ScoreLine
    from gouji.validate.context import Echo

_TABLE = UnitTable(
    {
        "万元": Unit("万元", "money", Decimal(10000)),
        "元": Unit("元", "money"),
        "人": Unit("人", "people"),
        "分": Unit("分", "points"),
        "%": Unit("%", "percent"),
    }
)
_SCOPES = ("财政拨款", "一般公共预算", "政府性基金预算", "国有资本经营预算")
_UNIT_OF_TOPIC = {"staffing": "人", "scoring": "分", "performance": "分"}
_LEVEL = re.compile(r"^(?P<name>.+?)（(?P<weight>\d+(?:\.\d+)?)分）$")


def check_rule_examples(rules: RuleSet) -> list[str]:
    """Every example that does not come out as it says, as `file:line: what`."""
    found = [line for rule in rules.rules for example in rule.examples if (line := _complaint(rules, rule.id, example))]
    return found + check_criterion_examples(rules)


def _complaint(rules: RuleSet, rule_id: str, example: Example) -> str:
    context = _context_of(example)
    findings, _ = validate_report(build_report(example), rules, context=context, source=example.source)
    found = [finding for finding in findings if finding.rule == rule_id]
    if not any(_is_as_said(finding, example) for finding in found):
        got = "；".join(f"{f.verdict} {f.difference if f.difference is not None else ''} {f.message}" for f in found)
        return f"{example.mark}: {rule_id} 应为 {example.verdict} {example.difference or ''}，实为 {got or '无结论'}"
    return ""


def _context_of(example: Example) -> Context:
    peers = {name: tuple(map(Decimal, values)) for name, values in (example.peers or {}).items()}
    return Context(
        last_year=_compared(example, "last_year"),
        reference=_compared(example, "reference"),
        peers=peers or None,
        resubmission=_resubmission(example),
        template=Template("表样", rows_of_form(_with_rows(example.form_rows)), given=True)
        if example.form_rows
        else None,
        echoes=_echoes(build_report(example), example) if example.other_text else None,
    )


def _resubmission(example: Example) -> Resubmission | None:
    """The example's report against the same with its earlier figures; what people asked is not part of an example."""
    if example.before is None:
        return None
    earlier = build_report(msgspec.structs.replace(example, figures=example.before))
    return compare_submissions(Submission(earlier, (), "前次.docx"), Submission(build_report(example), (), "重报.docx"))


def _compared(example: Example, role: Literal["last_year", "reference"]) -> Compared | None:
    """Last year's report, or this year's figures as finance holds them."""
    figures = example.last_year if role == "last_year" else example.reference
    if figures is None:
        return None
    year = example.year - 1 if role == "last_year" else example.year
    rows, goals = (example.last_year_rows, example.last_year_goals) if role == "last_year" else ((), ())
    text = example.last_year_text if role == "last_year" else ""
    other = msgspec.structs.replace(
        example, figures=figures, year=year, entities={}, prose={}, rows=rows, goals=goals, sections=(), text=text
    )
    return Compared(build_report(other), "上年报告.docx" if role == "last_year" else "参照数据.xlsx")


def _with_rows(rows: tuple[ScoreLine, ...]) -> Report:
    return Report(
        "example", None, None, None, None, indicators=tuple(_indicator(line, n) for n, line in enumerate(rows, start=1))
    )


def _echoes(report: Report, example: Example) -> tuple[Echo, ...]:
    """What the report has in common with another unit's."""
    index = EchoIndex()
    other = msgspec.structs.replace(
        report, unit_name="另一单位", budget_code="000001", sections=(Section(None, "说明", "p90", example.other_text),)
    )
    index.add(report, "本单位.docx", 0)
    index.add(other, "另一单位.docx", 0)
    return index.echoes_of(report, "本单位.docx", 0)


def _is_as_said(finding: Finding, example: Example) -> bool:
    same = example.difference is None or finding.difference == Decimal(example.difference)
    return finding.verdict == example.verdict and same


def build_report(example: Example) -> Report:
    """The small report that an example describes."""
    facts = list(_facts(example))
    return Report(
        form="example",
        unit_name="示例单位",
        budget_code="000000",
        fiscal_year=example.year,
        report_date=example.date or None,
        facts=tuple(facts),
        indicators=tuple(_indicator(line, n) for n, line in enumerate(example.rows, start=1) if not _is_subtotal(line)),
        subtotals=tuple(_subtotals(example.rows)),
        sections=tuple(_sections(example)),
        lines=tuple(_lines(example)),
        goals=tuple(
            Goal(g.kind, g.target, g.result, f"t3r{row}c2", f"t3r{row}c3")
            for row, g in enumerate(example.goals, start=1)
        ),
        statements=tuple(_statements(example)),
        sign_offs=tuple(_sign_offs(example)),
        projects=tuple(_projects(example)),
    )


class _Row(NamedTuple):
    """Where the figures of one row stand."""

    entity: str
    main: bool
    origin: Origin


def _facts(example: Example) -> Iterator[Fact]:
    rows = [(_Row("示例单位", main=True, origin="table"), example.figures)]
    rows += [(_Row(name, main=False, origin="table"), figures) for name, figures in example.entities.items()]
    for number, (row, figures) in enumerate(rows, start=2):
        for col, (key, text) in enumerate(figures.items(), start=2):
            yield _fact(key, text, example, row, f"t1r{number}c{col}")
    for (key, text), where in zip(example.prose.items(), _places_of_prose(example), strict=True):
        yield _fact(key, text, example, _Row("示例单位", main=True, origin="prose"), where)


def _places_of_prose(example: Example) -> Iterator[str]:
    """Where the figures of sentences stand: in the example's text, one after another, or in lines of their own."""
    lines = [(line.where, line.text) for line in _lines(example)]
    at = 0
    for position, text in enumerate(example.prose.values(), start=1):
        own = [(n, line.find(text)) for n, (_, line) in enumerate(lines) if n >= at and text in line]
        if not own:
            yield f"p{position}_0_{len(text)}"
            continue
        at, start = own[0]
        where, line = lines[at]
        lines[at] = (where, line.replace(text, " " * len(text), 1))
        yield f"{where}_{start}_{start + len(text)}"


def _fact(key: str, text: str, example: Example, row: _Row, where: str) -> Fact:
    concept, *words = key.replace("]", "").split("[")
    if text == "缺":
        return missing_fact(concept, row.entity, example.year, f"《{concept.partition('.')[0]}》表 · {concept}")
    state, value = _read(concept, text, example.unit)
    return Fact(
        concept=concept,
        label=None,
        header_path=(),
        entity=row.entity,
        period=next((int(word) for word in words if word.isdigit()), example.year),
        stage=next((STAGE_WORDS[word] for word in words if word in STAGE_WORDS), "final"),
        scope=next((word for word in words if word in _SCOPES), None),
        state=state,
        content=value,
        raw=text,
        origin=row.origin,
        where=where,
        place=f"《{'另' if '另表' in words else '示例'}{concept.partition('.')[0]}》表 · {'汇总' if row.main else row.entity} 行 · {concept} 列",
        main=row.main,
    )


def _read(concept: str, text: str, unit: str) -> tuple[State, Quantity | str | None]:
    if concept == "performance.grade":
        return ("value", text) if text else ("blank", None)
    name = "%" if concept.endswith("_rate") else _UNIT_OF_TOPIC.get(concept.partition(".")[0], unit)
    reading = read_number(text, _TABLE, _TABLE.by_name[name])
    return ("unreadable" if reading.kind == "text" else reading.kind), reading.quantity


def _is_subtotal(line: ScoreLine) -> bool:
    return line.name.endswith("小计")


def _subtotals(lines: tuple[ScoreLine, ...]) -> Iterator[Subtotal]:
    """The rows named 小计, each below the indicators before it."""
    above = 0
    for number, line in enumerate(lines, start=1):
        if _is_subtotal(line):
            cells = _indicator(line, number).cells
            yield Subtotal(line.name, "level2", above, {role: cells[role] for role in ("weight", "score")}, "t2")
        else:
            above += 1


def _indicator(line: ScoreLine, row: int) -> Indicator:
    """A scoring row. A row without a weight continues the weight cell of the row above where `share` says so."""
    level = _LEVEL.match(line.level1)
    weight = _points(line.weight)
    where = f"t2r{row}c5" if line.weight else None
    return Indicator(
        level1=level["name"] if level else line.level1 or None,
        level2=None,
        level3=line.name,
        level1_weight=_points(level["weight"]) if level else None,
        level2_weight=None,
        criterion=line.criterion or None,
        weight=weight,
        weight_shared_by=line.share,
        score=_points(line.score),
        reason=line.reason,
        cells={
            "weight": CellText("value" if weight else "blank", line.weight, where, weight),
            "score": CellText(_state(line.score), line.score, f"t2r{row}c6", _points(line.score)),
            "reason": CellText("value" if line.reason else "blank", line.reason, f"t2r{row}c7"),
            "criterion": CellText("value" if line.criterion else "blank", line.criterion, f"t2r{row}c4"),
        },
        level1_where=f"t2r{row}c1",
        level1_raw=line.level1 or None,
        place=f"《评分表》 · {line.name} 行",
        table="t2",
    )


def _points(text: str) -> Quantity | None:
    return read_number(text, _TABLE, _TABLE.by_name["分"]).quantity


def _state(text: str) -> State:
    kind = read_number(text, _TABLE, _TABLE.by_name["分"]).kind
    return "unreadable" if kind == "text" else kind


def _projects(example: Example) -> Iterator[Project]:
    for number, (name, figures) in enumerate(example.projects.items(), start=1):
        row = _Row(name, main=True, origin="table")
        cells = enumerate(figures.items(), start=2)
        yield Project(
            None, name, tuple(_fact(key, text, example, row, f"t5r{number}c{col}") for col, (key, text) in cells)
        )


def _sign_offs(example: Example) -> Iterator[SignOff]:
    for row, line in enumerate(example.signed, start=1):
        date = line.value if line.kind == "date" and line.value else None
        state: Literal["value", "blank"] = "value" if line.value else "blank"
        yield SignOff(line.kind, line.label, state, f"t4r{row}c1", date, line.bureau, f"“{line.label}”")


def _sections(example: Example) -> Iterator[Section]:
    for position, heading in enumerate(example.sections, start=1):
        number, _, rest = heading.partition("、")
        title, _, text = rest.partition(" | ")
        yield Section(number, title, f"p{position}", text)
    if example.text:
        yield Section(None, "说明", "p90", example.text)


def _lines(example: Example) -> Iterator[TextLine]:
    """The same text as it would stand in a document: a line for each heading and one for what stands under it."""
    for section in _sections(example):
        heading = f"{section.number}、{section.title}" if section.number else section.title
        yield TextLine(section.where or "", heading)
        for position, line in enumerate(filter(None, section.text.split("\n"))):
            yield TextLine(f"{section.where}0{position}", line)


def _statements(example: Example) -> Iterator[Statement]:
    for position, title in enumerate(example.titles, start=1):
        yield Statement("title" if position == 1 else "table_title", title, f"p{position}", f"标题“{title}”")
    if example.date:
        yield Statement("report_date", example.date, "p99", "封面报告日期")
    for position, name in enumerate(example.names, start=1):
        yield Statement("unit_name", name, f"p{50 + position}", "封面单位名称")
