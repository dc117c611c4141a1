"""Placeholders: names replaced, lists repeated, conditions kept or dropped; nothing is ever run."""

from __future__ import annotations

import io
import zipfile

import pytest
from lxml import etree

from gouji.export.letters.fields import Fields, fill_text, write_chinese
from gouji.export.letters.template import Template
from gouji.model.errors import UsageError
from gouji.readers.docx import read_docx
from readers.docx.wordml import docx, members, p, pack, part, run, tbl, texts, tr

FIELDS: Fields = {
    "单位": "云溯区某局",
    "时限": "",
    "日期": "2022年5月27日",
    "问题": [{"序号": "1", "描述": "甲不符"}, {"序号": "2", "描述": "乙不符"}],
    "空表": [],
    "科室": [
        {"名称": "一股", "事项": [{"描述": "子"}, {"描述": "丑"}]},
        {"名称": "二股", "事项": []},
    ],
}


def fill(*blocks: str) -> list[str]:
    """Printed paragraphs of the filled letter."""
    letter = Template(docx(*blocks), "测试").fill(FIELDS)
    with zipfile.ZipFile(io.BytesIO(letter)) as package:
        body = etree.fromstring(package.read("word/document.xml"))
    w = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    return ["".join(t.text or "" for t in paragraph.iter(w + "t")) for paragraph in body.iter(w + "p")]


@pytest.mark.parametrize(
    ("blocks", "printed"),
    [
        ((p("致{{单位}}：{{ 日期 }}"),), ["致云溯区某局：2022年5月27日"]),
        ((p("{", "{单", "位}}：", run("{{日期}}", props="<w:b/>")),), ["云溯区某局：2022年5月27日"]),
        ((p("前"), p("{{问题.序号}}．{{问题.描述}}"), p("后")), ["前", "1．甲不符", "2．乙不符", "后"]),
        ((p("{{问题.序号}}"), p("{{问题.描述}}")), ["1", "甲不符", "2", "乙不符"]),
        ((p("{{空表.描述}}"), p("后")), ["后"]),
        ((p("{{如有 时限}}请于{{时限}}前"), p("{{如无 时限}}请按时")), ["请按时"]),
        ((p("{{如有 问题}}有"), p("{{如无 空表}}空"), p("{{如有 空表}}不见")), ["有", "空"]),
        ((p("{{科室.名称}}"), p("{{科室.事项.描述}}")), ["一股", "子", "丑", "二股"]),
        ((p("{{节号}}、甲"), p("{{如有 时限}}{{节号}}、不见"), p("{{节号}}、乙")), ["一、甲", "二、乙"]),
        ((tbl(tr("序号", "描述"), tr("{{问题.序号}}", "{{问题.描述}}"), tr("合计", "{{单位}}")),),
         ["序号", "描述", "1", "甲不符", "2", "乙不符", "合计", "云溯区某局"]),
        ((p("{% for x in y %}"),), ["{% for x in y %}"]),
    ],
)  # fmt: skip
def test_placeholders(blocks: tuple[str, ...], printed: list[str]) -> None:
    assert fill(*blocks) == printed


@pytest.mark.parametrize("mark", ["{{单位名称}}", "{{问题.没有}}", "{{如有 没有}}", "{{单位.__class__}}", "{{7*7}}"])
def test_a_name_that_is_none_is_told_with_those_that_are(mark: str) -> None:
    with pytest.raises(UsageError, match=r"不是可用的名称；可用的有：.*单位"):
        fill(p(mark))


def test_a_value_is_text_and_never_filled_again() -> None:
    template = Template(docx(p("{{名称}}")), "测试")
    hostile = "</w:t>{{名称}}{{7*7}}<w:r/>&\u202e\x07"
    letter = template.fill({"名称": hostile})
    assert texts(read_docx(letter)) == ["</w:t>{{名称}}{{7*7}}<w:r/>&"]


def test_a_value_is_not_endless() -> None:
    letter = Template(docx(p("{{名称}}")), "测试").fill({"名称": "很" * 10_000})
    assert len(texts(read_docx(letter))[0]) < 1600


def test_the_look_of_the_placeholder_is_kept() -> None:
    letter = Template(docx(p("致", run("{{单位}}", props="<w:b/>"))), "测试").fill(FIELDS)
    with zipfile.ZipFile(io.BytesIO(letter)) as package:
        assert b'<w:b/></w:rPr><w:t xml:space="preserve">\xe4\xba\x91' in package.read("word/document.xml")


def test_headers_are_filled_too() -> None:
    letter = Template(pack(members(p("正文"), header1=part("hdr", p("{{单位}}")))), "测试").fill(FIELDS)
    with zipfile.ZipFile(io.BytesIO(letter)) as package:
        assert "云溯区某局".encode() in package.read("word/header1.xml")


@pytest.mark.parametrize("data", [b"", b"PK", b"not a zip", pack({"a.txt": "x"})])
def test_what_is_no_template_is_told(data: bytes) -> None:
    with pytest.raises(UsageError, match=r"不是可用的 \.docx"):
        Template(data, "坏")


def test_names_of_files() -> None:
    assert fill_text("{{单位}}-函.docx", FIELDS, "测试") == "云溯区某局-函.docx"
    with pytest.raises(UsageError):
        fill_text("{{问题}}", FIELDS, "测试")


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "一"),
        (10, "十"),
        (12, "十二"),
        (20, "二十"),
        (105, "一百零五"),
        (110, "一百一十"),
        (1001, "一千零一"),
        (2010, "二千零一十"),
    ],
)
def test_chinese_numbers(number: int, text: str) -> None:
    assert write_chinese(number) == text
