"""A .zip, whole or cut off.

central directory ─→ zipfile          names decoded here, whatever its flags claim
no directory      ─→ local headers    what a broken transfer left: each member as far as its checksum holds
"""

from __future__ import annotations

import io
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence

from gouji.model.errors import ReadError
from gouji.readers.archives import messages
from gouji.readers.archives.contents import Entry, EntryKind, Sink, deliver
from gouji.readers.archives.names import decode_name, try_encodings
from gouji.readers.archives.zip_aes import METHOD, find_lock, unlock, verify

CHUNK = 1 << 18
LIMIT_RECORDS = 100_000
UTF8_FLAG, ENCRYPTED_FLAG, DESCRIPTOR_FLAG = 0x800, 0x1, 0x8
CENTRAL, LOCAL, END = b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06"
LOCAL_HEAD, CENTRAL_HEAD = 30, 46
UNIX_HOSTS = frozenset({3, 19})
STORED, DEFLATED = 0, 8
BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, ValueError, OSError, struct.error, OverflowError)


class ZipArchive:
    """A zip in memory."""

    def __init__(self, data: bytes, passwords: Sequence[str]) -> None:
        """Raises ReadError where there is nothing to be read at all."""
        if data.count(CENTRAL) > LIMIT_RECORDS:
            raise ReadError("too_many", messages.TOO_MANY.format(limit=LIMIT_RECORDS))
        self.damage: ReadError | None = None
        self._data = data
        self._passwords = [raw for text in passwords for raw in encode_password(text)]
        self._file = io.BytesIO(data)
        self._zip = open_directory(self._file)
        self._infos = [] if self._zip is None else self._zip.infolist()
        self._loose: list[LooseMember] = []
        if self._zip is None:
            self.damage = ReadError("corrupt", messages.DAMAGED)
            self._loose = list(iter_loose_members(data))
            if not self._loose:
                raise ReadError("corrupt", messages.UNREADABLE)

    def list_entries(self) -> list[Entry]:
        """The directory's records, or the members found without it."""
        if self._zip is None:
            return [member.to_entry(key) for key, member in enumerate(self._loose)]
        return [make_entry(key, info) for key, info in enumerate(self._infos)]

    def extract(self, wanted: list[Entry], sink: Sink) -> None:
        """Inflate one member after the other."""
        for entry in wanted:
            deliver(entry, self._iter_pieces(entry), sink)

    def _iter_pieces(self, entry: Entry) -> Iterator[bytes]:
        if self._zip is None:
            yield from self._loose[entry.key].iter_pieces(self._data)
            return
        info = self._infos[entry.key]
        if info.compress_type == METHOD:
            yield from self._iter_unlocked(info)
            return
        align_local_name(self._file.getbuffer(), info)
        yield from self._iter_inflated(info, self._find_password(info) if entry.encrypted else None)

    def _iter_inflated(self, info: zipfile.ZipInfo, password: bytes | None) -> Iterator[bytes]:
        """The bytes of a member; zipfile gives no more than the directory claims, and checks their sum."""
        assert self._zip is not None  # noqa: S101 - only called with a directory
        try:
            with self._zip.open(info, pwd=password) as source:
                while piece := source.read(CHUNK):
                    yield piece
        except NotImplementedError as error:
            raise ReadError("unsupported", messages.UNKNOWN_METHOD) from error
        except BROKEN as error:
            raise messages.damaged_member() from error
        except RuntimeError as error:  # zipfile's word for a wrong password
            raise messages.locked(tried=password is not None) from error

    def _iter_unlocked(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        """The bytes of a member under AES, which zipfile does not know."""
        lock, raw = find_lock(info.extra), find_data(self._data, info)
        if lock is None or raw is None:
            raise ReadError("unsupported", messages.UNKNOWN_METHOD)
        packed = unlock(raw, lock, self._passwords)
        checksum = info.CRC if lock.has_checksum else None
        yield from verify(iter_decompressed(packed, lock.method), checksum, info.file_size)

    def _find_password(self, info: zipfile.ZipInfo) -> bytes:
        """The password whose check byte and checksum fit; the byte alone lets one in 256 wrong ones pass."""
        for password in self._passwords:
            try:
                for _ in self._iter_inflated(info, password):
                    pass
            except ReadError as error:
                if error.code == "unsupported":
                    raise
            else:
                return password
        raise messages.locked(tried=bool(self._passwords))


def open_directory(file: io.BytesIO) -> zipfile.ZipFile | None:
    """The zip by its directory, None where that is lost. A name flagged utf-8 that is none must not stop the rest."""
    try:
        return zipfile.ZipFile(file)
    except UnicodeDecodeError:
        clear_name_flags(file.getbuffer())
    except (*BROKEN, NotImplementedError):
        return None
    try:
        return zipfile.ZipFile(file)
    except (*BROKEN, NotImplementedError):
        return None


def clear_name_flags(buffer: memoryview) -> None:
    """Flag no directory record utf-8: zipfile then keeps the bytes of every name."""
    data = bytes(buffer)
    end = data.rfind(END)
    at = end - int.from_bytes(data[end + 12 : end + 16], "little")
    while 0 <= at < end and data.startswith(CENTRAL, at):
        buffer[at + 9] &= ~(UTF8_FLAG >> 8)
        at += CENTRAL_HEAD + sum(struct.unpack_from("<HHH", data, at + 28))


def make_entry(key: int, info: zipfile.ZipInfo) -> Entry:
    """What the directory says of a member."""
    name = decode_name(raw_name(info), info.extra, utf8=bool(info.flag_bits & UTF8_FLAG))
    encrypted = bool(info.flag_bits & ENCRYPTED_FLAG)
    return Entry(key, name, info.file_size, info.compress_size, find_kind(info, name), encrypted)


def raw_name(info: zipfile.ZipInfo) -> bytes:
    """The bytes of a name that zipfile has decoded."""
    return info.orig_filename.encode("utf-8" if info.flag_bits & UTF8_FLAG else "cp437")


def find_kind(info: zipfile.ZipInfo, name: str) -> EntryKind:
    """Folders by their name, links and devices by the mode that Unix writers store."""
    mode = info.external_attr >> 16 if info.create_system in UNIX_HOSTS else 0
    if name.endswith(("/", "\\")) or stat.S_ISDIR(mode):
        return "folder"
    if stat.S_ISLNK(mode):
        return "link"
    return "file" if stat.S_IFMT(mode) in {0, stat.S_IFREG} else "special"


def align_local_name(buffer: memoryview, info: zipfile.ZipInfo) -> None:
    """Let a local header that spells the name in another way than the directory pass: the place is what counts."""
    head = buffer[info.header_offset : info.header_offset + LOCAL_HEAD]
    if info.header_offset < 0 or len(head) < LOCAL_HEAD or head[:4] != LOCAL:
        return
    start = info.header_offset + LOCAL_HEAD
    raw = bytes(buffer[start : start + int.from_bytes(head[26:28], "little")])
    flagged = bool(head[7] & UTF8_FLAG >> 8)
    text = next(try_encodings(raw, ("utf-8",)), None) if flagged else raw.decode("cp437")
    if text is None:
        head[7] &= ~(UTF8_FLAG >> 8)
        text = raw.decode("cp437")
    info.orig_filename = text


def find_data(data: bytes, info: zipfile.ZipInfo) -> memoryview | None:
    """The packed bytes of a member behind its local header, None where there is no such header."""
    at = info.header_offset
    if not 0 <= at <= len(data) - LOCAL_HEAD or not data.startswith(LOCAL, at):
        return None
    start = at + LOCAL_HEAD + sum(struct.unpack_from("<HH", data, at + 26))
    return memoryview(data)[start : start + info.compress_size]


def encode_password(text: str) -> list[bytes]:
    """As Chinese Windows programs and as others turn it into bytes."""
    return list(dict.fromkeys((text.encode("utf-8", "replace"), text.encode("gb18030", "replace"))))


class LooseMember:
    """A member found by its own header."""

    def __init__(self, data: bytes, at: int) -> None:
        head = struct.unpack_from("<4xHHH4xIIIHH", data, at)
        _, self.flags, self.method, self.crc, self.packed, self.size, name_size, extra_size = head
        start = at + LOCAL_HEAD
        self.start = start + name_size + extra_size
        self._name = data[start : start + name_size]
        self._extra = data[start + name_size : self.start]

    def to_entry(self, key: int) -> Entry:
        """What its header says."""
        name = decode_name(self._name, self._extra, utf8=bool(self.flags & UTF8_FLAG))
        kind: EntryKind = "folder" if name.endswith(("/", "\\")) else "file"
        return Entry(key, name, self.size, self.packed or None, kind, bool(self.flags & ENCRYPTED_FLAG))

    def iter_pieces(self, data: bytes) -> Iterator[bytes]:
        """Its bytes, whole or not at all. Raises ReadError "corrupt", "encrypted" or "unsupported"."""
        if self.flags & ENCRYPTED_FLAG:
            raise ReadError("encrypted", messages.ENCRYPTED)
        known = bool(self.packed) or not self.flags & DESCRIPTOR_FLAG
        if self.method == STORED and not known:
            raise messages.damaged_member()
        raw = memoryview(data)[self.start : self.start + self.packed if known else None]
        checksum = 0
        for piece in iter_decompressed(iter_slices(raw), self.method):
            checksum = zlib.crc32(piece, checksum)
            yield piece
        if known and (checksum != self.crc or len(raw) != self.packed):
            raise messages.damaged_member()


def iter_slices(raw: memoryview) -> Iterator[bytes]:
    """The bytes, a piece at a time."""
    return (bytes(raw[at : at + CHUNK]) for at in range(0, len(raw), CHUNK))


def iter_decompressed(packed: Iterator[bytes], method: int) -> Iterator[bytes]:
    """Inflate until the stream ends; one that is cut off is damaged."""
    if method == STORED:
        yield from packed
        return
    if method != DEFLATED:
        raise ReadError("unsupported", messages.UNKNOWN_METHOD)
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for piece in packed:
            pending = piece
            while pending and not inflater.eof:
                yield inflater.decompress(pending, CHUNK)
                pending = inflater.unconsumed_tail
            if inflater.eof:
                return
    except zlib.error as error:
        raise messages.damaged_member() from error
    raise messages.damaged_member()


def iter_loose_members(data: bytes) -> Iterator[LooseMember]:
    """Every local header, jumping over the data of those that tell its size."""
    at = data.find(LOCAL)
    count = 0
    while 0 <= at <= len(data) - LOCAL_HEAD and count < LIMIT_RECORDS:
        member = LooseMember(data, at)
        yield member
        count += 1
        at = data.find(LOCAL, member.start + member.packed)
