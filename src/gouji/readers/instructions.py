r"""Signs that the instruction of a field draws by itself, without a stored result.

eq \o\ac(□,√)                 → ☑      signs laid over each other
SYMBOL 254 \f "Wingdings"     → ☑
"""

from __future__ import annotations

import re

from gouji.readers.number_formats import CIRCLED
from gouji.readers.symbols import CROSSED, TICKED, decode_code

LIMIT_INSTRUCTION = 500
LAST_CIRCLED = len(str(len(CIRCLED)))  # digits of the highest number in a circle
_OVERLAID = re.compile(r"\\o(?:\s*\\a[clr])?\s*\(([^,，;()]*)[,，;]([^()]*)\)", re.IGNORECASE)
_SYMBOL_FIELD = re.compile(
    r"^\s*SYMBOL\s+(0x[0-9A-F]{1,5}|\d{1,6})(?:.*?\\f\s*\"?([^\"\\]+?)\"?\s*(?:\\|$))?", re.IGNORECASE
)
_TICKS = "√✓✔ü"
_CROSSES = "×✗✘xX"
_BOXES = "□☐口"
_CIRCLES = "○〇◯O"


def draw_instruction(text: str) -> str:
    """Signs that an instruction draws by itself: overlaid characters, a symbol by its code."""
    symbol = _SYMBOL_FIELD.match(text)
    if symbol:
        return decode_code(int(symbol[1], 16 if symbol[1][:2].lower() == "0x" else 10), symbol[2])
    overlaid = _OVERLAID.search(text) if text.lstrip()[:2].lower() == "eq" else None
    return lay_over(overlaid[1].strip(), overlaid[2].strip()) if overlaid else ""


def lay_over(below: str, above: str) -> str:
    """□ and √ → ☑, ○ and 3 → ③; other pairs stand side by side."""
    for box, sign in ((below, above), (above, below)):
        if box in _BOXES and sign in _TICKS and box and sign:
            return TICKED
        if box in _BOXES and sign in _CROSSES and box and sign:
            return CROSSED
        if box in _CIRCLES and box and sign.isdecimal() and len(sign) <= LAST_CIRCLED and 0 < int(sign) <= len(CIRCLED):
            return CIRCLED[int(sign) - 1]
    return below + above
