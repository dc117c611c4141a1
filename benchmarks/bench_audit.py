"""The auditor under test: errors put into the fixture district's reports with a fixed seed, what is found and what is named.

python benchmarks/bench_audit.py [SINGLES [DOUBLES [TABLES]]]

    detected    a finding that was not there before rests on the cell      beyond   the change exceeds a linear rule's tolerance
    first       the first-ranked causes name the wrong cells and the right values, and nothing else
    certain     the causes marked certain: how many, how many right
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal, localcontext
from pathlib import Path
from typing import NamedTuple

from mutations import KINDS, Error, apply_error, draw_error, numbers_of

from gouji.model.finding import Cause, Finding
from gouji.model.report import Report
from gouji.patterns import load_patterns
from gouji.patterns.rules import RuleSet
from gouji.pipeline.document import Engine, examine
from gouji.validate import validate_report
from gouji.validate.case import Case
from gouji.validate.moments import rows_of_moments
from gouji.validate.repair import build_network
from gouji.validate.repair.network import Network

FIXTURES = Path(__file__).parents[1] / "fixtures"
SEED = 20211231
_LINEAR = ("A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8", "A10a", "X1", "X2")
_ACCUSING = ("fail", "review", "undecided")


class Base(NamedTuple):
    """An unmutated report: what is said of it, the network of its linear rules, the cells by evidence id."""

    report: Report
    known: frozenset[tuple[str, str]]
    network: Network
    numbers: dict[str, int]
    scale: int
    silent: frozenset[int]


class Outcome(NamedTuple):
    """One error and what became of it."""

    kind: str
    area: str
    standing: str
    detected: bool
    failed: bool
    first: bool
    named: bool
    certain: tuple[bool, ...]
    milliseconds: float


def load_bases(rules: RuleSet) -> tuple[list[Base], int, int]:
    """Reports of the district and the cases; how many unmutated documents there are, how many hard failures in honest ones."""
    engine = Engine(load_patterns())
    paths = sorted([*FIXTURES.glob("district/*"), *FIXTURES.glob("cases/*/input.*")])
    reports = [r for p in paths for r in examine(p.read_bytes(), p.name, p.name, engine).outcome.reports]
    bases = [base for report in reports if (base := _base(report, rules)) is not None]
    hard = sum(
        finding.verdict == "fail" and finding.severity == "hard"
        for base in bases
        for finding in validate_report(base.report, rules)[0]
    )
    return bases, len(reports), hard


def _base(report: Report, rules: RuleSet) -> Base | None:
    """None for a report that has an error of its own in a linear rule: nobody could tell it from the injected one."""
    findings, _ = validate_report(report, rules)
    if any(f.verdict == "fail" and (f.rule in _LINEAR or f.rule.startswith("X")) for f in findings):
        return None
    with localcontext() as context:
        context.prec = 96
        case = Case(report, rules)
        case.moments = rows_of_moments(report)
        network, book = build_network(case, {})
    silent = _silent(network, findings, report)
    known = frozenset((finding.id, finding.verdict) for finding in findings)
    return Base(report, known, network, dict(book.numbers), book.scale, silent)


def _silent(network: Network, findings: tuple[Finding, ...], report: Report) -> frozenset[int]:
    """Constraints whose rule does not decide on the unmutated report (缺数), and so cannot on the mutated one."""
    head = f"{report.budget_code or report.unit_name or '未知单位'}-{report.fiscal_year or '未知年度'}-"
    undecided = {f.id.removeprefix(head) for f in findings if f.verdict == "undecided"}
    keys = ["-".join(part for part in c.key if part) for c in network.constraints]
    return frozenset(number for number, key in enumerate(keys) if key in undecided)


def standing_of(base: Base, error: Error) -> str:
    """beyond: some linear rule it touches no longer closes · below: they all do, within rounding · none: it stands under none."""
    changes: dict[int, int] = {}
    widened = 0
    for where, right in error.right.items():
        number = base.numbers.get(where)
        if number is None or right is None:
            continue
        cell = base.network.cells[number]
        factor = cell.places[0].factor
        wrong = Decimal(error.wrong[where] or 0)
        changes[number] = int((wrong - right).__mul__(factor).scaleb(base.scale))
        if cell.money and error.wrong[where] and wrong:
            half = int(Decimal("0.5").scaleb(-len(error.wrong[where].partition(".")[2])).__mul__(factor).scaleb(base.scale))
            widened += max(0, half - cell.half)
    touching = {number for cell in changes for number in base.network.touching.get(cell, ())}
    if not touching:
        return "none"
    return "beyond" if any(_breaks(base, number, changes, widened) for number in touching) else "below"


def _breaks(base: Base, number: int, changes: dict[int, int], widened: int) -> bool:
    constraint = base.network.constraints[number]
    if number in base.silent or not base.network.was_closed(number)[0]:
        return False
    return not any(
        all(
            row._replace(
                low=None if row.low is None else row.low - widened, high=None if row.high is None else row.high + widened
            ).holds(base.network.residual(row) + sum(c * changes.get(cell, 0) for cell, c in row.terms))
            for row in option.rows
        )
        for option in constraint.options
    )


def judge_error(base: Base, error: Error, rules: RuleSet) -> Outcome:
    """Validate the mutated report and compare what is said with what was done."""
    report = apply_error(base.report, error)
    start = time.process_time()
    findings, _ = validate_report(report, rules)
    spent = (time.process_time() - start) * 1000
    new = [f for f in findings if f.verdict in _ACCUSING and (f.id, f.verdict) not in base.known]
    touching = [f for f in new if any(e.where in error.right for e in f.evidence)]
    firsts = [f.causes[0] for f in new if f.causes]
    repairs = {r.where: r.new for cause in firsts for r in cause.repair}
    certain = tuple(_is_right(cause, error, base) for f in new for cause in f.causes if cause.certain)
    return Outcome(
        error.kind,
        _area(base, error),
        standing_of(base, error),
        bool(touching),
        any(f.verdict == "fail" for f in touching),
        bool(repairs) and all(_mends(repairs, w, v) for w, v in error.right.items()) and _only(repairs, error, base),
        any(_all_named(f, error) for f in new),
        certain,
        spent,
    )


def _all_named(finding: Finding, error: Error) -> bool:
    """Whether one of the causes shown is the right one."""
    return any(
        cause.repair and all(_mends({r.where: r.new for r in cause.repair}, w, v) for w, v in error.right.items())
        for cause in finding.causes
    )


def _mends(repairs: dict[str, str | None], where: str, right: Decimal | None) -> bool:
    new = repairs.get(where)
    return right is not None and new is not None and _number(new) == right


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def _only(repairs: dict[str, str | None], error: Error, base: Base) -> bool:
    """Whether nothing else is changed, but for copies of the wrong cells."""
    wrong = {base.numbers.get(where) for where in error.right}
    return all(where in error.right or base.numbers.get(where) in wrong for where in repairs)


def _is_right(cause: Cause, error: Error, base: Base) -> bool:
    repairs = {r.where: r.new for r in cause.repair}
    told = [where for where in repairs if where in error.right]
    return bool(told) and all(_mends(repairs, w, error.right[w]) for w in told) and _only(repairs, error, base)


def _area(base: Base, error: Error) -> str:
    scores = {row.cells["score"].where for row in base.report.indicators if "score" in row.cells}
    return "score" if any(where in scores for where in error.right) else "figure"


def draw_singles(bases: list[Base], count: int, rng: random.Random) -> Iterator[tuple[Base, Error]]:
    """Errors of each kind in turn, a random report and cell each."""
    drawn = 0
    while drawn < count:
        base = rng.choice(bases)
        error = draw_error(base.report, KINDS[drawn % len(KINDS)], rng)
        if error is not None:
            drawn += 1
            yield base, error


def draw_doubles(bases: list[Base], count: int, rng: random.Random) -> Iterator[tuple[Base, Error]]:
    """Two errors of any kinds in one report, in different cells."""
    drawn = 0
    while drawn < count:
        base = rng.choice(bases)
        one, two = (draw_error(base.report, rng.choice(KINDS), rng) for _ in range(2))
        if one is not None and two is not None and not set(one.right) & set(two.right):
            drawn += 1
            yield base, Error("double", one.right | two.right, one.wrong | two.wrong)


def share(part: int, whole: int) -> str:
    """12/34 35.3 %"""
    return f"{part}/{whole} {100 * part / whole:.1f} %" if whole else "0/0"


def report_on(name: str, outcomes: list[Outcome]) -> None:
    """One line of the table."""
    beyond = [o for o in outcomes if o.standing == "beyond"]
    found = [o for o in beyond if o.detected]
    certain = [right for o in outcomes for right in o.certain]
    speaking = sum(bool(o.certain) for o in found)
    print(
        f"{name:16}{len(outcomes):6}{sum(o.standing == 'none' for o in outcomes):6}{sum(o.standing == 'below' for o in outcomes):6}"
        f"{len(beyond):7}  {share(len(found), len(beyond)):18}{share(sum(o.first for o in found), len(found)):18}"
        f"{share(sum(o.named for o in found), len(found)):18}{share(speaking, len(found)):18}{share(sum(certain), len(certain)):16}"
    )


def main() -> None:
    """Print the tables."""
    singles, doubles = (int(a) if a else d for a, d in zip((sys.argv[1:3] + ["", ""])[:2], (1600, 300), strict=True))
    rules = load_patterns().rules
    bases, documents, hard = load_bases(rules)
    rng = random.Random(SEED)  # noqa: S311 - mutations, no secret
    print(f"{documents} reports, {len(bases)} without an error of their own, hard failures in these: {hard}")
    print(f"{'':16}{'drawn':>6}{'none':>6}{'below':>6}{'beyond':>7}  {'detected':18}{'first right':18}{'among 3':18}{'speaks certain':18}{'certain right':16}")
    outcomes = [judge_error(base, error, rules) for base, error in draw_singles(bases, singles, rng)]
    for kind in KINDS:
        report_on(kind, [o for o in outcomes if o.kind == kind])
    for area in ("figure", "score"):
        report_on(f"[{area}]", [o for o in outcomes if o.area == area])
    report_on("all single", outcomes)
    pairs = [judge_error(base, error, rules) for base, error in draw_doubles(bases, doubles, rng)]
    report_on("double", pairs)
    print(f"validate with repair, median {statistics.median(o.milliseconds for o in [*outcomes, *pairs]):.2f} ms a mutated report")
    plain = [_clock(base, rules) for base in bases]
    print(f"                      median {statistics.median(plain):.2f} ms an unmutated report")


def _clock(base: Base, rules: RuleSet) -> float:
    start = time.process_time()
    validate_report(base.report, rules)
    return (time.process_time() - start) * 1000


if __name__ == "__main__":
    main()
