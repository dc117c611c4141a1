"""Grades in sentences: 等次为“优”, 评为“优”等次, 得分93.2分，属“优”. Grades of projects or indicators are none of the unit's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gouji.extract.prose_claims import Claims
from gouji.extract.prose_lexicon import GRADE
from gouji.extract.prose_state import UNKNOWN, Claim
from gouji.extract.prose_tokens import Token

if TYPE_CHECKING:
    from gouji.extract.prose_state import State

_GRADE_VALUE = re.compile(
    r"(?:评定|确定|评为|定为|结果|均|为|是|:){0,3}(?P<number>[优良中差合格不秀好较]{1,3})(?=[,;.、。()]|$)"
)
_CLAUSE_END = re.compile(r"[,;.、。)]|$")
_GRADE_BEFORE = re.compile(
    r"(?:被|均|经)?(?P<verb>评定为|确定为|评为|定为|认定为|达到|达|属于|属|为|获)?(?P<number>[优良中差合格不秀好较]{1,3})"
)


class Grades(Claims):
    """Claims of grades."""

    def claim_grade(self, state: State, index: int) -> None:
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
            label = state.tokens[index]
            mark = label.word.mark if label.word is not None else ""
            self.claims.append(Claim(GRADE, label, number, None, start, before.end, state.year, "final", None, mark))

    def claim_grade_of_score(self, state: State, index: int) -> None:
        """得分93.2分，属“优”: the grade that a score got, right behind it."""
        token, after = state.tokens[index], state.tokens[index + 1 : index + 2]
        match = _GRADE_BEFORE.fullmatch(token.text)
        ends = not after or after[0].letter in ",;.)"
        if match is None or not match.group("verb") or not ends or match.group("number") not in self.grades:
            return
        start = token.start + match.start("number")
        number = Token("A", start, token.end, match.group("number"))
        self.claims.append(Claim(GRADE, token, number, None, start, token.end, state.year, "final", None, ""))
