r"""Fields of a paragraph while they are followed, and the signs that an instruction draws without a stored result.

begin  PAGE  separate  3  end            → 3
begin  IF [begin REF x separate 5 end] = 5  separate  同  end   → 同     (a result inside an instruction is not shown)
begin  eq \o\ac(□,√)  end                → ☑                            (signs laid over each other)
begin  eq \o\ad(\s\up 9(がな),氏)  end    → 氏                            (a word with a phonetic guide over it)
begin  SYMBOL 254 \f "Wingdings"  end    → ☑
"""

from __future__ import annotations

import re
from typing import Generic, TypeVar

from gouji.readers.number_formats import CIRCLED
from gouji.readers.symbols import CROSSED, TICKED, decode_code

LIMIT_INSTRUCTION = 500
Origin = TypeVar("Origin")
LAST_CIRCLED = len(str(len(CIRCLED)))  # digits of the highest number in a circle
_OVERLAID = re.compile(r"\\o(?:\s*\\a[clr])?\s*\(([^,，;()]*)[,，;]([^()]*)\)", re.IGNORECASE)
_GUIDED = re.compile(r"\\o(?:\s*\\a[a-z]*)?\s*\(\s*\\s\s*\\up\s*\d*\s*\([^()]*\)\s*[,，;]\s*([^()]*)\)", re.IGNORECASE)
_SYMBOL_FIELD = re.compile(
    r"^\s*SYMBOL\s+(0x[0-9A-F]{1,5}|\d{1,6})(?:.*?\\f\s*\"?([^\"\\]+?)\"?\s*(?:\\|$))?", re.IGNORECASE
)
_TICKS = "√✓✔ü"
_CROSSES = "×✗✘xX"
_BOXES = "□☐口"
_CIRCLES = "○〇◯O"


class Field(Generic[Origin]):
    """One open field; `origin` is whatever its reader needs to draw it.

    `shown`: its result follows, be it empty; `printed`: some of it came (the .docx reader alone keeps this).
    """

    __slots__ = ("instruction", "origin", "printed", "shown")

    def __init__(self, origin: Origin) -> None:
        self.origin = origin
        self.instruction = ""
        self.shown = False
        self.printed = False


class Fields(Generic[Origin]):
    """The open fields of a paragraph, outermost first; `unshown` counts those still in their instruction.

    They end with the paragraph: an instruction never runs over its end in practice, and a `begin` that a
    damaged file never closes must not swallow the rest of the document.
    """

    __slots__ = ("open", "unshown")

    def __init__(self) -> None:
        self.open: list[Field[Origin]] = []
        self.unshown = 0

    def begin(self, origin: Origin) -> None:
        """A field begins: its instruction follows."""
        self.open.append(Field(origin))
        self.unshown += 1

    def separate(self) -> None:
        """The innermost field's result follows."""
        if self.open and not self.open[-1].shown:
            self.open[-1].shown = True
            self.unshown -= 1

    def end(self) -> Field[Origin] | None:
        """The innermost field, which ends here; None where none is open."""
        if not self.open:
            return None
        field = self.open.pop()
        self.unshown -= not field.shown
        return field

    def take_instruction(self, text: str) -> None:
        """Collect an instruction, as much as anything drawn needs."""
        if self.open and len(self.open[-1].instruction) < LIMIT_INSTRUCTION:
            self.open[-1].instruction += text[:LIMIT_INSTRUCTION]


def draw_instruction(text: str) -> str:
    """What an instruction draws by itself: overlaid characters, a word under its phonetic guide, a symbol by its code."""
    symbol = _SYMBOL_FIELD.match(text)
    if symbol:
        return decode_code(int(symbol[1], 16 if symbol[1][:2].lower() == "0x" else 10), symbol[2])
    if text.lstrip()[:2].lower() != "eq":
        return ""
    guided = _GUIDED.search(text)
    if guided:
        return guided[1]
    overlaid = _OVERLAID.search(text)
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
