"""Tables without rules are taken only where nobody could take them for prose."""

from __future__ import annotations

from readers.lattice.sheets import Ink, draw, read, tables_of, texts_of

ROWS = (
    ("科目", "年初预算", "决算数"),
    ("基本支出", "778.65", "778.65"),
    ("项目支出", "200.00", "198.30"),
    ("合计", "978.65", "976.95"),
)


def columns(*rows: tuple[str, ...], xs: tuple[float, ...] = (60, 200, 330), pitch: float = 18) -> Ink:
    ink = Ink()
    ink.text(60, 60, "附表")
    for index, row in enumerate(rows):
        for x, text in zip(xs, row, strict=True):
            if text:
                ink.text(x, 120 + pitch * index, text)
    return ink


def test_columns_of_figures() -> None:
    document = read(columns(*ROWS))
    (table,) = tables_of(document)
    assert draw(table) == [
        "科目 年初预算 决算数",
        "基本支出 778.65 778.65",
        "项目支出 200.00 198.30",
        "合计 978.65 976.95",
    ]
    assert texts_of(document) == ["附表"]
    assert table.cells[0].box is not None


def test_blank_positions_are_blank_cells() -> None:
    assert draw(tables_of(read(columns(*ROWS[:3], ("合计", "", "976.95"))))[0])[3] == "合计 _ 976.95"


def test_what_is_left_as_text() -> None:
    """Too few rows, no numbers, a list of contents, rows far apart."""
    few = columns(*ROWS[:2])
    words = columns(
        ("姓名", "职务", "单位"), ("甲某", "会计", "某局"), ("乙某", "出纳", "某局"), ("丙某", "局长", "某局")
    )
    contents = columns(*[(f"第{n}章", "." * 20, str(n)) for n in (1, 2, 3, 4)])
    apart = columns(*ROWS, pitch=60)
    assert all(tables_of(read(ink)) == [] for ink in (few, words, contents, apart))


def test_a_page_with_ruled_tables_keeps_to_them() -> None:
    ink = columns(*ROWS)
    ink.grid([60, 200, 400], [400, 430, 460])
    ink.cell(0, 0, "甲")
    assert [draw(table) for table in tables_of(read(ink))] == [["甲 _", "_ _"]]
