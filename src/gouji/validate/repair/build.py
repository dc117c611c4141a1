"""Report + what was judged → the network of its linear constraints, with those that are violated.

violated    its finding fails (or waits for conflicting copies to be settled), and no reading closes over the integers
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gouji.validate.repair.cells import CellBook
from gouji.validate.repair.checks import check_constraints
from gouji.validate.repair.formulas import formula_constraints
from gouji.validate.repair.network import Network

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case
    from gouji.validate.judgement import Judgement
    from gouji.validate.repair.network import Constraint, Key


def judged_by_key(judged: Iterable[tuple[Rule, Judgement]]) -> dict[Key, Judgement]:
    """Rule, entity, suffix → judgement; of two with one key the failing one."""
    found: dict[Key, Judgement] = {}
    for rule, judgement in judged:
        key = (rule.id, judgement.entity or "", judgement.suffix)
        if key not in found or judgement.verdict == "fail":
            found[key] = judgement
    return found


def build_network(case: Case, judged: Mapping[Key, Judgement]) -> tuple[Network, CellBook]:
    """The network, and the book that prints its cells."""
    book = CellBook(case)
    constraints = [*formula_constraints(case, book), *check_constraints(case, book, judged)]
    network = Network(book.cells, constraints)
    network.constraints = [
        constraint._replace(violated=_is_violated(constraint, judged.get(constraint.key), network))
        for constraint in constraints
    ]
    return network, book


def _is_violated(constraint: Constraint, judgement: Judgement | None, network: Network) -> bool:
    """A finding that only asks to confirm (需核实) accuses nobody: its row is left alone."""
    if judgement is None or not _is_equation(constraint):
        return False
    told = judgement.verdict == "fail" or judgement.say == "undecided.copies"
    return told and not network.closes(constraint, {})


def _is_equation(constraint: Constraint) -> bool:
    return any(row.low is not None and row.high is not None for option in constraint.options for row in option.rows)
