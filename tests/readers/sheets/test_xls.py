"""Excel 97 workbooks, record by record, read back; calamine as the second opinion on texts and merges."""

from __future__ import annotations

import io
import struct
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import load_workbook

from gouji.model.document import Paragraph
from gouji.model.errors import ReadError
from gouji.readers import read_document
from gouji.readers.sheets import xls_globals
from gouji.readers.sheets.xls import read_xls
from gouji.readers.sniff import sniff
from readers.sheets.biff_writer import Formula, Leaf, record, wrap_ole, write_stream, write_xls
from readers.sheets.grids import draw

ACCOUNTING = '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ '
FORM = Leaf(
    "收支",
    {
        (0, 0): "云溯区某局收支情况表",
        (1, 0): "机构名称",
        (1, 1): "收入合计",
        (1, 2): "其中：",
        (2, 2): "财政拨款",
        (2, 3): "其他",
        (3, 0): "局机关",
        (3, 1): (1286.4, "#,##0.00"),
        (3, 2): (0.951, "0.00%"),
        (3, 3): (0.0, ACCOUNTING),
        (4, 0): "二级机构",
        (4, 1): None,
        (4, 2): "085001",
        (4, 3): (44698, "yyyy/m/d"),
        (5, 0): "合计",
        (5, 1): Formula(603.03),
        (5, 2): Formula("优"),
        (5, 3): Formula((0x17,)),
    },
    merges=[(0, 0, 0, 3), (1, 0, 2, 0), (1, 1, 2, 1), (1, 2, 1, 3)],
    ruled=frozenset((row, col) for row in range(1, 6) for col in range(4)),
)
DRAWN = """
p 收支
p 云溯区某局收支情况表
机构名称 | 收入合计 | 其中： | >
> | > | 财政拨款 | 其他
局机关 | 1,286.40 | 95.10% | -
二级机构 | · | 085001 | 2022/5/17
合计 | 603.03 | 优 | #REF!
"""


def expected() -> list[str]:
    """The sheet's name is said by its title and left out."""
    return [line for line in DRAWN.strip().split("\n") if line != "p 收支"]


def test_a_form_on_a_sheet() -> None:
    data = write_xls([FORM])
    assert sniff(data) == "xls"
    document = read_document(data, "表.xls")
    assert draw(document) == expected()
    assert (document.format, document.notices) == ("xls", ())


def test_a_stream_without_its_container() -> None:
    data = write_stream([FORM])
    assert sniff(data) == "xls"
    assert draw(read_document(data, "表.xls")) == expected()


@pytest.mark.parametrize("piece", [20, 21, 33, 64, 4096])
def test_strings_cut_over_records(piece: int) -> None:
    texts = ["甲乙丙丁戊己庚辛", "plain words only", "收入合计（万元）", "x" * 50, "支出" * 40]
    leaf = Leaf("表一览", {(row, col): texts[row] for row in range(5) for col in (0, 1)})
    data = write_xls([leaf], piece=piece)
    assert draw(read_xls(data)) == ["p 表一览"] + [f"{text} | {text}" for text in texts]


def test_a_sheet_a_unit_and_hidden_ones() -> None:
    page = {(0, 0): "项目", (0, 1): "金额", (1, 0): "接待费", (1, 1): 7.72}
    leaves = [
        Leaf("教育局", page, hidden_rows=(1,)),
        Leaf("字典", {(0, 0): "机密"}, state=1),
        Leaf("卫健局", page, hidden_columns=(1,)),
    ]
    document = read_xls(write_xls(leaves))
    assert draw(document) == ["p 教育局", "项目 | 金额", "接待费 | 7.72", "p 卫健局", "项目 | 金额", "接待费 | 7.72"]
    assert document.sheets == ("教育局", "字典", "卫健局")
    (notice,) = document.notices
    assert notice.code == "R4"
    for place in ("《字典》未计入", "《教育局》A2", "《卫健局》B1"):
        assert place in notice.message


def test_headers_and_zeros() -> None:
    leaf = Leaf(
        "Sheet1",
        {(0, 0): "甲", (0, 1): "乙", (1, 0): 0.0, (1, 1): True, (1, 2): 5},
        header="&C秘密★1年",
        shows_zeros=False,
    )
    document = read_xls(write_xls([leaf]))
    assert draw(document) == ["甲 | 乙 | ·", "· | TRUE | 5"]
    assert [block.text for block in document.part("header") if isinstance(block, Paragraph)] == ["秘密★1年"]


def test_rk_numbers() -> None:
    numbers = {0: (36, 0x92), 1: (-7, (-7 & 0x3FFFFFFF) << 2 | 2), 2: (7.72, 772 << 2 | 3)}
    (high,) = struct.unpack("<Q", struct.pack("<d", 2.5))
    numbers[3] = (2.5, high >> 32)
    stream = write_stream([Leaf("Sheet1", {(0, 0): "项目", (0, 1): "数"})])
    end = record(0x000A, b"")
    body = b"".join(
        record(0x027E, struct.pack("<HHHI", 1 + at, 0, 0, raw))
        + record(0x00BD, struct.pack("<HHHIH", 1 + at, 1, 0, raw, 1))
        for at, (_, raw) in numbers.items()
    )
    document = read_xls(wrap_ole("Workbook", stream.removesuffix(end) + body + end))
    assert draw(document)[1:] == [f"{value} | {value}" for value, _ in numbers.values()]


def test_excel_5_with_its_code_page() -> None:
    def short(text: str) -> bytes:
        raw = text.encode("gbk")
        return bytes([len(raw)]) + raw

    start = record(0x0809, struct.pack("<HHHH", 0x0500, 5, 0, 0)) + record(0x0042, struct.pack("<H", 936))
    start += record(0x041E, struct.pack("<H", 164) + short('0.00"万元"'))
    start += record(0x00E0, struct.pack("<HHHBBIHH", 0, 164, 0, 0, 0, 0, 0x1C0, 0))
    bound = struct.pack("<IBB", 0, 0, 0) + short("收支表")
    offset = len(start) + 4 + len(bound) + 4
    start += record(0x0085, struct.pack("<I", offset) + bound[4:]) + record(0x000A, b"")
    label = "接待费".encode("gbk")
    sheet = record(0x0809, struct.pack("<HHHH", 0x0500, 0x10, 0, 0))
    sheet += record(0x0204, struct.pack("<HHHH", 0, 0, 0, len(label)) + label)
    sheet += record(0x0203, struct.pack("<HHHd", 0, 1, 0, 7.72)) + record(0x000A, b"")
    document = read_document(wrap_ole("Book", start + sheet), "表.xls")
    assert draw(document) == ["p 收支表", "接待费 | 7.72万元"]


def test_a_sheet_that_breaks_off_is_said_to() -> None:
    stream = write_stream([FORM]).removesuffix(record(0x000A, b""))
    document = read_xls(stream)
    assert draw(document) == expected()
    assert [notice.code for notice in document.notices] == ["R2"]


CELLS = st.dictionaries(
    st.tuples(st.integers(0, 12), st.integers(0, 12)),
    st.one_of(
        st.text(alphabet="甲乙收入合计abcé（）\n ", min_size=1, max_size=30),
        st.integers(-(2**29), 2**29 - 1),
        st.floats(-1e12, 1e12).filter(lambda value: value == 0 or abs(value) > 1e-6),
    ),
    min_size=1,
    max_size=40,
)


@settings(deadline=None, max_examples=60)
@given(CELLS, st.integers(16, 300))
def test_cells_and_merges_are_those_that_calamine_finds(cells: dict[tuple[int, int], Any], piece: int) -> None:
    merges = [(20 + at, at, 21 + at, at + 2) for at in range(0, 9, 3)]
    cells = cells | {(top, left): "并" for top, left, _, _ in merges}
    data = write_xls([Leaf("Sheet1", cells, merges=merges)], piece=piece)
    sheet = load_workbook(io.BytesIO(data)).get_sheet_by_index(0)
    top, left = sheet.start or (0, 0)
    seen = {
        (top + row, left + col): value
        for row, line in enumerate(sheet.to_python())
        for col, value in enumerate(line)
        if value != ""
    }
    assert set(seen) == set(cells)
    assert sheet.merged_cell_ranges == [((a, b), (c, d)) for a, b, c, d in merges]
    read = load_texts(data)
    for place, value in seen.items():
        if isinstance(value, str):
            assert read.get(place, "").strip() == value.strip()
        elif isinstance(value, float):
            assert float(read[place]) == pytest.approx(value, rel=1e-14)


def load_texts(data: bytes) -> dict[tuple[int, int], str]:
    """The texts of the first sheet by their places in it."""
    from gouji.readers.sheets.sheet import Sheet  # noqa: PLC0415
    from gouji.readers.sheets.xls import find_stream  # noqa: PLC0415
    from gouji.readers.sheets.xls_sheet import SheetReader  # noqa: PLC0415

    shared = xls_globals.Globals(find_stream(data))
    shared.read()
    sheet = Sheet(0, "Sheet1")
    SheetReader(sheet, shared).read(shared.entries[0].offset)
    return sheet.texts


def code_of(data: bytes) -> str:
    with pytest.raises(ReadError) as caught:
        read_document(data, "表.xls")
    assert "请" in caught.value.message
    return caught.value.code


def test_refusals(monkeypatch: pytest.MonkeyPatch) -> None:
    good = write_xls([FORM])
    assert code_of(b"\x09\x04\x06\x00" + bytes(60)) == "unsupported"
    assert code_of(wrap_ole("Workbook", record(0x0809, struct.pack("<HHHH", 0x0400, 5, 0, 0)))) == "unsupported"
    assert code_of(wrap_ole("Workbook", b"")) == "corrupt"
    assert code_of(good[:1800]) == "corrupt"
    assert code_of(write_xls([Leaf("Sheet1", {})])) == "empty"
    monkeypatch.setattr(xls_globals, "MAX_RECORDS", 3)
    assert code_of(good) == "too_large"


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_damaged_streams_give_a_document_or_one_error(data: st.DataObject) -> None:
    stream = bytearray(write_stream([FORM], piece=40))
    for _ in range(data.draw(st.integers(1, 6))):
        stream[data.draw(st.integers(0, len(stream) - 1))] = data.draw(st.sampled_from([0, 1, 2, 8, 0x7F, 0x80, 0xFF]))
    cut = data.draw(st.integers(20, len(stream)))
    try:
        read_xls(wrap_ole("Workbook", bytes(stream[:cut])))
    except ReadError as error:
        assert error.message


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_damaged_containers_give_a_document_or_one_error(data: st.DataObject) -> None:
    good = bytearray(write_xls([FORM]))
    for _ in range(data.draw(st.integers(1, 6))):
        good[data.draw(st.integers(8, 1200))] = data.draw(st.integers(0, 255))
    try:
        read_xls(bytes(good))
    except ReadError as error:
        assert error.message
