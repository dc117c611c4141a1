"""I1 … I7: what reviewers write about the indicators themselves. Notes for the bureau, one line a report each.

成本指标 | 培训支出 ≥ 20万元           I1  a cost is to stay below, not above
质量指标 | 就业服务 95%                 I2  a percentage of what?
数量指标 | 拨付补助资金 300万元         I3  money paid is no quantity of output
产出 | 办结案件数 … 效益 | 办结案件数   I4  one indicator, two places
满意度 | 群众满意度 ≥ 90%               I5  nobody was asked, as far as the report says
满意度 | 学生满意度（交通局）           I6  whose beneficiaries are these?
every item at full marks                I7
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from gouji.model.finding import Evidence
from gouji.text.labels import close_up
from gouji.validate.case import present
from gouji.validate.judgement import NOT_APPLICABLE, Judgement

if TYPE_CHECKING:
    from collections.abc import Callable

    from gouji.model.report import Indicator
    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case

_LISTED = 4
_NARRATIVE = 300  # letters of a narrative that would mention a survey, or whom the unit serves
_ITEMS = 8
_ZERO = Decimal(0)
_NAME = 4
_GENERAL = re.compile(r"政府|街道|办事处|管委会|管理委员会|[乡镇村]$")
_LINE = re.compile(r"(?:^|[\n；;])\s*(?:指标|目标|任务)?\s*\d{0,2}\s*[:：、.]?\s*")
_NONE = re.compile(r"不涉及|不适用|无此项|^[\s无—–\-/]*$")


class Item(msgspec.Struct, frozen=True, gc=False):
    """One indicator: where it is filed (产出指标数量指标), its name with target, the target's unit, the result."""

    kind: str
    name: str
    target: str
    result: str
    evidence: Evidence | None

    @property
    def text(self) -> str:
        """Name and target as one line; a goal has both in its name."""
        return f"{self.name}{self.target}"


def items_of(case: Case) -> list[Item]:
    """Goals line by line, and scoring rows that report targets."""
    found: list[Item] = []
    for goal in case.report.goals:
        if goal.kind and goal.kind not in ("预期目标", "年度目标"):
            evidence = case.evidence_of_text(goal.where, f"《绩效目标》 · {goal.kind} 行", goal.target, "target")
            lines = [line for part in _LINE.split(goal.target) if (line := close_up(part).strip("。；;"))]
            found += [Item(goal.kind, line, "", goal.result or "", evidence) for line in lines]
    for row in case.report.indicators:
        if row.target is not None:
            evidence = case.evidence_of_text(row.where, row.place, row.target, "target")
            kind = close_up(f"{row.level1 or ''}{row.level2 or ''}")
            name = close_up(row.level3 or "")
            found.append(Item(kind, name, _target(row), row.actual or "", evidence))
    return [
        item for item in found if item.text and not _NONE.search(item.name) and not _NONE.search(item.target or "值")
    ]


def _target(row: Indicator) -> str:
    """≥ | 20 | 万元 → ≥20万元, each sign once."""
    target, sign, measure = close_up(row.target or ""), close_up(row.operator or ""), close_up(row.measure or "")
    head = "" if target.startswith(tuple("≥≤=<>")) else sign
    return f"{head}{target}{'' if target.endswith(measure) else measure}"


def _judge_items(case: Case, say: str, is_bad: Callable[[Item], bool]) -> Judgement:
    items = case.items
    if not items:
        return NOT_APPLICABLE
    bad = [item for item in items if is_bad(item)]
    return _told(bad, say) if bad else Judgement("pass", "quality.pass")


def _told(bad: list[Item], say: str) -> Judgement:
    names = list(dict.fromkeys(f"“{item.text[:24]}”" for item in bad))
    shown = "、".join(names[:_LISTED]) + (f"等 {len(names)} 项" if len(names) > _LISTED else "")
    return Judgement("review", say, {"项": shown}, evidence=present(item.evidence for item in bad))


# --- one indicator at a time --------------------------------------------------------------------------------------------

_AT_LEAST = re.compile(r"≥|≧|>=|＞|>|不低于|不少于|不小于|以上")
_SAVED = re.compile(r"节|降|减|压|控制|下浮|率|收益|收入|产值|比例|标准化")
_MONEY = re.compile(r"\d[\d.,]*\s*(?:亿元|万元|元)")
_PERCENT = re.compile(r"\d\s*[%％]|百分之")
_OF_WHAT = re.compile(
    r"率|比|占|度|幅|增|减|降|升|涨|节|提高|提前|覆盖|面达|%以|同期|上年|达标|合格|完成|全部|其中|超过|不足|系数|指数|分成"
)
_MEASURES = re.compile(r"[\d.,%％≥≤=<>＞＜]|不低于|不少于|达到|以上")
_OUTPUT = re.compile(r"产出|数量|质量|时效")
_BENEFIT = re.compile(r"效益|效果|可持续|满意")
_PAID = re.compile(r"支付|拨付|发放|下达|投入|安排|补助|补贴|资金|经费|支出")
_DATED = re.compile(r"(?:19|20)\d{2}年?|\d{1,2}月|\d{1,2}日")


def check_cost_direction(rule: Rule, case: Case) -> Iterator[Judgement]:
    """I1."""
    del rule
    yield _judge_items(case, "quality.cost", _is_cost_from_below)


def _is_cost_from_below(item: Item) -> bool:
    filed = "成本" in item.kind and "效益" not in item.kind
    return (
        filed and _AT_LEAST.search(item.text) is not None and _MONEY.search(item.text) is not None and not _saves(item)
    )


def _saves(item: Item) -> bool:
    """What is saved, or a rate of it, may well have a floor."""
    return _SAVED.search(item.name) is not None


def check_percentage_base(rule: Rule, case: Case) -> Iterator[Judgement]:
    """I2."""
    del rule
    yield _judge_items(case, "quality.percent", _is_percentage_of_nothing)


def _is_percentage_of_nothing(item: Item) -> bool:
    return _PERCENT.search(item.target or item.name) is not None and not _OF_WHAT.search(f"{item.kind}{item.text}")


def check_money_as_quantity(rule: Rule, case: Case) -> Iterator[Judgement]:
    """I3."""
    del rule
    yield _judge_items(case, "quality.money", _is_money_only)


def _is_money_only(item: Item) -> bool:
    counted = "数量" in item.kind and _MONEY.search(item.text) is not None and _PAID.search(item.name) is not None
    return counted and not re.search(r"\d", _DATED.sub("", _MONEY.sub("", item.text)))


def check_same_indicator(rule: Rule, case: Case) -> Iterator[Judgement]:
    """I4."""
    del rule
    items = case.items
    outputs = {_bare(item): item for item in items if _is_output(item) and len(_bare(item)) >= _NAME}
    if not outputs:
        yield NOT_APPLICABLE
        return
    twice = [item for item in items if _is_benefit(item) and _bare(item) in outputs]
    yield _told(twice, "quality.twice") if twice else Judgement("pass", "quality.pass")


def _bare(item: Item) -> str:
    """The name without numbers and signs."""
    return _MEASURES.sub("", item.name)


def _is_output(item: Item) -> bool:
    return _OUTPUT.search(item.kind) is not None and not _is_benefit(item)


def _is_benefit(item: Item) -> bool:
    return _BENEFIT.search(item.kind) is not None


# --- against the narrative ----------------------------------------------------------------------------------------------

_SURVEY = re.compile(
    r"问卷|调查|测评|回访|访谈|座谈|评议|走访|抽样|电话|好差评|评价器|意见箱|征求意见|民意|扫码评价|测评表"
)


def check_survey(rule: Rule, case: Case) -> Iterator[Judgement]:
    """I5: a satisfaction was measured, but nothing in the report says how."""
    del rule
    measured = [item for item in case.items if _is_satisfaction(item) and _PERCENT.search(item.result)]
    text = _own_words(case)
    if not measured or len(text) < _NARRATIVE:
        yield NOT_APPLICABLE
        return
    told = _SURVEY.search(text) is not None or any(_SURVEY.search(i.text + i.result) for i in measured)
    yield Judgement("pass", "quality.pass") if told else _told(measured, "quality.survey")


def _is_satisfaction(item: Item) -> bool:
    return "满意" in item.text or "满意" in item.kind


def _own_words(case: Case) -> str:
    """The narrative, the overview and the reasons: everything but the goals and the criteria."""
    facts = (f.value for f in case.report.facts if f.concept.startswith("overview.") and isinstance(f.value, str))
    reasons = (row.reason for row in case.report.indicators if row.reason)
    return "".join("".join((case.body, *facts, *reasons)).split())


def check_beneficiary(rule: Rule, case: Case) -> Iterator[Judgement]:
    """I6: whom a satisfaction indicator asks is named nowhere else. The rule's options list the words that tell units apart."""
    words = rule.options.get("words", ())
    asked = [item for item in case.items if _is_satisfaction(item)]
    unit = close_up(case.report.unit_name or "")
    text = f"{_own_words(case)}{unit}"
    told = len(text) >= _NARRATIVE or any(_is_of_field(group, unit) for group in words)
    if not asked or not told:
        yield NOT_APPLICABLE
        return
    others = "".join(item.text for item in case.items if item not in asked)
    strange = [item for item in asked if any(_is_strange(group, item.text, text + others) for group in words)]
    yield _told(strange, "quality.beneficiary") if strange else Judgement("pass", "quality.pass")


def _is_of_field(group: str, unit: str) -> bool:
    """Whether a unit's name tells whom it serves: 教育局, 卫生健康局; a township serves everybody."""
    return not _GENERAL.search(unit) and any(word in unit for word in group.partition("@")[2].split("|"))


def _is_strange(group: str, indicator: str, elsewhere: str) -> bool:
    """`group`: words for the same people and their field (学生|家长|学校|教育)."""
    who, _, field = group.partition("@")
    named = [word for word in who.split("|") if word in indicator]
    return bool(named) and not any(word in elsewhere for word in (*who.split("|"), *field.split("|")) if word)


def check_full_marks(rule: Rule, case: Case) -> Iterator[Judgement]:
    """I7: rows that share a weight are full together."""
    del rule
    rows = [row for row in case.report.indicators if row.kind == "item"]
    known = [row for row in rows if row.score is not None and row.weight is not None]
    if len(rows) < _ITEMS or len(known) < len(rows):
        yield NOT_APPLICABLE
        return
    cells: dict[str | int | None, tuple[Decimal, Decimal]] = {}
    for number, row in enumerate(known):
        cell = row.cells.get("weight")
        key = cell.where if cell is not None and row.weight_shared_by > 1 else number
        scored = cells.get(key, (_ZERO, _ZERO))[1]
        cells[key] = (row.weight.value if row.weight else _ZERO, scored + (row.score.value if row.score else _ZERO))
    full = all(weight == scored for weight, scored in cells.values())
    yield Judgement("review", "quality.full", {"数": str(len(rows))}) if full else Judgement("pass", "quality.pass")
