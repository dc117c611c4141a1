"""Repairs → the causes that findings carry, and one root for the findings that one error explains.

    A2 fails ┐ 基本支出 808.63 → 806.83 (transposition) closes both, breaks none   → a cause of both
    A3 fails ┘ A2 is the root and lists A3 under `affects`; A3 says which finding it may come from

`certain` only where the best repair is likely, clearly ahead and alone; repairs that cannot be told apart share a rank.
No sentence tells the repaired value: findings go to departments.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from gouji.model.finding import Cause, Finding
from gouji.model.finding import Repair as CellRepair
from gouji.validate.repair.build import build_network, concepts_at_fault, is_told, judged_by_key
from gouji.validate.repair.rates import Rates
from gouji.validate.repair.search import Change, Repair, Search

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case
    from gouji.validate.judgement import Judgement
    from gouji.validate.repair.cells import CellBook
    from gouji.validate.repair.network import Cell, Constraint, Key, Network, Row

_MOST = 3
_LIKELY = 1.65
_AHEAD = 1.35
_SETTLED = 0.5  # the next value of the same cell costs so much more
_SAME_RANK = 0.5
_CORROBORATED = 1.2  # a second violated constraint that the same change closes
UNLIKELY = 2.4  # from here on a repair is arithmetic, no slip
_STEPS_OF_ROUNDING = 2
_SHORT = 1000  # steps
_FEW = 3  # digits that are not trailing zeros
_NEVER_CERTAIN = ("missing_entry", "total_not_updated", "several", "double_count")
_NEVER_ALONE = (*_NEVER_CERTAIN, "neighbour", "last_year", "value")  # where a single sum does not close


class Explained(NamedTuple):
    """A group of violated constraints and what would close it."""

    group: list[int]
    repairs: list[Repair]


def explain_findings(
    case: Case, judged: list[tuple[Rule, Judgement]], findings: tuple[Finding, ...]
) -> tuple[Finding, ...]:
    """The findings with the causes of what fails. `judged` stands in the order of `findings`."""
    if not any(is_told(judgement) for _, judgement in judged):
        return findings
    engine = Engine(case, judged_by_key(judged), concepts_at_fault(judged))
    changed = list(findings)
    for network, book, items in engine.explained():
        places = _positions(judged, findings, network)
        for item in items:
            _write_causes(item, changed, places, network, book)
            own = _positions_of(item, places, network, case, changed)
            positions = own + [
                at for at in _rates_at_fault(item, network, book, engine.rates, changed) if at not in own
            ]
            if item.repairs and len(positions) > 1:
                _write_root(changed, positions)
        _withdraw_derived(items, changed, network)
    return tuple(changed)


def _withdraw_derived(items: list[Explained], findings: list[Finding], network: Network) -> None:
    """What a blank total would have to be is not said where it rests on a number that is in doubt itself."""
    doubtful = {
        place.where
        for item in items
        for repair in item.repairs[:_MOST]
        for cell in repair.cells
        for place in network.cells[cell].places
    }
    for position, finding in enumerate(findings):
        if finding.verdict == "undecided" and finding.causes and doubtful & {e.where for e in finding.evidence}:
            findings[position] = msgspec.structs.replace(finding, causes=())


class Engine:
    """First over what the failing rules rest on; what no single cell explains, over the whole report."""

    def __init__(self, case: Case, judged: Mapping[Key, Judgement], concepts: frozenset[str]) -> None:
        self.case = case
        self.judged = judged
        self.concepts = concepts
        self.rates = Rates(case)

    def explained(self) -> Iterator[tuple[Network, CellBook, list[Explained]]]:
        """Networks with the groups they explain."""
        network, book = build_network(self.case, self.judged, self.concepts)
        search = Search(network)
        groups = join_exchanged(groups_of(network), search)
        items = [Explained(group, self.rates.weigh(search.repairs_of(group), network, book)) for group in groups]
        settled = [item for item in items if item.repairs and item.repairs[0].cost < UNLIKELY]
        yield network, book, settled
        if len(settled) < len(items):
            yield self._in_whole([item for item in items if item not in settled], network)

    def _in_whole(self, items: list[Explained], partly: Network) -> tuple[Network, CellBook, list[Explained]]:
        """The groups without a likely repair, in the whole network: exchanges with any neighbour, then two cells."""
        keys = {partly.constraints[number].key for item in items for number in item.group}
        network, book = build_network(self.case, self.judged)
        search = Search(network, whole=True)
        groups = join_exchanged(groups_of(network), search)
        groups = [group for group in groups if any(network.constraints[n].key in keys for n in group)]
        found = ((group, search.repairs_of(group) or search.pairs_of(group)) for group in groups)
        return network, book, [Explained(group, self.rates.weigh(repairs, network, book)) for group, repairs in found]


def groups_of(network: Network) -> list[list[int]]:
    """Violated constraints that share cells, directly or through others, in rule order; fixed cells tie nothing."""
    leader: dict[int, int] = {}  # constraint → an earlier one of its group, itself for the first
    holder: dict[int, int] = {}  # cell → a constraint that has it

    def find(number: int) -> int:
        while leader[number] != number:
            leader[number] = number = leader[leader[number]]
        return number

    for number, constraint in enumerate(network.constraints):
        if constraint.violated:
            leader[number] = number
            for cell in network.members[number]:
                if not network.cells[cell].fixed:
                    leader[find(holder.setdefault(cell, number))] = find(number)
    groups: dict[int, list[int]] = {}
    for number in leader:
        groups.setdefault(find(number), []).append(number)
    return sorted(groups.values(), key=lambda members: members[-1])


def join_exchanged(groups: list[list[int]], search: Search) -> list[list[int]]:
    """Two groups that one exchange closes are one: the sums of two columns where a row has its figures changed round."""
    members = search.network.members
    home = {cell: place for place, group in enumerate(groups) for number in group for cell in members[number]}
    partner: dict[int, int] = {}
    for one, here in home.items():
        for other in search.slips.beside.get(one, ()):
            there = home.get(other, here)
            is_new = there > here and here not in partner and there not in partner
            if is_new and search.exchanges(one, other, [*groups[here], *groups[there]]):
                partner[here], partner[there] = there, here
    return [
        [*group, *groups[partner[place]]] if place in partner else group
        for place, group in enumerate(groups)
        if partner.get(place, place) >= place
    ]


def _positions(judged: list[tuple[Rule, Judgement]], findings: tuple[Finding, ...], network: Network) -> dict[int, int]:
    """Violated constraint → its finding: the same key; of several, the one that shows most of its cells."""
    first: dict[Key, int] = {}
    showing: dict[tuple[Key, str], list[int]] = {}
    for position, (rule, judgement) in enumerate(judged):
        key = (rule.id, judgement.entity or "", judgement.suffix)
        first.setdefault(key, position)
        for piece in findings[position].evidence:
            showing.setdefault((key, piece.where), []).append(position)
    found: dict[int, int] = {}
    for number, constraint in enumerate(network.constraints):
        if constraint.violated:
            key = constraint.key
            wheres = {place.where for cell in network.members[number] for place in network.cells[cell].places}
            shown = Counter(position for where in wheres for position in showing.get((key, where), ()))
            found[number] = min(shown, key=lambda p: (-shown[p], p), default=first[key])
    return found


def _write_causes(
    item: Explained, findings: list[Finding], places: Mapping[int, int], network: Network, book: CellBook
) -> None:
    for number in item.group:
        position = places[number]
        causes = causes_of(item, number, network, book)
        if causes and findings[position].verdict != "review":
            findings[position] = msgspec.structs.replace(findings[position], causes=causes)


def causes_of(item: Explained, number: int, network: Network, book: CellBook) -> tuple[Cause, ...]:
    """At most three; the first alone may be certain."""
    own = [repair for repair in item.repairs if repair.cells & network.members[number]]
    if all(network.cells[cell].fixed for cell in network.members[number]):
        return ()  # the form itself does not agree
    if not own:
        return (Cause("several", (), 1, certain=False),)
    certain = is_certain(item, network)
    causes: list[Cause] = []
    if not certain and len(item.group) == 1 and _may_be_rounding(network, network.constraints[number]):
        causes.append(Cause("rounding", (), 1, certain=False))
    shown = _worth_showing(own, len(item.group))[: _MOST - len(causes)]
    ranks = ranks_of(shown, 1 + len(causes))
    causes += [
        Cause(repair.kind, cell_repairs(repair, network, book), rank, certain=certain and position == 0)
        for position, (repair, rank) in enumerate(zip(shown, ranks, strict=True))
    ]
    return tuple(causes)


def is_certain(item: Explained, network: Network) -> bool:
    """Whether the best repair is likely, no other comes near, and nothing odd is left over."""
    best = item.repairs[0]
    cost = best.cost - _CORROBORATED * (len(item.group) - 1)
    ahead = len(item.repairs) == 1 or item.repairs[1].cost - best.cost >= _AHEAD
    telling = best.kind not in (_NEVER_CERTAIN if len(item.group) > 1 else _NEVER_ALONE)
    likely = ahead and cost <= _LIKELY and best.doubt >= _SETTLED and telling and not _fits_by_chance(item, network)
    return likely and not _is_odd_elsewhere(item, best, network)


def _fits_by_chance(item: Explained, network: Network) -> bool:
    """Whether few digits are all there is to go by: in one sum alone many a number is one digit or a decimal point off."""
    if len(item.group) > 1:
        return False
    return any(_is_short(network.cells[change.cell], change) for change in item.repairs[0].changes)


def _is_short(cell: Cell, change: Change) -> bool:
    telling = min(len(str(abs(value)).rstrip("0")) for value in (cell.value, change.value))
    match change.slip.kind:
        case "digit":
            return telling < _FEW or abs(cell.value) < _SHORT * cell.step or not cell.money
        case "scale":
            return telling < _FEW and cell.money
        case _:
            return False


def _is_odd_elsewhere(item: Explained, best: Repair, network: Network) -> bool:
    cells = frozenset.union(*(network.members[number] for number in item.group)) - best.cells
    return any(not network.cells[cell].admits(network.values[cell]) for cell in cells)


def _worth_showing(repairs: list[Repair], size: int) -> list[Repair]:
    """Without those that any other cell would explain as well."""
    likely = [repair for repair in repairs if repair.cost <= UNLIKELY]
    few = size > 1 or len(repairs) <= _MOST
    return repairs if few and not likely else likely or repairs[:1]


def ranks_of(repairs: list[Repair], first: int) -> list[int]:
    """Repairs of about one cost cannot be told apart: they share a rank."""
    ranks: list[int] = []
    leader = None
    for position, repair in enumerate(repairs):
        if leader is None or repair.cost - leader > _SAME_RANK:
            leader = repair.cost
            ranks.append(first + position)
        else:
            ranks.append(ranks[-1])
    return ranks


def _may_be_rounding(network: Network, constraint: Constraint) -> bool:
    """Whether a sum misses by a step or two more than the printed digits allow."""
    rows = [row for option in constraint.options if option.usual for row in option.rows]
    return not constraint.soft and any(_beyond(network, row) for row in rows)


def _beyond(network: Network, row: Row) -> bool:
    if row.high is None or row.low is None or not row.high:
        return False
    step = max(network.cells[cell].step for cell, _ in row.terms)
    return row.high < abs(network.residual(row)) <= row.high + _STEPS_OF_ROUNDING * step


def cell_repairs(repair: Repair, network: Network, book: CellBook) -> tuple[CellRepair, ...]:
    """Every print of every cell: they are repaired together."""
    found: list[CellRepair] = []
    for change in repair.changes:
        for place in network.cells[change.cell].places:
            found.append(CellRepair(place.where, place.raw or None, book.print_at(place, change.value)))  # noqa: PERF401 - two loops
    return tuple(found)


def _positions_of(
    item: Explained, places: Mapping[int, int], network: Network, case: Case, findings: list[Finding]
) -> list[int]:
    """The findings of a group, the gravest first."""
    order = {rule.id: position for position, rule in enumerate(case.rules.rules)}
    numbers = sorted(
        item.group,
        key=lambda n: (not network.constraints[n].hard, network.constraints[n].soft, order[findings[places[n]].rule]),
    )
    return list(dict.fromkeys(places[number] for number in numbers))


def _rates_at_fault(
    item: Explained, network: Network, book: CellBook, rates: Rates, findings: list[Finding]
) -> list[int]:
    """The findings about rates that the best repair of a group would settle as well."""
    rules = {rule.id for rule in rates.closed_by(item.repairs[0], network, book)} if item.repairs else set()
    return [
        position
        for position, finding in enumerate(findings)
        if finding.rule in rules and finding.verdict == "fail" and finding.entity is None
    ]


def _write_root(findings: list[Finding], positions: list[int]) -> None:
    """One error behind several findings: the first is the root."""
    root = findings[positions[0]]
    dependents = [findings[position] for position in positions[1:]]
    ids = (*root.affects, *(finding.id for finding in dependents))
    findings[positions[0]] = msgspec.structs.replace(root, affects=ids)
    for position, finding in zip(positions[1:], dependents, strict=True):
        findings[position] = msgspec.structs.replace(finding, message=finding.message + _note(root))


def _note(root: Finding) -> str:
    entity = f"{root.entity} " if root.entity else ""
    return f"（可能因{entity}{root.rule}“{root.title}”所涉的同一处错误引起，请一并核实。）"
