"""Highlights with a note in a copy of a PDF: the original's bytes stay as they are, ours are appended.

Box(page 3, x0, y0, x1, y1), origin top left as the page is shown  →  quadrilateral in the page's own space, which may be turned
"""

from __future__ import annotations

import ctypes
import io
from typing import TYPE_CHECKING, Any, NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from gouji.export.annotate.parts import CannotAnnotateError
from gouji.model.document import Box

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gouji.export.annotate.places import Mark
    from gouji.export.annotate.remarks import Remark, Signature
    from gouji.model.finding import Severity

COLOURS: dict[Severity, tuple[int, int, int]] = {
    "hard": (255, 180, 190),
    "explain": (255, 230, 130),
    "note": (190, 220, 255),
}
OPAQUE = 255
PRINTED = 4  # the annotation flag
HEAD = Box(1, 20, 20, 60, 34)  # where a remark without a place of its own stands
QUARTERS = 4
_ROUND_END = 0.25  # of its height


class Note(NamedTuple):
    """One highlight. `text` is empty where it only shows another place of the same remark."""

    box: Box
    text: str
    severity: Severity


def annotate_pdf(data: bytes, marks: Iterable[Mark], signature: Signature, passwords: Sequence[str] = ()) -> bytes:
    """A copy with a highlight on every place of every mark. Raises CannotAnnotateError where the file cannot be changed."""
    document = _open(data, passwords)
    target = io.BytesIO()
    try:
        for note in _list_notes(marks):
            page = document[min(note.box.page, len(document)) - 1]
            _add_highlight(page.raw, note, signature)
            page.close()
        document.save(target, flags=pdfium_c.FPDF_INCREMENTAL)
    except pdfium.PdfiumError as error:
        raise CannotAnnotateError(str(error)) from error
    finally:
        document.close()
    return target.getvalue()


def _open(data: bytes, passwords: Sequence[str]) -> pdfium.PdfDocument:
    for password in (None, *passwords):
        try:
            return pdfium.PdfDocument(data, password=password)
        except pdfium.PdfiumError:
            continue
    raise CannotAnnotateError("no password fits")


def _list_notes(marks: Iterable[Mark]) -> list[Note]:
    """The highlights by page, so that each page is opened for few of them at a time."""
    notes: list[Note] = []
    for mark in marks:
        boxes = [place.block.box for place in mark.places if place.block.box is not None] or [HEAD]
        for ordinal, box in enumerate(boxes):
            notes.append(Note(box, "" if ordinal else _write_text(mark.remark), mark.remark.severity))
    return sorted(notes, key=lambda note: note.box.page)


def _write_text(remark: Remark) -> str:
    return "\r".join((remark.title, *remark.lines)).replace("\n", "\r")


def _add_highlight(page: Any, note: Note, signature: Signature) -> None:  # noqa: ANN401 - a handle of ctypes
    x0, y0, x1, y1 = _to_page_space(page, note.box)
    annotation = pdfium_c.FPDFPage_CreateAnnot(page, pdfium_c.FPDF_ANNOT_HIGHLIGHT)
    if not annotation:
        raise CannotAnnotateError("no annotation")
    left, bottom, right, top = _draw_in(x0, y0, x1, y1)
    corners = pdfium_c.FS_QUADPOINTSF(left, top, right, top, left, bottom, right, bottom)
    texts = {
        b"T": signature.author,
        b"M": "D:" + "".join(filter(str.isdigit, signature.time)),
        **({b"Contents": note.text} if note.text else {}),
    }
    done = [
        pdfium_c.FPDFAnnot_SetRect(annotation, pdfium_c.FS_RECTF(x0, y1, x1, y0)),
        pdfium_c.FPDFAnnot_SetColor(annotation, pdfium_c.FPDFANNOT_COLORTYPE_Color, *COLOURS[note.severity], OPAQUE),
        pdfium_c.FPDFAnnot_AppendAttachmentPoints(annotation, corners),
        pdfium_c.FPDFAnnot_SetFlags(annotation, PRINTED),
        *(pdfium_c.FPDFAnnot_SetStringValue(annotation, key, _to_wide(text)) for key, text in texts.items()),
    ]
    pdfium_c.FPDFPage_CloseAnnot(annotation)
    if not all(done):
        raise CannotAnnotateError("annotation not taken")


def _draw_in(x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
    """A little inside the cell: viewers give a highlight round ends, which ran into the cells beside it."""
    across, up = min((y1 - y0) * _ROUND_END, (x1 - x0) / 5), min(1.0, (y1 - y0) / 8)
    return x0 + across, y0 + up, x1 - across, y1 - up


def _to_page_space(page: Any, box: Box) -> tuple[float, float, float, float]:  # noqa: ANN401 - as above
    """Left, bottom, right, top of a box as shown, in the space the page is drawn in."""
    bounds = pdfium_c.FS_RECTF()
    if not pdfium_c.FPDF_GetPageBoundingBox(page, bounds):
        raise CannotAnnotateError("page without bounds")
    turn = pdfium_c.FPDFPage_GetRotation(page) % QUARTERS
    corners = [_turn_back(bounds, turn, x, y) for x, y in ((box.x0, box.y0), (box.x1, box.y1))]
    xs, ys = zip(*corners, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _turn_back(bounds: pdfium_c.FS_RECTF, turn: int, x: float, y: float) -> tuple[float, float]:
    """A point as shown, from the top left, as drawn; the page is shown `turn` quarters clockwise."""
    if turn == 0:
        return bounds.left + x, bounds.top - y
    if turn == 1:
        return bounds.left + y, bounds.bottom + x
    if turn == 2:  # noqa: PLR2004 - half a turn
        return bounds.right - x, bounds.bottom + y
    return bounds.right - y, bounds.top - x


def _to_wide(text: str) -> Any:  # noqa: ANN401 - a pointer of ctypes
    """UTF-16LE with its end, as PDFium takes strings."""
    data = text.encode("utf-16-le") + b"\0\0"
    return ctypes.cast(ctypes.create_string_buffer(data, len(data)), ctypes.POINTER(pdfium_c.FPDF_WCHAR))
