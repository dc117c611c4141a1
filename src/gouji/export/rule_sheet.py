"""The rules of a set as a sheet that can be put back into rules/: `gouji rules show --xlsx FILE`.

One row a rule, the columns of patterns/rule_columns.py; what it says is read back as it was.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec
import xlsxwriter

from gouji.export.atomic import Written, put_in_place, scratch_folder
from gouji.export.plain import clean_text
from gouji.patterns.example_text import name_key
from gouji.patterns.formula import Within
from gouji.patterns.rule_columns import (
    BAND_ARROW,
    COLUMNS,
    HEAD_KEYS,
    NOTE_MARK,
    REVIEW_MARK,
    UNLESS_MARK,
    VERDICTS,
    RuleColumn,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from xlsxwriter.worksheet import Worksheet

    from gouji.patterns.formula import Band
    from gouji.patterns.rules import Example, Reading, Rule, RuleSet

_LISTS = frozenset({"optional", "open_if_blank", "residual", "copies"})
_PLAIN_EXAMPLE = frozenset({"verdict", "figures", "difference"})
_ELSEWHERE = frozenset({"mode", "readings", "source", "check", "basis", "examples"})
_LAST_ROW = 999
_HELP = (
    "怎样使用这张表",
    "1. 一行一条规则，列标题不要改名；不用的列可以删去或留空。公式用中文名称，几种算法各写一行（Alt+Enter 换行）。",
    "2. 要改本地规则：把“规则集”改成本地名称，在“继承”写 default，只留下要改的行；只改级别、依据等时公式留空即可。",
    "3. 存为 .xlsx 放进表式文件夹的 rules/，运行 gouji rules lint 和 gouji patterns check；有误时按 文件:工作表!单元格 提示。",
    "4. 同一规则集的同一编号只能定义一次：原样放回时请先移走同名的 .yml 文件。",
    "5. 举例一行一个：通过：基本支出=871.05；人员支出=603.03；公用支出=268.02　　不符（相差 -5.00）：…（左边减右边）。",
)


def write_rule_sheet(path: Path, rules: RuleSet) -> Written:
    """Write the workbook: 规则, and 说明 how to use it."""
    with scratch_folder(path) as folder:
        finished = folder / path.name
        options = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(str(finished), options) as book:
            head = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1, "align": "center"})
            cell = book.add_format({"text_wrap": True, "valign": "top", "border": 1, "num_format": "@"})
            _write_rules(book.add_worksheet("规则"), rules, head, cell)
            helped = book.add_worksheet("使用说明")
            helped.set_column(0, 0, 120)
            for row, line in enumerate(_HELP):
                helped.write_string(row, 0, line)
        return put_in_place(finished, path)


def _write_rules(sheet: Worksheet, rules: RuleSet, head: Any, cell: Any) -> None:  # noqa: ANN401 - formats have no type
    titles = {key: title for title, key in HEAD_KEYS.items()}
    sheet.write_row(0, 0, (titles["rule_set"], rules.name))
    if rules.year is not None:
        sheet.write_row(0, 2, (titles["year"], str(rules.year)))
    if rules.grades.name not in ("", "default"):
        sheet.write_row(0, 4, (titles["region"], rules.grades.name))
    for place, column in enumerate(COLUMNS):
        sheet.write_string(2, place, column.title, head)
        sheet.set_column(place, place, column.width)
        if column.words:
            sheet.data_validation(3, place, _LAST_ROW, place, {"validate": "list", "source": list(column.words)})
    for row, rule in enumerate(rules.rules, start=3):
        for place, column in enumerate(COLUMNS):
            sheet.write_string(row, place, clean_text(cell_text(rule, column, rules)), cell)
    sheet.freeze_panes(3, 2)
    sheet.autofilter(2, 0, 2 + len(rules.rules), len(COLUMNS) - 1)


def cell_text(rule: Rule, column: RuleColumn, rules: RuleSet) -> str:
    """What a rule's row says under one heading."""
    match column.kind:
        case "way":
            return _word(column, _way(rule))
        case "formula":
            return "\n".join(_formula_lines(rule, rules))
        case "examples":
            return "\n".join(_example_line(example, rules) for example in rule.examples)
        case "mapping":
            return _as_yaml(_other_keys(rule), rules)
    return _field_text(rule, column, rules)


def _field_text(rule: Rule, column: RuleColumn, rules: RuleSet) -> str:
    within, _, key = column.key.rpartition(".")
    value: Any = getattr(rule.basis if within else rule, key, None)
    if isinstance(value, tuple):
        items: tuple[str, ...] = value
        return "、".join(rules.names.get(item, item) if key in _LISTS else item for item in items)
    text = ("yes" if value else "no") if isinstance(value, bool) else str(value or "")
    return _word(column, text) if column.words else text


def _word(column: RuleColumn, value: str) -> str:
    return next((word for word, meant in column.words.items() if meant == value), "")


def _way(rule: Rule) -> str:
    if rule.mode != "any":
        return rule.mode
    return "formula" if len(rule.readings) == 1 and _reading_line(rule.readings[0]) == rule.source else "alternatives"


def _formula_lines(rule: Rule, rules: RuleSet) -> Iterator[str]:
    if rule.mode == "check":
        yield rule.check or ""
    elif rule.mode == "bands":
        value, result = rule.readings[0].refs
        yield f"{value.name} {BAND_ARROW} {result.name}"
        for reading in rule.readings[1:]:
            if isinstance(reading.formula, Within):
                yield f"{reading.source}：{_band(reading.formula.band)}"
    else:
        yield from (_reading_line(reading, rules) for reading in rule.readings)


def _reading_line(reading: Reading, rules: RuleSet | None = None) -> str:
    review = f"【{REVIEW_MARK}】" if reading.verdict == "review" else ""
    note = f"【{NOTE_MARK}{reading.note}】" if reading.note else ""
    unless = "、".join(name_key(column, rules) if rules is not None else column for column in reading.unless)
    only = f"【{UNLESS_MARK}{unless}】" if unless else ""
    return " ".join(reading.source.split()) + review + note + only


def _band(band: Band) -> str:
    return f"{'(' if band.low_open else '['}{band.low:f},{band.high:f}{')' if band.high_open else ']'}"


def _example_line(example: Example, rules: RuleSet) -> str:
    """The short form where figures are all there is, else the mapping as YAML takes it."""
    given = _given(example)
    figures = {name_key(key, rules): text for key, text in example.figures.items()}
    plain = not any(set(key + text) & set("；;=\n") for key, text in figures.items())
    if set(given) <= _PLAIN_EXAMPLE and figures and plain:
        gap = f"（相差 {example.difference}）" if example.difference is not None else ""
        verdict = next(word for word, meant in VERDICTS.items() if meant == example.verdict)
        return f"{verdict}{gap}：{'；'.join(f'{key}={text}' for key, text in figures.items())}"
    return _as_yaml(given, rules)


def _other_keys(rule: Rule) -> dict[str, Any]:
    """What no column of its own is for."""
    shown = {column.key for column in COLUMNS} | _ELSEWHERE
    return {key: value for key, value in _given(rule).items() if key not in shown}


def _given(thing: Rule | Example) -> dict[str, Any]:
    """The fields that differ from what stands where nothing is written, as plain data."""
    given: dict[str, Any] = {}
    for field in msgspec.structs.fields(thing):
        factory = field.default_factory
        default = field.default if factory is msgspec.NODEFAULT else factory()
        value = getattr(thing, field.name)
        if value != default and field.name not in ("mark", "marks"):
            given[field.name] = msgspec.to_builtins(value)
    return given


def _as_yaml(given: dict[str, Any], rules: RuleSet) -> str:
    """{"needs": ["上年"], …}: JSON is YAML too."""
    return json.dumps(_named(given, rules), ensure_ascii=False) if given else ""


def _named(value: Any, rules: RuleSet) -> Any:  # noqa: ANN401 - plain data of any shape
    """The same with concepts by their names, wherever they stand but in options, which checks take as they are."""
    match value:
        case dict():
            return {
                name_key(key, rules): item if key == "options" else _named(item, rules) for key, item in value.items()
            }
        case list() | tuple():
            return [_named(item, rules) for item in value]
        case str():
            return rules.names.get(value, value)
        case _:
            return value
