"""AES in a .zip (method 99): what WinZip and 7-Zip call AES-256, as WinZip published it.

    extra field 0x9901   version 1 or 2 · "AE" · strength 1–3 · the real method
    data                 salt 8·12·16 · 2 bytes to check the password · cipher text · 10 bytes of HMAC-SHA1

Keys come from PBKDF2 with 1000 rounds; the counter of CTR mode runs from 1, its lowest byte first.
"""

from __future__ import annotations

import hashlib
import hmac
import struct
import zlib
from collections.abc import Iterator, Sequence

import msgspec
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from gouji.readers.archives import messages
from gouji.readers.archives.names import iter_fields

METHOD = 99
FIELD = 0x9901
ROUNDS = 1000
CHECK, SEAL = 2, 10
BLOCK = 16
CHUNK = 1 << 16
KEPT_CHECKSUM = 1  # version 1 keeps the CRC as well; version 2 leaves it 0


class Lock(msgspec.Struct, frozen=True):
    """What the extra field says: key length in bytes, the real method, whether the CRC counts."""

    key: int
    method: int
    has_checksum: bool


def find_lock(extra: bytes) -> Lock | None:
    """The lock of a member of method 99, None where its field is missing or strange."""
    for kind, content in iter_fields(extra):
        if kind == FIELD and len(content) >= struct.calcsize("<H2sBH"):
            version, vendor, strength, method = struct.unpack_from("<H2sBH", content)
            if vendor == b"AE" and strength in (1, 2, 3):
                return Lock(8 * (strength + 1), method, version == KEPT_CHECKSUM)
    return None


def unlock(raw: memoryview, lock: Lock, passwords: Sequence[bytes]) -> Iterator[bytes]:
    """The packed bytes in the clear. Raises ReadError "encrypted", "password" or "corrupt"."""
    salt_size = lock.key // 2
    if len(raw) < salt_size + CHECK + SEAL:
        raise messages.damaged_member()
    salt, check = bytes(raw[:salt_size]), bytes(raw[salt_size : salt_size + CHECK])
    body, seal = raw[salt_size + CHECK : len(raw) - SEAL], bytes(raw[len(raw) - SEAL :])
    fits = False
    for password in passwords:
        keys = hashlib.pbkdf2_hmac("sha1", password, salt, ROUNDS, 2 * lock.key + CHECK)
        if not hmac.compare_digest(keys[2 * lock.key :], check):
            continue
        fits = True
        if hmac.compare_digest(hmac.new(keys[lock.key : 2 * lock.key], body, "sha1").digest()[:SEAL], seal):
            return iter_clear(body, keys[: lock.key])
    raise messages.damaged_member() if fits and len(passwords) == 1 else messages.locked(tried=bool(passwords))


def iter_clear(body: memoryview, key: bytes) -> Iterator[bytes]:
    """The cipher text laid over the encrypted counter."""
    encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305 - the counter is ours, ECB one step of CTR
    for at in range(0, len(body), CHUNK):
        piece = bytes(body[at : at + CHUNK])
        first = at // BLOCK + 1
        blocks = (len(piece) + BLOCK - 1) // BLOCK
        counters = b"".join(number.to_bytes(BLOCK, "little") for number in range(first, first + blocks))
        stream = encryptor.update(counters)[: len(piece)]
        mixed = int.from_bytes(piece, "little") ^ int.from_bytes(stream, "little")
        yield mixed.to_bytes(len(piece), "little")


def verify(pieces: Iterator[bytes], checksum: int | None, size: int) -> Iterator[bytes]:
    """The pieces as they are, an error at the end where they are not what the directory promises."""
    seen = found = 0
    for piece in pieces:
        seen += len(piece)
        found = zlib.crc32(piece, found)
        yield piece
    if seen != size or checksum not in (None, found):
        raise messages.damaged_member()
