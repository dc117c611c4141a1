r"""Names of members: raw bytes → text, then a path that leads nowhere else.

D2 BB B9 C9 5C …          no flag        → 一股\…            gb18030 (what Windows in Chinese writes)
E4 B8 80 E8 82 A1 …       no flag        → 一股…             utf-8, whatever the flag says
?? + field 0x7075         checksum right → the field's name  (Info-ZIP)
C:\股\..\报告.docx        → 股/报告.docx                     drive, root and steps upward dropped
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator

UNICODE_FIELD = 0x7075
FIELD_HEAD = 5  # version and checksum before the name
LIMIT_PART = 200
LIMIT_PARTS = 40
_HAN = re.compile("[\u3400-\u9fff]")
_DRIVE = re.compile(r"^[A-Za-z]:")
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_STEPS = frozenset({"", ".", ".."})


def decode_name(raw: bytes, extra: bytes = b"", *, utf8: bool = False) -> str:
    """The name that these bytes are, best reading first; every byte string has one."""
    given = find_unicode_name(raw, extra)
    if given is not None:
        return given
    readings = list(try_encodings(raw, ("utf-8", "gb18030")))
    if utf8 or not readings:
        return readings[0] if readings else raw.decode("cp437")
    # Two GBK bytes may pass for a Greek or Arabic letter in utf-8; departments write Chinese.
    return next((text for text in readings if _HAN.search(text)), readings[0])


def try_encodings(raw: bytes, encodings: tuple[str, ...]) -> Iterator[str]:
    """The strict readings that exist."""
    for encoding in encodings:
        try:
            yield raw.decode(encoding)
        except UnicodeDecodeError:
            continue


def find_unicode_name(raw: bytes, extra: bytes) -> str | None:
    """The name in Info-ZIP's field, if it was made for this very name."""
    for kind, content in iter_fields(extra):
        if kind == UNICODE_FIELD and len(content) > FIELD_HEAD:
            version, checksum = struct.unpack_from("<BI", content)
            if version == 1 and checksum == zlib.crc32(raw):
                return next(try_encodings(content[FIELD_HEAD:], ("utf-8",)), None)
    return None


def iter_fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    """The extra fields of a zip entry: number and content."""
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        yield kind, extra[at + 4 : at + 4 + size]
        at += 4 + size


def clean_path(name: str) -> str:
    """A relative path without roots, drives, steps upward or unprintable characters; "" where nothing is left."""
    name = _UNPRINTABLE.sub("", name.encode("utf-8", "replace").decode()).replace("\\", "/")
    parts = [part for part in (_DRIVE.sub("", part).strip() for part in name.split("/")) if part not in _STEPS]
    return "/".join(shorten(part) for part in parts[-LIMIT_PARTS:])


def shorten(part: str) -> str:
    """A part of ordinary length; a suffix stays."""
    if len(part) <= LIMIT_PART:
        return part
    stem, dot, suffix = part.rpartition(".")
    return f"{stem[: LIMIT_PART - 10]}…{dot}{suffix}" if dot and len(suffix) < 8 else f"{part[:LIMIT_PART]}…"  # noqa: PLR2004


def leads_outside(name: str) -> bool:
    """Whether a name tries to leave the folder it would be unpacked to."""
    parts = name.replace("\\", "/").split("/")
    return ".." in parts or not parts[0] or bool(_DRIVE.match(parts[0]))
