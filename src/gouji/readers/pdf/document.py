"""The whole of a PDF: opening, bounds, what each page gives, and what has to be said about it.

page ─ frame ─ drawing (rules) ┐
             └ text (runs)     ┴─→ Sheet     with hardly any text under a large image: no text layer
"""

from __future__ import annotations

from collections.abc import Iterator

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from gouji.model.document import Document, Notice
from gouji.model.errors import ReadError
from gouji.readers.lattice.document import sheets_to_parts
from gouji.readers.lattice.frame import Frame
from gouji.readers.lattice.sheet import Area, Sheet
from gouji.readers.lattice.stamps import drop_stamps
from gouji.readers.pdf.glyphs import Rooms, TextReader
from gouji.readers.pdf.handle import Handle, Room, declare, handle_of
from gouji.readers.pdf.paths import Budget, Desk, Drawing, count_shapeless

LIMIT_BYTES = 200 * 1024 * 1024
LIMIT_PAGES = 1500
LIMIT_CHARACTERS = 4_000_000
FEW = 25  # characters: a page number and a heading over a scan
COVERED = 0.5  # of the page under images: a scan
UNREADABLE = 0.5  # share of characters without a code

get_visible_part = declare(pdfium_c.FPDF_GetPageBoundingBox)
get_rotation = declare(pdfium_c.FPDFPage_GetRotation)

AS_DOCX = "请提交原来的 .docx 文件，或用 WPS、Word 重新导出为 PDF 后再提交。"
EMPTY = "PDF 中没有任何内容；请重新导出或核对后再提交。"
BROKEN = f"PDF 文件不完整或已损坏，无法读取；{AS_DOCX}"
LOCKED = "PDF 设有打开密码；请用 --password 给出密码，或取消密码后再提交。"
NOT_OPENED = "给出的密码打不开这份 PDF；请核对密码后重试，或请报送单位取消密码后再提交。"
SCANNED = "这份 PDF 是扫描件或图片，没有可读取的文字；请提交原来的 .docx 文件或由 WPS、Word 直接导出的 PDF。"
NO_CODES = f"这份 PDF 的文字缺少编码信息，只能显示、不能读取；{AS_DOCX}"
TOO_LONG = f"PDF 页数过多（超过 {LIMIT_PAGES} 页），不像一份自评报告；请确认文件是否选错，或拆分后再提交。"
TOO_LARGE = "PDF 内容过大，超出可处理的范围；请确认文件是否选错，或拆分后再提交。"
NO_TEXT_PAGES = "第 {pages} 页是扫描图片，没有可读取的文字，未计入读取结果；请对照原件核对，或补交可读取的文件。"
LOST_CHARACTERS = "有 {count} 个字缺少编码信息，以“\ufffd”代替；请对照原件核对相关内容。"
NO_FONT = (
    "有 {count} 处文字所用的字体没有嵌入 PDF，本机也没有，未能读取；请对照原件核对，或重新导出并嵌入字体后再提交。"
)
RECOGNISED = "文字是扫描后由识别软件生成的，可能有误；请对照原件核对数字。"


def read_pdf(data: bytes, password: str | None = None) -> Document:
    """Read a PDF that has a text layer.

    Raises ReadError: "empty", "encrypted", "password", "corrupt", "too_large" or "no_text_layer".
    """
    if not data.strip(b"\0 \t\r\n"):
        raise ReadError("empty", EMPTY)
    if len(data) > LIMIT_BYTES:
        raise ReadError("too_large", TOO_LARGE)
    file = open_pdf(data, password)
    try:
        reader = PdfReader(file)
        parts = sheets_to_parts(reader.iter_sheets())
        return Document("pdf", parts, reader.write_notices())
    finally:
        file.close()


def open_pdf(data: bytes, password: str | None) -> pdfium.PdfDocument:
    """The open file, or the ReadError that says why not."""
    try:
        return pdfium.PdfDocument(data, password=password)
    except pdfium.PdfiumError as error:
        if "assword" in str(error):
            raise ReadError(*(("encrypted", LOCKED) if password is None else ("password", NOT_OPENED))) from error
        raise ReadError("corrupt", BROKEN) from error


class PdfReader:
    """Reads the pages of an open file."""

    def __init__(self, file: pdfium.PdfDocument) -> None:
        self._file = file
        self._budget = Budget()
        self._rooms, self._desk = Rooms(), Desk()
        self._characters = 0
        self._readable = 0
        self._unknown = 0
        self._lost = 0
        self._scanned: list[int] = []
        self._recognised = False
        self._drawn = False

    def iter_sheets(self) -> Iterator[Sheet]:
        """Every page; ReadError where none has text."""
        count = len(self._file)
        if count > LIMIT_PAGES:
            raise ReadError("too_large", TOO_LONG)
        for index in range(count):
            yield self._read_page(index)
        self._refuse_unreadable(count)

    def _read_page(self, index: int) -> Sheet:
        page = pdfium_c.FPDF_LoadPage(self._file.raw, index)
        if not page:
            raise ReadError("corrupt", BROKEN)
        try:
            textpage = pdfium_c.FPDFText_LoadPage(page)
            if not textpage:
                raise ReadError("corrupt", BROKEN)
            try:
                return self._lay_out(index + 1, handle_of(page), handle_of(textpage))
            finally:
                pdfium_c.FPDFText_ClosePage(textpage)
        finally:
            pdfium_c.FPDF_ClosePage(page)

    def _lay_out(self, number: int, page: Handle, textpage: Handle) -> Sheet:
        reader = TextReader(textpage, read_frame(page), self._rooms)
        text = reader.read()
        self._characters += text.total
        if self._characters > LIMIT_CHARACTERS:
            raise ReadError("too_large", TOO_LARGE)
        drawing = Drawing(reader.frame, self._budget, self._desk)
        drawing.read_page(page)
        self._note_layers(number, text.total, text.unknown, drawing, reader.frame)
        if drawing.has_foreign and reader.lacks_glyphs():
            self._lost += count_shapeless(page)
        width, height = reader.frame.size
        level = drop_stamps(text.runs, text.slanted, reader.read_colour, drawing.seals)
        # those whose middle can be seen
        runs = [run for run in level if 0 <= run.x0 + run.x1 <= 2 * width and 0 <= run.y0 + run.y1 <= 2 * height]
        turn = (reader.frame.quarter - get_rotation(page)) % 4
        return Sheet(number, width, height, drawing.across, drawing.down, runs, turn)

    def _note_layers(self, number: int, count: int, unknown: int, drawing: Drawing, frame: Frame) -> None:
        """Keep account of pages without text, of text under a scan, and of characters without code."""
        self._readable += count - unknown
        self._unknown += unknown
        self._drawn = self._drawn or drawing.objects > 0
        width, height = frame.size
        is_covered = measure_cover(drawing.images, width, height) > COVERED
        if is_covered and count < FEW:
            self._scanned.append(number)
        elif is_covered and drawing.has_invisible:
            self._recognised = True

    def _refuse_unreadable(self, count: int) -> None:
        if not self._drawn:
            raise ReadError("empty", EMPTY)
        if self._unknown > UNREADABLE * self._characters:
            raise ReadError("no_text_layer", NO_CODES)
        if not self._readable or len(self._scanned) == count:
            raise ReadError("no_text_layer", SCANNED)

    def write_notices(self) -> tuple[Notice, ...]:
        """What has to be said about the pages read."""
        notices: list[Notice] = []
        if self._scanned:
            pages = "、".join(str(number) for number in self._scanned)
            notices.append(Notice("R20", NO_TEXT_PAGES.format(pages=pages)))
        if self._unknown:
            notices.append(Notice("R21", LOST_CHARACTERS.format(count=self._unknown)))
        if self._lost:
            notices.append(Notice("R23", NO_FONT.format(count=self._lost)))
        if self._recognised:
            notices.append(Notice("R22", RECOGNISED))
        return tuple(notices)


def read_frame(page: Handle) -> Frame:
    """The visible part of the page."""
    bounds = Room("f", 4)
    if not get_visible_part(page, bounds.places[0]):
        raise ReadError("corrupt", BROKEN)
    left, top, right, bottom = bounds.numbers
    return Frame(left, bottom, right, top)


def measure_cover(images: list[Area], width: float, height: float) -> float:
    """Share of the page under images, counted double where these overlap."""
    areas = [(min(image.x1, width) - max(image.x0, 0)) * (min(image.y1, height) - max(image.y0, 0)) for image in images]
    return sum(area for area in areas if area > 0) / max(1.0, width * height)
