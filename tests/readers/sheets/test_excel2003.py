"""SpreadsheetML of Excel 2003: places by index, merges, formats by name, what is hidden."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gouji.model.document import Paragraph
from gouji.model.errors import ReadError
from gouji.readers import read_document
from gouji.readers.sheets.excel2003 import read_excel2003
from readers.sheets.grids import draw

HEAD = (
    '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:x="urn:schemas-microsoft-com:office:excel" '
    'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
)
STYLES = """<Styles>
<Style ss:ID="Default" ss:Name="Normal"/>
<Style ss:ID="r"><Borders><Border ss:Position="Left" ss:LineStyle="Continuous" ss:Weight="1"/></Borders></Style>
<Style ss:ID="m" ss:Parent="r"><NumberFormat ss:Format="Standard"/></Style>
<Style ss:ID="p" ss:Parent="r"><NumberFormat ss:Format="Percent"/></Style>
<Style ss:ID="d" ss:Parent="r"><NumberFormat ss:Format="Short Date"/></Style>
<Style ss:ID="own" ss:Parent="own"><NumberFormat ss:Format="000000"/></Style>
</Styles>"""
FORM = """
<Row><Cell ss:MergeAcross="3"><Data ss:Type="String">云溯区某局收支情况表</Data></Cell></Row>
<Row><Cell ss:StyleID="r" ss:MergeDown="1"><Data ss:Type="String">机构名称</Data></Cell>
  <Cell ss:StyleID="r" ss:MergeAcross="1"><Data ss:Type="String">其中：</Data></Cell>
  <Cell ss:StyleID="r" ss:MergeDown="1"><Data ss:Type="String">日期</Data></Cell></Row>
<Row><Cell ss:Index="2" ss:StyleID="r"><Data ss:Type="String">收入</Data></Cell>
  <Cell ss:StyleID="r"><Data ss:Type="String">比率</Data></Cell></Row>
<Row ss:StyleID="r"><Cell><Data ss:Type="String">局机关&#10;本级</Data></Cell><Cell ss:StyleID="m"><Data ss:Type="Number">1286.4</Data></Cell>
  <Cell ss:StyleID="p"><Data ss:Type="Number">0.951</Data></Cell>
  <Cell ss:StyleID="d"><Data ss:Type="DateTime">2022-05-17T00:00:00.000</Data></Cell></Row>
<Row ss:Index="8"><Cell><Data ss:Type="String">预算编码</Data></Cell><Cell ss:StyleID="own"><Data ss:Type="Number">85001</Data></Cell>
  <Cell><ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40"><B>合</B>计</ss:Data></Cell></Row>
"""
DRAWN = """
p 云溯区某局收支情况表
机构名称 | 其中： | > | 日期
> | 收入 | 比率 | >
局机关/本级 | 1,286.40 | 95.10% | 2022/5/17
预算编码 | 085001 | 合计
"""


def write(*sheets: str) -> bytes:
    return (HEAD + STYLES + "".join(sheets) + "</Workbook>").encode()


def sheet(name: str, rows: str, options: str = "", columns: str = "") -> str:
    return (
        f'<Worksheet ss:Name="{name}"><Table>{columns}{rows}</Table>'
        f'<WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel">{options}</WorksheetOptions></Worksheet>'
    )


def test_a_form_on_a_sheet() -> None:
    document = read_document(write(sheet("收支", FORM)), "表.xls")
    assert draw(document) == DRAWN.strip().split("\n")
    assert (document.format, document.notices) == ("excel2003xml", ())


def test_hidden_parts_headers_and_formulas_without_result() -> None:
    options = (
        '<PageSetup><Header x:Data="&amp;C秘密★1年" xmlns:x="urn:schemas-microsoft-com:office:excel"/></PageSetup>'
    )
    columns = '<Column ss:Index="2" ss:Hidden="1" ss:Span="1"/>'
    row = '<Row><Cell><Data ss:Type="String">合计</Data></Cell><Cell ss:Formula="=1+1"/><Cell><Data ss:Type="Boolean">1</Data></Cell></Row>'
    hidden = sheet("字典", row, "<Visible>SheetHidden</Visible>")
    document = read_excel2003(write(sheet("Sheet1", row, options, columns), hidden))
    assert draw(document) == ["合计 | TRUE"] or draw(document) == ["合计 | . | TRUE"]
    assert [notice.code for notice in document.notices] == ["R3", "R4"]
    assert "《Sheet1》B1" in document.notices[0].message
    assert "《字典》" in document.notices[1].message
    assert "《Sheet1》C1" in document.notices[1].message
    assert [block.text for block in document.part("header") if isinstance(block, Paragraph)] == ["秘密★1年"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (write(sheet("Sheet1", "")), "empty"),
        (write(sheet("Sheet1", FORM))[:-40], "corrupt"),
        (write(sheet("Sheet1", FORM.replace('ss:Index="2"', 'ss:Index="99999"'))), "corrupt"),
        (write(sheet("Sheet1", FORM)).replace(b"<Workbook", b'<!DOCTYPE a [<!ENTITY b "c">]><Workbook'), "corrupt"),
    ],
)
def test_refusals(data: bytes, code: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_document(data, "表.xml")
    assert caught.value.code == code
    assert "请" in caught.value.message


@settings(deadline=None, max_examples=100)
@given(st.data())
def test_damaged_files_give_a_document_or_one_error(data: st.DataObject) -> None:
    broken = bytearray(write(sheet("收支", FORM)))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(len(HEAD), len(broken) - 1))
        broken[at : at + data.draw(st.integers(0, 3))] = data.draw(
            st.sampled_from([b"", b"9", b"<", b'"', b"-", b"99999999"])
        )
    try:
        read_excel2003(bytes(broken))
    except ReadError as error:
        assert error.message
