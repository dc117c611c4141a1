"""Any damage is a Document or one ReadError, in bounded time; lies about sizes and counts are found out."""

from __future__ import annotations

import gzip
import struct
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gouji.model.document import Document, Table
from gouji.model.errors import ReadError
from gouji.readers.doc import container, paragraphs, read_doc, rows, stories
from readers.doc.compound import write_compound
from readers.doc.sources import DATA
from readers.doc.structures import CHAPTERS, font_table, item, style, style_sheet, use, uses
from readers.doc.worddoc import (
    CLX,
    DELETED,
    FONTS,
    HEADERS,
    HIDDEN,
    LIST_USES,
    LISTS,
    NOTE_TEXTS,
    PARAGRAPHS,
    STYLES,
    doc,
    p,
    read,
    sprm,
    tbl,
    tc,
    tr,
)

SLOW_START = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=150)
FEATURES = gzip.decompress((DATA / "features.doc.gz").read_bytes())
STYLE_SHEET = style_sheet(style(0xFFF), style(0, character=HIDDEN))
PARTS: dict[int, bytes] = {LISTS: CHAPTERS, LIST_USES: uses(use(0)), STYLES: STYLE_SHEET, FONTS: font_table("Symbol")}


def build(table: dict[int, bytes]) -> bytes:
    """A document with something of everything, some structures replaced."""
    return doc(
        item(1, 0, "标题"),
        tbl(tr(tc("A", span=2, v=3), "B"), tr(tc(v=1, span=2), tc("C", tbl(tr("x", "y")))), tr("D", "E", "F")),
        p("收", ("删", DELETED), "\x13 PAGE \x141\x15\x08\x02", style=1),
        footnotes=[p("注")],
        headers=[[], [p("页眉")], [], [], [], []],
        boxes=[[p("框")]],
        table=PARTS | table,
    )


BUILT = build({})
HEADER = 512
SECONDS = 2.0  # some hundred times what an undamaged file takes


def read_or_refuse(data: bytes) -> None:
    began = time.process_time()
    try:
        document = read_doc(data)
    except ReadError as error:
        assert error.message.endswith("。")
    else:
        assert isinstance(document, Document)
        for part in document.parts:
            for block in part.blocks:
                if isinstance(block, Table):
                    check_table(block)
    assert time.process_time() - began < SECONDS


def check_table(table: Table) -> None:
    taken: set[tuple[int, int]] = set()
    for cell in table.cells:
        places = {(cell.row + r, cell.col + c) for r in range(cell.row_span) for c in range(cell.col_span)}
        assert places
        assert not places & taken
        assert max(row for row, _ in places) < table.rows
        assert max(col for _, col in places) < table.cols
        taken |= places
        for inner in cell.tables:
            check_table(inner)


@pytest.mark.parametrize("sample", [BUILT, FEATURES], ids=["built", "features"])
def test_the_samples_are_sound(sample: bytes) -> None:
    assert read_doc(sample).blocks


@pytest.mark.parametrize("sample", [BUILT, FEATURES], ids=["built", "features"])
@SLOW_START
@given(data=st.data())
def test_cut_anywhere(sample: bytes, data: st.DataObject) -> None:
    read_or_refuse(sample[: data.draw(st.integers(0, len(sample)))])


@pytest.mark.parametrize("sample", [BUILT, FEATURES], ids=["built", "features"])
@settings(SLOW_START, max_examples=400)
@given(data=st.data())
def test_any_bytes_changed(sample: bytes, data: st.DataObject) -> None:
    """Most changes go where something is: behind the header, and where the bytes are not zero."""
    damaged = bytearray(sample)
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(sample) - 1))
        while at < len(sample) - 1 and not damaged[at]:
            at += 1
        patch = data.draw(
            st.sampled_from([b"\0", b"\xff", b"\xff\xff\xff\xff", b"\x7f", b"\x01", b"\r", b"\a\0", b"\f\0"])
        )
        damaged[at : at + len(patch)] = patch
    read_or_refuse(bytes(damaged[: len(sample)]))


@settings(SLOW_START, max_examples=300)
@given(
    st.sampled_from([CLX, PARAGRAPHS, 12, STYLES, HEADERS, NOTE_TEXTS, LISTS, LIST_USES, 40, 56, 6, 15]),
    st.binary(max_size=60),
)
def test_any_structure_replaced(pair: int, content: bytes) -> None:
    read_or_refuse(build(table={pair: content}))


@given(st.binary(max_size=600))
def test_any_bytes_after_a_good_beginning(tail: bytes) -> None:
    read_or_refuse(BUILT[:HEADER] + tail)
    read_or_refuse(write_compound({"WordDocument": b"\xec\xa5\xc1\x00" + tail, "1Table": tail, "0Table": tail}))


def refused(data: bytes) -> str:
    with pytest.raises(ReadError) as caught:
        read_doc(data)
    return caught.value.code


def test_refusals() -> None:
    word6 = b"\xdc\xa5\x68\x00" + bytes(600)
    assert refused(b"") == "corrupt"
    assert refused(b"\xd0\xcf\x11\xe0" * 200) == "corrupt"
    assert refused(write_compound({"Workbook": bytes(40)})) == "corrupt"
    assert refused(write_compound({"WordDocument": b"\xec\xa5\xc1\x00" + bytes(40)})) == "corrupt"
    assert refused(write_compound({"WordDocument": word6, "0Table": b""})) == "unsupported"
    assert refused(doc("密", flags=0x0100)) == "encrypted"
    assert refused(BUILT[: len(BUILT) // 2]) == "corrupt"


def rewrite(at: int, value: int) -> bytes:
    damaged = bytearray(BUILT)
    struct.pack_into("<I", damaged, at, value)
    return bytes(damaged)


@pytest.mark.parametrize("at", [44, 64, 72])
def test_a_header_that_lies_about_its_tables(at: int) -> None:
    assert refused(rewrite(at, 0x00800000)) == "corrupt"


@pytest.mark.parametrize("name", ["Root Entry", "WordDocument", "1Table"])
def test_a_directory_that_lies_about_sizes(name: str) -> None:
    entry = BUILT.index(name.encode("utf-16-le").ljust(64, b"\0"))
    assert refused(rewrite(entry + 120, 0x40000000)) == "corrupt"


def test_a_text_longer_than_the_file() -> None:
    assert refused(doc("一", pieces=((0, 2, 2, 0), (2, 9000, 2, 0)))) == "corrupt"
    assert refused(doc("一", pieces=((0, 2, 2, 0), (2, 90_000_000, 2, 0)))) == "too_large"


def test_pieces_that_do_not_follow_one_another() -> None:
    plc = struct.pack("<4I", 0, 2, 1, 3) + bytes(24)
    assert refused(doc("一二", clx=b"\x02" + struct.pack("<I", len(plc)) + plc)) == "corrupt"


def test_modifiers_that_go_round_in_circles() -> None:
    data = bytes(2) + struct.pack("<H", 6) + sprm(0x6646, 2, 0, 0, 0)
    document = read(p("一", grpprl=sprm(0x6646, 2, 0, 0, 0)), data=data)
    assert [block.where for block in document.blocks] == ["p1"]


def test_styles_that_are_based_on_one_another() -> None:
    std = struct.pack("<HHHHH", 0, 0x001, 0, 0, 0) + bytes(4)
    sheet = struct.pack("<HHH", 4, 1, 10) + struct.pack("<H", len(std)) + std
    assert read("一", table={STYLES: sheet}).blocks


@pytest.mark.parametrize(
    ("module", "limit", "value"),
    [
        (paragraphs, "LIMIT_BYTES", 20),
        (stories, "LIMIT_CELLS", 3),
        (stories, "LIMIT_PARAGRAPHS", 3),
        (rows, "LIMIT_WORK", 3),
    ],
)
def test_limits_are_kept(module: object, limit: str, value: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, limit, value)
    assert refused(BUILT) == "too_large"


def test_the_container_library_may_raise_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_data: bytes) -> None:
        raise RecursionError

    monkeypatch.setattr(container, "open_streams", fail)
    assert refused(BUILT) == "corrupt"


def test_depth_is_bounded() -> None:
    deep = sprm(0x2416, 1) + struct.pack("<Hi", 0x6649, 2_000_000_000)
    document = read(*(p("深", grpprl=deep) for _ in range(3)), "后")
    assert [block.where for block in document.blocks] == ["p1", "p2", "p3", "p4"]
