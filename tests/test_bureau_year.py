"""The bureau's year (docs/year.md) through the public commands, on seven units: nothing lost, nothing counted twice."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from click.testing import CliRunner

from gouji.cli import cli
from pipeline.years import FIXTURES, write_report

ROSTER = """单位名称,预算编码,归口股室,联系人,联系电话,应报日期,涉密
云溯区民政局,104001,社会保障股,吴景行,0730-5550017,2022-05-20,
云溯区统计局,119001,经济建设股,林若川,0730-5550030,2022-05-20,
云溯区红十字会,131001,社会保障股,卫若川,0730-5550023,2022-05-20,
云溯区河道采砂服务站,201006,农业农村股,蒋子衿,0730-5550039,2022-05-31,
云溯区信访局,123001,行政政法股,陈清和,0730-5550006,2022-05-20,
云溯区保密技术服务中心,132001,行政政法股,蒋若川,0730-5550009,2022-05-20,是
"""
FINAL_ACCOUNTS = "2021年度部门决算（万元）\n预算编码,单位名称,支出合计\n119001,云溯区统计局,585.20\n"
LEDGER, SUMMARY, FIRST = "审核问题", "汇总表", 6
WRONG_SUM, WRONG_GRADE, WRONG_TOTAL = "201006-2021-A3", "201006-2021-G1", "119001-2021-A2"
DATED = {"2022年5月17日": "2022年5月28日"}


class Desk:
    """The clerk's desk: a folder of submissions, the output folder, commands and workbooks."""

    def __init__(self, folder: Path) -> None:
        self.out, self.inbox, self.roster = folder / "结果", folder / "报送", folder / "名册.csv"
        self.store = self.out / "gouji.db"
        self.folder = folder
        self.inbox.mkdir()
        self.roster.write_text(ROSTER, encoding="utf-8")

    def gouji(self, *words: object, code: int = 0) -> str:
        done = CliRunner().invoke(cli, [str(word) for word in words], standalone_mode=False)
        assert done.exception is None, done.exc_info
        assert done.return_value == code, done.output
        return done.output

    def run(self, *words: object) -> str:
        """3: the secret file is never read."""
        return self.gouji(
            *("run", self.inbox, "-o", self.out, "--roster", self.roster, "--jobs", 1, "--quiet", *words), code=3
        )

    def rows(self, name: str, key: str, book: str = LEDGER) -> dict[str, dict[str, Any]]:
        sheet = openpyxl.load_workbook(self.out / f"{book}.xlsx", data_only=True)[name]
        head = head_of(sheet)
        rows = [{n: sheet.cell(r, c).value for n, c in head.items()} for r in range(FIRST, sheet.max_row + 1)]
        found = [row for row in rows if row[key]]
        assert len({row[key] for row in found}) == len(found), f"{name}：同一个{key}列了两次"
        return {str(row[key]): row for row in found}

    def write(self, book: str, key: str, value: str, **cells: object) -> None:
        """As a person would, into the row whose `key` is `value`."""
        path = self.out / f"{book}.xlsx"
        opened = openpyxl.load_workbook(path)
        sheet: Any = opened[book.removesuffix("(新)")]
        head = head_of(sheet)
        row = next(r for r in range(FIRST, sheet.max_row + 1) if str(sheet.cell(r, head[key]).value) == value)
        for name, text in cells.items():
            sheet.cell(row, head[name]).value = text
        opened.save(path)


def head_of(sheet: Any) -> dict[str, int]:
    cells = [cell for row in sheet.iter_rows(min_row=3, max_row=FIRST - 1) for cell in row if cell.value]
    return {str(cell.value): cell.column for cell in cells}


def hand_in(desk: Desk) -> None:
    """The first round: right, wrong (and once more), of a wrong year, of no unit of the roster, secret; one is missing."""
    write_report(desk.inbox, "104001")
    write_report(desk.inbox, "119001", changes={"\t585.20": "\t586.20"})
    write_report(desk.inbox, "119001", changes={"\t585.20": "\t586.20"}, name="119001 副本.txt")
    write_report(desk.inbox, "131001", 2019)
    for name, short in (("201006-云溯区河道采砂服务站", "采砂站"), ("115001-云溯区退役军人事务局", "退役")):
        shutil.copy(FIXTURES / "district" / f"{name}.txt", desk.inbox / f"{short}.txt")
    secret = docx.Document()
    secret.sections[0].header.paragraphs[0].text = "秘密★1年"
    secret.add_paragraph("云溯区保密技术服务中心2021年度部门整体支出绩效自评报告")
    secret.save(str(desk.inbox / "保密.docx"))


def test_the_year(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(tmp_path)
    for unit in ("104001", "119001"):
        write_report(tmp_path / "上年", unit, 2020, {"585.20": "570.20"} if unit == "119001" else None)
    desk.gouji("run", tmp_path / "上年", "-o", desk.out, "--jobs", 1, "--quiet")
    hand_in(desk)
    receive(desk)
    check_against_accounts(desk)
    people_write(desk)
    units_resubmit(desk)
    open_workbooks_lose_nothing(desk, monkeypatch)
    sign_and_forget(desk)


def receive(desk: Desk) -> None:
    told = desk.run("--received", "2022-05-19")
    assert "应报 5 家，已报 3 家，缺报 2 家。" in told
    assert "保密.docx：文件标有密级" in told
    states = {unit: row["状态"] for unit, row in desk.rows("报送登记", "单位", SUMMARY).items()}
    assert states["云溯区民政局"] == states["云溯区统计局"] == "已报"
    assert (states["云溯区红十字会"], states["云溯区信访局"]) == ("年度不符", "未报")
    assert (states["云溯区退役军人事务局"], states["云溯区保密技术服务中心"]) == ("单位不符", "涉密")
    desk.run("--remind", "2022-05-24")
    calls = desk.rows("催报记录", "催报单位", "收件登记")
    assert {row["催报日期"] for row in calls.values()} == {"2022-05-24"}
    assert {"云溯区红十字会", "云溯区信访局"} <= calls.keys()


def check_against_accounts(desk: Desk) -> None:
    accounts = desk.folder / "决算.csv"
    accounts.write_text(FINAL_ACCOUNTS, encoding="utf-8")
    assert "已导入第 1 号：部门决算 2021 年度" in desk.gouji(
        "reference", "import", accounts, "--store", desk.store, "--yes"
    )
    desk.run()
    found = desk.rows(LEDGER, "问题编号")
    assert {"119001-2021-F1-account-expenditure.total", "104001-2021-Y1", WRONG_SUM} <= found.keys()
    assert "审核意见函" in desk.gouji("letters", desk.out, "--bureau", "云溯区财政局", "--deadline", "2022年6月10日")
    assert (desk.out / "批注" / "采砂站.txt.html").is_file()


def people_write(desk: Desk) -> None:
    desk.write(LEDGER, "问题编号", WRONG_SUM, 整改情况="已更正", 核验意见="同意豁免", 核验人="王五")
    desk.write(LEDGER, "问题编号", WRONG_GRADE, 出错说明="按旧办法评等", 核验意见="同意豁免", 核验人="王五")
    desk.write(LEDGER, "问题编号", WRONG_TOTAL, 整改情况="已更正合计", 是否销号="是")
    desk.write(LEDGER, "问题编号", "104001-2021-Y1", 出错说明="不属实", 核验意见="豁免理由不成立", 核验人="王五")
    desk.write(SUMMARY, "预算编码", "119001", 复核得分=85.5, 复核等次="良")
    told = desk.gouji("ledger", "import", desk.out / "审核问题.xlsx", "--store", desk.store)
    assert f"已按核验意见豁免 1 项：{WRONG_GRADE}。" in told
    assert f"{WRONG_SUM}：这是必改问题" in told
    assert "104001-2021-Y1：核验意见“豁免理由不成立”没有当作豁免" in told
    assert f"{WRONG_GRADE} ［生效］ 王五" in desk.gouji("waive", "--list", "--store", desk.store)


def units_resubmit(desk: Desk) -> None:
    """One corrects its error; one changes its total to another wrong one, and a figure that nobody asked about."""
    write_report(
        desk.inbox, "119001", changes={"\t585.20": "\t587.20", "\t290.00": "\t291.00"} | DATED, name="重报.txt"
    )
    text = (desk.inbox / "采砂站.txt").read_text(encoding="utf-8")
    again = text.replace("127.70", "163.70").replace("2022年5月", "2022年6月")
    (desk.inbox / "采砂站重报.txt").write_text(again, encoding="utf-8")
    told = desk.run("--received", "2022-06-05")
    assert f"已销号的问题在新报送的报告中仍不符：{WRONG_TOTAL}，见台账备注栏。" in told
    assert "重报 2 份" in told
    assert "已豁免 1 项" in told
    found = desk.rows(LEDGER, "问题编号")
    assert (found[WRONG_SUM]["判定"], found[WRONG_SUM]["整改情况"]) == ("已消除", "已更正")
    assert (found[WRONG_GRADE]["判定"], found[WRONG_GRADE]["版次"]) == ("已豁免", "第 2 次")
    assert (found[WRONG_TOTAL]["是否销号"], found[WRONG_TOTAL]["备注"]) == ("是", "已销号但仍不符")
    sheet = openpyxl.load_workbook(desk.out / "审核问题.xlsx")["重报对比"]
    changes = [tuple(str(cell) for cell in row) for row in sheet.iter_rows(values_only=True)]
    assert any("没有要求而改动" in row and {"290.00", "291.00"} <= set(row) for row in changes)
    assert any("已改正" in row and WRONG_SUM in row for row in changes)
    assert not any("新出现" in row and WRONG_GRADE in row for row in changes)
    units = desk.rows(SUMMARY, "预算编码", SUMMARY)
    assert (units["119001"]["支出合计"], units["119001"]["复核得分"], units["119001"]["复核等次"]) == (
        587.2,
        85.5,
        "良",
    )
    grades = desk.rows("等次分布", "归口股室", SUMMARY)
    assert grades["经济建设股"]["平均复核"] == grades["合计"]["平均复核"] == 85.5


def open_workbooks_lose_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both workbooks are open during a run; people then write into either copy."""
    plain = Path.replace

    def refuse(source: Path, goal: Path) -> Path:
        if Path(goal).name in ("汇总表.xlsx", "审核问题.xlsx"):
            raise PermissionError(13, "open")
        return plain(source, goal)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", refuse)
        assert "结果已另存为 审核问题(新).xlsx" in desk.run()
    desk.write(LEDGER, "问题编号", "104001-2021-Y1", 佐证材料="对账单")
    desk.write("审核问题(新)", "问题编号", "104001-2021-Y1", 责任人="吴景行")
    desk.write(SUMMARY, "预算编码", "104001", 复核得分=90)
    desk.write("汇总表(新)", "预算编码", "119001", 复核得分=86)
    desk.run()
    row = desk.rows(LEDGER, "问题编号")["104001-2021-Y1"]
    assert (row["佐证材料"], row["责任人"], row["核验人"]) == ("对账单", "吴景行", "王五")
    scores = {code: row["复核得分"] for code, row in desk.rows(SUMMARY, "预算编码", SUMMARY).items()}
    assert (scores["104001"], scores["119001"]) == (90, 86)
    assert not list(desk.out.glob("*(新).xlsx"))


def sign_and_forget(desk: Desk) -> None:
    sheet = desk.out / "抽查复核表.xlsx"
    desk.gouji("sample", "draw", "--store", desk.store, "-o", sheet, "--seed", "2022")
    book = openpyxl.load_workbook(sheet)
    drawn, head = book.worksheets[0], head_of(book.worksheets[0])
    figures = [r for r in range(FIRST, drawn.max_row + 1) if "-" in str(drawn.cell(r, head["核对编号"]).value)]
    for row in figures:
        drawn.cell(row, head["复核结果"]).value = "一致"
    book.save(sheet)
    told = desk.gouji("sample", "import", sheet, "--store", desk.store)
    assert f"累计复核 {len(figures)} 个数，与原件一致 {len(figures)} 个" in told
    desk.gouji("freeze", desk.out, "--name", "2021年度")
    signed = (desk.out / "定稿" / "2021年度" / "汇总表.xlsx").read_bytes()
    write_report(desk.inbox, "119001", changes={"2022年5月17日": "2022年7月1日"}, name="再报.txt")
    told = desk.run("--received", "2022-07-05")
    assert re.search(
        r"与定稿“2021年度（.+）”相比，有 \d+ 个数发生变化：119001 云溯区统计局 2021。定稿文件夹中的数字没有改动。", told
    )
    assert (desk.out / "定稿" / "2021年度" / "汇总表.xlsx").read_bytes() == signed
    assert "完全相同" in desk.gouji("freeze", desk.out, "--name", "2021年度", "--verify")
    assert "数据项.csv" in desk.gouji("export", "--store", desk.store, "--format", "csv", "-o", desk.out / "导出")
    assert "将清除 2 个报送件" in desk.gouji("purge", "--store", desk.store, "--year", "2020")
    assert "已清除 2 个报送件" in desk.gouji("purge", "--store", desk.store, "--year", "2020", "--yes")
    desk.run()
    assert desk.rows(SUMMARY, "预算编码", SUMMARY)["119001"]["复核得分"] == 86
