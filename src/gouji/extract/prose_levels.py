"""Whether what stands beside a label is a level of the unit, of a known year and stage, in a unit of the label's kind.

    利息收入5万元      no: another meaning before the label       比上年减少5万元    no: a change
    防汛专项50万元（其中人员经费10万元）   no: parts of another thing    上半年支出5万元    no: half a year

Whatever stays in doubt is no level.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from gouji.extract.prose_state import UNKNOWN, State
from gouji.extract.prose_tokens import Token

if TYPE_CHECKING:
    from gouji.model.quantity import Unit
    from gouji.model.report import Stage
    from gouji.patterns.concepts import Concept
    from gouji.patterns.prose import ProsePatterns

_KIND_OF_UNIT = {"money": "money", "people": "count", "count": "count", "percent": "percent", "points": "score"}
_PLAIN = frozenset("JSYERTKFPl,;.():")
_NEUTRAL = frozenset("JSYERTPl、")
_ITEM_ENDS = frozenset("AN)")
_CLAUSE_STARTS = frozenset(",;.()KF")
_BETWEEN_ITEMS = frozenset("、,LWUJSYNlER")
_LOOK_AHEAD = 24
_LOOK_BACK = 400  # tokens before a score that must not speak of one indicator
_TOPS = frozenset({"income.total", "expenditure.total", "expenditure.basic", "three_public.total"})
TOTALS = frozenset({"income.total", "income.year_total", "expenditure.total"})
TELLING = TOTALS | {  # what else a sentence may tell of the unit before it tells what was spent
    "income.grand_total", "expenditure.grand_total", "income.carryover", "income.fiscal", "income.public_budget",
    "balance.current", "balance.cumulative",
}  # fmt: skip
SCOPES = {
    "income.fiscal": "财政拨款",
    "income.public_budget": "一般公共预算",
    "income.gov_fund": "政府性基金预算",
    "income.state_capital": "国有资本经营预算",
}
_KINDS_OF_STAFF_COST = frozenset({"expenditure.wages", "expenditure.family"})  # 工资福利支出（人员支出）5万元
_SPENT = frozenset({"使用", "支付", "列支"})  # 使用上年结转5万元
_EVENTS = frozenset({"退休", "离退休", "聘用", "外聘", "返聘", "临聘"})
SCORE = "performance.score"
_FULL = ("满分", "总分", "标准分", "扣")
_BARE_STAGES = frozenset({"预算", "年初预算"})
_LIMITS = frozenset({"以内", "以下"})
_YEARS_LIKE = range(1900, 2101)


class Levels:
    """The judgements that need the vocabulary. Every method takes the state of the sentence and the place of a token."""

    def __init__(
        self, prose: ProsePatterns, concepts: dict[str, Concept], units: dict[str, Unit], year: int | None
    ) -> None:
        self.concepts = concepts
        self.units = units
        self.year = year
        self.grades = {word for entry in prose.grades for word in entry.words}
        self.stage: Stage = "final"  # of amounts of which nobody says more; 年初预算 in a report of a budget
        self.of_score = False  # under a heading like 自评结论
        self.outside = {(entry.head, entry.concept) for entry in prose.outside}

    def is_level(self, state: State, concept: str, number: Token, unit: Token, stage: Stage) -> bool:
        """Whether the sentence tells a level here: no change, no plan, no part of a year, no part of another thing."""
        clause, kind = state.clause, self.concepts[concept].kind
        if clause.blocked or clause.foreign or state.foreign or state.year == UNKNOWN:
            return False
        later = state.year is not None and self.year is not None and state.year > self.year
        if (kind in ("money", "percent") and state.partial) or (kind == "money" and later and stage == "final"):
            return False
        if unit.match is None or unit.match.groupdict().get("after") in _LIMITS or not self._fits_heads(state, concept):
            return False
        if state.ceiling is None or self.kind_of(state.ceiling) != self.kind_of(unit):
            return True
        return self.base_value(number, unit) > self.base_value(state.ceiling)

    def _fits_heads(self, state: State, concept: str) -> bool:
        """Whether the amounts whose parts are being told may have this part as the unit's own total."""
        if concept in _TOPS and state.loosened and not state.saved:
            state.heads.clear()
        if concept.startswith("income.") and any(head.concept.startswith("expenditure.") for head in state.heads):
            return False  # 支出合计100万元，其中财政拨款80万元: what it was paid from
        return all(head.concept and (head.concept, concept) not in self.outside for head in state.heads)

    def stage_of(self, state: State, concept: str, label: str = "") -> Stage | None:
        """The stage a clause names, or the sentence, or the head; None where an earlier clause's may reach here."""
        if self.concepts[concept].kind != "money":
            return "final"
        if concept.startswith("balance."):
            return state.clause.stage or self.stage
        if (named := state.clause.stage or state.sentence_stage) is not None:
            return named
        if concept == "budget.total" and "预算" in label and self.stage == "final":
            return "initial"  # 预算总额900万元: what was budgeted, unless the clause says 执行
        if state.heads and state.heads[-1].concept and state.heads[-1].claim >= 0:
            return state.heads[-1].stage
        return None if state.pending is not None else self.stage

    def scope_of(self, state: State, label: int) -> str | None:
        """一般公共预算财政拨款 right before a label narrows it."""
        before = state.tokens[label - 1] if label else None
        if before is None or before.letter != "L" or before.word is None:
            return None
        return SCOPES.get(before.word.concept)

    def is_plain(self, state: State, index: int, concept: str) -> bool:
        """Whether nothing before a label gives it another meaning: 利息收入, 辅警编制, 购置固定资产."""
        tokens = state.tokens
        if index and not self._may_precede(state, index - 1, concept):
            return False
        word = tokens[index].word
        if index and tokens[index].text in _EVENTS and tokens[index - 1].letter == "Y":
            return False  # 今年退休2人
        if word is None or not word.strict:
            return True
        if concept == SCORE and not self._is_whole_score(state, index, word.needs):
            return False
        for place in range(index - 1, -1, -1):
            letter = tokens[place].letter
            if letter in _CLAUSE_STARTS or (letter == "、" and place and tokens[place - 1].letter in _ITEM_ENDS):
                break
            if (
                letter not in _NEUTRAL
                and not state.is_ending(tokens[place])
                and not self._may_precede(state, place, concept)
            ):
                return False
        clean = state.clause.telling if word.concept == "expenditure.total" else state.clause.clean
        return word.concept not in TOTALS or (clean and not state.heads)

    def _is_whole_score(self, state: State, index: int, needs: tuple[str, ...]) -> bool:
        """Whether nothing before 自评得分 makes it the points of one indicator: 预算执行率100%，… · 预算编制（20分）…"""
        word = state.tokens[index].word
        if word is None or not word.sole:
            return True
        named = not needs or self.of_score
        if index > _LOOK_BACK:
            return False
        for place in range(index - 1, -1, -1):
            token = state.tokens[place]
            if token.letter == ";":
                break
            other = token.letter == "L" and token.word is not None and token.word.concept not in TELLING | {SCORE}
            if other or (token.letter in "AN" and self._is_of_indicator(state, place)):
                return False
            named = named or token.letter == "G" or token.text in needs
            if needs and not named and token.letter == "X" and token.text not in self.grades:
                return False
        return named

    def _is_of_indicator(self, state: State, place: int) -> bool:
        """95% is what an indicator came to; points right behind its name are its weight; 满分100分 is neither."""
        kind = self.kind_of(state.tokens[place])
        if kind != "score":
            return kind == "percent"
        before = state.tokens[place - 1] if place else None
        return before is not None and (
            before.letter == "(" or (before.letter == "X" and not before.text.startswith(_FULL))
        )

    def _may_precede(self, state: State, place: int, concept: str) -> bool:
        """Whether a token may stand right before a label. 年初预算基本支出 without 安排 may be a title as well as a budget."""
        token = state.tokens[place]
        if token.text in _SPENT and concept.startswith("income."):
            return False
        if token.letter == "S" and token.text in _BARE_STAGES:
            return state.tokens[place + 1].letter == "l"
        if token.letter == "、":
            return place > 0 and state.tokens[place - 1].letter in _ITEM_ENDS
        if token.letter == "I":
            return place > 0 and state.tokens[place - 1].letter == "L"
        if token.letter in "LG" and token.word is not None:
            before = token.word.concept
            narrower = before in SCOPES and not concept.startswith("income.")
            same = before.partition(".")[0] == concept.partition(".")[0] != "staffing"
            return narrower or same or before == concept
        return token.letter in _PLAIN or state.is_ending(token)

    def fits_gloss(self, state: State, label: int, value: int, concept: str) -> bool:
        """项目支出（专项）50万元: a bracket between may not name another concept; nor may a label end one (（人员支出）5万元)."""
        between = state.tokens[label + 1 : value]
        if concept in _KINDS_OF_STAFF_COST:
            return True
        others = [t for t in between if t.letter == "L" and t.word is not None and t.word.concept != concept]
        explained = len(others) > 1 or any(
            token.letter == "K" for token in between
        )  # （含工资福利支出），（人员经费和公用经费）
        return not others or explained or state.tokens[label + 1].letter != "("

    def unit_token(self, state: State, value: int, concept: str) -> Token | None:
        """The amount itself, or the neighbour in its list that prints the unit once for all; None where no unit fits."""
        token, kind = state.tokens[value], self.concepts[concept].kind
        if token.letter == "A":
            return token if self.kind_of(token) == kind else None
        if kind not in ("money", "count") or not _may_lack_unit(token):
            return None
        after = self._next_amount(state, value)
        before = state.amount if state.last == "claim" else None
        near = [t for t in (after, before) if t is not None and self.kind_of(t) == kind]
        if not near and kind == "money":
            near = self._unit_of_sentence(state, token)
        if len({self.unit_of(t) for t in near[:_LOOK_BACK]}) == 1:
            return near[0]
        return token if not near and _is_zero(token) else None

    def _unit_of_sentence(self, state: State, number: Token) -> list[Token]:
        """The unit that a note before states for all ((单位：万元)); for a bare 0 the one that all amounts share."""
        if state.stated_unit is not None and state.stated_unit.end <= number.start:
            return [state.stated_unit]
        if not _is_zero(number):
            return []
        if state.money is None:
            state.money = [t for t in state.tokens if t.letter == "A" and self.kind_of(t) == "money"]
        return state.money

    def _next_amount(self, state: State, value: int) -> Token | None:
        for token in state.tokens[value + 1 : value + _LOOK_AHEAD]:
            if token.letter == "A":
                return token
            if token.letter not in _BETWEEN_ITEMS:
                return None
        return None

    def unit_of(self, token: Token) -> Unit | None:
        name = token.match.group("unit") if token.match is not None and token.letter == "A" else ""
        return self.units.get("万元" if name == "万" else name)

    def kind_of(self, token: Token) -> str:
        unit = self.unit_of(token)
        return _KIND_OF_UNIT.get(unit.kind, "") if unit is not None else ""

    def base_value(self, number: Token, unit: Token | None = None) -> Decimal:
        """The amount in base units, to compare one with another."""
        measure = self.unit_of(unit or number)
        digits = number.match.group("number").replace(",", "") if number.match is not None else ""
        try:
            return Decimal(digits) * (measure.factor if measure is not None else 1)
        except ArithmeticError:
            return Decimal(0)

    def may_be_absent(self, state: State, concept: str) -> bool:
        clause = state.clause
        told = not (clause.blocked or clause.foreign or state.foreign or state.partial or state.year == UNKNOWN)
        return (
            told
            and clause.stage is None
            and self.concepts[concept].kind in ("money", "count")
            and self._fits_heads(state, concept)
        )


def _is_zero(token: Token) -> bool:
    """0 needs no unit."""
    return token.match is not None and token.match.group("number").strip("0.零") == ""


def _may_lack_unit(token: Token) -> bool:
    """A bare number that is no year."""
    digits = token.match.group("number") if token.match is not None else ""
    return not (digits.isdigit() and int(digits) in _YEARS_LIKE)
