"""Goals against results: X6 goals that nothing takes up, X7 达标 against a lower number, X8 all met and yet points off.

X7-all  督查50次 | 46次      正文：年度绩效目标全部完成                          → told

数量指标 | 制发公文600份 | 达标      实际完成：制发各类公文共计571件      571 < 600      → X7
巡护里程 | ≥4200公里 | 4100公里 | 20分 | 得20分                          4100 < 4200    → X7
满意度   | …达到95% | 达标           评分表 满意度 5分 得3分，无原因                     → X8
"""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple

from gouji.validate.prose.targets import claimed_in
from gouji.validate.prose.telling import Told, judge_told
from gouji.validate.prose.text import Passage, Piece, any_of, fold, has_any
from gouji.validate.prose.things import is_telling, is_whole, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.model.finding import Evidence
    from gouji.model.report import Goal, Indicator
    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case
    from gouji.validate.judgement import Judgement
    from gouji.validate.prose.figures import Figure, Numbered
    from gouji.validate.prose.text import Sentence

Direction = Literal["least", "most", ""]
_LABEL = re.compile(r"^\s*(?:绩效)?(?:指标|目标|任务)?\s*[\d一二三四五六七八九十]*\s*[:、.]\s*")
_LINES = re.compile(r"\n|(?=(?:指标|目标)\d+\s*:)")
_VALUE = re.compile(
    r"\s*(?P<sign>≥|≤|≧|≦|>=|<=|>|<|=|不少于|不低于|不超过|不高于)?\s*(?P<number>\d[\d,]*(?:\.\d+)?)\s*(?P<unit>[^\d\s,。;]{0,6}?)\s*(?P<tail>以上|以下|以内)?\s*"
)
_MOST_SIGNS = ("≤", "≦", "<=", "<", "不超过", "不高于", "以内", "以下", "小于等于", "小于")
_DIGIT = re.compile(r"\d")
_LEAST_SIGNS = ("≥", "≧", ">=", ">", "不少于", "不低于", "以上", "大于等于", "大于")
_OVERALL = "预期目标"
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_MARKS = re.compile(r"[\s。.、,;]")
_ENOUGH = 3
_RATES = ("率", "度")


# --- X7 -----------------------------------------------------------------------------------------------------------------


class Target(NamedTuple):
    """A number that a goal is to reach and what it counts."""

    goal: Goal
    numbered: Numbered
    figure: Figure
    thing: str


def check_measured(rule: Rule, case: Case) -> Iterator[Judgement]:
    """One judgement a report: goals claimed as met, then rows with full marks."""
    del rule
    claimed = [goal for goal in case.report.goals if _is_claimed(goal.result or "", case)]
    targets = [target for goal in claimed for target in _targets(goal, case)]
    found: list[Told] = []
    compared = False
    for target in targets:
        key = (target.thing, _family(target.figure, case))
        measured = _in_result(target, case) or _measured_things(key, case) or _measured_rates(target, case)
        compared = compared or bool(measured)
        if measured and _falls_short(target, [figure for _, figure in measured]):
            found.append(_told_target(target, measured[0], case))
    rows = [row for row in case.report.indicators if _compares(row, case)]
    found += [_told_row(row, case) for row in rows if _full(row) and not _meets(row)]
    yield from judge_told(found, compared=compared or bool(rows))


def _targets(goal: Goal, case: Case) -> Iterator[Target]:
    """The counted targets of a goal that has a result."""
    counted = goal.result and goal.kind not in (None, _OVERALL) and goal.where is not None
    if not counted or _DIGIT.search(goal.target) is None:
        return
    for line in filter(_DIGIT.search, _LINES.split(fold(goal.target))):
        numbered = list(case.reader.numbered(_passage_of(goal, line)))
        figures = [(n, figure) for n in numbered for figure in n.figures if figure.kind in ("count", "percent")]
        if len(figures) == 1 and not _is_limit(line.replace("不低于", ""), case):
            yield Target(goal, *figures[0], name_of(*figures[0], case))


def _is_limit(line: str, case: Case) -> bool:
    """Whether less is better of what a goal counts."""
    words = case.rules.lexicon
    return has_any(line, words["lower_better"]) or has_any(line, words["at_most"])


def _passage_of(goal: Goal, line: str) -> Passage:
    text = _LABEL.sub("", line)
    return Passage(text, text, (Piece(goal.where or "", 0, 0),), goal.kind or "", "result")


def _is_claimed(result: str, case: Case) -> bool:
    """达标, 已完成, 571份，已达标; not 未完成, 基本完成."""
    text = fold(result)
    bare = _MARKS.sub("", _LABEL.sub("", text))
    return bare in case.rules.lexicon["bare_claims"] or claimed_in(text, case) is not None


def _in_result(target: Target, case: Case) -> list[tuple[Numbered, Figure]]:
    """The one number of the result cell that is of the target's unit, where the target has one alone."""
    where = target.goal.result_where or target.goal.where
    if len([line for line in _LINES.split(target.goal.target) if line.strip()]) > 1:
        return []
    if _DIGIT.search(target.goal.result or "") is None:
        return []
    cell = [
        n for n in case.numbered if n.sentence.passage.kind == "result" and n.sentence.passage.pieces[0].where == where
    ]
    told = [(n, f) for n in cell for f in n.figures if f.kind in ("count", "percent")]
    if len(told) > 1:
        told = [(n, f) for n, f in told if name_of(n, f, case) == target.thing]
    return told if len(told) == 1 and told[0][1].unit == target.figure.unit else []


def _measured_things(key: tuple[str, str], case: Case) -> list[tuple[Numbered, Figure]]:
    """What the text tells of the year of a thing, with what it tells of kinds of it: 视频走访群众60户 beside 走访群众468户."""
    name, family = key
    if not is_telling(name, case):
        return []
    told = [thing for thing in case.things if thing.name.endswith(name) and _family(thing.figure, case) == family]
    generic = any_of(case.rules.lexicon["generic"])
    named = [thing for thing in told if generic.sub("", thing.name) == generic.sub("", name)]
    if not named:
        return []
    told.sort(key=lambda thing: thing not in named)
    return [(t.numbered, t.figure) for t in told if not _is_exceeded(t.numbered, t.figure)]


def _is_exceeded(numbered: Numbered, figure: Figure) -> bool:
    """Whether its sentence tells of more of the kind than it: 新建5座，改建3座，合计8座 has parts."""
    more = (f for f in numbered.figures if f.unit == figure.unit and f.value > figure.value)
    return any(True for _ in more)


def _measured_rates(target: Target, case: Case) -> list[tuple[Numbered, Figure]]:
    """What the text tells of the very rate that a target names: 群众满意度达到95%, 群众满意度为91%."""
    if target.figure.kind != "percent" or not target.thing.endswith(_RATES) or len(target.thing) <= _ENOUGH:
        return []
    told = [(n, f) for n in case.numbered if target.thing in n.sentence.text for f in n.figures if f.kind == "percent"]
    return [(n, f) for n, f in told if is_whole(n, f, case) and name_of(n, f, case) == target.thing]


def _family(figure: Figure, case: Case) -> str:
    """Documents are counted in 份, 件, 篇 alike."""
    documents = case.rules.lexicon["documents"]
    return documents[0] if figure.unit in documents else figure.unit


def _falls_short(target: Target, figures: list[Figure]) -> bool:
    """Whether all that is told, should several be parts of one, stays below the target."""
    least = target.figure.low
    # One number told twice is one number; rates are no parts of each other.
    highs = list({figure.value: figure.high for figure in figures if figure.high is not None}.values())
    if least is None or any(figure.high is None for figure in figures):
        return False
    return max(highs) < least if target.figure.kind == "percent" else sum(highs) < least


def _told_target(target: Target, measured: tuple[Numbered, Figure], case: Case) -> Told:
    numbered, figure = measured
    goal = target.goal
    text = f"目标“{target.numbered.sentence.shown}”填报“{_short(goal.result or '')}”，而所写实际数为 {figure.raw}（“{numbered.around(figure)}”）"
    own = case.evidence_of_text(goal.where, f"《绩效目标》 · {goal.kind} 行", goal.target, "target")
    return Told(text, (own, numbered.sentence.evidence(case, "value")))


def _short(text: str, most: int = 16) -> str:
    line = "".join(text.split())
    return line if len(line) <= most else f"{line[:most]}…"


def check_wholly(rule: Rule, case: Case) -> Iterator[Judgement]:
    """X7-all: one judgement a report that says that everything was met: targets whose result cell tells less."""
    says = rule.options["says"]
    claim = next(_claims_of_all(says, case), None) if has_any(case.said, says) else None
    targets = [target for goal in case.report.goals for target in _targets(goal, case)] if claim is not None else []
    pairs = [(target, measured[0]) for target in targets if (measured := _in_result(target, case))]
    short = [(target, told) for target, told in pairs if _falls_short(target, [told[1]])]
    found = [] if claim is None else [_told_short(claim, target, told, case) for target, told in short]
    yield from judge_told(found, compared=bool(pairs))


def _claims_of_all(says: tuple[str, ...], case: Case) -> Iterator[Sentence]:
    """Sentences that say it of the unit's whole year; problems and advice claim nothing."""
    words = case.rules.lexicon
    odd = (*words["plans"], *words["conditions"], *words["narrower"], *words["scopes"], *words["negations"], "基本")
    for passage in case.passages:
        if has_any(passage.text, says) and not has_any(
            passage.title, (*words["problem_titles"], *words["advice_titles"])
        ):
            for sentence in passage.sentences():
                match = any_of(says).search(sentence.text)
                if match is not None and not has_any(re.split(r"[,:]", sentence.text[: match.start()])[-1], odd):
                    yield sentence


def _told_short(claim: Sentence, target: Target, told: tuple[Numbered, Figure], case: Case) -> Told:
    numbered, figure = told
    text = f"正文称“{claim.shown}”，而目标“{target.numbered.sentence.shown}”的完成情况为 {figure.raw}"
    return Told(text, (claim.evidence(case), numbered.sentence.evidence(case, "value")))


# --- rows of the scoring table ------------------------------------------------------------------------------------------


class Value(NamedTuple):
    """A target or an actual value of a row: its number and unit, and which way is better where a sign says so."""

    number: Decimal
    unit: str
    direction: Direction


def _value(text: str | None, operator: str | None = None) -> Value | None:
    match = _VALUE.fullmatch(fold(text)) if text else None
    if match is None:
        return None
    sign = match["sign"] or fold(operator or "").strip() or match["tail"] or ""
    direction: Direction = "most" if sign in _MOST_SIGNS else "least" if sign in _LEAST_SIGNS else ""
    return Value(Decimal(match["number"].replace(",", "")), match["unit"], direction)


def _compares(row: Indicator, case: Case) -> bool:
    """Whether a row's target and actual are numbers of one unit, the actual a plain one, and it is known which way is better."""
    target, actual = _value(row.target, row.operator), _value(row.actual)
    if target is None or actual is None or target.unit != actual.unit or row.criterion or row.weight_shared_by > 1:
        return False
    return not actual.direction and (bool(target.direction) or _is_more_better(row, target.unit, case))


def _is_more_better(row: Indicator, unit: str, case: Case) -> bool:
    """Whether more is better where no sign says so: not of money, time, costs and complaints."""
    words = case.rules.lexicon
    names = f"{row.level1 or ''}{row.level2 or ''}{row.level3 or ''}"
    return unit.lstrip("万亿") not in (*words["money"], *words["times"]) and not has_any(names, words["lower_better"])


def _meets(row: Indicator) -> bool:
    target, actual = _value(row.target, row.operator), _value(row.actual)
    if target is None or actual is None:
        return False
    return actual.number <= target.number if target.direction == "most" else actual.number >= target.number


def _full(row: Indicator) -> bool:
    return row.weight is not None and row.score is not None and row.score.value == row.weight.value > 0


def _told_row(row: Indicator, case: Case) -> Told:
    text = f"“{row.level3 or row.level2}”目标 {row.operator or ''}{row.target}，实际 {row.actual}，得满分 {_points(row)} 分"
    score = case.evidence_of_cell(row.cells.get("score"), row, "score")
    return Told(text.replace("≥≥", "≥").replace("≤≤", "≤"), (score,))


def _points(row: Indicator) -> str:
    return format(row.weight.value, "f") if row.weight is not None else ""


# --- X8 -----------------------------------------------------------------------------------------------------------------


def check_met(rule: Rule, case: Case) -> Iterator[Judgement]:
    """One judgement a report: points taken off without a reason where every target is claimed or shown as met."""
    del rule
    claimed = _claimed_kinds(case)
    rows = [row for row in case.report.indicators if _is_judged(row)]
    named = [row for row in rows if _kind(row.level3) in claimed]
    counted = [row for row in rows if _compares(row, case) and _meets(row)]
    found = [_told_met(row, "目标均填报达标", case) for row in named if _is_deducted(row)]
    found += [_told_met(row, f"目标 {row.target}、实际 {row.actual}", case) for row in counted if _is_deducted(row)]
    yield from judge_told(found, compared=bool(named or counted))


def _claimed_kinds(case: Case) -> set[str]:
    """Kinds of goals of which every one is claimed as met."""
    kinds: dict[str, list[bool]] = {}
    for goal in case.report.goals:
        if goal.kind is not None and goal.kind != _OVERALL:
            kinds.setdefault(_kind(goal.kind), []).append(_is_claimed(goal.result or "", case))
    return {kind for kind, met in kinds.items() if all(met)}


def _kind(name: str | None) -> str:
    return "".join((name or "").split()).removesuffix("指标").removesuffix("目标")


def _is_judged(row: Indicator) -> bool:
    return row.weight_shared_by == 1 and row.weight is not None and row.score is not None and row.kind == "item"


def _is_deducted(row: Indicator) -> bool:
    """Below the weight, and no reason stands beside."""
    lower = row.weight is not None and row.score is not None and row.score.value < row.weight.value
    return lower and not (row.reason or "").strip()


def _told_met(row: Indicator, why: str, case: Case) -> Told:
    score = format(row.score.value, "f") if row.score is not None else ""
    text = f"“{row.level3 or row.level2}”{why}，自评得分 {score}（分值 {_points(row)}），未写扣分原因"
    return Told(text, (case.evidence_of_cell(row.cells.get("score"), row, "score"),))


# --- X6 -----------------------------------------------------------------------------------------------------------------


def check_goals(rule: Rule, case: Case) -> Iterator[Judgement]:
    """One judgement a report: expected goals of which no word comes back in any result or in the narrative."""
    del rule
    goals = [goal for goal in case.report.goals if goal.kind == _OVERALL and goal.result]
    lines = [(goal, line) for goal in goals for line in _unanswered(goal)]
    telling = [(goal, line, pairs) for goal, line in lines if len(pairs := _pairs(line, case)) >= _ENOUGH]
    found = [_told_goal(goal, line, case) for goal, line, pairs in telling if not has_any(case.said, pairs)]
    yield from judge_told(found, compared=bool(telling))


def _unanswered(goal: Goal) -> list[str]:
    """The lines of a goal of which the result has fewer: where it has as many, each may answer one in other words."""
    lines = [line for line in _LINES.split(fold(goal.target)) if line.strip()]
    results = [part for part in re.split(r"[。;\n]", fold(goal.result or "")) if part.strip()]
    return lines if len(results) < len(lines) else []


def _pairs(line: str, case: Case) -> list[str]:
    """Pairs of characters of what a goal is about: words that every goal uses are left out."""
    text = any_of(case.rules.lexicon["vague_goals"]).sub(" ", _LABEL.sub("", line))
    return [a + b for run in _HAN.findall(text) for a, b in pairwise(run)]


def _told_goal(goal: Goal, line: str, case: Case) -> Told:
    evidence: Evidence | None = case.evidence_of_text(goal.where, "《绩效目标》 · 预期目标 行", goal.target, "target")
    return Told(f"预期目标“{_short(_LABEL.sub('', line), 30)}”在实际完成和正文中没有提及", (evidence,))
