"""The frames as files for other tools: 数据项, 汇总, 指标得分, 审核问题 as parquet or one plain workbook.

facts ─→ 数据项.parquet   number: decimal128   text: the words of a text concept   raw: as printed
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from gouji import frames
from gouji.export.atomic import Put, Written, put_in_place, scratch_folder
from gouji.export.plain import clean_text, show_plainly
from gouji.model.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

_TABLES = {"汇总": frames.summary, "数据项": frames.facts, "指标得分": frames.indicators, "审核问题": frames.findings}
_DIGITS, _DECIMALS = 28, 6  # of decimal128 columns; a number with more stays in its printed text alone
_WHOLE = ("fiscal_year", "period", "decimals", "page", "weight_shared_by")
_NUMBERS = ("low", "high", "wan", "weight", "score", "difference", "tolerance")
_EXCEL_ROWS = 1_048_575
WORKBOOK = "明细数据.xlsx"


def write_parquet(db: Path, folder: Path, put: Put = put_in_place) -> list[Written]:
    """One .parquet a table; amounts as exact decimals."""
    try:
        import pyarrow  # noqa: ICN001, PLC0415 - an optional extra, imported on use
        from pyarrow import parquet  # noqa: PLC0415 - as above
    except ImportError as error:
        raise UsageError('导出 parquet 需要 pyarrow。请先安装分析组件：pip install "gouji[analyst]"') from error
    kinds = {
        "number": pyarrow.decimal128(_DIGITS, _DECIMALS),
        "whole": pyarrow.int64(),
        "flag": pyarrow.bool_(),
        "text": pyarrow.string(),
    }
    written: list[Written] = []
    for name, load in _TABLES.items():
        columns = dict(_iter_columns(load(db)))
        arrays = {title: pyarrow.array(values, type=kinds[kind]) for title, (kind, values) in columns.items()}
        path = folder / f"{name}.parquet"
        with scratch_folder(path) as scratch:
            parquet.write_table(pyarrow.table(arrays), scratch / path.name)
            written.append(put(scratch / path.name, path))
    return written


def write_workbook(db: Path, folder: Path, put: Put = put_in_place) -> list[Written]:
    """One plain workbook: a sheet a table, headers in the first row, no formulas, no merged cells."""
    import xlsxwriter  # noqa: PLC0415 - heavy, and only here

    path = folder / WORKBOOK
    with scratch_folder(path) as scratch:
        options = {
            "constant_memory": True,
            "tmpdir": str(scratch),
            "strings_to_formulas": False,
            "strings_to_urls": False,
        }
        book = xlsxwriter.Workbook(str(scratch / path.name), options)
        for name, load in _TABLES.items():
            frame = load(db)
            if len(frame) > _EXCEL_ROWS:
                raise UsageError(f"“{name}”有 {len(frame)} 行，Excel 一张表放不下；请改用 --format csv 或 parquet。")
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, list(frame.columns))
            for row, values in enumerate(frame.itertuples(index=False), 1):
                for column, value in enumerate(values):
                    _put(sheet, row, column, value)
        book.close()
        return [put(scratch / path.name, path)]


def _put(sheet: object, row: int, column: int, value: object) -> None:
    write_number, write_string = sheet.write_number, sheet.write_string  # type: ignore[attr-defined]
    if isinstance(value, bool):
        write_string(row, column, "是" if value else "否")
    elif isinstance(value, (int, Decimal)):
        write_number(row, column, float(value))
    elif isinstance(value, str) and value:
        write_string(row, column, clean_text(value))


def _iter_columns(frame: pd.DataFrame) -> Iterator[tuple[str, tuple[str, list[object]]]]:
    """Title → kind and values. `value`, which holds numbers and texts, becomes two columns: `number` and `text`."""
    for title in frame.columns:
        values = [_plain(value) for value in frame[title].astype(object)]
        if title == "value":
            yield "number", ("number", [_fitting(value) for value in values])
            yield "text", ("text", [value if isinstance(value, str) else None for value in values])
            continue
        yield title, _as_kind(title, values)


def _as_kind(title: str, values: list[object]) -> tuple[str, list[object]]:
    found = {type(value) for value in values if value is not None}
    if not found:  # a column that nothing fills has the kind it would have had
        return "whole" if title in _WHOLE else "number" if title in _NUMBERS or "." in title else "text", values
    if found <= {bool} and found:
        return "flag", values
    if found <= {int} and found:
        return "whole", values
    if found <= {Decimal} and found:
        return "number", [_fitting(value) for value in values]
    return "text", [None if value is None else str(value) for value in values]


def _plain(value: object) -> object:
    """None for what a frame shows as absent; plain bool and int for the frame's own."""
    if isinstance(value, str):
        return show_plainly(value)
    if value is None or isinstance(value, (Decimal, bool)):
        return value
    return None if frames.import_pandas().isna(value) else int(str(value))


def _fitting(value: object) -> Decimal | None:
    """A number that the column can hold exactly; the rest stays in its printed text."""
    if not isinstance(value, Decimal) or not value.is_finite():
        return None
    exponent = value.as_tuple().exponent
    fits = isinstance(exponent, int) and -exponent <= _DECIMALS and value.adjusted() < _DIGITS - _DECIMALS
    return value if fits else None
