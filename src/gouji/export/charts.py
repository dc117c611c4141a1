"""图表: native charts, each beside the numbers it draws, so that it can be read without them and checked with them.

top      the departments with the most in one column, as they stood when the workbook was written
totals   the bottom row of another sheet: live
bands    departments counted between limits in a column of another sheet: live
rules    rows of 审核问题 counted by rule: live
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from gouji.export.formulas import escape_criterion
from gouji.export.plain import shorten
from gouji.export.workbook import FIRST_DATA_ROW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.export.district import District
    from gouji.export.workbook import SheetWriter
    from gouji.patterns.exports import Chart, Layout

_WIDTH, _HEIGHT, _GAP = 432, 350, 8
_ROW_PIXELS = 24
_COLOURS = (
    "#4472A8",
    "#D08A3E",
    "#7A9E5B",
    "#8F6BA8",
    "#B8524F",
    "#5AA0A8",
    "#A8924A",
    "#7F7F7F",
    "#C27BA0",
    "#45618F",
)
_NAME_LENGTH = 18


class Bar(NamedTuple):
    """One number of a chart; `formula` where it is live."""

    name: str
    value: Decimal
    formula: str = ""


class Ground(NamedTuple):
    """What the charts are drawn from. `areas`: (sheet, column) → its data cells; `totals`: → its bottom cell and value."""

    district: District
    layout: Layout
    areas: Mapping[tuple[str, str], str]
    totals: Mapping[tuple[str, str], tuple[str, Decimal | None]]


def write_charts(writer: SheetWriter, ground: Ground) -> None:
    """The numbers of each chart, one block below the other, and the charts at their right, two in a row."""
    drawn = 0
    for chart in writer.sheet.charts:
        bars = list(list_bars(chart, ground))
        if bars:
            first = writer.row
            _write_bars(writer, chart, bars)
            _insert_chart(writer, chart, (first, writer.row - 1), drawn)
            drawn += 1
    while writer.row <= FIRST_DATA_ROW + (-(-drawn // 2) * (_HEIGHT + _GAP) + _GAP) // _ROW_PIXELS:
        writer.start_row({})
        writer.row += 1
    writer.finish("" if drawn else "没有可以作图的数据。")


def list_bars(chart: Chart, ground: Ground) -> Iterator[Bar]:
    """The numbers of one chart; none where there is nothing to draw."""
    match chart.source:
        case "top":
            return _list_top(chart, ground)
        case "totals":
            return _list_totals(chart, ground)
        case "bands":
            return _list_bands(chart, ground)
        case _:
            return _list_rules(chart, ground)


def _list_top(chart: Chart, ground: Ground) -> Iterator[Bar]:
    column = next(
        c
        for sheet in ground.layout.sheets
        if sheet.name == chart.sheet
        for c in sheet.columns
        if c.key == chart.columns[0]
    )
    place = ground.layout.slots.index(column.slot) if column.slot else -1
    figures = [(d.figures[place], d) for d in ground.district.departments] if place >= 0 else []
    known = [(f.number, d.name) for f, d in figures if f is not None and f.number]
    for number, name in sorted(known, key=lambda pair: -pair[0])[: chart.count]:
        yield Bar(shorten(name, _NAME_LENGTH), number)


def _list_totals(chart: Chart, ground: Ground) -> Iterator[Bar]:
    columns = {c.key: c.path[-1] for sheet in ground.layout.sheets if sheet.name == chart.sheet for c in sheet.columns}
    for key in chart.columns:
        cell, total = ground.totals.get((chart.sheet, key), ("", None))
        if cell and total:
            yield Bar(columns[key], total, f"={cell}")


def _list_bands(chart: Chart, ground: Ground) -> Iterator[Bar]:
    area = ground.areas.get((chart.sheet, chart.columns[0]))
    scores = [department.score for department in ground.district.departments if department.score is not None]
    if area is None or not scores:
        return
    highest, lowest = chart.limits[0], chart.limits[-1]
    top = f'=COUNTIF({area},">={highest}")'
    yield Bar(f"{highest} 分及以上", Decimal(sum(score >= highest for score in scores)), top)
    for upper, lower in pairwise(chart.limits):
        count = sum(lower <= score < upper for score in scores)
        formula = f'=COUNTIFS({area},">={lower}",{area},"<{upper}")'
        yield Bar(f"{lower}（含）至 {upper} 分", Decimal(count), formula)
    yield Bar(f"{lowest} 分以下", Decimal(sum(score < lowest for score in scores)), f'=COUNTIF({area},"<{lowest}")')


def _list_rules(chart: Chart, ground: Ground) -> Iterator[Bar]:
    area = ground.areas.get(("审核问题", "rule"))
    counts: Counter[str] = Counter()
    titles: dict[str, str] = {}
    for problem in ground.district.problems:
        counts[problem.finding.rule] += 1
        titles.setdefault(problem.finding.rule, problem.finding.title)
    for rule, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[: chart.count] if area else ():
        yield Bar(
            f"{rule} {shorten(titles[rule], _NAME_LENGTH)}",
            Decimal(count),
            f"=COUNTIF({area},{escape_criterion(rule)})",
        )


# --- drawing --------------------------------------------------------------------------------------------------------


def _write_bars(writer: SheetWriter, chart: Chart, bars: list[Bar]) -> None:
    places = {column.field: place for place, column in enumerate(writer.columns)}
    for n, bar in enumerate(bars):
        writer.start_row({places["item"]: bar.name})
        title = chart.title if n == 0 else ""
        writer.put_text(places["chart"], title, writer.text_format(title, bold=True))
        writer.put_text(places["item"], bar.name, writer.text_format(bar.name))
        style = writer.book.format("count" if _counts(chart) else writer.columns[places["value"]].format)
        if bar.formula:
            writer.put_formula(places["value"], bar.formula, bar.value, style)
        else:
            writer.put_number(places["value"], bar.value, style)
        writer.row += 1


def _counts(chart: Chart) -> bool:
    """Whether the chart's numbers are departments or findings, not money."""
    return chart.source in ("bands", "rules")


def _insert_chart(writer: SheetWriter, chart: Chart, rows: tuple[int, int], ordinal: int) -> None:
    places = {column.field: place for place, column in enumerate(writer.columns)}
    name, (first, last) = writer.sheet.name, rows
    drawing = writer.book.workbook.add_chart({"type": chart.draw})
    series = {
        "name": chart.title,
        "categories": [name, first, places["item"], last, places["item"]],
        "values": [name, first, places["value"], last, places["value"]],
        "data_labels": {"value": True, "num_format": "0" if _counts(chart) else "#,##0.00"},
        "fill": {"color": _COLOURS[0]},
        "gap": 60,
    }
    if chart.draw == "pie":
        series["points"] = [{"fill": {"color": _COLOURS[n % len(_COLOURS)]}} for n in range(last - first + 1)]
        series["data_labels"] = {"percentage": True, "leader_lines": True}
        del series["fill"], series["gap"]
    drawing.add_series(series)
    drawing.set_title({"name": chart.title, "name_font": {"size": 12}, "overlay": False})
    drawing.set_legend({"position": "right"} if chart.draw == "pie" else {"none": True})
    if chart.draw == "bar":
        drawing.set_y_axis({"reverse": True, "num_font": {"size": 8}})
        drawing.set_x_axis({"major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}, "num_format": "#,##0"})
    elif chart.draw == "column":
        drawing.set_y_axis({"major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}, "num_format": "#,##0"})
    drawing.set_size({"width": _WIDTH, "height": _HEIGHT})
    offsets = {
        "x_offset": _GAP + (ordinal % 2) * (_WIDTH + _GAP),
        "y_offset": _GAP + (ordinal // 2) * (_HEIGHT + _GAP),
    }
    writer.worksheet.insert_chart(FIRST_DATA_ROW, places["canvas"], drawing, offsets)
