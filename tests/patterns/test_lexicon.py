"""lexicon.yml: read into frozen words; every fault at its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from gouji.patterns import default_folder
from gouji.patterns.lexicon import Lexicon, read_lexicon
from gouji.patterns.source import Problems

SHIPPED = (default_folder() / "lexicon.yml").read_text(encoding="utf-8")


def read(folder: Path, text: str) -> tuple[Lexicon, list[str]]:
    (folder / "lexicon.yml").write_text(text, encoding="utf-8")
    problems = Problems()
    return read_lexicon(folder, problems), problems.lines


def test_the_shipped_lexicon_has_no_fault(tmp_path: Path) -> None:
    lexicon, lines = read(tmp_path, SHIPPED)
    assert lines == []
    assert "无" in lexicon["negations"]
    assert lexicon.rates["每季度"] == 4
    assert lexicon.conversions["公顷"]["亩"] == "15"
    assert {claim.against for claim in lexicon.claims} == {"budget", "last_year", ""}


def test_a_folder_without_one_has_no_words(tmp_path: Path) -> None:
    assert read_lexicon(tmp_path, Problems()) == Lexicon()
    assert Lexicon()["negations"] == ()


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("  negations: [", "  negation: [", "未知的词表 'negation'"),
        ("每季度: 4", "每季度: 四", "每年次数须是整数：'四'"),
        ("{亩: 15}", "{亩: 十五}", "换算率须是数：'十五'"),
        ("against: budget", "against: yesterday", "不在可用的之中"),
        ("rows: [公务卡]", "row: [公务卡]", "缺少 rows"),
        ("rows: [公务卡]", "row: [公务卡]", "不认识 row；"),
    ],
)
def test_every_fault_has_its_line(tmp_path: Path, before: str, after: str, said: str) -> None:
    _, lines = read(tmp_path, SHIPPED.replace(before, after, 1))
    wanted = 1 + SHIPPED[: SHIPPED.index(before)].count("\n")
    (line,) = (line for line in lines if said in line)
    assert line.startswith(f"lexicon.yml:{wanted}:")


def test_a_missing_list_is_a_fault(tmp_path: Path) -> None:
    _, lines = read(tmp_path, SHIPPED.replace("  negations: [", "  negation: [", 1))
    assert any("缺少 negations" in line for line in lines)
