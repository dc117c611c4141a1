"""Archives built byte by byte, so that names, flags, lies and damage are exactly what a test says.

make_zip(("一股/报告.docx", b"…"), …)   names as GBK bytes without any flag, as Windows in Chinese writes them
make_rar4(…), make_rar5(…)              stored members: headers with their checksums
make_7z(…)                              by py7zr
"""

from __future__ import annotations

import hashlib
import hmac
import io
import struct
import tarfile
import zlib
from pathlib import Path
from typing import Any, NamedTuple

import py7zr
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from gouji.readers.archives import Contents, Limits, Packed, unpack
from gouji.readers.sniff import sniff

UTF8 = 0x800
LINK_MODE, DEVICE_MODE, FILE_MODE = 0o120777 << 16, 0o020666 << 16, 0o100644 << 16


class Item(NamedTuple):
    """One member of a hand-made zip. `claims` is the size its headers claim, `password` encrypts it."""

    name: str | bytes
    content: bytes
    flags: int = 0
    method: int = 8
    extra: bytes = b""
    attributes: int = 0
    password: bytes | None = None
    claims: int | None = None
    local_name: bytes | None = None


def make_zip(*items: Item | tuple[str, bytes], encoding: str = "gb18030") -> bytes:
    """A zip of these members."""
    body, directory = bytearray(), bytearray()
    made = [item if isinstance(item, Item) else Item(*item) for item in items]
    for item in made:
        name = item.name if isinstance(item.name, bytes) else item.name.encode(encoding)
        raw = deflate(item.content) if item.method == 8 else item.content
        flags = item.flags
        checksum = zlib.crc32(item.content)
        if item.password is not None:
            flags |= 1
            raw = encrypt(raw, item.password, checksum)
        size = len(item.content) if item.claims is None else item.claims
        offset = len(body)
        head = struct.pack("<HHHHHIII", 20, flags, item.method, 0, 0x21, checksum, len(raw), size)
        local = name if item.local_name is None else item.local_name
        body += b"PK\x03\x04" + head + struct.pack("<HH", len(local), len(item.extra)) + local + item.extra + raw
        directory += b"PK\x01\x02" + struct.pack("<H", 3 << 8 | 20) + head
        directory += struct.pack("<HHHHHII", len(name), len(item.extra), 0, 0, 0, item.attributes, offset)
        directory += name + item.extra
    end = struct.pack("<HHHHIIH", 0, 0, len(made), len(made), len(directory), len(body), 0)
    return bytes(body + directory + b"PK\x05\x06" + end)


def deflate(content: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush()


def encrypt(data: bytes, password: bytes, checksum: int) -> bytes:
    """ZipCrypto: three keys stirred by the password, then by each plain byte; twelve bytes in front, the last a check."""
    keys = [0x12345678, 0x23456789, 0x34567890]

    def stir(byte: int) -> None:
        keys[0] = crc_step(keys[0], byte)
        keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = crc_step(keys[2], keys[1] >> 24)

    for byte in password:
        stir(byte)
    out = bytearray()
    for byte in bytes(range(11)) + bytes([checksum >> 24]) + data:
        mask = (keys[2] & 0xFFFF) | 2
        out.append(byte ^ ((mask * (mask ^ 1)) >> 8 & 0xFF))
        stir(byte)
    return bytes(out)


def make_aes_zip(name: str, content: bytes, password: bytes, *, strength: int = 3, version: int = 2) -> bytes:
    """A zip of one member under AES, as WinZip describes it."""
    size = 8 * (strength + 1)
    salt = bytes(range(size // 2))
    keys = hashlib.pbkdf2_hmac("sha1", password, salt, 1000, 2 * size + 2)
    plain = deflate(content)
    encryptor = Cipher(algorithms.AES(keys[:size]), modes.ECB()).encryptor()  # noqa: S305 - one step of CTR
    stream = b"".join(encryptor.update(n.to_bytes(16, "little")) for n in range(1, len(plain) // 16 + 2))
    body = bytes(a ^ b for a, b in zip(plain, stream, strict=False))
    seal = hmac.new(keys[size : 2 * size], body, "sha1").digest()[:10]
    field = struct.pack("<HHH2sBH", 0x9901, 7, version, b"AE", strength, 8)
    raw = salt + keys[2 * size :] + body + seal
    made = bytearray(make_zip(Item(name, raw, flags=1, method=99, extra=field, claims=len(content))))
    checksum = zlib.crc32(content) if version == 1 else 0
    for mark, at in ((b"PK\x03\x04", 14), (b"PK\x01\x02", 16)):
        struct.pack_into("<I", made, made.rindex(mark) + at, checksum)
    return bytes(made)


def crc_step(crc: int, byte: int) -> int:
    """One byte into a CRC-32 register, without the inversions of zlib's."""
    return zlib.crc32(bytes([byte]), crc ^ 0xFFFFFFFF) ^ 0xFFFFFFFF


def unicode_field(raw: bytes, name: str, *, checksum: int | None = None) -> bytes:
    """Info-ZIP's extra field with the name in utf-8."""
    content = struct.pack("<BI", 1, zlib.crc32(raw) if checksum is None else checksum) + name.encode()
    return struct.pack("<HH", 0x7075, len(content)) + content


def make_rar4(*items: tuple[str | bytes, bytes], method: int = 0x30) -> bytes:
    """RAR 4 with stored members; text names are written in Unicode, bytes as they are."""
    out = bytearray(b"Rar!\x1a\x07\x00" + rar4_block(0x73, 0, bytes(6)))
    for name, content in items:
        raw, flags = (name, 0x8000) if isinstance(name, bytes) else (rar4_name(name), 0x8200)
        head = struct.pack(
            "<IIBIIBBHI", len(content), len(content), 2, zlib.crc32(content), 0x21 << 16, 29, method, len(raw), 0x20
        )
        out += rar4_block(0x74, flags, head + raw) + content
    return bytes(out + rar4_block(0x7B, 0x4000, b""))


def rar4_block(kind: int, flags: int, body: bytes) -> bytes:
    head = struct.pack("<BHH", kind, flags, 7 + len(body)) + body
    return struct.pack("<H", zlib.crc32(head) & 0xFFFF) + head


def rar4_name(name: str) -> bytes:
    """ASCII stand-in, NUL, then the Unicode name: here every character in full (mode 2), four to a flag byte."""
    out = bytearray("".join(char if ord(char) < 128 else "_" for char in name).encode() + b"\0\0")
    units = name.encode("utf-16-le")
    pairs = [units[at : at + 2] for at in range(0, len(units), 2)]
    for at in range(0, len(pairs), 4):
        out += b"\xaa" + b"".join(pairs[at : at + 4])
    return bytes(out)


def make_rar5(*items: tuple[str, bytes], link_to: str = "") -> bytes:
    """RAR 5 with stored members, and a symbolic link where `link_to` is given."""
    out = bytearray(b"Rar!\x1a\x07\x01\x00" + rar5_block(1, vint(0)))
    for name, content in items:
        out += rar5_block(2, rar5_file(name, content), data=content)
    if link_to:
        field = vint(5) + vint(1) + vint(0) + vint(len(link_to.encode())) + link_to.encode()
        out += rar5_block(2, rar5_file("链.docx", b""), extra=vint(len(field)) + field)
    return bytes(out + rar5_block(5, vint(0)))


def make_locked_rar5(name: str, content: bytes, password: str, *, sealed: bool = False) -> bytes:
    """RAR 5 with one stored member under AES-256.

    Plain: without a value to check the password by. `sealed`: with one, and the checksum hidden behind a key, as WinRAR
    writes it.
    """
    salt, vector = bytes(range(16)), bytes(range(16, 32))
    key = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, 1 << 10)
    padded = content + bytes(-len(content) % 16)
    encryptor = Cipher(algorithms.AES(key), modes.CBC(vector)).encryptor()
    data = encryptor.update(padded) + encryptor.finalize()
    field = vint(1) + vint(0) + vint(3 if sealed else 0) + bytes([10]) + salt + vector
    head = rar5_file(name, content)
    if sealed:
        folded = fold(hashlib.pbkdf2_hmac("sha256", password.encode(), salt, (1 << 10) + 32), 8)
        field += folded + hashlib.sha256(folded).digest()[:4]
        hash_key = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, (1 << 10) + 16)
        checksum = struct.pack("<I", zlib.crc32(content))
        head = head.replace(checksum, fold(hmac.digest(hash_key, checksum, "sha256"), 4))
    member = rar5_block(2, head, data=data, extra=vint(len(field)) + field)
    return b"Rar!\x1a\x07\x01\x00" + rar5_block(1, vint(0)) + member + rar5_block(5, vint(0))


def fold(digest: bytes, size: int) -> bytes:
    """Pieces of a digest laid over each other."""
    out = bytearray(size)
    for at, byte in enumerate(digest):
        out[at % size] ^= byte
    return bytes(out)


def rar5_file(name: str, content: bytes) -> bytes:
    raw = name.encode()
    head = vint(4) + vint(len(content)) + vint(0) + struct.pack("<I", zlib.crc32(content)) + vint(0) + vint(1)
    return head + vint(len(raw)) + raw


def rar5_block(kind: int, body: bytes, *, data: bytes | None = None, extra: bytes = b"") -> bytes:
    flags = (2 if data is not None else 0) | (1 if extra else 0)
    head = vint(kind) + vint(flags) + (vint(len(extra)) if extra else b"")
    head += (vint(len(data)) if data is not None else b"") + body + extra
    sized = vint(len(head)) + head
    return struct.pack("<I", zlib.crc32(sized)) + sized + (data or b"")


def vint(number: int) -> bytes:
    """Seven bits a byte, the lowest first."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def make_7z(*items: tuple[str, bytes], password: str | None = None, hide_names: bool = False) -> bytes:
    """A 7z; the list of names is encrypted too where it is to be hidden."""
    buffer = io.BytesIO()
    with py7zr.SevenZipFile(buffer, "w", password=password, header_encryption=hide_names) as archive:
        for name, content in items:
            archive.writestr(content, "placeholder")
            archive.header.files_info.files[-1]["filename"] = name  # writestr itself refuses slips
    return buffer.getvalue()


def make_tar(*items: tuple[str, bytes], encoding: str = "utf-8", **links: str) -> bytes:
    """A tar; keywords are symbolic links."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", encoding=encoding, format=tarfile.GNU_FORMAT) as archive:
        for name, content in items:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        for name, target in links.items():
            info = tarfile.TarInfo(name)
            info.type, info.linkname = tarfile.SYMTYPE, target
            archive.addfile(info)
    return buffer.getvalue()


def no_skip(_name: str) -> None:
    """Nothing is clutter."""


def unpack_bytes(
    data: bytes, folder: Path, *, passwords: tuple[str, ...] = (), name: str = "a.zip", **options: Any
) -> Contents:
    """Unpack into a folder below `folder`; keywords `skip` and those of Limits."""
    skip = options.pop("skip", no_skip)
    path = folder / "archive"
    path.write_bytes(data)
    packed = Packed(path, name, data, passwords)
    return unpack(packed, sniff(data), folder / "out", limits=Limits(**options), skip=skip)


def shown(contents: Contents) -> dict[str, bytes | str]:
    """Path → bytes, or the code of the failure."""
    return {
        member.path: Path(member.file).read_bytes() if member.file else member.failure.code if member.failure else "?"
        for member in contents.members
    }
