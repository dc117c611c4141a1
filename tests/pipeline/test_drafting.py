"""`gouji patterns new`: the draft of a form loads, its example comes out, and it says what it does not know."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from docx import Document as Word

from gouji.model.errors import UsageError
from gouji.patterns import default_folder, load_patterns
from gouji.pipeline.drafting import draft_form
from gouji.pipeline.listing import check_patterns


def report(path: Path) -> Path:
    """A form that nobody described: a title, a field, a table with one label that no concept knows."""
    word = Word()
    word.add_paragraph("某区2023年度机关运转情况绩效自评一览")
    word.add_paragraph("单位名称：某区测绘档案馆")
    rows = (
        ("类目", "年初预算数", "决算数"),
        ("支出合计", "120.00", "118.50"),
        ("基本支出", "80.00", "79.20"),
        ("项目支出", "40.00", "39.30"),
        ("公务接待费用开支", "3.00", "2.10"),
        ("离岗人员费用", "6.00", "5.40"),
    )
    table = word.add_table(len(rows), 3)
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    word.save(str(path))
    return path


@pytest.fixture
def draft(tmp_path: Path) -> str:
    return draft_form(str(report(tmp_path / "填好的报告.docx")), None, "measured-form")


def test_the_draft_is_a_form_that_passes_its_own_example(draft: str, tmp_path: Path) -> None:
    folder = tmp_path / "patterns"
    shutil.copytree(default_folder(), folder)
    (folder / "forms" / "measured-form.yml").write_text(draft, encoding="utf-8")
    assert check_patterns(str(folder)).startswith("√")
    form = next(form for form in load_patterns(folder).forms if form.id == "measured-form")
    assert form.examples[0].facts == {
        "expenditure.total[initial]": "120.00",
        "expenditure.total[final]": "118.50",
        "expenditure.basic[initial]": "80.00",
        "expenditure.basic[final]": "79.20",
        "expenditure.project[initial]": "40.00",
        "expenditure.project[final]": "39.30",
    }
    assert form.topics["expenditure"].expects == ("expenditure.total", "expenditure.basic", "expenditure.project")


def test_the_draft_says_what_is_unclear_and_what_it_may_be(draft: str) -> None:
    pending = draft[draft.index("# 待定") : draft.index("examples:")]
    assert "公务接待费用开支：3.00" in pending
    assert "也许是 three_public.reception 公务接待费" in pending
    assert "离岗人员费用：6.00" in pending


def test_no_name_of_the_report_enters_the_draft(draft: str) -> None:
    assert "测绘档案馆" not in draft


def test_a_file_without_anything_to_go_by_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "通知.txt"
    path.write_text("请各科室下周一上午到会议室开会。", encoding="utf-8")
    with pytest.raises(UsageError, match="无法起草"):
        draft_form(str(path), None, "draft-form")
