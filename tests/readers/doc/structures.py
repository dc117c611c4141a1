"""Builders of what a .doc keeps beside its text: fonts, styles, lists.

style_sheet(style(0xFFF), style(0, character=HIDDEN))        lists([level("%1、", CHINESE)])        uses(use(0))
"""

from __future__ import annotations

import struct

from readers.doc.worddoc import P, p, sprm

CHINESE, BULLET = 39, 23


def font_table(*names: str) -> bytes:
    """SttbfFfn: 39 bytes of looks, then the name."""
    fonts = [bytes(39) + name.encode("utf-16-le") + b"\0\0" for name in names]
    return struct.pack("<HH", len(fonts), 0) + b"".join(bytes([len(font)]) + font for font in fonts)


def style(base: int, paragraph: bytes = b"", character: bytes = b"", kind: int = 1) -> bytes:
    """An STD with a one-letter name."""
    upx = [struct.pack("<H", 0) + paragraph, character] if kind == 1 else [character]
    std = struct.pack("<HHHHH", 0, base << 4 | kind, len(upx), 0, 0) + struct.pack("<HHH", 1, ord("s"), 0)
    for modifiers in upx:
        std += bytes(len(std) & 1) + struct.pack("<H", len(modifiers)) + modifiers
    return std


def style_sheet(*styles: bytes) -> bytes:
    packed = b"".join(struct.pack("<H", len(std)) + std + bytes(len(std) & 1) for std in styles)
    return struct.pack("<HHH", 4, len(styles), 10) + packed


def level(text: str, nfc: int = 0, start: int = 1, flags: int = 0, restart: int = 0, grpprl: bytes = b"") -> bytes:
    """An LVL; %1 in the text stands for the number of the first level."""
    for index in range(1, 10):
        text = text.replace(f"%{index}", chr(index - 1))
    head = struct.pack("<iBB9xB8xBBBB", start, nfc, flags, 0, len(grpprl), 0, restart, 0)
    return head + grpprl + struct.pack("<H", len(text)) + text.encode("utf-16-le")


def lists(*levels_of: list[bytes], styles: tuple[int, ...] = ()) -> bytes:
    """PlfLst with the levels behind it; one level makes a simple list. `styles` are those of the first list."""
    heads, tails = b"", b""
    for index, levels in enumerate(levels_of):
        numbers = [*(styles if index == 0 else ()), *[0xFFF] * 9][:9]
        heads += struct.pack("<II9HBB", 100 + index, 0, *numbers, int(len(levels) == 1), 0)
        filled = levels if len(levels) == 1 else [*levels, *[level("")] * 9][:9]
        tails += b"".join(filled)
    return struct.pack("<H", len(levels_of)) + heads + tails


def use(of: int, *overrides: bytes) -> tuple[bytes, bytes]:
    """An LFO of a list and its data."""
    return struct.pack("<I8xB3x", 100 + of, len(overrides)), struct.pack("<I", 0xFFFFFFFF) + b"".join(overrides)


def uses(*made: tuple[bytes, bytes]) -> bytes:
    return struct.pack("<I", len(made)) + b"".join(head for head, _ in made) + b"".join(tail for _, tail in made)


def item(number: int, depth: int = 0, text: str = "", style_number: int = 0, mark: bytes = b"") -> P:
    grpprl = struct.pack("<Hh", 0x460B, number) + sprm(0x260A, depth)
    return p(text, grpprl=grpprl, style=style_number, mark=mark)


CHAPTERS = lists([level("%1、", CHINESE), level("（%2）", CHINESE), level("%1.%3", flags=4)])
