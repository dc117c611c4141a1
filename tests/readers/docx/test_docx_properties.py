"""Any table survives writing and reading; any damage is a Document or a ReadError."""

from __future__ import annotations

import contextlib

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gouji.model.document import Document, Paragraph, Table
from gouji.model.errors import ReadError
from gouji.readers.docx import read_docx
from readers.docx.tilings import Tiling, list_tiles, tilings, write_tiling
from readers.docx.wordml import FORCE_FULL, box, dele, docx, ins, members, p, pack, part, run, tbl, tc, tr

SLOW_START = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=80)
MAIN = "word/document.xml"


def list_cells(table: Table) -> list[tuple[object, ...]]:
    return [
        (c.row, c.col, c.row_span, c.col_span, c.text, [list_cells(inner) for inner in c.tables]) for c in table.cells
    ]


@SLOW_START
@given(tilings())
def test_any_table_comes_back_on_its_exact_grid(tiling: Tiling) -> None:
    markup = write_tiling(tiling)
    (table,) = read_docx(docx(markup)).blocks
    assert isinstance(table, Table)
    assert (table.rows, table.cols) == (tiling.rows, tiling.cols)
    assert list_cells(table) == list_tiles(tiling)
    (forced,) = read_docx(docx(markup.replace("</w:tcPr>", f"{FORCE_FULL}</w:tcPr>", 1))).blocks
    assert forced == table


SAMPLE_ENTRIES = members(
    p("标题", props='<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'),
    tbl(
        tr(tc("A", span=2, v="restart"), "B"),
        tr(tc(span=2, v="continue"), tc(p("6", ins(run("13")), dele("03")))),
        tr("C", tc(tbl(tr("D")), p()), tc(p(box(p("框"))))),
        grid=(2000, 5, 2000),
    ),
    p(
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>eq \\o\\ac(□,√)</w:instrText></w:r>',
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
        '<w:footnoteReference w:id="2"/>',
    ),
    '<w:sectPr><w:headerReference r:id="header1"/></w:sectPr>',
    styles=part("styles", '<w:style w:styleId="a"><w:rPr><w:vanish/></w:rPr></w:style>'),
    numbering=part(
        "numbering",
        '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/>'
        '</w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>',
    ),
    header1=part("hdr", p("页眉")),
    footnotes=part("footnotes", f'<w:footnote w:id="2">{p("注")}</w:footnote>'),
)
SAMPLE = pack(SAMPLE_ENTRIES)
NAMES = sorted(SAMPLE_ENTRIES)


def read_or_refuse(data: bytes) -> None:
    with contextlib.suppress(ReadError):
        assert isinstance(read_docx(data), Document)


@settings(SLOW_START, max_examples=150)
@given(st.integers(0, len(SAMPLE)))
def test_cut_anywhere(length: int) -> None:
    read_or_refuse(SAMPLE[:length])


@settings(SLOW_START, max_examples=200)
@given(st.lists(st.tuples(st.integers(0, len(SAMPLE) - 1), st.integers(0, 255)), min_size=1, max_size=8))
def test_any_bytes_changed(changes: list[tuple[int, int]]) -> None:
    data = bytearray(SAMPLE)
    for place, value in changes:
        data[place] = value
    read_or_refuse(bytes(data))


@settings(SLOW_START, max_examples=200)
@given(st.sampled_from(NAMES), st.data())
def test_any_member_damaged(name: str, data: st.DataObject) -> None:
    content = str(SAMPLE_ENTRIES[name])
    start = data.draw(st.integers(0, len(content)))
    length = data.draw(st.integers(0, 40))
    filling = data.draw(
        st.sampled_from(["", "<", ">", "</w:tc>", "<w:tc>", "<w:p>", '"', "99999999999", "&", "\0", "-1"])
    )
    read_or_refuse(pack(SAMPLE_ENTRIES | {name: content[:start] + filling + content[start + length :]}))


TAGS = [
    "p",
    "r",
    "t",
    "tbl",
    "tr",
    "tc",
    "sdt",
    "sdtContent",
    "ins",
    "del",
    "fldChar",
    "instrText",
    "txbxContent",
    "pPr",
    "rPr",
    "tcPr",
    "vMerge",
    "hMerge",
    "gridSpan",
    "sym",
    "br",
    "ruby",
    "rubyBase",
    "altChunk",
    "sectPr",
]
VALUES = [
    *(f' w:val="{value}"' for value in ("2", "restart", "-7", "x")),
    *(f' w:fldCharType="{kind}"' for kind in ("begin", "separate", "end")),
    *("", ' w:char="F0FE"', ' w:id="2"'),
]
elements = st.recursive(
    st.tuples(st.sampled_from(TAGS), st.sampled_from(VALUES)).map(lambda e: f"<w:{e[0]}{e[1]}>x</w:{e[0]}>"),
    lambda inner: st.tuples(st.sampled_from(TAGS), st.sampled_from(VALUES), st.lists(inner, max_size=4)).map(
        lambda e: f"<w:{e[0]}{e[1]}>{''.join(e[2])}</w:{e[0]}>"
    ),
    max_leaves=25,
)


@settings(SLOW_START, max_examples=300)
@given(st.lists(elements, max_size=4))
def test_elements_in_any_order_never_overlap(blocks: list[str]) -> None:
    document = read_docx(docx(*blocks))
    for part_ in document.parts:
        for block in part_.blocks:
            if isinstance(block, Table):
                check_table(block)


def check_table(table: Table) -> None:
    taken: set[tuple[int, int]] = set()
    assert [(cell.row, cell.col) for cell in table.cells] == sorted((cell.row, cell.col) for cell in table.cells)
    for cell in table.cells:
        places = {(cell.row + r, cell.col + c) for r in range(cell.row_span) for c in range(cell.col_span)}
        assert places
        assert not places & taken
        assert max(places) < (table.rows, table.cols)
        assert max(col for _, col in places) < table.cols
        taken |= places
        for inner in cell.tables:
            assert inner.where.startswith(table.cell_id(cell))
            check_table(inner)


def test_a_paragraph_in_a_paragraph_is_read_with_the_loose_run_after_it() -> None:
    """A damaged file: the inner paragraph follows the outer one, in a cell as in the body."""
    nested = "<w:p><w:p><w:r><w:t>内</w:t></w:r></w:p><w:fldChar/></w:p>"
    document = read_docx(docx(nested, "<w:r><w:t>外</w:t></w:r>", tbl(tr(tc(nested), tc(p("格"))))))
    texts = [block.text for block in document.blocks if isinstance(block, Paragraph)]
    assert [text for text in texts if text] == ["内", "外"]
    (table,) = [block for block in document.blocks if isinstance(block, Table)]
    assert [cell.text for cell in table.cells] == ["内", "格"]
