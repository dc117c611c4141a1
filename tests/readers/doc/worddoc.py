r"""One-line builders of .doc files, written as Word lays them out but with nothing that reading does not need.

read(tbl(tr("A", tc("B", v=START)), tr("C", tc(v=GO_ON)), widths=(2000, 2000)))     names as in ../docx/wordml.py

doc(blocks, …) → WordDocument: FIB │ text at 1024 │ pages of properties      1Table: CLX, PLCs, styles, lists …
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from gouji.model.document import Document, Paragraph, Table, iter_tables
from gouji.readers.doc import read_doc
from readers.doc.compound import write_compound

START, GO_ON = 3, 1  # vertical merges
TEXT_AT = 1024
PAGE = 512
PAIRS = 93
STYLES, NOTE_MARKS, NOTE_TEXTS, SECTIONS, HEADERS, CHARACTERS, PARAGRAPHS, FONTS, CLX = 1, 2, 3, 6, 11, 12, 13, 15, 33
SHAPES, BOX_TEXTS, LISTS, LIST_USES = 40, 56, 73, 74


def sprm(code: int, *operand: int) -> bytes:
    """A modifier with an operand of bytes."""
    return struct.pack("<H", code) + bytes(operand)


DELETED, INSERTED, HIDDEN, SHOWN = sprm(0x0800, 1), sprm(0x0801, 1), sprm(0x083C, 1), sprm(0x083C, 0)


@dataclass(frozen=True)
class P:
    """A paragraph: runs of text with character modifiers, its own modifiers, those of its mark, its style."""

    runs: tuple[tuple[str, bytes], ...]
    grpprl: bytes = b""
    mark: bytes = b""
    style: int = 0
    end: str = "\r"


@dataclass(frozen=True)
class Tc:
    """A cell: blocks, vertical and horizontal merge flags, how many widths it takes."""

    blocks: tuple[P | Tbl, ...]
    v: int = 0
    h: int = 0
    span: int = 1


@dataclass(frozen=True)
class Tr:
    """A row: cells, how many widths it leaves out before them, more modifiers, those of its mark."""

    cells: tuple[Tc, ...]
    before: int = 0
    grpprl: bytes = b""
    mark: bytes = b""


@dataclass(frozen=True)
class Tbl:
    """A table: rows on columns of these widths."""

    rows: tuple[Tr, ...]
    widths: tuple[int, ...]


Block = P | Tbl


def p(*runs: str | tuple[str, bytes], grpprl: bytes = b"", mark: bytes = b"", style: int = 0, end: str = "\r") -> P:
    """A paragraph of texts, or texts with modifiers."""
    return P(tuple((run, b"") if isinstance(run, str) else run for run in runs), grpprl, mark, style, end)


def tc(*blocks: str | Block, v: int = 0, h: int = 0, span: int = 1) -> Tc:
    """A cell; it ends with a paragraph, as every cell does."""
    made = [p(block) if isinstance(block, str) else block for block in blocks]
    if not made or isinstance(made[-1], Tbl):
        made.append(p())
    return Tc(tuple(made), v, h, span)


def tr(*cells: str | Tc, before: int = 0, grpprl: bytes = b"", mark: bytes = b"") -> Tr:
    """A row of cells or texts."""
    return Tr(tuple(tc(cell) if isinstance(cell, str) else cell for cell in cells), before, grpprl, mark)


def tbl(*rows: Tr, widths: tuple[int, ...] = ()) -> Tbl:
    """A table; without `widths` its columns are 2000 twips each."""
    columns = max(row.before + sum(cell.span for cell in row.cells) for row in rows)
    return Tbl(rows, widths or (2000,) * columns)


# -- blocks to text with modifiers ----------------------------------------------------------------------------------


@dataclass
class Writing:
    """The text so far, its runs of character modifiers and its paragraphs: end, style, modifiers."""

    text: str = ""
    characters: list[tuple[int, bytes]] = field(default_factory=list)
    paragraphs: list[tuple[int, int, bytes]] = field(default_factory=list)

    def add(self, block: Block, place: bytes = b"", depth: int = 0) -> None:
        """Write a block; `place` are modifiers that tell its depth."""
        if isinstance(block, P):
            self.add_paragraph(block, place)
        else:
            for row in block.rows:
                self.add_row(row, block.widths, depth + 1)

    def add_paragraph(self, block: P, place: bytes) -> None:
        for shown, grpprl in (*block.runs, (block.end, block.mark)):
            text = split_halves(shown)
            self.text += text
            if text:
                self.characters.append((len(self.text), grpprl))
        self.paragraphs.append((len(self.text), block.style, place + block.grpprl))

    def add_row(self, row: Tr, widths: tuple[int, ...], depth: int) -> None:
        place = sprm(0x2416, 1) + sprm(0x6649, depth, 0, 0, 0)
        end = "\a" if depth == 1 else "\r"
        for cell in row.cells:
            *blocks, last = cell.blocks
            for block in blocks:
                self.add(block, place, depth)
            assert isinstance(last, P)
            self.add(replace(last, end=end), place + (sprm(0x244B, 1) if depth > 1 else b""), depth)
        ends = sprm(0x2417, 1) if depth == 1 else sprm(0x244B, 1) + sprm(0x244C, 1)
        self.add(p(end=end, mark=row.mark), place + ends + define_row(row, widths) + row.grpprl)


def split_halves(text: str) -> str:
    """One character a CP: those beyond U+FFFF as their halves."""
    raw = text.encode("utf-16-le", "surrogatepass")
    return "".join(map(chr, struct.unpack(f"<{len(raw) // 2}H", raw)))


def define_row(row: Tr, widths: tuple[int, ...]) -> bytes:
    """sprmTDefTable of a row."""
    at = row.before
    edges = [sum(widths[:at])]
    for cell in row.cells:
        at += cell.span
        edges.append(sum(widths[:at]))
    count = len(row.cells)
    cells = b"".join(struct.pack("<H18x", cell.h | cell.v << 5) for cell in row.cells)
    body = bytes([count]) + struct.pack(f"<{count + 1}h", *edges) + cells
    return struct.pack("<HH", 0xD608, len(body) + 1) + body


# -- the file -------------------------------------------------------------------------------------------------------


@dataclass
class Parts:
    """What a document has besides its body. `table` structures go into the table stream as they are, by pair."""

    footnotes: Sequence[Block] = ()
    headers: Sequence[Sequence[Block]] = ()
    boxes: Sequence[Sequence[Block]] = ()
    data: bytes = b""
    table: dict[int, bytes] = field(default_factory=dict)
    clx: bytes = b""
    pieces: tuple[tuple[int, int, int, int], ...] = ()  # start, end, bytes a character, Prm; in the order of the file
    flags: int = 0


def doc(*blocks: str | Block, **parts: object) -> bytes:
    """A .doc of these blocks."""
    given = Parts(**parts)  # type: ignore[arg-type]
    writing = Writing()
    tables: dict[int, bytes] = {}
    for block in blocks:
        writing.add(p(block) if isinstance(block, str) else block)
    lengths = [len(writing.text), 0, 0, 0, 0, 0, 0, 0]
    if given.footnotes:
        lengths[1] = add_story(writing, [[note] for note in given.footnotes], tables, NOTE_TEXTS)
        marks = [at for at, char in enumerate(writing.text[: lengths[0]]) if char == "\x02"]
        tables[NOTE_MARKS] = struct.pack(f"<{len(marks) + 1}I", *marks, lengths[0]) + bytes(2 * len(marks))
    if given.headers:
        lengths[2] = add_story(writing, [*[[]] * 6, *given.headers], tables, HEADERS)
    if given.boxes:
        lengths[6] = add_story(writing, given.boxes, tables, BOX_TEXTS)
        count = len(given.boxes)
        tables[BOX_TEXTS] += b"".join(struct.pack("<14xI4x", 1025 + index) for index in range(count + 1))
        anchors = [at for at, char in enumerate(writing.text[: lengths[0]]) if char == "\x08"]
        shapes = [struct.pack("<I22x", 1025 + index) for index in range(len(anchors))]
        tables[SHAPES] = struct.pack(f"<{len(anchors) + 1}I", *anchors, lengths[0]) + b"".join(shapes)
    writing.add(p())
    return write_file(writing, lengths, tables, given)


def add_story(writing: Writing, texts: Sequence[Sequence[Block]], tables: dict[int, bytes], pair: int) -> int:
    """Write the texts of a story with their PLC, the last of whose bounds covers a paragraph of the story itself."""
    start = len(writing.text)
    bounds = [0]
    for blocks in texts:
        for block in blocks:
            writing.add(block)
        bounds.append(len(writing.text) - start)
    writing.add(p())
    bounds.append(len(writing.text) - start)
    tables[pair] = struct.pack(f"<{len(bounds)}I", *bounds)
    return len(writing.text) - start


def write_file(writing: Writing, lengths: list[int], tables: dict[int, bytes], parts: Parts) -> bytes:
    """The streams in their container."""
    text = writing.text
    main = bytearray(TEXT_AT)
    places: list[tuple[int, int, int, int, int]] = []  # start, end, offset, width, Prm
    for start, end, width, modifier in parts.pieces or ((0, len(text), 2, 0),):
        places.append((start, end, len(main), width, modifier))
        main += text[start:end].encode(*(("cp1252",) if width == 1 else ("utf-16-le", "surrogatepass")))
    main += bytes(-len(main) % PAGE)
    paragraphs = [(end, struct.pack("<H", style) + grpprl) for end, style, grpprl in writing.paragraphs]
    tables[PARAGRAPHS] = write_pages(main, place_runs(paragraphs, places), paragraph=True)
    tables[CHARACTERS] = write_pages(main, place_runs(writing.characters, places), paragraph=False)
    tables[CLX] = parts.clx + write_pieces(places)
    table = bytearray(8)
    pairs = [0] * (2 * PAIRS)
    for pair, content in (tables | parts.table).items():
        pairs[2 * pair : 2 * pair + 2] = len(table), len(content)
        table += content
    fib = write_fib(lengths, pairs, parts.flags)
    main[: len(fib)] = fib
    streams = {"WordDocument": bytes(main), "1Table": bytes(table)}
    return write_compound(streams | ({"Data": parts.data} if parts.data else {}))


def write_fib(lengths: list[int], pairs: list[int], flags: int) -> bytes:
    head = struct.pack("<HH6xH", 0xA5EC, 0xC1, 0x0200 | flags).ljust(32, b"\0")
    numbers = [0, 0, 0, *lengths, *[0] * 11]
    return head + struct.pack("<H28xH22iH", 14, 22, *numbers, PAIRS) + struct.pack(f"<{2 * PAIRS}I", *pairs)


def write_pieces(places: list[tuple[int, int, int, int, int]]) -> bytes:
    """The PlcPcd, in the order of the text."""
    ordered = sorted(places)
    bounds = [start for start, *_ in ordered] + [ordered[-1][1]]
    items = [
        struct.pack("<HIH", 0, offset * 2 | 0x40000000 if width == 1 else offset, modifier)
        for _, _, offset, width, modifier in ordered
    ]
    plc = struct.pack(f"<{len(bounds)}I", *bounds) + b"".join(items)
    return b"\x02" + struct.pack("<I", len(plc)) + plc


Run = tuple[int, int, bytes]  # start, end (offsets in the file), modifiers


def place_runs(runs: list[tuple[int, bytes]], places: list[tuple[int, int, int, int, int]]) -> list[Run]:
    """Runs of characters as runs of bytes, cut where pieces are."""
    placed: list[Run] = []
    for start, end, offset, width, _ in places:
        at = 0
        for stop, grpprl in runs:
            first, last = max(at, start), min(stop, end)
            if first < last:
                placed.append((offset + (first - start) * width, offset + (last - start) * width, grpprl))
            at = stop
    return placed


def write_pages(main: bytearray, runs: list[Run], *, paragraph: bool) -> bytes:
    """Append pages of properties; the PlcBte that names them."""
    entry = 13 if paragraph else 1
    pages: list[list[Run]] = [[]]
    room = PAGE - 5
    for run in runs:
        need = 4 + entry + len(run[2]) + 3
        if need > room and pages[-1]:
            pages.append([])
            room = PAGE - 5
        pages[-1].append(run)
        room -= need
    numbers = []
    for page in pages:
        numbers.append(len(main) // PAGE)
        main += write_page(page, entry)
    bounds = [page[0][0] for page in pages] + [pages[-1][-1][1]]
    return struct.pack(f"<{len(bounds)}I", *bounds) + struct.pack(f"<{len(numbers)}I", *numbers)


def write_page(runs: list[Run], entry: int) -> bytes:
    """One page: offsets, entries, and the modifiers from its end upwards."""
    page = bytearray(PAGE)
    struct.pack_into(f"<{len(runs) + 1}I", page, 0, *[run[0] for run in runs], runs[-1][1])
    at = PAGE - 1
    for index, (_, _, grpprl) in enumerate(runs):
        if grpprl:
            packed = pack_paragraph(grpprl) if entry > 1 else bytes([len(grpprl)]) + grpprl
            at = (at - len(packed)) & ~1
            page[at : at + len(packed)] = packed
            page[4 * (len(runs) + 1) + entry * index] = at // 2
    assert at >= 4 * (len(runs) + 1) + entry * len(runs)
    page[-1] = len(runs)
    return bytes(page)


def pack_paragraph(grpprl: bytes) -> bytes:
    """A PapxInFkp: counted in words, of which an even number of bytes needs another head."""
    if len(grpprl) % 2:
        return bytes([(len(grpprl) + 1) // 2]) + grpprl
    return bytes([0, len(grpprl) // 2]) + grpprl


# -- reading back ---------------------------------------------------------------------------------------------------


def read(*blocks: str | Block, **parts: object) -> Document:
    """Build and read."""
    return read_doc(doc(*blocks, **parts))


def read_table(*blocks: str | Block) -> Table:
    """The first table of a document of these blocks."""
    return next(iter_tables(read(*blocks).blocks))


def texts(document: Document, story: str = "body") -> list[str]:
    """Printed texts of a story's paragraphs outside tables."""
    blocks = next((part.blocks for part in document.parts if part.story == story), ())
    return [block.printed for block in blocks if isinstance(block, Paragraph)]
