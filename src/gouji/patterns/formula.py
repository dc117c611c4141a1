"""The syntax tree of the rule language. Plain frozen structs, so that a compiled rule set is cached as msgpack.

    基本支出 = 人员支出 + 公用支出
    Compare("=", Ref(expenditure.basic), Binary("+", Ref(expenditure.personnel), Ref(expenditure.public)))

    合计(评分[*].自评得分) = 评分表.总分        Compare("=", Call("合计", (Column("评分", "自评得分"),)), Ref(scoring.score_total))
    当 提及(正文, 公务用车) 则 公务用车运维费 > 0   When(Call("提及", …), Compare(">", Ref(…), Number(0)))
    综合得分 属于 [90,100]                     Within(Ref(performance.score), Band(90, 100))

Amounts in a formula (5万元) are numbers of base units (50000 元); 95% is 0.95.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Literal

import msgspec

from gouji.model.report import Stage

MENTIONS = ("提及", "列支")  # what the text names, what it says money was spent on
FUNCTIONS = ("合计", "数量", "最大", "最小", "绝对值", *MENTIONS)
TABLE_FIELDS: dict[str, tuple[str, ...]] = {
    "评分": ("分值", "自评得分", "扣分原因", "评分标准", "一级指标", "二级指标", "三级指标"),
    "目标": ("绩效目标", "完成情况", "类别"),
    "章节": ("标题", "内容"),
}
STAGE_WORDS: dict[str, Stage] = {
    "年初预算": "initial",
    "全年预算": "adjusted",
    "调整预算": "adjusted",
    "执行": "final",
    "决算": "final",
}
SOURCES = ("上年", "参照", "同级")
ArithmeticSign = Literal["+", "-", "*", "/"]
ComparisonSign = Literal["=", "!=", "<=", ">=", "<", ">"]


class Number(msgspec.Struct, frozen=True, cache_hash=True, tag="number"):
    """A literal number in base units."""

    value: Decimal


class Text(msgspec.Struct, frozen=True, cache_hash=True, tag="text"):
    """A literal text."""

    text: str


class Ref(msgspec.Struct, frozen=True, cache_hash=True, tag="ref"):
    """A concept by the name the rule gives it. `source` is "" for this report, else one of SOURCES."""

    concept: str
    name: str
    source: str = ""
    stage: Stage = "final"


class Column(msgspec.Struct, frozen=True, cache_hash=True, tag="column"):
    """A column of the scoring table, the goals or the sections: 评分[*].自评得分."""

    table: str
    field: str


class Body(msgspec.Struct, frozen=True, cache_hash=True, tag="body"):
    """The narrative (正文), or one section of it (章节[改进措施])."""

    section: str | None = None


class Call(msgspec.Struct, frozen=True, cache_hash=True, tag="call"):
    """A function of FUNCTIONS."""

    function: str
    arguments: tuple[Expr, ...]


class Negate(msgspec.Struct, frozen=True, cache_hash=True, tag="negate"):
    """−x"""

    operand: Expr


class Binary(msgspec.Struct, frozen=True, cache_hash=True, tag="binary"):
    """Arithmetic."""

    sign: ArithmeticSign
    left: Expr
    right: Expr


class Compare(msgspec.Struct, frozen=True, cache_hash=True, tag="compare"):
    """A comparison of two numbers, or of a text with a text."""

    sign: ComparisonSign
    left: Expr
    right: Expr


class Band(msgspec.Struct, frozen=True):
    """An interval; each end open or not."""

    low: Decimal
    high: Decimal
    low_open: bool = False
    high_open: bool = False

    def holds(self, value: Decimal) -> bool:
        """Whether a value lies in it."""
        above = value > self.low if self.low_open else value >= self.low
        below = value < self.high if self.high_open else value <= self.high
        return above and below


class Within(msgspec.Struct, frozen=True, cache_hash=True, tag="within"):
    """value 属于 [low, high)"""

    value: Expr
    band: Band


class Not(msgspec.Struct, frozen=True, cache_hash=True, tag="not"):
    """非 x"""

    operand: Expr


class Logic(msgspec.Struct, frozen=True, cache_hash=True, tag="logic"):
    """且, 或 over two or more terms."""

    word: Literal["and", "or"]
    terms: tuple[Expr, ...]


class When(msgspec.Struct, frozen=True, cache_hash=True, tag="when"):
    """当 … 则 …: not applicable where the condition does not hold."""

    condition: Expr
    then: Expr


Expr = Number | Text | Ref | Column | Body | Call | Negate | Binary | Compare | Within | Not | Logic | When


class FormulaError(Exception):
    """A formula does not read. `offset` counts characters of the formula from 0; the message is Chinese."""

    def __init__(self, offset: int, message: str) -> None:
        super().__init__(message)
        self.offset = offset
        self.message = message


def children_of(expr: Expr) -> tuple[Expr, ...]:
    """Direct operands, left to right."""
    match expr:
        case Call(arguments=many) | Logic(terms=many):
            return many
        case Binary(left=left, right=right) | Compare(left=left, right=right):
            return left, right
        case Negate(operand=one) | Not(operand=one) | Within(value=one):
            return (one,)
        case When(condition=condition, then=then):
            return condition, then
        case _:
            return ()


def walk(expr: Expr) -> Iterator[Expr]:
    """The node and everything under it, in reading order."""
    yield expr
    for child in children_of(expr):
        yield from walk(child)


@lru_cache(maxsize=4096)
def refs_of(expr: Expr) -> tuple[Ref, ...]:
    """Every concept a formula names, each once, in reading order."""
    return tuple(dict.fromkeys(node for node in walk(expr) if isinstance(node, Ref)))


@lru_cache(maxsize=4096)
def linear_terms(expr: Expr) -> Mapping[Ref, Decimal] | None:
    """Coefficients of left − right where a comparison is linear without a constant; None where it is not."""
    if not isinstance(expr, Compare):
        return None
    terms: dict[Ref, Decimal] = {}
    whole = _collect(expr.left, Decimal(1), terms) and _collect(expr.right, Decimal(-1), terms)
    return terms if whole else None


def _collect(expr: Expr, factor: Decimal, terms: dict[Ref, Decimal]) -> bool:
    match expr:
        case Ref():
            terms[expr] = terms.get(expr, Decimal(0)) + factor
            return True
        case Negate(operand=one):
            return _collect(one, -factor, terms)
        case Binary(sign="+" | "-", left=left, right=right):
            return _collect(left, factor, terms) and _collect(right, factor if expr.sign == "+" else -factor, terms)
        case _:
            return False
