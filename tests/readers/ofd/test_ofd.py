"""OFD says what PDF says, in XML: the same lattice must come out."""

from __future__ import annotations

import zipfile
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gouji.model.document import Document, Paragraph
from gouji.model.errors import ReadError
from gouji.readers import read_document
from gouji.readers.ofd import document, read_ofd
from readers.lattice.sheets import Ink, draw, read, tables_of, texts_of
from readers.ofd.ofdml import content, ink_to_page, members, ofd, pack, path, text

GRID = "M 0 0 L 80 0 M 0 10 L 80 10 M 0 20 L 80 20 M 0 0 L 0 20 M 40 0 L 40 20 M 80 0 L 80 20"
LABELS = (text(24, 33, "收入合计"), text(64, 33, "2,345.67"), text(24, 43, "基本支出"), text(64, 43, "1,502.11"))
TABLE = (path(GRID, 20, 30), *LABELS)
DRAWN = ["收入合计 2,345.67", "基本支出 1,502.11"]


def read_page(*objects: str, head: str = "") -> Document:
    return read_ofd(ofd(content(*objects, head=head)))


def test_a_table_and_a_title() -> None:
    document = read_page(text(80, 15, "部门自评表", 5), *TABLE)
    (table,) = tables_of(document)
    assert draw(table) == DRAWN
    assert texts_of(document) == ["部门自评表"]
    assert table.box is not None
    assert [round(edge, 1) for edge in (table.box.x0, table.box.y0, table.box.x1)] == [56.7, 85.0, 283.5]
    assert (document.format, table.where, document.blocks[0].box is not None) == ("ofd", "t1", True)


@pytest.mark.parametrize(
    "rules",
    [
        [path("M 0 0 L 80 0 L 80 20 L 0 20 C M 0 10 L 80 10 M 40 0 L 40 20", 20, 30)],
        [path("M 0 0 L 40 0 L 40 10 L 0 10 C", x, y) for x in (20, 60) for y in (30, 40)],
        [
            path(f"M {x} 0 L {x + 0.2} 0 L {x + 0.2} 20 L {x} 20 C", 20, 30, 'Fill="true" Stroke="false"')
            for x in (0, 40, 80)
        ]
        + [path("M 0 0 L 80 0", 20, y) for y in (30, 40, 50)],
        [
            path(
                "M 0 0 L 8 0 M 0 1 L 8 1 M 0 2 L 8 2 M 0 0 L 0 2 M 4 0 L 4 2 M 8 0 L 8 2", 20, 30, 'CTM="10 0 0 10 0 0"'
            )
        ],
        [f'<ofd:PageBlock ID="6">{path(GRID, 20, 30)}</ofd:PageBlock>'],
    ],
)
def test_however_rules_are_drawn(rules: list[str]) -> None:
    assert draw(tables_of(read_page(*rules, *LABELS))[0]) == DRAWN


def test_fillings_and_curves_draw_no_rules() -> None:
    """And what is hidden is not there."""
    filled = path("M 0 0 L 40 0 L 40 10 L 0 10 C", 20, 30, 'Fill="true" Stroke="false"')
    curved = path("M 0 0 B 10 10 20 10 30 0 Q 4 4 8 8 A 3 3 0 0 1 5 5 C", 100, 100)
    hidden = text(24, 100, "看不见", attributes='Visible="false"')
    document = read_page(filled, curved, hidden, *TABLE)
    assert [draw(table) for table in tables_of(document)] == [DRAWN]
    assert texts_of(document) == []


def test_steps_between_characters() -> None:
    document = read_page(
        text(20, 20, "收入合计十二", delta="g 5 3.5"),
        text(20, 40, "收入12.5", delta="3.5 3.5 g 3 1.75"),
        text(20, 60, "甲乙", delta="20"),
        text(20, 80, "未写步距", delta=""),
    )
    assert texts_of(document) == ["收入合计十二", "收入12.5", "甲 乙", "未写步距"]


def test_text_codes_go_on_where_they_say() -> None:
    two = (
        '<ofd:TextObject ID="9" Boundary="20 20 90 10" Font="1" Size="3.5"><ofd:TextCode X="0" Y="3">收入</ofd:TextCode>'
        '<ofd:TextCode X="7">合计</ofd:TextCode></ofd:TextObject>'
    )
    assert texts_of(read_page(two)) == ["收入合计"]


def test_templates_are_part_of_their_pages() -> None:
    template = content(path(GRID, 20, 30), text(20, 8, "部门整体支出绩效自评", 3))
    pages = [content(*LABELS, text(100, 280, f"第 {n} 页", 3), head='<ofd:Template TemplateID="T0"/>') for n in (1, 2)]
    document = read_ofd(ofd(*pages, templates=[template]))
    assert [draw(table) for table in tables_of(document)] == [DRAWN, DRAWN]
    margins = [block.text for part in document.parts[1:] for block in part.blocks if isinstance(block, Paragraph)]
    assert margins == ["部门整体支出绩效自评", "第 1 页"]


def test_a_page_of_its_own_size_and_corner() -> None:
    head = "<ofd:Area><ofd:PhysicalBox>10 10 297 210</ofd:PhysicalBox></ofd:Area>"
    (table,) = tables_of(read_page(*TABLE, head=head))
    assert table.box is not None
    assert table.box.x0 == pytest.approx(10 / 25.4 * 72, abs=0.01)


def test_stamps_are_no_text() -> None:
    slope = 'CTM="0.7071 0.7071 -0.7071 0.7071 0 0"'
    pale = text(24, 30, "内部", 12).replace("<ofd:TextCode", '<ofd:FillColor Value="220 220 220"/><ofd:TextCode')
    document = read_page(*TABLE, text(40, 30, "内部资料", 9, slope), pale)
    assert [draw(table) for table in tables_of(document)] == [DRAWN]
    assert texts_of(document) == []


def test_a_page_written_on_its_side() -> None:
    """Everything turned a quarter, as a wide table on an upright page."""
    turned = [
        item.replace("<ofd:TextObject", '<ofd:TextObject CTM="0 1 -1 0 0 0"').replace(
            "<ofd:PathObject", '<ofd:PathObject CTM="0 1 -1 0 0 0"'
        )
        for item in (
            path(GRID, 150, 20),
            *(
                text(150 - y, 20 + x, words)
                for x, y, words in ((4, 3, "收入合计"), (44, 3, "2,345.67"), (4, 13, "基本支出"), (44, 13, "1,502.11"))
            ),
        )
    ]
    (table,) = tables_of(read_page(*turned))
    assert draw(table) == DRAWN
    assert table.box is not None
    assert [round(edge / 72 * 25.4) for edge in (table.box.x0, table.box.y0, table.box.x1, table.box.y1)] == [
        130,
        20,
        150,
        100,
    ]


def test_several_documents_in_one_file_are_read_one_after_the_other() -> None:
    parts = members([content(text(20, 20, "第一份"))])
    parts["Doc_1/Document.xml"] = parts["Doc_0/Document.xml"]
    parts["Doc_1/Pages/Page_0/Content.xml"] = content(text(20, 20, "第二份"))
    parts["OFD.xml"] = parts["OFD.xml"].replace(
        "</ofd:DocBody>", "</ofd:DocBody><ofd:DocBody><ofd:DocRoot>/Doc_1/Document.xml</ofd:DocRoot></ofd:DocBody>"
    )
    document = read_ofd(pack(parts))
    assert texts_of(document) == ["第一份", "第二份"]
    assert [block.box.page for block in document.blocks if block.box] == [1, 2]


IMAGE = '<ofd:ImageObject ID="5" Boundary="0 0 210 297" ResourceID="4"/>'


@pytest.mark.parametrize(("objects", "code"), [((), "empty"), ((IMAGE,), "no_text_layer")])
def test_nothing_to_read(objects: tuple[str, ...], code: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_page(*objects)
    assert caught.value.code == code


def test_pages_without_text_or_without_content_are_told() -> None:
    parts = members([content(text(20, 20, "正文")), content(IMAGE), content(text(20, 20, "缺页"))])
    del parts["Doc_0/Pages/Page_2/Content.xml"]
    document = read_ofd(pack(parts))
    assert [notice.code for notice in document.notices] == ["R2", "R20"]
    assert "第 2 页" in document.notices[1].message
    assert texts_of(document) == ["正文"]


def test_an_ofd_is_read_by_its_content() -> None:
    data = ofd(content(*TABLE))
    assert read_document(data, "报告.ofd").format == "ofd"
    assert [notice.code for notice in read_document(data, "报告.pdf").notices] == ["R6"]


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    data = ofd(content(*TABLE), content(*TABLE))
    for name in ("LIMIT_PAGES", "LIMIT_OBJECTS"):
        with monkeypatch.context() as patch:
            patch.setattr(document, name, 1)
            with pytest.raises(ReadError) as caught:
                read_ofd(data)
            assert caught.value.code == "too_large"


def test_absurd_numbers_cost_nothing() -> None:
    steps = text(20, 20, "收入合计", delta="g 999999999 1e300 g nan inf x")
    assert texts_of(read_page(steps, path("M 1e300 nan L inf 2 Z 3 L", 0, 0), text(20, 60, "正文")))[-1] == "正文"


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.integers(0, 3), st.text("收入支出12.", min_size=1, max_size=4)), max_size=10
    )
)
def test_the_same_ink_gives_the_same_document(words: list[tuple[int, int, str]]) -> None:
    ink = Ink()
    ink.grid([50, 150, 250, 350], [100, 130, 160, 190, 220])
    ink.text(60, 50, "一、标题")
    for row, col, word in {(col, row): (row, col, word) for col, row, word in words}.values():
        ink.cell(row, col, word)
    same, found = read(ink), read_ofd(ofd(ink_to_page(ink)))
    assert [draw(table) for table in tables_of(found)] == [draw(table) for table in tables_of(same)]
    assert texts_of(found) == texts_of(same)


SAMPLE = ofd(
    content(*TABLE), content(text(20, 20, "正文"), head='<ofd:Template TemplateID="T0"/>'), templates=[content(IMAGE)]
)
PARTS = members([content(*TABLE)])


def read_or_refuse(data: bytes) -> None:
    with suppress(ReadError):
        assert isinstance(read_ofd(data), Document)


@given(
    st.integers(0, len(SAMPLE)), st.lists(st.tuples(st.integers(0, len(SAMPLE) - 1), st.integers(0, 255)), max_size=6)
)
def test_any_damage_to_the_file(length: int, changes: list[tuple[int, int]]) -> None:
    data = bytearray(SAMPLE)
    for place, value in changes:
        data[place] = value
    read_or_refuse(bytes(data))
    read_or_refuse(SAMPLE[:length])


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(sorted(PARTS)), st.integers(0, 2000), st.integers(0, 40), st.text('<>/="0 9.-gMLC', max_size=12))
def test_any_damage_to_the_markup(name: str, at: int, cut: int, put: str) -> None:
    part = PARTS[name]
    at %= len(part)
    read_or_refuse(pack({**PARTS, name: part[:at] + put + part[at + cut :]}))


def test_a_package_without_its_parts() -> None:
    for name in ("OFD.xml", "Doc_0/Document.xml"):
        with pytest.raises(ReadError) as caught:
            read_ofd(pack({key: part for key, part in PARTS.items() if key != name}))
        assert caught.value.code == "corrupt"
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("OFD.xml", "<!DOCTYPE a [<!ENTITY b 'c'>]><a/>")
    with pytest.raises(ReadError) as caught:
        read_ofd(buffer.getvalue())
    assert caught.value.code == "corrupt"
