r"""Fields: the instruction is dropped, the result stays.

begin  PAGE  separate  3  end            → 3
begin  IF [begin REF x separate 5 end] = 5  separate  同  end   → 同     (a result inside an instruction is not shown)
begin  FORMCHECKBOX  end                 → ☑ or ☐, as its settings say   (Word draws these; no text is stored)
begin  FORMDROPDOWN  separate  end       → 良, the chosen entry           (likewise; its result is there, but empty)
begin  eq \o\ac(□,√)  end                → ☑                            (drawn in readers/fields.py)
"""

from __future__ import annotations

from lxml.etree import _Element

from gouji.readers.docx.names import VAL, W, is_on, to_int
from gouji.readers.fields import Field, Fields, draw_instruction
from gouji.readers.symbols import TICKED, UNTICKED

FORM_DATA, CHECK_BOX, CHECKED, DEFAULT = W + "ffData", W + "checkBox", W + "checked", W + "default"
DROP_DOWN, ENTRY, RESULT = W + "ddList", W + "listEntry", W + "result"
FIELD_CHAR_TYPE = W + "fldCharType"


def follow_char(fields: Fields[_Element], char: _Element) -> str:
    """Follow a w:fldChar; what a field shows that stores no result."""
    kind = char.get(FIELD_CHAR_TYPE)
    if kind == "begin":
        fields.begin(char)
    elif kind == "separate":
        fields.separate()
    elif kind == "end" and (field := fields.end()) is not None:
        return draw_field(field)
    return ""


def draw_field(field: Field[_Element]) -> str:
    """What Word draws for a field without a stored result."""
    data = field.origin.find(FORM_DATA)
    box = None if data is None else data.find(CHECK_BOX)
    if box is not None:
        return TICKED if is_checked(box) else UNTICKED
    drop_down = None if data is None else data.find(DROP_DOWN)
    if drop_down is not None:
        return "" if field.printed else read_choice(drop_down)
    return "" if field.shown else draw_instruction(field.instruction)


def is_checked(box: _Element) -> bool:
    """State of a form's check box: set by hand, else its default."""
    state = box.find(CHECKED)
    if state is None:
        state = box.find(DEFAULT)
    return state is not None and is_on(state.get(VAL))


def read_choice(drop_down: _Element) -> str:
    """The chosen entry of a form's list."""
    entries = [entry.get(VAL) or "" for entry in drop_down.iterchildren(ENTRY)]
    chosen = drop_down.find(RESULT)
    if chosen is None:
        chosen = drop_down.find(DEFAULT)
    index = 0 if chosen is None else to_int(chosen.get(VAL), 0, 0, len(entries))
    return entries[index] if index < len(entries) else ""
