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

from gouji.extract.prose_levels import SCOPES, SCORE, TELLING, TOTALS, Levels
from gouji.extract.prose_shapes import find_shapes
from gouji.extract.prose_state import UNKNOWN, Claim, Head, Names, State, Subject, stage_named
from gouji.extract.prose_tokens import GRADE, Token, heading_label, may_be_heading, sentences, stated_unit, tokenize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gouji.extract.prose_shapes import Found
    from gouji.extract.prose_tokens import Folded, Lexicon
    from gouji.model.quantity import Unit
    from gouji.patterns.concepts import Concept
    from gouji.patterns.prose import ProsePatterns

_GRADE_VALUE = re.compile(
    r"(?:评定|确定|评为|定为|结果|均|为|是|:){0,3}(?P<number>[优良中差合格不秀好较]{1,3})(?=[,;.、。()]|$)"
)
_CLAUSE_END = re.compile(r"[,;.、。)]|$")
_GRADE_BEFORE = re.compile(
    r"(?:被|均|经)?(?P<verb>评定为|确定为|评为|定为|认定为|达到|达|属于|属|为|获)?(?P<number>[优良中差合格不秀好较]{1,3})"
)
_FAMILIES = {
    "expenditure.total": ("expenditure.", "three_public.", "meeting.", "training.", "procurement."),
    "income.total": ("income.",),
}
_HEADING_CORE = re.compile(r"(?:19|20)[0-9]{2}年度?|^(?:部门|单位|[(]单位[)]|本部门|本单位|年度|我局)+")
_STATING = re.compile("[ANZzG]")
_SUMMED = "three_public.total"
_NATIONAL = ("全年预算", "全年执行")  # of 年度资金总额, which is no 支出合计
_SUMS = frozenset({"合计", "共计", "总计"})
_OF_ITSELF = ("为", "完成")
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
        self.of_whole = False
        self.wholes = frozenset(prose.wholes)
        self.verdicts = frozenset(prose.verdicts)

    def read(self, folded: Folded) -> list[Claim]:
        """Every claim of a paragraph, in order. A paragraph that is nothing but a heading leads the next."""
        text, self.claims = folded.text, []
        year, subject, whole = self.year, self.lead, None
        before: State | None = None  # of the piece before
        last = 0
        note = stated_unit(text)
        self.lead = None
        for start, end, kind in sentences(text):
            if start != last:  # a sentence without numbers stands between
                subject = whole = None
            last = end
            if kind == "heading":
                subject, whole = self._begin_topic(text[start:end]), None
                continue
            about = kind == "piece" or subject is not None or self.of_whole or self.topic == _SUMMED
            if not about and not self.lexicon.names_something(text, start, end):
                whole = None
                continue
            tokens = tokenize(text, start, end, self.lexicon)
            state = State(tokens, self.year, self.names, _opening_year(tokens, year, self.year))
            state.subject, state.whole, state.stated_unit = subject, whole, note
            if before is not None:
                state.go_on_from(before)
            before = state if kind == "piece" and text[end - 1] in ",;" else None
            count = len(self.claims)
            said = self._read_sentence(state, thoroughly=kind == "piece")
            year = self._year_after(state, year, said=said, count=count)
            whole = state.whole if said else None
            subject = self._begin_topic(text[start:end]) if not said and may_be_heading(text, start, end) else None
        self.lead = subject if last == len(text) else None
        return self.claims

    def _year_after(self, state: State, year: int | None, *, said: bool, count: int) -> int | None:
        """The year a sentence leaves: its own where it tells of several, the report's among them."""
        if not said:
            return self.year if state.year == self.year else year
        told = {claim.year for claim in self.claims[count:]}
        return self.year if self.year in told else state.told_year

    def _begin_topic(self, text: str) -> Subject | None:
        """（一）公务接待费。: what the next sentence speaks of, and what spending means up to the next heading."""
        label = heading_label(text, self.lexicon)
        if label is None or label.word is None or not label.word.concept:
            return None
        self.topic = label.word.concept
        return Subject(label, self.topic)

    def begin_heading(self, title: str) -> None:
        """A numbered heading: what the one before was about is over. 部门预算执行情况 is about all that the unit spends."""
        self.lead, self.topic = None, ""
        core = _HEADING_CORE.sub("", title).removesuffix("情况")
        self.of_whole = core in self.wholes
        self.levels.of_score = core in self.verdicts

    def _read_sentence(self, state: State, *, thoroughly: bool) -> bool:
        """Whether a sentence claims anything. Of a piece even what states nothing holds for the pieces after it."""
        letters = "".join(token.letter for token in state.tokens)
        if not thoroughly and not _STATING.search(letters):
            return False
        first = len(self.claims)
        self.dropped: set[int] = set()
        self.unfit: set[str] = set()
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
        return len(self.claims) > first

    def _pass(self, state: State, start: int, end: int) -> None:
        """Tokens no shape uses: they change the state; a grade and 离休3人 are read on the way."""
        for index in range(start, end):
            letter = state.tokens[index].letter
            if letter == "U":
                self._see_beside(state, index)
            elif letter == "G":
                self._claim_grade(state, index)
            elif letter == "X" and state.last == "claim" and self.claims and self.claims[-1].concept == SCORE:
                self._claim_grade_of_score(state, index)
            if letter not in "J.R":
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
        if found.shape.binds == "base":
            self._base(state, found, values[0])
            state.see(values[0])
            return
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
            if not depth and (letter in "LW" or (letter == "l" and not self._names_kind(state, labels, found))):
                labels.append(index)
        return labels[-1:] if labels and state.tokens[labels[0]].letter == "l" else labels

    def _names_kind(self, state: State, labels: list[int], found: Found) -> bool:
        """Whether a label before fits the amount: 部门整体支出 绩效自评 95分 speaks of points."""
        if not labels:
            return False
        first, kind = state.tokens[labels[-1]].word, self.levels.kind_of(state.tokens[found.end - 1])
        same = first is None or not first.concept or not kind or self.levels.concepts[first.concept].kind == kind
        return same or state.tokens[labels[-1]].letter != "l"

    def _note(self, state: State, value: int, labels: Sequence[int], count: int) -> None:
        """What the last number was, for the brackets and clauses that follow."""
        if len(self.claims) > count:
            claim = self.claims[-1]
            state.last = "claim"
            state.told.add(claim.concept)
            state.amount = claim.unit or state.amount
            state.whole = Head(claim.concept, claim.stage, len(self.claims) - 1)
            state.clean = state.clean and claim.concept in TOTALS
            state.telling = state.telling and claim.concept in TELLING
            return
        blocked, telling = state.clause.blocked, state.telling
        state.see_number(value, state.tokens[value])
        state.telling = (
            telling
            and bool(labels)
            and all(concept in TELLING for label in labels for concept in self._concepts_at(state, label))
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
            heads = [head.concept for head in reversed(state.heads)] or sorted(state.told)
            parts = ((head, token.text) for head in heads)
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
        elif subject is None:
            self._carry_whole(state, found, value)

    def _carry_whole(self, state: State, found: Found, value: int) -> None:
        """Under a heading of the whole: 年初预算数100万元，调整后预算数120万元. After its parts: 合计12万元."""
        inside = range(found.start, value)
        stage = next((i for i in inside if state.tokens[i].letter == "S"), None)
        summed = next((i for i in inside if state.tokens[i].text in _SUMS), None)
        if not state.clause.telling or state.heads or state.saved:
            return
        if state.national is None:
            state.national = any(token.text.startswith(_NATIONAL) for token in state.tokens)
        if stage is not None and self.of_whole and not self.topic and not state.national:
            self._claim_as(state, found, Subject(state.tokens[stage], "expenditure.total"), stage, value)
        elif summed is not None and found.start == 0 and self.topic == _SUMMED:
            self._claim_as(state, found, Subject(state.tokens[summed], self.topic), summed, value)

    def _base(self, state: State, found: Found, value: int) -> None:
        """比2020年11.28万元下降12%，为年初预算12万元的82%: what the subject is held against is a level of its own."""
        named = next((i for i in range(found.start, value) if state.tokens[i].letter == "L"), None)
        subject, number = self._compared(state) if named is None else self._named_base(state, named), state.tokens[value]
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
        concepts = self._concepts_at(state, label)
        return Subject(state.tokens[label], concepts[0]) if len(concepts) == 1 else None

    def _compared(self, state: State) -> Subject | None:
        """What a comparison speaks of: after 其中 the whole as well as the part may be meant, unless they are one amount."""
        if not state.heads:
            return state.subject
        head, part = state.heads[0], state.subject
        if len(state.heads) > 1 or head.claim < 0 or part is None or not part.claimed or state.saved:
            return None
        whole, only = self.claims[head.claim], self.claims[part.claim]
        if part.claim != head.claim + 1 or whole.number is None or only.number is None:
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
        behind = state.tokens[found.start - 1] if found.start else None
        beside = opening == "(" and behind is not None and behind.letter in "AN"
        next_to = state.last == "claim" and subject.claim == len(self.claims) - 1 and not state.heads
        named = beside or not subject.claimed or (next_to and behind is self.claims[-1].number)
        stage = state.clause.stage or self.levels.stage
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
        if tokens[found.end - 1].text == "的":  # 无因公出国费用的，仍保留该表
            return
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
                    stage = self.levels.stage if self.levels.concepts[concept].kind == "money" else "final"
                    self.claims.append(
                        Claim(concept, tokens[index], None, None, start, end, state.year, stage, None, found.shape.mark)
                    )

    def _names_plainly(self, state: State, label: int) -> bool:
        return all(self.levels.is_plain(state, label, concept) for concept in self._concepts_at(state, label))

    def _claim_grade(self, state: State, index: int) -> None:
        """等次为“优”."""
        token, last = state.tokens[index], state.tokens[-1]
        text = "".join(t.text for t in state.tokens[index + 1 : index + 6])
        match = _GRADE_VALUE.match(text)
        if match is None and _CLAUSE_END.match(text):
            self._claim_grade_before(state, index)
            return
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

    def _claim_grade_before(self, state: State, index: int) -> None:
        """评为“优”等次，达到“优”等级."""
        before = state.tokens[index - 1] if index else None
        match = _GRADE_BEFORE.fullmatch(before.text) if before is not None and before.letter == "X" else None
        if before is None or match is None or state.clause.blocked or state.year == UNKNOWN:
            return
        if not match.group("verb") and (index < 2 or state.tokens[index - 2].letter != "J"):
            return
        start = before.start + match.start("number")
        number = Token("A", start, before.end, match.group("number"))
        if number.text in self.grades:
            mark = state.tokens[index].word.mark if state.tokens[index].word else ""
            self.claims.append(
                Claim(GRADE, state.tokens[index], number, None, start, before.end, state.year, "final", None, mark)
            )

    def _claim_grade_of_score(self, state: State, index: int) -> None:
        """得分93.2分，属“优”: the grade that a score got, right behind it."""
        token, after = state.tokens[index], state.tokens[index + 1 : index + 2]
        match = _GRADE_BEFORE.fullmatch(token.text)
        ends = not after or after[0].letter in ",;.)"
        if match is None or not match.group("verb") or not ends or match.group("number") not in self.grades:
            return
        start = token.start + match.start("number")
        number = Token("A", start, token.end, match.group("number"))
        self.claims.append(Claim(GRADE, token, number, None, start, token.end, state.year, "final", None, ""))

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
