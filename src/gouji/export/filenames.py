r"""File names made of what a submission says: always one plain name that every system can hold.

../../局:长?.docx   →  ．．／．．／局：长？.docx      a path-like name is no path
CON.docx            →  CON_.docx                       a device to Windows
很…长（10,000 字）  →  cut, with a short digest        two long names stay two
同名                →  同名(2)                         names that differ only in case are the same to Windows
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

from gouji.export.plain import clean_text

NAME_LENGTH = 80
NAME_BYTES = 200  # of UTF-8: most file systems hold 255, and a suffix and a number come on top
# Full-width twins of what no name may hold, and of what a link to the file would be cut at.
_WIDE = str.maketrans('\\/:*?"<>|#%', "＼／：＊？＂＜＞｜＃％")
_RESERVED = re.compile(r"^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?=$|\.)", re.IGNORECASE)
_DIGEST = 8


def make_name(text: str, fallback: str = "未命名") -> str:
    """One part of a path out of any text; `fallback` where nothing of it can stand in a name."""
    name = " ".join(unicodedata.normalize("NFC", clean_text(text)).split()).translate(_WIDE)
    name = re.sub(r"^\.+|[. ]+$", lambda dots: "．" * dots[0].count("."), name)
    name = _RESERVED.sub(lambda match: f"{match[0]}_", name)
    return _cut(name) or fallback


def _cut(name: str) -> str:
    if len(name) <= NAME_LENGTH and len(name.encode()) <= NAME_BYTES:
        return name
    stem, dot, suffix = name.rpartition(".")
    suffix = dot + suffix if stem and len(suffix) <= _DIGEST else ""
    mark = "~" + hashlib.sha256(name.encode()).hexdigest()[:_DIGEST] + suffix
    kept = (stem if suffix else name)[: NAME_LENGTH - len(mark)]
    while len((kept + mark).encode()) > NAME_BYTES:
        kept = kept[:-1]
    return kept + mark


def mirror_path(path: str, suffix: str) -> str:
    """The path of a source as a path of ours, with a suffix of ours: `一股/a.zip!/报告.doc`, .docx → `一股/a.zip/报告.doc.docx`."""
    *folders, name = [part for part in path.replace("!/", "/").split("/") if part not in ("", ".")]
    shown = name if name.lower().endswith(suffix) else name + suffix
    return "/".join([*(make_name(folder) for folder in folders), make_name(shown)])


class NameBook:
    """Names given so far; the same name again gets a number."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, path: str) -> str:
        """The path itself, or with (2), (3) … before its suffix."""
        head, dot, suffix = path.rpartition(".")
        if not dot or "/" in suffix:
            head, suffix = path, ""
        taken, count = path, 1
        while taken.casefold() in self._taken:
            count += 1
            taken = f"{head}({count}){dot if suffix else ''}{suffix}"
        self._taken.add(taken.casefold())
        return taken
