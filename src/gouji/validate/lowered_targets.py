"""Y6: targets beside last year's. A target is the same where its words are the same with the numbers left out.

上年 制发公文600份    今年 制发公文500份             lowered
上年 群众满意度≥95%   今年 服务对象满意度≥90%        another name, less (words alike), lowered
办公经费≤20万元 → ≤18万元                          less is more: not told
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, NamedTuple

from gouji.text.labels import normalise_label
from gouji.validate.case import present
from gouji.validate.judgement import NOT_APPLICABLE, Judgement

if TYPE_CHECKING:
    from gouji.model.finding import Evidence
    from gouji.model.report import Report
    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case

_ORDINAL = re.compile(r"^(?:指标|目标)\d*[:：、.]?")
_YEARS = re.compile(r"(?:19|20)\d{2}(?:年度?|-|—)?")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_LESS_IS_MORE = re.compile(
    r"≤|<|≦|不超过|不高于|以内|以下|控制在|成本|降低|下降|减少|投诉|事故|完成时间|个工作日|天内|日内|月底|前完成|[负零]"
)
_ALIKE = Decimal("0.75")
_SHORTEST = 4
_LISTED = 5


class Target(NamedTuple):
    """A target of a report: what it is about, its numbers, its text and its place."""

    key: str
    numbers: tuple[Decimal, ...]
    text: str
    where: str | None
    less_is_more: bool


def check_lowered_targets(rule: Rule, case: Case) -> Iterator[Judgement]:
    """One judgement a report."""
    del rule
    last = case.context.last_year
    before = _by_key(last.report) if last is not None else {}
    now = _by_key(case.report)
    if not before or not now:
        yield NOT_APPLICABLE
        return
    pairs = [
        (old, new) for old in before.values() if (new := now.get(old.key) or _renamed(old, before, now)) is not None
    ]
    lowered = [(old, new) for old, new in pairs if _is_lower(old, new)]
    if not lowered:
        yield Judgement("pass", "targets.pass", {"数": str(len(pairs))}) if pairs else NOT_APPLICABLE
        return
    told = "；".join(f"“{old.text}”改为“{new.text}”" for old, new in lowered[:_LISTED])
    more = f"；等 {len(lowered)} 项" if len(lowered) > _LISTED else ""
    evidence = present(piece for old, new in lowered for piece in _evidence(old, new, case))
    yield Judgement("review", "targets.lowered", {"项": told + more}, evidence=evidence)


def _evidence(old: Target, new: Target, case: Case) -> Iterator[Evidence | None]:
    yield case.evidence_of_text(new.where, "绩效目标", new.text, "copy")
    yield case.evidence_of_other("上年", old.where, "绩效目标", old.text)


def _by_key(report: Report) -> dict[str, Target]:
    """Targets with a number, those whose words repeat left out: nobody knows which is meant."""
    found: dict[str, list[Target]] = {}
    for target in _targets(report):
        if target.numbers and len(target.key) >= _SHORTEST:
            found.setdefault(target.key, []).append(target)
    return {key: many[0] for key, many in found.items() if len(many) == 1}


def _targets(report: Report) -> Iterator[Target]:
    for goal in report.goals:
        yield _target("", goal.target, goal.kind or "", goal.where)
    for row in report.indicators:
        if row.target:
            cell = row.cells.get("target")
            operator = row.operator or ""
            yield _target(
                row.level3 or "", f"{operator}{row.target}", row.level2 or "", cell.where if cell else row.where
            )


def _target(name: str, text: str, kind: str, where: str | None) -> Target:
    label = _ORDINAL.sub("", normalise_label(f"{name}{text}"))
    plain = _YEARS.sub("", label)
    return Target(
        key=_NUMBER.sub("#", plain),
        numbers=tuple(Decimal(number) for number in _NUMBER.findall(plain)),
        text=label,
        where=where,
        less_is_more=bool(_LESS_IS_MORE.search(label) or "成本" in kind or "时效" in kind),
    )


def _renamed(old: Target, before: dict[str, Target], now: dict[str, Target]) -> Target | None:
    """The only new target that says nearly the same."""
    if old.key in now:
        return None
    alike = [new for key, new in now.items() if key not in before and _is_alike(old.key, key)]
    return alike[0] if len(alike) == 1 else None


def _is_alike(one: str, other: str) -> bool:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE


def _is_lower(old: Target, new: Target) -> bool:
    """Fewer in one number at least, more in none."""
    if old.less_is_more or new.less_is_more or len(old.numbers) != len(new.numbers):
        return False
    pairs = list(zip(old.numbers, new.numbers, strict=True))
    return any(now < was for was, now in pairs) and all(now <= was for was, now in pairs)
