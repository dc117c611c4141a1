"""A .tar, and a .gz: an archive with one member, which may be a .tar again.

报告.tar.gz ─→ 报告.tar ─→ 一股/报告.docx
"""

from __future__ import annotations

import gzip
import io
import tarfile
import zlib
from collections.abc import Iterator

from gouji.model.errors import ReadError
from gouji.readers.archives import messages
from gouji.readers.archives.contents import Entry, EntryKind, Sink, deliver
from gouji.readers.archives.names import decode_name

CHUNK = 1 << 18
LIMIT_RECORDS = 100_000
BROKEN = (tarfile.TarError, EOFError, OSError, ValueError, OverflowError)
NAME_FLAG, EXTRA_FLAG = 0x08, 0x04
HEAD = 10


class TarArchive:
    """A tar in memory."""

    def __init__(self, data: bytes) -> None:
        """Raises ReadError where not even the first header can be read."""
        self.damage: ReadError | None = None
        self._members: list[tarfile.TarInfo] = []
        try:
            self._tar = tarfile.open(fileobj=io.BytesIO(data), mode="r:", encoding="utf-8", errors="surrogateescape")  # noqa: SIM115
            for member in self._tar:
                self._members.append(member)
                if len(self._members) > LIMIT_RECORDS:
                    raise ReadError("too_many", messages.TOO_MANY.format(limit=LIMIT_RECORDS))
        except BROKEN as error:
            self.damage = ReadError("corrupt", messages.DAMAGED)
            if not self._members:
                raise ReadError("corrupt", messages.UNREADABLE) from error

    def list_entries(self) -> list[Entry]:
        """The members as listed."""
        return [
            Entry(
                key, decode_name(member.name.encode("utf-8", "surrogateescape")), member.size, None, find_kind(member)
            )
            for key, member in enumerate(self._members)
        ]

    def extract(self, wanted: list[Entry], sink: Sink) -> None:
        """Copy one member after the other."""
        for entry in wanted:
            deliver(entry, self._iter_pieces(self._members[entry.key]), sink)

    def _iter_pieces(self, member: tarfile.TarInfo) -> Iterator[bytes]:
        size = 0
        try:
            source = self._tar.extractfile(member)
            while source is not None and (piece := source.read(CHUNK)):
                size += len(piece)
                yield piece
        except BROKEN as error:
            raise messages.damaged_member() from error
        if size != member.size:
            raise messages.damaged_member()


def find_kind(member: tarfile.TarInfo) -> EntryKind:
    """As the header's type says."""
    if member.isdir():
        return "folder"
    if member.issym() or member.islnk():
        return "link"
    return "file" if member.isreg() else "special"


class GzipArchive:
    """One compressed file."""

    def __init__(self, data: bytes, name: str) -> None:
        self.damage: ReadError | None = None
        self._data = data
        self._name = read_stored_name(data) or strip_suffix(name)

    def list_entries(self) -> list[Entry]:
        """The one member; its size is not known beforehand."""
        return [Entry(0, self._name, 0, len(self._data))]

    def extract(self, wanted: list[Entry], sink: Sink) -> None:
        """Inflate it."""
        for entry in wanted:
            deliver(entry, self._iter_pieces(), sink)

    def _iter_pieces(self) -> Iterator[bytes]:
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(self._data)) as source:
                while piece := source.read(CHUNK):
                    yield piece
        except (EOFError, OSError, zlib.error) as error:
            raise messages.damaged_member() from error


def read_stored_name(data: bytes) -> str:
    """The name that the header keeps, "" where it keeps none."""
    flags = data[3] if len(data) > HEAD else 0
    if not flags & NAME_FLAG:
        return ""
    start = HEAD
    if flags & EXTRA_FLAG:
        start += 2 + int.from_bytes(data[HEAD : HEAD + 2], "little")
    return decode_name(data[start : start + 1024].partition(b"\0")[0])


def strip_suffix(name: str) -> str:
    """报告.docx.gz → 报告.docx, 报告.tgz → 报告.tar."""
    stem, _, suffix = name.rpartition(".")
    if suffix.lower() == "tgz":
        return f"{stem}.tar"
    return stem if stem and suffix.lower() == "gz" else name
