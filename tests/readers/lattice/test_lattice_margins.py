"""Headers, footers, page numbers and footnotes go to their own stories; what may be text stays text."""

from __future__ import annotations

import pytest

from gouji.model.document import Document, Paragraph
from gouji.model.locator import Story
from readers.lattice.sheets import Ink, cell_at, read, tables_of, texts_of


def page(number: int, lines: int = 20) -> Ink:
    ink = Ink()
    for index in range(lines):
        ink.text(60, 80 + 35 * index, f"第{number}页的第{index}段文字。")
    return ink


def story(document: Document, name: Story) -> list[tuple[str, str]]:
    return [(block.where, block.text) for block in document.part(name) if isinstance(block, Paragraph)]


def test_running_lines_go_to_their_parts_once() -> None:
    pages = [page(n) for n in (1, 2, 3)]
    for number, ink in enumerate(pages, 1):
        ink.text(60, 40, "部门整体支出绩效自评")
        ink.text(60, 790, "云溯区某局")
        ink.text(280, 806, f"第 {number} 页")
    document = read(*pages)
    assert story(document, "header") == [("hp1", "部门整体支出绩效自评")]
    assert story(document, "footer") == [("fp1", "云溯区某局"), ("fp2", "第 1 页")]
    assert len(texts_of(document)) == 60


@pytest.mark.parametrize("number", ["1", "- 1 -", "— 1 —", "第1页", "第 1 页 共 6 页", "1/6", "Page 1", "Ⅰ", "第一页"])
def test_page_numbers(number: str) -> None:
    ink = page(1, 3)
    ink.text(280, 800, number)
    document = read(ink)
    assert len(texts_of(document)) == 3
    assert len(story(document, "footer")) == 1


@pytest.mark.parametrize("text", ["2022年5月17日", "1.完成情况", "共12万元", "附件3"])
def test_last_lines_that_are_no_page_numbers(text: str) -> None:
    ink = page(1, 3)
    ink.text(280, 800, text)
    assert texts_of(read(ink))[-1] == text


def test_a_number_right_below_the_text_is_text() -> None:
    ink = page(1, 21)
    ink.text(60, 791, "12")
    assert texts_of(read(ink))[-1] == "12"


def test_a_footer_that_counts_with_the_pages() -> None:
    pages = [page(n) for n in (1, 2, 3)]
    for number, ink in enumerate(pages, 1):
        ink.text(60, 800, f"云溯区某局 {number + 11}")
    document = read(*pages)
    assert story(document, "footer") == [("fp1", "云溯区某局 12")]
    assert len(texts_of(document)) == 60


def test_titles_that_count_are_no_header() -> None:
    first, second = page(1), page(2)
    first.text(60, 50, "附件1")
    second.text(60, 50, "附件2")
    assert [text for text in texts_of(read(first, second)) if text.startswith("附件")] == ["附件1", "附件2"]


def test_a_large_title_on_each_page_is_no_header() -> None:
    first, second = page(1), page(2)
    for ink in (first, second):
        ink.text(200, 45, "项目支出绩效自评表", 18)
    assert texts_of(read(first, second)).count("项目支出绩效自评表") == 2


def test_a_line_that_returns_within_the_text_is_text() -> None:
    first, second = page(1), page(2)
    for ink in (first, second):
        ink.text(460, 97, "单位：万元")
    assert texts_of(read(first, second)).count("单位：万元") == 2


def test_footnotes_leave_the_text_with_their_marks() -> None:
    ink = Ink()
    x = ink.text(60, 80, "基本支出均按批复口径列支。", 14)
    ink.text(x, 78, "1", 8)
    ink.text(60, 110, "面积100m", 14)
    ink.text(60 + 14 * 4, 108, "2", 8)
    ink.h(700, 60, 200)
    ink.text(60, 710, "1", 6)
    ink.text(66, 711, "含社会保险单位部分。", 9)
    document = read(ink)
    assert story(document, "footnote") == [("np1", "含社会保险单位部分。")]
    assert texts_of(document) == ["基本支出均按批复口径列支。", "面积100m2"]


def test_small_type_below_a_rule_without_a_mark_is_text() -> None:
    ink = page(1, 3)
    ink.h(700, 60, 200)
    ink.text(60, 711, "经办人签字处", 8)
    assert texts_of(read(ink))[-1] == "经办人签字处"


def test_a_page_number_in_a_table_is_a_cell() -> None:
    ink = Ink()
    ink.grid([50, 300, 545], [740, 780, 820])
    ink.cell(1, 0, "得分")
    ink.cell(1, 1, "5")
    assert cell_at(tables_of(read(ink))[0], 1, 1).text == "5"
