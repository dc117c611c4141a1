"""A .rar: rarfile lists it and reads what is only stored; compressed members need an unpacker of the machine.

unrar · unar · bsdtar · 7z · 7zz      the first that gives a member with the right checksum; its output comes
                                      through a pipe, nothing is written by the name in the archive
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import shutil
import struct
import subprocess
import threading
import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import reduce
from operator import xor
from pathlib import Path
from typing import NamedTuple

import rarfile

from gouji.model.errors import ReadError
from gouji.readers.archives import messages
from gouji.readers.archives.contents import Entry, EntryKind, Sink
from gouji.readers.archives.names import decode_name

CHUNK = 1 << 18
SECONDS = 90.0  # for all members of one archive: each call of a solid one begins at its first member
WILDCARDS = re.compile(r"[*?\[\]\\]")
SPEAK_UTF8 = {"LC_ALL": "C.UTF-8"}  # names come in and go out as they are
COPIES = (rarfile.RAR5_XREDIR_FILE_COPY, rarfile.RAR5_XREDIR_HARD_LINK)


class Unpacker(NamedTuple):
    """A program that writes one member to its standard output.

    {index} counts all entries, {name} is as listed, {pattern} the same with its wildcards escaped.
    """

    program: str
    arguments: tuple[str, ...]
    password: tuple[str, ...] | None
    no_password: tuple[str, ...]


UNPACKERS = (
    Unpacker("unrar", ("p", "-inul", "-cfg-", "{password}", "--", "{archive}", "{name}"), ("-p{}",), ("-p-",)),
    Unpacker("unar", ("-q", "-i", "-o", "-", "{password}", "{archive}", "{index}"), ("-p", "{}"), ()),
    Unpacker("bsdtar", ("-x", "--to-stdout", "-f", "{archive}", "{pattern}"), None, ()),
    Unpacker("7z", ("e", "-so", "-spd", "{password}", "--", "{archive}", "{name}"), ("-p{}",), ("-p",)),
    Unpacker("7zz", ("e", "-so", "-spd", "{password}", "--", "{archive}", "{name}"), ("-p{}",), ("-p",)),
)


def find_unpackers() -> list[Unpacker]:
    """Those that are installed."""
    return [unpacker for unpacker in UNPACKERS if shutil.which(unpacker.program)]


def find_unpacker() -> str | None:
    """The program that compressed members are read with, None where there is none."""
    return next((unpacker.program for unpacker in find_unpackers()), None)


class RarArchive:
    """A rar on disk; further volumes are looked for beside it."""

    def __init__(self, path: Path, passwords: Sequence[str]) -> None:
        """Raises ReadError where the list of members cannot be read."""
        self.damage: ReadError | None = None
        self._path = path
        self._passwords = list(passwords)
        self._rar = self._open()
        self._infos = self._rar.infolist()
        if self._rar.strerror():
            self.damage = ReadError("corrupt", messages.DAMAGED)

    def _open(self) -> rarfile.RarFile:
        with translate_errors():
            rar = rarfile.RarFile(str(self._path))
            if rar.infolist() or not rar.needs_password():
                return rar
        for password in self._passwords:
            if unlock_list(rar, password):
                self._passwords = [password]
                return rar
        raise messages.locked(tried=bool(self._passwords))

    def list_entries(self) -> list[Entry]:
        """The members as listed."""
        return [make_entry(key, info) for key, info in enumerate(self._infos)]

    def extract(self, wanted: list[Entry], sink: Sink) -> None:
        """Member by member: read where it is only stored, else from the first unpacker that delivers."""
        deadline = time.monotonic() + SECONDS
        for entry in wanted:
            info = self._infos[entry.key]
            ways = [self._read_stored(info)] if is_stored(info) else self._list_ways(entry, deadline)
            error = take_first(entry, ways, sink)
            if error is not None:
                sink.refuse(entry, error)

    def _read_stored(self, info: rarfile.RarInfo) -> Iterator[bytes]:
        with translate_errors(), self._rar.open(info) as source:
            while piece := source.read(CHUNK):
                yield piece

    def _list_ways(self, entry: Entry, deadline: float) -> list[Iterator[bytes]]:
        """Every unpacker with every password."""
        unpackers = find_unpackers()
        if not unpackers:
            raise_later = ReadError("unsupported", messages.NO_UNPACKER)
            return [fail(raise_later)]
        if not entry.encrypted:
            return [self.run_unpacker(unpacker, entry, deadline) for unpacker in unpackers]
        if not self._passwords:
            return [fail(messages.locked(tried=False))]
        able = [unpacker for unpacker in unpackers if unpacker.password is not None]
        return [self.run_unpacker(u, entry, deadline, word) for word in self._passwords for u in able]

    def run_unpacker(
        self, unpacker: Unpacker, entry: Entry, deadline: float, password: str | None = None
    ) -> Iterator[bytes]:
        """One member's bytes from a program. Raises ReadError where they are not what the list promises."""
        info = self._infos[entry.key]
        command = make_command(unpacker, self._path, entry.key, info.filename, password)
        size = checksum = 0
        for piece in iter_output(command, deadline):
            size += len(piece)
            checksum = zlib.crc32(piece, checksum)
            if size > entry.size:
                break
            yield piece
        if size == entry.size and is_checksum(info, checksum, password):
            return
        if entry.encrypted:
            raise messages.locked(tried=True)
        raise messages.damaged_member() if size else ReadError("unsupported", messages.UNKNOWN_METHOD)


def fail(error: ReadError) -> Iterator[bytes]:
    """A way that leads nowhere."""
    raise error
    yield b""


def take_first(entry: Entry, ways: list[Iterator[bytes]], sink: Sink) -> ReadError | None:
    """Keep the member from the first way that delivers it; the error of the first one where none does."""
    errors: list[ReadError] = []
    for way in ways:
        receiver = sink.start(entry)
        try:
            for piece in way:
                receiver.write(piece)
        except ReadError as error:
            errors.append(error)
            if error.code in {"too_large", "timeout"}:
                break
        else:
            sink.keep(entry)
            return None
    return next((error for error in errors if error.code != "unsupported"), errors[0] if errors else None)


def unlock_list(rar: rarfile.RarFile, password: str) -> bool:
    """Whether an encrypted list opens with this password."""
    try:
        with translate_errors():
            rar.setpassword(password)
    except ReadError as error:
        if error.code == "unsupported":
            raise
        return False
    return bool(rar.infolist())


@contextmanager
def translate_errors() -> Iterator[None]:
    """What rarfile raises, as ReadError."""
    try:
        yield
    except (rarfile.PasswordRequired, rarfile.RarWrongPassword) as error:
        raise messages.locked(tried=isinstance(error, rarfile.RarWrongPassword)) from error
    except rarfile.NeedFirstVolume as error:
        raise ReadError("unsupported", messages.SPLIT) from error
    except rarfile.NoCrypto as error:
        raise ReadError("encrypted", messages.ENCRYPTED) from error
    except (
        rarfile.Error,
        OSError,
        ValueError,
        EOFError,
        LookupError,
        OverflowError,
        AssertionError,
        TypeError,
    ) as error:
        raise ReadError("corrupt", messages.UNREADABLE) from error


def is_stored(info: rarfile.RarInfo) -> bool:
    """Whether the bytes lie in the archive as they are."""
    return bool(info.compress_type == rarfile.RAR_M0 and not info.needs_password() and info.file_redir is None)


def is_checksum(info: rarfile.RarInfo, checksum: int, password: str | None) -> bool:
    """Whether the bytes are those that were packed: a wrong password gives as many, but others."""
    lock = getattr(info, "file_encryption", None)
    if password is not None and lock is not None and lock[1] & rarfile.RAR5_XENC_TWEAKED:
        checksum = seal_checksum(checksum, password, lock[3], lock[2])
    return bool(info.CRC in (None, checksum))


def seal_checksum(checksum: int, password: str, salt: bytes, rounds: int) -> int:
    """RAR 5 hides the checksum of an encrypted member behind a key of its own, sixteen rounds after the cipher's."""
    key = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, (1 << rounds) + 16)
    digest = hmac.digest(key, checksum.to_bytes(4, "little"), "sha256")
    parts: tuple[int, ...] = struct.unpack("<8I", digest)
    return reduce(xor, parts)


def make_entry(key: int, info: rarfile.RarInfo) -> Entry:
    """What the list says of a member."""
    size = int(info.file_size or 0)
    return Entry(key, read_name(info), size, int(info.compress_size or 0), find_kind(info), bool(info.needs_password()))


def read_name(info: rarfile.RarInfo) -> str:
    """The Unicode name, or the bytes of an old archive decoded as ours."""
    raw = getattr(info, "orig_filename", None)
    if isinstance(raw, bytes) and info.type == rarfile.RAR_BLOCK_FILE and not info.flags & rarfile.RAR_FILE_UNICODE:
        return decode_name(raw.partition(b"\0")[0])
    return str(info.filename)


def find_kind(info: rarfile.RarInfo) -> EntryKind:
    """Folders and links; copies of another member are files."""
    if info.is_dir():
        return "folder"
    redirected = info.file_redir is not None and info.file_redir[0] not in COPIES
    return "link" if info.is_symlink() or redirected else "file"


def make_command(unpacker: Unpacker, archive: Path, index: int, name: str, password: str | None) -> list[str]:
    """The command line; `--` and the full path keep names from being taken for options."""
    words = unpacker.no_password if password is None else unpacker.password or ()
    filled = {"{archive}": str(archive.absolute()), "{index}": str(index), "{name}": name}
    filled["{pattern}"] = WILDCARDS.sub(r"\\\g<0>", name)
    command = [unpacker.program]
    for argument in unpacker.arguments:
        if argument == "{password}":
            command += [word.format(password) for word in words]
        else:
            command.append(filled.get(argument, argument))
    return command


def iter_output(command: list[str], deadline: float) -> Iterator[bytes]:
    """What a program writes, until it ends or the time is over: then it is killed."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise ReadError("timeout", messages.TOO_SLOW)
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | SPEAK_UTF8,
    )
    timer = threading.Timer(left, process.kill)
    timer.start()
    try:
        assert process.stdout is not None  # noqa: S101 - asked for above
        while piece := process.stdout.read(CHUNK):
            yield piece
    finally:
        timer.cancel()
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
    if time.monotonic() >= deadline:
        raise ReadError("timeout", messages.TOO_SLOW)
