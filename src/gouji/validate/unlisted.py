"""A sum that misses exactly what the text says stands outside the table (未填列的组成项), or names as an accepted reason.

支出合计 2575.49 = 基本 1980.00 + 项目 395.49, 相差 200      note: 含经营支出150、上缴上级50      → review, both named
"""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from gouji.model.finding import Cause, Evidence
from gouji.validate.expression import plain, scale_of, trimmed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case
    from gouji.validate.evaluate import Detail
    from gouji.validate.operands import Operands

_REASONS = r"(?P<number>\d[\d,]*(?:\.\d+)?)\s*(?P<unit>亿元|万元|元)[^\d，。；;、]{0,8}?"  # 结转30.00万元由财政收回存量
_AMOUNT = r"[^\d，。；;、]{0,6}?(?P<number>\d[\d,]*(?:\.\d+)?)\s*(?P<unit>亿元|万元|元)?"
_FACTORS = {"亿元": Decimal(10**8), "万元": Decimal(10**4), "元": Decimal(1)}
_MOST = 4


class Stated(NamedTuple):
    """An amount that the report states for a concept outside the table (base units)."""

    concept: str
    name: str
    amount: Decimal
    evidence: Evidence


class Unlisted(NamedTuple):
    """Stated amounts that add up to a residual."""

    text: str
    evidence: tuple[Evidence, ...]
    cause: Cause


def find_unlisted(rule: Rule, detail: Detail, operands: Operands, case: Case) -> Unlisted | None:
    """Stated amounts of the rule's residual concepts whose sum closes a total that is too large."""
    if not rule.residual and not rule.accepted_reasons:
        return None
    residual = abs(detail.left.mid - detail.right.mid)
    slack = detail.left.slack + detail.right.slack
    scale = scale_of(detail.compare, operands)
    listed = {ref.concept for ref, operand in operands.items() if operand.status == "number"}
    stated = [item for item in _stated_amounts(rule, case, scale.factor) if item.concept not in listed]
    for size in range(1, min(len(stated), _MOST) + 1):
        for group in combinations(stated, size):
            if len({item.concept for item in group}) == size and abs(sum(i.amount for i in group) - residual) <= slack:
                return _unlisted(group, scale.factor, scale.unit)
    return None


def _unlisted(group: tuple[Stated, ...], factor: Decimal, unit: str) -> Unlisted:
    text = "、".join(f"{item.name} {plain(trimmed(item.amount / factor))} {unit}".rstrip() for item in group)
    return Unlisted(text, tuple(item.evidence for item in group), Cause("unlisted_part", (), 1, certain=False))


def _stated_amounts(rule: Rule, case: Case, factor: Decimal) -> Iterator[Stated]:
    """Amounts as facts, then as texts; a concept stated twice counts once for each amount."""
    seen: set[tuple[str, Decimal]] = set()
    for item in (*_stated_facts(rule, case), *_stated_in_text(rule, case, factor)):
        if item.amount and (item.concept, item.amount) not in seen:
            seen.add((item.concept, item.amount))
            yield item


def _stated_facts(rule: Rule, case: Case) -> Iterator[Stated]:
    for fact in case.report.facts:
        if fact.concept in rule.residual and fact.quantity is not None:
            evidence = case.evidence(fact, "unlisted_part")
            if evidence is not None:
                yield Stated(fact.concept, case.name_of(fact.concept), abs(fact.quantity.base_value), evidence)


def _stated_in_text(rule: Rule, case: Case, factor: Decimal) -> Iterator[Stated]:
    """Names followed by an amount. A note under a table prints no unit of its own: then the table's holds."""
    texts = [(section.where, f"正文“{section.title}”部分", section.text) for section in case.report.sections]
    texts += [(statement.where, statement.place, statement.text) for statement in case.report.statements]
    names = [(concept, case.name_of(concept)) for concept in rule.residual]
    names += [(reason, reason) for reason in rule.accepted_reasons]
    for where, place, text in texts:
        for concept, name in names:
            for match in _amounts_of(name, text, before=concept in rule.accepted_reasons):
                amount = Decimal(match["number"].replace(",", "")) * _FACTORS.get(match["unit"] or "", factor)
                evidence = case.evidence_of_text(where, place, match.group(), "unlisted_part")
                if evidence is not None:
                    yield Stated(concept, name, amount, evidence)


def _amounts_of(name: str, text: str, *, before: bool) -> Iterator[re.Match[str]]:
    """The name and then the amount; of a reason also the amount and then the name."""
    short = name.removesuffix("支出").removesuffix("收入")
    words = f"(?:{re.escape(name)}|{re.escape(short)})"
    yield from re.finditer(words + _AMOUNT, text)
    if before and name in text:
        yield from re.finditer(_REASONS + words, text)
