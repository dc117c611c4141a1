"""Figures that only sentences tell: N7-figure one told twice, N3-sum totals told with their parts.

年末在职45人 …… 全局在职54人                      no cell says which         → told
支出合计880万元，其中基本支出560万元、项目支出330万元  890 by the formula of A2  → told
在职39人，其中在编35人；局机关在职20人；年初在职41人     parts, other moments      → nothing

prose facts ─tell→ Said(fact, its sentence) ─by paragraph→ EntityRow ─formulas of the tables→ Judgements
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from gouji.validate.case import KNOWN_STATES, EntityRow
from gouji.validate.judge import judge_any
from gouji.validate.outcomes import decide, deciding_outcomes
from gouji.validate.prose.telling import Told, judge_told
from gouji.validate.prose.text import any_of, has_any, tells_other_year
from gouji.validate.prose_amounts import agree
from gouji.validate.repair.slips import is_one_digit_off, is_transposition

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from decimal import Decimal

    from gouji.model.report import Fact
    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case
    from gouji.validate.judgement import Judgement
    from gouji.validate.prose.text import Passage

_PLACE = re.compile(r"(?P<line>[^_]+)_(?P<start>\d+)_\d+$")
_STOPS = "。;!?\n"
_FAR = 600  # letters before a figure that may say whose it is: keeps time linear
_FEWEST = 2
_MANY_DIGITS = 6  # with the point: 1162.4
_AHEAD = 16  # letters behind a figure that may say of what else it is
_RESERVED = re.compile(r"^[\u4e00-\u9fff]?\s*[(,]\s*(?:含|其中|包括|比|较|新增|不含)")
_SPENT = "expenditure."
_PAID = re.compile(r"(?:一般公共预算|财政拨款|政府性?基金|基金预算)[^,。;\d]{0,10}支出")
_PARTS_BEGIN = ("其中", "包括", "分别")


class Said(NamedTuple):
    """A figure of the year, the paragraph that tells it, and the sentence up to it."""

    fact: Fact
    passage: Passage
    sentence: int
    before: str
    after: str


def figures_said(concepts: Iterable[str], case: Case) -> list[Said]:
    """The unit's own figures of the year in the narrative, of some concepts."""
    facts = [fact for name in concepts for fact in case.by_concept.get(name, ()) if _is_own(fact, case)]
    if len(facts) < _FEWEST:
        return []
    lines = {
        piece.where: (passage, piece) for passage in case.passages if passage.kind == "line" for piece in passage.pieces
    }
    found: list[Said] = []
    for fact in facts:
        match = _PLACE.match(fact.where or "")
        if match is None or match["line"] not in lines:
            continue
        passage, piece = lines[match["line"]]
        end = piece.start + int(match["start"]) - piece.offset
        start = max(0, end - _FAR, *(passage.text.rfind(stop, max(0, end - _FAR), end) + 1 for stop in _STOPS))
        after = end + len(fact.raw)
        found.append(Said(fact, passage, start, passage.text[start:end], passage.text[after : after + _AHEAD]))
    return found


def _is_own(fact: Fact, case: Case) -> bool:
    of_year = fact.period in (None, case.report.fiscal_year) and fact.stage == "final" and fact.scope is None
    return fact.origin == "prose" and fact.main and of_year and fact.state in KNOWN_STATES


# --- N7-figure ----------------------------------------------------------------------------------------------------------


def check_told_twice(rule: Rule, case: Case) -> Iterator[Judgement]:
    """One judgement a report, of the concepts that the rule's options name and no table tells."""
    several = [concept for concept, facts in case.prose.items() if len(facts) >= _FEWEST]
    known = {*rule.options["concepts"], *rule.options["slips"]}
    named = [concept for concept in several if case.name_of(concept) in known]
    concepts = [concept for concept in named if not _has_cell(concept, case)]
    if not concepts:
        yield from judge_told((), compared=False)
        return
    said = [
        item for item in figures_said(concepts, case) if item.fact.quantity is not None and _is_whole(item, rule, case)
    ]
    groups = [[item for item in said if item.fact.concept == name] for name in concepts]
    found = [told for group in groups if (told := _told_twice(group, rule, case)) is not None]
    yield from judge_told(found, compared=any(len(group) >= _FEWEST for group in groups))


def _has_cell(concept: str, case: Case) -> bool:
    return any(fact.origin == "table" and fact.quantity is not None for fact in case.by_concept.get(concept, ()))


def _is_whole(said: Said, rule: Rule, case: Case) -> bool:
    """Whether the words before a figure leave it the unit's, the year's and no part of another."""
    words = case.rules.lexicon
    own = any_of((case.report.unit_name or "\n", *rule.options["own"])).sub("", said.before)
    name = case.name_of(said.fact.concept)
    if name in rule.options["slips"]:  # 支出900万元，其中基本支出600万元 is the whole of its kind
        own = any_of((name, *_PARTS_BEGIN)).sub("", own)
    odd = (*words["narrower"], *words["partial"], *words["plans"], *words["paid_by"], *_PARTS_BEGIN)
    if _RESERVED.search(said.after) is not None:
        return False
    return not has_any(own, (*odd, *rule.options["others"])) and not tells_other_year(said.before, case)


def _told_twice(group: list[Said], rule: Rule, case: Case) -> Told | None:
    """The first two in different sentences that cannot be one number, and are no parts of one.

    Of the concepts that the rule calls `slips` many amounts are told: only what looks like a slip of the other is odd.
    """
    if not group:
        return None
    first = group[0]
    apart = [item for item in group[1:] if _differ(first, item, case)]
    if case.name_of(first.fact.concept) in rule.options["slips"]:
        apart = [item for item in apart if _is_slip(first.fact.raw, item.fact.raw)]
    if not apart or _add_up([first, *apart]):
        return None
    said = "与".join(f"“{_shown(item)}”" for item in (first, apart[0]))
    text = f"{case.name_of(first.fact.concept)}，{said}"
    return Told(text, tuple(case.evidence(item.fact, "copy") for item in (first, *apart)))


def _differ(first: Said, other: Said, case: Case) -> bool:
    left, right = first.fact.quantity, other.fact.quantity
    if left is None or right is None or (first.passage is other.passage and first.sentence == other.sentence):
        return False
    return not agree(left, right, case)


def _is_slip(left: str, right: str) -> bool:
    """Whether one print turns into the other by two digits that changed places, or by one wrong digit of many."""
    return is_transposition(left, right) or (len(left) == len(right) >= _MANY_DIGITS and is_one_digit_off(left, right))


def _add_up(group: list[Said]) -> bool:
    """Whether the greatest is what the others make together."""
    amounts = sorted(q.base_value for item in group if (q := item.fact.quantity) is not None)
    return len(amounts) > _FEWEST and sum(amounts[:-1]) == amounts[-1]


def _shown(said: Said) -> str:
    clause = re.split(r"[,;:。]", said.before)[-1]
    unit = said.fact.unit or ""
    return f"{clause.strip()}{said.fact.raw.removesuffix(unit)}{unit}"


# --- N3-sum -------------------------------------------------------------------------------------------------------------


def check_told_sums(rule: Rule, case: Case) -> Iterator[Judgement]:
    """One judgement a report: the formulas that the rule's options name, in every paragraph that tells all their figures."""
    formulas = [other for other in case.rules.rules if other.id in rule.options["rules"]]
    said = [item for item in figures_said(_alone(formulas, case), case) if not _is_of_one_source(item, case)]
    rows = _rows(said, case)
    amounts = _amounts(case) if rows else {}
    found: list[Told] = []
    compared = False
    for passage, row in rows:
        for formula in formulas:
            judgement = judge_any(formula, formula.readings, row, case)
            compared = compared or judgement.verdict in ("pass", "fail")
            if judgement.verdict == "fail" and not _is_explained(formula, row, amounts[id(passage)], case):
                found.append(Told(f"{formula.name}：{judgement.expression}", judgement.evidence))
    yield from judge_told(found, compared=compared)


def _alone(formulas: list[Rule], case: Case) -> list[str]:
    """What the formulas name and sentences alone tell; none where it is too little for any of them."""
    said = {fact.concept for fact in case.report.facts if fact.origin == "prose"}
    told = {concept for concept in said if not _has_cell(concept, case)}
    if len(told) < _FEWEST:
        return []
    names = ({ref.concept for reading in formula.readings for ref in reading.refs} for formula in formulas)
    wanted = [group & told for group in names]
    return sorted(set().union(*(group for group in wanted if len(group) >= _FEWEST)))


def _amounts(case: Case) -> dict[int, set[Decimal]]:
    """Every amount of money of each passage."""
    found: dict[int, set[Decimal]] = {id(passage): set() for passage in case.passages}
    for numbered in case.numbered:
        found[id(numbered.sentence.passage)] |= {f.value for f in numbered.figures if f.kind == "money"}
    return found


def _is_explained(formula: Rule, row: EntityRow, amounts: set[Decimal], case: Case) -> bool:
    """Whether another amount of the paragraph is what the parts make, or what they lack: 总计900，本年支出880，其中…"""
    outcome = decide(deciding_outcomes(formula, formula.readings, row, case))
    own = {o.quantity.base_value for o in outcome.operands.values() if o.quantity is not None}
    others = amounts - own
    for detail in outcome.evaluation.details:
        left, right = detail.left.mid, detail.right.mid
        if detail.truth is False and others & {left, right, abs(left - right)}:
            return True
    return False


def _rows(said: list[Said], case: Case) -> tuple[tuple[Passage, EntityRow], ...]:
    """The paragraphs, each as the row of a table: a figure told twice in one with different numbers is left out.

    The case keeps them, for it remembers what came of a row by the row itself.
    """
    paragraphs: dict[int, list[Said]] = {}
    for item in said:
        paragraphs.setdefault(id(item.passage), []).append(item)
    several = [group for group in paragraphs.values() if len(group) >= _FEWEST]
    rows = tuple((group[0].passage, _row([item.fact for item in group], case)) for group in several)
    case.told_rows.extend(row for _, row in rows)
    return rows


def _row(facts: Iterable[Fact], case: Case) -> EntityRow:
    found: dict[tuple[str, str], Fact] = {}
    odd: set[tuple[str, str]] = set()
    for fact in facts:
        key = (fact.concept, fact.stage)
        known = found.setdefault(key, fact)
        if known is not fact and (known.quantity != fact.quantity):
            odd.add(key)
    return EntityRow(
        case.report.unit_name, main=True, facts={k: f for k, f in found.items() if k not in odd}, copies={}
    )


def _is_of_one_source(said: Said, case: Case) -> bool:
    """Whether the paragraph tells before it of what one source paid: 一般公共预算支出800万元，其中基本支出500万元."""
    words = case.rules.lexicon
    before = said.passage.text[max(0, said.sentence - _FAR) : said.sentence] + said.before
    if tells_other_year(said.before, case) or has_any(said.before, (*words["narrower"], *words["plans"])):
        return True
    return said.fact.concept.startswith(_SPENT) and _PAID.search(before) is not None
