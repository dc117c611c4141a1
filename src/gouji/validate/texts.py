"""Checks on what the report says about itself: years (X3), names and codes (X5), copies (X1-copies), cells by state (C2), numbering (C3)."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from gouji.model.report import Statement
from gouji.text.dates import find_years
from gouji.text.labels import fold_name
from gouji.validate.case import present
from gouji.validate.judgement import NOT_APPLICABLE, Judgement, replaced
from gouji.validate.stale import is_form_title

if TYPE_CHECKING:
    from gouji.model.finding import Evidence
    from gouji.model.report import Fact, Goal, Section
    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case

_ORGANISATION = re.compile(r"[局委办院所站队会校馆厅部处园镇乡室社]|中心|街道|公司")
_OWN_ROW = re.compile(r"(?P<table>《[^》]*》(?:表)?) · (?P<row>[^·]+?) 行")
_BODY = re.compile(
    r"(?![全本我各])[^\s、，,]{3,}(?:局|委员会|办公室|中心|政府|办事处|法院|检察院|馆|站|所|队|校|学|园|院|会|社|公司)$"
)
_OVERVIEW = re.compile(r"概况|基本情况|职能|职责")
_OPENS = re.compile(
    r"\s*(?P<name>[\u4e00-\u9fff]{4,24}?(?:局|委员会|办公室|中心|政府|办事处|馆|站|所|队|校|院|会|社))"
    r"(?:\(以下简称[^)]{1,20}\))?(?:是|为|系)[^。,;]{0,24}(?:部门|单位|机构|机关)"
)
_BELONGS = re.compile(r"[下所直]属|隶属|内设|下设|二级|挂靠|管理的")
_GOAL_NUMBER = re.compile(r"(?:^|\n)\s*(?:绩效)?(?:指标|目标|任务)\s*(\d{1,2})\s*[:：、.]")
_FIRST = 2  # the heading and the paragraph under it
_REGION = 2  # letters that units of one place have in common
_EARLIER = re.compile(r"结转|对比|上年|(?:19|20)\d{2}\s*年?\s*[—–\-~～至到]+\s*(?:19|20)?\d{2}\s*年")
_NEXT_YEAR = re.compile(r"目标|计划|预算|安排")


def check_years(rule: Rule, case: Case) -> Iterator[Judgement]:
    """Titles name the fiscal year; the report is dated in the year after."""
    del rule
    year, date = case.report.fiscal_year, case.report.report_date
    if year is None:
        yield Judgement("undecided", "years.open", {"缺": "报告年度"})
        return
    titles = [s for s in case.report.statements if s.kind in ("title", "table_title") and not is_form_title(s)]
    late = _date_fault(date, year, case)
    bad = [*_title_faults(titles, year, case), *([late] if late is not None else [])]
    yield from bad
    if not bad:
        evidence = present(_statement_evidence(s, case) for s in titles)
        yield (
            Judgement("pass", "years.pass", evidence=evidence)
            if date
            else Judgement("undecided", "years.open", {"缺": "报告日期"}, evidence=evidence)
        )


def _title_faults(titles: list[Statement], year: int, case: Case) -> Iterator[Judgement]:
    """Titles that name other years and not this one; next year's targets may stand beside. A comparison is to be confirmed."""
    stale = [
        title
        for title in titles
        if (years := find_years(title.text)) and year not in years and not _is_of_next_year(title, years, year)
        if not _is_last_account(title, years, titles, year)
    ]
    comparing = [title for title in stale if _compares_years(title)]
    firm = [title for title in stale if title not in comparing]
    if firm:
        yield _title_fault(firm, titles, year, case)
    if comparing:
        judgement = _title_fault(comparing, titles, year, case)
        yield replaced(judgement, verdict="review", suffix="title-comparison")


def _compares_years(title: Statement) -> bool:
    """Two years (2019—2020年) or a word for earlier money."""
    return len(set(find_years(title.text))) > 1 or _EARLIER.search(title.text) is not None


def _title_fault(stale: list[Statement], titles: list[Statement], year: int, case: Case) -> Judgement:
    others = sorted({other for title in stale for other in find_years(title.text)})
    places = "、".join(dict.fromkeys(title.place or title.text for title in stale))
    slots = {"年度": str(year), "他年": "、".join(map(str, others)), "处": places}
    evidence = present(_statement_evidence(title, case) for title in (*stale, *(t for t in titles if t not in stale)))
    return Judgement("fail", "years.title", slots, evidence=evidence, suffix="title")


def _is_last_account(title: Statement, years: list[int], titles: list[Statement], year: int) -> bool:
    """Last year's account beside this year's budget."""
    budget = any("预算" in other.text and year in find_years(other.text) for other in titles)
    return set(years) == {year - 1} and "决算" in title.text and budget


def _is_of_next_year(title: Statement, years: list[int], year: int) -> bool:
    return set(years) == {year + 1} and _NEXT_YEAR.search(title.text) is not None


def _statement_evidence(statement: Statement, case: Case) -> Evidence | None:
    return case.evidence_of_text(statement.where, statement.place, statement.text, "copy")


def _date_fault(date: str | None, year: int, case: Case) -> Judgement | None:
    """The year after is right; December of the same year is early but may be honest."""
    if not date or not date[:4].isdigit() or int(date[:4]) == year + 1:
        return None
    stated = [s for s in case.report.statements if s.kind == "report_date"]
    early = date[:7] == f"{year}-12"
    return Judgement(
        "review" if early else "fail",
        "years.early" if early else "years.date",
        {"年度": str(year), "日期": date},
        evidence=present(_statement_evidence(s, case) for s in stated),
        suffix="date",
    )


def check_identity(rule: Rule, case: Case) -> Iterator[Judgement]:
    """The unit's name and its budget code are the same wherever the cover or a signature line gives them."""
    del rule
    bad = [j for kind in ("budget_code", "unit_name") if (j := _identity_fault(kind, case)) is not None]
    yield from bad
    if not bad:
        known = case.report.unit_name or case.report.budget_code
        yield Judgement("pass", "identity.pass") if known else NOT_APPLICABLE


def _identity_fault(kind: str, case: Case) -> Judgement | None:
    stated = [s for s in case.report.statements if s.kind == kind and s.text.strip()]
    if kind == "unit_name":
        stated = [s for s in stated if _ORGANISATION.search(s.text)]
        stated = stated or list(_names_of_titles(case))
        stated += [*_names_of_rows(case), *_names_that_open(case)] if stated else []
    texts = list(dict.fromkeys(fold_name(s.text) for s in stated))
    same = len(texts) <= 1 or (kind == "unit_name" and all(_is_same_name(texts[0], other) for other in texts[1:]))
    if same:
        return None
    expression = "、".join(f"“{text}”" for text in texts)
    firsts = {fold_name(s.text): s for s in reversed(stated)}
    evidence = present(_statement_evidence(firsts[text], case) for text in texts)
    if kind == "budget_code":
        return Judgement("fail", "identity.code", expression=expression, evidence=evidence, suffix="code")
    return Judgement("review", "identity.name", expression=expression, evidence=evidence, suffix="name")


def _names_of_titles(case: Case) -> Iterator[Statement]:
    """The unit's name where it stands in the title alone."""
    unit = case.report.unit_name
    title = next((s for s in case.report.statements if unit and s.kind == "title" and unit in s.text), None)
    if title is not None and unit:
        yield Statement("unit_name", unit, title.where, title.place)


def _names_of_rows(case: Case) -> Iterator[Statement]:
    """What the unit's own row is called where a table calls it otherwise and has but one: taken over from another's report."""
    unit, facts = case.report.unit_name or "", case.report.facts
    odd = [f for f in facts if f.main and f.origin == "table" and f.where and unit not in f.place and " 行" in f.place]
    if not odd:
        return
    others = {_table_of(fact) for fact in facts if not fact.main}
    named: dict[str, dict[str, Statement]] = {}
    for fact in odd:
        match = _OWN_ROW.match(fact.place)
        if match is not None and match["table"] not in others and _BODY.match(match["row"]):
            found = Statement("unit_name", match["row"], fact.where or "", f"{match['table']} · {match['row']} 行")
            named.setdefault(match["table"], {}).setdefault(match["row"], found)
    for names in named.values():
        if len(names) == 1:
            yield from names.values()


def _table_of(fact: Fact) -> str:
    return fact.place.partition(" · ")[0]


def _names_that_open(case: Case) -> Iterator[Statement]:
    """The unit of which the narrative's first sentence says what it is: 某县教育局是县人民政府工作部门."""
    unit = fold_name(case.report.unit_name or "")
    passages = (p for p in case.passages if p.kind == "line" and unit and _OVERVIEW.search(p.title))
    for passage in itertools.islice(passages, _FIRST):
        match = _OPENS.match(passage.text)
        first = passage.text.partition("。")[0]
        if match is None or _BELONGS.search(first) or unit[_REGION + 1 :] in first:
            continue  # a body of the unit's own
        if match["name"][:_REGION] == unit[:_REGION]:
            where, _ = passage.place(match.start("name"), match.end("name"))
            yield Statement("unit_name", match["name"], where, f"正文“{passage.title}”部分")


def _is_same_name(left: str, right: str) -> bool:
    """A short form keeps the order of the full name's characters (区政府办 … 区人民政府办公室); 和 and 与 are one."""
    short, long = sorted((re.sub("[和与及、]", "", left), re.sub("[和与及、]", "", right)), key=len)
    rest = iter(long)
    return all(char in rest for char in short)


def check_copies(rule: Rule, case: Case) -> Iterator[Judgement]:
    """A fact printed in several tables says the same everywhere; one judgement a conflicting concept."""
    del rule
    several = [(row, concept) for row in case.rows for concept, facts in row.copies.items() if len(facts) > 1]
    bad = [(row, concept, copies) for row, concept in several if (copies := row.conflicting(concept))]
    for row, concept, copies in bad:
        judgement = _copies_fault(case.name_of(concept), concept, copies, case)
        yield replaced(judgement, entity=None if row.main else row.entity)
    if not bad:
        yield Judgement("pass", "pass", {"式": "同一数据在各表中"}) if several else NOT_APPLICABLE


def _copies_fault(name: str, concept: str, copies: tuple[Fact, ...], case: Case) -> Judgement:
    expression = "；".join(f"{copy.place or '表内'} {copy.raw}" for copy in copies)
    slots = {"项": name, "处数": str(len(copies))}
    evidence = present(case.evidence(copy, "copy") for copy in copies)
    tables = {copy.place.partition(" · ")[0] for copy in copies}
    if len(tables) == 1 and len(copies) > 1 and all(copy.place for copy in copies):
        # one table with several columns of one name: what tells them apart was not understood
        return Judgement("undecided", "copies.open", slots, expression, evidence=evidence, suffix=concept)
    return Judgement("fail", "copies.fail", slots, expression, evidence=evidence, suffix=concept)


_STATES = {
    "value": "有数",
    "zero": "0",
    "none": "写明无",
    "blank": "空白",
    "missing": "缺栏目",
    "unreadable": "无法辨认",
    "withheld": "不公开",
}
_ADVICE = {
    "blank": "空白与 0 含义不同，没有发生的请填 0 或“无”，漏填的请补填。",
    "unreadable": "无法辨认的请只填一个数字。",
    "missing": "缺栏目的请核对是否删减了表式。",
}
_MANY = 12


def check_cells_by_state(rule: Rule, case: Case) -> Iterator[Judgement]:
    """One line a report: how many cells of figures are filled, 0, 无, blank, unreadable."""
    del rule
    facts = [f for f in case.report.facts if f.origin == "table" and not f.concept.startswith("overview.")]
    if not facts:
        yield NOT_APPLICABLE
        return
    counts = Counter(fact.state for fact in facts)
    text = "、".join(f"{name} {counts[state]}" for state, name in _STATES.items() if counts[state])  # type: ignore[index]
    open_facts = [fact for fact in facts if fact.state in ("blank", "missing", "unreadable")]
    advice = (f"{named}{_ADVICE[state]}" for state in _ADVICE if (named := _names(state, open_facts, case)))
    slots = {"总": str(len(facts)), "计数": text, "建议": "".join(advice)}
    if not open_facts:
        yield Judgement("pass", "cells.pass", slots)
        return
    evidence = present(case.evidence(fact, fact.state) for fact in open_facts)
    yield Judgement("review", "cells.review", slots, evidence=evidence)


def _names(state: str, facts: list[Fact], case: Case) -> str:
    """空白：上年结转、其他收入。"""
    blanks = list(dict.fromkeys(fact.label or case.name_of(fact.concept) for fact in facts if fact.state == state))
    if not blanks:
        return ""
    return f"{_STATES[state]}：" + "、".join(blanks[:_MANY]) + ("等" if len(blanks) > _MANY else "") + "。"


_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")}


def read_ordinal(text: str | None) -> int | None:
    """十二 → 12; None for what is no plain Chinese ordinal."""
    if not text or not all(char in "一二三四五六七八九十" for char in text):
        return None
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _DIGITS[text] if len(text) == 1 else None
    if len(tens) > 1 or len(ones) > 1:
        return None
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)


def check_numbering(rule: Rule, case: Case) -> Iterator[Judgement]:
    """Headings count 一、二、三 … without a gap; a restart at 一 begins a new count."""
    del rule
    numbered = [(n, section) for section in case.report.sections if (n := read_ordinal(section.number)) is not None]
    if len(numbered) <= 1:
        yield NOT_APPLICABLE
        return
    faults = [(before, after) for before, after in itertools.pairwise(numbered) if after[0] not in (before[0] + 1, 1)]
    if not faults:
        yield Judgement("pass", "numbering.pass")
        return
    expression = "；".join(f"{_heading(before[1])} 之后是 {_heading(after[1])}" for before, after in faults)
    sections = [section for pair in faults for _, section in pair]
    evidence = present(case.evidence_of_text(s.where, f"正文“{s.title}”", _heading(s), "heading") for s in sections)
    yield Judgement("review", "numbering.review", expression=expression, evidence=evidence)


def _heading(section: Section) -> str:
    return f"{section.number}、{section.title}"


def check_goal_numbering(rule: Rule, case: Case) -> Iterator[Judgement]:
    """指标1, 指标2, 指标3, 指标5 of one kind: one is left out. A kind may begin anywhere and begin anew."""
    del rule
    numbered: dict[str, list[tuple[int, Goal]]] = {}
    for goal in case.report.goals:
        found = [(int(match[1]), goal) for match in _GOAL_NUMBER.finditer(goal.target)]
        numbered.setdefault(goal.kind or "", []).extend(found)
    pairs = [(kind, pair) for kind, goals in numbered.items() for pair in itertools.pairwise(goals)]
    faults = [(kind, before, after) for kind, (before, after) in pairs if after[0] > before[0] + 1]
    if not faults:
        yield Judgement("pass", "numbering.goals") if pairs else NOT_APPLICABLE
        return
    expression = "；".join(f"“{kind}”指标{before[0]} 之后是 指标{after[0]}" for kind, before, after in faults)
    goals = [(kind, goal) for kind, *pair in faults for _, goal in pair]
    evidence = present(
        case.evidence_of_text(goal.where, f"《绩效目标》 · {kind} 行", goal.target, "heading") for kind, goal in goals
    )
    yield Judgement("review", "numbering.gap", expression=expression, evidence=evidence)
