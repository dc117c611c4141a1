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

from gouji.extract.prose_levels import SCOPES, TELLING, TOTALS, Levels
from gouji.extract.prose_shapes import find_shapes
from gouji.extract.prose_state import UNKNOWN, Claim, Head, Names, State, Subject
from gouji.extract.prose_tokens import GRADE, Token, sentences, tokenize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gouji.extract.prose_shapes import Found
    from gouji.extract.prose_tokens import Folded, Lexicon
    from gouji.model.quantity import Unit
    from gouji.patterns.concepts import Concept
    from gouji.patterns.prose import ProsePatterns

_GRADE_VALUE = re.compile(
    r"(?:评定|确定|评为|定为|结果|均|为|是|:){0,3}(?P<number>[优良中差合格不秀好较]{1,3})(?=[,;.、。)]|$)"
)
_HEADING = re.compile(r",?J{0,2}L[JlSX]{0,4}\.?")
_FAMILIES = {
    "expenditure.total": ("expenditure.", "three_public.", "meeting.", "training.", "procurement."),
    "income.total": ("income.",),
}
_SAME = Decimal("0.005")


class Reader:
    """Reads the sentences of one paragraph."""

    def __init__(
        self,
        lexicon: Lexicon,
        prose: ProsePatterns,
        concepts: dict[str, Concept],
        units: dict[str, Unit],
        year: int | None,
        unit_name: str | None = None,
    ) -> None:
        self.names = Names(unit_name, prose.endings, prose.selves)
        self.lexicon = lexicon
        self.prose = prose
        self.levels = Levels(prose, concepts, units, year)
        self.year = year
        self.beside = {entry.concept: entry.head for entry in prose.beside}
        self.grades = {word for entry in prose.grades for word in entry.words}
        self.claims: list[Claim] = []
        self.lead: Subject | None = None
        self.topic = ""

    def read(self, folded: Folded) -> list[Claim]:
        """Every claim of a paragraph, in order. A paragraph that is nothing but a heading leads the next."""
        self.claims = []
        year, subject, whole = self.year, self.lead, None
        for start, end in sentences(folded.text):
            tokens = tokenize(folded.text, start, end, self.lexicon)
            state = State(tokens, self.year, self.names)
            state.begin_sentence(_opening_year(tokens, year, self.year))
            state.subject, state.whole = subject, whole
            before = len(self.claims)
            self._read_sentence(state)
            said = self.claims[before:]
            year = self.year if state.year == self.year and not said else state.told_year if said else year
            subject = state.subject if not said and _is_heading(tokens) else None
            self.topic = subject.concept if subject is not None else self.topic
            whole = state.whole if said else None
        self.lead = subject
        return self.claims

    def begin_heading(self) -> None:
        """A numbered heading: what the one before was about is over."""
        self.lead, self.topic = None, ""

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
        if not values:
            return
        for index in inside:
            letter = state.tokens[index].letter
            if letter not in "ANL" and not (letter == "Y" and found.shape.binds == "split_years"):
                state.see(index)
        labels = self._labels(state, found)
        count = len(self.claims)
        if found.shape.binds == "restated":
            self._restate(state, found, values[0])
        elif found.shape.binds == "scoped":
            self._scoped(state, found, labels, values[0])
        elif found.shape.binds == "carry":
            self._carry(state, found, values[0])
        elif found.shape.binds.startswith("split_"):
            self._split_marks(state, found, labels, values)
        else:
            self._pair(state, found, labels, values)
        self._note(state, values[-1], labels, count)

    def _labels(self, state: State, found: Found) -> list[int]:
        """Places of a shape's labels, without those a bracket only explains and 支出 after another label."""
        depth = 0
        labels: list[int] = []
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
            state.clean = state.clean and claim.concept in TOTALS
            state.telling = state.telling and claim.concept in TELLING
            return
        blocked, telling = state.clause.blocked, state.telling
        state.see_number(value, state.tokens[value])
        state.telling = telling and bool(labels) and all(
            concept in TELLING for label in labels for concept in self._concepts_at(state, label)
        )
        people = not labels and not state.clause.other and self.levels.kind_of(state.tokens[value]) == "count"
        state.last = "change" if blocked else "" if people else "other"  # 共有36人，其中在职35人
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
        if len(values) == 1:
            values = values * len(marks)
        if len(marks) != len(values) or len(concepts) != 1:
            return
        for mark, value in zip(marks, values, strict=True):
            state.see(mark)
            self._claim(state, found, labels[0], concepts[0], value, first=min(labels[0], marks[0]))

    def _scoped(self, state: State, found: Found, labels: list[int], value: int) -> None:
        """三公经费财政拨款支出: the second label narrows the first; any other pair of labels names the second."""
        label, narrower = labels[0], labels[-1]
        scope = next((SCOPES[concept] for concept in self._concepts_at(state, narrower) if concept in SCOPES), None)
        for concept in self._concepts_at(state, label if scope else narrower):
            if scope is None:
                self._claim(state, found, narrower, concept, value, first=narrower)
            elif not concept.startswith("income.") and self.levels.is_plain(state, label, concept):
                self._claim_as(state, found, Subject(state.tokens[label], concept, scope), label, value)

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
        if short is not None and subject is not None and self._corrects(state, found, subject):
            self.dropped.add(subject.claim)
        elif short is not None and (subject is None or not self._is_outcome(state, subject, short)):
            for concept in self._concepts_at(state, short):
                self._claim(state, found, short, concept, value, first=short)
        elif subject is not None and self._continues(state, subject, found, letters):
            self._claim_as(state, found, subject, subject.at, value)

    def _restate(self, state: State, found: Found, value: int) -> None:
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
            self._claim_as(state, found, subject, subject.at, value)

    def _corrects(self, state: State, found: Found, subject: Subject) -> bool:
        """安排公务接待费5万元，实际支出4.5万元: the first was no outcome, and nothing says what it was."""
        really = any(state.tokens[i].text.startswith("实际") for i in range(found.start, found.end))
        part = subject.concept not in TOTALS and not subject.concept.startswith("income.")
        return really and part and subject.claimed and subject.stage == "final"

    def _is_outcome(self, state: State, subject: Subject, short: int) -> bool:
        """公务接待费年初预算4万元，实际支出3万元: 支出 tells the outcome of what was budgeted."""
        if (
            not self._means_spending(state.tokens[short])
            or not subject.claimed
            or subject.stage == "final"
            or subject.concept.startswith("income.")
        ):
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

    def _claim(self, state: State, found: Found, label: int, concept: str, value: int, *, first: int) -> None:
        """Claim an amount for a label, where the words before the label allow it."""
        token, scope = state.tokens[label], self.levels.scope_of(state, label)
        concept = self._under_topic(state, token, concept)
        spends = any(self._means_spending(token) for token in state.tokens[label + 1 : value])
        if spends and concept.startswith("income."):
            if concept not in SCOPES or scope is not None:
                return
            concept, scope = "expenditure.total", SCOPES[concept]
        if not concept:
            return
        if not self.levels.is_plain(state, first, concept):
            if token.word is not None and token.word.strict and concept.startswith("staffing."):
                self.unfit.add(concept)  # 教师编制20人: a kind nobody lists
        elif self.levels.fits_gloss(state, label, value, concept):
            self._claim_as(state, found, Subject(token, concept, scope), label, value)

    def _under_topic(self, state: State, token: Token, concept: str) -> str:
        """（二）项目支出。2021年支出400万元: what spending means under a heading; "" where that is left open."""
        family, lead = _FAMILIES.get(concept), state.subject
        generic = token.letter == "l" or (token.word is not None and token.word.strict)
        topic = lead.concept if lead is not None and state.is_announced(lead) else self.topic
        if family is None or not generic or concept == topic or not topic.startswith(family):
            return concept
        return topic if lead is not None and lead.concept == topic and not lead.claimed else ""

    def _means_spending(self, token: Token) -> bool:
        """支出 after another label."""
        return token.letter == "l" and token.word is not None and token.word.concept == "expenditure.total"

    def _claim_as(self, state: State, found: Found, subject: Subject, label: int, value: int) -> None:
        """Claim an amount for a concept, where it is a level of a known year and stage."""
        number = state.tokens[value]
        unit = self.levels.unit_token(state, value, subject.concept)
        stage = self.levels.stage_of(state, subject.concept)
        if unit is None or stage is None or not self.levels.is_level(state, subject.concept, number, unit, stage):
            return
        self.claims.append(
            Claim(
                subject.concept,
                subject.label,
                number,
                unit,
                number.start,
                number.end,
                state.year,
                stage,
                subject.scope,
                found.shape.mark,
            )
        )
        state.subject = Subject(
            subject.label, subject.concept, subject.scope, claimed=True, at=label, stage=stage, year=state.year,
            stage_named=state.clause.stage is not None, year_named=state.clause.year_named, claim=len(self.claims) - 1,
        )  # fmt: skip
        if not state.saved:
            state.told_year = state.year
        if head := self.beside.get(subject.concept):
            self._drop_head(state, head)

    def _claim_none(self, state: State, found: Found) -> None:
        """无因公出国费: absence, at the words that declare it."""
        tokens = state.tokens
        names = [i for i in range(found.start, found.end) if tokens[i].letter in "Lz"]
        for index in range(found.start, found.end):
            if tokens[index].letter in "SY":
                state.see(index)
        if tokens[found.start].letter == "L" and not self._names_plainly(state, found.start):
            return
        spends = any(self._means_spending(token) for token in tokens[names[0] : found.end])
        for index in names:
            for concept in self._concepts_at(state, index):
                if self.levels.may_be_absent(state, concept) and not (spends and concept.startswith("income.")):
                    start, end = tokens[found.start].start, tokens[found.end - 1].end
                    self.claims.append(
                        Claim(
                            concept, tokens[index], None, None, start, end, state.year, "final", None, found.shape.mark
                        )
                    )

    def _names_plainly(self, state: State, label: int) -> bool:
        return all(self.levels.is_plain(state, label, concept) for concept in self._concepts_at(state, label))

    def _claim_grade(self, state: State, index: int) -> None:
        """等次为“优”."""
        token, last = state.tokens[index], state.tokens[-1]
        text = "".join(t.text for t in state.tokens[index + 1 : index + 6])
        match = _GRADE_VALUE.match(text)
        others = state.last == "other" and state.amount is not None and self.levels.kind_of(state.amount) == "score"
        if (
            match is None
            or others
            or match.group("number") not in self.grades
            or not self.levels.is_plain(state, index, GRADE)
        ):
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
        if token.word is None or near is None or near.letter not in "AN" or not self.levels.base_value(near):
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
