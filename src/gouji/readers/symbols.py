"""Characters of symbol fonts (Wingdings and the like) as Unicode.

    <w:sym w:font="Wingdings 2" w:char="F052"/> → ☑        an unknown one → ※, so that it is seen

Such a font keeps its glyphs at 0x20–0xFF, in Word files also at U+F020–U+F0FF. Boxes and ticks of different looks
become the three everybody prints: ☐ ☑ ☒.
"""

from __future__ import annotations

import re

UNKNOWN = "※"
TICKED, CROSSED, UNTICKED = "☑", "☒", "☐"


def _run(first: int, text: str) -> dict[int, str]:
    return {first + offset: char for offset, char in enumerate(text)}


_WINGDINGS = (
    _run(0x6C, "●❍■☐☐☐☐◆◆◆❖◆") | _run(0x80, "⓪①②③④⑤⑥⑦⑧⑨⑩⓿❶❷❸❹❺❻❼❽❾❿")
    | _run(0xD5, "⌫⌦➢➢➢➢➲") | _run(0xDF, "←→↑↓↖↗↙↘") | _run(0xEF, "⇦⇨⇧⇩⬄⇳")
    | {
        0x20: " ", 0x21: "✏", 0x22: "✂", 0x28: "☎", 0x29: "✆", 0x2A: "✉", 0x36: "⌛", 0x45: "☜", 0x46: "☞",
        0x4A: "☺", 0x4B: "😐", 0x4C: "☹", 0x56: "✞", 0x58: "✠", 0x5B: "☯", 0x76: "❖", 0x77: "◆", 0x78: CROSSED, 0x7B: "❀", 0x7C: "✿",
        0x7D: "❝", 0x7E: "❞", 0x9E: "·", 0x9F: "•", 0xA0: "▪", 0xA1: "○", 0xA4: "◉", 0xA5: "◎", 0xA7: "▪", 0xA8: UNTICKED,
        0xAB: "★", 0xAC: "✦", 0xB6: "☆", 0xFB: "✗", 0xFC: "✓", 0xFD: CROSSED, 0xFE: TICKED,
    }
)  # fmt: skip
_WINGDINGS_2 = (
    _run(0x69, "⓪①②③④⑤⑥⑦⑧⑨⑩⓿❶❷❸❹❺❻❼❽❾❿")
    | {
        0x20: " ", 0x4F: "✗", 0x50: "✓", 0x51: CROSSED, 0x52: TICKED, 0x53: CROSSED, 0x54: CROSSED,
        0x97: "●", 0x98: "●", 0x99: "○", 0x9A: "○", 0x9E: "⦿", 0xA1: "■", 0xA2: "■", 0xA3: UNTICKED, 0xA4: UNTICKED, 0xA5: UNTICKED,
    }
)  # fmt: skip
_WINGDINGS_3 = _run(0x22, "↔↕") | {
    0x20: " ",
    0x70: "▲",
    0x71: "▼",
    0x72: "△",
    0x73: "▽",
    0x74: "◄",
    0x75: "►",
    0x76: "◁",
    0x77: "▷",
    0x7D: "▶",
}
_WEBDINGS = {
    0x20: " ", 0x33: "◀", 0x34: "▶", 0x35: "▲", 0x36: "▼", 0x3D: "■", 0x61: "✓", 0x63: UNTICKED, 0x67: "■", 0x6E: "●", 0x72: "✗", 0x73: "?",
}  # fmt: skip
_SYMBOL = (
    _run(0x20, " !∀#∃%&∍()*+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼")
    | _run(0xA0, "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…") | _run(0xC0, "ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑")
)  # fmt: skip
FONTS: dict[str, dict[int, str]] = {
    "wingdings": _WINGDINGS,
    "wingdings 2": _WINGDINGS_2,
    "wingdings 3": _WINGDINGS_3,
    "webdings": _WEBDINGS,
    "symbol": _SYMBOL,
}
FONT_WORDS = (b"dings", b'"Symbol"')
_PRIVATE_BYTES = re.compile(rb"\xef[\x80-\x83]")  # U+F000–U+F0FF in UTF-8
_PRIVATE_SIGN = re.compile("[\uf000-\uf0ff]")
_PRIVATE = range(0xE000, 0xF900)


def is_symbol_font(font: str | None) -> bool:
    """Whether the font keeps signs where others keep letters."""
    return font is not None and font.strip().lower() in FONTS


def decode_symbol(char: str | None, font: str | None) -> str:
    """The sign of a w:sym (`char` is hexadecimal); ※ where it is not known."""
    try:
        code = int(char or "", 16)
    except ValueError:
        return UNKNOWN
    return decode_code(code, font)


def decode_code(code: int, font: str | None) -> str:
    """The sign at a code of a font, letters of ordinary fonts as they are."""
    table = FONTS.get((font or "").strip().lower())
    if table is not None:
        return table.get(code & 0xFF if 0xF000 <= code <= 0xF0FF or code < 0x100 else code, UNKNOWN)
    if code in _PRIVATE:
        return _WINGDINGS.get(code & 0xFF, UNKNOWN) if 0xF000 <= code <= 0xF0FF else UNKNOWN
    return chr(code) if 0x20 <= code < 0x110000 and not 0xD800 <= code < 0xE000 else UNKNOWN


def decode_text(text: str, font: str | None) -> str:
    """Text typed in a symbol font, or with its private characters, as signs."""
    if is_symbol_font(font):
        return "".join(_decode_typed(char, font) for char in text)
    if has_private(text):
        return "".join(decode_code(ord(char), font) if "\uf000" <= char <= "\uf0ff" else char for char in text)
    return text


def has_private(text: str | None) -> bool:
    """Whether a text has characters of the range that symbol fonts use."""
    return text is not None and _PRIVATE_SIGN.search(text) is not None


def _decode_typed(char: str, font: str | None) -> str:
    """Only Latin and private characters are drawn in the symbol font; Chinese ones come from another."""
    code = ord(char)
    return decode_code(code, font) if 0x20 <= code < 0x100 or 0xF000 <= code <= 0xF0FF else char


def has_symbol_fonts(data: bytes) -> bool:
    """Whether a part may hold characters of symbol fonts: by the fonts' names, or characters of the private range."""
    return any(word in data for word in FONT_WORDS) or _PRIVATE_BYTES.search(data) is not None
