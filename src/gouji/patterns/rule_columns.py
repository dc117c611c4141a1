"""The columns of a sheet of rules: Chinese heading ↔ key of the YAML entry, and the words of the cells.

编号 | 名称 | 算法 | 公式 | 级别 | … | 依据 | 条款 | 是否核实 | … | 举例
above them, where the sheet is not the standard set:  规则集 | 云溯      继承 | default      年度 | 2022
"""

from __future__ import annotations

from typing import Literal, NamedTuple

CellKind = Literal["text", "words", "list", "mapping", "way", "formula", "examples"]


class RuleColumn(NamedTuple):
    """One column. `key` may lead into a mapping (basis.clause). `words`: what a cell may say → what YAML says."""

    title: str
    key: str
    kind: CellKind = "text"
    words: dict[str, str] = {}  # noqa: RUF012 - read only
    width: int = 12


YES_NO = {"是": "yes", "否": "no"}
WAYS = {"一个公式": "formula", "任一相符": "alternatives", "逐条核对": "each", "等次区间": "bands", "检查": "check"}
COLUMNS: tuple[RuleColumn, ...] = (
    RuleColumn("编号", "id", width=9),
    RuleColumn("名称", "name", width=26),
    RuleColumn("算法", "way", "way", WAYS, 10),
    RuleColumn("公式", "formula", "formula", width=60),
    RuleColumn("级别", "severity", "words", {"必改": "hard", "需说明": "explain", "提示": "note"}, 8),
    RuleColumn("依据", "basis.document", width=22),
    RuleColumn("条款", "basis.clause", width=16),
    RuleColumn("是否核实", "basis.verified", "words", YES_NO, 8),
    RuleColumn(
        "空白如何", "blank", "words", {"按0计": "zero", "按0计并提示": "zero_with_note", "视为不详": "unknown"}, 12
    ),
    RuleColumn("说明", "advice", width=30),
    RuleColumn("举例", "examples", "examples", width=70),
    RuleColumn("对象", "audience", "words", {"部门": "department", "财政内部": "bureau", "表样": "template"}, 9),
    RuleColumn("范围", "scope", "words", {"逐行": "entity", "全报告": "report"}, 8),
    RuleColumn("可否豁免", "waivable", "words", YES_NO, 8),
    RuleColumn("影响", "affects", "list"),
    RuleColumn("可接受的说明", "accepted_reasons", "list", width=20),
    RuleColumn("有此栏才计入", "optional", "list", width=20),
    RuleColumn("空白视为不详的栏", "open_if_blank", "list"),
    RuleColumn("表外组成项", "residual", "list", width=20),
    RuleColumn("同一数据", "copies", "list"),
    RuleColumn("问题描述", "message", width=30),
    RuleColumn("其他设定", "more", "mapping", width=20),
    RuleColumn("版本", "version", width=6),
)
HEAD_KEYS = {"规则集": "rule_set", "继承": "inherits", "年度": "year", "等次地区": "region", "不采用": "without"}
VERDICTS = {"通过": "pass", "不符": "fail", "需核实": "review", "无法判断": "undecided", "不适用": "not_applicable"}
REVIEW_MARK, NOTE_MARK, UNLESS_MARK = "需核实", "说明：", "仅用于没有："
BAND_ARROW = "→"
