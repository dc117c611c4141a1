"""汇总表.xlsx and 审核问题.xlsx, read back cell by cell, and recalculated by LibreOffice."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from gouji.export.district import collect_district
from gouji.export.ledger import write_findings
from gouji.export.notes import Provenance
from gouji.export.summary import write_district, write_summary
from gouji.export.workbook import Imprint
from gouji.model.errors import UsageError
from gouji.model.finding import Evidence
from gouji.model.report import CellText
from gouji.model.result import Outcome
from gouji.patterns import default_folder
from gouji.patterns.exports import load_exports
from gouji.roster.unit import Books, Roster, RosterUnit
from outcomes import HOSTILE_NAMES, build_district, department, figure, finding, indicator, report, wrap

EXPORTS = load_exports(default_folder())
PROVENANCE = Provenance("0.1.0", "默认规则", "1", {"临时文件": 2})
IMPRINT = Imprint(bureau="云溯区财政局", created=datetime(2022, 6, 1))  # noqa: DTZ001 - Office dates carry no zone
SHEETS = [
    *("汇总表", "收入", "支出", "三公经费", "人员", "固定资产", "指标得分", "扣分汇总", "等次分布", "上年对比"),
    *("审核问题", "报送登记", "图表", "口径说明"),
]  # 项目 and 未报送名单 only where there is something to list


def write(folder: Path, outcomes: Iterable[Outcome], imprint: Imprint = IMPRINT) -> Any:
    written = write_summary(folder / "汇总表.xlsx", outcomes, EXPORTS, PROVENANCE, imprint)
    return openpyxl.load_workbook(written.path)


def write_ledger(folder: Path, outcomes: Iterable[Outcome], **more: Any) -> Any:
    written = write_findings(folder / "审核问题.xlsx", outcomes, EXPORTS, PROVENANCE, IMPRINT, **more)
    return openpyxl.load_workbook(written.path)


def column_of(sheet: Any, *labels: str) -> int:
    """The column whose lowest header label is the last of `labels`."""
    found = [
        column
        for column in range(1, sheet.max_column + 1)
        if [sheet.cell(row, column).value for row in (3, 4, 5) if sheet.cell(row, column).value][-1:] == [labels[-1]]
    ]
    assert len(found) == 1, (labels, found)
    return found[0]


def cell(sheet: Any, unit: str, label: str) -> Any:
    """The cell of a unit (by its name in the sheet) under a header label."""
    names = column_of(sheet, "责任单位" if sheet.title == "审核问题" else "单位")
    row = next(row for row in range(6, sheet.max_row + 1) if sheet.cell(row, names).value == unit)
    return sheet.cell(row, column_of(sheet, label))


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return write(tmp_path_factory.mktemp("summary"), build_district())


def fill_of(found: Any) -> str | None:
    return found.fill.fgColor.rgb[2:] if found.fill.fill_type == "solid" else None


def test_sheets_stand_in_order(book: Any) -> None:
    assert book.sheetnames == SHEETS


@pytest.mark.parametrize("name", SHEETS)
def test_every_sheet_is_set_up_for_printing(book: Any, name: str) -> None:
    sheet = book[name]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 8)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToWidth in (None, 1), "absent means 1"
    assert sheet.print_title_rows == "$1:$5"
    assert sheet.freeze_panes is not None
    assert name == "图表" or sheet.auto_filter.ref.startswith("A5:")
    footer = sheet.oddFooter
    assert "填表人" in footer.left.text
    assert "审核人" in footer.left.text
    assert footer.center.text == "第 &P 页　共 &N 页"
    assert sheet["A1"].font.size == 20
    assert "2021年度" in sheet["A1"].value
    assert sheet["A2"].value == "填报单位：云溯区财政局"
    assert any(str(area).startswith("A1:") for area in sheet.merged_cells.ranges)


def test_header_levels_are_merged(book: Any) -> None:
    areas = {str(area) for area in book["支出"].merged_cells.ranges}
    assert {"A3:A5", "E4:G4", "H4:H5", "E3:H3"} <= areas


def test_rows_are_ordered_by_code_and_codes_are_text(tmp_path: Path) -> None:
    rows = [wrap(report(code, f"单位{code}", {}), path=f"{code}.docx") for code in ("102002", "085001", "102001")]
    sheet = write(tmp_path, rows)["汇总表"]
    assert [sheet.cell(row, 2).value for row in (6, 7, 8)] == ["085001", "102001", "102002"]


def test_states_are_empty_cells_told_apart(book: Any) -> None:
    income = book["收入"]
    blank, declared = cell(income, "云溯区第9局", "上年结转"), cell(income, "云溯区第9局", "纳入专户管理的非税收入拨款")
    unreadable = cell(income, "云溯区档案馆", "收入合计")
    withheld = cell(book["支出"], "云溯区档案馆", "支出合计")
    missing = cell(book["固定资产"], "云溯区档案馆", "固定资产合计")
    zero = cell(income, "云溯区第9局", "政府基金拨款")
    assert [c.value for c in (blank, declared, unreadable, withheld, missing)] == [None] * 5
    assert blank.comment is None
    assert zero.value == 0
    assert len({fill_of(c) for c in (blank, unreadable, withheld, missing)} - {None}) == 4
    assert fill_of(declared) is None
    for found, words in (
        (declared, "原文：—"),
        (unreadable, "603.O3"),
        (withheld, "涉密不公开"),
        (missing, "没有这一栏"),
    ):
        assert words in found.comment.text


def test_yuan_is_converted_exactly_and_the_printed_figure_kept(book: Any) -> None:
    found = cell(book["收入"], "云溯区林业局", "公共财政拨款")
    assert found.value == 871.050055
    assert "8710500.55元" in found.comment.text
    assert "871.050055 万元" in found.comment.text
    assert cell(book["三公经费"], "云溯区林业局", "合计").value == 7.72


def test_a_figure_under_a_failed_unit_check_is_left_out_and_red(book: Any) -> None:
    found = cell(book["收入"], "云溯区教育局", "收入合计")
    assert found.value is None
    assert fill_of(found) == "FFC7CE"
    assert "8710500" in found.comment.text
    assert f"见《审核问题》第 {6 + 2} 行" in found.comment.text
    assert found.hyperlink is None
    shared = cell(book["收入"], "云溯区教育局", "公共财政拨款")
    assert (shared.value, fill_of(shared)) == (None, "FFC7CE")
    assert cell(book["收入"], "云溯区教育局", "政府基金拨款").value == 0, "a printed 0 is 0 in every unit"
    assert cell(book["支出"], "云溯区教育局", "支出合计").value == 112


def test_the_witness_of_a_unit_check_is_not_doubted(tmp_path: Path) -> None:
    facts = {"income.total": "8710500", "three_public.total": "7.72"}
    pieces = (
        Evidence("t1r9c4", "《收入情况》表", "income.total", "8710500", "8710500", "value"),
        Evidence("t1r10c7", "《三公》表", "three_public.total", "7.72", "7.72", "witness"),
        Evidence("t1r1c1", "表头所标金额单位", None, "万元", None, "unit"),
    )
    found = finding("1", "X5-unit", unit_name="某局", evidence=pieces)
    book = write(tmp_path, [wrap(report("1", "某局", facts), findings=(found,))])
    assert cell(book["收入"], "某局", "收入合计").value is None
    assert cell(book["三公经费"], "某局", "合计").value == 7.72


def test_findings_colour_their_cells_and_lead_to_their_row(book: Any) -> None:
    red, orange = cell(book["汇总表"], "云溯区住建局", "收入合计"), cell(book["汇总表"], "云溯区住建局", "自评等次")
    assert (fill_of(red), fill_of(orange)) == ("FFC7CE", "FFE0B2")
    assert red.value == 871.05
    problems = book["审核问题"]
    row = int(red.hyperlink.location.rpartition("A")[2])
    assert problems.cell(row, column_of(problems, "问题编号")).value == "102027-2021-A1"
    back = problems.cell(row, column_of(problems, "序号")).hyperlink.location
    assert back.replace("'", "") == f"汇总表!{red.coordinate}"
    assert "必改：收入合计等于各项之和" in red.comment.text
    assert cell(book["汇总表"], "云溯区住建局", "审核状态").value == "必改 1 · 需说明 1"
    assert cell(book["汇总表"], "云溯区第9局", "审核状态").value == "未审核"


def test_only_worthy_verdicts_have_a_row(book: Any) -> None:
    problems = book["审核问题"]
    ids = [problems.cell(row, column_of(problems, "问题编号")).value for row in range(6, problems.max_row + 1)]
    assert ids == ["102027-2021-A1", "102027-2021-G1", "102030-2021-X5-unit"]


def test_undecided_is_never_passed_off_as_pass(tmp_path: Path) -> None:
    states = {
        "甲局": ("pass",),
        "乙局": ("pass", "undecided"),
        "丙局": ("review",),
        "丁局": ("waived", "not_applicable"),
    }
    outcomes = [
        wrap(report(str(n), name, {}), path=f"{n}.docx",
             findings=tuple(finding(str(n), f"A{k}", verdict=v, unit_name=name) for k, v in enumerate(verdicts)))
        for n, (name, verdicts) in enumerate(states.items())
    ]  # fmt: skip
    sheet = write(tmp_path, outcomes)["汇总表"]
    assert {name: cell(sheet, name, "审核状态").value for name in states} == {
        "甲局": "通过", "乙局": "无法判断 1", "丙局": "需说明 1", "丁局": "通过",
    }  # fmt: skip


def test_totals_are_live_and_hold_their_value(book: Any, tmp_path: Path) -> None:
    values = openpyxl.load_workbook(
        write_summary(tmp_path / "v.xlsx", build_district(), EXPORTS, PROVENANCE).path, data_only=True
    )
    sheet, shown = book["汇总表"], values["汇总表"]
    bottom = next(row for row in range(6, sheet.max_row + 1) if sheet.cell(row, 3).value == "合计")
    total, blank = column_of(sheet, "支出合计"), column_of(sheet, "累计结余")
    letter = get_column_letter(total)
    assert sheet.cell(bottom, total).value == f"=SUBTOTAL(9,{letter}6:{letter}{bottom - 1})"
    column = [shown.cell(row, total).value for row in range(6, bottom)]
    assert shown.cell(bottom, total).value == pytest.approx(
        sum(value for value in column if isinstance(value, int | float))
    )
    assert sheet.cell(bottom, blank).value.startswith("=IF(COUNT(")
    assert shown.cell(bottom, blank).value is None
    assert sheet.cell(bottom, column_of(sheet, "自评得分")).value is None


def test_a_rate_of_the_sums_is_left_out_where_a_row_lacks_one_part(tmp_path: Path) -> None:
    rows = [{"staffing.authorized": "10", "staffing.actual": "9"}, {"staffing.authorized": "", "staffing.actual": "5"}]
    sheets = [
        write(tmp_path, [wrap(report(str(n), f"局{n}", r), path=f"{n}.docx") for n, r in enumerate(part)])["人员"]
        for part in (rows[:1], rows)
    ]
    rates = [sheet.cell(sheet.max_row, column_of(sheet, "实有比编制")).value for sheet in sheets]
    assert rates[0].startswith("=IF(AND(")
    assert rates[1] is None


def test_hostile_names_stay_harmless_text(book: Any) -> None:
    sheet = book["汇总表"]
    names = [sheet.cell(row, 3) for row in range(6, 6 + len(HOSTILE_NAMES))]
    assert all(name.data_type in ("s", "inlineStr") for name in names)
    assert names[0].value == HOSTILE_NAMES[0]
    assert names[0].quotePrefix or names[0].style_id
    assert names[4].value == "制表\n回车站"
    assert names[5].value == "右到左位单"
    assert (
        names[6].value.replace("_x005F", "") == HOSTILE_NAMES[6]
    )  # Excel and LibreOffice undo the escape, openpyxl does not


def test_rich_text_markup_from_a_report_is_only_text(tmp_path: Path) -> None:
    name = "<r><t>某局</t></r>"
    sheet = write(tmp_path, [wrap(report("1", name, {}))])["汇总表"]
    assert sheet["C6"].value.strip() == name


def test_the_later_version_counts_and_the_other_is_listed(book: Any) -> None:
    sheet = book["汇总表"]
    units = [sheet.cell(row, 3).value for row in range(6, sheet.max_row + 1)]
    assert units.count("云溯区住建局") == 1
    assert "2022-05-13" in cell(sheet, "云溯区住建局", "备注").value
    notes = [[c.value for c in row] for row in book["口径说明"].iter_rows(min_row=6)]
    assert any(item == "未汇入：云溯区住建局" and "三股/终稿.docx" in text for _, item, text in notes)


def test_the_notes_say_what_was_read_and_what_failed(book: Any) -> None:
    notes = {item: text for _, item, text in book["口径说明"].iter_rows(min_row=6, values_only=True)}
    assert notes["读到的文件"].startswith("34 个，其中 3 个没有得到报告；共得到报告 31 份")
    assert notes["未能读取：三股/坏.docx"] == "文件已损坏，请重新导出后再提交。"
    assert "R1" in notes["读取提示：三股/终稿改2.docx"]
    assert "未提供单位名册" in notes["应报家数"]
    assert notes["规则集"] == "默认规则 1"
    assert notes["不符"].startswith("3 项")
    assert "尾差" in notes["核对栏"]
    assert {"空白未填", "无法辨认", "涉密不公开", "必改", "需说明"} <= set(notes)


def test_last_years_and_budget_columns_appear_where_there_is_something(tmp_path: Path) -> None:
    made = report("1", "某局", {"three_public.total": "7.72"})
    more = (
        figure("three_public.total", "8.00", "t5r1c1", period=2020),
        figure("budget.total", "900.00", "t5r1c2", stage="initial"),
    )
    made = msgspec.structs.replace(made, facts=made.facts + more)
    book = write(tmp_path, [wrap(made)])
    assert cell(book["三公经费"], "某局", "上年决算").value == 8
    assert cell(book["三公经费"], "某局", "增减额").value.startswith("=IF(AND(")
    assert cell(book["汇总表"], "某局", "年初预算").value == 900
    headers = {c.value for row in book["汇总表"].iter_rows(min_row=3, max_row=5) for c in row}
    assert "调整预算" not in headers


def test_last_years_figure_is_never_shown_as_this_years(tmp_path: Path) -> None:
    made = msgspec.structs.replace(report("1", "某局", {}), facts=(figure("income.total", "9.00", period=2020),))
    assert cell(write(tmp_path, [wrap(made)])["收入"], "某局", "收入合计").value is None


def test_a_shared_weight_counts_once(tmp_path: Path) -> None:
    weight = CellText("value", "15", "t3r5c5")
    rows = [indicator(f"效益{n}", "15", "5", 5 + n, weight_shared_by=3) for n in range(3)]
    rows = [msgspec.structs.replace(row, cells=row.cells | {"weight": weight}) for row in rows]
    made = msgspec.structs.replace(report("1", "某局", {}), indicators=tuple(rows))
    found = finding("1", "S2", unit_name="某局", evidence=(Evidence("t3r6c6", "《评分表》", None, "5", "5", "score"),))
    sheet = write(tmp_path, [wrap(made, findings=(found,))])["指标得分"]
    weights, scores, lost = (column_of(sheet, label) for label in ("分值", "自评得分", "扣分"))
    assert [sheet.cell(row, weights).value for row in (6, 7, 8)] == [15, None, None]
    assert [sheet.cell(row, lost).value for row in (6, 7, 8)] == [None, None, None]
    assert sheet.cell(9, scores).value == "=SUBTOTAL(9,H6:H8)"
    assert "3 行" in sheet.cell(6, weights).comment.text
    assert fill_of(sheet.cell(7, scores)) == "FFC7CE"
    assert sheet.cell(7, scores).hyperlink is not None


def test_an_empty_run_still_makes_a_workbook(tmp_path: Path) -> None:
    book = write(tmp_path, [])
    assert book.sheetnames == SHEETS
    assert "不详。汇总 0 家" in book["汇总表"]["A6"].value


def test_the_ledger_has_one_row_a_finding_linked_to_its_evidence(tmp_path: Path) -> None:
    book = write_ledger(tmp_path, build_district(), copies={"三股/终稿改2.docx": "批注/三股/终稿改2.docx"})
    assert book.sheetnames == ["审核问题", "证据", "可能原因", "表样问题", "重报对比", "口径说明"]
    ledger, evidence = book["审核问题"], book["证据"]
    assert "102027-2021-A1" in [c.value for c in ledger[6]]
    row = int(ledger.cell(6, column_of(ledger, "序号")).hyperlink.location.rpartition("A")[2])
    line = [c.value for c in evidence[row]]
    assert line[1] == "102027-2021-A1"
    assert "871.05" in line
    copy = evidence.cell(row, column_of(evidence, "批注件"))
    assert copy.hyperlink.target.endswith("终稿改2.docx")
    assert (copy.value, copy.hyperlink.location) == ("打开", "t1r9c4")
    assert "依据待核" in ledger.cell(6, column_of(ledger, "依据")).value
    assert [ledger.cell(6, column_of(ledger, label)).value for label in ("整改情况", "核验意见", "是否销号")] == [
        None
    ] * 3
    texts = {str(c.value) for row_cells in ledger.iter_rows() for c in row_cells}
    assert not any("870.05" in text for text in texts), "a repaired value belongs in the working paper only"


def test_findings_of_a_superseded_version_are_not_listed(tmp_path: Path) -> None:
    old = wrap(
        msgspec.structs.replace(department(1, "某局"), report_date="2022-05-01"),
        path="旧.docx",
        findings=(finding("102001", "A1"),),
    )
    new = wrap(department(1, "某局"), path="新.docx", findings=(finding("102001", "A2"),))
    ledger = write_ledger(tmp_path, [old, new])["审核问题"]
    numbers = column_of(ledger, "问题编号")
    listed = [str(ledger.cell(row, numbers).value) for row in range(6, ledger.max_row + 1)]
    assert [number for number in listed if "-2021-" in number] == ["102001-2021-A2"]


def test_the_file_names_no_user_machine_or_clock(tmp_path: Path) -> None:
    paths = [
        write_summary(tmp_path / f"{n}" / "汇总表.xlsx", build_district(), EXPORTS, PROVENANCE, IMPRINT).path
        for n in "ab"
    ]
    assert paths[0].read_bytes() == paths[1].read_bytes()
    with zipfile.ZipFile(paths[0]) as package:
        core = package.read("docProps/core.xml").decode()
        everything = b"".join(package.read(name) for name in package.namelist())
    assert "<dc:creator></dc:creator>" in core
    assert "2022-06-01" in core
    assert str(tmp_path).encode() not in everything
    assert sorted(p.name for p in paths[0].parent.iterdir()) == ["汇总表.xlsx"]


def test_a_workbook_open_in_excel_is_written_beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "汇总表.xlsx"
    target.write_bytes(b"open")
    real = Path.replace

    def refuse(source: Path, goal: Path) -> Path:
        if goal == target:
            raise PermissionError(13, "in use")
        return real(source, goal)

    monkeypatch.setattr(Path, "replace", refuse)
    written = write_summary(target, build_district()[:2], EXPORTS, PROVENANCE)
    assert written.path.name == "汇总表(新).xlsx"
    assert "请先关闭" in (written.advice or "")
    assert target.read_bytes() == b"open"
    monkeypatch.setattr(Path, "replace", lambda *_: refuse(target, target))
    with pytest.raises(UsageError, match="请先关闭"):
        write_summary(target, build_district()[:2], EXPORTS, PROVENANCE)


def test_a_run_that_breaks_off_leaves_the_old_workbook(tmp_path: Path) -> None:
    target = tmp_path / "汇总表.xlsx"
    target.write_bytes(b"old")

    def break_off() -> Iterable[Outcome]:
        yield build_district()[0]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_summary(target, break_off(), EXPORTS, PROVENANCE)
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("汇总表.xlsx", b"old")]


def with_sections(sections: tuple[str, ...]) -> Books:
    """The district's roster: every other department of another 股室."""
    codes = sorted(range(102001, 102029), key=lambda code: code % 2)
    units = (RosterUnit(n, f"单位{code}", str(code), section=sections[code % 2]) for n, code in enumerate(codes))
    return Books(Roster(tuple(units)))


def recalculate(path: Path, folder: Path) -> Path:
    """The workbook as LibreOffice saves it after recalculating everything."""
    office = shutil.which("soffice")
    assert office
    command = [
        office,
        "--headless",
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
    ]
    subprocess.run(
        [*command, "--outdir", str(folder / "again"), str(path)], check=True, capture_output=True, timeout=180
    )
    return folder / "again" / path.name


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.filterwarnings("ignore:(Unknown|Conditional Formatting) extension")  # LibreOffice's own data bars
@pytest.mark.parametrize("sections", [(), ("一股", "=二*股")])
def test_libreoffice_comes_to_every_stored_value(tmp_path: Path, sections: tuple[str, ...]) -> None:
    """The stored values are spoilt first, so that only a true recalculation can restore them."""
    books = with_sections(sections) if sections else None
    district = collect_district(build_district(), EXPORTS.layouts["summary"], EXPORTS.labels, None, books)
    path = write_district(tmp_path / "汇总表.xlsx", district, EXPORTS, PROVENANCE, IMPRINT).path
    formulas, stored = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    bare = tmp_path / "bare" / "汇总表.xlsx"
    bare.parent.mkdir()
    formulas.save(bare)  # openpyxl writes formulas without values
    fresh = openpyxl.load_workbook(recalculate(bare, tmp_path), data_only=True)
    compared = 0
    for sheet in formulas:
        for row in sheet.iter_rows():
            for found in row:
                if found.data_type != "f":
                    continue
                ours, theirs = (b[sheet.title][found.coordinate].value for b in (stored, fresh))
                if ours is None:
                    assert theirs in (None, ""), (sheet.title, found.coordinate, found.value, theirs)
                else:
                    assert isinstance(theirs, int | float), (sheet.title, found.coordinate, found.value, theirs)
                    assert isinstance(ours, int | float)
                    assert theirs == pytest.approx(ours, rel=1e-9, abs=1e-9), (sheet.title, found.coordinate)
                compared += 1
    assert compared > 500
