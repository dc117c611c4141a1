"""Text boxes: their texts lie in a part of their own, their shapes are anchored in the text.

PlcftxbxTxt  CPs │ FTXBXS: … shape number …        PlcSpa  CPs of the anchors │ FSPA: shape number, …
→ {anchor: [(start, end), …]}; boxes without an anchor (inside a line, in a group) come after all others
"""

from __future__ import annotations

import struct

import msgspec

from gouji.readers.doc.plc import read_plc

FTXBXS, SHAPE_IN_TEXT = 22, 14
FSPA = 26
Box = tuple[int, int]


class Boxes(msgspec.Struct, frozen=True):
    """Ranges of text by the CP of their anchor; `loose` ones have none."""

    anchored: dict[int, list[Box]]
    loose: list[Box]


def read_boxes(texts: bytes, shapes: bytes, texts_start: int, anchors_start: int) -> Boxes:
    """The text boxes of the body or of the headers."""
    by_shape: dict[int, list[Box]] = {}
    for start, end, item in read_plc(texts, FTXBXS):
        (shape,) = struct.unpack_from("<I", item, SHAPE_IN_TEXT)
        if start < end and shape:
            by_shape.setdefault(shape, []).append((texts_start + start, texts_start + end))
    anchored: dict[int, list[Box]] = {}
    for anchor, _, item in read_plc(shapes, FSPA):
        (shape,) = struct.unpack_from("<I", item, 0)
        if shape in by_shape:
            anchored.setdefault(anchors_start + anchor, []).extend(by_shape.pop(shape))
    return Boxes(anchored, [box for boxes in by_shape.values() for box in boxes])
