"""Submissions that break tools, those of several files: a draft, a tracked copy and a sealed scan of one unit."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from gouji.export.district import District, collect_district
from gouji.export.scans import Received, find_owner
from gouji.patterns import load_patterns
from pipeline.years import findings_of, judge_folder
from readers.pdf.pages import HEIGHT, WIDTH, Page, pdf
from yueyang.case_departments import TRACKED
from yueyang.describe import assets, income, spending, three
from yueyang.district import render
from yueyang.form import form_blocks

EXPORTS = load_patterns().exports
DRAFT = replace(
    TRACKED,
    accounts=(
        income("871.05 _ 871.05 _ _ _"),
        spending("871.05 871.05 603.03 268.02 _ _ _"),
        three("7.72 3.02 4.70 _ _"),
        assets("51.10 51.10 _ _"),
    ),
    layout=replace(TRACKED.layout, date_text="2022年5月13日"),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """终稿 of 13 May, whose file is the newest; 终稿改2 of 17 May, tracked; a scan without a name."""
    folder = tmp_path / "报送" / "照明中心"
    folder.mkdir(parents=True)
    (folder / "终稿改2.docx").write_bytes(render(form_blocks(TRACKED), TRACKED.layout))
    (folder / "终稿.docx").write_bytes(render(form_blocks(DRAFT), DRAFT.layout))
    os.utime(folder / "终稿改2.docx", (1, 1))
    page = Page()
    page.image(0, 0, WIDTH, HEIGHT)
    (folder / "盖章.pdf").write_bytes(pdf(page))
    return tmp_path / "报送"


def test_the_later_report_date_counts_and_the_scan_is_received(folder: Path, tmp_path: Path) -> None:
    outcomes = judge_folder(folder, tmp_path / "gouji.db")
    district: District = collect_district(outcomes, EXPORTS.layouts["summary"], EXPORTS.labels)
    (counted,) = district.departments
    assert counted.identity.path == "照明中心/终稿改2.docx"
    assert [left.identity.path for left, _ in district.left_out] == ["照明中心/终稿.docx"]
    (scan,) = district.failures
    assert (scan.code, scan.owner) == ("no_text_layer", TRACKED.name)
    assert "已收到" in scan.message
    a3 = [f for o in outcomes if "改2" in o.source.path for f in o.findings if f.rule == "A3"]
    assert [(f.verdict, str(f.difference)) for f in a3] == [("fail", "-10.00")]


def test_the_second_version_is_told_against_the_first(folder: Path, tmp_path: Path) -> None:
    found = findings_of(judge_folder(folder, tmp_path / "gouji.db"), "Y-resubmission")
    message = found[TRACKED.code, "Y-resubmission"].message
    assert "前次报送（照明中心/终稿.docx）" in message
    assert "新出现 1 项（A3）" in message
    assert "603.03→613.03" in message


def test_a_scan_is_somebodys_only_where_its_path_tells_one_alone() -> None:
    units = [
        Received("102001", "云溯区教育局", "一股/102001.docx"),
        Received("103001", "云溯区民政局", "一股/民政.docx"),
        Received("104001", "云溯区信访局", "信访局/报告.docx"),
    ]
    owners = {
        "一股/102001盖章.pdf": "云溯区教育局",
        "扫描/云溯区民政局（盖章）.pdf": "云溯区民政局",
        "信访局/盖章.pdf": "云溯区信访局",
        "一股/盖章.pdf": None,
        "盖章.pdf": None,
        "一股/102001和103001.pdf": None,
    }
    found = {path: owner.name if (owner := find_owner(path, units)) is not None else None for path in owners}
    assert found == owners
