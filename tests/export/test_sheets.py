"""The sheets beside the figures: subtotals, losses, grades, changes, projects, charts; the public and the plain workbook."""

from __future__ import annotations

import re
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from gouji.export.changes import unit_key
from gouji.export.district import collect_district
from gouji.export.formulas import escape_criterion
from gouji.export.notes import Provenance
from gouji.export.summary import Edition, Extras, write_district
from gouji.export.workbook import Imprint
from gouji.model.report import Person, Project, Report
from gouji.model.result import Outcome
from gouji.patterns import default_folder
from gouji.patterns.exports import load_exports
from gouji.roster.unit import Books, Register, Roster, RosterUnit
from outcomes import HOSTILE_NAMES, build_district, department, figure, finding, indicator, report, wrap

EXPORTS = load_exports(default_folder())
LAYOUT = EXPORTS.layouts["summary"]
SECTIONS = {"云溯区第9局": "一股", "云溯区第10局": "二股", "云溯区第11局": "一股", "云溯区未报局": "二股"}


def books() -> Books:
    sections = sorted(set(SECTIONS.values()))
    ordered = sorted(SECTIONS.items(), key=lambda pair: sections.index(pair[1]))
    units = tuple(
        RosterUnit(n, name, str(102000 + n), section=section, phone="0730-5550001", contact="林知远")
        for n, (name, section) in enumerate(ordered)
    )
    return Books(Roster(units), Register(), "2022-06-01")


def write(
    folder: Path,
    outcomes: list[Outcome],
    kept: Books | None = None,
    extras: Extras | None = None,
    *,
    values: bool = False,
) -> Any:
    district = collect_district(outcomes, LAYOUT, EXPORTS.labels, None, kept)
    written = write_district(folder / "汇总表.xlsx", district, EXPORTS, Provenance(), Imprint(bureau="某局"), extras)
    return openpyxl.load_workbook(written.path, data_only=values)


def three() -> list[Outcome]:
    made = [(n, f"云溯区第{n}局") for n in (9, 10, 11)]
    rows = [msgspec.structs.replace(department(n, name), budget_code=None) for n, name in made]
    return [wrap(row, path=f"{n}.docx") for n, row in enumerate(rows)]


def rows_of(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=6)]


def header_of(sheet: Any) -> list[Any]:
    """The lowest label over each column."""
    columns = zip(*(row for row in sheet.iter_rows(min_row=3, max_row=5, values_only=True)), strict=True)
    return [next((label for label in reversed(column) if label), None) for column in columns]


def test_subtotals_follow_the_roster_and_count_once(tmp_path: Path) -> None:
    values = write(tmp_path, three(), books(), values=True)["汇总表"]
    formulas = openpyxl.load_workbook(tmp_path / "汇总表.xlsx")["汇总表"]
    names = [row[2] for row in rows_of(values)]
    assert names[:6] == ["云溯区第9局", "云溯区第11局", "小计（一股）", "云溯区第10局", "小计（二股）", "合计"]
    column = header_of(values).index("支出合计")
    found = [row[column] for row in rows_of(values)[:6]]
    assert found[2] == pytest.approx(found[0] + found[1])
    assert found[5] == pytest.approx(found[0] + found[1] + found[3])
    letter = get_column_letter(column + 1)
    assert [formulas[f"{letter}{row}"].value for row in (8, 10, 11)] == [
        f"=SUBTOTAL(9,{letter}6:{letter}7)", f"=SUBTOTAL(9,{letter}9:{letter}9)", f"=SUBTOTAL(9,{letter}6:{letter}10)",
    ]  # fmt: skip
    assert [row[3] for row in rows_of(values)[:5]] == ["一股", "一股", "一股", "二股", "二股"], "a filter keeps its sum"


def test_the_closing_line_counts_by_the_roster(tmp_path: Path) -> None:
    sheet = write(tmp_path, three(), books())["汇总表"]
    closing = rows_of(sheet)[-1][0]
    assert "应报 4 家" in closing
    assert "缺报 1 家" in closing
    assert "汇总 3 家" in closing


def test_without_a_roster_nothing_speaks_of_sections(tmp_path: Path) -> None:
    book = write(tmp_path, three())
    assert "归口股室" not in header_of(book["汇总表"])
    assert not any("小计" in str(row[2]) for row in rows_of(book["汇总表"]))
    assert "没有单位名册" in rows_of(book["报送登记"])[0][0]
    assert "未报送名单" not in book.sheetnames


def test_phones_stand_in_the_register_alone(tmp_path: Path) -> None:
    book = write(tmp_path, three(), books())
    holding = [s.title for s in book if any("0730-5550001" in str(c.value) for row in s.iter_rows() for c in row)]
    assert holding == ["报送登记"]


def test_grades_are_counted_live_by_section(tmp_path: Path) -> None:
    formulas, values = (write(tmp_path, three(), books(), values=v)["等次分布"] for v in (False, True))
    head = header_of(values)
    first, second, total = (dict(zip(head, row, strict=True)) for row in rows_of(values)[:3])
    assert (first["归口股室"], first["应报"], first["已报"], first["优"]) == ("一股", 2, 2, 2)
    assert (second["应报"], second["已报"], total["汇总家数"]) == (2, 1, 3)
    assert first["平均自评"] == pytest.approx((89 + 91) / 2)
    assert first["平均复核"] is None
    row = rows_of(formulas)[0]
    assert row[head.index("优")].startswith("=COUNTIFS('汇总表'!$D$6:$D$10,\"=一股\",'汇总表'!")
    assert "AVERAGEIFS(" in row[head.index("平均复核")]


def test_losses_are_summed_up_by_indicator(tmp_path: Path) -> None:
    def unit(n: int, score: str | None, reason: str, weight: str = "5") -> Outcome:
        row = msgspec.structs.replace(indicator("预算执行率", weight, score, 3), reason=reason)
        shared = indicator("社会效益", "15", "5", 4, weight_shared_by=3)
        made = msgspec.structs.replace(report(str(n), f"局{n}", {}), indicators=(row, shared))
        return wrap(made, path=f"{n}.docx")

    outcomes = [
        unit(1, "4", "年中追加"),
        unit(2, "5", ""),
        unit(3, "3", ""),
        unit(4, "8", "年中追加", "10"),
        unit(5, None, ""),
    ]
    sheet = write(tmp_path, outcomes)["扣分汇总"]
    rows = rows_of(sheet)
    assert len(rows) == 1, "a shared weight says nothing of points lost"
    found = dict(zip(header_of(sheet), rows[0], strict=True))
    assert (found["三级指标"], found["分值"], found["扣分家数"], found["未写原因家数"]) == ("预算执行率", 5, 3, 1)
    assert found["平均得分率"] == pytest.approx((0.8 + 1 + 0.6 + 0.8) / 4)
    assert found["主要原因"] == "年中追加（2 家）"
    assert found["备注"] == "1 家分值不同；1 家未填得分"


def test_last_year_comes_from_the_report_else_from_the_store(tmp_path: Path) -> None:
    made = report("102001", "甲局", {"income.total": "9.00", "expenditure.total": "8.00"})
    made = msgspec.structs.replace(made, facts=(*made.facts, figure("income.total", "6.00", "t9r1c1", period=2020)))
    known = {unit_key("102001", "甲局"): {"income.total": Decimal(7), "expenditure.total": Decimal(10)}}
    sheet = write(tmp_path, [wrap(made)], extras=Extras(last_year=known), values=True)["上年对比"]
    found = [dict(zip(header_of(sheet), row, strict=True)) for row in rows_of(sheet)]
    assert [(f["项目"], f["上年"], f["本年"], f["增减额"]) for f in found] == [
        ("收入合计", 6, 9, 3),
        ("支出合计", 10, 8, -2),
    ]
    assert found[1]["增减%"] == pytest.approx(-0.2)
    assert "与上年报告（7）不一致" in found[0]["说明"]
    assert "上年报送的报告" in found[1]["说明"]


def test_people_are_counted_and_money_has_two_decimals(tmp_path: Path) -> None:
    facts = {"staffing.actual": "39", "income.total": "186.20455"}
    known = {"102001": {"staffing.actual": Decimal(38), "income.total": Decimal("186.2")}}
    sheet = write(tmp_path, [wrap(report("102001", "某局", facts))], extras=Extras(last_year=known))["上年对比"]
    head = header_of(sheet)
    shown = {
        sheet.cell(row, head.index("项目") + 1).value: {
            sheet.cell(row, head.index(name) + 1).number_format for name in ("上年", "本年", "增减额")
        }
        for row in (6, 7)
    }
    assert shown == {"收入合计": {"#,##0.00_ "}, "实有人数": {"General_ "}}


def test_projects_have_a_sheet_of_their_own(tmp_path: Path) -> None:
    facts = (
        figure("budget.total", "200.00", stage="initial"),
        figure("budget.total", "2100000元", stage="adjusted"),
        figure("budget.total", "189.00"),
        figure("performance.score", "95"),
    )
    made = msgspec.structs.replace(
        report("1", "甲局", {}), projects=(Project("P1", "=维修", facts), Project(None, "空项目"))
    )
    book = write(tmp_path, [wrap(made)], values=True)
    found = [dict(zip(header_of(book["项目"]), row, strict=True)) for row in rows_of(book["项目"])]
    assert (found[0]["项目名称"], found[0]["预算数"], found[0]["执行数"], found[0]["计算"], found[0]["自评得分"]) == (
        "P1 =维修", 210, 189, 0.9, 95,
    )  # fmt: skip
    assert (found[1]["预算数"], found[1]["计算"]) == (None, None)
    assert "项目" not in write(tmp_path, three()).sheetnames


def test_charts_are_native_and_their_numbers_live(tmp_path: Path) -> None:
    hard = finding("102009", "A1", unit_name="云溯区第9局")
    outcomes = [msgspec.structs.replace(three()[0], findings=(hard,)), *three()[1:]]
    sheet = write(tmp_path, outcomes, books())["图表"]
    rows = {row[1]: row[2] for row in rows_of(sheet) if row[1]}
    assert rows["95 分及以上"].startswith("=COUNTIF('汇总表'!")
    assert rows["公共财政拨款"].startswith("='收入'!")
    assert rows["A1 收入合计等于各项之和"].startswith("=COUNTIF('审核问题'!")
    assert rows["云溯区第11局"] == 2.75
    with zipfile.ZipFile(tmp_path / "汇总表.xlsx") as package:
        charts = [package.read(name).decode() for name in package.namelist() if re.match(r"xl/charts/chart\d", name)]
    assert sorted(re.search(r"<c:(bar|pie)Chart>", chart)[1] for chart in charts) == ["bar", "bar", "bar", "pie"]  # type: ignore[index]
    assert all("图表" in chart for chart in charts)


def public_report() -> Report:
    people = (Person("联系人", "林知远", "p3"),)
    return msgspec.structs.replace(department(27, "云溯区住建局", income__total="871.05"), people=people)


def test_the_public_workbook_holds_nothing_internal(tmp_path: Path) -> None:
    outcomes = [wrap(public_report(), path="三股/住建.docx", findings=(finding("102027", "A1"),)), *three()]
    book = write(tmp_path, outcomes, books(), Extras("public"))
    assert book.sheetnames == ["汇总表", "收入", "支出", "三公经费", "固定资产", "上年对比", "口径说明"]
    texts = "\n".join(str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None)
    for word in ("编制", "复核", "审核", "必改", "核对", "备注", "股", "0730", "林知远", "三股/", "缺报"):
        assert word not in texts, word
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not any(cell.comment or cell.hyperlink for cell in cells)
    assert "FFC7CE" not in {cell.fill.fgColor.rgb[2:] for cell in cells if cell.fill.fill_type == "solid"}
    assert not any(sheet.oddFooter.left.text for sheet in book)
    assert rows_of(book["汇总表"])[-1][0] == "汇总 4 家。"


def test_the_plain_workbook_has_the_same_values_and_no_formula(tmp_path: Path) -> None:
    live = write(tmp_path, three(), books(), values=True)
    plain = write(tmp_path / "plain", three(), books(), Extras("plain"))
    assert plain.sheetnames == live.sheetnames
    for sheet in plain:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", (sheet.title, cell.coordinate)
                assert cell.value == live[sheet.title][cell.coordinate].value


@pytest.mark.parametrize("edition", ["internal", "public", "plain"])
def test_hostile_text_is_text_in_every_edition(tmp_path: Path, edition: Edition) -> None:
    units = tuple(RosterUnit(n, name, str(102001 + n), section="=一股*") for n, name in enumerate(HOSTILE_NAMES))
    book = write(tmp_path, build_district(), Books(Roster(units)), Extras(edition))
    formulas = [c.value for sheet in book for row in sheet.iter_rows() for c in row if c.data_type == "f"]
    known = re.compile(r"^=(?:IF\(|IFERROR\(|SUBTOTAL\(|COUNTIFS?\(|SUM\(|'收入'!|[A-Z]+\d+-SUM\()")
    assert [formula for formula in formulas if not known.match(formula)] == []
    assert edition == "plain" or formulas


def test_findings_lead_to_the_annotated_copy(tmp_path: Path) -> None:
    outcome = wrap(public_report(), path="三股/住建.docx", findings=(finding("102027", "A1"),))
    copies = {"三股/住建.docx": "批注/三股/住建.docx"}
    sheet = write(tmp_path, [outcome], extras=Extras(copies=copies))["审核问题"]
    place, copy = (sheet.cell(6, header_of(sheet).index(name) + 1) for name in ("涉及位置", "批注件"))
    assert (copy.value, copy.hyperlink.target, copy.hyperlink.location) == ("打开", "批注/三股/住建.docx", "t1r9c4")
    assert "《收入情况》表" in place.value, "the place stands in words too"
    assert place.hyperlink is None, "LibreOffice would not wrap it"
    plain = write(tmp_path, [outcome], extras=Extras())["审核问题"]
    assert (plain.cell(6, copy.column).value, plain.cell(6, copy.column).hyperlink) == (None, None)


def test_what_the_department_is_not_told_leads_to_the_review_page(tmp_path: Path) -> None:
    """The copy that goes to the department has no place for it."""
    kept = tuple(
        finding("102027", f"P{n}", **more) for n, more in enumerate(({"audience": "bureau"}, {"verdict": "undecided"}))
    )
    outcome = wrap(public_report(), path="三股/住建.docx", findings=(finding("102027", "A1"), *kept))
    extras = Extras(copies={"三股/住建.docx": "批注/住建.docx"}, reviews={"三股/住建.docx": "复核包/住建.docx.html"})
    sheet = write(tmp_path, [outcome], extras=extras)["审核问题"]
    column = header_of(sheet).index("批注件") + 1
    cells = [sheet.cell(row, column) for row in (6, 7, 8)]
    assert {(cell.value, cell.hyperlink.target, cell.hyperlink.location) for cell in cells} == {
        ("打开", "批注/住建.docx", "t1r9c4"),
        ("看原文", "复核包/住建.docx.html", "t1r9c4"),
    }
    assert [cell.value for cell in cells].count("看原文") == 2


def test_a_criterion_means_the_text_itself() -> None:
    assert escape_criterion('甲*?~"股') == '"=甲~*~?~~""股"'
