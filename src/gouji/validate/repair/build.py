"""Report + what was judged → the network of its linear constraints, with those that are violated.

violated    its finding fails (or waits for conflicting copies to be settled), and no reading closes over the integers
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gouji.validate.repair.cells import CellBook
from gouji.validate.repair.checks import check_constraints
from gouji.validate.repair.formulas import concepts_of, formula_constraints
from gouji.validate.repair.network import Network

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case
    from gouji.validate.judgement import Judgement
    from gouji.validate.repair.network import Constraint, Key

_ENOUGH = 2


def judged_by_key(judged: Iterable[tuple[Rule, Judgement]]) -> dict[Key, Judgement]:
    """Rule, entity, suffix → judgement; of two with one key the failing one."""
    found: dict[Key, Judgement] = {}
    for rule, judgement in judged:
        key = (rule.id, judgement.entity or "", judgement.suffix)
        if key not in found or judgement.verdict == "fail":
            found[key] = judgement
    return found


def build_network(
    case: Case, judged: Mapping[Key, Judgement], only: frozenset[str] | None = None
) -> tuple[Network, CellBook]:
    """The network, and the book that prints its cells. `only`: just what touches cells of these concepts."""
    book = CellBook(case)
    constraints = [*formula_constraints(case, book, only), *check_constraints(case, book, judged, only)]
    network = Network(book.cells, constraints, exact=is_exact(case))
    network.constraints = [
        constraint._replace(violated=_is_violated(constraint, judged.get(constraint.key), network))
        for constraint in constraints
    ]
    return network, book


def concepts_at_fault(judged: Iterable[tuple[Rule, Judgement]]) -> frozenset[str]:
    """What the rules that fail rest on."""
    found: set[str] = set()
    for rule, judgement in judged:
        if is_told(judgement):
            found |= concepts_of(rule) or {judgement.suffix.partition("-")[0]}
    return frozenset(found)


def is_told(judgement: Judgement) -> bool:
    """Whether a judgement accuses, or waits for conflicting copies to be settled."""
    return judgement.verdict == "fail" or judgement.say == "undecided.copies"


def is_exact(case: Case) -> bool:
    """Whether the sums that close do so to the last digit, and there are enough to tell: then nothing was rounded here."""
    sums = [
        detail
        for outcome in case.outcomes.values()
        if outcome is not None and not outcome.lacking and outcome.verdict == "pass"
        for detail in outcome.evaluation.details
        if detail.compare.sign == "=" and detail.left.mid and detail.left.slack + detail.right.slack > 0
    ]
    return len(sums) >= _ENOUGH and all(detail.left.mid == detail.right.mid for detail in sums)


def _is_violated(constraint: Constraint, judgement: Judgement | None, network: Network) -> bool:
    """A finding that only asks to confirm (需核实) accuses nobody: its row is left alone."""
    if judgement is None or not _is_equation(constraint):
        return False
    return is_told(judgement) and not network.closes(constraint, {})


def _is_equation(constraint: Constraint) -> bool:
    return any(row.low is not None and row.high is not None for option in constraint.options for row in option.rows)
