"""C1 empty sections, C5 indicators without a number or a measured value, C6 tables that are not there.

三、专项组织实施情况      ← nothing, then                       C1
四、整体支出绩效情况
数量指标 | 制发公文600份 | 达标                                  C5: a number is the goal, a word the result
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from gouji.model.finding import Evidence
from gouji.validate.case import present
from gouji.validate.judgement import NOT_APPLICABLE, Judgement
from gouji.validate.texts import read_ordinal

if TYPE_CHECKING:
    from gouji.model.report import Fact, Section
    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case

_MANY = 8
_WITHHELD = re.compile(r"涉密|保密|不予?公开|不宜公开|略")
_ANNEX = re.compile(r"附件|附表|评分表|佐证|名单")
_SENTENCE = re.compile(r"[，,。；;：:！？]")


# --- C1 -----------------------------------------------------------------------------------------------------------------


def check_empty_sections(rule: Rule, case: Case) -> Iterator[Judgement]:
    """One judgement a report. A table of contents, a list of points or headings that restart are not judged."""
    del rule
    sections = [section for section in case.report.sections if section.number is not None]
    if len(sections) <= 1:
        yield NOT_APPLICABLE
        return
    empty = [section for section in sections if not section.text.strip()]
    if len(empty) * 2 > len(sections):
        yield Judgement("undecided", "sections.open")
        return
    sure = [section for section in empty if _is_left_empty(section, sections)]
    if sure:
        yield _sections_fault(sure, case)
    else:
        yield Judgement("pass", "sections.pass")


def _is_left_empty(section: Section, sections: list[Section]) -> bool:
    """Whether a heading has nothing under it: no table, no points of a list, and it is no sentence itself."""
    title = section.title
    told = section.table_follows or _WITHHELD.search(title) or _ANNEX.search(title) or _SENTENCE.search(title)
    return not told and _is_followed_in_order(section, sections) and not _is_told_elsewhere(section, sections)


def _is_followed_in_order(section: Section, sections: list[Section]) -> bool:
    """Whether the headings count 一、二、三 from the first to the one after this: a restart may be a list under it."""
    position = sections.index(section)
    numbers = [_number(item) for item in sections[: position + 2]]
    return numbers == list(range(1, len(numbers) + 1)) and not _restarts_after(position, sections)


def _restarts_after(position: int, sections: list[Section]) -> bool:
    return any(_number(item) == 1 for item in sections[position + 1 :])


def _number(section: Section) -> int | None:
    number = section.number or ""
    return int(number) if number.isdigit() else read_ordinal(number)


def _is_told_elsewhere(section: Section, sections: list[Section]) -> bool:
    """Whether the same heading stands again with its text (a table of contents above)."""
    return any(other.title == section.title and other.text.strip() for other in sections)


def _sections_fault(sections: list[Section], case: Case) -> Judgement:
    names = "、".join(f"“{section.number}、{section.title}”" for section in sections)
    evidence = present(
        case.evidence_of_text(s.where, f"正文“{s.title}”部分", f"{s.number}、{s.title}", "heading") for s in sections
    )
    return Judgement("fail", "sections.fail", {"项": names}, evidence=evidence)


# --- C5 -----------------------------------------------------------------------------------------------------------------


class Measured(msgspec.Struct, frozen=True, gc=False):
    """A goal or an indicator: its kind, what it is to reach and what was reached."""

    kind: str
    target: str
    result: str
    evidence: Evidence | None
    qualitative: bool = False


_LEADING = re.compile(
    r"(?:绩效)?(?:指标|目标|任务|内容)\s*[\d一二三四五六七八九十]*\s*[:：、.]|(?m:^)\s*[（(]?\d{1,2}[)）.、：:](?!\d)"
)
_CALENDAR = re.compile(r"(?:19|20)\d{2}\s*年度?|\d{1,2}\s*月(?:份|底|末)?|第?[一二三四]季度|\d{1,2}\s*日")
_NUMBER = re.compile(
    r"\d|百分之|[一二三四五六七八九十百千万两]+\s*(?:余|多)?\s*(?:次|个|人|名|项|件|份|篇|场|期|户|家|台|辆|公里|亩|米|平方|天|周|批|套|元|分|成|倍)"
)
_WHOLE = re.compile(
    r"全覆盖|全部|所有|应.尽.|各[^，。；]{0,6}均|零[^，。；]|无[^，。；]|不发生|杜绝"
)  # a goal without a number that can be checked
_DONE = re.compile(r"达标|达到|达成|完成|实现|合格|落实|到位|符合|√|✓|^是$")
_FILLING = re.compile(
    r"达标|达到|达成|完成|实现|合格|落实|到位|符合|√|✓|是|均|都|大?部分|尚未|未|全部|全面|基本|圆满|按时|按期|及时|如期|保质保量|超额|顺利|已经|已|了|目标|任务|指标"
    r"|预期|要求|效果|年度|绩效|情况|较好|良好|[。.、，,；;]"
)
_NONE = re.compile(r"不涉及|不适用|无此项|不产生|公益性|^[\s无—–\-/]*$")
_COUNTED = ("数量", "满意度")


def check_measured_values(rule: Rule, case: Case) -> Iterator[Judgement]:
    """One judgement a report: goals that print a number and a bare word as result, and counted goals without a number."""
    del rule
    items = [item for item in _measured(case) if item.target.strip() and not _says_none(item)]
    if not items:
        yield NOT_APPLICABLE
        return
    unmeasured = [item for item in items if _has_number(item.target) and _is_bare(item.result)]
    vague = [item for item in items if _must_count(item) and not _is_countable(item.target)]
    if unmeasured or vague:
        yield _measured_fault(unmeasured, vague)
    else:
        yield Judgement("pass", "measured.pass")


def _measured(case: Case) -> Iterator[Measured]:
    """The goals, then the indicators of a scoring table that reports targets."""
    for goal in case.report.goals:
        if goal.kind and goal.kind != "预期目标":
            evidence = case.evidence_of_text(goal.where, f"《绩效目标》 · {goal.kind} 行", goal.target, "target")
            yield Measured(goal.kind, goal.target, goal.result or "", evidence)
    for row in case.report.indicators:
        if row.target is not None and row.actual is not None:
            evidence = case.evidence_of_text(row.where, row.place, row.target, "target")
            kind = f"{row.level2 or ''}{row.level1 or ''}"
            target = f"{row.operator or ''}{row.target}"
            yield Measured(kind, target, row.actual, evidence, qualitative="定性" in (row.nature or ""))


def _says_none(item: Measured) -> bool:
    return any(_NONE.search(text) is not None for text in (item.target, item.result) if text)


def _has_number(text: str) -> bool:
    return _NUMBER.search(_CALENDAR.sub("", _LEADING.sub("", text))) is not None


def _is_countable(target: str) -> bool:
    return _has_number(target) or _WHOLE.search(target) is not None


def _is_bare(result: str) -> bool:
    """达标, 已完成: a word where a value belongs."""
    words = "".join(_LEADING.sub("", result).split())
    return _DONE.search(words) is not None and not _FILLING.sub("", words)


def _must_count(item: Measured) -> bool:
    return not item.qualitative and any(kind in item.kind for kind in _COUNTED)


def _measured_fault(unmeasured: list[Measured], vague: list[Measured]) -> Judgement:
    parts = []
    if unmeasured:
        parts.append(f"{len(unmeasured)} 项写了目标值而没有写实际完成值（{_shown(unmeasured)}）")
    if vague:
        parts.append(f"{len(vague)} 项数量或满意度指标没有写明目标数（{_shown(vague)}）")
    evidence = present(item.evidence for item in (*unmeasured, *vague))
    return Judgement("review", "measured.review", {"项": "；".join(parts)}, evidence=evidence)


def _shown(items: list[Measured]) -> str:
    names = ["".join(_LEADING.sub("", item.target).split())[:16] for item in items]
    shown = "、".join(f"“{name}”" for name in dict.fromkeys(names[:_MANY]))
    return shown + ("等" if len(names) > _MANY else "")


# --- C6 -----------------------------------------------------------------------------------------------------------------

_SURE = 3  # tables of the form that must be there before one is missed
_TABLE = re.compile(r"《(?P<name>[^》]*)》")


def check_required_tables(rule: Rule, case: Case) -> Iterator[Judgement]:
    """A table of the form of which no cell was found.

    Numbers that nothing took may be that table; a file that lacks several, or has few, may be no more than a part; tables that
    are there without some of the form's columns may be of another form: then nobody knows.
    """
    missing = [fact for fact in case.report.facts if fact.state == "missing"]
    wanted = {name: group for name, group in _by_table(missing).items() if _heads(group) & set(_required(rule))}
    there = [fact for fact in case.report.facts if fact.origin == "table" and fact.state != "missing"]
    gone = {name: group for name, group in wanted.items() if not any(_is_of(fact, name, group, case) for fact in there)}
    tables = {_head(fact) for fact in there}
    if case.report.form is None or not tables:
        yield NOT_APPLICABLE
    elif not gone:
        yield Judgement("pass", "tables.pass")
    elif (
        case.report.unclaimed
        or len(gone) > 1
        or len(_names(there, rule)) < _SURE
        or any(
            _head(fact) in _required(rule)
            for name, group in _by_table(missing).items()
            if name not in gone
            for fact in group
        )
    ):
        yield Judgement("undecided", "tables.open", {"项": "、".join(f"《{name}》" for name in gone)})
    else:
        slots = {"项": "、".join(f"《{name}》" for name in gone)}
        suffix = "-".join(sorted(head for group in gone.values() for head in _heads(group)))
        yield Judgement("review", "tables.review", slots, suffix=suffix)


def _names(there: list[Fact], rule: Rule) -> set[str]:
    """Names of the required tables that are there."""
    required = [fact for fact in there if _head(fact) in _required(rule)]
    return {match["name"] for fact in required if (match := _TABLE.search(fact.place)) is not None}


def _required(rule: Rule) -> tuple[str, ...]:
    return rule.options.get("tables", ())


def _by_table(facts: list[Fact]) -> dict[str, list[Fact]]:
    """Missing facts by the table that the form has for them."""
    groups: dict[str, list[Fact]] = {}
    for fact in facts:
        match = _TABLE.search(fact.place)
        if match is not None:
            groups.setdefault(match["name"], []).append(fact)
    return groups


def _head(fact: Fact) -> str:
    return fact.concept.partition(".")[0]


def _heads(facts: list[Fact]) -> set[str]:
    return {_head(fact) for fact in facts}


def _is_of(fact: Fact, name: str, group: list[Fact], case: Case) -> bool:
    """Whether a printed cell belongs to a table: its topic, or the table's name; scoring rows are the scoring table."""
    scoring = "scoring" in _heads(group) and bool(case.report.indicators)
    return scoring or _head(fact) in _heads(group) or f"《{name}》" in fact.place
