"""Tokens of a sentence → what it claims: which concept has which amount, for which year and stage.

    2020年  三公经费  预算  10万元  ，  决算  9万元  （  其中  公务接待费  4万元
    Y       L         S     A       ,   S     A      (   K     L           A

The shapes of prose.yml say which label stands with which amount; the state of the sentence says whether that is a level
of a named year. Whatever these leave in doubt is not claimed.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from gouji.extract.prose_shapes import find_shapes
from gouji.extract.prose_state import UNKNOWN, Claim, Head, State, Subject
from gouji.extract.prose_tokens import GRADE, Token, sentences, tokenize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gouji.extract.prose_shapes import Found
    from gouji.extract.prose_tokens import Folded, Lexicon
    from gouji.model.quantity import Unit
    from gouji.model.report import Stage
    from gouji.patterns.concepts import Concept
    from gouji.patterns.prose import ProsePatterns

_KIND_OF_UNIT = {"money": "money", "people": "count", "count": "count", "percent": "percent", "points": "score"}
_PLAIN = frozenset("JSYERTKPl,;.():")
_NEUTRAL = frozenset("JSYERTPl、")
_ITEM_ENDS = frozenset("AN)")
_CLAUSE_STARTS = frozenset(",;.()K")
_BETWEEN_ITEMS = frozenset("、,LWUJSYNlER")
_LOOK_AHEAD = 24
_TOPS = frozenset({"income.total", "expenditure.total", "expenditure.basic", "three_public.total"})
_TOTALS = frozenset({"income.total", "income.year_total", "expenditure.total"})
_SCOPES = {
    "income.fiscal": "财政拨款",
    "income.public_budget": "一般公共预算",
    "income.gov_fund": "政府性基金预算",
    "income.state_capital": "国有资本经营预算",
}
_GRADE_VALUE = re.compile(r"(?:评定|确定|评为|定为|结果|均|为|是|:){0,3}(?P<number>[优良中差合格不秀好较]{1,3})(?=[,;.、。)]|$)")
_HEADING = re.compile(r"(?:\(X\)|X、|,)?L[Jl]{0,3}\.?")
_KINDS_OF_STAFF_COST = frozenset({"expenditure.wages", "expenditure.family"})  # 工资福利支出（人员支出）5万元
_SAME = Decimal("0.005")
_BARE_STAGES = frozenset({"预算", "年初预算"})
_LIMITS = frozenset({"以内", "以下"})
_YEARS_LIKE = range(1900, 2101)


class Reader:
    """Reads the sentences of one paragraph."""

    def __init__(
        self,
        lexicon: Lexicon,
        prose: ProsePatterns,
        concepts: dict[str, Concept],
        units: dict[str, Unit],
        year: int | None,
    ) -> None:
        self.lexicon = lexicon
        self.prose = prose
        self.concepts = concepts
        self.units = units
        self.year = year
        self.outside = {(entry.head, entry.concept) for entry in prose.outside}
        self.beside = {entry.concept: entry.head for entry in prose.beside}
        self.grades = {word for entry in prose.grades for word in entry.words}
        self.claims: list[Claim] = []

    def read(self, folded: Folded) -> list[Claim]:
        """Every claim of a paragraph, in order."""
        self.claims = []
        year, subject, whole = self.year, None, None
        for start, end in sentences(folded.text):
            tokens = tokenize(folded.text, start, end, self.lexicon)
            state = State(tokens, self.year, self.prose.endings)
            state.begin_sentence(_opening_year(tokens, year, self.year))
            state.subject, state.whole = subject, whole
            before = len(self.claims)
            self._read_sentence(state)
            said = self.claims[before:]
            year = state.year if said or state.year == self.year else year
            subject = state.subject if not said and _is_heading(tokens) else None
            whole = state.whole if said else None
        return self.claims

    def _read_sentence(self, state: State) -> None:
        first = len(self.claims)
        self.dropped: set[int] = set()
        self.unfit: set[str] = set()
        letters = "".join(token.letter for token in state.tokens)
        place = 0
        for found in find_shapes(letters, self.prose.shapes):
            self._pass(state, place, found.start)
            self._bind(state, found)
            place = found.end
        self._pass(state, place, len(letters))
        self.claims[first:] = [
            claim
            for index, claim in enumerate(self.claims[first:], start=first)
            if index not in self.dropped and not (claim.concept in self.unfit and self._is_sole(claim))
        ]

    def _pass(self, state: State, start: int, end: int) -> None:
        """Tokens no shape uses: they change the state; a grade and 离休3人 are read on the way."""
        for index in range(start, end):
            token = state.tokens[index]
            if token.letter == "U":
                self._see_beside(state, index)
            elif token.letter == "G":
                self._claim_grade(state, index)
            state.see(index)

    def _bind(self, state: State, found: Found) -> None:
        """Let the labels of a shape claim its amounts."""
        if found.shape.binds == "none":
            self._claim_none(state, found)
            return
        inside = range(found.start, found.end)
        values = [i for i in inside if state.tokens[i].letter in "AN"]
        for index in inside:
            letter = state.tokens[index].letter
            if letter not in "ANL" and not (letter == "Y" and found.shape.binds == "split_years"):
                state.see(index)
        labels = self._labels(state, found)
        count = len(self.claims)
        if found.shape.binds == "restated":
            self._restate(state, found, values[0])
        elif found.shape.binds == "carry":
            self._carry(state, found, values[0])
        elif found.shape.binds.startswith("split_"):
            self._split_marks(state, found, labels, values)
        else:
            self._pair(state, found, labels, values)
        self._note(state, values[-1], labels, count)

    def _labels(self, state: State, found: Found) -> list[int]:
        """Places of a shape's labels, without those a bracket only explains and 支出 after another label."""
        depth, labels = 0, []
        for index in range(found.start, found.end):
            letter = state.tokens[index].letter
            depth += (letter == "(") - (letter == ")")
            if not depth and (letter in "LW" or (letter == "l" and not labels)):
                labels.append(index)
        return labels

    def _note(self, state: State, value: int, labels: Sequence[int], count: int) -> None:
        """What the last number was, for the brackets and clauses that follow."""
        if len(self.claims) > count:
            claim = self.claims[-1]
            state.last = "claim"
            state.amount = claim.unit or state.amount
            state.whole = Head(claim.concept, claim.stage, len(self.claims) - 1)
            state.clean = state.clean and claim.concept in _TOTALS
            return
        blocked = state.clause.blocked
        state.see_number(value, state.tokens[value])
        state.last = "change" if blocked else "other"
        if blocked:
            state.change = self._base_value(state.tokens[value])
        state.subject = None
        state.foreign = state.foreign or (bool(labels) and state.clause.foreign)

    def _pair(self, state: State, found: Found, labels: list[int], values: list[int]) -> None:
        """Each label its amount, all labels one amount, or the names of two concepts their two amounts."""
        wanted = [(label, concept) for label in labels for concept in self._concepts_at(state, label)]
        if found.shape.binds == "each" or len(values) == 1:
            pairs = [(label, concept, values[0]) for label, concept in wanted]
            if found.shape.binds == "each" and len(pairs) < 2:
                return
        elif len(wanted) == len(values):
            pairs = [(label, concept, value) for (label, concept), value in zip(wanted, values, strict=True)]
        else:
            return
        for label, concept, value in pairs:
            self._claim(state, found, label, concept, value, first=labels[0])

    def _split_marks(self, state: State, found: Found, labels: list[int], values: list[int]) -> None:
        """三公经费预算数、决算数分别为…: one label, as many stages (or years) as amounts."""
        letter = "Y" if found.shape.binds == "split_years" else "S"
        marks = [i for i in range(found.start, found.end) if state.tokens[i].letter == letter]
        concepts = self._concepts_at(state, labels[0])
        if len(marks) != len(values) or len(concepts) != 1:
            return
        for mark, value in zip(marks, values, strict=True):
            state.see(mark)
            self._claim(state, found, labels[0], concepts[0], value, first=min(labels[0], marks[0]))

    def _concepts_at(self, state: State, index: int) -> list[str]:
        """The concepts a label names here: its own, or what a short name means inside its head."""
        token = state.tokens[index]
        if token.letter == "W":
            parts = ((head.concept, token.text) for head in reversed(state.heads))
            return next(([word.concept] for key in parts if (word := self.lexicon.parts.get(key)) is not None), [])
        word = token.word
        return [concept for concept in (word.concept, word.also) if concept] if word is not None else []

    def _carry(self, state: State, found: Found, value: int) -> None:
        """A clause without a label: another stage or year of the subject, or what it came to after a change."""
        subject = state.subject
        short = next((i for i in range(found.start, found.end) if state.tokens[i].letter == "l"), None)
        letters = {state.tokens[i].letter for i in range(found.start, found.end)}
        if short is not None and (subject is None or not self._is_outcome(state, subject, short)):
            for concept in self._concepts_at(state, short):
                self._claim(state, found, short, concept, value, first=short)
        elif subject is not None and self._continues(state, subject, found, letters):
            self._claim_as(state, found, subject, subject.at, value)

    def _restate(self, state: State, found: Found, value: int) -> None:
        """3,286,618.20元（约328.66万元）: the same level in another unit."""
        subject, told, again = state.subject, state.amount, state.tokens[value]
        if subject is None or not subject.claimed or told is None or self._kind_of(again) != self._kind_of(told):
            return
        first, second = self._base_value(told), self._base_value(again)
        if self._unit(told) != self._unit(again) and abs(first - second) <= abs(first) * _SAME:
            self._claim_as(state, found, subject, subject.at, value)

    def _is_outcome(self, state: State, subject: Subject, short: int) -> bool:
        """公务接待费年初预算4万元，实际支出3万元: 支出 tells the outcome of what was budgeted."""
        if not self._means_spending(state.tokens[short]) or not subject.claimed or subject.stage == "final" or subject.concept.startswith("income."):
            return False
        state.clause = state.clause._replace(stage=state.clause.stage or "final")
        return True

    def _continues(self, state: State, subject: Subject, found: Found, letters: set[str]) -> bool:
        """Whether a clause says something new of the subject."""
        opening = state.tokens[found.start].letter
        if opening == "T" or not letters & set("SYl"):
            return not subject.claimed and (opening == "T" or state.last == "change")
        beside = opening == "(" and found.start > 0 and state.tokens[found.start - 1].letter in "AN"
        named = beside or not subject.claimed
        stage = state.clause.stage or "final"
        other_stage = stage != subject.stage and (subject.stage_named or named)
        other_year = state.clause.year_named and state.year != subject.year and (subject.year_named or named)
        return not subject.claimed or other_stage or other_year

    def _claim(
        self, state: State, found: Found, label: int, concept: str, value: int, *, first: int
    ) -> None:
        """Claim an amount for a label, where the words before the label allow it."""
        token, scope = state.tokens[label], self._scope(state, label)
        spends = any(self._means_spending(token) for token in state.tokens[label + 1 : value])
        if spends and concept.startswith("income."):
            if concept not in _SCOPES or scope is not None:
                return
            concept, scope = "expenditure.total", _SCOPES[concept]
        if self._is_plain(state, first, concept) and self._fits_gloss(state, label, value, concept):
            self._claim_as(state, found, Subject(token, concept, scope), label, value)

    def _means_spending(self, token: Token) -> bool:
        """支出 after another label."""
        return token.letter == "l" and token.word is not None and token.word.concept == "expenditure.total"

    def _claim_as(self, state: State, found: Found, subject: Subject, label: int, value: int) -> None:
        """Claim an amount for a concept, where it is a level of a known year and stage."""
        number = state.tokens[value]
        unit = self._unit_token(state, value, subject.concept)
        stage = self._stage(state, subject.concept)
        if unit is None or stage is None or not self._is_level(state, subject.concept, number, unit, stage):
            return
        self.claims.append(
            Claim(subject.concept, subject.label, number, unit, number.start, number.end, state.year, stage, subject.scope, found.shape.mark)
        )
        state.subject = Subject(
            subject.label, subject.concept, subject.scope, claimed=True, at=label, stage=stage, year=state.year,
            stage_named=state.clause.stage is not None, year_named=state.clause.year_named,
        )  # fmt: skip
        if head := self.beside.get(subject.concept):
            self._drop_head(state, head)

    def _is_level(self, state: State, concept: str, number: Token, unit: Token, stage: Stage) -> bool:
        """Whether the sentence tells a level here: no change, no plan, no part of a year, no part of another thing."""
        clause, money = state.clause, self.concepts[concept].kind == "money"
        if clause.blocked or clause.foreign or state.foreign or state.year == UNKNOWN:
            return False
        later = state.year is not None and self.year is not None and state.year > self.year
        if money and (state.partial or (later and stage == "final")):
            return False
        if unit.match is None or unit.match.groupdict().get("after") in _LIMITS or not self._fits_heads(state, concept):
            return False
        return state.ceiling is None or self._base_value(number, unit) > state.ceiling

    def _fits_heads(self, state: State, concept: str) -> bool:
        """Whether the amounts whose parts are being told may have this part as the unit's own total."""
        if concept in _TOPS and state.loosened and not state.saved:
            state.heads.clear()
        return all(head.concept and (head.concept, concept) not in self.outside for head in state.heads)

    def _stage(self, state: State, concept: str) -> Stage | None:
        """The stage a clause names, or the sentence, or the head; None where an earlier clause's may reach here."""
        if self.concepts[concept].kind != "money":
            return "final"
        if state.clause.stage is not None:
            return state.clause.stage
        if state.sentence_stage is not None:
            return state.sentence_stage
        if state.heads and state.heads[-1].concept and state.heads[-1].claim >= 0:
            return state.heads[-1].stage
        return None if state.pending is not None else "final"

    def _scope(self, state: State, label: int) -> str | None:
        """一般公共预算财政拨款 right before a label narrows it."""
        before = state.tokens[label - 1] if label else None
        if before is None or before.letter != "L" or before.word is None:
            return None
        return _SCOPES.get(before.word.concept)

    def _is_plain(self, state: State, index: int, concept: str) -> bool:
        """Whether nothing before a label gives it another meaning: 利息收入, 辅警编制, 购置固定资产."""
        tokens = state.tokens
        if index and not self._may_precede(state, index - 1, concept):
            return False
        word = tokens[index].word
        if word is None or not word.strict:
            return True
        for place in range(index - 1, -1, -1):
            letter = tokens[place].letter
            if letter in _CLAUSE_STARTS or (letter == "、" and place and tokens[place - 1].letter in _ITEM_ENDS):
                break
            if letter not in _NEUTRAL and not state.is_ending(tokens[place]) and not self._may_precede(state, place, concept):
                return False
        return word.concept not in _TOTALS or (state.clause.clean and not state.heads)

    def _may_precede(self, state: State, place: int, concept: str) -> bool:
        """Whether a token may stand right before a label. 年初预算基本支出 without 安排 may be a title as well as a budget."""
        token = state.tokens[place]
        if token.letter == "S" and token.text in _BARE_STAGES:
            return state.tokens[place + 1].letter == "l"
        if token.letter == "、":
            return place > 0 and state.tokens[place - 1].letter in _ITEM_ENDS
        if token.letter in "LG" and token.word is not None:
            narrower = token.word.concept in _SCOPES and not concept.startswith("income.")
            return narrower or token.word.concept.split(".")[0] == concept.split(".", maxsplit=1)[0] != "staffing"
        return token.letter in _PLAIN or state.is_ending(token)

    def _fits_gloss(self, state: State, label: int, value: int, concept: str) -> bool:
        """项目支出（专项）50万元: a bracket between may not name another concept; nor may a label end one (（人员支出）5万元)."""
        between = state.tokens[label + 1 : value]
        if concept in _KINDS_OF_STAFF_COST:
            return True
        if any(token.letter == "L" and token.word is not None and token.word.concept != concept for token in between):
            return state.tokens[label + 1].letter != "("
        return True

    def _unit_token(self, state: State, value: int, concept: str) -> Token | None:
        """The amount itself, or the neighbour in its list that prints the unit once for all; None where no unit fits."""
        token, kind = state.tokens[value], self.concepts[concept].kind
        if token.letter == "A":
            return token if self._kind_of(token) == kind else None
        if kind not in ("money", "count") or not _may_lack_unit(token):
            return None
        after = self._next_amount(state, value)
        before = state.amount if state.last == "claim" else None
        near = [t for t in (after, before) if t is not None and self._kind_of(t) == kind]
        return near[0] if len({self._unit(t) for t in near}) == 1 else None

    def _next_amount(self, state: State, value: int) -> Token | None:
        for token in state.tokens[value + 1 : value + _LOOK_AHEAD]:
            if token.letter == "A":
                return token
            if token.letter not in _BETWEEN_ITEMS:
                return None
        return None

    def _unit(self, token: Token) -> Unit | None:
        name = token.match.group("unit") if token.match is not None and token.letter == "A" else ""
        return self.units.get("万元" if name == "万" else name)

    def _kind_of(self, token: Token) -> str:
        unit = self._unit(token)
        return _KIND_OF_UNIT.get(unit.kind, "") if unit is not None else ""

    def _base_value(self, number: Token, unit: Token | None = None) -> Decimal:
        """The amount in base units, to compare one with another."""
        measure = self._unit(unit or number)
        digits = number.match.group("number").replace(",", "") if number.match is not None else ""
        try:
            return Decimal(digits) * (measure.factor if measure is not None else 1)
        except ArithmeticError:
            return Decimal(0)

    def _claim_none(self, state: State, found: Found) -> None:
        """无因公出国费: absence, at the words that declare it."""
        tokens = state.tokens
        names = [i for i in range(found.start, found.end) if tokens[i].letter in "Lz"]
        for index in range(found.start, found.end):
            if tokens[index].letter in "SY":
                state.see(index)
        if tokens[found.start].letter == "L" and not all(self._is_plain(state, i, concept) for i in names[:1] for concept in self._concepts_at(state, i)):
            return
        spends = any(self._means_spending(token) for token in tokens[names[0] : found.end])
        for index in names:
            for concept in self._concepts_at(state, index):
                if self._may_be_absent(state, concept) and not (spends and concept.startswith("income.")):
                    start, end = tokens[found.start].start, tokens[found.end - 1].end
                    self.claims.append(
                        Claim(concept, tokens[index], None, None, start, end, state.year, "final", None, found.shape.mark)
                    )

    def _may_be_absent(self, state: State, concept: str) -> bool:
        clause = state.clause
        told = not (clause.blocked or clause.foreign or state.foreign or state.partial or state.year == UNKNOWN)
        return told and clause.stage is None and self.concepts[concept].kind in ("money", "count") and self._fits_heads(state, concept)

    def _claim_grade(self, state: State, index: int) -> None:
        """等次为“优”."""
        token, last = state.tokens[index], state.tokens[-1]
        text = "".join(t.text for t in state.tokens[index + 1 : index + 6])
        match = _GRADE_VALUE.match(text)
        if match is None or match.group("number") not in self.grades or not self._is_plain(state, index, GRADE):
            return
        start = token.end + match.start("number")
        end = token.end + match.end("number")
        if end <= last.end and state.year != UNKNOWN and not state.clause.blocked:
            number = Token("A", start, end, match.group("number"))
            mark = token.word.mark if token.word is not None else ""
            self.claims.append(Claim(GRADE, token, number, None, start, end, state.year, "final", None, mark))

    def _see_beside(self, state: State, index: int) -> None:
        """离休3人 beside 退休5人: neither is the sum, and a head over both counts people who have left."""
        token = state.tokens[index]
        near = next((t for t in state.tokens[index + 1 : index + 4] if t.letter != "J"), None)
        if token.word is None or near is None or near.letter not in "AN" or not self._base_value(near):
            return
        self.unfit.add(token.word.concept)
        self._drop_head(state, self.beside[token.word.concept])

    def _drop_head(self, state: State, concept: str) -> None:
        self.dropped.update(head.claim for head in state.heads if head.concept == concept)

    def _is_sole(self, claim: Claim) -> bool:
        return claim.label.word is not None and claim.label.word.sole


def _opening_year(tokens: Sequence[Token], before: int | None, own: int | None) -> int | None:
    """After a sentence of another year, 其中 goes on in it; anything else has to name its year."""
    if before == own:
        return own
    return before if tokens and tokens[0].letter == "K" else UNKNOWN


def _is_heading(tokens: Sequence[Token]) -> bool:
    """（一）公务接待费。: nothing but a label."""
    return _HEADING.fullmatch("".join(token.letter for token in tokens)) is not None


def _may_lack_unit(token: Token) -> bool:
    """A bare number that is no year."""
    digits = token.match.group("number") if token.match is not None else ""
    return not (digits.isdigit() and int(digits) in _YEARS_LIKE)
