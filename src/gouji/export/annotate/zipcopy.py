"""A zip with some members replaced or added; every other member's packed bytes are carried over as they are.

[local header][name][packed bytes] …   central directory   end
      └─ of an untouched member only the header is written anew, without data descriptor or extra field
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Collection, Mapping

LOCAL, CENTRAL, END = 0x04034B50, 0x02014B50, 0x06054B50
LOCAL_HEADER, CENTRAL_HEADER, END_RECORD = "<IHHHHHIIIHH", "<IHHHHHHIIIHHHHHII", "<IHHHHIIH"
LOCAL_SIZE = struct.calcsize(LOCAL_HEADER)
DATA_DESCRIPTOR, UTF8_NAME = 0x0008, 0x0800
DEFLATED, VERSION = 8, 20
EPOCH = 0x0021  # 1980-01-01: new members carry no time


def key_of(name: str) -> str:
    r"""How members are told apart: without regard to case, \\ or a leading /."""
    return name.replace("\\", "/").lstrip("/").lower()


class ZipCopy:
    """Writes the copy member by member. Archives of 4 GB and more are no reports and not written."""

    def __init__(self) -> None:
        self._out = io.BytesIO()
        self._directory: list[bytes] = []

    def carry(self, data: bytes, info: zipfile.ZipInfo) -> None:
        """Take a member over as it is packed. Raises BadZipFile where none begins."""
        if struct.unpack_from("<I", data, info.header_offset)[0] != LOCAL:
            raise zipfile.BadZipFile(f"no member at {info.header_offset}")
        name_length, extra_length = struct.unpack_from("<HH", data, info.header_offset + LOCAL_SIZE - 4)
        start = info.header_offset + LOCAL_SIZE + name_length + extra_length
        name = data[info.header_offset + LOCAL_SIZE : info.header_offset + LOCAL_SIZE + name_length]
        packed = data[start : start + info.compress_size]
        year, month, day, hour, minute, second = info.date_time
        date, clock = (year - 1980) << 9 | month << 5 | day, hour << 11 | minute << 5 | second // 2
        flags = info.flag_bits & ~DATA_DESCRIPTOR
        self._write(name, packed, (flags, info.compress_type, clock, date, info.CRC, len(packed), info.file_size), info)

    def add(self, name: str, content: bytes) -> None:
        """Add a member."""
        packer = zlib.compressobj(6, zlib.DEFLATED, -15)
        packed = packer.compress(content) + packer.flush()
        flags = 0 if name.isascii() else UTF8_NAME
        self._write(name.encode(), packed, (flags, DEFLATED, 0, EPOCH, zlib.crc32(content), len(packed), len(content)))

    def _write(self, name: bytes, packed: bytes, fields: tuple[int, ...], info: zipfile.ZipInfo | None = None) -> None:
        offset = self._out.tell()
        self._out.write(struct.pack(LOCAL_HEADER, LOCAL, VERSION, *fields, len(name), 0) + name + packed)
        system = info.create_system if info is not None else 0
        attributes = info.external_attr if info is not None else 0
        made_by = system << 8 | VERSION
        record = struct.pack(
            CENTRAL_HEADER, CENTRAL, made_by, VERSION, *fields, len(name), 0, 0, 0, 0, attributes, offset
        )
        self._directory.append(record + name)

    def finish(self) -> bytes:
        """The whole archive."""
        offset = self._out.tell()
        directory = b"".join(self._directory)
        count = len(self._directory)
        self._out.write(directory + struct.pack(END_RECORD, END, 0, 0, count, count, len(directory), offset, 0))
        return self._out.getvalue()


def rewrite_zip(data: bytes, members: Mapping[str, bytes], dropped: Collection[str] = ()) -> bytes:
    """The zip with these members replaced where it has them, added where not; those of the dropped keys left out."""
    left = {key_of(name): (name, content) for name, content in members.items()}
    copy = ZipCopy()
    replaced: set[str] = set()
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        for info in source.infolist():
            key = key_of(info.filename)
            if key in left:
                copy.add(info.filename, left.pop(key)[1])
                replaced.add(key)
            elif key not in replaced and key not in dropped:
                copy.carry(data, info)
    for name, content in left.values():
        copy.add(name, content)
    return copy.finish()
