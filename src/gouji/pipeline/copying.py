"""What a worker process does for one annotated copy: open the file, find the places, write on a copy, check it.

docx                     comments on the file itself, disarmed   read again: not a character of the text may differ
doc rtf odt wps …        comments on LibreOffice's .docx of it   only at places whose text is the same there
pdf                      highlights behind its own bytes
txt xlsx html …          an HTML copy; also where the others do not work, with a line that says so
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path

import msgspec

from gouji.export.annotate.disarm import ActiveContentError, disarm_docx, refuse_active_pdf
from gouji.export.annotate.docx import annotate_docx
from gouji.export.annotate.page import annotate_page
from gouji.export.annotate.parts import CannotAnnotateError
from gouji.export.annotate.places import Mark, mark_remarks
from gouji.export.atomic import FULL, is_full
from gouji.export.review.page import review_page
from gouji.model.document import Document
from gouji.model.errors import GoujiError, ReadError, say_reason
from gouji.pipeline.copy_order import INDEX, Conversion, Copied, CopyAnswer, CopyOrder, Plan, Review
from gouji.pipeline.document import file_name
from gouji.pipeline.veil import veil_document
from gouji.pipeline.work import unpack_members
from gouji.readers import read_document, unlock_document
from gouji.readers.archives import ARCHIVES, Packed
from gouji.readers.libreoffice import SECONDS, convert, convert_files
from gouji.readers.sniff import sniff

CONVERTED = {
    "doc": ".doc",
    "doc-word6": ".doc",
    "works": ".wps",
    "rtf": ".rtf",
    "odt": ".odt",
    "word2003xml": ".xml",
}
PAGE_SUFFIX = ".html"
AS_PAGE = "{name} 不能直接加批注（{reason}），已另存网页批注件 {copy}。"
NO_COPY = "{name} 没有生成批注件：{reason}"
UNLOCKED = "{name} 原设有打开密码，批注件没有密码，请妥善保管。"
CHANGED = "加批注后正文有变化"
REPLACED = "文件在处理过程中被改动；请重新运行。"
ACTIVE = "文件带有会自动运行的内容，如脚本、控件"
ODD_PARTS = "文件内部结构不规范；用 WPS 或 Word 另存为 .docx 后可加"
_ENCODER = msgspec.msgpack.Encoder()


def process_copy(payload: bytes) -> bytes:
    """CopyOrder → CopyAnswer, both as msgpack."""
    order = msgspec.msgpack.decode(payload, type=CopyOrder)
    name = file_name(order.relative)
    try:
        if order.conversion is not None:
            return _ENCODER.encode(CopyAnswer(converted=convert_together(order.conversion, order.passwords)))
        data = Path(order.path).read_bytes()
        if order.plan is None:
            return _ENCODER.encode(_unpack(order, name, data))
        return _ENCODER.encode(CopyAnswer(write_copy(data, name, order.plan, order.passwords)))
    except GoujiError as error:
        reason = error.message if isinstance(error, ReadError) else str(error)
    except OSError as error:
        reason = f"文件打不开（{say_reason(error)}）；请检查权限，或关闭正在使用它的程序后重试。"
        if is_full(error):
            reason = FULL.format(name="批注件")
    return _ENCODER.encode(CopyAnswer(Copied(None, advice=NO_COPY.format(name=name, reason=reason))))


def _unpack(order: CopyOrder, name: str, data: bytes) -> CopyAnswer:
    kind = sniff(data)
    if order.unpacking is None or kind not in ARCHIVES:
        return CopyAnswer(Copied(None))
    packed = Packed(Path(order.path), name, data, order.passwords)
    return CopyAnswer(contents=unpack_members(packed, kind, order.unpacking))


def convert_together(conversion: Conversion, passwords: tuple[str, ...]) -> tuple[str | None, ...]:
    """Turn files into .docx in one call; what does not come out in it will be tried alone."""
    folder = Path(conversion.folder)
    folder.mkdir(parents=True)
    sources = []
    for number, (path, suffix) in enumerate(conversion.files):
        with suppress(ReadError, OSError):
            _, data = unlock_document(Path(path).read_bytes(), passwords)
            source = folder / f"{number}{suffix}"
            source.write_bytes(data)
            sources.append(source)
    with suppress(ReadError):
        convert_files(sources, "docx", folder / "out", SECONDS)
    results = (folder / "out" / f"{number}.docx" for number in range(len(conversion.files)))
    return tuple(str(result) if result.is_file() else None for result in results)


class Draft(msgspec.Struct, frozen=True):
    """A copy that is ready: its bytes, its marks, what its name ends in where not in that of the plan, and why."""

    content: bytes
    marks: list[Mark]
    suffix: str = ""
    reason: str = ""


def write_copy(data: bytes, name: str, plan: Plan, passwords: tuple[str, ...]) -> Copied:
    """Write the copy of one file. Raises ReadError where it cannot be read any more, UsageError where it cannot be written."""
    if plan.sha256 not in (None, hashlib.sha256(data).hexdigest()):
        raise ReadError("corrupt", REPLACED)
    kind, unlocked = unlock_document(data, passwords)
    document = read_document(unlocked, name, passwords)
    review = _write_review(document, plan.staged, plan.review) if plan.review is not None else None
    if plan.copy is None:
        return Copied(None, review=review)
    draft = _draft_copy(unlocked, document, name, plan, passwords)
    copy = plan.copy + draft.suffix
    Path(plan.staged).write_bytes(draft.content)
    lines = []
    if draft.reason:
        lines.append(AS_PAGE.format(name=name, reason=draft.reason, copy=copy))
    if unlocked is not data and kind == "docx":
        lines.append(UNLOCKED.format(name=name))
    moved = sum(not mark.places and bool(mark.lost) for mark in draft.marks)
    digest = hashlib.sha256(draft.content).hexdigest()
    return Copied(copy, len(draft.marks), moved, " ".join(lines) or None, digest, plan.staged, review)


def _write_review(document: Document, staged: str, review: Review) -> str:
    index = "../" * (review.path.count("/") - 1) + INDEX
    page = review_page(veil_document(document, review.outcome), review.outcome, review.labels, index, review.folded)
    place = staged + PAGE_SUFFIX
    Path(place).write_bytes(page)
    return place


def _draft_copy(data: bytes, document: Document, name: str, plan: Plan, passwords: tuple[str, ...]) -> Draft:
    """The copy in the file's own format or Word's, else as a page."""
    try:
        if document.format == "docx":
            return _draft_docx(data, document, plan, None)
        if document.format == "pdf":
            return _draft_pdf(data, document, plan, passwords)
        if document.format in CONVERTED and (plan.copy or "").endswith(".docx"):
            converted = _convert(data, CONVERTED[document.format], plan)
            return _draft_docx(converted, read_document(converted, "copy.docx"), plan, document)
        reason = ""
    except ActiveContentError:
        reason = ACTIVE
    except CannotAnnotateError:
        reason = ODD_PARTS
    except ReadError as error:
        reason = error.message.rstrip("。")
    marks = mark_remarks(document, plan.remarks)
    suffix = "" if (plan.copy or "").endswith(PAGE_SUFFIX) else PAGE_SUFFIX
    return Draft(annotate_page(document, name, marks, plan.signature), marks, suffix, reason)


def _convert(data: bytes, suffix: str, plan: Plan) -> bytes:
    """LibreOffice's .docx of a file: made together with others, else alone."""
    ready = Path(plan.converted) if plan.converted is not None else None
    return ready.read_bytes() if ready is not None and ready.is_file() else convert(data, suffix, "docx")


def _draft_docx(data: bytes, document: Document, plan: Plan, original: Document | None) -> Draft:
    marks = mark_remarks(document, plan.remarks, original)
    calm = disarm_docx(data)
    content = annotate_docx(calm, marks, plan.signature) if marks else calm
    return Draft(content, marks)


def _draft_pdf(data: bytes, document: Document, plan: Plan, passwords: tuple[str, ...]) -> Draft:
    from gouji.export.annotate.pdf import annotate_pdf  # noqa: PLC0415 - PDFium loads with the first PDF

    marks = mark_remarks(document, plan.remarks)
    refuse_active_pdf(data)
    content = annotate_pdf(data, marks, plan.signature, passwords) if marks else data
    if not content.startswith(data):
        raise ReadError("corrupt", CHANGED)
    return Draft(content, marks)
