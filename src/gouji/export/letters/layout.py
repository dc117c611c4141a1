"""Lines of a letter → a .docx laid out after GB/T 9704: A4, 37 mm above, 28 mm left, 22 lines of 28 characters.

Line("title", …)   二号小标宋, centred         Line("body", …)     三号仿宋, indented by two characters
Line("heading", …) 三号黑体                    page numbers        四号, — 1 —, outside
fixed 28 pt lines on a document grid of lines; typefaces are named, with a stand-in, and never shipped
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

import msgspec

from gouji.export.annotate.zipcopy import ZipCopy

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gouji.patterns.letters import Letter, Letters, Line, Style

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml."
LINE_WIDTH = 8844  # twips between the margins: 156 mm
PAGE = (
    '<w:sectPr><w:footerReference w:type="default" r:id="rId4"/><w:footerReference w:type="even" r:id="rId5"/>'
    '<w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1588" w:header="851" w:footer="1417" w:gutter="0"/>'
    '<w:docGrid w:type="lines" w:linePitch="560"/></w:sectPr>'
)
PARTS = ("styles", "settings", "fontTable")


class Look(msgspec.Struct, frozen=True):
    """A paragraph style: typeface by its role, size in half points, and the rest of w:pPr."""

    name: str
    font: str
    size: int
    layout: str
    bold: bool = False


_RIGHT = '<w:ind w:right="{}" w:rightChars="{}"/><w:jc w:val="right"/>'
LOOKS: dict[Style, Look] = {
    "title": Look("公文标题", "title", 44, '<w:spacing w:before="560" w:after="560" w:line="660" w:lineRule="exact"/><w:jc w:val="center"/>'),
    "number": Look("发文字号", "body", 32, '<w:spacing w:after="280"/><w:jc w:val="center"/>'),
    "recipient": Look("主送机关", "body", 32, ""),
    "body": Look("公文正文", "body", 32, '<w:ind w:firstLine="640" w:firstLineChars="200"/>'),
    "heading": Look("一级标题", "heading", 32, '<w:keepNext/><w:ind w:firstLine="640" w:firstLineChars="200"/>'),
    "subheading": Look("二级标题", "subheading", 32, '<w:keepNext/><w:ind w:firstLine="640" w:firstLineChars="200"/>'),
    "signature": Look("发文机关署名", "body", 32, f'<w:keepNext/><w:spacing w:before="560"/>{_RIGHT.format(640, 200)}'),
    "date": Look("成文日期", "body", 32, _RIGHT.format(1280, 400)),
    "annex": Look("附件", "heading", 32, "<w:pageBreakBefore/>"),
    "table": Look("表格文字", "body", 24, '<w:snapToGrid w:val="0"/><w:spacing w:line="360" w:lineRule="exact"/><w:jc w:val="left"/>'),
}  # fmt: skip


def build_template(letter: Letter, letters: Letters) -> bytes:
    """The template of one kind of letter."""
    copy = ZipCopy()
    for name, content in {
        "[Content_Types].xml": _write_types(),
        "_rels/.rels": _write_relations(
            {"rId1": ("officeDocument", "word/document.xml"), "rId2": ("", "docProps/core.xml")}
        ),
        "docProps/core.xml": _write_core(letter.name),
        "word/document.xml": _write_document(letter.lines),
        "word/_rels/document.xml.rels": _write_relations(
            {
                **{f"rId{n}": (name, f"{name}.xml") for n, name in enumerate(PARTS, 1)},
                "rId4": ("footer", "footer1.xml"),
                "rId5": ("footer", "footer2.xml"),
            }
        ),
        "word/styles.xml": _write_styles(letters.fonts),
        "word/settings.xml": _write_settings(),
        "word/fontTable.xml": _write_fonts(letters),
        "word/footer1.xml": _write_footer("right", letters.fonts["digits"]),
        "word/footer2.xml": _write_footer("left", letters.fonts["digits"]),
    }.items():
        copy.add(name, (HEAD + content).encode())
    return copy.finish()


def _write_document(lines: Sequence[Line]) -> str:
    """A table at the very end is followed by a paragraph, as Word wants it."""
    blocks = "".join(_write_table(line) if line.rows else _write_paragraph(line.text, line.style) for line in lines)
    blocks += _write_paragraph("", "table") if lines[-1:] and lines[-1].rows else ""
    return f"<w:document {W} {R}><w:body>{blocks}{PAGE}</w:body></w:document>"


def _write_paragraph(text: str, style: Style) -> str:
    run = f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>' if text else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{run}</w:p>'


def _write_table(line: Line) -> str:
    """A ruled table; its first row is repeated on each page."""
    widths = [LINE_WIDTH * width // sum(line.widths) for width in line.widths]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    rows = "".join(_write_row(row, widths, is_head=not number) for number, row in enumerate(line.rows))
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>{borders}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>'
    )


def _write_row(row: Iterable[str], widths: Iterable[int], *, is_head: bool) -> str:
    properties = "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>" if is_head else "<w:trPr><w:cantSplit/></w:trPr>"
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        f"{_write_paragraph(text, 'table')}</w:tc>"
        for text, width in zip(row, widths, strict=True)
    )
    return f"<w:tr>{properties}{cells}</w:tr>"


def _write_styles(fonts: dict[str, str]) -> str:
    """Styles by name, so that a bureau changes one of them and not every paragraph."""
    styles = "".join(
        f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{key}"><w:name w:val="{look.name}"/>'
        f'<w:basedOn w:val="Normal"/><w:qFormat/><w:pPr>{look.layout}</w:pPr>'
        f'<w:rPr>{_write_font(fonts[look.font])}<w:sz w:val="{look.size}"/><w:szCs w:val="{look.size}"/></w:rPr></w:style>'
        for key, look in LOOKS.items()
    )
    return (
        f"<w:styles {W}><w:docDefaults><w:rPrDefault><w:rPr>{_write_font(fonts['body'])}"
        '<w:spacing w:val="-5"/><w:kern w:val="2"/><w:sz w:val="32"/><w:szCs w:val="32"/>'
        '<w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault>'
        '<w:pPrDefault><w:pPr><w:spacing w:before="0" w:after="0" w:line="560" w:lineRule="exact"/></w:pPr></w:pPrDefault>'
        '</w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
        f'<w:pPr><w:widowControl w:val="0"/><w:jc w:val="both"/></w:pPr></w:style>{styles}</w:styles>'
    )


def _write_font(name: str) -> str:
    font = quoteattr(name)
    return f"<w:rFonts w:ascii={font} w:hAnsi={font} w:eastAsia={font} w:cs={font}/>"


def _write_fonts(letters: Letters) -> str:
    """Each typeface with the one that may take its place."""
    entries = "".join(
        f"<w:font w:name={quoteattr(font)}>"
        + (f"<w:altName w:val={quoteattr(letters.fallbacks[font])}/>" if font in letters.fallbacks else "")
        + '<w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>'
        for font in dict.fromkeys(letters.fonts.values())
    )
    return f"<w:fonts {W}>{entries}</w:fonts>"


def _write_settings() -> str:
    return (
        f'<w:settings {W}><w:evenAndOddHeaders/><w:characterSpacingControl w:val="compressPunctuation"/>'
        '<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
        "</w:compat></w:settings>"
    )


def _write_footer(side: str, font: str) -> str:
    """— 1 —, one character from the outer edge."""
    look = f'<w:rPr>{_write_font(font)}<w:sz w:val="28"/><w:szCs w:val="28"/></w:rPr>'
    field = "".join(
        f"<w:r>{look}{inner}</w:r>"
        for inner in (
            '<w:t xml:space="preserve">— </w:t>',
            '<w:fldChar w:fldCharType="begin"/>',
            '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
            '<w:fldChar w:fldCharType="separate"/>',
            "<w:t>1</w:t>",
            '<w:fldChar w:fldCharType="end"/>',
            '<w:t xml:space="preserve"> —</w:t>',
        )
    )
    indent = f'<w:ind w:{side}="280" w:{side}Chars="100"/><w:jc w:val="{side}"/>'
    return f"<w:ftr {W}><w:p><w:pPr>{indent}</w:pPr>{field}</w:p></w:ftr>"


def _write_types() -> str:
    parts = {"document": "document.main", "footer1": "footer", "footer2": "footer", **{name: name for name in PARTS}}
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{WORD_TYPE}{kind}+xml"/>' for name, kind in parts.items()
    )
    return (
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
        f"{overrides}</Types>"
    )


def _write_relations(relations: dict[str, tuple[str, str]]) -> str:
    items = "".join(
        f'<Relationship Id="{key}" Type="{f"{OFFICE}/{kind}" if kind else f"{PACKAGE}/relationships/metadata/core-properties"}"'
        f' Target="{target}"/>'
        for key, (kind, target) in relations.items()
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{items}</Relationships>'


def _write_core(title: str) -> str:
    """Properties that name no user and no machine."""
    return (
        f'<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(title)}</dc:title></cp:coreProperties>"
    )
