"""How fast the .docx reader is, beside its peers, in one run.

    floor        unzip + lxml.etree.fromstring of word/document.xml: nothing is read yet
    gouji        the whole content on exact grids
    python-docx  row.cells of every row · cell(i, j) of some rows, scaled to all (it is quadratic: the scaling flatters it)
    docx2python, markitdown   where installed

Two documents: a form of the size of a self-evaluation report (2 tables, 76 rows, 24 grid columns, some 390 raw cells, 87
vertical-merge continuations) and a 2,000 × 8 table. Times are the least of several runs, in milliseconds of this process.

    python benchmarks/bench_docx.py [runs]
"""

from __future__ import annotations

import importlib
import io
import sys
import time
import zipfile
from collections.abc import Callable

import docx
from lxml import etree

from gouji.readers.docx import read_docx

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
COLUMNS = 24
FORM_ROWS = 48
SCORE_ROWS = 28
SAMPLED_ROWS = 3
Row = list[tuple[int, str, str]]  # span, vMerge, text


LOOK = '<w:rFonts w:hint="eastAsia" w:ascii="宋体" w:hAnsi="宋体" w:cs="宋体"/><w:sz w:val="21"/><w:szCs w:val="21"/>'
PARAGRAPH = f'<w:pPr><w:snapToGrid w:val="0"/><w:jc w:val="center"/><w:rPr>{LOOK}</w:rPr></w:pPr>'
RUN = f"<w:rPr>{LOOK}</w:rPr>"


def write_cell(span: int, merge: str, text: str, *, bare: bool) -> str:
    """A cell, with the properties that Word writes around it unless `bare`."""
    layout = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    layout += {"": "", "continue": "<w:vMerge/>"}.get(merge, '<w:vMerge w:val="restart"/>')
    run = f"<w:r>{'' if bare else RUN}<w:t>{text}</w:t></w:r>" if text else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{span * 400}" w:type="dxa"/>{layout}<w:vAlign w:val="center"/></w:tcPr>'
        f"<w:p>{'' if bare else PARAGRAPH}{run}</w:p></w:tc>"
    )


def write_table(rows: list[Row], *, bare: bool = False) -> str:
    """A table of rows."""
    grid = '<w:gridCol w:w="400"/>' * COLUMNS
    lines = "".join(
        f'<w:tr><w:trPr><w:trHeight w:val="480"/></w:trPr>{"".join(write_cell(*cell, bare=bare) for cell in row)}</w:tr>'
        for row in rows
    )
    return f"<w:tbl><w:tblPr><w:tblW w:w='9600' w:type='dxa'/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{lines}</w:tbl>"


def form_rows() -> list[Row]:
    """Labels that go down over four rows, and three or four figures."""
    rows: list[Row] = []
    for index in range(FORM_ROWS):
        merge = "restart" if index % 4 == 0 else "continue"
        widths = (5, 5, 5, 5) if index % 12 == 0 else (7, 7, 6)
        figures = [(width, "", f"{index * 7 + n}.{n}5") for n, width in enumerate(widths)]
        rows.append([(4, merge, "支出" if merge == "restart" else ""), *figures])
    return rows


def score_rows() -> list[Row]:
    """Seven columns; the first two levels, and every second row of the third, are merged downwards."""
    rows: list[Row] = []
    for index in range(SCORE_ROWS):
        starts = (index % 7 == 0, index % 4 == 0, index % 9 < 7)
        levels: Row = [
            (width, "restart" if start else "continue", f"指标{index}" if start else "")
            for width, start in zip((3, 3, 4), starts, strict=True)
        ]
        texts = ("按完成情况计分，未完成的按比例扣减，扣完为止。", "5", "4.5", "" if index % 2 else "已说明")
        rows.append([*levels, *((width, "", text) for width, text in zip((6, 2, 3, 3), texts, strict=True))])
    return rows


def pack(body: str) -> bytes:
    """The body in a package that python-docx makes, with the styles of its template."""
    document = docx.Document()
    for element in etree.fromstring(
        f'<w:body xmlns:w="{W}" xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml">{body}</w:body>'.encode()
    ):
        document.element.body.sectPr.addprevious(element)
    document.sections[0].footer.paragraphs[0].text = "第 1 页"
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def build_form() -> bytes:
    """A document of the size and shape of a self-evaluation report."""
    line = (
        '<w:p><w:pPr><w:ind w:firstLine="560"/></w:pPr><w:r><w:rPr><w:sz w:val="28"/></w:rPr><w:t>{}</w:t></w:r></w:p>'
    )
    prose = "".join(line.format(f"第{n}段：全年支出{n}01.5万元，按计划完成各项工作。" * 3) for n in range(30))
    return pack(write_table(form_rows()) + prose + write_table(score_rows()))


def build_stress() -> bytes:
    """A table of 2,000 rows and 8 columns."""
    return pack(write_table([[(3, "", f"{row}.{col}") for col in range(8)] for row in range(2000)], bare=True))


def read_floor(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        etree.fromstring(package.read("word/document.xml"))


def read_row_cells(data: bytes) -> None:
    for table in docx.Document(io.BytesIO(data)).tables:
        for row in table.rows:
            for cell in row.cells:
                _ = cell.text


def measure(readers: list[Callable[[bytes], object]], data: bytes, runs: int) -> list[float]:
    """Least time of each reader in milliseconds, taken in turns, so that a busy machine slows all alike."""
    best = [float("inf")] * len(readers)
    for _ in range(runs):
        for index, read in enumerate(readers):
            start = time.process_time()
            read(data)
            best[index] = min(best[index], time.process_time() - start)
    return [seconds * 1000 for seconds in best]


def measure_cells(data: bytes) -> float:
    """table.cell(i, j) on a few rows, scaled to all rows of the document, in milliseconds."""
    total = 0.0
    for table in docx.Document(io.BytesIO(data)).tables:
        rows, columns = len(table.rows), len(table.columns)
        start = time.process_time()
        for row in range(min(SAMPLED_ROWS, rows)):
            for column in range(columns):
                _ = table.cell(row, column).text
        total += (time.process_time() - start) * rows / min(SAMPLED_ROWS, rows)
    return total * 1000


def find_peers() -> dict[str, Callable[[bytes], object] | None]:
    """Peers that are installed; None for those that are not."""
    return {"docx2python": load_docx2python(), "markitdown": load_markitdown()}


def load_docx2python() -> Callable[[bytes], object] | None:
    try:
        module = importlib.import_module("docx2python")
    except ImportError:
        return None
    return lambda data: module.docx2python(io.BytesIO(data)).body


def load_markitdown() -> Callable[[bytes], object] | None:
    try:
        converter = importlib.import_module("markitdown").MarkItDown()
    except ImportError:
        return None
    return lambda data: converter.convert_stream(io.BytesIO(data), file_extension=".docx")


def count_raw(data: bytes) -> str:
    """What is in the document, so that the figures can be judged."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        xml = package.read("word/document.xml")
    rows, cells, merges = (xml.count(tag) for tag in (b"<w:tr>", b"<w:tc>", b"<w:vMerge/>"))
    return f"{len(xml) // 1024} KB of XML, {rows} rows, {cells} raw cells, {merges} continuations"


def report(name: str, data: bytes, runs: int, *, cells: bool) -> None:
    """Measure every reader on one document and print the table."""
    print(f"{name}: {count_raw(data)}")
    floor, ours = measure([read_floor, read_docx], data, runs)
    times: dict[str, float | None] = {"floor": floor, "gouji": ours}
    (times["python-docx row.cells"],) = measure([read_row_cells], data, max(1, runs // 20))
    times["python-docx cell(i, j), scaled"] = measure_cells(data) if cells else None
    for peer, read in find_peers().items():
        times[peer] = None if read is None else measure([read], data, max(1, runs // 20))[0]
    for reader, spent in times.items():
        shown = "not run" if reader.startswith("python-docx cell") else "not installed"
        print(
            f"  {reader:32}"
            + (shown if spent is None else f"{spent:10.2f} ms {spent / floor:9.1f} × floor {spent / ours:9.1f} × gouji")
        )


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    report("form", build_form(), runs, cells=True)
    report("stress", build_stress(), max(3, runs // 8), cells=False)


if __name__ == "__main__":
    main()
