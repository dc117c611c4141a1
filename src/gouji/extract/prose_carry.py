"""Clauses without a label: they go on about the subject, tell it for another year or stage, or hold it against another amount.

三公经费 预算10万元，决算9万元，比上年 11万元 减少18%
              carried     carried      held against: a level of last year
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from gouji.extract.prose_claims import Claims
from gouji.extract.prose_levels import TOTALS
from gouji.extract.prose_state import UNKNOWN, Claim, Subject, stage_named

if TYPE_CHECKING:
    from gouji.extract.prose_shapes import Found
    from gouji.extract.prose_state import State
    from gouji.extract.prose_tokens import Token

SUMMED = "three_public.total"
_NATIONAL = ("全年预算", "全年执行")  # the words of the national form for its 年度资金总额
_SUMS = frozenset({"合计", "共计", "总计", "共", "总数"})
_OF_ITSELF = ("为", "完成")
_SAME = Decimal("0.005")


class Continuations(Claims):
    """Claims of clauses that name no figure themselves."""

    def carry(self, state: State, found: Found, value: int) -> None:
        """A clause without a label: another stage or year of the subject, or what it came to after a change."""
        subject = state.subject
        short = next((i for i in range(found.start, found.end) if state.tokens[i].letter == "l"), None)
        letters = {state.tokens[i].letter for i in range(found.start, found.end)}
        if short is not None and subject is not None and self._corrects(state, found, subject):
            self.dropped.add(subject.claim)
        elif short is not None and (subject is None or not self._is_outcome(state, subject, short)):
            for concept in self.concepts_at(state, short):
                self.claim(state, found, short, concept, value, first=short)
        elif subject is not None and (total := self._total_of_kinds(state, found, subject, value)) is not None:
            self.claim_as(state, found, total, subject.at, value)
        elif subject is not None and self._continues(state, subject, found, letters):
            self.claim_as(state, found, subject, subject.at, value)
        elif subject is None:
            self._carry_whole(state, found, value)

    def _total_of_kinds(self, state: State, found: Found, subject: Subject, value: int) -> Subject | None:
        """行政编制18名、事业编制27名，合计45名: what the kinds told before come to is the whole; None where it is not."""
        summed = next((i for i in range(found.start, value) if state.tokens[i].text in _SUMS), None)
        if summed is None or state.saved or state.clause.foreign or subject.label.word is None:
            return None
        numbers = [claim.number for claim in self.claims if claim.concept == subject.concept and self.is_sole(claim)]
        parts = [self.levels.base_value(number) for number in numbers if number is not None]
        is_total = len(parts) > 1 and sum(parts) == self.levels.base_value(state.tokens[value])
        return Subject(state.tokens[summed], subject.concept, subject.scope) if is_total else None

    def _carry_whole(self, state: State, found: Found, value: int) -> None:
        """Under a heading of the whole: 年初预算数100万元，调整后预算数120万元. After its parts: 合计12万元."""
        inside = range(found.start, value)
        stage = next((i for i in inside if state.tokens[i].letter == "S"), None)
        summed = next((i for i in inside if state.tokens[i].text in _SUMS), None)
        if not state.clause.telling or state.heads or state.saved:
            return
        if state.national is None:
            state.national = any(token.text.startswith(_NATIONAL) for token in state.tokens)
        if stage is not None and self.of_whole and not self.topic:
            concept = "budget.total" if state.national else "expenditure.total"
            self.claim_as(state, found, Subject(state.tokens[stage], concept), stage, value)
        elif summed is not None and found.start == 0 and self.topic == SUMMED:
            self.claim_as(state, found, Subject(state.tokens[summed], self.topic), summed, value)

    def _continues(self, state: State, subject: Subject, found: Found, letters: set[str]) -> bool:
        """Whether a clause says something new of the subject."""
        opening = state.tokens[found.start].letter
        if opening == "T" or not letters & set("SYl"):
            return not subject.claimed and (opening == "T" or state.last == "change")
        behind = state.tokens[found.start - 1] if found.start else None
        beside = opening == "(" and behind is not None and behind.letter in "AN"
        next_to = (
            state.last == "claim" and subject.claim == len(self.claims) - 1 and (not state.heads or state.loosened)
        )
        named = beside or not subject.claimed or (next_to and behind is self.claims[-1].number)
        stage = state.clause.stage or self.levels.stage
        other_stage = stage != subject.stage and (subject.stage_named or named)
        other_year = state.clause.year_named and state.year != subject.year and (subject.year_named or named)
        return not subject.claimed or other_stage or other_year

    def _corrects(self, state: State, found: Found, subject: Subject) -> bool:
        """安排公务接待费5万元，实际支出4.5万元: the first was no outcome, and nothing says what it was."""
        really = any(state.tokens[i].text.startswith("实际") for i in range(found.start, found.end))
        part = subject.concept not in TOTALS and not subject.concept.startswith("income.")
        return really and part and subject.claimed and subject.stage == "final"

    def _is_outcome(self, state: State, subject: Subject, short: int) -> bool:
        """公务接待费年初预算4万元，实际支出3万元: 支出 tells the outcome of what was budgeted."""
        if (
            not self.means_spending(state.tokens[short])
            or not subject.claimed
            or subject.stage == "final"
            or subject.concept.startswith("income.")
        ):
            return False
        state.clause = state.clause._replace(stage=state.clause.stage or "final")
        return True

    def restate(self, state: State, found: Found, value: int) -> None:
        """3,286,618.20元（约328.66万元）: the same level in another unit."""
        subject, told, again = state.subject, state.amount, state.tokens[value]
        if (
            subject is None
            or not subject.claimed
            or told is None
            or self.levels.kind_of(again) != self.levels.kind_of(told)
        ):
            return
        first, second = self.levels.base_value(told), self.levels.base_value(again)
        if self.levels.unit_of(told) != self.levels.unit_of(again) and abs(first - second) <= abs(first) * _SAME:
            self.claim_as(state, found, subject, subject.at, value)

    def base(self, state: State, found: Found, value: int) -> None:
        """比2020年11.28万元下降12%，为年初预算12万元的82%: what the subject is held against is a level of its own."""
        named = next((i for i in range(found.start, value) if state.tokens[i].letter == "L"), None)
        subject, number = (
            self._compared(state) if named is None else self._named_base(state, named),
            state.tokens[value],
        )
        if subject is None or not self._may_be_base(state, subject, found, number):
            return
        year = subject.year if subject.claimed else state.clause.year
        stage = subject.stage
        for token in state.tokens[found.start : value]:
            year = year if (told := state.year_of(token)) is None else told
            stage = stage_named(token.word.stage) if token.word is not None and token.word.stage else stage
        if year != UNKNOWN and (not subject.claimed or (year, stage) != (subject.year, subject.stage)):
            self.claims.append(
                Claim(
                    subject.concept, subject.label, number, number, number.start, number.end, year, stage, subject.scope,
                    found.shape.mark,
                )
            )  # fmt: skip

    def _named_base(self, state: State, label: int) -> Subject | None:
        """与2019年支出合计388万元相比."""
        concepts = self.concepts_at(state, label)
        return Subject(state.tokens[label], concepts[0]) if len(concepts) == 1 else None

    def _compared(self, state: State) -> Subject | None:
        """What a comparison speaks of: after 其中 the whole as well as the part may be meant, unless they are one amount."""
        if not state.heads or (state.loosened and not state.saved):  # semicolons part one item from the next
            return state.subject
        head, part = state.heads[0], state.subject
        if len(state.heads) > 1 or head.claim < 0 or part is None or not part.claimed or state.saved:
            return None
        whole, only = self.claims[head.claim], self.claims[part.claim]
        if part.claim != head.claim + 1 or whole.concept != head.concept or whole.number is None or only.number is None:
            return None
        if self.levels.base_value(whole.number, whole.unit) != self.levels.base_value(only.number, only.unit):
            return None
        return Subject(
            whole.label, whole.concept, whole.scope, claimed=True, stage=whole.stage, year=whole.year, claim=head.claim
        )

    def _may_be_base(self, state: State, subject: Subject, found: Found, number: Token) -> bool:
        first = state.tokens[found.start]
        own = first.letter == "B" or first.text.startswith(_OF_ITSELF)
        inside = any(state.tokens[i] is subject.label for i in range(found.start, found.end))
        direct = subject.claimed or inside or subject.at == found.start - 1
        kind = self.levels.concepts[subject.concept].kind
        apart = state.foreign or state.clause.foreign or state.partial or state.group_blocked
        return own and direct and not apart and kind == "money" == self.levels.kind_of(number)
