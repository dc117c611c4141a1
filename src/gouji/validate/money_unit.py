"""X5-unit: a header 万元 over figures that are 10⁴ too large (or 元 over figures 10⁴ too small). Two witnesses convict.

    万元 | 8710500 | 6030300 | 2680200      prose: 支出合计 871.05万元     → one finding; sums inside the block still close

Witnesses   text    an amount in a sentence, with a unit of its own, is the cell's divided by 10⁴; where cell and sentence
                    print the same digits either unit may be wrong, so it needs `person` beside it
            person  personnel expenditure per head is impossible as printed and sensible after the conversion
            block   the figures are whole and large while other blocks of the form are not
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from gouji.validate.case import present
from gouji.validate.expression import plain, trimmed
from gouji.validate.judgement import NOT_APPLICABLE, Judgement
from gouji.validate.span import span_of

if TYPE_CHECKING:
    from gouji.model.finding import Evidence
    from gouji.model.report import Fact
    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case

_TEN_THOUSAND = Decimal(10000)
_BLOCKS: dict[str, tuple[str, ...]] = {
    "income": ("income.",),
    "expenditure": ("expenditure.", "balance."),
    "three_public": ("three_public.", "meeting.", "training."),
    "assets": ("assets.",),
}
_NEEDED = 2  # witnesses
_PER_HEAD = (Decimal(2_000), Decimal(2_000_000))
_IMPOSSIBLE = (Decimal(200), Decimal(10_000_000))


class Block(NamedTuple):
    """The money cells of one block of the form."""

    name: str
    facts: tuple[Fact, ...]

    @property
    def cells(self) -> frozenset[str]:
        """Evidence ids."""
        return frozenset(fact.where for fact in self.facts if fact.where is not None)


class Doubt(NamedTuple):
    """What speaks against a block's unit: the factor it is off by, the words and cells of the witnesses."""

    block: Block
    factor: Decimal
    witnesses: dict[str, str]
    facts: tuple[Fact, ...]


def find_doubts(case: Case) -> list[Doubt]:
    """Blocks that two witnesses convict, and blocks of the same unit and size beside them."""
    blocks = [block for name, heads in _BLOCKS.items() if (block := _block(name, heads, case)).facts]
    examined = [_examine(block, blocks, case) for block in blocks]
    convicted = [doubt for doubt in examined if doubt is not None and len(doubt.witnesses) >= _NEEDED]
    if not convicted:
        return []
    known = {doubt.block.name for doubt in convicted}
    beside = [
        doubt for block in blocks if block.name not in known and (doubt := _accomplice(block, convicted[0])) is not None
    ]
    return [*convicted, *beside]


def _block(name: str, heads: tuple[str, ...], case: Case) -> Block:
    facts = [
        fact
        for row in case.rows
        for fact in row.facts.values()
        if fact.concept.startswith(heads) and fact.quantity is not None and fact.state == "value" and _is_money(fact)
    ]
    return Block(name, tuple(facts))


def _is_money(fact: Fact) -> bool:
    unit = fact.quantity.unit if fact.quantity is not None else None
    return unit is not None and unit.kind == "money" and fact.unit_where != fact.where


def _examine(block: Block, blocks: list[Block], case: Case) -> Doubt | None:
    for factor in (_TEN_THOUSAND, 1 / _TEN_THOUSAND):
        text, facts = _text_witness(block, factor, case)
        person = _person_witness(block, factor, case)
        if person or (text and _prints_other_digits(facts)):
            said = {"text": text, "person": person, "block": _block_witness(block, blocks, factor)}
            return Doubt(
                block, factor, {kind: words for kind, words in said.items() if words}, facts or block.facts[:1]
            )
    return None


def _prints_other_digits(facts: tuple[Fact, ...]) -> bool:
    """Whether some sentence converted the amount instead of repeating the cell's digits under another unit."""
    cells = {_value(fact) for fact in facts if fact.origin == "table"}
    return any(_value(fact) not in cells for fact in facts if fact.origin == "prose")


def _text_witness(block: Block, factor: Decimal, case: Case) -> tuple[str, tuple[Fact, ...]]:
    """Sentences that state cells of the block at another scale; none may state one at the printed scale."""
    found: list[Fact] = []
    for cell in block.facts:
        for prose in case.prose.get(cell.concept, ()) if cell.main else ():
            if prose.state != "value":
                continue
            if _agrees(cell, prose, Decimal(1)):
                return "", ()
            if _agrees(cell, prose, factor):
                found += [cell, prose]
    facts = tuple(dict.fromkeys(found))
    said = next((fact for fact in facts if fact.origin == "prose"), None)
    if said is None or said.quantity is None:
        return "", ()
    unit = said.quantity.unit.name if said.quantity.unit is not None else ""
    return f"正文写明{case.name_of(said.concept)}为 {plain(said.quantity.value)}{unit}", facts


def _agrees(cell: Fact, prose: Fact, factor: Decimal) -> bool:
    """Whether cell = prose × factor, by their accuracy."""
    if cell.quantity is None or prose.quantity is None:
        return False
    left, right = span_of(cell.quantity), span_of(prose.quantity)
    return (
        left is not None and right is not None and left.low <= right.high * factor and right.low * factor <= left.high
    )


def _person_witness(block: Block, factor: Decimal, case: Case) -> str:
    """Personnel expenditure a head, impossible as printed and sensible after the conversion."""
    if block.name != "expenditure":
        return ""
    staff = case.main.fact("staffing.actual") or case.main.fact("staffing.authorized")
    heads = staff.quantity.value if staff is not None and staff.quantity is not None else Decimal(0)
    spent = case.main.fact("expenditure.personnel")
    if heads <= 0 or spent is None or spent.quantity is None or spent.quantity.value <= 0:
        return ""
    each = spent.quantity.base_value / heads
    impossible = each >= _IMPOSSIBLE[1] if factor > 1 else each <= _IMPOSSIBLE[0]
    sensible = _PER_HEAD[0] <= each / factor <= _PER_HEAD[1]
    if not (impossible and sensible):
        return ""
    return f"按所标单位折算，人均人员支出约 {plain(trimmed(round(each / _TEN_THOUSAND, 2)))} 万元"


def _block_witness(block: Block, blocks: list[Block], factor: Decimal) -> str:
    """Whole large figures beside blocks of small ones under the same unit; the reverse for figures too small."""
    others = [
        fact for other in blocks if other is not block for fact in other.facts if _unit(fact) == _unit(block.facts[0])
    ]
    if factor > 1:
        odd = all(_is_whole_and_large(fact) for fact in block.facts)
        return (
            "本表数字均为很大的整数，而其他表不是"
            if odd and any(not _is_whole_and_large(fact) for fact in others)
            else ""
        )
    if any(_unit(fact) != "元" for fact in block.facts):
        return ""  # small figures with decimals are what 万元 looks like
    odd = all(_value(fact) < _TEN_THOUSAND for fact in block.facts) and any(_value(fact) % 1 for fact in block.facts)
    return "本表数字很小且带小数，与所标单位“元”不相称" if odd else ""


def _unit(fact: Fact) -> str:
    return fact.quantity.unit.name if fact.quantity is not None and fact.quantity.unit is not None else ""


def _value(fact: Fact) -> Decimal:
    return abs(fact.quantity.value) if fact.quantity is not None else Decimal(0)


def _is_whole_and_large(fact: Fact) -> bool:
    return _value(fact) % 1 == 0 and _value(fact) >= _TEN_THOUSAND


def _accomplice(block: Block, convicted: Doubt) -> Doubt | None:
    """A block of the same unit whose largest figure is of the convicted block's size."""
    largest, reference = max(map(_value, block.facts)), max(map(_value, convicted.block.facts))
    near = reference / 10 <= largest <= reference * 10
    return (
        Doubt(block, convicted.factor, {}, block.facts[:1])
        if near and _unit(block.facts[0]) == _unit(convicted.block.facts[0])
        else None
    )


def check_unit_of_money(rule: Rule, case: Case) -> Iterator[Judgement]:
    """One judgement for the whole report."""
    del rule
    doubts = case.doubts
    if not doubts:
        has_money = any(_is_money(fact) for row in case.rows for fact in row.facts.values())
        yield Judgement("pass", "pass", {"式": "各表金额单位"}) if has_money else NOT_APPLICABLE
        return
    first = doubts[0]
    cell = first.facts[0]
    assert cell.quantity is not None  # noqa: S101 - blocks hold numbers only
    slots = {
        "处": "、".join(
            dict.fromkeys(doubt.facts[0].place.partition(" · ")[0] or doubt.block.name for doubt in doubts)
        ),
        "标明": _unit(cell),
        "倍": plain(trimmed(first.factor)) if first.factor > 1 else "万分之一",
        "依据": "；".join(dict.fromkeys(words for doubt in doubts for words in doubt.witnesses.values())),
    }
    expression = f"{case.name_of(cell.concept)} {plain(cell.quantity.value)} {_unit(cell)}"
    evidence = [
        case.evidence(fact, "copy" if fact.origin == "prose" else "value") for doubt in doubts for fact in doubt.facts
    ]
    evidence += [case.evidence(fact, "value") for doubt in doubts for fact in doubt.block.facts]
    evidence += [_unit_evidence(doubt.facts[0], case) for doubt in doubts]
    yield Judgement("fail", "unit.fail", slots, expression, evidence=present(evidence))


def _unit_evidence(fact: Fact, case: Case) -> Evidence | None:
    return case.evidence_of_text(fact.unit_where, "表头所标金额单位", _unit(fact), "unit")
