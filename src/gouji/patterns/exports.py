"""exports/*.yml → frozen layouts of the workbooks, and the words they use.

Exports ─ layouts  {"summary": Layout, "findings": Layout}
        │            Layout ─ sheets: Sheet ─ columns: Column (header path, what stands in it, width, total)
        ├ labels   Labels: verdict → 不符, severity → 必改, rule letter → 类别 …
        └ rulings  Rulings: what 同意豁免 in 核验意见 decides …
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Literal, cast, get_args

import msgspec

from gouji.model.errors import PatternError
from gouji.model.report import Stage
from gouji.patterns.export_fields import FIELDS
from gouji.patterns.rulings import Rulings, read_rulings
from gouji.patterns.source import Problems, read_source

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from gouji.patterns.source import Mapping, Node

RowKind = Literal[
    "departments",
    "indicators",
    "losses",
    "grades",
    "changes",
    "projects",
    "findings",
    "evidence",
    "causes",
    "form_faults",
    "resubmissions",
    "registrations",
    "missing",
    "reminders",
    "receipts",
    "calls",
    "charts",
    "notes",
    "sample",
]
ChartKind = Literal["bar", "column", "pie"]
ChartSource = Literal["top", "totals", "bands", "rules"]
Format = Literal["money", "count", "percent", "score", "average", "number", "text"]
FormulaKind = Literal["difference", "ratio", "sum", "change", "change_rate"]
ColumnKind = Literal["ordinal", "field", "people", "concept", "formula"]
FORMULAS: tuple[FormulaKind, ...] = get_args(FormulaKind)
MAX_LEVELS = 3
_PAIRS = ("ratio", "change", "change_rate")


class Slot(msgspec.Struct, frozen=True):
    """Which figure of a report: the concept, the stage, and the year counted from the report's own."""

    concept: str
    stage: Stage = "final"
    year: int = 0


class Column(msgspec.Struct, frozen=True):
    """One column. `path` is its header from the top; `total` whether the bottom row adds it up."""

    key: str
    path: tuple[str, ...]
    kind: ColumnKind
    width: int
    format: Format
    field: str = ""
    slot: Slot | None = None
    formula: FormulaKind | None = None
    operands: tuple[str, ...] = ()
    total: bool = False
    optional: bool = False
    bar: bool = False
    internal: bool = False


class Item(msgspec.Struct, frozen=True):
    """A figure that 上年对比 sets beside last year's."""

    name: str
    slot: Slot
    format: Format = "money"
    internal: bool = False

    @property
    def before(self) -> Slot:
        """The same figure of the year before."""
        return msgspec.structs.replace(self.slot, year=-1)


class Chart(msgspec.Struct, frozen=True):
    """A chart and where its numbers come from.

    top: the departments with the most in one column · totals: the bottom row of several columns ·
    bands: departments by the lower ends of bands in one column · rules: the rules with the most findings
    """

    title: str
    draw: ChartKind
    source: ChartSource
    sheet: str = ""
    columns: tuple[str, ...] = ()
    limits: tuple[Decimal, ...] = ()
    count: int = 15


class Sheet(msgspec.Struct, frozen=True):
    """One sheet. `every_comment`: each figure carries its printed text and place. `unit` where it is not the workbook's.

    `internal` sheets and columns stay out of the public workbook. `optional`: left out where it would be empty.
    `across`: how many columns stand on the left of two pages side by side; 0 for one page wide.
    """

    name: str
    title: str
    rows: RowKind
    columns: tuple[Column, ...]
    every_comment: bool = False
    freeze: int = 0
    across: int = 0
    unit: str = ""
    internal: bool = False
    optional: bool = False
    items: tuple[Item, ...] = ()
    charts: tuple[Chart, ...] = ()


class Layout(msgspec.Struct, frozen=True):
    """One workbook. Money is shown in `unit`, which is worth `factor` 元; `wanted`: figures beside those of the sheets."""

    id: str
    file: str
    unit: str
    factor: Decimal
    sheets: tuple[Sheet, ...]
    wanted: tuple[Slot, ...] = ()

    @property
    def slots(self) -> tuple[Slot, ...]:
        """Every figure that the workbook shows, once each."""
        found = {column.slot: None for sheet in self.sheets for column in sheet.columns if column.slot}
        for item in (item for sheet in self.sheets for item in sheet.items):
            found |= {item.slot: None, item.before: None}
        return tuple(found | dict.fromkeys(self.wanted))


class Labels(msgspec.Struct, frozen=True):
    """Words for people. An unknown key stands for itself."""

    verdicts: dict[str, str]
    severities: dict[str, str]
    audiences: dict[str, str]
    demands: dict[str, str]
    counts: dict[str, str]
    reports: dict[str, str]
    categories: dict[str, str]
    checks: dict[str, str]
    states: dict[str, str]
    relations: dict[str, str]
    causes: dict[str, str]
    registrations: dict[str, str]


class Exports(msgspec.Struct, frozen=True):
    """All that the workbooks need to know."""

    layouts: dict[str, Layout]
    labels: Labels
    rulings: Rulings


def load_exports(folder: Path, concepts: Collection[str] | None = None) -> Exports:
    """Read `folder`/exports; raises PatternError with every problem of every file."""
    problems = Problems()
    exports = read_exports(folder, problems, concepts)
    if problems.lines:
        raise PatternError(problems.lines)
    return exports


def read_exports(folder: Path, problems: Problems, concepts: Collection[str] | None = None) -> Exports:
    """Read `folder`/exports and note problems; `concepts` are the known concept ids, None leaves them unchecked."""
    layouts: dict[str, Layout] = {}
    for path in sorted((folder / "exports").glob("*.yml")):
        if path.name == "labels.yml":
            continue
        root = read_source(path, problems, f"exports/{path.name}").as_mapping()
        layout = _read_layout(root, concepts)
        if layout.id in layouts:
            root.problem(f"表 {layout.id} 写了两次")
        layouts[layout.id] = layout
    labels = read_source(folder / "exports" / "labels.yml", problems, "exports/labels.yml").as_mapping()
    rulings = read_rulings(labels.mapping("rulings"))
    return Exports(layouts, _read_labels(labels), rulings)


def _read_labels(root: Mapping) -> Labels:
    groups = {
        name: {key: node.scalar() for key, node in root.mapping(name).pairs()} for name in Labels.__struct_fields__
    }
    for name, group in groups.items():
        if not group:
            root.problem(f"缺少 {name} 的说法")
    root.finish()
    return Labels(**groups)


def _read_layout(root: Mapping, concepts: Collection[str] | None) -> Layout:
    unit = root.mapping("unit")
    layout = Layout(
        id=root.text("id"),
        file=root.text("file"),
        unit=unit.text("name"),
        factor=unit.number("factor"),
        sheets=tuple(_read_sheet(entry, concepts) for entry in root.mappings("sheets")),
    )
    unit.finish()
    root.finish()
    _check_layout(layout, root)
    return layout


def _check_layout(layout: Layout, root: Mapping) -> None:
    if layout.factor <= 0:
        root.problem("unit 的 factor 应大于 0")
    if not layout.file.endswith(".xlsx"):
        root.problem("file 应以 .xlsx 结尾")
    if not layout.sheets:
        root.problem("至少要有一张工作表")
    names = [sheet.name for sheet in layout.sheets]
    for chart in (chart for sheet in layout.sheets for chart in sheet.charts if chart.sheet):
        known = {column.key for sheet in layout.sheets if sheet.name == chart.sheet for column in sheet.columns}
        for key in sorted(set(chart.columns) - known):
            root.problem(f"图“{chart.title}”：工作表“{chart.sheet}”没有“{key}”这一栏")
    for name in sorted({name for name in names if names.count(name) > 1}):
        root.problem(f"工作表“{name}”写了两次")


def _read_sheet(entry: Mapping, concepts: Collection[str] | None) -> Sheet:
    sheet = Sheet(
        name=entry.text("name"),
        title=entry.text("title"),
        rows=cast("RowKind", entry.choice("rows", get_args(RowKind))),
        columns=tuple(_read_column(column, concepts) for column in entry.mappings("columns")),
        every_comment=entry.choice("comments", ("every", "notable"), "notable") == "every",
        freeze=int(entry.number("freeze", "0")),
        across=int(entry.number("across", "0")),
        unit=entry.text("unit", ""),
        internal=entry.flag("internal"),
        optional=entry.flag("optional"),
        items=tuple(_read_item(item, concepts) for item in entry.mappings("items")),
        charts=tuple(_read_chart(chart) for chart in entry.mappings("charts")),
    )
    entry.finish()
    _check_sheet(sheet, entry)
    return sheet


def _read_item(entry: Mapping, concepts: Collection[str] | None) -> Item:
    item = Item(
        name=entry.text("name"),
        slot=_read_slot(entry, concepts),
        format=cast("Format", entry.choice("as", get_args(Format), "money")),
        internal=entry.flag("internal"),
    )
    entry.finish()
    return item


def _read_chart(entry: Mapping) -> Chart:
    source = cast("ChartSource", entry.choice("source", get_args(ChartSource)))
    chart = Chart(
        title=entry.text("title"),
        draw=cast("ChartKind", entry.choice("draw", get_args(ChartKind))),
        source=source,
        sheet=entry.text("sheet", ""),
        columns=entry.texts("of", ()),
        limits=tuple(_read_limit(text, entry) for text in entry.texts("limits", ())),
        count=int(entry.number("count", "15")),
    )
    if source in ("totals", "bands", "top") and not (chart.sheet and chart.columns):
        entry.problem(f"{source} 要写明 sheet 和 of")
    if source == "bands" and list(chart.limits) != sorted(set(chart.limits), reverse=True):
        entry.problem("limits 应从大到小")
    entry.finish()
    return chart


def _read_limit(text: str, entry: Mapping) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        entry.problem(f"limits 写的“{text}”不是数")
        return Decimal(0)


def _check_sheet(sheet: Sheet, entry: Mapping) -> None:
    if not 1 <= len(sheet.name) <= 31 or set(sheet.name) & set("[]:*?/\\'"):  # noqa: PLR2004 - Excel's own limit
        entry.problem(f"“{sheet.name}”不能作工作表名称：最多 31 字，不能有 \\ / ? * [ ] :")
    if not sheet.columns:
        entry.problem("工作表至少要有一栏")
    if sheet.across and not (sheet.freeze and sheet.freeze < sheet.across < len(sheet.columns)):
        entry.problem("across 应多于固定的栏数、少于全部栏数")
    keys = [column.key for column in sheet.columns]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        entry.problem(f"有两栏都叫“{key}”；请给其中一栏写 key")
    for column in sheet.columns:
        if column.kind == "field" and column.field not in FIELDS[sheet.rows]:
            entry.problem(f"{sheet.rows} 没有 {column.field} 这一项；可用：{'、'.join(sorted(FIELDS[sheet.rows]))}")
        for operand in column.operands:
            if operand not in keys:
                entry.problem(f"“{column.key}”一栏用到的“{operand}”不是这张表的栏目")


def _read_column(entry: Mapping, concepts: Collection[str] | None) -> Column:
    path = entry.texts("at")
    if not 1 <= len(path) <= MAX_LEVELS:
        entry.problem(f"at 应有 1 至 {MAX_LEVELS} 级表头，写了 {len(path)} 级")
    kind, name = _read_kind(entry)
    slot = _read_slot(entry, concepts) if kind == "concept" else None
    formula = cast("FormulaKind", name) if kind == "formula" else None
    shown = cast("Format", entry.choice("as", get_args(Format), _usual_format(kind, formula)))
    column = Column(
        key=entry.text("key", _usual_key(entry, kind, path)),
        path=path,
        kind=kind,
        width=int(entry.number("width", "12")),
        format=shown,
        field=entry.text("field", ""),
        slot=slot,
        formula=formula,
        operands=_read_operands(entry, formula),
        total=entry.choice("total", ("sum", "none"), _usual_total(kind, shown)) == "sum",
        optional=entry.flag("optional"),
        bar=entry.flag("bar"),
        internal=entry.flag("internal"),
    )
    entry.finish()
    return column


def _read_kind(entry: Mapping) -> tuple[ColumnKind, str]:
    """What stands in the column, and the key that says so: exactly one must."""
    given = [name for name in ("ordinal", "field", "people", "concept", *FORMULAS) if entry.has(name)]
    if len(given) != 1:
        entry.problem("一栏须恰好写一种：ordinal、field、people、concept、" + "、".join(FORMULAS))
    name = given[0] if given else "people"
    if name in ("ordinal", "people"):
        entry.flag(name)
    return ("formula" if name in FORMULAS else cast("ColumnKind", name)), name


def _read_slot(entry: Mapping, concepts: Collection[str] | None) -> Slot:
    concept = entry.text("concept")
    if concepts is not None and concept not in concepts:
        entry.problem(f"没有 {concept} 这个要素")
    stage = cast("Stage", entry.choice("stage", get_args(Stage), "final"))
    return Slot(concept, stage, int(entry.number("year", "0")))


def _read_operands(entry: Mapping, formula: FormulaKind | None) -> tuple[str, ...]:
    if formula is None:
        return ()
    operands = entry.texts(formula)
    if len(operands) < 2 or (formula in _PAIRS and len(operands) != 2):  # noqa: PLR2004 - a pair
        entry.problem(f"{formula} {'须写两栏' if formula in _PAIRS else '至少写两栏'}")
    return operands


def _usual_key(entry: Node, kind: ColumnKind, path: tuple[str, ...]) -> str:
    mapping = cast("Mapping", entry)
    if kind in ("concept", "field"):
        return mapping.text(kind)
    return "/".join(path)


def _usual_format(kind: ColumnKind, formula: FormulaKind | None) -> Format:
    if formula in ("ratio", "change_rate"):
        return "percent"
    return "money" if kind in ("concept", "formula") else "text"


def _usual_total(kind: ColumnKind, shown: Format) -> str:
    return "sum" if kind == "concept" and shown in ("money", "count") else "none"
