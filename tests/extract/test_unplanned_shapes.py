"""Random tables over known concepts: whatever is taken out of a cell is what was put there, and nearly all of it is taken.

Shape ─lay_out→ Grid (printed rows, truth by cell) ─render→ Document, gridded or ragged ─read→ facts

    items       concepts are rows, moments columns      项目 | 行次 | 2021年决算数 | 2022年预算数 …
    sides       likewise, the group a cell on the left  三公经费/1x3 | 公务接待费 | …
    units       concepts are columns, units rows        机构名称 | 收入合计 | …
    pairs       moments below each concept, units rows  机构名称 | 收入合计/2 | … ⏎ 预算数 | 决算数
    spans       concepts below each moment, units rows  机构名称 | 2022年预算数/3 | … ⏎ 收入合计 | …
    years       concepts are columns, moments rows      年度 | 收入合计 | …
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from hypothesis import given, note, settings
from hypothesis import strategies as st

from documents import document, table
from gouji.extract import assemble_report
from gouji.locate import locate_reports
from gouji.locate.vocabulary import Vocabulary
from gouji.model.document import Cell, Document, Paragraph, Table
from gouji.model.report import STANDARD_CONCEPTS, Fact, Report
from gouji.patterns import load_patterns

PATTERNS = load_patterns()
VOCABULARY = Vocabulary(PATTERNS)
UNIT = "测试区林业站"
YEAR = 2022
COVER = (
    f"{UNIT}{YEAR}年度部门整体支出绩效自评报告",
    f"部门（单位）名称：{UNIT}",
    f"报告日期：{YEAR + 1}年3月20日",
)
GROUPS = {
    "收入情况": {
        "income.total": ("收入合计",),
        "income.carryover": ("上年结转", "上年结转收入"),
        "income.public_budget": ("一般公共预算拨款", "公共财政拨款", "一般公共预算财政拨款"),
        "income.gov_fund": ("政府性基金拨款", "政府性基金预算财政拨款"),
        "income.other": ("其他收入",),
    },
    "支出情况": {
        "expenditure.total": ("支出合计",),
        "expenditure.basic": ("基本支出", "1.基本支出", "其中：基本支出"),
        "expenditure.personnel": ("人员支出", "人员经费"),
        "expenditure.public": ("公用支出", "公用经费"),
        "expenditure.project": ("项目支出", "2.项目支出"),
    },
    "公务支出情况": {
        "three_public.total": ("三公经费合计", "“三公”经费合计"),
        "three_public.reception": ("公务接待费", "其中：公务接待费", "（1）公务接待费"),
        "three_public.vehicle_running": ("公务用车运行维护费", "公务用车运维费", "公车运行维护费"),
        "three_public.vehicle_purchase": ("公务用车购置费", "公车购置费"),
        "three_public.abroad": ("因公出国（境）费", "因公出国（境）费用", "出国经费"),
    },
}
MOMENTS = (
    ((f"{YEAR - 1}年决算数", "上年决算数", "上年执行数"), "final", YEAR - 1),
    ((f"{YEAR}年年初预算数", "年初预算数", f"{YEAR}年预算数"), "initial", YEAR),
    ((f"{YEAR}年调整预算数", "调整预算数", "全年预算数"), "adjusted", YEAR),
    ((f"{YEAR}年决算数", "决算数", "全年执行数", "本年决算"), "final", YEAR),
)
EXTRAS = (
    (),
    ("比上年增减额", "增减率（%）"),
    ("占比（%）",),
    ("执行率（%）",),
    ("上半年执行数",),
    ("全区平均",),
    ("备注",),
)
"""Columns of figures that are no level of the unit's year."""
LAYOUTS = ("items", "sides", "units", "pairs", "spans", "years")
BY_UNIT = frozenset({"units", "pairs", "spans"})
STATES = {"": "blank", "0": "zero", "0.00": "zero", "无": "none", "—": "none"}
SEEDS = range(200)
Moment = tuple[str, str, int]
Column = list[tuple[str, str]]
"""Labels and concepts of one group."""


@dataclass(frozen=True)
class Shape:
    """One random table: what it holds and how it is laid out."""

    layout: str
    groups: dict[str, Column]
    moments: tuple[Moment, ...]
    units: tuple[str, ...]
    money: str
    ordinals: bool
    grouped: bool
    notes: bool
    extras: tuple[str, ...]
    ragged: bool
    figures: random.Random


@dataclass(frozen=True)
class Put:
    """What stands in a cell."""

    concept: str
    stage: str
    period: int
    raw: str
    unit: str
    entity: str | None


@dataclass
class Grid:
    """Rows of printed cells with their spans, and the truth by row and printed cell."""

    rows: list[list[tuple[str, int, int]]] = field(default_factory=list)
    puts: dict[tuple[int, int], Put] = field(default_factory=dict)

    def head(self, *cells: str | tuple[str, int, int]) -> None:
        self.rows.append([(cell, 1, 1) if isinstance(cell, str) else cell for cell in cells])

    def row(self, *cells: str | Put) -> None:
        self.tail((), *cells, start=1)

    def tail(self, side: tuple[tuple[str, int, int], ...], *cells: str | Put, start: int = 2) -> None:
        """A row beside a tall cell, which stands in the first of its rows."""
        for place, cell in enumerate(cells, start):
            if isinstance(cell, Put):
                self.puts[len(self.rows) + 1, place] = cell
        self.rows.append([*side, *((cell.raw if isinstance(cell, Put) else cell, 1, 1) for cell in cells)])


def pick_shape(chance: random.Random) -> Shape:
    """Every choice a reader may meet, at random."""
    layout = chance.choice(LAYOUTS)
    names = chance.sample(list(GROUPS), chance.randint(1, 3))
    groups = {name: _pick_column(chance, name) for name in (names[:1] if layout in BY_UNIT else names)}
    several_moments = chance.randint(1, 3) if layout != "units" else 0
    chosen = chance.sample(MOMENTS, several_moments) or MOMENTS[-1:]
    moments = tuple((chance.choice(labels), stage, year) for labels, stage, year in chosen)
    several = layout in BY_UNIT and chance.random() < 0.5
    units = ("汇总", "站机关", "苗圃管理所") if several else (UNIT,)
    ordinals, grouped, notes, ragged = (chance.random() < 0.4 for _ in range(4))
    money, extras = chance.choice(("万元", "元")), chance.choice(EXTRAS)
    return Shape(layout, groups, moments, units, money, ordinals, grouped, notes, extras, ragged, chance)


def _pick_column(chance: random.Random, group: str) -> Column:
    chosen = chance.sample(list(GROUPS[group].items()), chance.randint(2, 5))
    return [(chance.choice(labels), concept) for concept, labels in chosen]


def figure(shape: Shape) -> str:
    """A printed figure: mostly an amount, sometimes blank, zero or declared none."""
    return shape.figures.choice(list(STATES)) if shape.figures.random() < 0.15 else amount(shape)


def amount(shape: Shape) -> str:
    cents = shape.figures.randint(3_101, 9_999_999)
    value = Decimal(cents) / 100 if shape.money == "万元" else Decimal(cents)
    return f"{value:,.2f}" if shape.figures.random() < 0.3 else f"{value:.2f}"


def put(shape: Shape, concept: str, moment: Moment, entity: str | None = None) -> Put:
    """A summary is always filled in: a blank one beside filled rows says nothing of whose figures those are."""
    return Put(concept, moment[1], moment[2], (amount if entity == "汇总" else figure)(shape), shape.money, entity)


def lay_out(shape: Shape) -> Grid:
    """The printed table of a shape."""
    grid = Grid()
    _LAYERS[shape.layout](shape, grid)
    return grid


def _items(shape: Shape, grid: Grid) -> None:
    ordinal = ("行次",) if shape.ordinals else ()
    extra = shape.extras
    grid.head("项目", *ordinal, *(label for label, _, _ in shape.moments), *extra)
    if shape.ordinals:
        grid.row("栏次", "", *(str(number) for number in range(1, len(shape.moments) + len(extra) + 1)))
    for group, columns in shape.groups.items():
        if shape.grouped:
            grid.row(group, *_count(shape, grid), *("" for _ in (*shape.moments, *extra)))
        for label, concept in columns:
            figures = [put(shape, concept, moment) for moment in shape.moments]
            grid.row(label, *_count(shape, grid), *figures, *_strangers(shape, concept))
        if shape.notes:
            grid.head((f"说明：{group}与上年相比变化不大", 1 + len(ordinal) + len(shape.moments) + len(extra), 1))


def _count(shape: Shape, grid: Grid) -> tuple[str, ...]:
    return (str(len(grid.rows)),) if shape.ordinals else ()


def _strangers(shape: Shape, concept: str) -> tuple[str | Put, ...]:
    """Figures that no level may take; the execution rate of the year's expenditure is one of its own."""
    return tuple("" if name == "备注" else _stranger(shape, name, concept) for name in shape.extras)


def _stranger(shape: Shape, name: str, concept: str) -> str | Put:
    raw = f"{shape.figures.randint(100, 9900) / 100:.2f}"
    is_told = any((stage, year) == ("final", YEAR) for _, stage, year in shape.moments)
    is_rate = name == "执行率（%）" and concept == "expenditure.total" and is_told
    return Put("budget.execution_rate", "final", YEAR, raw, "%", None) if is_rate else raw


def _sides(shape: Shape, grid: Grid) -> None:
    grid.head("类别", "项目", *(label for label, _, _ in shape.moments), *shape.extras)
    for group, columns in shape.groups.items():
        for index, (label, concept) in enumerate(columns):
            side = () if index else ((group, 1, len(columns)),)
            figures = [put(shape, concept, moment) for moment in shape.moments]
            grid.tail(side, label, *figures, *_strangers(shape, concept))


def _units(shape: Shape, grid: Grid) -> None:
    if shape.grouped:
        grid.head(("机构名称", 1, 2), *((group, len(columns), 1) for group, columns in shape.groups.items()))
        grid.head(*(label for label, _ in _flat(shape)))
    else:
        grid.head("机构名称", *(label for label, _ in _flat(shape)))
    _number(shape, grid, len(_flat(shape)))
    for unit in shape.units:
        grid.row(unit, *(put(shape, concept, shape.moments[0], unit) for _, concept in _flat(shape)))


def _pairs(shape: Shape, grid: Grid) -> None:
    grid.head(("机构名称", 1, 2), *((label, len(shape.moments), 1) for label, _ in _flat(shape)))
    grid.head(*(label for _ in _flat(shape) for label, _, _ in shape.moments))
    _number(shape, grid, len(_flat(shape)) * len(shape.moments))
    for unit in shape.units:
        grid.row(unit, *(put(shape, concept, at, unit) for _, concept in _flat(shape) for at in shape.moments))


def _spans(shape: Shape, grid: Grid) -> None:
    grid.head(("机构名称", 1, 2), *((label, len(_flat(shape)), 1) for label, _, _ in shape.moments))
    grid.head(*(label for _ in shape.moments for label, _ in _flat(shape)))
    _number(shape, grid, len(_flat(shape)) * len(shape.moments))
    for unit in shape.units:
        grid.row(unit, *(put(shape, concept, at, unit) for at in shape.moments for _, concept in _flat(shape)))


def _years(shape: Shape, grid: Grid) -> None:
    grid.head("年度", *(label for label, _ in _flat(shape)))
    _number(shape, grid, len(_flat(shape)))
    for moment in shape.moments:
        grid.row(moment[0], *(put(shape, concept, moment) for _, concept in _flat(shape)))


def _number(shape: Shape, grid: Grid, columns: int) -> None:
    if shape.ordinals:
        grid.row("栏次", *(str(number) for number in range(1, columns + 1)))


def _flat(shape: Shape) -> Column:
    return [column for columns in shape.groups.values() for column in columns]


_LAYERS = {
    "items": _items, "sides": _sides, "units": _units, "pairs": _pairs, "spans": _spans, "years": _years,
}  # fmt: skip


def render(shape: Shape, grid: Grid) -> Document:
    """The document: cover, unit of money, table; a ragged one has no spans, as in a text dump."""
    printed = _ragged(grid) if shape.ragged else table(*(" | ".join(map(_spec, row)) for row in grid.rows))
    return document(*COVER, f"单位：{shape.money}", printed, ragged=shape.ragged)


def _spec(cell: tuple[str, int, int]) -> str:
    text, wide, high = cell
    return f"{text or '~'}/{wide}x{high}"


def _ragged(grid: Grid) -> Table:
    """The printed cells of each row; what a tall cell covers below is an empty one."""
    rows = [[text for text, _, _ in row] for row in grid.rows]
    for index, row in enumerate(grid.rows):
        for below in range(index + 1, index + row[0][2]):
            rows[below].insert(0, "")
    cells = [
        Cell(number, place, 1, 1, (Paragraph(text),))
        for number, row in enumerate(rows)
        for place, text in enumerate(row)
    ]
    return Table("t1", len(rows), max(map(len, rows)), tuple(cells))


def read(source: Document) -> list[Report]:
    located, _ = locate_reports(source, VOCABULARY)
    return [assemble_report(place.region, place.form, PATTERNS)[0] for place in located if place.form is not None]


def taken(reports: list[Report]) -> list[Fact]:
    """Facts of the table; a concept the form expects and no cell offers is none."""
    every = (fact for report in reports for fact in report.facts if fact.concept in STANDARD_CONCEPTS)
    return [fact for fact in every if fact.origin == "table" and fact.state != "missing"]


def wrong_facts(reports: list[Report], grid: Grid) -> Iterator[str]:
    """Facts that are not what stands in their cell."""
    cells = {f"t1r{row}c{column}": stated for (row, column), stated in grid.puts.items()}
    for fact in taken(reports):
        stated = cells.get(fact.where or "")
        if stated is None or not _is_right(fact, stated):
            yield f"{fact.where} {fact.concept} {fact.period} {fact.stage} {fact.entity} {fact.raw!r} {fact.unit}, not {stated}"


def _is_right(fact: Fact, stated: Put) -> bool:
    state = STATES.get(stated.raw, "value")
    same = (fact.concept, fact.stage, fact.period, fact.state) == (stated.concept, stated.stage, stated.period, state)
    if state == "value":
        same = same and (fact.value, fact.unit) == (Decimal(stated.raw.replace(",", "")), stated.unit)
    return same and _is_owner(fact, stated)


def _is_owner(fact: Fact, stated: Put) -> bool:
    """The summary and the unit's own rows are the report's; other rows are not."""
    if stated.entity in {None, UNIT, "汇总"}:
        return fact.main
    return fact.entity == stated.entity and not fact.main


@settings(max_examples=150, deadline=None)
@given(st.randoms(use_true_random=False))
def test_what_comes_out_is_what_was_put_in(chance: random.Random) -> None:
    shape = pick_shape(chance)
    grid = lay_out(shape)
    note("\n".join(" | ".join(f"{text}/{wide}x{high}" for text, wide, high in row) for row in grid.rows))
    assert list(wrong_facts(read(render(shape, grid)), grid)) == []


def test_nearly_everything_comes_out() -> None:
    put_in = came_out = 0
    for seed in SEEDS:
        shape = pick_shape(random.Random(seed))  # noqa: S311 - the same shapes every time
        grid = lay_out(shape)
        put_in += len(grid.puts)
        came_out += len({fact.where for fact in taken(read(render(shape, grid)))})
    assert came_out / put_in >= 0.98
