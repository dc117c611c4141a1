"""What the .doc files in data/ were made from by LibreOffice; run as a script it makes them again.

    PYTHONPATH=src:tests python tests/readers/doc/sources.py

features.doc.gz   everything small in one file, from builders      tracked.doc.gz   a whole report, from fixtures/cases
"""

from __future__ import annotations

import gzip
from pathlib import Path

from gouji.readers.libreoffice import convert
from readers.docx.wordml import dele, docx, ins, p, part, run, tbl, tc, tr

DATA = Path(__file__).parent / "data"
CASES = Path(__file__).parents[3] / "fixtures" / "cases"

NUMBERING = (
    '<w:abstractNum w:abstractNumId="0">'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="%1、"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="（%2）"/></w:lvl>'
    '<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%3."/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
)
STYLES = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="head"><w:name w:val="章"/><w:basedOn w:val="a"/>'
    '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
)
W4 = (2000, 2000, 2000, 2000)


def item(level: int, text: str) -> str:
    """A paragraph of the list."""
    return p(text, props=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr>')


def field(instruction: str, result: str) -> str:
    """A field with a stored result."""
    chars = {kind: f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")}
    code = f"<w:r><w:instrText>{instruction}</w:instrText></w:r>"
    return f"{chars['begin']}{code}{chars['separate']}{run(result)}{chars['end']}"


def box(content: str) -> str:
    """A text box in VML, which LibreOffice takes without its DrawingML twin."""
    place = "position:absolute;width:120pt;height:40pt"
    return f'<w:r><w:pict><v:rect style="{place}"><v:textbox><w:txbxContent>{content}</w:txbxContent></v:textbox></v:rect></w:pict></w:r>'


def build_features() -> bytes:
    """Lists, merges in both directions, nesting, tracked changes, hidden text, signs, a field, a note, a box, margins."""
    table = tbl(
        tr(tc("项目", span=2, v="restart"), "一月", "二月"),
        tr(tc(span=2, v="continue"), tc("合计", v="restart"), "603.03"),
        tr(
            "甲",
            tc(p("乙"), tbl(tr("内一", "内二"), tr(tc("内三", span=2)), grid=(800, 800)), p()),
            tc(v="continue"),
            "88",
        ),
        tr(tc("备注", span=4)),
        grid=W4,
    )
    symbol = run('<w:sym w:font="Wingdings" w:char="F0FE"/>')
    section = '<w:sectPr><w:headerReference w:type="default" r:id="header1"/><w:footerReference w:type="default" r:id="footer1"/></w:sectPr>'
    return docx(
        p("概况", props='<w:pStyle w:val="head"/>'),
        item(1, "职能"),
        item(1, "机构"),
        item(2, "人员"),
        p("绩效", props='<w:pStyle w:val="head"/>'),
        item(1, "得分"),
        table,
        p("收入", run("<w:tab/>"), "6", dele("03"), ins(run("13")), ".03", run("隐藏", "<w:vanish/>")),
        p(symbol, "是", run('<w:footnoteReference w:id="2"/>')),
        p("见", field(" REF 附件 ", "附件一"), box(p("框中文字"))),
        tbl(tr("A", tc("B", v="restart")), tr("C", tc(v="continue")), grid=(1500, 3000)),
        p("完"),
        section,
        styles=part("styles", STYLES),
        numbering=part("numbering", NUMBERING),
        footnotes=part("footnotes", f'<w:footnote w:id="2">{p("注释")}</w:footnote>'),
        header1=part("hdr", p("页眉文字")),
        footer1=part("ftr", p("页脚文字")),
    )


def build_sources() -> dict[str, bytes]:
    """The .docx of each file in data/."""
    return {"features": build_features(), "tracked": (CASES / "tracked" / "input.docx").read_bytes()}


if __name__ == "__main__":
    for name, source in build_sources().items():
        (DATA / f"{name}.doc.gz").write_bytes(gzip.compress(convert(source, ".docx", "doc"), mtime=0))
