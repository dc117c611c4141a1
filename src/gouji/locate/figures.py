"""Walk over tables of figures: header rows (1 to 4), column numbers, then data rows until a row has a label of its own."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec

from gouji.locate.columns import join_moments, resolve_columns, topic_of_columns, topic_of_label
from gouji.locate.groups import SUBJECTS, divides, names_rows, side_title, splits_columns
from gouji.locate.headers import leaves_of_header
from gouji.locate.scoring import opens_score_header
from gouji.locate.walk import is_banner
from gouji.model.anchor import FigureBlock, TableRows
from gouji.text.labels import label_key, normalise_label
from gouji.text.numerals import read_number

if TYPE_CHECKING:
    from gouji.locate.walk import Walk
    from gouji.model.anchor import Column, Moment, UnitStatement
    from gouji.text.rows import Placed, Row

_REMARK_LINE = re.compile(r"^[(]?(?:注|备注|说明|※|\*)")
_COLUMN_NUMBER = re.compile(r"^[(]?(?:第?\d{1,2}列?|[A-Z]|[甲乙丙丁]|栏次|行次)[)]?(?:=[\dA-Z()+\-*/]+)?$")
_COLUMN_LETTER = re.compile(r"[A-H](?:[/+*-][A-H])*(?:[*×]100%?)?")
_COLUMN_WORDS = frozenset({"栏次", "行次", "列次", "类", "款", "项", "序号", "次", "甲", "乙"})
_DIGITS = re.compile(r"\d{1,2}")
_MAX_HEADER_ROWS = 4
_SAMPLE_ROWS = 8
_MOMENT_ROWS = 5
_LONGEST_NAME = 20
_TOTAL_ENDS = ("合计", "总计", "总额")
_YEAR_COLUMNS = ("年度", "年份", "年")
_PERIOD = re.compile(r"(?:(?:19|20)\d{2}年)?(?:\d{1,2}(?:[-—~至]\d{1,2})?月份?|第?[一二三四1-4]季度|[上下]半年)")
_YEAR_END = re.compile(r"12月|[四4]季度|下半年")
_BARE_YEAR = re.compile(r"(?:19|20)\d{2}")


def is_figure_header(walk: Walk, row: Row) -> bool:
    """Mostly labels, two or more of them figures, no number, and not label/value by turns."""
    filled = row.filled
    if len(filled) < 2 or any(placed.numeric for placed in filled):
        return False
    meant = [placed for placed in filled if walk.vocabulary.meanings(placed.text)]
    if not meant:
        return False
    roles = [placed for placed in filled if walk.vocabulary.roles(placed.text)]
    labels = {id(placed) for placed in (*meant, *roles)}
    named = any({"entity", "group"} & walk.vocabulary.roles(placed.text) for placed in filled)
    known = len(labels) * 5 >= len(filled) * 3 or (len(meant) > 2 and len(labels) * 3 >= len(filled))
    if len(meant) < (1 if named else 2) or not known:
        return False
    return not _is_paired(walk, row) and not _is_summary_only(walk, filled)


def _is_paired(walk: Walk, row: Row) -> bool:
    """label | (value or blank) | label | (value or blank)"""
    fresh = row.fresh
    if len(fresh) < 2 or len(fresh) % 2:
        return False
    vocabulary = walk.vocabulary
    is_label = [
        bool(vocabulary.meanings(p.text) or vocabulary.field(p.text) or "group" in vocabulary.roles(p.text))
        for p in fresh
    ]
    return all(is_label[0::2]) and not any(is_label[1::2])


def _is_summary_only(walk: Walk, filled: list[Placed]) -> bool:
    return all("summary_row" in walk.vocabulary.roles(placed.text) for placed in filled)


def _opens_moments(walk: Walk, rows: list[Row]) -> bool:
    """预算数 | 决算数 over the names of figures: a header whose first row says when and whose second says what."""
    if len(rows) < 2 or not rows[0].filled:
        return False
    vocabulary = walk.vocabulary
    said = [vocabulary.moment(placed.text) is not None for placed in rows[0].filled]
    known = [
        is_moment or bool({"entity", "ordinal", "remark", *SUBJECTS} & vocabulary.roles(placed.text))
        for is_moment, placed in zip(said, rows[0].filled, strict=True)
    ]
    meant = [placed for placed in rows[1].filled if vocabulary.meanings(placed.text) and not placed.numeric]
    return any(said) and all(known) and len(meant) > 1 and len(meant) * 3 >= len(rows[1].filled) * 2


def _opens_rows_of_moments(walk: Walk, rows: list[Row]) -> bool:
    """资金 | 合计 | 中央 | 省级 over rows of 年初预算数, 全年预算数 …: a total whose other columns no concept need name."""
    header = rows[0].filled
    if (
        len(header) < 2
        or any(placed.numeric for placed in header)
        or walk.vocabulary.moment(header[0].text) is not None
    ):
        return False
    totals = [placed for placed in header if "summary_row" in walk.vocabulary.roles(placed.text)]
    below = [row.filled[0] for row in rows[1:_MOMENT_ROWS] if row.filled]
    moments = [placed for placed in below if walk.vocabulary.moment(placed.text) is not None]
    return len(totals) == 1 and len(moments) > 1


def take_figures(walk: Walk, position: int, row: Row) -> int:
    """A header of figures with the rows below it."""
    rows = walk.rows_from(row)
    over = _opens_moments(walk, rows)
    if not over and not is_figure_header(walk, row) and not _opens_rows_of_moments(walk, rows):
        return position
    height = _header_height(walk, rows, 2 if over else 1)
    body, typed = height, []
    while body < len(rows) and is_column_numbers(rows[body]):
        typed.append(rows[body].index)
        body += 1
    columns, topic = _columns(walk, rows[:height], rows[body : body + _SAMPLE_ROWS])
    end, data = _data_rows(walk, rows, body, columns)
    if not any(column.concept for column in columns):
        return position
    last = rows[max(end, height) - 1]
    more = _continued_rows(walk, rows, end, columns)
    title = next((t for t in reversed(walk.titles) if len(label_key(t.text)) > 1), None)
    block = FigureBlock(
        table=row.table,
        topic=topic or "",
        title=title.text if title is not None else "",
        title_where=title.where if title is not None else None,
        columns=tuple(columns),
        header=(row.index, rows[height - 1].index + 1),
        rows=tuple(line.index for line in data),
        unit=_block_unit(columns) or walk.unit,
        typed_rows=tuple(typed),
        more=tuple(TableRows(data[0].table, tuple(line.index for line in data)) for data in more),
        moments=_row_moments(walk, data, columns),
        rates=_rate_rows(walk, data, columns),
        by_subject=any(column.role in SUBJECTS for column in columns),
    )
    partial = walk.announced().partial or _part_of_year(walk, data, columns)
    if partial:
        walk.titles = []
        walk.doubt(position, row.where(row.filled[0]), f"这张表写明是“{partial}”的数，不是全年数，没有取用")
        return walk.position_after(more[-1][-1] if more else last)
    walk.add(position, block)
    for name in dict.fromkeys(column.rival for column in columns if column.rival is not None):
        walk.doubt(position, row.where(row.filled[0]), f"有几列都像“{name}”，分不清是哪一列，没有取用")
    walk.topic, walk.titles = topic, []
    _note_columns(walk, block, row)
    return walk.position_after(more[-1][-1] if more else last)


def _block_unit(columns: list[Column]) -> UnitStatement | None:
    """收入合计（元）: a unit that one header label states holds for the whole block, unless labels disagree."""
    stated = [column.unit for column in columns if column.unit is not None and column.concept is not None]
    stated = stated or [column.unit for column in columns if column.unit is not None and column.role == "title"]
    return stated[0] if stated and len({unit.unit.name for unit in stated}) == 1 else None


def _continued_rows(walk: Walk, rows: list[Row], end: int, columns: list[Column]) -> list[list[Row]]:
    """Data rows of tables that go on after a page break without repeating their header."""
    more: list[list[Row]] = []
    while end == len(rows):
        following = walk.continuation(rows[-1].table, walk.position_after(rows[-1]))
        if following is None or not following.filled or not _fits(walk, following, columns):
            break
        rows = walk.rows_from(following)
        end, data = _data_rows(walk, rows, 0, columns)
        more.append(data)
    return more


def _header_height(walk: Walk, rows: list[Row], height: int) -> int:
    while height < min(len(rows), _MAX_HEADER_ROWS) and _continues_header(walk, rows[:height], rows[height]):
        height += 1
    return height


def _continues_header(walk: Walk, header: list[Row], row: Row) -> bool:
    filled = row.filled
    if not filled or any(placed.numeric for placed in filled) or is_column_numbers(row):
        return False
    labels = [p for p in filled if _is_header_word(walk, p)]
    if _is_summary_only(walk, filled) and row.cells[0].fresh and not row.ragged:
        return False
    if _is_summary_only(walk, filled) and filled[0] is row.cells[0]:
        return False
    deeper = bool(labels) and divides(header[-1], row) and not names_rows(walk, row)
    if is_banner(row) or (len(labels) * 2 < len(filled) and not deeper and not splits_columns(header, row)):
        return False
    reaches_down = any(not placed.fresh for placed in row.cells)
    starts_blank = row.cells[0].blank
    same_width = len(row.cells) == len(header[0].cells)
    return reaches_down or starts_blank or (row.ragged and not same_width and not _is_paired(walk, row)) or deeper


def _is_header_word(walk: Walk, placed: Placed) -> bool:
    """What a figure is, when it holds, or what its column is for (科目编码)."""
    vocabulary = walk.vocabulary
    return (
        vocabulary.says_what(placed.text)
        or vocabulary.says_when(placed.text)
        or bool({*SUBJECTS, "ordinal"} & vocabulary.roles(placed.text))
    )


def _columns(walk: Walk, header: list[Row], below: list[Row]) -> tuple[list[Column], str | None]:
    width = None
    if header[0].ragged:
        width = next(
            (len(row.cells) for row in below if any(p.numeric for p in row.cells) and not is_banner(row)), None
        )
    leaves = leaves_of_header(header, walk.vocabulary, width)
    announced = walk.announced()
    of_moments = _opens_rows_of_moments(walk, [*header, *below])
    if announced.topic is None and of_moments:
        announced = announced._replace(topic="budget")
    beside = side_title(header, below)
    if beside is not None:
        announced = announced._replace(topic=topic_of_label(beside.text, walk.vocabulary) or announced.topic)
    columns = resolve_columns(
        leaves, header[0], walk.vocabulary, announced, named=of_moments, titled=beside is not None
    )
    return columns, topic_of_columns(columns, walk.vocabulary)


def _naming_column(data: list[Row], columns: list[Column]) -> Column | None:
    """The column that names the rows; a label that reaches down past all of them (资金情况 over five rows) names none of them."""
    first = next((index for index, column in enumerate(columns) if column.concept is not None), len(columns))
    named = [c for c in columns[:first] if c.role in ("entity", "others", *SUBJECTS)] or columns[:first]
    begins = [
        c for c in columns[:first] if any((p := row.at(c.start)) is not None and p.fresh and p.text for row in data)
    ]
    return next((c for c in named if c in begins), begins[-1] if begins else None)


def _row_names(data: list[Row], columns: list[Column]) -> dict[int, Placed]:
    """What rows print under the column that names them."""
    naming = _naming_column(data, columns)
    if naming is None:
        return {}
    return {row.index: placed for row in data if (placed := row.at(naming.start)) is not None and placed.text}


def _row_moments(walk: Walk, data: list[Row], columns: list[Column]) -> dict[int, Moment]:
    """Rows that are named by a moment (2021年决算数; 2021年 | 决算数) where a unit's name would stand; a blank year is the year above."""
    naming = _naming_column(data, columns)
    if naming is None:
        return {}
    first = next((column.start for column in columns if column.concept is not None), naming.end)
    found: dict[int, Moment] = {}
    dated: Moment | None = None
    for row in data:
        labels = [p for p in row.cells if p.text and (p.start == naming.start or naming.end <= p.start < first)]
        named = [_moment_named(walk, placed, columns) for placed in labels]
        says_when = bool(named) and (named[0] is not None or labels[0].start != naming.start)
        moment = join_moments(reversed(named)) if says_when else None
        if moment is None:
            continue
        if dated is not None and not row.ragged and moment.year is None and labels[0].start != naming.start:
            moment = msgspec.structs.replace(moment, year=dated.year, offset=dated.offset)
        found[row.index] = dated = moment
    return found


def _part_of_year(walk: Walk, data: list[Row], columns: list[Column]) -> str:
    """The last of rows that are months or quarters, where it does not end the year: their 合计 is no year's. "" otherwise."""
    names = [normalise_label(placed.text) for placed in _row_names(data, columns).values()]
    parts = [name for name in names if _PERIOD.fullmatch(name)]
    ends = any(_YEAR_END.search(part) for part in parts) or any(walk.vocabulary.whole_year(name) for name in names)
    return parts[-1] if len(parts) > 1 and not ends else ""


def _moment_named(walk: Walk, placed: Placed, columns: list[Column]) -> Moment | None:
    """The moment that a row's name is; a bare year is one under 年度."""
    under_year = any(c.key in _YEAR_COLUMNS and c.start == placed.start for c in columns)
    text = f"{placed.text.strip()}年" if under_year and _BARE_YEAR.fullmatch(placed.text.strip()) else placed.text
    return walk.vocabulary.moment(text)


def _rate_rows(walk: Walk, data: list[Row], columns: list[Column]) -> tuple[int, ...]:
    """Rows that are named 执行率 below rows of moments."""
    named = {index: walk.vocabulary.only(placed.text) for index, placed in _row_names(data, columns).items()}
    return tuple(index for index, concept in named.items() if concept is not None and concept.kind == "percent")


def _data_rows(walk: Walk, rows: list[Row], start: int, columns: list[Column]) -> tuple[int, list[Row]]:
    data: list[Row] = []
    end = start
    while end < len(rows):
        row = rows[end]
        if row.filled and not _fits(walk, row, columns):
            if not is_remark(row) and not _is_lone_name(walk, rows[end : end + 2], columns):
                break
        elif row.filled:
            data.append(row)
        end += 1
    if not data and start < len(rows) and not rows[start].filled:
        data.append(rows[start])  # a table that nobody filled states blanks
    return end, data


def _is_lone_name(walk: Walk, rows: list[Row], columns: list[Column]) -> bool:
    """A name without figures that some editor has drawn over the whole width, between rows of figures."""
    is_short = is_banner(rows[0]) and len(rows[0].filled[0].text) <= _LONGEST_NAME
    return is_short and len(rows) > 1 and bool(rows[1].filled) and _fits(walk, rows[1], columns)


def _fits(walk: Walk, row: Row, columns: list[Column]) -> bool:
    """Whether a row is data under these columns: mostly figures, blanks or declared none, and no label of its own."""
    named = [column for column in columns if column.role in ("entity", "others", *SUBJECTS)]
    first = next((column.start for column in columns if column.concept is not None), 0)
    if not row.ragged and len(row.filled) == 1 and any(_inside(row.filled[0], column) for column in named):
        return True  # a preprinted name without a figure, however short its row
    if is_banner(row) or is_figure_header(walk, row) or opens_score_header([row], walk.vocabulary):
        return False
    if _is_rate_row(walk, row, named) or _is_total_row(walk, row, columns):
        return True
    for placed in row.filled:
        is_name = any(column.start <= placed.start < column.end for column in named)
        if not is_name and walk.is_labelled(placed) and not (placed.start < first and _names_row(walk, placed)):
            return False
        if is_name and walk.is_labelled(placed) and not _names_row(walk, placed):
            return False
    cells = {id(p): p for column in columns if column.concept for p in (row.at(column.start),) if p is not None}
    readings = [read_number(placed.text, walk.vocabulary.units).kind for placed in cells.values()]
    return bool(readings) and readings.count("text") * 3 <= len(readings)


def _is_total_row(walk: Walk, row: Row, columns: list[Column]) -> bool:
    """固定资产合计 | 576 | 900.00 | … below 资产类别 | 数量 | 账面价值 | …: a row that is the total of a column's figure."""
    concept = walk.vocabulary.strong(row.filled[0].text)
    naming = next((c for c in columns if c.role is not None and c.start <= row.filled[0].start < c.end), None)
    if concept is None or naming is None or not row.filled[0].label.endswith(_TOTAL_ENDS):
        return False
    amounts = [row.at(column.start) for column in columns if column.concept is not None]
    return concept.id in {c.concept for c in columns} and any(p is not None and p.numeric for p in amounts)


def _names_row(walk: Walk, placed: Placed) -> bool:
    """Whether a label may name a row of data: 合计, or when it holds (全年支出数 below 年初预算数)."""
    return bool(walk.vocabulary.roles(placed.text)) or walk.vocabulary.moment(placed.text) is not None


def _note_columns(walk: Walk, block: FigureBlock, first: Row) -> None:
    meant = "、".join(f"{'/'.join(c.path)}→{c.concept or c.role or '?'}" for c in block.columns)
    walk.note(first.where(first.cells[0]), f"表头：{meant}；数据 {len(block.rows)} 行")


def _is_rate_row(walk: Walk, row: Row, named: list[Column]) -> bool:
    """执行率（B/A） | 98.15% | 分值：10 | …: a rate below rows of moments, whatever stands beside it."""
    names = [placed for column in named if (placed := row.at(column.start)) is not None and placed.fresh]
    meant = [walk.vocabulary.only(placed.text) for placed in names]
    is_rate = any(concept is not None and concept.kind == "percent" for concept in meant)
    return is_rate and any(placed.numeric for placed in row.filled)


def _inside(placed: Placed, column: Column) -> bool:
    return column.start <= placed.start and placed.end <= column.end


def is_remark(row: Row) -> bool:
    """A note over the width of a table: 注：机构改革前数据按职能划转后的口径还原。"""
    return is_banner(row) and bool(_REMARK_LINE.match(normalise_label(row.filled[0].text)))


def _is_lettered(row: Row) -> bool:
    letters = [normalise_label(placed.text).strip("()") for placed in row.filled]
    return len(letters) > 1 and all(_COLUMN_LETTER.fullmatch(letter) for letter in letters)


def is_column_numbers(row: Row) -> bool:
    """A row of column numbers or letters under a header: 1 2 3 …, (1) (2), 栏次; A | B | B/A."""
    if _is_lettered(row):
        return True
    texts = [normalise_label(placed.text) for placed in row.filled]
    if not all(text in _COLUMN_WORDS or _COLUMN_NUMBER.match(text) for text in texts):
        return False
    words = [text for text in texts if text in _COLUMN_WORDS]
    numbers = [int(m.group()) for text in texts if text not in _COLUMN_WORDS and (m := _DIGITS.search(text))]
    is_series = len(numbers) > (1 if words else 2) and all(b - a == 1 for a, b in pairwise(numbers))
    return is_series and numbers[0] in (0, 1)
