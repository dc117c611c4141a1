"""Honest reports drawn at random: a ledger in whole yuan, printed as a form would print it.

Ledger(figures, entities, prose, rows, …) ─as_example→ Example ─build_report→ Report

Every amount is the true one, rounded to the decimals of its table; true zeros are blank, 0, 0.00 or 无; totals are rounded true
totals, never sums of rounded parts. Sentences state the same amounts in 元 or 万元, with decimals and hedges of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from hypothesis import strategies as st

from gouji.patterns.rules import Example, ScoreLine

WAN = Decimal(10000)
YEAR = 2021
SOURCES = ("income.public_budget", "income.gov_fund", "income.special_account", "income.other")
THREE = (
    "three_public.reception",
    "three_public.vehicle_running",
    "three_public.vehicle_purchase",
    "three_public.abroad",
)
ASSETS = ("assets.in_use", "assets.leased", "assets.other")

amounts = st.one_of(
    st.just(0), st.integers(1, 9_999), st.integers(10_000, 99_999_999), st.integers(1, 99).map(lambda n: n * WAN)
)


@dataclass
class Ledger:
    """A report before it is printed. `true` holds the yuan of the unit's own cells."""

    true: dict[str, Decimal]
    unit: str
    decimals: int
    figures: dict[str, str]
    entities: dict[str, dict[str, str]] = field(default_factory=dict)
    prose: dict[str, str] = field(default_factory=dict)
    rows: tuple[ScoreLine, ...] = ()

    def as_example(self, **changes: Mapping[str, str]) -> Example:
        """The report, perhaps with other figures or sentences."""
        return Example(
            "pass",
            dict(self.figures | dict(changes.get("figures", {}))),
            unit=self.unit,
            rows=self.rows,
            entities=self.entities,
            prose=dict(self.prose | dict(changes.get("prose", {}))),
            year=YEAR,
        )


def rounded(value: Decimal, decimals: int, rounding: str = ROUND_HALF_UP) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=rounding)


def print_amount(value: Decimal, unit: str, decimals: int) -> str:
    return format(rounded(value / (WAN if unit == "万元" else 1), decimals), "f")


def print_cell(draw: st.DrawFn, value: Decimal, unit: str, decimals: int) -> str:
    """A true zero is blank, 0 or declared; anything else is printed, also where it rounds to 0."""
    if value == 0:
        return draw(st.sampled_from(["", "0", "0.00", "无"]))
    return print_amount(value, unit, decimals)


def print_sentence(draw: st.DrawFn, value: Decimal) -> str:
    """The amount as a sentence states it: exact, rounded, cut or hedged; nobody writes 0万元 for two yuan."""
    unit = draw(st.sampled_from(["元", "万元"])) if value >= WAN else "元"
    number = value / (WAN if unit == "万元" else 1)
    how = draw(st.sampled_from(["plain", "cut", "约", "余", "近"]))
    if how in ("plain", "cut"):
        decimals = draw(st.integers(0, 2)) if unit == "万元" else 0
        return f"{rounded(number, decimals, ROUND_DOWN if how == 'cut' else ROUND_HALF_UP):f}{unit}"
    step = Decimal(10) ** draw(st.integers(0, 1))
    floor = (number // step) * step
    if how == "余" and floor:
        return f"{floor:f}余{unit}"
    near = floor + step
    return f"近{near:f}{unit}" if how == "近" else f"约{rounded(number / step, 0) * step:f}{unit}"


def add_all(values: Iterable[Decimal]) -> Decimal:
    return sum(values, Decimal(0))


def draw_true(draw: st.DrawFn, *, inside: bool, filled: bool = False) -> dict[str, Decimal]:
    """Yuan that add up: income with (`inside`) or without what was carried over, expenditure, balances, 三公, assets."""
    amount = st.integers(100, 9_999).map(lambda n: n * WAN) if filled else amounts
    spent = [f"expenditure.{name}" for name in ("personnel", "public", "project")]
    true = {concept: Decimal(draw(amount)) for concept in (*SOURCES, *THREE, *ASSETS, *spent, "income.carryover")}
    sources = add_all(true[concept] for concept in SOURCES)
    true["income.total"] = sources + (true["income.carryover"] if inside else 0)
    true["expenditure.basic"] = true["expenditure.personnel"] + true["expenditure.public"]
    true["expenditure.total"] = true["expenditure.basic"] + true["expenditure.project"]
    true["balance.current"] = sources - true["expenditure.total"]
    true["balance.cumulative"] = true["income.carryover"] + true["balance.current"]
    true["three_public.total"] = add_all(true[concept] for concept in THREE)
    true["assets.total"] = add_all(true[concept] for concept in ASSETS)
    return true


@st.composite
def ledgers(draw: st.DrawFn, *, filled: bool = False) -> Ledger:
    """An honest report of the overall form, with sentences. `filled`: every cell holds a million yuan or more."""
    true = draw_true(draw, inside=draw(st.booleans()), filled=filled)
    unit = draw(st.sampled_from(["元", "万元"]))
    decimals = draw(st.integers(0, 2))
    figures = {concept: print_cell(draw, value, unit, decimals) for concept, value in true.items()}
    told = draw(st.lists(st.sampled_from(sorted(true)), max_size=6, unique=True))
    prose = {concept: print_sentence(draw, true[concept]) for concept in told if true[concept] > 0}
    return Ledger(true, unit, decimals, figures, prose=prose)


@st.composite
def systems(draw: st.DrawFn, *, filled: bool = False) -> Ledger:
    """A department with two or three units below it; the summary row is their true sum."""
    unit = draw(st.sampled_from(["元", "万元"]))
    decimals = draw(st.integers(0, 2))
    inside = draw(st.booleans())
    below = [draw_true(draw, inside=inside, filled=filled) for _ in range(draw(st.integers(2, 3)))]
    true = {concept: add_all(one[concept] for one in below) for concept in below[0]}
    figures = {concept: print_cell(draw, value, unit, decimals) for concept, value in true.items()}
    names = ("局机关", "二级机构1", "二级机构2")
    entities = {
        name: {concept: print_cell(draw, value, unit, decimals) for concept, value in one.items()}
        for name, one in zip(names, below, strict=False)
    }
    return Ledger(true, unit, decimals, figures, entities)


@st.composite
def national_tables(draw: st.DrawFn) -> Ledger:
    """The national form: budget and execution by stage, the rate rounded or cut, ten points outside the list."""
    unit = draw(st.sampled_from(["元", "万元"]))
    decimals = draw(st.integers(0, 2))
    adjusted = Decimal(draw(st.integers(100 * 10_000, 9_999 * 10_000)))
    spent = adjusted * draw(st.integers(50, 100)) / 100 - draw(st.integers(0, 9_999))
    budget, final = (print_amount(value, unit, decimals) for value in (adjusted, spent))
    digits = draw(st.integers(0, 2))
    exact = spent / adjusted * 100
    rate = rounded(exact, digits, draw(st.sampled_from([ROUND_DOWN, ROUND_HALF_UP])))
    weights = draw(st.sampled_from([(50, 30, 10), (40, 40, 10), (60, 20, 10)]))
    scores = [
        rounded(weight * Decimal(draw(st.integers(50, 100))) / 100, draw(st.integers(0, 1))) for weight in weights
    ]
    points = rounded(rate / 10, draw(st.integers(1, 2)))
    total = rounded(add_all(scores) + points, draw(st.integers(0, 2)))
    rows = tuple(
        ScoreLine(f"指标{i}", str(w), f"{s:f}", "有原因") for i, (w, s) in enumerate(zip(weights, scores, strict=True))
    )
    figures = {
        "budget.total[全年预算]": budget,
        "budget.total": final,
        "budget.execution_rate": f"{rate:f}%",
        "scoring.score_total": f"{total:f}",
    }
    if draw(st.booleans()):
        figures["scoring.execution_weight"] = "10"
    return Ledger({"budget.total": spent}, unit, decimals, figures, rows=rows)


@st.composite
def rescaled_tables(draw: st.DrawFn) -> Ledger:
    """A scoring table whose inapplicable items are left out and the rest brought to 100, rounded or cut."""
    weights = draw(st.lists(st.integers(2, 12), min_size=5, max_size=9))
    weights.append(100 - sum(weights)) if sum(weights) < 100 else weights
    absent = draw(st.integers(1, 2))
    scores = [Decimal(draw(st.integers(0, weight * 10))) / 10 for weight in weights[absent:]]
    full = sum(weights)
    exact = add_all(scores) * 100 / (full - sum(weights[:absent]))
    total = rounded(exact, draw(st.integers(0, 2)), draw(st.sampled_from([ROUND_DOWN, ROUND_HALF_UP])))
    rows = [ScoreLine(f"指标{i}", str(weight), "不适用", "本年无此项") for i, weight in enumerate(weights[:absent])]
    rows += [
        ScoreLine(f"指标{i}", str(w), f"{s:f}", "有原因")
        for i, (w, s) in enumerate(zip(weights[absent:], scores, strict=True), absent)
    ]
    return Ledger({}, "万元", 2, {"scoring.score_total": f"{total:f}"}, rows=tuple(rows))
