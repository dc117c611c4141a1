"""What the sentences of a passage have claimed so far, and the one way to claim: a level of a known year and stage.

公务接待费 支出 3万元   →  Claim(three_public.reception, 3万元, 2021, final)
Reader ─ is → Continuations (clauses without a label), Grades ─ are → Claims
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gouji.extract.prose_levels import SCOPES, Levels
from gouji.extract.prose_state import Claim, Subject

if TYPE_CHECKING:
    from gouji.extract.prose_lexicon import Lexicon
    from gouji.extract.prose_shapes import Found
    from gouji.extract.prose_state import State
    from gouji.extract.prose_tokens import Token
    from gouji.model.quantity import Unit
    from gouji.patterns.concepts import Concept
    from gouji.patterns.prose import ProsePatterns

OTHER = "*"  # the topic of a heading like 防汛项目
_FAMILIES = {
    "expenditure.total": ("expenditure.", "three_public.", "meeting.", "training.", "procurement."),
    "income.total": ("income.",),
}


class Claims:
    """The claims of one passage. `topic`, `of_whole`: what the heading above is about; `dropped`, `unfit`: claims taken back."""

    def __init__(
        self,
        lexicon: Lexicon,
        prose: ProsePatterns,
        concepts: dict[str, Concept],
        units: dict[str, Unit],
        year: int | None,
    ) -> None:
        self.lexicon = lexicon
        self.levels = Levels(prose, concepts, units, year)
        self.beside = {entry.concept: entry.head for entry in prose.beside}
        self.grades = {word for entry in prose.grades for word in entry.words}
        self.claims: list[Claim] = []
        self.topic = ""
        self.of_whole = False
        self.dropped: set[int] = set()
        self.unfit: set[str] = set()

    def claim(self, state: State, found: Found, label: int, concept: str, value: int, *, first: int) -> None:
        """Claim an amount for a label, where the words before the label allow it."""
        token, scope = state.tokens[label], self.levels.scope_of(state, label)
        concept = self._under_topic(state, token, concept)
        spends = any(self.means_spending(token) for token in state.tokens[label + 1 : value])
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
            self.claim_as(state, found, Subject(token, concept, scope), label, value)

    def _under_topic(self, state: State, token: Token, concept: str) -> str:
        """（二）项目支出。2021年支出400万元: what spending means under a heading; "" where that is left open."""
        family, lead = _FAMILIES.get(concept), state.subject
        generic = token.letter == "l" or (token.word is not None and token.word.strict)
        topic = lead.concept if lead is not None and state.is_announced(lead) else self.topic
        if family is not None and generic and topic == OTHER:
            return ""
        if family is None or not generic or concept == topic or not topic.startswith(family):
            return concept
        return topic if lead is not None and lead.concept == topic and not lead.claimed else ""

    def claim_as(self, state: State, found: Found, subject: Subject, label: int, value: int) -> None:
        """Claim an amount for a concept, where it is a level of a known year and stage."""
        number = state.tokens[value]
        unit = self.levels.unit_token(state, value, subject.concept)
        stage = self.levels.stage_of(state, subject.concept, subject.label.text)
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
            self.drop_head(state, head)

    def concepts_at(self, state: State, index: int) -> list[str]:
        """The concepts a label names here: its own, or what a short name means inside its head."""
        token = state.tokens[index]
        if token.letter == "W":
            heads = [head.concept for head in reversed(state.heads)] or sorted(state.told)
            parts = ((head, token.text) for head in heads)
            return next(([word.concept] for key in parts if (word := self.lexicon.parts.get(key)) is not None), [])
        word = token.word
        return [concept for concept in (word.concept, word.also) if concept] if word is not None else []

    def means_spending(self, token: Token) -> bool:
        """支出 after another label."""
        return token.letter == "l" and token.word is not None and token.word.concept == "expenditure.total"

    def drop_head(self, state: State, concept: str) -> None:
        self.dropped.update(head.claim for head in state.heads if head.concept == concept)

    def is_sole(self, claim: Claim) -> bool:
        return claim.label.word is not None and claim.label.word.sole
