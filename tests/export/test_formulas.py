"""Formulas and the values stored beside them, and the texts that must stay texts."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gouji.export.formulas import compute_formula, write_formula, write_total
from gouji.export.plain import CELL_LIMIT, clean_text, is_formula_like, measure_text, shorten
from gouji.export.workbook import count_lines, plan_header
from gouji.patterns.exports import FormulaKind

D = Decimal


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        ("difference", [D("5.00"), D("3.00"), None], D("2.00")),
        ("difference", [None, D(3), D(2)], None),
        ("difference", [D("0.3"), D("0.1"), D("0.2")], D(0)),
        ("ratio", [D(38), D(36)], D(38) / D(36)),
        ("ratio", [D(38), D(0)], None),
        ("ratio", [D(38), None], None),
        ("sum", [None, D(2)], D(2)),
        ("sum", [None, None], None),
        ("change", [D(5), D(7)], D(-2)),
        ("change", [D(5), None], None),
        ("change_rate", [D(5), D(4)], D("0.25")),
        ("change_rate", [D(5), D(0)], None),
    ],
)
def test_a_formula_comes_to_its_value(
    kind: FormulaKind, values: list[Decimal | None], expected: Decimal | None
) -> None:
    assert compute_formula(kind, values) == expected


def test_formulas_are_what_excel_reads() -> None:
    assert write_formula("difference", ["C6", "D6", "E6"]) == '=IF(ISNUMBER(C6),ROUND(C6-SUM(D6,E6),6),"")'
    assert write_total("C6", "C80", empty=False) == "=SUBTOTAL(9,C6:C80)"
    assert write_total("C6", "C80", empty=True) == '=IF(COUNT(C6:C80)=0,"",SUBTOTAL(9,C6:C80))'


def test_header_paths_merge_over_equal_neighbours_only() -> None:
    blocks = plan_header(
        [("单位",), ("支出", "合计"), ("支出", "基本", "小计"), ("支出", "基本", "人员"), ("结余",), ("支出", "其他")]
    )
    assert blocks == [
        (0, 0, 2, 0, "单位"), (0, 1, 0, 3, "支出"), (0, 4, 2, 4, "结余"), (0, 5, 0, 5, "支出"),
        (1, 1, 2, 1, "合计"), (1, 2, 1, 3, "基本"), (1, 5, 2, 5, "其他"), (2, 2, 2, 2, "小计"), (2, 3, 2, 3, "人员"),
    ]  # fmt: skip


@given(st.text())
def test_clean_text_holds_nothing_that_a_workbook_refuses(text: str) -> None:
    cleaned = clean_text(text)
    assert len(cleaned) <= CELL_LIMIT + 20
    assert not cleaned.startswith("<r>")
    assert not any(ord(char) < 32 and char != "\n" for char in cleaned)
    cleaned.encode("utf-8")


@pytest.mark.parametrize("hidden", ["\u061c", "\u200b", "\u200f", "\u202e", "\u2067", "\ufeff", "\xad", "\U000e0041"])
def test_clean_text_leaves_nothing_that_turns_or_hides(hidden: str) -> None:
    assert clean_text(f"{hidden}云溯区{hidden}某局{hidden}") == "云溯区某局"
    assert is_formula_like(clean_text(f"{hidden}=1+1"))


def test_every_kind_of_line_end_is_one() -> None:
    assert clean_text("一\r\n二\r三\u2028四\u2029五") == "一\n二\n三\n四\n五"


@pytest.mark.parametrize(
    "text", ["=1+1", "+a", "-a", "@SUM(A1)", "\t=1", "\r=1", "＝1", "-1+2", " =1", "\u3000=1", "\xa0@A1"]
)
def test_what_looks_like_a_formula(text: str) -> None:
    assert is_formula_like(text)


@pytest.mark.parametrize("text", ["-6.90", "+3", "1=1", "", "云溯区", "-1,234.50", "-5%"])
def test_what_does_not(text: str) -> None:
    assert not is_formula_like(text)


def test_widths_count_chinese_twice() -> None:
    assert measure_text("ab云溯\nabc") == 6
    assert count_lines("云" * 20, 22) == 2
    assert count_lines("a\nb\nc", 22) == 3
    assert shorten("一  二\n三" + "四" * 200).startswith("一 二 三")
