"""One member of an archive, named by its path: what `explain` and the Python interface open.

报送/a.zip!/一股/b.rar!/报告.docx   →   its bytes; everything unpacked on the way is gone afterwards
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from gouji.export.leftovers import PLAIN, name_prefix
from gouji.model.errors import ReadError, UsageError
from gouji.pipeline.inputs import find_clutter
from gouji.readers.archives import ARCHIVES, Contents, Limits, Packed, unpack
from gouji.readers.sniff import sniff

if TYPE_CHECKING:
    from collections.abc import Sequence

INSIDE = "!/"
NO_ARCHIVE = "{name} 不是压缩包，里面没有 {member}。"
NO_MEMBER = "{name} 中没有 {member}。请用 gouji extract 查看压缩包里的文件。"


def split_path(path: str) -> tuple[Path, list[str]]:
    """The file on disk, and the members to descend into; a file of that very name has none."""
    if INSIDE not in path or Path(path).is_file():
        return Path(path), []
    outer, *inner = path.split(INSIDE)
    return Path(outer), inner


def read_inside(path: str, passwords: Sequence[str] = ()) -> bytes:
    """Bytes of a file, or of a member of an archive. Raises UsageError where there is none, ReadError where it is locked."""
    file, inner = split_path(path)
    with TemporaryDirectory(prefix=name_prefix(PLAIN), ignore_cleanup_errors=True) as workspace:
        name = file.name
        for depth, member in enumerate(inner):
            file = take_member(Packed(file, name, file.read_bytes(), passwords), member, Path(workspace) / str(depth))
            name = member.rpartition("/")[2]
        return file.read_bytes()


def take_member(packed: Packed, path: str, folder: Path) -> Path:
    """Where a member lies once its archive is unpacked."""
    kind = sniff(packed.data)
    if kind not in ARCHIVES:
        raise UsageError(NO_ARCHIVE.format(name=packed.name, member=path))
    contents = unpack(packed, kind, folder, limits=Limits(), skip=find_clutter)
    member = next((member for member in contents.members if member.path == path), None)
    if member is None or member.file is None:
        raise explain_absence(contents, packed.name, path)
    return Path(member.file)


def explain_absence(contents: Contents, name: str, path: str) -> ReadError | UsageError:
    """Why a member did not come out: its own failure, the archive's, or that there is none."""
    failures = [member.failure for member in contents.members if member.path == path]
    failure = next(iter(failures), contents.failure)
    if failure is None:
        return UsageError(NO_MEMBER.format(name=name, member=path))
    return ReadError(failure.code, failure.message)  # type: ignore[arg-type]
