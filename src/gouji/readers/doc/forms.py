"""Form fields: Word draws them from settings in the Data stream, no text is stored.

NilPICFAndBinData = size, size of the head │ FFData: FFFFFFFF bits(kind 2, result 5, …) – – name [default] …
FORMCHECKBOX → ☑ ☐        FORMDROPDOWN → the chosen entry of its list
"""

from __future__ import annotations

import struct

from gouji.readers.symbols import TICKED, UNTICKED

CHECK_BOX, DROP_DOWN = 1, 2
MARK = 0xFFFFFFFF
UNDECIDED = 25
RESULT_BITS = 0x1F
HEAD = 10  # of FFData, up to its name
TEXTS_BEHIND = 5  # format, help, status, macros of entry and exit
LIMIT_ENTRIES = 1000


def draw_form_field(data: bytes, at: int) -> str:
    """What the field at an offset of the Data stream shows, "" where it stores its text."""
    size, head = struct.unpack_from("<iH", data, at)
    settings = data[at + head : at + max(size, 0)]
    mark, bits = struct.unpack_from("<IH", settings, 0)
    kind, result = bits & 3, bits >> 2 & RESULT_BITS
    if mark != MARK or kind not in (CHECK_BOX, DROP_DOWN):
        return ""
    behind_name = skip_text(settings, HEAD)
    if result == UNDECIDED:
        (result,) = struct.unpack_from("<H", settings, behind_name)
    if kind == CHECK_BOX:
        return TICKED if result else UNTICKED
    entries = read_entries(settings, behind_name + 2)
    return entries[result] if result < len(entries) else ""


def skip_text(settings: bytes, at: int) -> int:
    """Behind a text: its length, its characters, a zero."""
    return at + 2 + 2 * int.from_bytes(settings[at : at + 2], "little") + 2


def read_entries(settings: bytes, at: int) -> list[str]:
    """The list of a drop-down field, behind the texts of its settings."""
    for _ in range(TEXTS_BEHIND):
        at = skip_text(settings, at)
    _, count, extra = struct.unpack_from("<HHH", settings, at)
    at += 6
    entries = []
    for _ in range(min(count, LIMIT_ENTRIES)):
        length = int.from_bytes(settings[at : at + 2], "little")
        entries.append(settings[at + 2 : at + 2 + 2 * length].decode("utf-16-le", "replace"))
        at += 2 + 2 * length + extra
    return entries
