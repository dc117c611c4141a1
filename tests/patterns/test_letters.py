"""letters/*.yml: the shipped ones load, a broken one is refused with every error as file:line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gouji.model.errors import PatternError
from gouji.patterns import compile_patterns, default_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(default_folder(), tmp_path / "patterns"))


def test_the_shipped_letters() -> None:
    letters = compile_patterns(default_folder()).letters
    assert {letter.name: letter.to for letter in letters.kinds} == {
        "审核意见函": "unit", "整改通知": "unit", "通报": "district", "存在问题汇编": "district",
    }  # fmt: skip
    assert letters.author == "财政审核"
    assert set(letters.fallbacks) <= set(letters.fonts.values())


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("to: unit", "to: everyone", "letters/整改通知.yml:2: to 写的“everyone”不在可用的之中：unit、district"),
        ("style: title", "style: headline", "letters/整改通知.yml:6: style 写的“headline”不在可用的之中"),
        ("widths: [8, 11,", "widths: [8,", "widths 应与每行的格数相同"),
        ("when: wrong", "wehn: wrong", "letters/整改通知.yml:3: 不认识 wehn；"),
    ],
)
def test_a_broken_letter_is_told(folder: Path, old: str, new: str, problem: str) -> None:
    path = folder / "letters" / "整改通知.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PatternError) as refused:
        compile_patterns(folder)
    assert problem in str(refused.value)


def test_a_missing_typeface_is_told(folder: Path) -> None:
    path = folder / "letters" / "settings.yml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("  heading: 黑体\n", "  headnig: 黑体\n"), encoding="utf-8"
    )
    with pytest.raises(PatternError, match="fonts 缺少 heading"):
        compile_patterns(folder)


def test_another_author(folder: Path) -> None:
    path = folder / "letters" / "settings.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("财政审核", "某区财政局绩效股"), encoding="utf-8")
    assert compile_patterns(folder).letters.author == "某区财政局绩效股"
