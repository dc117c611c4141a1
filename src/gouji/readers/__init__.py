"""Bytes → Document: what the content is decides which reader is asked; names and suffixes never do.

    data ─sniff→ "docx" ─FORMATS→ read_docx(data) → Document (+ notice R6 where the suffix says something else)
                 "xls-encrypted" ─unlock_office(passwords)→ data, sniffed again
                 "pptx" ─UNREADABLE→ ReadError with one Chinese line: what the file is and how to go on

A reader is imported when its first file arrives.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

import msgspec

from gouji.model.document import Document, Notice
from gouji.model.errors import ReadCode, ReadError
from gouji.readers.formats import FORMATS, Reader
from gouji.readers.sniff import IMAGES, sniff

LOCKED_OFFICE = frozenset({"doc-encrypted", "encrypted-ooxml", "xls-encrypted"})
LOCK_CODES = frozenset({"encrypted", "password"})

MISNAMED = "文件名后缀是 {suffix}，内容却是{type}，已按内容读取；建议改正后缀后再存档。"

AS_DOCX = "请用 WPS 或 Word 打开后另存为 .docx 再提交。"
LOCKED = "文件设有打开密码；请用 --password 给出密码，或在 WPS 或 Office 中取消密码、重新保存后再提交。"
NONE_FITS = "给出的密码都打不开这个文件；请核对密码后重试，或在 WPS 或 Office 中取消密码、重新保存后再提交。"
IMAGE: tuple[ReadCode, str] = ("no_text_layer", "这是图片，没有可读取的文字；请提交原来的 .docx 文件。")
UNREADABLE: dict[str, tuple[ReadCode, str]] = {
    **dict.fromkeys(IMAGES, IMAGE),
    "empty": ("empty", "文件是空的，没有任何内容；请重新导出或核对后再提交。"),
    "unknown": ("unsupported", "无法识别这个文件的格式；请用原来的软件打开后另存为 .docx 再提交。"),
    "doc-encrypted": ("encrypted", LOCKED),
    "encrypted-ooxml": ("encrypted", LOCKED),
    "xls-encrypted": ("encrypted", LOCKED),
    "ole": ("unsupported", f"这是旧式复合文档，但不是能识别的 Word 文件；{AS_DOCX}"),
    "ppt": ("unsupported", "这是演示文稿（.ppt），不是自评报告；请提交 .docx 格式的自评报告。"),
    "pptx": ("unsupported", "这是演示文稿（.pptx），不是自评报告；请提交 .docx 格式的自评报告。"),
    "ooxml": ("unsupported", "这是 Office 文件包，但不是 Word 文档；请提交 .docx 格式的自评报告。"),
    "odf": ("unsupported", "这是 OpenDocument 文件，但不是文字文档；请提交 .docx 格式的自评报告。"),
    "json": ("unsupported", "这是 JSON 数据文件，不是自评报告；请提交 .docx 格式的自评报告。"),
    "xml": ("unsupported", "这是 XML 数据文件，不是自评报告；请提交 .docx 格式的自评报告。"),
    **{
        kind: ("unsupported", f"这是压缩包（{suffix}），里面的文件要逐个读取；请用 gouji run、extract 或 check 处理。")
        for kind, suffix in (("zip", ".zip"), ("rar", ".rar"), ("7z", ".7z"), ("gzip", ".gz"), ("tar", ".tar"))
    },
    "damaged-zip": ("corrupt", "文件已损坏或没有传完整；请重新发送原文件，或在 WPS 中修复后另存为 .docx 再提交。"),
}


def read_document(data: bytes, name: str, passwords: Sequence[str] = ()) -> Document:
    """Read a file of any supported type. `name` serves only to tell a wrong suffix (notice R6).

    Passwords are tried in their order. Raises ReadError with what the file really is and how to go on: "encrypted" where
    it is locked and none was given, "password" where none of them fits.
    """
    kind, data = unlock_document(data, passwords)
    found = FORMATS.get(kind)
    if found is None:
        raise ReadError(*UNREADABLE[kind])
    document = _read_locked(found.load(), data, passwords) if found.takes_password else found.load()(data)
    notices = find_wrong_suffix(document.format if document.format in FORMATS else kind, name)
    return msgspec.structs.replace(document, notices=document.notices + notices) if notices else document


def unlock_document(data: bytes, passwords: Sequence[str] = ()) -> tuple[str, bytes]:
    """What a file is, and its bytes without the password of an Office file. Raises ReadError as `read_document` does."""
    kind = sniff(data)
    if kind in LOCKED_OFFICE:
        data = _unlock(data, kind, passwords)
        kind = sniff(data)
    return kind, data


def _unlock(data: bytes, kind: str, passwords: Sequence[str]) -> bytes:
    from gouji.readers.locked import unlock_office  # noqa: PLC0415 - cryptography loads only for a locked file

    unlocked = unlock_office(data, kind, passwords)
    if unlocked is None:
        raise ReadError("password", NONE_FITS) if passwords else ReadError(*UNREADABLE[kind])
    return unlocked


def _read_locked(reader: Reader, data: bytes, passwords: Sequence[str]) -> Document:
    """Without a password, then with each."""
    try:
        return reader(data)
    except ReadError as error:
        if error.code not in LOCK_CODES or not passwords:
            raise
    for password in passwords:
        try:
            return reader(data, password=password)
        except ReadError as error:
            if error.code not in LOCK_CODES:
                raise
    raise ReadError("password", NONE_FITS)


def find_wrong_suffix(kind: str, name: str) -> tuple[Notice, ...]:
    """Notice R6 where the name ends in a suffix that this content does not carry; a name without suffix is fine."""
    suffix = PurePosixPath(name).suffix.lower()
    if not suffix or suffix in FORMATS[kind].suffixes:
        return ()
    return (Notice("R6", MISNAMED.format(suffix=suffix, type=FORMATS[kind].name)),)
