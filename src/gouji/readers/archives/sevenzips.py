"""A .7z through py7zr: everything wanted in one pass, since members share one compressed stream.

stream ─ member ─ member ✗ member …      after a damaged one the pass is repeated for those that are still missing
"""

from __future__ import annotations

import io
import stat
from collections.abc import Sequence
from pathlib import PurePosixPath

import py7zr
from py7zr.exceptions import ArchiveError, PasswordRequired, UnsupportedCompressionMethodError
from py7zr.io import Py7zIO, WriterFactory

from gouji.model.errors import ReadError
from gouji.readers.archives import messages
from gouji.readers.archives.contents import Entry, EntryKind, Receiver, Sink
from gouji.readers.archives.names import leads_outside

ATTEMPTS = 8
UNIX_MODE = 0x8000  # attribute bit: the upper half holds the Unix mode
FOLDER, REPARSE_POINT = 0x10, 0x400


class SevenZipArchive:
    """A 7z in memory."""

    def __init__(self, data: bytes, passwords: Sequence[str]) -> None:
        """Raises ReadError where the list of members cannot be read."""
        self.damage: ReadError | None = None
        self._data = data
        self._passwords: list[str | None] = [None, *passwords]
        self._files = self._read_list()

    def _open(self, password: str | None) -> py7zr.SevenZipFile:
        try:
            return py7zr.SevenZipFile(io.BytesIO(self._data), password=password)
        except PasswordRequired as error:
            raise messages.locked(tried=False) from error
        except UnsupportedCompressionMethodError as error:
            raise ReadError("unsupported", messages.UNKNOWN_METHOD) from error
        except Exception as error:  # a damaged header leads the library to errors of any type
            raise ReadError("corrupt", messages.UNREADABLE) from error

    def _read_list(self) -> list[py7zr.py7zr.ArchiveFile]:
        """The members; an encrypted list is opened with the first password that fits, which then is the only one."""
        try:
            return self._list(None)
        except ReadError as error:
            if error.code != "encrypted":
                raise
        for password in self._passwords[1:]:
            try:
                files = self._list(password)
            except ReadError:
                continue
            self._passwords = [password]
            return files
        raise messages.locked(tried=len(self._passwords) > 1)

    def _list(self, password: str | None) -> list[py7zr.py7zr.ArchiveFile]:
        with self._open(password) as archive:
            if archive.needs_password() and self._passwords[0] is None and len(self._passwords) > 1:
                self._passwords = self._passwords[1:]
            return list(archive.files)

    def list_entries(self) -> list[Entry]:
        """The members as listed; sizes packed are not known, they share one stream."""
        return [make_entry(key, file) for key, file in enumerate(self._files)]

    def extract(self, wanted: list[Entry], sink: Sink) -> None:
        """Hand over what can be had. Raises ReadError for what is left."""
        left = {entry.name: entry for entry in wanted}
        for name in [name for name in left if leads_outside(name)]:  # py7zr would refuse them all
            sink.refuse(left.pop(name), ReadError("unsupported", messages.UNSAFE_NAME))
        error: ReadError | None = None
        for password in self._passwords:
            error = self._extract_with(password, left, sink)
            if not left:
                return
        if error is not None:
            raise error

    def _extract_with(self, password: str | None, left: dict[str, Entry], sink: Sink) -> ReadError | None:
        """Take members out of `left` as they come; what stopped the last pass."""
        error: ReadError | None = None
        for _ in range(ATTEMPTS):
            if not left:
                return None
            handover = Handover(left, sink)
            error = self._run_pass(password, left, handover)
            stopped = handover.current
            if error is None or error.code != "corrupt" or stopped is None:
                return error
            if password is not None and not handover.kept:
                return messages.locked(tried=True)
            sink.refuse(stopped, error)
            left.pop(stopped.name, None)
        return error

    def _run_pass(self, password: str | None, left: dict[str, Entry], handover: Handover) -> ReadError | None:
        try:
            with self._open(password) as archive:
                if password is None and archive.needs_password():
                    return messages.locked(tried=False)
                archive.extract(targets=list(left), factory=handover)
        except ReadError as error:
            return error
        except UnsupportedCompressionMethodError:
            return ReadError("unsupported", messages.UNKNOWN_METHOD)
        except PasswordRequired:
            return messages.locked(tried=False)
        except (ArchiveError, Exception):  # noqa: BLE001 - damaged streams lead the library to errors of any type
            return messages.damaged_member()
        return None


class Handover(WriterFactory):
    """Gives each member that py7zr opens a way into the sink. `current` is the one being written."""

    def __init__(self, left: dict[str, Entry], sink: Sink) -> None:
        self.left = left
        self.sink = sink
        self.by_path = {PurePosixPath(name).as_posix(): entry for name, entry in left.items()}
        self.current: Entry | None = None
        self.kept = 0

    def create(self, filename: str) -> Py7zIO:
        """A member is about to be written."""
        self.current = self.by_path[filename]
        return Stream(self.sink.start(self.current), self)

    def finish(self) -> None:
        """The member is complete."""
        if self.current is not None:
            self.sink.keep(self.current)
            self.left.pop(self.current.name)
            self.current = None
            self.kept += 1


class Stream(Py7zIO):
    """A receiver as py7zr wants it."""

    def __init__(self, receiver: Receiver, handover: Handover) -> None:
        self._receiver = receiver
        self._handover = handover
        self._size = 0

    def write(self, s: bytes | bytearray) -> int:
        """Hand on."""
        self._receiver.write(bytes(s))
        self._size += len(s)
        return len(s)

    def read(self, size: int | None = None) -> bytes:  # noqa: ARG002 - as the library calls it
        """Nothing: it is a way out."""
        return b""

    def seek(self, offset: int, whence: int = 0) -> int:  # noqa: ARG002 - as above
        """Only called when all is written."""
        return 0

    def flush(self) -> None:
        """Nothing is held back."""

    def size(self) -> int:
        """Bytes so far."""
        return self._size

    def close(self) -> None:
        """Only called where the checksum was right."""
        self._handover.finish()


def make_entry(key: int, file: py7zr.py7zr.ArchiveFile) -> Entry:
    """What the list says of a member."""
    return Entry(key, file.filename or "", int(file.uncompressed or 0), None, find_kind(file))


def find_kind(file: py7zr.py7zr.ArchiveFile) -> EntryKind:
    """By the attributes, in their Unix half where there is one."""
    attributes = int(file.file_properties().get("attributes") or 0)
    mode = attributes >> 16 if attributes & UNIX_MODE else 0
    if file.is_directory or (attributes & FOLDER and not attributes & REPARSE_POINT) or stat.S_ISDIR(mode):
        return "folder"
    if attributes & REPARSE_POINT or stat.S_ISLNK(mode):
        return "link"
    return "file" if stat.S_IFMT(mode) in {0, stat.S_IFREG} else "special"
