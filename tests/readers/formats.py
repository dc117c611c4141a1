"""One table, and one small report, as each format writes it; and a Document reduced to what all formats share.

tiling ─→ to_html · to_odt · to_rtf          list_cells(table) = list_tiles(tiling)
odt(...), rtf(...), html(...)                files around markup
"""

from __future__ import annotations

import random
import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

from gouji.model.document import Document, Paragraph, Table
from gouji.model.errors import READ_CODES, ReadError
from readers.docx.tilings import COLUMN, Tile, Tiling

ODF = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
    for name, long in {
        "office": "office",
        "text": "text",
        "table": "table",
        "style": "style",
        "draw": "drawing",
        "fo": "xsl-fo-compatible",
        "manifest": "manifest",
        "svg": "svg-compatible",
    }.items()
)
LOEXT = 'xmlns:loext="urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0"'


# --- files ----------------------------------------------------------------------------------------------------------


def html(body: str, charset: str = "utf-8", head: str = "") -> bytes:
    return f'<html><head><meta charset="{charset}"><title>t</title>{head}</head><body>{body}</body></html>'.encode(
        charset
    )


def odt(body: str, automatic: str = "", styles: str = "", pages: str = "", **parts: str) -> bytes:
    """An .odt; `automatic` goes into content.xml, `styles` and `pages` (master pages) into styles.xml."""
    content = (
        f"<office:document-content {ODF} {LOEXT}><office:automatic-styles>{automatic}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    other = (
        f"<office:document-styles {ODF} {LOEXT}><office:styles>{styles}</office:styles>"
        f"<office:master-styles>{pages}</office:master-styles></office:document-styles>"
    )
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr(zipfile.ZipInfo("mimetype"), "application/vnd.oasis.opendocument.text")
        package.writestr(zipfile.ZipInfo("content.xml"), content)
        package.writestr(zipfile.ZipInfo("styles.xml"), other)
        for name, text in parts.items():
            package.writestr(zipfile.ZipInfo(name), text)
    return buffer.getvalue()


def rtf(body: str, fonts: str = r"{\f0\fcharset134 SimSun;}{\f1\fcharset2 Wingdings;}") -> bytes:
    r"""An RTF file; Chinese text is written as \u with a stand-in."""
    head = rf"{{\rtf1\ansi\ansicpg936\deff0{{\fonttbl{fonts}}}\uc1 "
    return (head + escape_rtf(body) + "}").encode("ascii")


def escape_rtf(text: str) -> str:
    return "".join(
        char if ord(char) < 128 else rf"\u{ord(char) - (65536 if ord(char) > 32767 else 0)}?" for char in text
    )


# --- tables ---------------------------------------------------------------------------------------------------------


def starting(tiling: Tiling, row: int) -> list[Tile]:
    return sorted((tile for tile in tiling.tiles if tile.row == row), key=lambda tile: tile.col)


def to_html(tiling: Tiling) -> str:
    rows = [
        "".join(
            f'<td rowspan="{t.height}" colspan="{t.width}"><p>{t.text}</p>{to_html(t.nested) if t.nested else ""}</td>'
            for t in starting(tiling, row)
        )
        for row in range(tiling.rows)
    ]
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"


def to_odt(tiling: Tiling) -> str:
    rows = []
    for row in range(tiling.rows):
        cells = []
        for col in range(tiling.cols):
            tile = next(t for t in tiling.tiles if t.row <= row < t.row + t.height and t.col <= col < t.col + t.width)
            if (tile.row, tile.col) != (row, col):
                cells.append("<table:covered-table-cell/>")
                continue
            spans = f'table:number-rows-spanned="{tile.height}" table:number-columns-spanned="{tile.width}"'
            nested = to_odt(tile.nested) if tile.nested else ""
            cells.append(f"<table:table-cell {spans}><text:p>{tile.text}</text:p>{nested}</table:table-cell>")
        rows.append(f"<table:table-row>{''.join(cells)}</table:table-row>")
    return f"<table:table>{''.join(rows)}</table:table>"


def to_rtf(tiling: Tiling, depth: int = 1) -> str:
    """Rows one after the other; a table in a cell is closed by rows of its own depth."""
    out = []
    for row in range(tiling.rows):
        shape, cells = r"\trowd\trleft0", []
        for tile in sorted(tiling.tiles, key=lambda t: t.col):
            if not tile.row <= row < tile.row + tile.height:
                continue
            first = tile.row == row
            shape += (
                "" if tile.height == 1 else r"\clvmgf" if first else r"\clvmrg"
            ) + rf"\cellx{(tile.col + tile.width) * COLUMN}"
            text = tile.text if first else ""
            nested = rf"\par {to_rtf(tile.nested, depth + 1)}" if first and tile.nested else ""
            cells.append(
                rf"\pard\intbl\itap{depth} {text}{nested}\pard\intbl\itap{depth}"
                + (r"\cell " if depth == 1 else r"\nestcell ")
            )
        if depth == 1:
            out.append(f"{shape}{''.join(cells)}{shape}\\row\n")
        else:
            out.append(f"{''.join(cells)}{{\\*\\nesttableprops{shape}\\nestrow}}{{\\nonesttables\\par}}\n")
    return "".join(out)


def narrow(tiling: Tiling) -> Tiling:
    """The tiling without the columns at whose left edge no cell begins: edges are all an RTF table tells."""
    edges = sorted({tile.col for tile in tiling.tiles} | {tiling.cols})
    at = {edge: number for number, edge in enumerate(edges)}
    tiles = tuple(
        Tile(
            t.row, at[t.col], t.height, at[t.col + t.width] - at[t.col], t.text, narrow(t.nested) if t.nested else None
        )
        for t in tiling.tiles
    )
    return Tiling(tiling.rows, len(edges) - 1, tiles)


def list_cells(table: Table) -> list[tuple[object, ...]]:
    return [
        (c.row, c.col, c.row_span, c.col_span, c.text, [list_cells(inner) for inner in c.tables]) for c in table.cells
    ]


# --- what all formats share -----------------------------------------------------------------------------------------


def reduce_document(document: Document) -> dict[str, Any]:
    """Stories with ids, numbers, texts and grids, and codes and places of notices; without format and addresses."""
    stories = {part.story: [reduce_block(block) for block in part.blocks] for part in document.parts}
    return {"stories": stories, "notices": [(notice.code, notice.where) for notice in document.notices]}


def reduce_block(block: Paragraph | Table) -> tuple[Any, ...]:
    if isinstance(block, Paragraph):
        return (block.where, block.number.strip(), block.text.strip())
    cells = [(c.row, c.col, c.row_span, c.col_span, [reduce_block(inner) for inner in c.blocks]) for c in block.cells]
    return (block.where, block.rows, block.cols, cells)


def texts(document: Document, story: str = "body") -> list[str]:
    blocks = next((part.blocks for part in document.parts if part.story == story), ())
    return [block.printed for block in blocks if isinstance(block, Paragraph)]


def first_table(document: Document) -> Table:
    return next(block for block in document.blocks if isinstance(block, Table))


def fuzz(read: Callable[[bytes], Document], sample: bytes, pieces: list[bytes], count: int = 400) -> None:
    """Mutated, cut and spliced files give a Document or a ReadError."""
    noise = random.Random(7)
    for _ in range(count):
        data = bytearray(sample)
        for _ in range(noise.randint(1, 4)):
            at = noise.randrange(len(data))
            kind = noise.randrange(4)
            if kind == 0:
                data[at] = noise.randrange(256)
            elif kind == 1:
                del data[at : at + noise.randrange(40)]
            elif kind == 2:
                data[at:at] = noise.choice(pieces)
            else:
                data[at:at] = data[at : at + noise.randrange(200)]
            data = data or bytearray(b"x")
        try:
            document = read(bytes(data))
        except ReadError as error:
            assert error.code in READ_CODES
        else:
            assert document.parts[0].story == "body"
