"""The auditor under test: errors put into the fixture district's reports with a fixed seed, what is found and what is named.

python benchmarks/bench_audit.py [SINGLES [DOUBLES [TABLES]]]

    detected    a finding that was not there before rests on the cell      beyond   the change exceeds a linear rule's tolerance
    first       the first-ranked causes name the wrong cells and the right values, and nothing else
    certain     the causes marked certain: how many, how many right
"""

from __future__ import annotations

import json
import platform
import random
import statistics
import sys
import time
from collections.abc import Iterator
from decimal import Decimal, localcontext
from pathlib import Path
from typing import NamedTuple

from ledgers import draw_ledger, print_ledger
from mutations import KINDS, Error, apply_error, draw_error
from published import failed_edits
from rivals import Answer, Trial, answers, edits_of, is_right, names_cells, trial_of, without_sentences

from gouji.model.finding import Cause, Finding
from gouji.model.report import Report
from gouji.patterns import load_patterns
from gouji.patterns.rules import Example, RuleSet
from gouji.pipeline.document import Engine, examine
from gouji.validate import validate_report
from gouji.validate.case import Case
from gouji.validate.examples import build_report
from gouji.validate.moments import rows_of_moments
from gouji.validate.repair import build_network
from gouji.validate.repair.network import Network

FIXTURES = Path(__file__).parents[1] / "fixtures"
SEED = 20211231
RUNS = 3
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
    """Reports without an error of their own; how many there are in all, how many hard failures nobody planted."""
    engine = Engine(load_patterns())
    paths = sorted([*FIXTURES.glob("district/*"), *FIXTURES.glob("cases/*/input.*")])
    outcomes = [(path, examine(path.read_bytes(), path.name, path.name, engine).outcome) for path in paths]
    reports = [report for _, outcome in outcomes for report in outcome.reports]
    bases = [base for report in reports if (base := _base(report, rules)) is not None]
    hard = sum(
        finding.verdict == "fail" and finding.severity == "hard" and not finding.rule.startswith(_planted(path))
        for path, outcome in outcomes
        for finding in outcome.findings
    )
    return bases, len(reports), hard


def _planted(path: Path) -> tuple[str, ...]:
    """The rules that a fixture is meant to break."""
    beside = sorted(path.parent.glob("expected*.json")) if path.parent.parent.name == "cases" else []
    files = beside or [FIXTURES / "expected" / f"{path.stem}.json"]
    records = [json.loads(file.read_text(encoding="utf-8")) for file in files]
    return tuple({finding["rule"] for record in records for finding in record.get("findings", ())})


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
            half = int(
                Decimal("0.5").scaleb(-len(error.wrong[where].partition(".")[2])).__mul__(factor).scaleb(base.scale)
            )
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
                low=None if row.low is None else row.low - widened,
                high=None if row.high is None else row.high + widened,
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
    counts = [len(outcomes), *(sum(o.standing == kind for o in outcomes) for kind in ("none", "below", "beyond"))]
    shares = [
        share(len(found), len(beyond)),
        share(sum(o.first for o in found), len(found)),
        "" if name == "double" else share(sum(o.named for o in found), len(found)),
        share(speaking, len(found)),
        share(sum(certain), len(certain)),
    ]
    print(f"{name:16}{''.join(f'{count:7}' for count in counts)}  {''.join(f'{text:18}' for text in shares)}")


def compare(bases: list[Base], count: int, rules: RuleSet) -> None:
    """The published methods and gouji on the same errors in tables without sentences. An empty cell is left out: R calls it missing."""
    rng = random.Random(SEED + 1)  # noqa: S311 - mutations, no secret
    plain = [base for b in bases if (base := _base(without_sentences(b.report), rules)) is not None]
    said: dict[str, list[tuple[Trial, Answer]]] = {}
    while min(map(len, said.values()), default=0) < count:
        base = rng.choice(plain)
        error = draw_error(base.report, rng.choice([kind for kind in KINDS if kind != "dropped"]), rng)
        if error is None or standing_of(base, error) != "beyond":
            continue
        trial = trial_of(base.network, base.numbers, base.scale, error)
        for name, answer in (*answers(trial, rng), *_own_answers(base, error, rules)):
            said.setdefault(name, []).append((trial, answer))
    print(
        f"\nthe same {count} errors, tables only          detected          names a repair    cells right       cells and values  wrong"
    )
    for name, pairs in said.items():
        found = sum(answer.detected for _, answer in pairs)
        spoken = [(trial, answer.repair) for trial, answer in pairs if answer.repair is not None]
        cells = sum(names_cells(repair, trial) for trial, repair in spoken)
        right = sum(is_right(repair, trial) for trial, repair in spoken)
        print(
            f"{name:38}{share(found, count):18}{share(len(spoken), count):18}{share(cells, count):18}"
            f"{share(right, count):18}{share(len(spoken) - right, count)}"
        )
    clean = sum(
        bool(failed_edits(edits_of(base.network, exact=True), dict(enumerate(base.network.values)))) for base in plain
    )
    print(f"exact equality fails {clean} of {len(plain)} unmutated reports")


def _own_answers(base: Base, error: Error, rules: RuleSet) -> Iterator[tuple[str, Answer]]:
    """gouji's first-ranked repair, and what it is certain of."""
    findings, _ = validate_report(apply_error(base.report, error), rules)
    new = [f for f in findings if f.verdict in _ACCUSING and (f.id, f.verdict) not in base.known]
    found = any(e.where in error.right for f in new for e in f.evidence)
    firsts = [f.causes[0] for f in new if f.causes and f.causes[0].repair]
    yield "gouji, first-ranked", Answer(found, _corrections(firsts, base))
    yield "gouji, only if certain", Answer(found, _corrections([c for c in firsts if c.certain], base))


def _corrections(causes: list[Cause], base: Base) -> dict[int, int] | None:
    """Cell → value. A repair may name any print of a cell."""
    found = {}
    for repair in (r for cause in causes for r in cause.repair):
        number = base.numbers.get(repair.where)
        if number is not None and repair.new is not None:
            place = next(place for place in base.network.cells[number].places if place.where == repair.where)
            found[number] = int((_number(repair.new) * place.factor).scaleb(base.scale))
    return found or None


def check_honest_tables(count: int, rules: RuleSet) -> None:
    """Ledgers in whole yuan printed at 0, 1, 2 decimals; then a slip of 0.02 in a total of two exact addends."""
    rng = random.Random(SEED + 2)  # noqa: S311 - tables, no secret
    failed = sum(bool(_failing(print_ledger(draw_ledger(rng), rng.randrange(3)), rules)) for _ in range(count))
    print(f"\n{count} honest tables: {failed} with a failing rule")
    slips = min(count, 1000)
    caught = sum(
        "A3" in _failing(_with_slip(draw_ledger(rng, step=100), rng.choice((-2, 2))), rules) for _ in range(slips)
    )
    print(f"a slip of 0.02万元 in a two-addend sum: caught {share(caught, slips)}")


def _failing(figures: dict[str, str], rules: RuleSet) -> set[str]:
    report = build_report(Example("pass", figures))
    return {f.rule for f in validate_report(report, rules)[0] if f.verdict == "fail"}


def _with_slip(true: dict[str, int], cents: int) -> dict[str, str]:
    figures = print_ledger(true, 2)
    return figures | {"expenditure.basic": format(Decimal(figures["expenditure.basic"]) + Decimal(cents) / 100, "f")}


def main() -> None:
    """Print the tables."""
    given = [int(text) for text in sys.argv[1:]]
    singles, doubles, tables = (*given, *(1600, 300, 10_000)[len(given) :])
    rules = load_patterns().rules
    bases, documents, hard = load_bases(rules)
    rng = random.Random(SEED)  # noqa: S311 - mutations, no secret
    print(
        f"{documents} unmutated reports: {hard} hard failures that were not planted; {len(bases)} reports without an error take part"
    )
    print(
        f"\n{'':16}{'drawn':>7}{'none':>7}{'below':>7}{'beyond':>7}  {'detected':18}{'first right':18}{'among 3':18}"
        f"{'speaks certain':18}{'certain right':16}"
    )
    outcomes = [judge_error(base, error, rules) for base, error in draw_singles(bases, singles, rng)]
    for kind in KINDS:
        report_on(kind, [o for o in outcomes if o.kind == kind])
    for area in ("figure", "score"):
        report_on(f"[{area}]", [o for o in outcomes if o.area == area])
    report_on("all single", outcomes)
    pairs = [judge_error(base, error, rules) for base, error in draw_doubles(bases, doubles, rng)]
    report_on("double", pairs)
    print(
        f"\nvalidate with repair: median {statistics.median(o.milliseconds for o in [*outcomes, *pairs]):.2f} ms a mutated report"
    )
    print(
        f"                      median {statistics.median(_clock(base, rules) for base in bases):.2f} ms an unmutated report"
        f" (Python {platform.python_version()}, {platform.python_compiler()})"
    )
    compare(bases, singles // 2, rules)
    check_honest_tables(tables, rules)


def _clock(base: Base, rules: RuleSet) -> float:
    """Milliseconds of this process for a report, the least of a few runs."""
    return min(_clock_once(base, rules) for _ in range(RUNS))


def _clock_once(base: Base, rules: RuleSet) -> float:
    start = time.process_time()
    validate_report(base.report, rules)
    return (time.process_time() - start) * 1000


if __name__ == "__main__":
    main()
