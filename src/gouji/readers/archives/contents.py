"""What goes into the unpacking of an archive and what comes out of it.

Entry     as the archive lists it                     name 一股/报告.docx, size 44515, encrypted …
Limits    how much may come out
Member    one file that came out, or why it did not   file "/…/3", sha256 … | failure
Contents  all of them, and what is wrong with the archive as a whole
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, Protocol

import msgspec

from gouji.model.errors import ReadError
from gouji.model.result import Failure

EntryKind = Literal["file", "folder", "link", "special"]


class Entry(msgspec.Struct, frozen=True):
    """One entry of the archive's own list. `key` is how the format's module finds it again; sizes are as claimed."""

    key: int
    name: str
    size: int
    packed: int | None = None
    kind: EntryKind = "file"
    encrypted: bool = False


class Limits(msgspec.Struct, frozen=True):
    """What may come out of one archive. `ratio` counts only from `ratio_from` bytes on: small texts pack very well."""

    members: int = 2000
    member_bytes: int = 300 << 20
    total_bytes: int = 1 << 30
    ratio: int = 200
    ratio_from: int = 16 << 20


class Member(msgspec.Struct, frozen=True):
    """`path` inside the archive ("/" between folders); `file` is where its bytes lie, None where they do not."""

    path: str
    size: int
    file: str | None = None
    sha256: str | None = None
    failure: Failure | None = None


class Contents(msgspec.Struct, frozen=True):
    """The members in the archive's order, what was left out by reason, and what is wrong with the whole."""

    members: tuple[Member, ...]
    skipped: dict[str, int]
    failure: Failure | None = None


class Receiver(Protocol):
    """Takes one member's bytes. `write` raises ReadError where they become too many."""

    def write(self, data: bytes) -> None:
        """Take the next bytes."""


class Sink(Protocol):
    """What a format's module hands the members to: each is started, then kept or refused."""

    def start(self, entry: Entry) -> Receiver:
        """Begin a member."""

    def keep(self, entry: Entry) -> None:
        """The member is complete and its checksum right."""

    def refuse(self, entry: Entry, error: ReadError) -> None:
        """The member did not come out; whatever was written of it is dropped."""


class Archive(Protocol):
    """One open archive. `damage` tells what is wrong with the whole although some of it can be read."""

    damage: ReadError | None

    def list_entries(self) -> list[Entry]:
        """Everything in it, in its own order."""

    def extract(self, wanted: list[Entry], sink: Sink) -> None:
        """Hand the wanted entries to the sink; raises ReadError only where nothing more can come."""


def deliver(entry: Entry, pieces: Iterator[bytes], sink: Sink) -> None:
    """Write a member's bytes into the sink; whatever goes wrong is that member's own failure."""
    try:
        receiver = sink.start(entry)
        for piece in pieces:
            receiver.write(piece)
    except ReadError as error:
        sink.refuse(entry, error)
    else:
        sink.keep(entry)
