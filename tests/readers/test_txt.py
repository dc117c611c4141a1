"""The row syntax of a Word form saved as text, case by case, then any table at all."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gouji.model.document import Document, Paragraph, Table
from gouji.model.errors import ReadError
from gouji.readers.txt import MAX_BYTES, MAX_LINES, read_txt
from gouji.readers.txt_web import GLOSS


def read(text: str) -> Document:
    return read_txt(text.encode())


def show(text: str) -> list[str | list[list[str]]]:
    """Blocks as plain data: a paragraph is its text, a table its rows of cell texts."""
    return [block.text if isinstance(block, Paragraph) else show_rows(block) for block in read(text).blocks]


def show_rows(table: Table) -> list[list[str]]:
    rows: list[list[str]] = [[] for _ in range(table.rows)]
    for cell in table.cells:
        assert cell.col == len(rows[cell.row])
        assert (cell.row_span, cell.col_span) == (1, 1)
        rows[cell.row].append(cell.text)
    assert table.cols == max(len(row) for row in rows)
    return rows


def test_a_tab_opens_a_cell_and_a_blank_line_a_row() -> None:
    assert show("封面\n\n\t联系人\n\t王某\n\n\t人员编制\n\t36\n") == ["封面", [["联系人", "王某"], ["人员编制", "36"]]]


def test_empty_cells_and_ideographic_spaces_stay_as_empty_cells() -> None:
    table = read("\t机构名称\n\t合计\n\n\t\n\t　\n\t甲\n").blocks[0]
    assert isinstance(table, Table)
    assert show_rows(table) == [["机构名称", "合计"], ["", "", "甲"]]
    assert table.cells[2].blocks == () == table.cells[3].blocks


def test_a_line_directly_below_a_cell_goes_on_in_it() -> None:
    table = read("\t任务1\n任务2\n  任务3\n\t达标\n").blocks[0]
    assert isinstance(table, Table)
    assert [p.text for p in table.cells[0].blocks if isinstance(p, Paragraph)] == ["任务1", "任务2", "  任务3"]
    assert table.cells[1].text == "达标"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("\t年度\n\n内容\n\t任务\n", [[["年度\n内容", "任务"]]], id="a-runs-into-tab"),
        pytest.param("\t年度\n\n内容\n另行\n\t任务\n", [[["年度\n内容\n另行", "任务"]]], id="a-two-lines"),
        pytest.param("\t名称\n\t三公\n\n合计\n\n\t甲\n", [[["名称", "三公\n合计"], ["甲"]]], id="b-row-of-two"),
        pytest.param("\t组长：\n\n   年 月\n\n\t乙\n", [[["组长：\n年 月"], ["乙"]]], id="c-indented"),
        pytest.param("\t组长：\n\n　　年 月\n", [[["组长：\n年 月"]]], id="c-ideographic-indent"),
        pytest.param("\t组长：\n\n\n   年 月\n", [[["组长：\n年 月"]]], id="c-indented-after-two"),
        pytest.param("\t五、综述\n\n一、概况\n\n正文\n", [[["五、综述"]], "一、概况", "正文"], id="else-paragraph"),
        pytest.param("\t名称\n\t合计\n\n\n附件\n", [[["名称", "合计"]], "附件"], id="two-blanks-close-row-of-two"),
        pytest.param("\t名称\n\n\n填报人\n\t五、\n", [[["名称"]], "填报人", [["五、"]]], id="two-blanks-beat-tab"),
        pytest.param("\t名称\n\t1\n\n\n\n\t名称\n\t2\n", [[["名称", "1"], ["名称", "2"]]], id="repeated-header"),
        pytest.param("\t名称\n \n\t1\n　\n \n附件\n", [[["名称"], ["1"]], "附件"], id="blanks-of-spaces"),
    ],
)
def test_continuation_rules(text: str, expected: list[str | list[list[str]]]) -> None:
    assert show(text) == expected


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(end: str) -> None:
    assert show("封面\n\n\t甲\n\t1\n\n\t乙\n\t2\n".replace("\n", end)) == ["封面", [["甲", "1"], ["乙", "2"]]]


def test_vertical_tab_is_a_line_end_inside_a_cell() -> None:
    assert show("\t甲\v\v乙\n\t1\v\n一\v二\n") == [[["甲\n乙", "1\n一\n二"]]]
    assert show("一\v二\n") == ["一", "二"]


def test_vertical_tab_alone_ends_lines() -> None:
    assert show("封面\v\v\t甲\v\t1\v\v\t乙") == ["封面", [["甲", "1"], ["乙"]]]


@pytest.mark.parametrize("gap", ["\f", "\n\f", "\f\n", "\n\f\n", "\n\f\f\n"])
def test_page_break_between_rows_keeps_the_table(gap: str) -> None:
    assert show(f"\t甲\n\t1\n{gap}\t乙\n\t2\n") == [[["甲", "1"], ["乙", "2"]]]


def test_page_break_elsewhere_is_a_line_end() -> None:
    assert show("\f封面\n\f正文\f附件\n") == ["封面", "正文", "附件"]
    assert show("\t甲\f续\n\t1\n") == [[["甲\n续", "1"]]]
    assert show("\t甲\n\n\f\n\n正文\n") == [[["甲"]], "正文"]


@pytest.mark.parametrize("cell", ["\t603.03  ", "\t603.03\t", "\t  603.03 \t ", "\t603.03\u3000"])
def test_trailing_white_space_is_no_cell(cell: str) -> None:
    assert show(f"\t甲  \n{cell}\n\t   \n\t\t \n") == [[["甲", "603.03", "", ""]]]


def test_several_values_on_a_tabbed_line_are_a_row() -> None:
    assert show("\t名称\t合计\t其中\n\t甲\t\t3\n\t乙\t4\t\n") == [
        [["名称", "合计", "其中"], ["甲", "", "3"], ["乙", "4", ""]]
    ]
    assert show("\t负责人\n\t姓名：\t电话：\n\t备注\n") == [[["负责人", "姓名：", "电话：", "备注"]]]


def test_tab_separated_rows_without_leading_tab() -> None:
    flat = "项目\t预算\t决算\n三公\t1\t\n\t接待\t2\n小计\t5\n"
    rows = [["项目", "预算", "决算"], ["三公", "1", ""], ["", "接待", "2"], ["小计", "5"]]
    assert show(f"标题\n{flat}合计说明\n") == ["标题", rows, "合计说明"]
    assert show("\t预算\t决算\n人员\t1\t2\n") == [[["", "预算", "决算"], ["人员", "1", "2"]]]
    assert show("a\tb\tc\n\n\td\te\n\n\ng\th\ti\n") == [[["a", "b", "c"], ["", "d", "e"]], [["g", "h", "i"]]]
    assert show("\t甲\n\t1\n\na\tb\tc\n") == [[["甲", "1"]], [["a", "b", "c"]]]
    assert show("a\tb\tc\n\n\t甲\n\t1\n") == [[["a", "b", "c"]], [["甲", "1"]]]


def test_one_tab_inside_a_line_is_prose() -> None:
    assert show("联系人：某\t电话：略\n") == ["联系人：某\t电话：略"]
    assert show("\t甲\n续\ta\tb\n\t1\n") == [[["甲\n续\ta\tb", "1"]]]


def test_evidence_ids_count_paragraphs_and_tables() -> None:
    blocks = read("一\n\n\t甲\n\n\n二\n三\n\n\t乙\n").blocks
    assert [block.where for block in blocks] == ["p1", "t1", "p2", "p3", "t2"]


def test_document_is_ragged() -> None:
    document = read("一\n")
    assert (document.format, document.ragged, document.notices) == ("txt", True, ())


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_encodings(encoding: str) -> None:
    data = "岳某区2021年度\r\n\r\n\t人员支出\r\n\t603.03\r\n".encode(encoding)
    assert [block.where for block in read_txt(data).blocks] == ["p1", "t1"]


def test_gb18030_with_bom_and_rare_characters() -> None:
    assert read_txt(b"\x84\x31\x95\x33" + "\t𠮷某\n".encode("gb18030")).blocks[0].where == "t1"


def test_utf8_cut_in_a_character_stays_utf8_and_says_so() -> None:
    document = read_txt("支出合计".encode()[:-1])
    assert [p.text for p in document.blocks if isinstance(p, Paragraph)] == ["支出合\ufffd"]
    assert [notice.code for notice in document.notices] == ["R2"]


def test_stray_controls_are_left_out_and_said() -> None:
    document = read_txt(("支出合计" * 100 + "\x07\x1a").encode())
    assert [p.text for p in document.blocks if isinstance(p, Paragraph)] == ["支出合计" * 100]
    assert [notice.code for notice in document.notices] == ["R2"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n\t\n", "empty"),
        (bytes(range(256)) * 4, "corrupt"),
        (b"\xff" * 100, "corrupt"),
        (b"\xff\xfe\x00\xd8", "corrupt"),
        (b"a\x00\x00\x00b\x01\x02\x03", "corrupt"),
        (b"a" * (MAX_BYTES + 1), "too_large"),
        (b"\ta\n" * (MAX_LINES // 2 + 1), "too_large"),
    ],
)
def test_what_is_no_text_is_refused_in_one_line(data: bytes, code: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_txt(data)
    assert caught.value.code == code
    assert "请" in caught.value.message
    assert "\n" not in caught.value.message


@pytest.mark.parametrize("unit", ["正文\n", "\ta\n", "a\tb\tc\n正文\n", "\t\n\n", "\n\n\f", "\f", "\v", "\t\ta\n"])
def test_long_files_take_linear_time(unit: str) -> None:
    """A quadratic step would take minutes here."""
    text = (unit * 60_000)[:400_000]
    assert read(f"始\n{text}\n终").blocks


LINES = st.text(st.characters(codec="gb18030", exclude_categories=["C", "Z"]), min_size=1, max_size=8)
CELLS = st.lists(LINES, max_size=3).map("\n".join)
TABLES = st.lists(st.lists(CELLS, min_size=1, max_size=5), min_size=1, max_size=6)


@given(
    tables=st.lists(st.tuples(LINES, TABLES), min_size=1, max_size=3),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_any_table_survives(tables: list[tuple[str, list[list[str]]]], encoding: str, end: str) -> None:
    parts = [f"表{title}\n\n" + print_table(rows) + "\n" for title, rows in tables]
    text = "\n".join(parts)
    assume(not GLOSS.search(text))  # a phonetic gloss is taken out on purpose
    bom = b"\x84\x31\x95\x33" if encoding == "gb18030" else b""
    document = read_txt(bom + text.replace("\n", end).encode(encoding))
    expected = [item for title, rows in tables for item in (f"表{title}", rows)]
    shown = [block.text if isinstance(block, Paragraph) else show_rows(block) for block in document.blocks]
    assert shown == expected


def print_table(rows: list[list[str]]) -> str:
    """A table as the text dump prints it: a tab before each cell, a blank line after each row."""
    return "\n".join("".join(f"\t{cell}\n" for cell in row) for row in rows)


@given(st.text("\t\n\r\v\f \u3000a甲1", max_size=60))
def test_any_text_is_read_and_no_character_lost(text: str) -> None:
    try:
        document = read_txt(text.encode("utf-8-sig"))
    except ReadError as error:
        assert (error.code, text.strip()) == ("empty", "")
        return
    cells = [cell.text for block in document.blocks if isinstance(block, Table) for cell in block.cells]
    paragraphs = [block.text for block in document.blocks if isinstance(block, Paragraph)]
    assert sorted("".join("".join(cells + paragraphs).split())) == sorted("".join(text.split()))
