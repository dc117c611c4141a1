"""One archive → its members in a folder of ours, as far as the limits allow.

entries ─┬ folder                     nothing
         ├ ~$报告.docx, __MACOSX/…    skipped, counted by reason
         ├ link, device, too large    Member with a failure
         └ file ─extract→ folder/7    Member with file and sha256
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, NamedTuple

from gouji.model.errors import ReadError
from gouji.model.result import Failure
from gouji.readers.archives import messages
from gouji.readers.archives.contents import Archive, Contents, Entry, Limits, Member
from gouji.readers.archives.names import clean_path

Skip = Callable[[str], str | None]


class Packed(NamedTuple):
    """An archive as received: where it lies, what it is called, its bytes, the passwords to try."""

    path: Path
    name: str
    data: bytes
    passwords: Sequence[str]


Opener = Callable[[Packed], Archive]


def _open_zip(packed: Packed) -> Archive:
    from gouji.readers.archives.zips import ZipArchive  # noqa: PLC0415 - each format loads with its first archive

    return ZipArchive(packed.data, packed.passwords)


def _open_rar(packed: Packed) -> Archive:
    from gouji.readers.archives.rars import RarArchive  # noqa: PLC0415 - as above

    return RarArchive(packed.path, packed.passwords)


def _open_seven_zip(packed: Packed) -> Archive:
    from gouji.readers.archives.sevenzips import SevenZipArchive  # noqa: PLC0415 - as above

    return SevenZipArchive(packed.data, packed.passwords)


def _open_tar(packed: Packed) -> Archive:
    from gouji.readers.archives.tars import TarArchive  # noqa: PLC0415 - as above

    return TarArchive(packed.data)


def _open_gzip(packed: Packed) -> Archive:
    from gouji.readers.archives.tars import GzipArchive  # noqa: PLC0415 - as above

    return GzipArchive(packed.data, packed.name)


# By the names that `sniff` gives.
ARCHIVES: dict[str, Opener] = {
    "zip": _open_zip,
    "damaged-zip": _open_zip,
    "rar": _open_rar,
    "7z": _open_seven_zip,
    "tar": _open_tar,
    "gzip": _open_gzip,
}


def unpack(packed: Packed, kind: str, folder: Path, *, limits: Limits, skip: Skip) -> Contents:
    """Unpack an archive into `folder`, which is made; never raises ReadError: trouble is in the answer.

    `skip` tells why a file or folder of a name is no submission. With several passwords each is tried.
    """
    folder.mkdir(parents=True, exist_ok=True)
    unpacking = Unpacking(folder, limits, skip, len(packed.data))
    failure: ReadError | None = None
    try:
        archive = ARCHIVES[kind](packed)
        unpacking.run(archive)
        failure = archive.damage
    except ReadError as error:
        failure = error
    if failure is None and not unpacking.members:
        failure = ReadError("empty", messages.EMPTY)
    return unpacking.to_contents(failure)


class MemberFile:
    """One member while it is written."""

    def __init__(self, path: Path, unpacking: Unpacking, packed: int | None) -> None:
        self.path = path
        self.size = 0
        self.hash = hashlib.sha256()
        self._unpacking = unpacking
        self._packed = packed
        self._file: BinaryIO = path.open("wb")

    def write(self, data: bytes) -> None:
        """Take the next bytes. Raises ReadError where they become too many."""
        self.size += len(data)
        self._unpacking.spend(len(data), self.size, self._packed)
        self.hash.update(data)
        self._file.write(data)

    def close(self) -> None:
        """Nothing more will come."""
        self._file.close()


class Unpacking:
    """The sink of one archive."""

    def __init__(self, folder: Path, limits: Limits, skip: Skip, packed: int) -> None:
        self.folder = folder
        self.limits = limits
        self.skip = skip
        self.packed = packed
        self.left = limits.total_bytes
        self.skipped: Counter[str] = Counter()
        self.members: dict[int, Member] = {}
        self._paths: dict[int, str] = {}
        self._taken: Counter[str] = Counter()
        self._open: dict[int, MemberFile] = {}

    def run(self, archive: Archive) -> None:
        """Take everything out that is wanted and allowed. Raises ReadError where the archive as a whole is refused."""
        entries = [entry for entry in archive.list_entries() if entry.kind != "folder" and self._is_wanted(entry)]
        if len(entries) > self.limits.members:
            raise ReadError("too_many", messages.TOO_MANY.format(limit=self.limits.members))
        wanted = [entry for entry in entries if self._is_allowed(entry)]
        try:
            archive.extract(wanted, self)
        except ReadError as error:
            self._refuse_rest(wanted, error)
        self._refuse_rest(wanted, messages.damaged_member())

    def _is_wanted(self, entry: Entry) -> bool:
        path = clean_path(entry.name) or f"未命名{entry.key + 1}"
        reason = next((reason for part in path.split("/") if (reason := self.skip(part)) is not None), None)
        if reason is not None:
            self.skipped[reason] += 1
            return False
        self._paths[entry.key] = self._number_repeat(path)
        return True

    def _number_repeat(self, path: str) -> str:
        """The second member of one path is 报告(2).docx."""
        self._taken[path] += 1
        count = self._taken[path]
        if count == 1:
            return path
        stem, dot, suffix = path.rpartition(".")
        numbered = f"{stem}({count}).{suffix}" if dot and "/" not in suffix else f"{path}({count})"
        return self._number_repeat(numbered)

    def _is_allowed(self, entry: Entry) -> bool:
        if entry.kind == "link":
            self.refuse(entry, ReadError("unsupported", messages.LINK))
        elif entry.kind == "special":
            self.refuse(entry, ReadError("unsupported", messages.SPECIAL))
        elif entry.size > self.limits.member_bytes:
            self.refuse(entry, self._member_too_large())
        else:
            return True
        return False

    def _refuse_rest(self, wanted: list[Entry], error: ReadError) -> None:
        for entry in wanted:
            if entry.key not in self.members:
                self.refuse(entry, error)

    # -- the sink ------------------------------------------------------------------------------------------------

    def start(self, entry: Entry) -> MemberFile:
        """Begin a member; one that is begun again begins anew."""
        self._drop(entry)
        file = MemberFile(self.folder / str(entry.key), self, entry.packed)
        self._open[entry.key] = file
        return file

    def keep(self, entry: Entry) -> None:
        """Close a complete member."""
        file = self._open.pop(entry.key)
        file.close()
        self.members[entry.key] = Member(self._paths[entry.key], file.size, str(file.path), file.hash.hexdigest())

    def refuse(self, entry: Entry, error: ReadError) -> None:
        """Record why a member did not come out."""
        self._drop(entry)
        path = self._paths[entry.key]
        self.members[entry.key] = Member(path, entry.size, failure=Failure(error.code, error.message))

    def _drop(self, entry: Entry) -> None:
        file = self._open.pop(entry.key, None)
        if file is not None:
            file.close()
            self.left += file.size
            with suppress(FileNotFoundError):
                file.path.unlink()

    def spend(self, count: int, size: int, packed: int | None) -> None:
        """Count bytes against every limit."""
        limits = self.limits
        self.left -= count
        if size > limits.member_bytes:
            raise self._member_too_large()
        if self.left < 0:
            raise ReadError("too_large", messages.TOTAL_TOO_LARGE.format(limit=limits.total_bytes >> 20))
        if size > limits.ratio_from and size > limits.ratio * max(1, self.packed if packed is None else packed):
            raise ReadError("too_large", messages.BOMB.format(ratio=limits.ratio))

    def _member_too_large(self) -> ReadError:
        return ReadError("too_large", messages.MEMBER_TOO_LARGE.format(limit=self.limits.member_bytes >> 20))

    def to_contents(self, failure: ReadError | None) -> Contents:
        """What came of the archive."""
        members = tuple(self.members[key] for key in sorted(self.members))
        whole = None if failure is None else Failure(failure.code, failure.message)
        return Contents(members, dict(self.skipped), whole)
