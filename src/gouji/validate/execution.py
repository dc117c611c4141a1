"""The row of execution: 执行率 = 全年执行数 ÷ 全年预算数, 得分 = 分值 × 执行率, of the report and of each project in it.

              全年预算数   全年执行数   分值   执行率    得分
年度资金总额     251.89      251.24     10    99.74%   9.97        10 × 99.74% (at most 100%) = 9.974, rounded or cut

Most forms do not print how the points follow from the rate: then a score that does not is to be explained, no error, and
one that is too low a note. Where the form prints it (得分＝执行率×分值) the score is arithmetic of its own cells.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from gouji.validate.case import present
from gouji.validate.expression import plain, trimmed
from gouji.validate.judgement import NOT_APPLICABLE, Judgement
from gouji.validate.span import Span, divide, span_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.model.quantity import Quantity
    from gouji.model.report import Fact
    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case

_ONE = Decimal(1)
_HALF = Decimal("0.5")
_HUNDRED = Decimal(100)
_CENTS = 2
_PERCENT = 4
_POINTS = r"(?:该?(?:项|指标)?(?:分值|权重|满分)|(?P<points>\d+)分?)"
_SIGN = re.compile(r"[%％]")
_STATED = re.compile(rf"执行率(?:[(（][^()（）]{{1,8}}[)）])?\s*[×xX*＊]\s*{_POINTS}")
_STATED_BEFORE = re.compile(rf"{_POINTS}\s*[×xX*＊]\s*(?:预算|资金)?执行率")


class Execution(NamedTuple):
    """The cells of one row of execution; `project` names whose it is, "" for the report itself."""

    project: str
    rate: Fact | None
    spent: Fact | None
    budget: Fact | None
    weight: Fact | None
    score: Fact | None

    @property
    def cells(self) -> list[tuple[Fact, str]]:
        """The cells that are there, each with its part."""
        named = ((self.score, "total"), (self.weight, "addend"), (self.rate, "addend"), *self.amounts)
        return [(fact, relation) for fact, relation in named if fact is not None]

    @property
    def amounts(self) -> tuple[tuple[Fact | None, str], ...]:
        """What was spent and what might be."""
        return ((self.spent, "addend"), (self.budget, "addend"))


# --- points -------------------------------------------------------------------------------------------------------------


def check_execution_scores(rule: Rule, case: Case) -> Iterator[Judgement]:
    """A judgement for every row whose points do not follow from its rate; else one that stands for all."""
    del rule
    judged = [j for row in _executions(case) if row.score is not None and (j := _judge_score(row, case)) is not None]
    yield from _told(judged, Judgement("pass", "execution.pass"))


def _told(judged: list[Judgement], passing: Judgement) -> Iterator[Judgement]:
    """What does not hold or cannot be told; where everything holds, one judgement."""
    open_or_bad = [judgement for judgement in judged if judgement.verdict != "pass"]
    yield from open_or_bad
    if not open_or_bad:
        yield passing if judged else NOT_APPLICABLE


def _judge_score(row: Execution, case: Case) -> Judgement | None:
    """None where the row prints no score, or no points to give."""
    stated, points = _formula_of(row, case)
    weight = _number(row.weight) or points
    score = row.score.quantity if row.score is not None else None
    if score is None or weight is None:
        return None
    rates = list(_rates(row, case))
    if not rates:
        return Judgement("undecided", "execution.open", {"缺": "执行率"}, suffix=row.project)
    if any(_is_of(score, weight, span) for span, _ in rates):
        return Judgement("pass", "execution.pass")
    return _score_fault(row, (score, weight), rates, case, stated=stated)


def _score_fault(
    row: Execution, points: tuple[Quantity, Decimal], rates: list[tuple[Span, str]], case: Case, *, stated: bool
) -> Judgement:
    """The numbers stand in the expression only: the department hears that its score does not follow, never what would."""
    score, weight = points
    due = [weight * min(span.mid, _ONE) for span, _ in rates]
    told = "；".join(
        f"{plain(trimmed(weight))} × {text} = {plain(trimmed(round(value, _CENTS)))}"
        for (_, text), value in zip(rates, due, strict=True)
    )
    low = all(score.value < value for value in due)
    slots = {"项": row.project or "年度资金总额", "得分": plain(score.value)}
    return Judgement(
        "fail" if stated and not low else "review",
        "execution.under" if low else "execution.fail" if stated else "execution.review",
        slots,
        f"{told}，得分 {plain(score.value)}",
        score.value - due[0],
        Decimal(0),
        "分",
        present(case.evidence(fact, relation) for fact, relation in row.cells),
        suffix=row.project,
        severity="note" if low else "hard" if stated else None,
    )


def _is_of(score: Quantity, weight: Decimal, rate: Span) -> bool:
    """Whether a score is its share of the weight, rounded or cut to the decimals printed; a rate above 100% gives no more."""
    step = _ONE.scaleb(-(score.decimals or 0))
    low, high = (weight * min(end, _ONE) for end in (rate.low, rate.high))
    return score.value - step * _HALF <= high and low < score.value + step


def _rates(row: Execution, case: Case) -> Iterator[tuple[Span, str]]:
    """The rate as printed, then as the amounts have it."""
    if row.rate is not None:
        yield from ((printed, row.rate.raw) for printed in _printed_rates(row.rate))
    ratio = _ratio(row, case)
    if ratio is not None:
        yield ratio, _amounts_in_words(row)


def _formula_of(row: Execution, case: Case) -> tuple[bool, Decimal | None]:
    """Whether the form prints that points are rate × weight, and the points that it prints there."""
    facts = [fact for fact in (row.score, row.weight, row.rate) if fact is not None]
    heads = ["".join(part.split()) for fact in facts for part in (*fact.header_path, fact.label or "")]
    lines = (line.text for line in case.report.lines if "执行率" in line.text)
    for text in (*heads, *lines):
        match = _STATED.search(text) or _STATED_BEFORE.search(text)
        if match is not None:
            return True, Decimal(match["points"]) if match["points"] else None
    return False, None


def points_of_formula(score: Fact) -> Decimal | None:
    """The points that the head over an execution score names: 得分（20分*执行率）."""
    head = "".join("".join(score.header_path).split())
    match = _STATED.search(head) or _STATED_BEFORE.search(head)
    return Decimal(match["points"]) if match is not None and match["points"] else None


# --- rates of projects ------------------------------------------------------------------------------------------------


def check_project_rates(rule: Rule, case: Case) -> Iterator[Judgement]:
    """A11 for the projects of a bundle: a judgement for every rate that its amounts do not give."""
    del rule
    rows = [row for row in _executions(case) if row.project and row.rate is not None]
    yield from _told([j for row in rows if (j := _judge_rate(row, case)) is not None], Judgement("pass", "rates.pass"))


def _judge_rate(row: Execution, case: Case) -> Judgement | None:
    printed = _printed_rates(row.rate) if row.rate is not None else []
    if row.rate is None or not printed or row.spent is None or row.budget is None:
        return None
    ratio = _ratio(row, case)
    if ratio is None:
        return Judgement("undecided", "rates.open", {"项": row.project}, suffix=row.project)
    if any(span.meets(ratio) for span in printed):
        return Judgement("pass", "rates.pass")
    share = f"{plain(trimmed(round(ratio.mid * _HUNDRED, _PERCENT)))}%"
    return Judgement(
        "fail",
        "rates.fail",
        {"项": row.project},
        f"{_amounts_in_words(row)} = {share}，预算执行率 {row.rate.raw}",
        (printed[0].mid - ratio.mid) * _HUNDRED,
        max(printed[0].slack, ratio.slack) * _HUNDRED,
        "%",
        present(case.evidence(fact, relation) for fact, relation in ((row.rate, "total"), *row.amounts) if fact),
        suffix=row.project,
    )


# --- cells --------------------------------------------------------------------------------------------------------------


def _executions(case: Case) -> list[Execution]:
    """The report's own row, then the projects'; a report of one project has the same cells twice and is one row."""
    main = case.main.facts
    rows = [_execution("", main)]
    for project in case.report.projects:
        facts: dict[tuple[str, str], Fact] = {}
        for fact in project.facts:
            if fact.origin == "table" and fact.scope is None:
                facts.setdefault((fact.concept, fact.stage), fact)
        rows.append(_execution(project.name, facts))
    seen: set[str | None] = set()
    own: list[Execution] = []
    for row in rows:
        where = next((fact.where for fact, _ in row.cells), None)
        if where is not None and where not in seen:
            seen.add(where)
            own.append(row)
    return own


def _execution(project: str, facts: dict[tuple[str, str], Fact]) -> Execution:
    budget = facts.get(("budget.total", "adjusted")) or facts.get(("budget.total", "initial"))
    found = (facts.get((concept, "final")) for concept in _CONCEPTS)
    rate, spent, weight, score = found
    return Execution(project, rate, spent, budget, weight, score)


_CONCEPTS = ("budget.execution_rate", "budget.total", "scoring.execution_weight", "scoring.execution_score")


def _number(fact: Fact | None) -> Decimal | None:
    return fact.quantity.value if fact is not None and fact.quantity is not None else None


def _printed_rates(fact: Fact) -> list[Span]:
    """A rate as it is printed; one without a sign up to 1 may be a share (0.9974)."""
    span = span_of(fact.quantity) if fact.quantity is not None else None
    if span is None or fact.quantity is None:
        return []
    is_share = not _SIGN.search(fact.raw) and fact.quantity.value <= _ONE
    return [span, Span(span.low * _HUNDRED, span.mid * _HUNDRED, span.high * _HUNDRED)] if is_share else [span]


def _ratio(row: Execution, case: Case) -> Span | None:
    """Spent ÷ budget; None where one is no number, the budget is 0, or their unit is in doubt."""
    known = [fact.quantity for fact, _ in row.amounts if fact is not None and not case.is_doubtful(fact)]
    spans = [span_of(quantity) for quantity in known if quantity is not None]
    spent, budget = spans if len(spans) == len(row.amounts) else (None, None)
    return divide(spent, budget) if spent is not None and budget is not None else None


def _amounts_in_words(row: Execution) -> str:
    return " ÷ ".join(fact.raw for fact, _ in row.amounts if fact is not None)
