"""A district's findings → the fields of its letters.

District ─┬ write_unit_fields      one unit: 单位 年度 必改[序号 名称 描述 编号 …] 说明[…] 提示[…] 整改[…]
          └ write_district_fields  all of them, for the house alone: 单位[…] 有问题单位[… 问题[…]] 类别[…] 等次[…] 未读出[…]

A unit's fields hold its own findings only, without causes and repairs, as its annotated copy does.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import PurePath
from typing import TYPE_CHECKING

import msgspec

from gouji.export.annotate.remarks import Strangers, filter_told
from gouji.export.district import Department
from gouji.export.letters.fields import Fields, write_chinese
from gouji.export.plain import shorten
from gouji.export.unread import fold_pictures
from gouji.model.finding import Finding, Severity
from gouji.model.locator import parse_locator

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gouji.export.district import District
    from gouji.model.report import ReportKind
    from gouji.patterns.exports import Labels, Layout

GROUPS: dict[Severity, str] = {"hard": "必改", "explain": "说明", "note": "提示"}
_ORDER: tuple[Severity, ...] = ("hard", "explain", "note")
UNNAMED = "（单位名称待填：{file}）"
_GRADE = "performance.grade"


class Imprint(msgspec.Struct, frozen=True):
    """What the bureau writes on all its letters; empty where it gives nothing."""

    bureau: str = ""
    number: str = ""
    deadline: str = ""
    contact: str = ""
    phone: str = ""
    date: str = ""


class Case(msgspec.Struct, frozen=True):
    """A unit and what it is told, by gravity and then in the order of its form."""

    ordinal: int
    department: Department
    told: tuple[Finding, ...]

    def graded(self, *grades: Severity) -> list[Finding]:
        """The findings of these grades."""
        return [finding for finding in self.told if finding.standing in grades]


def collect_cases(district: District, kin: Mapping[str, set[str]]) -> list[Case]:
    """Every unit that counts, in the district's order. `kin`: every path → the files of the same unit."""
    own: dict[int, list[Finding]] = defaultdict(list)
    for problem in district.problems:
        own[problem.report] += filter_told((problem.finding,), Strangers(problem.path, kin))
    return [
        Case(ordinal, department, tuple(sorted(own[department.identity.serial], key=_order)))
        for ordinal, department in enumerate(district.departments, 1)
    ]


def _order(finding: Finding) -> tuple[int, tuple[int, ...]]:
    return _ORDER.index(finding.standing), _place_order(finding)


def _place_order(finding: Finding) -> tuple[int, ...]:
    """Cells table by table, then sentences, then what has no place."""
    where = next((piece.where for piece in finding.evidence), "")
    try:
        locator = parse_locator(where)
    except ValueError:
        return (2,)
    if locator.cells:
        return (0, *(number for step in locator.cells for number in (step.table, step.row, step.col)))
    return (1, locator.paragraph or 0)


# --- one unit -----------------------------------------------------------------------------------------------------


def write_unit_fields(case: Case, year: int | None, imprint: Imprint, labels: Labels) -> Fields:
    """The fields of a letter to one unit."""
    identity = case.department.identity
    return {
        **_write_imprint(imprint, identity.year or year),
        "序号": f"{case.ordinal:03d}",
        "单位": _name_addressee(case.department),
        **_name_report(identity.kind, labels),
        "预算编码": case.department.code,
        "报告日期": identity.date or "",
        **_write_counts(case, labels),
        **{name: _write_items(case.graded(grade), labels) for grade, name in GROUPS.items()},
        "问题": _write_items(case.told, labels),
        "整改": _write_items(case.graded("hard", "explain"), labels),
    }


def _name_addressee(department: Department) -> str:
    """The unit; where no name was found, a place for it, with the file to look in."""
    if department.listed is not None or department.identity.name:
        return shorten(department.name)
    return shorten(UNNAMED.format(file=PurePath(department.identity.path.replace("!/", "/")).stem))


def _name_report(kind: ReportKind, labels: Labels) -> dict[str, str]:
    """What the unit has sent, in two parts between which a title may be broken."""
    first, _, second = labels.reports.get(kind, "").partition("|")
    return {"报告类别": first, "报告": second}


def _write_counts(case: Case, labels: Labels) -> dict[str, str]:
    """Of each grade and of all; 分项 and 整改分项 in words, which pass over a grade that has none."""
    counts = {grade: len(case.graded(grade)) for grade in GROUPS}
    words = {grade: labels.counts.get(grade, "").format(count=count) for grade, count in counts.items() if count}
    return {
        **{f"{name}数": str(counts[grade]) for grade, name in GROUPS.items()},
        "问题数": str(len(case.told)),
        "分项": "、".join(words.values()),
        "整改数": str(counts["hard"] + counts["explain"]),
        "整改分项": "、".join(text for grade, text in words.items() if grade != "note"),
    }


def _write_items(findings: Iterable[Finding], labels: Labels) -> list[Fields]:
    return [
        {
            "序号": str(ordinal),
            "级别": labels.severities.get(finding.standing, ""),
            "名称": finding.title,
            "描述": finding.message.rstrip(),
            "编号": finding.id,
            "要求": labels.demands.get(finding.standing, ""),
        }
        for ordinal, finding in enumerate(findings, 1)
    ]


def _write_imprint(imprint: Imprint, year: int | None) -> dict[str, str]:
    return {
        "年度": f"{year}年度" if year is not None else "",
        "印发单位": imprint.bureau,
        "文号": imprint.number,
        "时限": imprint.deadline,
        "联系人": imprint.contact,
        "联系电话": imprint.phone,
        "印发日期": imprint.date,
    }


# --- the district -------------------------------------------------------------------------------------------------


def write_district_fields(
    district: District, cases: list[Case], imprint: Imprint, labels: Labels, layout: Layout
) -> Fields:
    """The fields of a letter about all units, for the house."""
    troubled = [case for case in cases if case.told]
    wrong = sum(bool(case.graded("hard")) for case in cases)
    vague = sum(bool(case.graded("explain")) and not case.graded("hard") for case in cases)
    failures = [
        {"序号": str(n), "文件": failed.path, "原因": failed.message}
        for n, failed in enumerate(fold_pictures(district.failures), 1)
    ]
    return {
        **_write_imprint(imprint, district.year),
        "文件数": str(district.files),
        "单位数": str(len(cases)),
        "必改单位数": str(wrong),
        "说明单位数": str(vague),
        "其余单位数": str(len(cases) - wrong - vague),
        "有问题单位数": str(len(troubled)),
        "问题数": str(sum(len(case.told) for case in cases)),
        "未读出数": str(len(district.failures)),
        "未读出": failures,
        "等次": _count_grades(cases, layout),
        "类别": _count_titles(cases),
        "单位": [_write_unit(case, case.ordinal, labels) for case in cases],
        "有问题单位": [_write_unit(case, ordinal, labels) for ordinal, case in enumerate(troubled, 1)],
    }


def _write_unit(case: Case, ordinal: int, labels: Labels) -> Fields:
    return {
        "序号": str(ordinal),
        "大写序号": write_chinese(ordinal),
        "名称": shorten(case.department.name),
        "编码": case.department.code,
        **_write_counts(case, labels),
        "问题": _write_items(case.told, labels),
    }


def _count_grades(cases: list[Case], layout: Layout) -> list[Fields]:
    """How many units gave themselves each grade, as printed."""
    place = next((n for n, slot in enumerate(layout.slots) if slot.concept == _GRADE), None)
    if place is None:
        return []
    figures = [case.department.figures[place] for case in cases]
    counts = Counter(figure.text if figure is not None and figure.text else "未填或无法辨认" for figure in figures)
    return [{"名称": name, "家数": str(count)} for name, count in counts.most_common()]


def _count_titles(cases: list[Case]) -> list[Fields]:
    """The kinds of problems, those of most units first."""
    units: dict[str, set[int]] = defaultdict(set)
    problems: Counter[str] = Counter()
    for case in cases:
        for finding in case.told:
            units[finding.title].add(case.ordinal)
            problems[finding.title] += 1
    ranked = sorted(units, key=lambda title: (-len(units[title]), -problems[title], title))
    return [{"名称": title, "单位数": str(len(units[title])), "问题数": str(problems[title])} for title in ranked]
