"""X1: an amount in a sentence is the form's: same concept, year, stage and scope.

    正文 871.50万元   [871.495, 871.505]          表 871.05   [871.045, 871.055]       no common point → differs
    正文 871万元      [870.5, 872)  cut or rounded 表 871.95   meets → same
    正文 8710500元    = 871.05万元                 表 871.05                            → same
    正文 871.05元     10⁴ apart                                                        → unit: the unit's matter (X5-unit)

What a sentence tells of a part, of another row or under another definition of income is no contradiction.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from gouji.model.quantity import Interval, Quantity
from gouji.model.report import Fact
from gouji.validate.case import present
from gouji.validate.expression import plain, trimmed
from gouji.validate.judgement import NOT_APPLICABLE, Judgement
from gouji.validate.prose.stages import of_other_stage
from gouji.validate.prose.text import has_any
from gouji.validate.scores import agree_as_copies
from gouji.validate.span import span_of

if TYPE_CHECKING:
    from gouji.model.report import Stage
    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case

Key = tuple[str, int | None, "Stage"]
How = Literal["same", "differs", "unit", "blank", "doubt", "other", "scope"]
_TEN_THOUSAND = Decimal(10000)
_INCOME = "income.total"
_INCOME_TOO = ("income.year_total", "income.grand_total")  # other definitions of the year's income
_MONEY_OF = (
    "income.fiscal",
    "income.public_budget",
    "income.gov_fund",
    "income.state_capital",
)  # also what pays for an expenditure
_SPENDING = re.compile(r"支出|三公|公务|用车|出国|项目|经费|资产|结余")
_EXPENDITURE = "expenditure."
_ONE_SOURCE = re.compile(r"(?:一般公共预算|财政拨款|政府性?基金|基金预算)[^，。；;,\d]{0,10}支出[^。]*其中")
_PARTS, _WHOLE = re.compile(r"[。；;\n]"), re.compile(r"[。\n]")  # 其中：…；…: a list is one sentence
_DONE = re.compile(r"^\s*[，,（(]?(?:均|已|全部|陆续|相继|年内|无偿|经批准)*")  # 31.5万元已全部划转
_ORDER: tuple[How, ...] = ("differs", "unit", "blank")


class Told(msgspec.Struct, frozen=True, gc=False):
    """An amount of a sentence, the cells that should say the same, and how they compare."""

    fact: Fact
    quantity: Quantity
    cells: tuple[Fact, ...]
    how: How


class Link(NamedTuple):
    """A sentence's amount and a cell that states the same fact. `room`: where told − cell may lie."""

    suffix: str
    told: Fact
    cell: Fact
    room: tuple[Decimal, Decimal]


def check_prose_amounts(rule: Rule, case: Case) -> Iterator[Judgement]:
    """One judgement a concept (year, stage) that disagrees; else one for all that was compared."""
    del rule
    groups = _groups(case)
    bad = [j for key, told in groups.items() if (j := _fault(key, told, case)) is not None]
    yield from bad
    if not bad:
        hows = [told.how for group in groups.values() for told in group]
        yield _without_fault(groups, hows, case)


def _without_fault(groups: dict[Key, list[Told]], hows: list[How], case: Case) -> Judgement:
    same = [key for key, group in groups.items() if any(told.how == "same" for told in group)]
    if same:
        names = "、".join(dict.fromkeys(case.name_of(concept) for concept, _, _ in same))
        return Judgement("pass", "prose.pass", {"项": names})
    if "doubt" in hows:
        return Judgement("undecided", "undecided.unit")
    return NOT_APPLICABLE


def _groups(case: Case, only: frozenset[str] | None = None) -> dict[Key, list[Told]]:
    """Amounts of sentences that have a cell to compare with, by concept, year and stage."""
    amounts = [
        (fact, fact.quantity)
        for fact in case.report.facts
        if fact.origin == "prose" and fact.main and fact.quantity is not None and (only is None or fact.concept in only)
    ]
    cells = _cells({fact.concept for fact, _ in amounts}, case)
    groups: dict[Key, list[Told]] = {}
    for fact, quantity in amounts:
        key = _key(fact, case)
        beside = cells.get(key, ())
        if beside:
            groups.setdefault(key, []).append(_told(fact, quantity, beside, case))
    return {key: _without_parts(group) for key, group in groups.items()}


def linked_amounts(case: Case, only: frozenset[str] | None = None) -> Iterator[Link]:
    """Sentences and the cells they repeat, or should (of some concepts): for the search of causes."""
    for key, told in _groups(case, only).items():
        for item in told:
            for cell in item.cells:
                if item.how in ("same", "differs") and cell.state != "blank" and cell.quantity is not None:
                    room = _room(item.quantity, cell.quantity, case)
                    if room is not None and (item.how == "differs" or agree(item.quantity, cell.quantity, case)):
                        yield Link(_suffix(key, case), item.fact, cell, room)


def disagreeing_amounts(case: Case) -> dict[str, Told]:
    """Suffix of the finding → the first amount that disagrees with its cells: for the causes of what is to be confirmed."""
    return {_suffix(key, case): apart[0] for key, group in _groups(case).items() if (apart := _gravest(group))}


def _room(told: Quantity, cell: Quantity, case: Case) -> tuple[Decimal, Decimal] | None:
    """How far told − cell may lie below and above 0 (base units); None where a hedge is open or the kinds differ."""
    left, right = _step(told, case), _step(cell, case)
    one, other = _range(told, left, cut=left > right), _range(cell, right, cut=right > left)
    if one.low is None or one.high is None or other.low is None or other.high is None:
        return None
    if (told.unit.kind if told.unit is not None else "") != (cell.unit.kind if cell.unit is not None else ""):
        return None
    mid = told.base_value - cell.base_value
    return mid - (one.high - other.low), mid - (one.low - other.high)


def _cells(concepts: set[str], case: Case) -> dict[Key, tuple[Fact, ...]]:
    """Cells of the report's own entity, of some concepts, by concept, year and stage."""
    found: dict[Key, tuple[Fact, ...]] = {}
    for fact in case.report.facts:
        if fact.concept not in concepts or fact.origin != "table" or not fact.main:
            continue
        if fact.quantity is not None or fact.state in ("blank", "none"):
            key = _key(fact, case)
            found[key] = (*found.get(key, ()), fact)
    return found


def _key(fact: Fact, case: Case) -> Key:
    return fact.concept, case.report.fiscal_year if fact.period is None else fact.period, fact.stage


def _told(fact: Fact, quantity: Quantity, beside: tuple[Fact, ...], case: Case) -> Told:
    """Compare one amount with its cells; a cell of another scope is not compared."""
    cells = tuple(cell for cell in beside if cell.scope == fact.scope)
    return Told(fact, quantity, cells, _how(fact, quantity, cells, case))


def _how(fact: Fact, quantity: Quantity, cells: tuple[Fact, ...], case: Case) -> How:
    stated = [cell for cell in cells if cell.state != "blank"]
    if not cells:
        return "scope"
    if not stated:
        return "blank" if quantity.value else "same"
    if any(agree(quantity, _quantity(cell, quantity), case) for cell in stated):
        return "same"
    if any(cell.where in case.suspects for cell in stated):
        return "doubt"
    if any(_differs_by_unit(quantity, _quantity(cell, quantity)) for cell in stated):
        return "unit"
    return "other" if _is_told_of_another(fact, quantity, stated, case) else "differs"


def _quantity(cell: Fact, like: Quantity) -> Quantity:
    """A cell's number; what is declared not to exist is 0."""
    return cell.quantity or Quantity(Decimal(0), like.unit)


def agree(told: Quantity, cell: Quantity, case: Case) -> bool:
    """Whether both may print one amount. Of two accuracies the coarser print may be rounded or cut."""
    kinds = {quantity.unit.kind if quantity.unit is not None else "" for quantity in (told, cell)}
    if len(kinds) > 1:
        return True  # people beside money: the two say different things
    if kinds == {"points"}:
        return agree_as_copies(told, cell)
    left, right = _step(told, case), _step(cell, case)
    return _range(told, left, cut=left > right).meets(_range(cell, right, cut=right > left))


def _step(quantity: Quantity, case: Case) -> Decimal:
    """One unit of the last printed digit, in base units; a printed 0 is as accurate as the form's other amounts."""
    step = 2 * quantity.half_step * quantity.factor
    return min(step, _finest(case)) if quantity.value == 0 and step else step


def _finest(case: Case) -> Decimal:
    """The finest step of the form's amounts of money."""
    quantities = (fact.quantity for fact in case.main.facts.values())
    steps = [2 * q.half_step * q.factor for q in quantities if q is not None and q.value and _is_money(q)]
    return min(steps, default=Decimal(0))


def _is_money(quantity: Quantity) -> bool:
    return quantity.unit is not None and quantity.unit.kind == "money"


def _range(quantity: Quantity, step: Decimal, *, cut: bool) -> Interval:
    """Where the true amount may lie, in base units. A hedge may leave one end open."""
    factor, mid = quantity.factor, quantity.base_value
    if quantity.low is not None or quantity.high is not None:
        low = None if quantity.low is None else quantity.low * factor
        return Interval(low, None if quantity.high is None else quantity.high * factor)
    if quantity.unit is not None and quantity.unit.kind == "percent":
        span = span_of(quantity)
        assert span is not None  # noqa: S101 - only a hedge leaves an end open
        return Interval(span.low, span.high)
    away = step if cut else step / 2
    return Interval(mid - (away if mid < 0 else step / 2), mid + (step / 2 if mid < 0 else away))


def _differs_by_unit(told: Quantity, cell: Quantity) -> bool:
    """Whether 元 and 万元 are all that lies between the two."""
    if not (_is_money(told) and _is_money(cell)) or not told.value or not cell.value:
        return False
    pairs = ((told, cell), (cell, told))
    return any(
        abs(small.base_value * _TEN_THOUSAND - large.base_value)
        <= small.half_step * small.factor * _TEN_THOUSAND + large.half_step * large.factor
        for small, large in pairs
    )


def _is_told_of_another(fact: Fact, quantity: Quantity, stated: list[Fact], case: Case) -> bool:
    """Whether the sentence tells another row's amount, or income by another definition (without 上年结转, 总计)."""
    others = [row.fact(fact.concept, fact.stage) for row in case.rows[1:]]
    if fact.concept == _INCOME:
        others += [case.main.fact(concept, fact.stage) for concept in _INCOME_TOO]
    amounts = [other.quantity for other in others if other is not None and other.quantity is not None]
    amounts += [*_without_carryover(fact, stated, case), *_all_rows(stated, amounts)]
    amounts += of_other_stage(fact, _said_before(fact, case), case)
    if fact.concept in _MONEY_OF and any(_SPENDING.search(text) for text in _said_before(fact, case)):
        return True
    if fact.concept.startswith(_EXPENDITURE) and _is_of_one_source(fact, quantity, stated, case):
        return True
    if any(has_any(text, case.rules.lexicon["narrower"]) for text in _said_before(fact, case, _WHOLE)):
        return True
    if any(_DONE.sub("", text).startswith(case.rules.lexicon["partly"]) for text in _said_after(fact, case)):
        return True
    return any(agree(quantity, amount, case) for amount in amounts)


def _all_rows(stated: list[Fact], others: list[Quantity]) -> list[Quantity]:
    """What the unit's own row and those of its units make together: a table may print no summary."""
    own = next((cell.quantity for cell in stated if cell.quantity is not None), None)
    if own is None or not others:
        return []
    rows = [own, *others]
    whole = sum((row.base_value for row in rows), Decimal(0)) / own.factor
    room = sum((row.half_step * row.factor for row in rows), Decimal(0)) / own.factor
    return [Quantity(whole, own.unit, own.decimals, whole - room, whole + room)]


def _is_of_one_source(fact: Fact, quantity: Quantity, stated: list[Fact], case: Case) -> bool:
    """Whether a smaller amount is what one source paid: 一般公共预算支出2360.20万元，其中…项目支出1000.00万元."""
    least = min((cell.quantity.base_value for cell in stated if cell.quantity is not None), default=None)
    smaller = least is not None and quantity.base_value < least
    return smaller and any(_ONE_SOURCE.search(text) for text in _said_before(fact, case, _WHOLE))


def _said_before(fact: Fact, case: Case, ends: re.Pattern[str] = _PARTS) -> Iterator[str]:
    """What the sentences, or the parts of them, that print this number say before it."""
    for section in case.report.sections:
        for sentence in ends.split(section.text):
            before, found, _ = sentence.partition(fact.raw)
            if found:
                yield before


def _said_after(fact: Fact, case: Case) -> Iterator[str]:
    """What the sentences that print this number say after it and its unit: 固定资产有2万元出租."""
    unit = fact.unit or ""
    for section in case.report.sections:
        _, found, after = section.text.partition(fact.raw if fact.raw.endswith(unit) else fact.raw + unit)
        if found:
            yield after


def _without_carryover(fact: Fact, stated: list[Fact], case: Case) -> list[Quantity]:
    """收入合计 without 上年结转, and with it."""
    carried = case.main.fact("income.carryover")
    if fact.concept != _INCOME or carried is None or carried.quantity is None or not carried.quantity.value:
        return []
    whole = [cell.quantity for cell in stated if cell.quantity is not None]
    return [_plus(cell, sign * carried.quantity.base_value) for cell in whole for sign in (1, -1)]


def _plus(quantity: Quantity, base: Decimal) -> Quantity:
    return Quantity(quantity.value + base / quantity.factor, quantity.unit, quantity.decimals)


def _without_parts(group: list[Told]) -> list[Told]:
    """Several amounts of one name that add up to the cell are its parts."""
    apart = [told for told in group if told.how == "differs"]
    cells = [cell.quantity for told in apart for cell in told.cells if cell.quantity is not None]
    whole = sum((told.quantity.base_value for told in apart), Decimal(0))
    room = sum((told.quantity.half_step * told.quantity.factor for told in apart), Decimal(0))
    are_parts = len({told.quantity.base_value for told in apart}) > 1 and any(
        abs(whole - cell.base_value) <= room + cell.half_step * cell.factor for cell in cells
    )
    return [
        msgspec.structs.replace(told, how="other") if are_parts and told.how == "differs" else told for told in group
    ]


def _fault(key: Key, group: list[Told], case: Case) -> Judgement | None:
    """The gravest disagreement of a concept; None where there is none."""
    apart = _gravest(group)
    if not apart:
        return None
    first = apart[0]
    cell = next((cell for cell in first.cells if cell.state != "blank"), first.cells[0])
    evidence = [case.evidence(told.fact, "copy") for told in apart]
    evidence += [case.evidence(cell, "value") for cell in first.cells]
    judgement = Judgement(
        _verdict(key, apart, case),
        f"prose.{first.how}",
        {"项": _name(key, case)},
        f"{'，'.join(_said(told.fact) for told in apart)}，{_printed(cell)}",
        evidence=present(evidence),
        suffix=_suffix(key, case),
    )
    return _with_gap(judgement, first, cell, case) if first.how == "differs" else judgement


def _gravest(group: list[Told]) -> list[Told]:
    """The amounts that disagree in the gravest way; [] where none does."""
    how = next((kind for kind in _ORDER if any(told.how == kind for told in group)), None)
    return [told for told in group if told.how == how]


def _verdict(key: Key, apart: list[Told], case: Case) -> Literal["fail", "review"]:
    """Heads may be counted in several ways, other years and budgets change their meaning, a hedge is no exact figure."""
    concept, year, stage = key
    exact = any(told.how == "differs" and not _is_hedged(told.quantity) for told in apart)
    firm = exact and stage == "final" and year == case.report.fiscal_year
    return "fail" if firm and not concept.startswith("staffing.") and concept not in _MONEY_OF else "review"


def _is_hedged(quantity: Quantity) -> bool:
    return quantity.low is not None or quantity.high is not None


def _with_gap(judgement: Judgement, told: Told, cell: Fact, case: Case) -> Judgement:
    """The difference, sentence − form, in the form's unit, and what rounding allows."""
    quantity = _quantity(cell, told.quantity)
    factor = quantity.factor
    gap = trimmed((told.quantity.base_value - quantity.base_value) / factor)
    room = (_step(told.quantity, case) + _step(quantity, case)) / 2 / factor
    unit = quantity.unit.name if quantity.unit is not None else ""
    return Judgement(
        judgement.verdict,
        judgement.say if judgement.verdict == "fail" else "prose.confirm",
        judgement.slots,
        judgement.expression,
        _with_decimals(gap, quantity),
        trimmed(room),
        unit,
        judgement.evidence,
        suffix=judgement.suffix,
    )


def _with_decimals(gap: Decimal, like: Quantity) -> Decimal:
    decimals = max(like.decimals or 0, -int(gap.as_tuple().exponent))
    return gap.quantize(Decimal(1).scaleb(-decimals))


def _name(key: Key, case: Case) -> str:
    concept, year, stage = key
    when = f"{year} 年" if year is not None and year != case.report.fiscal_year else ""
    return when + case.name_of(concept) + {"initial": "（年初预算）", "adjusted": "（调整预算）", "final": ""}[stage]


def _suffix(key: Key, case: Case) -> str:
    concept, year, stage = key
    parts = [concept, "" if stage == "final" else stage, "" if year == case.report.fiscal_year else str(year)]
    return "-".join(part for part in parts if part)


def _said(fact: Fact) -> str:
    unit = fact.unit or ""
    return f"{fact.place or '正文'}写明 {fact.raw}{'' if fact.raw.endswith(unit) else unit}"


def _printed(cell: Fact) -> str:
    if cell.quantity is None:
        return f"{cell.place or '表内'}{'为空白' if cell.state == 'blank' else '填“无”'}"
    unit = f" {cell.unit}" if cell.unit else ""
    return f"{cell.place or '表内'}为 {plain(cell.quantity.value)}{unit}"
