"""How much of a .docx every other format still gives: the numbers of docs/formats.md.

    python tools/measure_formats.py [--differences]

The district's Word documents in each format (fixtures/formats, and the pages and workbooks made of their grids) are read
and compared with the reading of the .docx: tables cell for cell (place, spans, text; see compare_doc_grids.py), merged
cells, tables in cells, list numbers, text boxes, notes, headers, and whether tracked changes are told.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from compare_doc_grids import compare, squeeze

from gouji.model.document import Block, Document, Paragraph, Table, iter_tables
from gouji.model.locator import Story
from gouji.readers import read_document
from gouji.readers.docx import read_docx

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "fixtures" / "build"))
from formats import FORMATS, load
from formats.page import document_to_html
from formats.workbook import document_to_xlsx

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
STORIES: tuple[Story, ...] = ("textbox", "footnote", "header", "footer")


def read_as(stem: str, suffix: str, original: Document) -> Document:
    """The report in one format."""
    if suffix == "xlsx":
        return read_document(document_to_xlsx(original), "x.xlsx")
    if suffix == "html":
        return read_document(document_to_html(original), "x.html")
    return read_document(load(FIXTURES, stem, suffix), f"x.{suffix}")


def iter_paragraphs(blocks: tuple[Block, ...]) -> Iterator[Paragraph]:
    """Every paragraph, those in cells too."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block
        else:
            for cell in block.cells:
                yield from iter_paragraphs(cell.blocks)


def all_paragraphs(document: Document) -> list[Paragraph]:
    """Of every story."""
    return [paragraph for part in document.parts for paragraph in iter_paragraphs(part.blocks)]


def count_nested(document: Document) -> int:
    """Tables in cells of the body."""
    return sum(1 for _ in iter_tables(document.blocks)) - sum(isinstance(block, Table) for block in document.blocks)


def text_of(blocks: tuple[Block, ...]) -> str:
    """All that is printed, without spaces."""
    return squeeze("".join(paragraph.printed for paragraph in iter_paragraphs(blocks)))


def measure(original: Document, other: Document) -> Counter[str]:
    """What the .docx has ("of …") and what of it the other has."""
    grids = compare("", other, original)
    counted = Counter({"tables": grids.equal, "of tables": grids.tables, "merged": grids.merged_equal})
    counted.update({"of merged": grids.merged, "nested": count_nested(other), "of nested": count_nested(original)})
    numbered = [squeeze(paragraph.printed) for paragraph in all_paragraphs(original) if paragraph.number]
    printed = "\n".join(squeeze(paragraph.printed) for paragraph in all_paragraphs(other))
    counted.update({"numbers": sum(text in printed for text in numbered), "of numbers": len(numbered)})
    everything = text_of(tuple(block for part in other.parts for block in part.blocks))
    for story in STORIES:
        if text := text_of(original.part(story)):
            counted[f"of {story}"] += 1
            counted[story] += text == text_of(other.part(story))
            counted[f"{story} anywhere"] += text in everything
    counted["of tracked"] += any(notice.code == "R1" for notice in original.notices)
    counted["tracked"] += any(notice.code == "R1" for notice in other.notices)
    return counted


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--differences", action="store_true", help="print the tables that differ")
    every = parser.parse_args().differences
    originals = {path.stem: read_docx(path.read_bytes()) for path in sorted((FIXTURES / "district").glob("*.docx"))}
    for suffix in (*FORMATS, "xlsx", "html"):
        counted: Counter[str] = Counter()
        for stem, original in originals.items():
            other = read_as(stem, suffix, original)
            counted += measure(original, other)
            lines = compare(stem, other, original).lines
            if every and lines:
                print(f"{suffix} {stem}", *lines, sep="\n")
        wanted = [name.removeprefix("of ") for name in counted if name.startswith("of ")]
        print(suffix, *(f"{name} {counted[name]}/{counted['of ' + name]}" for name in wanted), sep="  ")
        print("    anywhere:", *(f"{story} {counted[story + ' anywhere']}" for story in STORIES))


if __name__ == "__main__":
    main()
