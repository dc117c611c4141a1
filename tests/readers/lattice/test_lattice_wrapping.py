"""Line ends of the writer and line ends of the frame. A cell of 100 points leaves 90: nine characters of ten."""

from __future__ import annotations

import pytest

from readers.lattice.sheets import Ink, cell_at, lines_of, read, tables_of, texts_of


def read_cell(*lines: str, align: str = "left", wide: float = 100.0, size: float = 10.0) -> list[str]:
    """Paragraphs of a cell with these lines, beside one that shows the table's margins."""
    ink = Ink()
    ink.grid([50, 50 + wide, 300, 400], [100, 260])
    ink.cell(0, 0, *lines, align=align, size=size)
    ink.cell(0, 1, "甲", align="left")
    ink.cell(0, 2, "乙乙乙乙乙乙乙乙乙", align="left")
    return lines_of(cell_at(tables_of(read(ink))[0], 0, 0))


@pytest.mark.parametrize(
    ("lines", "paragraphs"),
    [
        (("围绕采购监管先后召", "开现场会"), ["围绕采购监管先后召开现场会"]),
        (("围绕采购", "开现场会"), ["围绕采购", "开现场会"]),
        (("开展排查开展排查；", "任务2：便民"), ["开展排查开展排查；", "任务2：便民"]),
        (("开展排查开展排查；", "（二）便民"), ["开展排查开展排查；", "（二）便民"]),
        (("开展排查开展排查；", "2.便民实事"), ["开展排查开展排查；", "2.便民实事"]),
        (("开展排查增长了达到", "2.5个百分点"), ["开展排查增长了达到2.5个百分点"]),
        (("问题清单按月受理", "1200余件"), ["问题清单按月受理1200余件"]),
        (("问题清单按月", "12余件"), ["问题清单按月", "12余件"]),
        (("开展隐患排查现场", "会，收集"), ["开展隐患排查现场会，收集"]),
        (("①有成文的管理办", "法；", "②内容完整"), ["①有成文的管理办法；", "②内容完整"]),
        (("①有成文的管理；", "另有说明"), ["①有成文的管理；", "另有说明"]),
        (("the quick brown", "fox jumps over"), ["the quick brown fox jumps over"]),
        (("2019 2020 2021", "2022 2023"), ["2019 2020 2021 2022 2023"]),
        (("甲乙丙丁戊己庚辛壬", "子丑寅卯辰巳午未申", "末"), ["甲乙丙丁戊己庚辛壬子丑寅卯辰巳午未申末"]),
    ],
)
def test_wrapped_or_written_so(lines: tuple[str, ...], paragraphs: list[str]) -> None:
    assert read_cell(*lines) == paragraphs


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (("2,345.6", "7"), "2,345.67"),
        (("12,345,", "678.90"), "12,345,678.90"),
        (("1234567.", "89"), "1234567.89"),
        (("４，０", "１８．", "６５"), "４，０１８．６５"),
        (("-123456", "78"), "-12345678"),
    ],
)
@pytest.mark.parametrize("align", ["centre", "right", "left"])
def test_a_number_too_wide_for_its_cell_is_put_together(lines: tuple[str, ...], text: str, align: str) -> None:
    assert read_cell(*lines, align=align, wide=46) == [text]


def test_numbers_that_fit_their_cell_one_by_one_stay_apart() -> None:
    assert read_cell("5", "10", align="centre") == ["5", "10"]
    assert read_cell("2,345.67", "1,200.00", align="centre", wide=60) == ["2,345.67", "1,200.00"]


def test_labels_set_in_the_middle() -> None:
    assert read_cell("政府性基金", "预算拨款", align="centre", wide=62) == ["政府性基金预算拨款"]
    assert read_cell("投", "入", align="centre", wide=22) == ["投入"]
    assert read_cell("数量", "指标", align="centre") == ["数量", "指标"]


def test_a_label_above_a_line_at_the_right() -> None:
    ink = Ink()
    ink.grid([50, 300, 545], [100, 160])
    ink.text(55, 104, "评价组组长（签字）：")
    ink.text(200, 130, "年 月 日")
    assert lines_of(cell_at(tables_of(read(ink))[0], 0, 0)) == ["评价组组长（签字）：", "年 月 日"]


def prose(*lines: tuple[float, str], size: float = 15.0, pitch: float = 28.0) -> list[str]:
    """Paragraphs of lines at these left edges; three full lines of a frame from 90 to 510 come first."""
    ink = Ink()
    y = 80.0
    for x, text in ((120, "整" * 26), (90, "体" * 28), (90, "支" * 28), (90, "出。"), *lines):
        ink.text(x, y, text, size)
        y += pitch
    first, *rest = texts_of(read(ink))
    assert first == "整" * 26 + "体" * 28 + "支" * 28 + "出。"
    return rest


def test_lines_of_prose_become_paragraphs() -> None:
    full = "全年总支出" * 5 + "甲"
    assert prose((120, full), (90, "其中基本支出。"), (120, "二、部门情况"), (120, "末段。")) == [
        full + "其中基本支出。", "二、部门情况", "末段。",
    ]  # fmt: skip


def test_a_full_line_before_an_indented_one_ends_its_paragraph() -> None:
    assert prose((90, "满" * 28), (120, "另起一段。")) == ["满" * 28, "另起一段。"]


def test_a_number_at_the_margin_below_an_indented_line_is_no_new_item() -> None:
    assert prose((120, "增" * 26), (90, "3、4季度完成。")) == ["增" * 26 + "3、4季度完成。"]


def test_titles_stand_alone() -> None:
    ink = Ink()
    ink.text(190, 60, "部门整体支出自评报告", 22)
    ink.text(250, 100, "（2021年度）", 16)
    ink.text(120, 140, "一" * 26, 15)
    ink.text(90, 168, "二。", 15)
    assert texts_of(read(ink)) == ["部门整体支出自评报告", "（2021年度）", "一" * 26 + "二。"]


def test_a_title_too_long_for_a_line_is_one_paragraph() -> None:
    ink = Ink()
    ink.text(90, 60, "二〇二一年度部门（单位）整体支出绩效评", 22)
    ink.text(253, 90, "价自评报告"[:4], 22)
    ink.text(90, 140, "段" * 28, 15)
    assert texts_of(read(ink))[0] == "二〇二一年度部门（单位）整体支出绩效评价自评报"


def test_a_paragraph_over_a_page_break_is_one() -> None:
    first, second = Ink(), Ink()
    for index in range(4):
        first.text(90, 700 + 28 * index, "页" * 28, 15)
    second.text(90, 80, "续。", 15)
    second.text(120, 108, "新段。", 15)
    assert texts_of(read(first, second)) == ["页" * 112 + "续。", "新段。"]


def test_blanks_between_words_and_columns() -> None:
    ink = Ink()
    ink.text(60, 60, "填报人： 韦某")
    ink.text(300, 60, "电话：8000936")
    ink.text(60, 90, "截至")
    ink.text(82.5, 90, "2021")
    ink.text(105, 90, "年")
    assert texts_of(read(ink)) == ["填报人： 韦某 电话：8000936", "截至2021年"]


def test_text_printed_twice_to_look_bold_is_read_once() -> None:
    ink = Ink()
    for shift in (0.0, 0.4):
        ink.text(60 + shift, 60, "基本支出")
    ink.text(100.4, 60, "三三")
    assert texts_of(read(ink)) == ["基本支出三三"]
