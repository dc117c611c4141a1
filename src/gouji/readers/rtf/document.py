r"""The whole of an RTF file: what each word does to the group it stands in, and where text goes.

{\header …}  {\footnote …}  {\shptxt …}       stories of their own
{\listtext 一、\tab}                           the paragraph's number
{\field{\*\fldinst PAGE}{\fldrslt 3}}          3
{\v hidden}  {\deleted gone}                   left out, noticed (R4, R1)
{\*\anything unknown …}  {\pict …}             skipped
\u25910\'b2\'bf                                the character; \ucN bytes that stand in for it are skipped
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable

from gouji.model.document import Document
from gouji.model.errors import ReadError
from gouji.model.locator import Story
from gouji.readers.fields import draw_instruction
from gouji.readers.flow import Counters
from gouji.readers.notices import Notes, write_notices
from gouji.readers.rtf.fonts import Font, find_page
from gouji.readers.rtf.tokens import Token, iter_tokens, make_pattern
from gouji.readers.rtf.writer import GO_ON, START, Writer
from gouji.readers.story import StoryBuilder
from gouji.readers.symbols import TICKED, UNTICKED, decode_text, has_private

STORIES: tuple[Story, ...] = ("body", "header", "footer", "footnote", "textbox")
LIMIT_GROUPS = 2000
LIMIT_INSTRUCTION = 500
NO_CHOICE = 25  # \ffres: the form's default holds
CHECK_BOX = 1
CORRUPT = "RTF 文件已损坏，无法读取；请用 WPS 或 Word 打开后另存为 .docx 再提交。"
SIGNS = {
    b"tab": "\t", b"line": "\n", b"lbr": "\n", b"page": "\f", b"column": "\f", b"emdash": "—", b"endash": "–",
    b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”", b"bullet": "•", b"emspace": "\u2003",
    b"enspace": "\u2002", b"qmspace": "\u2005",
}  # fmt: skip
SYMBOLS = {b"~": "\u00a0", b"_": "-", b"\\": "\\", b"{": "{", b"}": "}", b"\t": "\t"}
TO_STORY: dict[bytes, Story] = {
    b"header": "header", b"headerl": "header", b"headerr": "header", b"headerf": "header",
    b"footer": "footer", b"footerl": "footer", b"footerr": "footer", b"footerf": "footer",
    b"footnote": "footnote", b"shptxt": "textbox",
}  # fmt: skip
SKIPPED = frozenset(
    b"colortbl stylesheet info pict objclass objname objdata sp shprslt nonesttables annotation atnid atnauthor atnref "
    b"atndate xe tc rxe txe pnseclvl filetbl revtbl rsidtbl generator template buptim creatim".split()
)
STARRED = frozenset({b"shpinst", b"nesttableprops", b"fldinst", b"formfield", *TO_STORY})
CONTROLS = re.compile("[\x00-\x08\x0b\x0d-\x1f\x7f]")


class Group:
    """What a group inherits from the one around it. `into` says where its text goes."""

    __slots__ = ("deleted", "field", "font", "hidden", "intbl", "into", "itap", "nested", "uc", "writer")

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.into = "text"  # text, number, fonts, instruction, form, skip
        self.font: int | None = None
        self.uc = 1
        self.hidden = self.deleted = self.intbl = self.nested = False
        self.itap = 0
        self.field: Field | None = None

    @property
    def level(self) -> int:
        """The table level of its paragraphs."""
        return max(self.itap, 1) if self.intbl or self.itap else 0


class Field:
    """A field: its instruction, whether a result was shown, the settings of a form's check box."""

    __slots__ = ("default", "instruction", "kind", "result", "shown")

    def __init__(self) -> None:
        self.instruction = ""
        self.shown = False
        self.kind: int | None = None
        self.result: int | None = None
        self.default = 0

    def draw(self) -> str:
        """What it shows without a stored result."""
        if self.kind == CHECK_BOX:
            chosen = self.default if self.result in (None, NO_CHOICE) else self.result
            return TICKED if chosen else UNTICKED
        return "" if self.shown else draw_instruction(self.instruction)


def read_rtf(data: bytes) -> Document:
    """Read an RTF file. Raises ReadError "corrupt" or "too_large"."""
    return RtfReader().read(data)


class RtfReader:
    """Follows the tokens of one file."""

    def __init__(self) -> None:
        self._notes = Notes()
        self._stories = {story: StoryBuilder(story) for story in STORIES}
        counters = Counters()
        self._writers = {name: Writer(story, self._notes, counters) for name, story in self._stories.items()}
        self._group = Group(self._writers["body"])
        self._outer: list[Group] = []
        self._fonts: dict[int, Font] = {}
        self._default_font: int | None = None
        self._codec = "cp1252"
        self._bytes = bytearray()
        self._skip = 0  # stand-ins still to come after a \u

    def read(self, data: bytes) -> Document:
        """The document with all its stories and notices."""
        for token in iter_tokens(data, PATTERN):
            if token.kind not in ("hex", "text"):
                self._flush_bytes()
            HANDLERS[token.kind](self, token)
        self._flush_bytes()
        for writer in self._writers.values():
            writer.flush()
        if not any(story.blocks for story in self._stories.values()) and b"\\par" not in data:
            raise ReadError("corrupt", CORRUPT)
        parts = tuple(story.to_part() for story in self._stories.values() if story.blocks or story.story == "body")
        return Document("rtf", parts, write_notices(self._notes, [], parts))

    # -- groups --------------------------------------------------------------------------------------------------

    def open_group(self, _token: Token) -> None:
        """A brace: the state is inherited."""
        self._skip = 0
        if len(self._outer) > LIMIT_GROUPS:
            raise ReadError("too_large", CORRUPT)
        self._outer.append(self._group)
        self._group = copy.copy(self._group)

    def close_group(self, _token: Token) -> None:
        """The state from before the group comes back."""
        self._skip = 0
        if not self._outer:
            return
        inner, self._group = self._group, self._outer.pop()
        if inner.writer is not self._group.writer:
            inner.writer.flush()
        if inner.field is not None and inner.field is not self._group.field:
            self._emit(inner.field.draw())

    # -- text ----------------------------------------------------------------------------------------------------

    def take_bytes(self, token: Token) -> None:
        """Text, or a byte of it in hexadecimal: characters may need several."""
        raw = token.raw
        if self._skip:
            gone = min(self._skip, len(raw))
            self._skip -= gone
            raw = raw[gone:]
        self._bytes += raw

    def _flush_bytes(self) -> None:
        if not self._bytes:
            return
        raw, self._bytes = bytes(self._bytes), bytearray()
        if self._group.into == "skip":
            return
        symbols = self._find_symbols()
        self._emit(raw.decode("latin-1" if symbols else self._find_codec(), "replace"))

    def _find_font(self) -> Font | None:
        number = self._group.font if self._group.font is not None else self._default_font
        return None if number is None else self._fonts.get(number)

    def _find_codec(self) -> str:
        font = self._find_font()
        return self._codec if font is None or self._group.into == "fonts" else font.find_codec(self._codec)

    def _find_symbols(self) -> str | None:
        font = self._find_font()
        return None if font is None or self._group.into != "text" else font.find_symbols()

    def _emit(self, text: str) -> None:
        """Text goes where its group says."""
        group = self._group
        if not text or group.into in ("skip", "form"):
            return
        if group.into == "fonts":
            if group.font is not None:
                self._fonts[group.font].name += text
        elif group.into == "instruction":
            if group.field is not None and len(group.field.instruction) < LIMIT_INSTRUCTION:
                group.field.instruction += text[:LIMIT_INSTRUCTION]
        elif group.deleted or group.hidden:
            if text.strip():
                group.writer.note("R1" if group.deleted else "R4")
        else:
            self._write(text, group)

    def _write(self, text: str, group: Group) -> None:
        symbols = self._find_symbols()
        if symbols is not None or has_private(text):
            text = decode_text(text, symbols)
        text = CONTROLS.sub("", text)
        if group.field is not None and text.strip():
            group.field.shown = True
        if group.into == "number":
            group.writer.add_number(text)
        else:
            group.writer.add_text(text)

    def take_symbol(self, token: Token) -> None:
        r"""A control symbol; \ at a line's end is \par."""
        if self._skip:
            self._skip -= 1
        elif token.raw in b"\r\n":
            self._end_paragraph()
        else:
            self._emit(SYMBOLS.get(token.raw, ""))

    # -- words ---------------------------------------------------------------------------------------------------

    def take_word(self, token: Token) -> None:
        """A control word."""
        word, number = token.raw, token.number
        if self._skip:
            self._skip -= 1
            return
        starred = token.kind == "star"
        if self._group.into == "skip" or (starred and word not in STARRED) or word in SKIPPED:
            self._group.into = "skip"
        elif word in SIGNS:
            self._emit(SIGNS[word])
        elif word in TO_STORY:
            self._enter_story(TO_STORY[word])
        elif (do := WORDS.get(word)) is not None:
            do(self, number)

    def _enter_story(self, story: Story) -> None:
        group = self._group
        group.writer, group.into = self._writers[story], "text"
        group.intbl, group.itap, group.nested, group.field = False, 0, False, None
        group.writer.flush()

    def _end_paragraph(self) -> None:
        group = self._group
        if group.into in ("text", "number"):
            if group.deleted:
                group.writer.note("R1")
            elif group.into == "text":
                group.writer.end_paragraph(group.level)

    def take_unicode(self, number: int | None) -> None:
        r"""A \u: negative numbers count from 65536 down."""
        self._emit(chr((number or 0) & 0xFFFF))
        self._skip = self._group.uc

    def take_font(self, number: int | None) -> None:
        r"""A \f: in the font table the font that is being described."""
        self._group.font = number or 0
        if self._group.into == "fonts":
            self._fonts.setdefault(number or 0, Font())

    def set_font(self, field: str, number: int | None) -> None:
        """A property of the font that is being described."""
        if self._group.into == "fonts" and self._group.font is not None and number is not None:
            setattr(self._fonts[self._group.font], field, number)

    def end_cell(self, level: int) -> None:
        r"""A \cell or \nestcell."""
        if self._group.into == "text":
            self._group.writer.end_cell(level)

    def end_row(self, level: int) -> None:
        r"""A \row or \nestrow."""
        if self._group.into == "text":
            self._group.writer.end_row(level)

    def shape_level(self) -> int:
        """Which level the words of a row's definition speak of."""
        return max(self._group.itap, 2) if self._group.nested else 1

    def set_toggle(self, name: str, number: int | None) -> None:
        """A property that 0 turns off."""
        setattr(self._group, name, number != 0)

    def reset_characters(self) -> None:
        r"""A \plain."""
        group = self._group
        group.hidden = group.deleted = False
        group.font = None

    def reset_paragraph(self) -> None:
        r"""A \pard."""
        self._group.intbl, self._group.itap = False, 0

    def set_codec(self, number: int | None) -> None:
        r"""An \ansicpg."""
        self._codec = find_page(number or 0) or self._codec

    def set_default_font(self, number: int | None) -> None:
        r"""A \deff."""
        self._default_font = number

    def set_into(self, into: str) -> None:
        """The group is a destination of its own."""
        self._group.into = into

    def open_field(self) -> None:
        r"""A \field."""
        self._group.field = Field()

    def set_field(self, name: str, number: int | None) -> None:
        """A setting of a form's field."""
        if self._group.field is not None:
            setattr(self._group.field, name, number or 0)

    def note_revised(self, number: int | None) -> None:
        r"""A \revised: inserted text stays."""
        if number != 0 and self._group.into == "text":
            self._group.writer.note("R1")

    def set_itap(self, number: int | None) -> None:
        r"""An \itap."""
        self._group.itap = max(0, min(number or 0, LIMIT_GROUPS))

    def set_nested(self) -> None:
        r"""A \nesttableprops."""
        self._group.nested = True

    def shape(self, name: str, value: object) -> None:
        """A property of the row or of its next cell."""
        setattr(self._group.writer.shape(self.shape_level()), name, value)

    def begin_shape(self) -> None:
        r"""A \trowd."""
        self._group.writer.begin_shape(self.shape_level())

    def add_slot(self, number: int | None) -> None:
        r"""A \cellx."""
        self._group.writer.shape(self.shape_level()).add_slot(number or 0)

    def set_uc(self, number: int | None) -> None:
        r"""A \uc."""
        self._group.uc = min(max(number if number is not None else 1, 0), 16)


Do = Callable[[RtfReader, int | None], None]
HANDLERS: dict[str, Callable[[RtfReader, Token], None]] = {
    "open": RtfReader.open_group,
    "close": RtfReader.close_group,
    "hex": RtfReader.take_bytes,
    "text": RtfReader.take_bytes,
    "symbol": RtfReader.take_symbol,
    "word": RtfReader.take_word,
    "star": RtfReader.take_word,
}
WORDS: dict[bytes, Do] = {
    b"par": lambda reader, _: reader._end_paragraph(),  # noqa: SLF001 - a table of the class's own words
    b"sect": lambda reader, _: reader._end_paragraph(),  # noqa: SLF001 - as above
    b"u": RtfReader.take_unicode,
    b"uc": RtfReader.set_uc,
    b"f": RtfReader.take_font,
    b"deff": RtfReader.set_default_font,
    b"ansicpg": RtfReader.set_codec,
    b"fonttbl": lambda reader, _: reader.set_into("fonts"),
    b"fcharset": lambda reader, number: reader.set_font("charset", number),
    b"cpg": lambda reader, number: reader.set_font("page", number),
    b"v": lambda reader, number: reader.set_toggle("hidden", number),
    b"deleted": lambda reader, number: reader.set_toggle("deleted", number),
    b"revised": RtfReader.note_revised,
    b"plain": lambda reader, _: reader.reset_characters(),
    b"pard": lambda reader, _: reader.reset_paragraph(),
    b"intbl": lambda reader, _: reader.set_toggle("intbl", 1),
    b"itap": RtfReader.set_itap,
    b"cell": lambda reader, _: reader.end_cell(1),
    b"row": lambda reader, _: reader.end_row(1),
    b"nestcell": lambda reader, _: reader.end_cell(max(reader._group.itap, 2)),  # noqa: SLF001 - as above
    b"nestrow": lambda reader, _: reader.end_row(reader.shape_level()),
    b"nesttableprops": lambda reader, _: reader.set_nested(),
    b"trowd": lambda reader, _: reader.begin_shape(),
    b"trleft": lambda reader, number: reader.shape("left", number or 0),
    b"clvmgf": lambda reader, _: reader.shape("merge", START),
    b"clvmrg": lambda reader, _: reader.shape("merge", GO_ON),
    b"clmrg": lambda reader, _: reader.shape("joins_left", value=True),
    b"cellx": RtfReader.add_slot,
    b"listtext": lambda reader, _: reader.set_into("number"),
    b"pntext": lambda reader, _: reader.set_into("number"),
    b"field": lambda reader, _: reader.open_field(),
    b"fldinst": lambda reader, _: reader.set_into("instruction"),
    b"formfield": lambda reader, _: reader.set_into("form"),
    b"fftype": lambda reader, number: reader.set_field("kind", number),
    b"ffres": lambda reader, number: reader.set_field("result", number),
    b"ffdefres": lambda reader, number: reader.set_field("default", number),
}
PATTERN = make_pattern({*WORDS, *SIGNS, *TO_STORY, *SKIPPED})
