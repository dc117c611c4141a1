"""A submission in several files: one row, one judgement, every finding in the file of its cell."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import docx
import msgspec
import openpyxl
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from gouji.cli import cli
from gouji.model.finding import Finding
from gouji.pipeline.merging import find_where, move_where
from gouji.store import Store
from gouji.store.purging import Target, forget
from pipeline.years import judge_folder

UNIT = "示例县水务局"
SECTIONS = [
    ("一、部门基本情况", f"{UNIT}编制20人，实有18人，负责水资源管理。"),
    (
        "二、资金使用情况",
        "2021年度支出合计871.05万元，其中基本支出671.05万元，项目支出200.00万元，三公经费支出{told}万元。",
    ),
    ("三、存在的问题", "预算编制不够精细。"),
    ("四、改进措施", "加强预算管理。"),
]
FIGURES = [
    ("支出合计", "基本支出", "人员支出", "公用支出", "项目支出", "三公经费合计"),
    ("871.05", "671.05", "403.03", "268.02", "{project}", "7.72"),
]
SCORES = [
    ("一级指标", "二级指标", "三级指标", "分值", "评分标准", "自评得分", "扣分原因"),
    ("投入", "目标设定", "绩效目标合理性", "10", "符合得满分，否则酌情扣分", "10", ""),
    ("过程", "预算执行", "预算完成率", "40", "100%得满分，每低于1个百分点扣1分", "40", ""),
    ("产出", "职责履行", "重点工作完成率", "30", "完成得满分", "30", ""),
    ("效果", "履职效益", "社会公众满意度", "20", "95%以上得满分", "{score}", "群众有意见"),
    ("总分", "", "", "100", "", "98", ""),
]  # fmt: skip


def write(path: Path, titles: list[str], rows: Sequence[tuple[str, ...]] = (), **cells: str) -> None:
    """A Word file with its titles and one table."""
    given_cells = {"project": "200.00", "score": "18", "told": "7.72"} | cells
    document = docx.Document()
    for title in titles:
        document.add_paragraph(title.format(**given_cells))
    if rows:
        table = document.add_table(len(rows), len(rows[0]))
        for r, texts in enumerate(rows):
            for c, text in enumerate(texts):
                table.cell(r, c).text = text.format(**given_cells)
    document.add_paragraph("")
    path.parent.mkdir(parents=True, exist_ok=True)
    document.save(str(path))


def narrative() -> list[str]:
    return [f"{UNIT}2021年度部门整体支出绩效自评报告", *(line for section in SECTIONS for line in section)]


def write_three(folder: Path, **cells: str) -> None:
    """The submission of one unit, sent apart."""
    write(folder / "自评报告.docx", narrative(), (), **cells)
    head = [f"填报单位：{UNIT}　　2021年度　　单位：万元"]
    write(folder / "附件1.docx", ["附件1：部门整体支出绩效评价基础数据表", *head], FIGURES, **cells)
    write(folder / "附件2.docx", ["附件2：部门整体支出绩效评价指标评分表", *head], SCORES, **cells)


def run(folder: Path, out: Path) -> list[Finding]:
    """Run a folder; the findings with the file that each is at home in."""
    done = CliRunner().invoke(cli, ["run", str(folder), "-o", str(out)])
    assert done.exit_code in (0, 1), done.output
    with Store.open(out / "gouji.db", read_only=True) as store:
        latest = store.latest_run()
        assert latest is not None
        return [finding for outcome in store.outcomes(latest) for finding in outcome.findings]


def row_of_unit(out: Path) -> Sequence[object]:
    book = openpyxl.load_workbook(out / "汇总表.xlsx")
    rows = book.worksheets[0].iter_rows(values_only=True)
    (row,) = [[cell for cell in row if cell is not None] for row in rows if UNIT in row]
    return row


def test_one_row_with_the_figures_of_all_files(tmp_path: Path) -> None:
    write_three(tmp_path / "in")
    findings = run(tmp_path / "in", tmp_path / "out")
    row = row_of_unit(tmp_path / "out")
    assert row[2:11] == [20, 18, 871.05, 671.05, 403.03, 268.02, 200, 7.72, 98]
    assert str(row[-1]).startswith("由 3 个文件合为一份：自评报告.docx")
    assert not [f.rule for f in findings if f.verdict == "fail"]
    assert len({finding.id for finding in findings}) == len(findings)


def test_figures_are_compared_across_the_files(tmp_path: Path) -> None:
    """The narrative says 8.72, the table 7.72; the scores do not make their total; project expenditure is off."""
    write_three(tmp_path / "in", told="8.72", score="17", project="210.00")
    failing = {f.rule: f for f in run(tmp_path / "in", tmp_path / "out") if f.verdict == "fail"}
    assert {"A2", "A8", "X1"} <= failing.keys()
    files = {rule: [piece.source for piece in finding.evidence] for rule, finding in failing.items()}
    assert set(files["A2"]) == {"附件1.docx"}
    assert set(files["A8"]) == {"附件2.docx"}
    assert set(files["X1"]) == {"自评报告.docx", "附件1.docx"}
    assert all(piece.where.startswith(("t1r", "p")) for finding in failing.values() for piece in finding.evidence)
    marked = docx.Document(str(tmp_path / "out" / "批注" / "附件2.docx"))
    assert any("总分" in comment.text for comment in marked.comments)


def test_a_file_that_names_no_unit_is_judged_with_its_folder(tmp_path: Path) -> None:
    """Its figures are compared with the narrative, and the department is told of it."""
    folder = tmp_path / "in" / "水务"
    write(folder / "自评报告.docx", narrative(), (), told="8.72")
    write(folder / "附件1.docx", ["附件1：基础数据表", "单位：万元"], FIGURES)
    write(folder / "附件2.docx", ["附件2：评分表"], SCORES)
    failing = [finding for finding in run(tmp_path / "in", tmp_path / "out") if finding.verdict == "fail"]
    assert [finding.rule for finding in failing] == ["X1"]
    assert {"没有写单位名称" in str(cell) for cell in row_of_unit(tmp_path / "out")} == {True, False}
    marked = docx.Document(str(tmp_path / "out" / "批注" / "水务" / "自评报告.docx"))
    assert any("三公经费" in comment.text for comment in marked.comments)


def test_a_part_sent_again_replaces_that_part_alone(tmp_path: Path) -> None:
    write_three(tmp_path / "in", score="17")
    head = [f"填报单位：{UNIT}　　2021年度", "2022年3月9日"]
    write(tmp_path / "in" / "附件2（更正）.docx", ["附件2：部门整体支出绩效评价指标评分表", *head], SCORES)
    findings = run(tmp_path / "in", tmp_path / "out")
    assert not [f.id for f in findings if f.verdict == "fail" and "附件2.docx" not in {e.source for e in f.evidence}]
    remark = str(row_of_unit(tmp_path / "out")[-1])
    assert "附件2（更正）.docx" in remark
    assert "另有 1 份未汇入" in remark or "附件2.docx" not in remark


def test_a_fragment_takes_no_whole_reports_place(tmp_path: Path) -> None:
    write(tmp_path / "in" / "全份.docx", narrative(), SCORES)
    head = [f"填报单位：{UNIT}　　2021年度", "2022年3月9日"]
    write(tmp_path / "in" / "更正页.docx", ["部门整体支出绩效评价指标评分表", *head], [SCORES[0], SCORES[4]])
    run(tmp_path / "in", tmp_path / "out")
    row = row_of_unit(tmp_path / "out")
    assert {20, 18, 98} <= set(row)
    assert "只有部分内容的文件 1 份" in str(row[-1])


class Faulty(NamedTuple):
    """A submission in three files with faults in each and one between them, beside a unit of its own."""

    folder: Path
    out: Path
    findings: list[Finding]


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Faulty:
    base = tmp_path_factory.mktemp("faulty")
    write_three(base / "in", told="8.72", score="17", project="210.00")
    write(base / "in" / "别的.docx", [line.replace(UNIT, "示例县林业局") for line in narrative()], told="7.72")
    return Faulty(base / "in", base / "out", run(base / "in", base / "out"))


def comments_of(path: Path) -> list[str]:
    return [comment.text for comment in docx.Document(str(path)).comments]


def test_each_file_of_a_finding_has_a_comment_and_one_leads_to_the_other(faulty: Faulty) -> None:
    copies = faulty.out / "批注"
    (told,) = [text for text in comments_of(copies / "自评报告.docx") if "三公经费" in text]
    assert "另一文件 附件1.docx：《" in told
    (pointer,) = [text for text in comments_of(copies / "附件1.docx") if "三公经费" in text]
    assert "批注写在 自评报告.docx 中" in pointer
    assert "另一文件" not in pointer
    assert pointer.partition("\n")[0] == told.partition("\n")[0]
    assert not [text for text in comments_of(copies / "附件2.docx") if "自评报告" in text]
    crossing = next(f for f in faulty.findings if f.id.endswith("X1-three_public.total"))
    (where,) = (piece.where for piece in crossing.evidence if piece.source == "附件1.docx")
    marked = docx.Document(str(copies / "附件1.docx")).element.xml
    assert f'w:name="{where}"' in marked, "the link in 证据 leads somewhere"


def test_no_comment_leads_to_a_version_that_was_replaced(tmp_path: Path) -> None:
    """Two versions of a whole report are no parts of one submission, whatever findings compare them."""
    write(tmp_path / "in" / "初稿.docx", [*narrative(), "2022年3月1日"], FIGURES, told="8.72")
    write(tmp_path / "in" / "终稿.docx", [*narrative(), "2022年5月1日"], FIGURES, told="9.72")
    run(tmp_path / "in", tmp_path / "out")
    texts = [text for name in ("初稿", "终稿") for text in comments_of(tmp_path / "out" / "批注" / f"{name}.docx")]
    assert texts
    assert not [text for text in texts if "稿.docx" in text]


def check(folder: Path, *words: str) -> str:
    done = CliRunner().invoke(cli, ["check", str(folder), "--quiet", *words])
    assert done.exit_code == 0, done.output
    return done.output


def test_check_judges_the_files_of_a_submission_as_a_run_does(faulty: Faulty) -> None:
    wanted = {(f.id, f.verdict) for f in faulty.findings if f.verdict in ("fail", "review", "undecided")}
    schema = json.loads((Path(__file__).parents[1] / "schema" / "check.schema.json").read_text(encoding="utf-8"))
    records = [json.loads(line) for line in check(faulty.folder, "--json").splitlines()]
    by_name = {record["source"]["path"]: record for record in records}
    for name, record in by_name.items():
        Draft202012Validator(schema).validate(record)
        parts = {"自评报告.docx", "附件1.docx", "附件2.docx"}
        assert set(record.get("submission", ())) == (parts if name in parts else set())
    assert list(by_name) == ["别的.docx", "自评报告.docx", "附件1.docx", "附件2.docx"]
    found = [(f["id"], f["verdict"]) for record in records for f in record["findings"]]
    assert set(found) == wanted
    assert len(found) == len(wanted)
    first = by_name["自评报告.docx"]["findings"]
    assert {f["rule"] for f in first if f["verdict"] == "fail"} == {"X1"}
    (told,) = [f for f in first if f["id"].endswith("X1-three_public.total")]
    assert {piece["source"] for piece in told["evidence"]} == {"自评报告.docx", "附件1.docx"}


def test_check_says_in_words_what_was_judged_together(faulty: Faulty) -> None:
    said = check(faulty.folder)
    parts = said.split("■ ")
    (alone,) = [part for part in parts if part.startswith("别的.docx")]
    assert "合为一份核对" not in alone
    assert sum("合为一份核对" in part for part in parts) == 3
    assert "（涉及文件：自评报告.docx、附件1.docx）" in said
    assert "位置：正文“资金使用情况”部分第1段；附件1.docx 《" in said


def test_a_repair_names_its_file_and_finds_its_words(faulty: Faulty) -> None:
    """The tables of both attachments begin with t1: one id, two cells."""
    failing = [f for f in faulty.findings if f.verdict == "fail"]
    repairs = [(f, repair) for f in failing for cause in f.causes for repair in cause.repair]
    assert {repair.source for _, repair in repairs} == {"自评报告.docx", "附件1.docx", "附件2.docx"}
    for finding, repair in repairs:
        own = [p.place for p in finding.evidence if (p.source, p.where) == (repair.source, repair.where)]
        assert finding.place_of(repair) == (own[0] if own else None)
    other = msgspec.structs.replace(repairs[0][1], source="另一个.docx")
    assert repairs[0][0].place_of(other) is None


def test_the_tables_for_analysts_know_the_submission_and_what_it_was_found_to_have(faulty: Faulty) -> None:
    frames = pytest.importorskip("gouji.frames")
    pytest.importorskip("pandas")
    wanted = {(f.id, f.verdict) for f in faulty.findings}
    db = faulty.out / "gouji.db"
    found = frames.findings(db)
    assert set(zip(found["finding_id"], found["verdict"], strict=True)) == wanted
    assert len(found) == len(wanted)
    for frame in (frames.facts(db), frames.summary(db), frames.indicators(db)):
        leads = dict(zip(frame["path"], frame["submission"], strict=True))
        assert {lead for path, lead in leads.items() if path != "别的.docx"} == {"自评报告.docx"}
        assert leads.get("别的.docx", "别的.docx") == "别的.docx"
    whole = frames.summary(db).groupby("submission", sort=False, as_index=False).first()
    assert len(whole) == 2
    row = whole[whole["submission"] == "自评报告.docx"].iloc[0]
    assert [str(row[c]) for c in ("staffing.authorized", "expenditure.personnel", "performance.score")] == [
        "20",
        "403.03",
        "98",
    ]


def test_what_is_forgotten_leaves_no_name_among_the_parts(faulty: Faulty, tmp_path: Path) -> None:
    shutil.copy(faulty.out / "gouji.db", tmp_path / "gouji.db")
    with Store.open(tmp_path / "gouji.db") as store:
        assert store.read_rows("SELECT COUNT(*) FROM parts") == [(3,)]
        assert store.read_rows("SELECT COUNT(*) FROM withdrawn") != [(0,)]
        forget(store, Target(UNIT, None), "2023-01-01", really=True)
        assert store.read_rows("SELECT * FROM parts") == []
        assert store.read_rows("SELECT * FROM withdrawn") == []


@pytest.mark.parametrize("where", ["t1r2c3", "p5_14_16", "ht2r1c1", "t1r2c3_t1r1c1_p2", "fp3", "nt4r1c1_p1_2_3"])
@given(number=st.integers(0, 40))
def test_evidence_ids_come_home(where: str, number: int) -> None:
    assert find_where(move_where(where, number)) == (number, where)


# --- last year ------------------------------------------------------------------------------------------------------


def judge(folder: Path, database: Path) -> dict[str, Finding]:
    """A run over the three files; what only last year's report can tell, by rule."""
    found = [finding for outcome in judge_folder(folder, database) for finding in outcome.findings]
    return {finding.rule: finding for finding in found if finding.rule.startswith("Y")}


def test_last_years_record_is_all_files_of_that_submission(tmp_path: Path) -> None:
    """What this year's table prints of last year's three_public stood in last year's 附件1, not in its narrative."""
    last = [line.replace("2021", "2020") for line in narrative()]
    head = [f"填报单位：{UNIT}　　2020年度　　单位：万元"]
    write(tmp_path / "2020" / "自评报告.docx", [line.partition("，三公经费")[0] for line in last])
    write(tmp_path / "2020" / "附件1.docx", ["附件1：部门整体支出绩效评价基础数据表", *head], FIGURES)
    write(tmp_path / "2020" / "附件2.docx", ["附件2：部门整体支出绩效评价指标评分表", *head], SCORES)
    write_three(tmp_path / "2021")
    rows = [("三公经费", "2020年决算数", "2021年决算数"), ("合计", "{before}", "7.72")]
    head = [f"填报单位：{UNIT}　　2021年度　　单位：万元"]
    write(tmp_path / "2021" / "附件3.docx", ["附件3：三公经费情况表", *head], rows, before="8.91")
    judge(tmp_path / "2020", tmp_path / "gouji.db")
    found = judge(tmp_path / "2021", tmp_path / "gouji.db")
    assert found["Y1-copy"].verdict == "review"
    assert [(piece.source, piece.where, piece.raw) for piece in found["Y1-copy"].evidence] == [
        ("附件3.docx", "t1r2c2", "8.91"),
        ("2020年度报告：附件1.docx", "t1r2c6", "7.72"),
    ]


# --- resubmissions --------------------------------------------------------------------------------------------------


def compare(database: Path) -> list[dict[str, Any]]:
    done = CliRunner().invoke(cli, ["compare", "--store", str(database), "--json"], standalone_mode=False)
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_part_that_was_sent_again_is_compared_with_the_one_before(tmp_path: Path) -> None:
    write_three(tmp_path / "in", score="17", told="8.72")
    head = [f"填报单位：{UNIT}　　2021年度", "2022年3月9日"]
    write(tmp_path / "in" / "附件2（更正）.docx", ["附件2：部门整体支出绩效评价指标评分表", *head], SCORES)
    told = judge(tmp_path / "in", tmp_path / "gouji.db")["Y-resubmission"]
    assert told.verdict == "review", "X1 still stands"
    assert "已改正 1 项" in told.message
    (one,) = compare(tmp_path / "gouji.db")
    assert one["unit_name"] == UNIT
    assert [f["rule"] for f in one["fixed"]] == ["A8"]
    assert {piece["source"] for piece in one["fixed"][0]["evidence"]} == {"附件2.docx"}
    assert [f["rule"] for f in one["still"]] == ["X1"]
    changes = [(c["from"], c["to"], c["source"], c["where"]) for c in one["asked"]]
    assert changes == [("17", "18", "附件2（更正）.docx", "t1r5c6")]
    assert one["unasked"] == []


def test_across_runs_a_submission_in_files_is_compared_as_one(tmp_path: Path) -> None:
    """The sentence is put right; nobody asked for another figure of personnel, in another file."""
    write_three(tmp_path / "first", told="8.72")
    judge(tmp_path / "first", tmp_path / "gouji.db")
    assert compare(tmp_path / "gouji.db") == []
    write_three(tmp_path / "second")
    figures = [FIGURES[0], ("871.05", "671.05", "404.03", "268.02", "200.00", "7.72")]
    head = [f"填报单位：{UNIT}　　2021年度　　单位：万元"]
    write(tmp_path / "second" / "附件1.docx", ["附件1：部门整体支出绩效评价基础数据表", *head], figures)
    told = judge(tmp_path / "second", tmp_path / "gouji.db")["Y-resubmission"]
    assert "第 1 次运行：自评报告.docx 等 3 个文件" in told.message
    assert ("附件1.docx", "t1r2c3", "404.03") in [(p.source, p.where, p.raw) for p in told.evidence]
    (one,) = compare(tmp_path / "gouji.db")
    assert [f["rule"] for f in one["fixed"]] == ["X1"]
    assert [f["rule"] for f in one["new"]] == ["A3"]
    assert [(c["from"], c["to"], c["source"], c["where"]) for c in one["unasked"]] == [
        ("403.03", "404.03", "附件1.docx", "t1r2c3")
    ]
    assert [(c["to"], c["source"]) for c in one["asked"]] == [("7.72", "自评报告.docx")]
    judge(tmp_path / "second", tmp_path / "gouji.db")
    assert len(compare(tmp_path / "gouji.db")) == 1, "the same files once more are still compared with the first"


def test_what_is_sent_for_the_first_time_is_no_resubmission(tmp_path: Path) -> None:
    """First the narrative alone, then with its tables: nothing was changed that nobody asked for."""
    write(tmp_path / "first" / "自评报告.docx", narrative())
    judge(tmp_path / "first", tmp_path / "gouji.db")
    write_three(tmp_path / "second")
    assert "Y-resubmission" not in judge(tmp_path / "second", tmp_path / "gouji.db")
    assert compare(tmp_path / "gouji.db") == []


def test_one_file_after_several_is_compared_with_all_of_them(tmp_path: Path) -> None:
    write_three(tmp_path / "first", score="17")
    judge(tmp_path / "first", tmp_path / "gouji.db")
    document = docx.Document()
    for line in narrative():
        document.add_paragraph(line.format(told="7.72"))
    for rows in (FIGURES, SCORES):
        document.add_paragraph("附件：基础数据表　单位：万元" if rows is FIGURES else "附件：指标评分表")
        table = document.add_table(len(rows), len(rows[0]))
        for r, texts in enumerate(rows):
            for c, text in enumerate(texts):
                table.cell(r, c).text = text.format(project="200.00", score="18")
    (tmp_path / "second").mkdir()
    document.save(str(tmp_path / "second" / "全份.docx"))
    judge(tmp_path / "second", tmp_path / "gouji.db")
    (one,) = compare(tmp_path / "gouji.db")
    assert one["before"] == "第 1 次运行：自评报告.docx 等 3 个文件"
    assert [f["rule"] for f in one["fixed"]] == ["A8"]
    assert [(c["from"], c["to"]) for c in one["asked"]] == [("17", "18")]
    assert one["unasked"] == []
