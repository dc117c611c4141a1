"""Tokens of a sentence → what it claims: which concept has which amount, for which year and stage.

    2020年  三公经费  预算  10万元  ，  决算  9万元  （  其中  公务接待费  4万元
    Y       L         S     A       ,   S     A      (   K     L           A

The shapes of prose.yml say which label stands with which amount; the state of the sentence says whether that is a level
of a named year. Whatever these leave in doubt is not claimed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gouji.extract.prose_carry import SUMMED, Continuations
from gouji.extract.prose_claims import OTHER
from gouji.extract.prose_grades import Grades
from gouji.extract.prose_levels import SCOPES, SCORE, TELLING, TOTALS
from gouji.extract.prose_names import Names
from gouji.extract.prose_shapes import find_shapes
from gouji.extract.prose_state import UNKNOWN, Claim, Head, State, Subject
from gouji.extract.prose_text import HEADING_LENGTH, may_be_heading, sentences
from gouji.extract.prose_tokens import Token, heading_label, stated_unit, tokenize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gouji.extract.prose_lexicon import Lexicon
    from gouji.extract.prose_shapes import Found
    from gouji.extract.prose_text import Folded
    from gouji.model.quantity import Unit
    from gouji.patterns.concepts import Concept
    from gouji.patterns.prose import ProsePatterns

_HEADING_CORE = re.compile(r"(?:19|20)[0-9]{2}年度?|^(?:部门|单位|[(]单位[)]|本部门|本单位|年度|我局)+")
_OWN = re.compile("整体|部门|单位")
_STATING = re.compile("[ANZzG]")


class Reader(Continuations, Grades):
    """Reads passages one after the other; headings lead what follows them."""

    def __init__(
        self,
        lexicon: Lexicon,
        prose: ProsePatterns,
        concepts: dict[str, Concept],
        units: dict[str, Unit],
        year: int | None,
        unit_name: str | None = None,
    ) -> None:
        super().__init__(lexicon, prose, concepts, units, year)
        self.names = Names(unit_name, prose.endings, prose.selves)
        self.prose = prose
        self.year = year
        self.lead: Subject | None = None
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
            about = kind == "piece" or subject is not None or self.of_whole or self.topic == SUMMED
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

    def read_heading(self, text: str) -> None:
        """A paragraph without figures: what the next one speaks of, if it is short and nothing but a label."""
        self.lead = self._begin_topic(text) if len(text) <= HEADING_LENGTH else None

    def _begin_topic(self, text: str) -> Subject | None:
        """（一）公务接待费。: what the next sentence speaks of, and what spending means up to the next heading."""
        label = heading_label(text, self.lexicon)
        if label is None or label.word is None or not label.word.concept:
            return None
        self.topic = label.word.concept
        return Subject(label, self.topic)

    def begin_heading(self, title: str) -> None:
        """A numbered heading: what the one before was about is over. 部门预算执行情况 is about all that the unit spends."""
        other = any(word in title for word in self.prose.others) and not _OWN.search(title)
        self.lead, self.topic = None, OTHER if other else ""
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
            if index not in self.dropped and not (claim.concept in self.unfit and self.is_sole(claim))
        ]
        return len(self.claims) > first

    def _pass(self, state: State, start: int, end: int) -> None:
        """Tokens no shape uses: they change the state; a grade and 离休3人 are read on the way."""
        for index in range(start, end):
            letter = state.tokens[index].letter
            if letter == "U":
                self._see_beside(state, index)
            elif letter == "G":
                self.claim_grade(state, index)
            elif letter == "X" and state.last == "claim" and self.claims and self.claims[-1].concept == SCORE:
                self.claim_grade_of_score(state, index)
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
            self.base(state, found, values[0])
            state.see(values[0])
            return
        labels = self._labels(state, found)
        count = len(self.claims)
        if found.shape.binds == "restated":
            self.restate(state, found, values[0])
        elif found.shape.binds == "scoped":
            self._scoped(state, found, labels, values[0])
        elif found.shape.binds == "carry":
            self.carry(state, found, values[0])
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
            and all(concept in TELLING for label in labels for concept in self.concepts_at(state, label))
        )
        people = not labels and not state.clause.other and self.levels.kind_of(state.tokens[value]) == "count"
        state.last = "change" if blocked else "" if people else "other"  # 共有36人，其中在职35人
        state.subject = None
        state.foreign = state.foreign or (bool(labels) and state.clause.foreign)

    def _pair(self, state: State, found: Found, labels: list[int], values: list[int]) -> None:
        """Each label its amount, all labels one amount, or the names of two concepts their two amounts."""
        wanted = [(label, concept) for label in labels for concept in self.concepts_at(state, label)]
        if found.shape.binds == "each" or len(values) == 1:
            pairs = [(label, concept, values[0]) for label, concept in wanted]
            if found.shape.binds == "each" and len(pairs) < 2:
                return
        elif len(wanted) == len(values):
            pairs = [(label, concept, value) for (label, concept), value in zip(wanted, values, strict=True)]
        else:
            return
        for label, concept, value in pairs:
            self.claim(state, found, label, concept, value, first=labels[0])

    def _split_marks(self, state: State, found: Found, labels: list[int], values: list[int]) -> None:
        """三公经费预算数、决算数分别为…: one label, as many stages (or years) as amounts."""
        letter = "Y" if found.shape.binds == "split_years" else "S"
        marks = [i for i in range(found.start, found.end) if state.tokens[i].letter == letter]
        concepts = self.concepts_at(state, labels[0])
        if len(values) == 1:
            values = values * len(marks)
        if len(marks) != len(values) or len(concepts) != 1:
            return
        for mark, value in zip(marks, values, strict=True):
            state.see(mark)
            self.claim(state, found, labels[0], concepts[0], value, first=min(labels[0], marks[0]))

    def _scoped(self, state: State, found: Found, labels: list[int], value: int) -> None:
        """三公经费财政拨款支出: the second label narrows the first; any other pair of labels names the second."""
        label, narrower = labels[0], labels[-1]
        scope = next((SCOPES[concept] for concept in self.concepts_at(state, narrower) if concept in SCOPES), None)
        for concept in self.concepts_at(state, label if scope else narrower):
            if scope is None and concept == "budget.total" and label != narrower:
                state.clause = state.clause._replace(stage="initial")  # 政府采购预算总额
                self._pair(state, found, [label], [value])
            elif scope is None:
                self.claim(state, found, narrower, concept, value, first=narrower)
            elif not concept.startswith("income.") and self.levels.is_plain(state, label, concept):
                self.claim_as(state, found, Subject(state.tokens[label], concept, scope), label, value)

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
        spends = any(self.means_spending(token) for token in tokens[names[0] : found.end])
        for index in names:
            for concept in self.concepts_at(state, index):
                if self.levels.may_be_absent(state, concept) and not (spends and concept.startswith("income.")):
                    start, end = tokens[found.start].start, tokens[found.end - 1].end
                    stage = self.levels.stage if self.levels.concepts[concept].kind == "money" else "final"
                    self.claims.append(
                        Claim(concept, tokens[index], None, None, start, end, state.year, stage, None, found.shape.mark)
                    )

    def _names_plainly(self, state: State, label: int) -> bool:
        return all(self.levels.is_plain(state, label, concept) for concept in self.concepts_at(state, label))

    def _see_beside(self, state: State, index: int) -> None:
        """离休3人 beside 退休5人: neither is the sum, and a head over both counts people who have left."""
        token = state.tokens[index]
        near = next((t for t in state.tokens[index + 1 : index + 4] if t.letter != "J"), None)
        if token.word is None or near is None or near.letter not in "AN" or not self.levels.base_value(near):
            return
        self.unfit.add(token.word.concept)
        self.drop_head(state, self.beside[token.word.concept])


def _opening_year(tokens: Sequence[Token], before: int | None, own: int | None) -> int | None:
    """After a sentence of another year, 其中 goes on in it; anything else has to name its year."""
    if before == own:
        return own
    return before if tokens and tokens[0].letter == "K" else UNKNOWN
