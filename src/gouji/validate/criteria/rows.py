"""Every row of the scoring table with its criterion read, its standard indicator and what is known of its ratio.

Indicator ─┬ criterion text → Criterion
           └ label → StandardIndicator → Ratio …, Stated …
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from gouji.model.quantity import Quantity
from gouji.model.report import Indicator
from gouji.patterns.criteria import StandardIndicator
from gouji.text.labels import label_key
from gouji.validate.criteria.kinds import ZERO, Bands, Criterion, Events, Linear, Scores, Unreadable
from gouji.validate.criteria.kinds import Case as WordedCase
from gouji.validate.criteria.parse import Hints, parse_criterion
from gouji.validate.criteria.ratios import Ratio, RatioReadings, evidence_of, read_ratios, truth_of_case, write_operands
from gouji.validate.criteria.stated import Stated, stated_ratios
from gouji.validate.prose.text import any_of, has_any
from gouji.validate.scores import ScoreGroup, is_not_applicable, name_of
from gouji.validate.span import NOTHING

if TYPE_CHECKING:
    from gouji.patterns.criteria import CaseCondition
    from gouji.validate.case import Case
    from gouji.validate.criteria.kinds import Said

_LONG_NAME = 5  # 固定资产利用率 names an indicator, 满意度 may be any
_BRACKET = re.compile(r"[(（].*?[)）]$")
_HEADS = re.compile(r"(?:实有|在职|在岗|在编|超编)[^。;]{0,12}?\d+\s*[人名]")
_ACTUAL = "staffing.actual"
NO_READINGS = RatioReadings(())


class Recomputed(msgspec.Struct, frozen=True, gc=False):
    """The points of one reading of the facts, and the facts."""

    ratio: Ratio
    scores: tuple[Scores, ...]


class ScoredRow(msgspec.Struct, frozen=True, gc=False):
    """One row. `weight` is its own, None where it shares one; `claim` its score, None where it is no number or 不适用.

    `recomputed`: what the criterion gives for each value of the ratio; () where it cannot be said.
    """

    row: Indicator
    name: str
    weight: Decimal | None
    claim: Quantity | None
    criterion: Criterion
    standard: StandardIndicator | None
    readings: RatioReadings = NO_READINGS
    stated: tuple[Stated, ...] = ()
    recomputed: tuple[Recomputed, ...] = ()

    @property
    def standard_recomputed(self) -> tuple[Recomputed, ...]:
        """Without the usages beside the standard one."""
        return tuple(item for item in self.recomputed if not item.ratio.explains)

    @property
    def is_full(self) -> bool:
        """Whether it claims every point."""
        return self.claim is not None and self.weight is not None and self.claim.value == self.weight > 0


def read_scored_rows(case: Case) -> tuple[ScoredRow, ...]:
    """The rows of the main scoring table that count (no bonus, no deduction)."""
    known = {key: standard for standard in case.rules.indicators for key in standard.keys}
    names = frozenset(known)
    return tuple(_read_row(row, group, known, names, case) for group in case.scoring.items for row in group.rows)


def _read_row(
    row: Indicator, group: ScoreGroup, known: dict[str, StandardIndicator], names: frozenset[str], case: Case
) -> ScoredRow:
    standard = find_standard(name_of(row), known)
    weight = group.weight.value if group.weight is not None and len(group.rows) == 1 else None
    hints = Hints(weight, standard.base, standard.words) if standard is not None else Hints(weight)
    criterion = parse_criterion(row.criterion, hints) if row.criterion else Unreadable()
    claim = None if row.score is None or is_not_applicable(row) else row.score
    if standard is None:
        return ScoredRow(row, name_of(row), weight, claim, criterion, None)
    readings, stated = read_ratios(standard, case), stated_ratios(standard, row, case)
    found = ScoredRow(row, name_of(row), weight, claim, criterion, standard, readings, stated)
    recomputed = _without_uncounted(found, _recompute(found, names, case), case)
    return msgspec.structs.replace(found, recomputed=recomputed) if recomputed else found


def find_standard(label: str, known: dict[str, StandardIndicator]) -> StandardIndicator | None:
    """By its key, without the words of a trailing bracket: 满意度（10分）."""
    key = label_key(label)
    return known.get(key) or known.get(label_key(_BRACKET.sub("", key)))


def _without_uncounted(row: ScoredRow, recomputed: tuple[Recomputed, ...], case: Case) -> tuple[Recomputed, ...]:
    """Heads that the report itself says do not all count make no disagreement: 实有18人（含退休返聘3人）."""
    claim = row.claim
    if claim is None or row.standard is None or not recomputed:
        return recomputed
    if any(scores.holds(claim.value, ZERO) for item in recomputed for scores in item.scores):
        return recomputed
    if not _speaks_of_uncounted(row.standard, case):
        return recomputed
    return tuple(item for item in recomputed if item.ratio.certain)


def _speaks_of_uncounted(standard: StandardIndicator, case: Case) -> bool:
    """Whether heads decide the row and the report says that some of them do not count: 实有18人（含退休返聘3人）."""
    if all(ref.concept != _ACTUAL for formula in standard.ratios for ref in formula.refs):
        return False
    words = case.rules.lexicon["uncounted"]
    said = (sentence.text for p in case.passages if has_any(p.text, words) for sentence in p.sentences())
    return any(_HEADS.search(text) is not None and _beside_heads(words).search(text) is not None for text in said)


@lru_cache(maxsize=8)
def _beside_heads(words: tuple[str, ...]) -> re.Pattern[str]:
    """劳务派遣人员3人, 3人为返聘; not 无编外人员."""
    names = any_of(words).pattern
    return re.compile(rf"(?:{names})[^,。;\d]{{0,6}}\d+\s*[人名]|\d+\s*[人名][^,。;\d]{{0,6}}(?:{names})")


def _recompute(row: ScoredRow, known: frozenset[str], case: Case) -> tuple[Recomputed, ...]:
    """What the criterion gives for each value of the ratio; () where it cannot be said."""
    criterion = row.criterion
    if isinstance(criterion, Linear | Bands):
        if row.standard is None or _speaks_of_another(row.row.criterion or "", row.standard.keys, known):
            return ()
        ratios = row.readings.values or tuple(_own_ratio(stated) for stated in row.stated if stated.own)
        found = [Recomputed(ratio, criterion.score(ratio.span)) for ratio in ratios]
        return tuple(item for item in found if item.scores)
    if isinstance(criterion, WordedCase) and row.standard is not None and row.standard.cases:
        return _recompute_case(criterion, row.standard, case)
    return ()


def _own_ratio(stated: Stated) -> Ratio:
    """What the row itself says, where the figures say nothing."""
    return Ratio(
        stated.span, f"本行写明“{stated.text}”", (stated.evidence,), certain=False, note="比率取自本行写明的数"
    )


@lru_cache(maxsize=4096)
def _speaks_of_another(criterion: str, own: frozenset[str], known: frozenset[str]) -> bool:
    """Whether a criterion names another standard indicator and not its own: a text in the wrong row."""
    text = label_key(criterion)
    if any(key in text for key in own):
        return False
    return any(key in text for key in known if len(key) >= _LONG_NAME)


def _recompute_case(criterion: WordedCase, standard: StandardIndicator, case: Case) -> tuple[Recomputed, ...]:
    """The points of each reading of the conditions (结余: 累计 or 当年)."""
    matched = [(said, next((c for c in standard.cases if _says(said, c.says)), None)) for said in criterion.cases]
    known = [(said, condition) for said, condition in matched if condition is not None]
    if len(known) != len(matched):
        return ()
    readings = range(max(len(condition.when) for _, condition in known))
    found = [_first_that_holds(known, reading, case) or _what_is_left(known, reading, case) for reading in readings]
    if any(item is None for item in found) and any(_is_range(item) for item in found):
        return ()
    return tuple({item.ratio.text: item for item in found if item is not None}.values())


def _first_that_holds(known: list[tuple[Said, CaseCondition]], reading: int, case: Case) -> Recomputed | None:
    """The points of the first condition that holds; None where one before it is unknown."""
    for said, condition in known:
        formula = condition.when[min(reading, len(condition.when) - 1)]
        truth, operands = truth_of_case(formula, case)
        if truth is None:
            return None
        if truth:
            evidence = evidence_of(operands, case)
            ratio = Ratio(
                NOTHING, f"{write_operands(operands)}（{said.text}）", evidence, certain=False, note=formula.note
            )
            return Recomputed(ratio, (Scores("exact", said.points, said.points),))
    return None


def _is_range(item: Recomputed | None) -> bool:
    return item is not None and any(scores.low != scores.high for scores in item.scores)


def _what_is_left(known: list[tuple[Said, CaseCondition]], reading: int, case: Case) -> Recomputed | None:
    """The points of the conditions that may hold, where the first does not: 结余 20, 上年结转 blank is not 无结余."""
    judged = [(said, condition.when[min(reading, len(condition.when) - 1)]) for said, condition in known]
    truths = [(said, formula, *truth_of_case(formula, case)) for said, formula in judged]
    open_ones = [said.points for said, _, truth, _ in truths if truth is not False]
    _, formula, first, operands = truths[0]
    if first is not False or not open_ones:
        return None
    text = f"{write_operands(operands)}（非“{known[0][0].text}”）"
    ratio = Ratio(NOTHING, text, evidence_of(operands, case), certain=False, note=formula.note)
    return Recomputed(ratio, (Scores("exact", min(open_ones), max(open_ones)),))


def _says(said: Said, words: tuple[str, ...]) -> bool:
    return any(word in said.text for word in words)


def full_of(criterion: Criterion) -> Decimal | None:
    """The most points a criterion gives; None for one that does not read."""
    match criterion:
        case Linear() | Events():
            return criterion.full
        case Bands():
            return max(band.points for band in criterion.bands)
        case WordedCase():
            return max(case.points for case in criterion.cases)
        case Unreadable():
            return None
        case _:
            return criterion.full


def reading_name(reading: str) -> str:
    """How people call a reading."""
    names = {"floor": "满一个百分点才扣", "ceil": "不足一个按一个扣", "proportional": "按比例扣", "exact": "按所在档次"}
    return names[reading]
