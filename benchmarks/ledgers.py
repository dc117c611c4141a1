"""Honest tables from a seeded generator: a ledger in whole yuan that adds up, printed in 万元 at 0, 1 or 2 decimals.

true 8710496, 2680151, …  ─print_ledger→ 871, 268 …  ·  871.0, 268.0 …  ·  871.05, 268.02 …
"""

from __future__ import annotations

import random
from decimal import ROUND_HALF_UP, Decimal

_PARTS = {
    "income.total": (
        "income.carryover",
        "income.public_budget",
        "income.gov_fund",
        "income.special_account",
        "income.other",
    ),
    "expenditure.basic": ("expenditure.personnel", "expenditure.public"),
    "expenditure.total": ("expenditure.basic", "expenditure.project"),
    "three_public.total": (
        "three_public.reception",
        "three_public.vehicle_running",
        "three_public.vehicle_purchase",
        "three_public.abroad",
    ),
    "assets.total": ("assets.in_use", "assets.leased", "assets.other"),
}


def draw_ledger(rng: random.Random, *, step: int = 1) -> dict[str, int]:
    """Yuan in multiples of `step`: a fifth of the parts are 0, the others of any size."""
    true: dict[str, int] = {}
    for total, parts in _PARTS.items():
        for part in parts:
            if part not in true:
                size = 10 ** rng.randint(3, 8)
                true[part] = 0 if rng.random() < 0.2 else rng.randint(1, size) * step
        true[total] = sum(true[part] for part in parts)
    true["balance.current"] = true["income.total"] - true["income.carryover"] - true["expenditure.total"]
    true["balance.cumulative"] = true["income.total"] - true["expenditure.total"]
    return true


def print_ledger(true: dict[str, int], decimals: int) -> dict[str, str]:
    """万元, every cell rounded by itself."""
    step = Decimal(1).scaleb(-decimals)
    return {concept: format((Decimal(v) / 10000).quantize(step, ROUND_HALF_UP), "f") for concept, v in true.items()}
