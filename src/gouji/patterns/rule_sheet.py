"""A sheet of rules → the same marked mapping that a YAML file gives; every cell keeps its place as file:sheet!cell.

编号 A3 | 公式 基本支出 = 人员支出 + 公用支出 | 级别 必改 | 举例 通过：基本支出=871.05；人员支出=603.03；公用支出=268.02
  →  {rules: [{id: A3, formula: …, severity: hard, examples: [{verdict: pass, figures: {…}}]}]}
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import yaml

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
from gouji.patterns.source import Mapping
from gouji.patterns.workbook_cells import BrokenWorkbook, SheetCells, column_letters, read_sheets

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from gouji.patterns.source import Problems

_TITLES = {column.title: column for column in COLUMNS}
_SEPARATOR = re.compile(r"[、，,；;\n]+")
_BRACKETED = re.compile(r"【([^】]*)】")
_EXAMPLE = re.compile(r"^(?P<verdict>[^：:（(]+)(?:[（(]相差\s*(?P<gap>[-−]?[\d.]+)[）)])?[：:](?P<figures>.*)$")
_STR, _SEQ, _MAP = (f"tag:yaml.org,2002:{kind}" for kind in ("str", "seq", "map"))


class CellMark(yaml.Mark):
    """Where a node comes from: sheet!cell in place of line and column."""

    def __init__(self, cell: str) -> None:
        super().__init__(cell, 0, 0, 0, None, 0)
        self.cell = cell


class _Cell(NamedTuple):
    """A filled cell of a rule, with what a problem needs."""

    text: str
    mark: CellMark
    column: RuleColumn


def read_rule_sheets(path: Path, problems: Problems, name: str) -> Iterator[Mapping]:
    """The root mapping of every sheet with a heading 编号; a workbook without one is a problem."""
    try:
        sheets = read_sheets(path)
    except BrokenWorkbook:
        problems.add(f"{name}:1", "不是可以读取的 .xlsx 工作簿；请用 WPS 或 Excel 另存为 .xlsx")
        return
    readers = [_SheetReader(sheet, problems, name) for sheet in sheets]
    found = [reader.read() for reader in readers if reader.heading is not None]
    if not found:
        problems.add(f"{name}:1", "没有一张工作表有“编号”“公式”等列标题")
    yield from found


class _SheetReader:
    """One sheet."""

    def __init__(self, sheet: SheetCells, problems: Problems, file: str) -> None:
        self.sheet = sheet
        self.problems = problems
        self.file = file
        self.rows = list(sheet.rows())
        self.heading = next((row for row, texts in self.rows if {"编号", "公式"} <= set(texts.values())), None)

    def read(self) -> Mapping:
        """{rule_set, inherits, …, rules: […]}"""
        pairs = list(self._head_pairs())
        columns = self._columns()
        below = [(row, texts) for row, texts in self.rows if self.heading is not None and row > self.heading]
        entries = [self._entry(row, texts, columns) for row, texts in below if any(c in columns for c in texts)]
        top = self._mark(self.heading or 1, 1)
        pairs.append((_scalar("rules", top), yaml.SequenceNode(_SEQ, entries, top)))
        return Mapping(yaml.MappingNode(_MAP, pairs, top), self.file, self.problems)

    def _mark(self, row: int, column: int) -> CellMark:
        return CellMark(f"{self.sheet.name}!{column_letters(column)}{row}")

    def _problem(self, mark: CellMark, what: str) -> None:
        self.problems.add(f"{self.file}:{mark.cell}", what)

    def _head_pairs(self) -> Iterator[tuple[yaml.Node, yaml.Node]]:
        """Rows above the heading: 规则集 | 云溯."""
        for row, texts in self.rows:
            if self.heading is not None and row >= self.heading:
                return
            for column, text in texts.items():
                if text in HEAD_KEYS and column + 1 in texts:
                    mark = self._mark(row, column + 1)
                    items = _SEPARATOR.split(texts[column + 1])
                    many = HEAD_KEYS[text] in ("year", "without")
                    value = _sequence(items, mark) if many else _scalar(texts[column + 1], mark)
                    yield _scalar(HEAD_KEYS[text], mark), value

    def _columns(self) -> dict[int, RuleColumn]:
        """Column number → what it holds; a heading that means nothing is a problem."""
        columns: dict[int, RuleColumn] = {}
        for row, texts in self.rows:
            for number, text in texts.items() if row == self.heading else ():
                if text in _TITLES:
                    columns[number] = _TITLES[text]
                else:
                    self._problem(self._mark(row, number), f"没有“{text}”这一列；可用：{'、'.join(_TITLES)}")
        return columns

    def _entry(self, row: int, texts: dict[int, str], columns: dict[int, RuleColumn]) -> yaml.Node:
        """One row as the mapping of one rule."""
        cells = {
            columns[number].key: _Cell(text, self._mark(row, number), columns[number])
            for number, text in texts.items()
            if number in columns
        }
        start = self._mark(row, min(number for number in texts if number in columns))
        pairs: list[tuple[yaml.Node, yaml.Node]] = []
        basis: list[tuple[yaml.Node, yaml.Node]] = []
        for key, cell in cells.items():
            if key == "way":
                continue
            if cell.column.kind == "mapping":
                pairs += self._composed(cell.text, cell.mark).value
                continue
            found = self._formula(cell, cells.get("way")) if key == "formula" else (key, self._value(cell))
            within = basis if key.startswith("basis.") else pairs
            within.append((_scalar(found[0].removeprefix("basis."), cell.mark), found[1]))
        if basis:
            first = next(cell.mark for key, cell in cells.items() if key.startswith("basis."))
            pairs.append((_scalar("basis", start), yaml.MappingNode(_MAP, basis, first)))
        return yaml.MappingNode(_MAP, pairs, start)

    def _value(self, cell: _Cell) -> yaml.Node:
        match cell.column.kind:
            case "words":
                return _scalar(self._word(cell), cell.mark)
            case "list":
                return _sequence([part for part in _SEPARATOR.split(cell.text) if part], cell.mark)
            case "examples":
                lines = [line.strip() for line in cell.text.splitlines() if line.strip()]
                return yaml.SequenceNode(_SEQ, [self._example(line, cell.mark) for line in lines], cell.mark)
            case _:
                return _scalar(cell.text, cell.mark)

    def _word(self, cell: _Cell) -> str:
        words = cell.column.words
        if cell.text not in words:
            self._problem(cell.mark, f"{cell.column.title}须为{'、'.join(words)}之一：“{cell.text}”")
            return next(iter(words.values()))
        return words[cell.text]

    def _composed(self, text: str, mark: CellMark) -> yaml.MappingNode:
        """A cell that holds {…} as in a YAML file."""
        try:
            node = yaml.compose(text, Loader=yaml.BaseLoader)
        except yaml.YAMLError as error:
            self._problem(mark, f"花括号里的写法有误：{getattr(error, 'problem', error)}")
            return yaml.MappingNode(_MAP, [], mark)
        if not isinstance(node, yaml.MappingNode):
            self._problem(mark, "须写成 {键: 值}，与 YAML 文件中相同")
            return yaml.MappingNode(_MAP, [], mark)
        _place(node, mark)
        return node

    def _formula(self, cell: _Cell, way: _Cell | None) -> tuple[str, yaml.Node]:
        """The key and the node of what a rule checks; several lines are alternatives unless 算法 says otherwise."""
        lines = [line.strip() for line in cell.text.splitlines() if line.strip()]
        kind = self._word(way) if way is not None else "alternatives" if len(lines) > 1 else "formula"
        match kind:
            case "bands":
                return kind, self._bands(lines, cell.mark)
            case "alternatives":
                return kind, yaml.SequenceNode(_SEQ, [_alternative(line, cell.mark) for line in lines], cell.mark)
            case "each":
                return kind, _sequence(lines, cell.mark)
            case _:
                return kind, _scalar(cell.text, cell.mark)

    def _bands(self, lines: list[str], mark: CellMark) -> yaml.Node:
        """综合得分 → 评价等次, then 优：[90,100]"""
        value, arrow, result = (part.strip() for part in lines[0].partition(BAND_ARROW))
        if not arrow:
            self._problem(mark, f"等次区间须写成 综合得分 {BAND_ARROW} 评价等次")
        bands = [re.split(r"[：:]", line, maxsplit=1) for line in lines[1:]]
        pairs = {"value": value, "result": result} | {band[0].strip(): band[-1].strip() for band in bands}
        return _mapping(pairs, mark)

    def _example(self, line: str, mark: CellMark) -> yaml.Node:
        """通过：基本支出=871.05；人员支出=603.03, or {…} as in a YAML file."""
        if line.startswith("{"):
            return self._composed(line, mark)
        match = _EXAMPLE.match(line)
        figures = (
            [part.partition("=") for part in re.split(r"[；;]", match["figures"]) if part.strip()] if match else []
        )
        if match is None or match["verdict"].strip() not in VERDICTS or not all(equals for _, equals, _ in figures):
            words = "、".join(VERDICTS)
            self._problem(mark, f"例子须写成 通过：要素=数；要素=数（开头为{words}之一），或 {{…}}：“{line}”")
            return _mapping({"verdict": "pass"}, mark)
        pairs: list[tuple[yaml.Node, yaml.Node]] = [
            (_scalar("verdict", mark), _scalar(VERDICTS[match["verdict"].strip()], mark)),
            (_scalar("figures", mark), _mapping({name.strip(): text.strip() for name, _, text in figures}, mark)),
        ]
        if match["gap"]:
            pairs.append((_scalar("difference", mark), _scalar(match["gap"].replace("−", "-"), mark)))
        return yaml.MappingNode(_MAP, pairs, mark)


def _alternative(line: str, mark: CellMark) -> yaml.Node:
    """收入合计 = …【需核实】【说明：…】【仅用于没有：基本支出】"""
    formula = _scalar(_BRACKETED.sub("", line).strip(), mark)
    pairs: list[tuple[yaml.Node, yaml.Node]] = [(_scalar("formula", mark), formula)]
    for said in _BRACKETED.findall(line):
        if said == REVIEW_MARK:
            pairs.append((_scalar("verdict", mark), _scalar("review", mark)))
        elif said.startswith(NOTE_MARK):
            pairs.append((_scalar("note", mark), _scalar(said.removeprefix(NOTE_MARK), mark)))
        elif said.startswith(UNLESS_MARK):
            names = _SEPARATOR.split(said.removeprefix(UNLESS_MARK))
            pairs.append((_scalar("unless", mark), _sequence(names, mark)))
        else:
            pairs.append((_scalar(f"【{said}】", mark), formula))  # reported as an unknown key
    return formula if len(pairs) == 1 else yaml.MappingNode(_MAP, pairs, mark)


def _scalar(text: str, mark: CellMark) -> yaml.ScalarNode:
    return yaml.ScalarNode(_STR, text, mark)


def _sequence(texts: Sequence[str], mark: CellMark) -> yaml.SequenceNode:
    return yaml.SequenceNode(_SEQ, [_scalar(text.strip(), mark) for text in texts], mark)


def _mapping(pairs: dict[str, str], mark: CellMark) -> yaml.MappingNode:
    return yaml.MappingNode(_MAP, [(_scalar(key, mark), _scalar(text, mark)) for key, text in pairs.items()], mark)


def _place(node: yaml.Node, mark: CellMark) -> None:
    """Move the node and all under it to the cell, from their place inside its text."""
    node.start_mark = mark
    if isinstance(node, yaml.SequenceNode):
        for child in node.value:
            _place(child, mark)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            _place(key, mark)
            _place(value, mark)
