"""Office files with a password to open: bytes → bytes without it.

    encrypted-ooxml   OLE with EncryptionInfo, EncryptedPackage      agile, standard
    doc-encrypted     FIB flag                                       RC4, RC4 CryptoAPI, XOR
    xls-encrypted     FILEPASS record                                the same

A workbook that is only protected from changes may be encrypted under a password that every office knows; it is tried first,
as every office does. What EncryptionInfo asks for is looked at before any work is done: a count of billions would never end.
"""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Sequence
from xml.parsers.expat import ExpatError

import msoffcrypto
import olefile
from msoffcrypto.exceptions import DecryptionError, EncryptionError, FileFormatError, InvalidKeyError, ParseError
from msoffcrypto.format.base import BaseOfficeFile
from msoffcrypto.method.ecma376_standard import ECMA376Standard

from gouji.model.errors import ReadError

KNOWN_TO_ALL = "VelvetSweatshop"
MAX_SPINS = 10_000_000  # the specification's own bound
MAX_INFO = 1 << 20
BLOCK = 16
_SPINS = re.compile(rb"""spinCount\s*=\s*["']\s*(\d+)""")
DAMAGED = "文件设有打开密码，但加密信息已损坏或不是常见的加密方式，无法打开；请在 WPS 或 Office 中取消密码、重新保存后再提交。"
# What the library lets out on damaged or unknown encryption, beside its own errors.
TROUBLE = (
    FileFormatError, ParseError, EncryptionError, ExpatError, struct.error,
    ValueError, TypeError, KeyError, IndexError, AttributeError, OSError, NotImplementedError, AssertionError,
)  # fmt: skip


def unlock_office(data: bytes, kind: str, passwords: Sequence[str]) -> bytes | None:
    """The file without its password, None where no password fits.

    Raises ReadError("encrypted") where its encryption is damaged or unknown.
    """
    check_info(data)
    known = () if kind == "doc-encrypted" else (KNOWN_TO_ALL,)
    for password in (*known, *passwords):
        try:
            return decrypt(data, password)
        except (InvalidKeyError, DecryptionError):
            continue
        except TROUBLE as error:
            raise ReadError("encrypted", DAMAGED) from error
    return None


def decrypt(data: bytes, password: str) -> bytes:
    """The decrypted bytes; InvalidKeyError where the password does not fit."""
    file = msoffcrypto.OfficeFile(io.BytesIO(data))
    if file.format == "ooxml":
        file.load_key(password=password, verify_password=True)
    else:
        file.load_key(password=password)
    result = decrypt_standard(file) if getattr(file, "type", "") == "standard" else decrypt_whole(file)
    if file.format == "ooxml" and not result.startswith(b"PK"):
        raise InvalidKeyError("not a package")
    return result


def decrypt_whole(file: BaseOfficeFile) -> bytes:
    """What the library writes."""
    target = io.BytesIO()
    file.decrypt(target)
    return target.getvalue()


def decrypt_standard(file: BaseOfficeFile) -> bytes:
    """The package of a standard encryption, in whole blocks: some writers add a few bytes, which the library refuses."""
    stream = bytes(file.file.openstream("EncryptedPackage").read())
    return bytes(ECMA376Standard.decrypt(file.secret_key, io.BytesIO(stream[: 8 + (len(stream) - 8) // BLOCK * BLOCK])))


def check_info(data: bytes) -> None:
    """Refuse an EncryptionInfo that would keep the key derivation busy for ages."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            if not container.exists("EncryptionInfo"):
                return
            info = bytes(container.openstream("EncryptionInfo").read(MAX_INFO))
    except (OSError, ValueError, IndexError, TypeError, AttributeError, struct.error) as error:
        raise ReadError("encrypted", DAMAGED) from error
    counts = [int(digits[:12]) for digits in _SPINS.findall(info)]
    if any(count > MAX_SPINS for count in counts) or b"<!DOCTYPE" in info or b"<!ENTITY" in info:
        raise ReadError("encrypted", DAMAGED)
