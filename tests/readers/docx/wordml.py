"""One-line builders of WordprocessingML, and a drawing of the grids that come out.

read(tbl(tr(tc("A", span=2), tc("B")), tr(tc("C"), tc("D"), tc("E"))))
draw(...) → A A B        every position shows its cell's text: "_" an empty cell, "." no cell at all
            C D E
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from gouji.model.document import Cell, Document, Paragraph, Table, iter_tables
from gouji.readers.docx import read_docx

NAMESPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
        "v": "urn:schemas-microsoft-com:vml",
    }.items()
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
FORCE_FULL = "<w:tcPrChange/>"  # anything that plain reading does not cover


def run(content: str, props: str = "") -> str:
    """A w:r: text, or markup that starts with `<`."""
    inner = content if content.startswith("<") else f'<w:t xml:space="preserve">{content}</w:t>'
    return f"<w:r>{f'<w:rPr>{props}</w:rPr>' if props else ''}{inner}</w:r>"


def p(*content: str, props: str = "") -> str:
    """A w:p of texts and markup; elements other than w:r and wrappers are put into a run."""
    return f"<w:p>{f'<w:pPr>{props}</w:pPr>' if props else ''}{''.join(_inline(item) for item in content)}</w:p>"


def _inline(item: str) -> str:
    return item if item.startswith("<") else run(item)


def tc(*blocks: str, span: int | str = 1, v: str = "", h: str = "", props: str = "") -> str:
    """A w:tc; `v` and `h` are "restart" or "continue"."""
    layout = f'<w:gridSpan w:val="{span}"/>' if span != 1 else ""
    layout += f'<w:hMerge w:val="{h}"/>' if h else ""
    layout += {"": "", "continue": "<w:vMerge/>"}.get(v, f'<w:vMerge w:val="{v}"/>')
    inner = "".join(block if block.startswith("<") else p(block) for block in blocks or ("",))
    return f"<w:tc><w:tcPr>{layout}{props}</w:tcPr>{inner}</w:tc>"


def tr(*cells: str, before: int = 0, after: int = 0, props: str = "") -> str:
    """A w:tr of cells or texts."""
    layout = f'<w:gridBefore w:val="{before}"/>' if before else ""
    layout += f'<w:gridAfter w:val="{after}"/>' if after else ""
    inner = "".join(cell if cell.startswith("<") else tc(cell) for cell in cells)
    return f"<w:tr><w:trPr>{layout}{props}</w:trPr>{inner}</w:tr>"


def tbl(*rows: str, grid: tuple[int, ...] = ()) -> str:
    """A w:tbl; without `grid` it has no w:tblGrid, as some writers leave it."""
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in grid)
    borders = "".join(
        f'<w:{s} w:val="single" w:sz="4"/>' for s in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    layout = f"<w:tblPr><w:tblBorders>{borders}</w:tblBorders></w:tblPr>"
    return f"<w:tbl>{layout}{f'<w:tblGrid>{columns}</w:tblGrid>' if grid else ''}{''.join(rows)}</w:tbl>"


def sdt(content: str, props: str = "") -> str:
    """A content control around anything."""
    return f"<w:sdt><w:sdtPr>{props}</w:sdtPr><w:sdtContent>{content}</w:sdtContent></w:sdt>"


def ins(content: str) -> str:
    return f'<w:ins w:id="1" w:author="甲">{content}</w:ins>'


def dele(text: str) -> str:
    return f'<w:del w:id="2" w:author="甲"><w:r><w:delText>{text}</w:delText></w:r></w:del>'


def box(*blocks: str) -> str:
    """A text box as Word writes it: DrawingML, and the same again in VML for older programs."""
    content = f"<w:txbxContent>{''.join(blocks)}</w:txbxContent>"
    return (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:wsp><wps:txbx>{content}</wps:txbx></wps:wsp>'
        f"</w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>{content}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )


def part(root: str, content: str) -> str:
    """A part of the package."""
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:{root} {NAMESPACES}>{content}</w:{root}>'


def relations(targets: Mapping[str, tuple[str, str]]) -> str:
    """Relationships by id: (last word of the type, target)."""
    items = "".join(
        f'<Relationship Id="{identity}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for identity, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{items}</Relationships>'


def members(*blocks: str, main: str = "word/document.xml", **parts: str) -> dict[str, str | bytes]:
    """The members of a .docx; `parts` by stem (styles, numbering, header1 …)."""
    kinds = {stem: (stem.rstrip("0123456789"), f"{stem}.xml") for stem in parts}
    folder = main.rpartition("/")[0]
    stem = main.rpartition("/")[2]
    overrides = "".join(
        f'<Override PartName="/{folder}/{name}.xml" ContentType="{MAIN_TYPE.replace("document.main", kind)}"/>'
        for name, (kind, _) in kinds.items()
    )
    return {
        "[Content_Types].xml": (
            f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/{main}" ContentType="{MAIN_TYPE}"/>{overrides}</Types>'
        ),
        "_rels/.rels": relations({"rId1": ("officeDocument", main)}),
        main: part("document", f"<w:body>{''.join(blocks)}</w:body>"),
        f"{folder}/_rels/{stem}.rels": relations(kinds),
        **{f"{folder}/{name}.xml": content for name, content in parts.items()},
    }


def pack(entries: Mapping[str, str | bytes] | list[tuple[str, str | bytes]]) -> bytes:
    """A zip of these members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in entries.items() if isinstance(entries, Mapping) else entries:
            package.writestr(name, content)
    return buffer.getvalue()


def docx(*blocks: str, **parts: str) -> bytes:
    """A .docx of these blocks."""
    return pack(members(*blocks, **parts))


def read(*blocks: str, **parts: str) -> Document:
    """Build and read."""
    return read_docx(docx(*blocks, **parts))


def read_table(*blocks: str) -> Table:
    """The first table of a document of these blocks."""
    return next(iter_tables(read(*blocks).blocks))


def texts(document: Document, story: str = "body") -> list[str]:
    """Printed texts of a story's paragraphs outside tables."""
    blocks = next((part.blocks for part in document.parts if part.story == story), ())
    return [block.printed for block in blocks if isinstance(block, Paragraph)]


def codes(document: Document) -> list[tuple[str, str | None]]:
    """Codes and places of the notices."""
    return [(notice.code, notice.where) for notice in document.notices]


def draw(table: Table) -> str:
    """The grid as an aligned literal; fails where cells overlap or leave the rectangle."""
    lines = [["."] * table.cols for _ in range(table.rows)]
    for cell in table.cells:
        for row, col in positions(cell):
            assert lines[row][col] == ".", f"two cells at {row},{col}"
            lines[row][col] = cell.text.replace("\n", "/") or "_"
    return "\n".join(" ".join(line) for line in lines)


def positions(cell: Cell) -> list[tuple[int, int]]:
    """Every grid position that a cell covers."""
    return [
        (row, col)
        for row in range(cell.row, cell.row + cell.row_span)
        for col in range(cell.col, cell.col + cell.col_span)
    ]


def grid(text: str) -> str:
    """An aligned literal without its indentation."""
    return "\n".join(" ".join(line.split()) for line in text.strip().splitlines())
