"""A web archive (.mht, and .doc files that are one): a mail whose parts are the page and its pictures.

MIME-Version: 1.0 · multipart/related ─→ the first text/html part ─→ read_html
"""

from __future__ import annotations

import email
import email.policy
from email.message import Message

from gouji.model.document import Document
from gouji.model.errors import ReadError
from gouji.readers.html.page import read_html

CORRUPT = "单一网页文件（MHTML）已损坏，找不到其中的网页；请用 WPS 或 Word 打开后另存为 .docx 再提交。"
LIMIT_PARTS = 10_000


def read_mhtml(data: bytes) -> Document:
    """Read a web archive. Raises ReadError "corrupt", "empty" or "too_large"."""
    if data.count(b"\n--") > LIMIT_PARTS:
        raise ReadError("corrupt", CORRUPT)
    try:
        message = email.message_from_bytes(data.lstrip(b"\xef\xbb\xbf \t\r\n"), policy=email.policy.compat32)
        page = find_page(message)
    except (ValueError, LookupError, RecursionError) as error:
        raise ReadError("corrupt", CORRUPT) from error
    if page is None:
        raise ReadError("corrupt", CORRUPT)
    return read_html(*page, form="mhtml")


def find_page(message: Message) -> tuple[bytes, str | None] | None:
    """Bytes and charset of the page."""
    for part in message.walk():
        if part.get_content_type() in {"text/html", "application/xhtml+xml"}:
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                return payload, part.get_content_charset()
    return None
