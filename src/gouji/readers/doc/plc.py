"""PLC, the table that all structures by character are kept in.

CP 0 │ CP 1 │ … │ CP n │ item 1 │ … │ item n       item i belongs to the characters [CP i-1, CP i)
"""

from __future__ import annotations

import struct


def read_plc(plc: bytes, size: int) -> list[tuple[int, int, bytes]]:
    """Start, end and item of each entry; items are `size` bytes long, possibly 0."""
    count = (len(plc) - 4) // (4 + size)
    if count < 1:
        return []
    bounds = struct.unpack_from(f"<{count + 1}I", plc, 0)
    first = 4 * (count + 1)
    return [
        (bounds[index], bounds[index + 1], plc[first + size * index : first + size * (index + 1)])
        for index in range(count)
    ]
