"""Outcomes in one line, and an invented district of thirty departments in every state a figure can have.

outcome("102001", "云溯区某办公室", {"income.total": "871.05", "income.carryover": ""})
printed texts:  "871.05"  value    "0.00"  zero      ""  blank     "—"  none     None  missing
                "603.O3"  unreadable   "涉密"  withheld   "8710500元"  another unit of money
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from gouji.model.document import Notice
from gouji.model.finding import Basis, Cause, Evidence, Finding, Repair
from gouji.model.quantity import Quantity, State, Unit
from gouji.model.report import CellText, Fact, Indicator, Report, Section, Unclaimed
from gouji.model.result import Failure, Outcome, Source

WAN = Unit("万元", "money", Decimal(10000))
YUAN = Unit("元", "money", Decimal(1))
PEOPLE = Unit("人", "people")
POINTS = Unit("分", "points")
HOSTILE_NAMES = (
    "=cmd|'/c calc'!A1",
    '+附属<医院>&"急救"中心',
    "-减灾中心",
    "@值班室",
    "\t制表\r回车站\x00\x07",
    "右到左\u202e位单",
    "_x0041_下划线局",
    "很" * 90 + "长的单位名称",
)
_NUMBER = re.compile(r"^(-?[\d,]+(?:\.(\d+))?)(元|万元)?$")
_PLACES = {"income": ("收入情况", 1), "expenditure": ("支出和结余情况", 2), "balance": ("支出和结余情况", 2)}
_PEOPLE_TOPICS = ("staffing",)


def read_state(printed: str | None) -> State:
    """The state that a printed text stands for."""
    if printed is None:
        return "missing"
    if printed == "":
        return "blank"
    if printed in ("—", "无", "/"):
        return "none"
    if printed == "涉密":
        return "withheld"
    match = _NUMBER.match(printed)
    if match is None:
        return "unreadable"
    return "zero" if not Decimal(match[1].replace(",", "")) else "value"


def read_quantity(concept: str, printed: str) -> Quantity:
    """The number as printed, in the unit that its concept has here."""
    match = _NUMBER.match(printed)
    assert match is not None
    topic = concept.split(".", maxsplit=1)[0]
    decimals = len(match[2] or "")
    value = Decimal(match[1].replace(",", ""))
    if topic in _PEOPLE_TOPICS:
        return Quantity(value, PEOPLE, decimals or None)
    if topic in ("performance", "scoring"):
        return Quantity(value, POINTS, decimals or None)
    return Quantity(value, YUAN if match[3] == "元" else WAN, decimals)


def figure(concept: str, printed: str | None, where: str = "t1r9c2", **more: Any) -> Fact:
    """One fact of the main entity in a table."""
    state = read_state(printed)
    table, _ = _PLACES.get(concept.split(".", maxsplit=1)[0], ("其他情况", 3))
    value = read_quantity(concept, printed) if printed and state in ("value", "zero") else None
    fields: dict[str, Any] = {
        "concept": concept, "label": concept, "header_path": ("其中：", concept), "entity": None, "period": 2021,
        "stage": "final", "scope": None, "state": state, "content": value, "raw": printed or "", "origin": "table",
        "where": None if state == "missing" else where, "unit_where": "t1r1c1",
        "place": f"《{table}》表 · 本单位 行 · {concept} 列",
    }  # fmt: skip
    return Fact(**(fields | more))


def grade(text: str, where: str = "t1r41c4") -> Fact:
    """The grade, a concept whose value is text."""
    return figure("performance.grade", "", where, state="value", content=text, raw=text)


def indicator(level3: str, weight: str, score: str | None, row: int, **more: Any) -> Indicator:
    """One scoring row; score None is a blank cell."""
    points = None if score is None else Quantity(Decimal(score))
    cell = CellText("blank" if score is None else "value", score or "", f"t3r{row}c6", points)
    reason = CellText("blank", "", f"t3r{row}c7")
    fields: dict[str, Any] = {
        "level1": "过程", "level2": "预算执行", "level3": level3, "level1_weight": Quantity(Decimal(40)),
        "level2_weight": None, "criterion": "达到100%得满分", "weight": Quantity(Decimal(weight)),
        "weight_shared_by": 1, "score": points, "reason": "", "cells": {"score": cell, "reason": reason},
        "where": f"t3r{row}c6", "place": f"《评分表》 {level3} 行",
    }  # fmt: skip
    return Indicator(**(fields | more))


def finding(code: str, rule: str, **more: Any) -> Finding:
    """A failed hard check on 收入合计."""
    fields: dict[str, Any] = {
        "id": f"{code}-2021-{rule}", "rule": rule, "rule_version": "1", "title": "收入合计等于各项之和", "verdict": "fail",
        "severity": "hard", "audience": "department", "waivable": False, "unit_name": None, "fiscal_year": 2021,
        "expression": "上年结转 0 + 公共财政拨款 870.05 = 870.05，收入合计 871.05", "difference": Decimal("1.00"),
        "tolerance": Decimal("0.01"), "message": "收入合计与各项之和相差 1.00 万元（容差 0.01），请核对后更正。",
        "evidence": (Evidence("t1r9c4", "《收入情况》表 · 本单位 行 · 收入合计 列", "income.total", "871.05", "871.05", "total"),),
        "causes": (Cause("digit", (Repair("t1r9c4", "871.05", "870.05"),), 1, True),),  # noqa: FBT003 - a struct field
        "basis": Basis("财预〔2013〕53号", "附件2", verified=False),
    }  # fmt: skip
    return Finding(**(fields | more))


def report(code: str | None, name: str | None, figures: Mapping[str, str | None], **more: Any) -> Report:
    """A report with its figures in cells that depend on the concept alone."""
    facts = tuple(figure(concept, text, place_of(concept)) for concept, text in figures.items())
    fields: dict[str, Any] = {
        "form": "yueyang-overall", "unit_name": name, "budget_code": code, "fiscal_year": 2021,
        "report_date": "2022-05-17", "facts": facts,
    }  # fmt: skip
    return Report(**(fields | more))


def place_of(concept: str) -> str:
    """The cell a concept stands in: the first is t1r9c2."""
    concepts = list(honest_figures(1))
    index = concepts.index(concept) if concept in concepts else len(concepts)
    return f"t1r{9 + index // 10}c{2 + index % 10}"


def wrap(*reports: Report, path: str = "一股/报告.docx", findings: tuple[Finding, ...] = (), **more: Any) -> Outcome:
    """Reports of one file."""
    digest = f"{abs(hash_text(path)):064x}"
    source = Source(path.rsplit("/", maxsplit=1)[-1], path, digest, "docx", 44515)
    return Outcome(source=source, reports=reports, findings=findings, **more)


def hash_text(text: str) -> int:
    """A stable number for a text (the built-in hash differs from run to run)."""
    return int.from_bytes(text.encode("utf-8", "surrogatepass")[-24:], "big")


def failed(path: str, code: str = "corrupt", message: str = "文件已损坏，请重新导出后再提交。") -> Outcome:
    """A file that gave no report."""
    source = Source(path.rsplit("/", maxsplit=1)[-1], path, f"{hash_text(path):064x}", None, 12)
    return Outcome(source=source, failure=Failure(code, message))


def honest_figures(n: int) -> dict[str, str | None]:
    """Figures that add up, different for every n."""
    personnel, public, project = Decimal(400 + 7 * n) / 10, Decimal(150 + 3 * n) / 10, Decimal(90 * n) / 100
    basic = personnel + public
    total = basic + project
    return {
        "staffing.authorized": str(30 + n), "staffing.actual": str(28 + n), "income.total": f"{total:.2f}",
        "income.carryover": "", "income.public_budget": f"{total:.2f}", "income.gov_fund": "0.00",
        "income.special_account": "—", "income.other": "", "expenditure.total": f"{total:.2f}",
        "expenditure.basic": f"{basic:.2f}", "expenditure.personnel": f"{personnel:.2f}",
        "expenditure.public": f"{public:.2f}", "expenditure.project": f"{project:.2f}", "balance.current": "0.00",
        "balance.cumulative": "", "three_public.total": f"{Decimal(n) / 4:.2f}",
        "three_public.reception": f"{Decimal(n) / 4:.2f}", "three_public.vehicle_running": "",
        "three_public.vehicle_purchase": "无", "three_public.abroad": "/", "assets.total": f"{Decimal(n * 31) / 3:.2f}",
        "assets.in_use": f"{Decimal(n * 31) / 3:.2f}", "assets.leased": "", "assets.other": "",
        "performance.score": str(80 + n % 20), "scoring.score_total": str(80 + n % 20), "scoring.weight_total": "100",
    }  # fmt: skip


def department(n: int, name: str, **changes: str | None) -> Report:
    """An honest department; `changes` use __ for the dot of a concept."""
    figures = honest_figures(n) | {key.replace("__", "."): text for key, text in changes.items()}
    made = report(f"{102000 + n}", name, figures)
    rows = tuple(indicator(f"三级指标{k}", "5", None if k == 4 else str(5 - k % 2), 2 + k) for k in range(20))
    return Report(**{f: getattr(made, f) for f in made.__struct_fields__} | {
        "facts": (*made.facts, grade("优")), "indicators": rows,
        "sections": (Section("一", "基本情况", "p12", "本单位按要求开展自评。"),),
        "unclaimed": (Unclaimed("100", "t3r28c2", "总分"),),
    })  # fmt: skip


def build_district() -> list[Outcome]:
    """Thirty departments and what else a folder holds: bad files, versions, two reports in one file."""
    outcomes = [wrap(department(n, name), path=f"二股/{n}.docx") for n, name in enumerate(HOSTILE_NAMES, 1)]
    outcomes += [wrap(department(n, f"云溯区第{n}局"), path=f"一股/{n}.docx") for n in range(9, 27)]
    hard = finding("102027", "A1", unit_name="云溯区住建局")
    explain = finding("102027", "G1", severity="explain", title="等次与得分相符", unit_name="云溯区住建局", evidence=(
        Evidence("t1r41c4", "《自评情况》表 · 评价等次", "performance.grade", "优", "优", "result"),))  # fmt: skip
    passed = finding("102027", "A2", verdict="pass", unit_name="云溯区住建局")
    outcomes.append(
        wrap(
            department(27, "云溯区住建局", income__total="871.05"),
            path="三股/终稿改2.docx",
            findings=(hard, explain, passed),
            notices=(Notice("R1", "有修订痕迹，按接受修订后的内容读取。"),),
        )
    )
    yuan = {"income__total": "8710500元", "income__public_budget": "8710500.55元", "three_public__total": "77,200元"}
    outcomes.append(wrap(department(28, "云溯区林业局", **yuan), path="三股/林业.docx"))
    states = {"income__total": "603.O3", "expenditure__total": "涉密", "assets__total": None}
    outcomes.append(wrap(department(29, "云溯区档案馆", **states), path="三股/档案馆.docx"))
    wrong = finding("102030", "X5-unit", title="金额单位", unit_name="云溯区教育局", difference=None, tolerance=None)
    inflated = {"income__total": "8710500", "income__public_budget": "8710500"}
    outcomes.append(wrap(department(30, "云溯区教育局", **inflated), path="三股/教育.docx", findings=(wrong,)))
    outcomes.append(wrap(older_version(), path="三股/终稿.docx"))
    outcomes += [failed("三股/坏.docx"), failed("三股/通知.docx", "not_identified", "不是绩效自评报告。")]
    outcomes.append(failed("四股/密.docx", "classified", "文件标有密级，没有读取。"))
    return outcomes


def older_version() -> Report:
    """The same unit and year as 住建局, dated earlier."""
    made = department(27, "云溯区住建局", income__total="999.99")
    return Report(**{f: getattr(made, f) for f in made.__struct_fields__} | {"report_date": "2022-05-13"})
