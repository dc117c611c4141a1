"""What a report claims and admits against its figures and scores: X9 and X10.

X9   “三公经费严格控制在预算范围内”     评分表 三公经费控制率 6分 得4分          → told to the bureau
X10  “公务卡使用率偏低”（存在的问题）    评分表 公务卡刷卡率 3分 得3分           → told to the bureau
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from gouji.validate.prose.telling import Told, judge_told
from gouji.validate.prose.text import any_of, fold, has_any, tells_other_year
from gouji.validate.span import span_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.model.finding import Evidence
    from gouji.model.report import Fact, Goal, Indicator
    from gouji.patterns.lexicon import Claim, Topic
    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case
    from gouji.validate.judgement import Judgement
    from gouji.validate.prose.text import Sentence

_CLAUSE = re.compile(r"[,。;:!?\n]")
_MORE = re.compile(r"超|高|增|升|%|％")
_QUOTES = re.compile(r"[“”\"'‘’\s]")


def _in_one_clause(text: str, about: tuple[str, ...], says: tuple[str, ...], case: Case) -> bool:
    """Whether one clause holds a word of both, without a negation, a plan or a condition in it."""
    if not has_any(text, about) or not has_any(text, says):
        return False
    words = case.rules.lexicon
    odd = (*words["plans"], *words["conditions"])
    for clause in _CLAUSE.split(text):
        if has_any(clause, about) and has_any(clause, says) and not has_any(clause, odd):
            return not tells_other_year(text, case)
    return False


def _is_under(sentence: Sentence, titles: tuple[str, ...]) -> bool:
    return has_any(sentence.passage.title, titles)


# --- X9 -----------------------------------------------------------------------------------------------------------------


class Denial(NamedTuple):
    """What speaks against a claim, in words and by its cells or sentence."""

    text: str
    evidence: tuple[Evidence | None, ...]


def check_claims(rule: Rule, case: Case) -> Iterator[Judgement]:
    """One judgement a report."""
    del rule
    found: list[Told] = []
    compared = False
    for claim in case.rules.lexicon.claims:
        said = _claimed(claim, case)
        if said is None:
            continue
        told, evidence = said
        against = [*_denied_by_figures(claim, case), *_denied_by_rows(claim, case), *_denied_by_problems(claim, case)]
        compared = True
        found += [Told(f"“{told}”，而{denial.text}", (evidence, *denial.evidence)) for denial in against]
    yield from judge_told(found, compared=compared)


def _claimed(claim: Claim, case: Case) -> tuple[str, Evidence | None] | None:
    """The first sentence, or goal reported as met, that claims it; advice and problems claim nothing."""
    words = case.rules.lexicon
    silent = (*words["problem_titles"], *words["advice_titles"])
    for passage in case.passages if has_any(case.said, claim.says) else ():
        if has_any(passage.text, claim.says) and not has_any(passage.title, silent):
            for sentence in passage.sentences():
                if _in_one_clause(sentence.text, claim.about, claim.says, case):
                    return sentence.shown, sentence.evidence(case)
    for goal in case.report.goals:
        if not has_any(goal.target, claim.about) or not _is_met(goal, words["bare_claims"]):
            continue
        text = fold(goal.target)
        if has_any(text, claim.says):
            place = f"《绩效目标》 · {goal.kind or ''} 行"
            return f"{text.strip()[:40]}：{(goal.result or '').strip()}", case.evidence_of_text(
                goal.where, place, text, "statement"
            )
    return None


def _is_met(goal: Goal, claims: tuple[str, ...]) -> bool:
    return re.sub(r"[\s。.,;，；]", "", goal.result or "") in claims


def _denied_by_figures(claim: Claim, case: Case) -> Iterator[Denial]:
    """The year's amount exceeds the budget's, or last year's."""
    now = case.main.fact(claim.concept) if claim.concept else None
    if now is None or now.quantity is None or now.where in case.suspects:
        return
    for other in _others(claim, now, case):
        span, limit = span_of(now.quantity), span_of(other.quantity) if other.quantity is not None else None
        if span is not None and limit is not None and span.low > limit.high:
            name = "预算" if claim.against == "budget" else "上年"
            text = (
                f"表内{case.name_of(claim.concept)}为 {now.raw}{now.unit or ''}，{name}为 {other.raw}{other.unit or ''}"
            )
            yield Denial(text, (case.evidence(now, "value"), case.evidence(other, "value")))
            return


def _others(claim: Claim, now: Fact, case: Case) -> list[Fact]:
    """The budget's last word, or last year's account, from tables and of the same scope."""
    facts = [
        f for f in case.report.facts if f.concept == claim.concept and f.main and f.scope == now.scope and f.quantity
    ]
    if claim.against == "budget":
        planned = [
            f for f in facts if f.stage in ("adjusted", "initial") and f.period in (None, case.report.fiscal_year)
        ]
        planned.sort(key=lambda fact: fact.stage != "adjusted")
        return planned[:1]
    year = case.report.fiscal_year
    return [f for f in facts if f.stage == "final" and year is not None and f.period == year - 1][:1]


def _denied_by_rows(claim: Claim, case: Case) -> Iterator[Denial]:
    """A row that scores just this lost points, for no other reason than this."""
    for row in case.report.indicators:
        if not _is_named(row, claim.rows) or row.weight is None or row.score is None:
            continue
        other = (row.reason or "").strip() and not _MORE.search(row.reason or "")
        if row.weight_shared_by == 1 and row.score.value < row.weight.value and not other:
            text = f"评分表{_quoted(row)}自评得分 {row.score.value:f}（分值 {row.weight.value:f}）"
            yield Denial(text, (case.evidence_of_cell(row.cells.get("score"), row, "score"),))


def _denied_by_problems(claim: Claim, case: Case) -> Iterator[Denial]:
    """The problems section says the opposite."""
    for sentence in _problems(case):
        if claim.denied and has_any(sentence.text, claim.denied) and _is_denial(sentence.text, claim, case):
            yield Denial(f"“{sentence.passage.title}”写“{sentence.shown}”", (sentence.evidence(case),))
            return


def _is_denial(text: str, claim: Claim, case: Case) -> bool:
    """Whether a problem is of this year, still there and not allowed, and of what was claimed rather than a part of it."""
    words = case.rules.lexicon
    if tells_other_year(text, case) or has_any(text, (*words["resolved"], *words["granted"])):
        return False
    clauses = [clause for clause in _CLAUSE.split(text) if has_any(clause, claim.denied)]
    own = any(not has_any(clause, claim.beside) for clause in clauses)
    return own and not _is_negated(text, claim.denied, case)


def _is_named(row: Indicator, names: tuple[str, ...]) -> bool:
    name = _QUOTES.sub("", row.level3 or "")
    return bool(name) and has_any(name, names)


def _quoted(row: Indicator) -> str:
    name = "".join((row.level3 or "").split())
    return name if "“" in name else f"“{name}”"


def _problems(case: Case) -> Iterator[Sentence]:
    """The sentences under 存在的问题; a heading that also tells of measures is left out."""
    words = case.rules.lexicon
    for passage in case.passages:
        if has_any(passage.title, words["problem_titles"]):
            yield from passage.sentences()


def _is_negated(text: str, words: tuple[str, ...], case: Case) -> bool:
    match = any_of(words).search(text)
    before = _CLAUSE.split(text[: match.start()])[-1] if match is not None else ""
    return has_any(before, (*case.rules.lexicon["negations"], *case.rules.lexicon["plans"]))


# --- X10 ----------------------------------------------------------------------------------------------------------------


def check_problems(rule: Rule, case: Case) -> Iterator[Judgement]:
    """One judgement a report."""
    del rule
    found: list[Told] = []
    compared = False
    for sentence in _problems(case):
        for topic in case.rules.lexicon.topics:
            if not _is_problem(sentence.text, topic, case):
                continue
            rows = [row for row in case.report.indicators if _is_scored(row, topic)]
            compared = compared or bool(rows)
            if all(map(_is_full, rows)):  # points taken off in one of them answer for it
                found += [_told(sentence, row, case) for row in rows]
    yield from judge_told(found, compared=compared)


def _is_problem(text: str, topic: Topic, case: Case) -> bool:
    """Whether a sentence tells of a topic's fault as one that is still there, and the unit's own."""
    words = case.rules.lexicon
    if not _in_one_clause(text, topic.about, topic.fault, case) or has_any(text, words["resolved"]):
        return False
    name = case.report.unit_name or ""
    return not has_any(text, tuple(word for word in words["charges"] if word not in name))


def _is_scored(row: Indicator, topic: Topic) -> bool:
    whole = row.weight is not None and row.score is not None and row.weight_shared_by == 1 and row.weight.value > 0
    return whole and _is_named(row, topic.rows)


def _is_full(row: Indicator) -> bool:
    return row.score is not None and row.weight is not None and row.score.value == row.weight.value


def _told(sentence: Sentence, row: Indicator, case: Case) -> Told:
    points = f"{row.weight.value:f}" if row.weight is not None else ""
    text = f"“{sentence.passage.title}”写“{sentence.shown}”，而评分表{_quoted(row)}得满分 {points} 分"
    return Told(text, (sentence.evidence(case), case.evidence_of_cell(row.cells.get("score"), row, "score")))
