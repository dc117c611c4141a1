"""Names out of submissions: always one plain name, whatever they say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gouji.export.filenames import NAME_BYTES, NAME_LENGTH, NameBook, make_name, mirror_path


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("云溯区教育局", "云溯区教育局"),
        ("../../etc/passwd", "．．／..／etc／passwd"),
        ('a\\b:c*d?"<e>|', "a＼b：c＊d？＂＜e＞｜"),
        ("100%#1", "100％＃1"),
        ("CON.docx", "CON_.docx"),
        ("com1", "com1_"),
        ("结尾点。. .", "结尾点。．．"),
        ("右\u202e左\x00\n第二行", "右左 第二行"),
        ("", "未命名"),
        ("\u202e\x07", "未命名"),
        ("..", "．．"),
    ],
)
def test_names(text: str, name: str) -> None:
    assert make_name(text) == name


def test_long_names_are_cut_and_stay_apart() -> None:
    first, second = make_name("很" * 10_000 + "甲.docx"), make_name("很" * 10_000 + "乙.docx")
    assert first != second
    assert first.endswith(".docx")
    assert len(first) <= NAME_LENGTH


@given(st.text())
def test_any_text_gives_a_name_that_can_be_created(text: str) -> None:
    name = make_name(text)
    assert name
    assert len(name) <= NAME_LENGTH
    assert len(name.encode()) <= NAME_BYTES
    assert not set(name) & set('\\/:*?"<>|\0')
    assert name[-1] not in ". "
    assert name not in (".", "..")


@pytest.mark.parametrize(
    ("path", "suffix", "copy"),
    [
        ("一股/报告.docx", ".docx", "一股/报告.docx"),
        ("一股/报告.DOCX", ".docx", "一股/报告.DOCX"),
        ("一股/报告.doc", ".docx", "一股/报告.doc.docx"),
        ("a.zip!/一股/../报告.txt", ".html", "a.zip/一股/．．/报告.txt.html"),
    ],
)
def test_a_copy_mirrors_its_source(path: str, suffix: str, copy: str) -> None:
    assert mirror_path(path, suffix) == copy


def test_the_same_name_gets_a_number() -> None:
    names = NameBook()
    assert [names.take(name) for name in ("一/a.docx", "一/A.docx", "二/a.docx", "一/a.docx", "x", "X")] == [
        "一/a.docx", "一/A(2).docx", "二/a.docx", "一/a(3).docx", "x", "X(2)",
    ]  # fmt: skip
