"""Rules as drawn → whole rules, and which of them hang together.

──── ────   pieces end to end, drawn once per cell            one rule
─ ─ ─ ─ ─   dashes, or dots of a dotted line                  one rule
════════    the two strokes of a double rule                  one rule, half way
────┬───    rules that touch or cross                         one group: a table, or a drawing
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from operator import attrgetter

from gouji.readers.lattice.sheet import Rule

SAME = 0.7  # points: strokes of one line, drawn by neighbouring cells
GAP = 3.2  # points between pieces, dashes, or the end of a rule and the rule it should meet
SHORTEST = 6.0  # points: less is a tick, a letter's stroke or a lonely dash
DOUBLE = 3.0  # points between the strokes of a double rule, and between edges that should be one
LIMIT_RULES = 3000  # whole rules of one direction; a page with more is a drawing


class Group:
    """Rules that hang together."""

    __slots__ = ("across", "down")

    def __init__(self) -> None:
        self.across: list[Rule] = []
        self.down: list[Rule] = []


def join_rules(rules: list[Rule], same: float = SAME) -> list[Rule]:
    """Collinear rules that touch made one each, in order of position."""
    joined: list[Rule] = []
    for line in group_collinear(rules, same):
        at = sum([rule.at for rule in line]) / len(line)
        start, end = line[0].start, line[0].end
        for rule in line:
            if rule.start > end + GAP:
                joined.append(Rule(at, start, end))
                start = rule.start
                end = rule.end
            elif rule.end > end:
                end = rule.end
        joined.append(Rule(at, start, end))
    return joined


def group_collinear(rules: list[Rule], same: float) -> list[list[Rule]]:
    """Rules whose positions lie within `same` of the first, each group sorted along the line."""
    lines: list[list[Rule]] = []
    for rule in sorted(rules):
        if lines and rule.at - lines[-1][0].at <= same:
            lines[-1].append(rule)
        else:
            lines.append([rule])
    for line in lines:
        line.sort(key=_start)
    return lines


_start = attrgetter("start")


def drop_short(rules: list[Rule]) -> list[Rule]:
    """Without what is too short to part anything."""
    return [rule for rule in rules if rule.end - rule.start >= SHORTEST]


def group_rules(across: list[Rule], down: list[Rule]) -> list[Group]:
    """The groups that have both directions."""
    across, down = drop_short(join_rules(across)), drop_short(join_rules(down))
    if not across or not down or max(len(across), len(down)) > LIMIT_RULES:
        return []
    parents = list(range(len(across) + len(down)))
    tops = [rule.at for rule in across]
    for index, upright in enumerate(down, len(across)):
        low, high = bisect_left(tops, upright.start - GAP), bisect_right(tops, upright.end + GAP)
        for other in range(low, high):
            if across[other].start - GAP <= upright.at <= across[other].end + GAP:
                parents[_find(parents, other)] = index  # a root still, as it is met here first
    return _collect(across, down, parents)


def _find(parents: list[int], index: int) -> int:
    while parents[index] != index:
        parents[index] = parents[parents[index]]
        index = parents[index]
    return index


def _collect(across: list[Rule], down: list[Rule], parents: list[int]) -> list[Group]:
    groups: defaultdict[int, Group] = defaultdict(Group)
    for index, rule in enumerate(across):
        groups[_find(parents, index)].across.append(rule)
    for index, rule in enumerate(down, len(across)):
        groups[_find(parents, index)].down.append(rule)
    return [group for group in groups.values() if group.across and group.down]


def snap_positions(values: list[float]) -> list[float]:
    """Positions no more than a double rule apart become their middle."""
    snapped: list[float] = []
    cluster: list[float] = []
    for value in sorted(values):
        if cluster and value - cluster[0] > DOUBLE:
            snapped.append((cluster[0] + cluster[-1]) / 2)
            cluster = []
        cluster.append(value)
    return [*snapped, (cluster[0] + cluster[-1]) / 2] if cluster else snapped


def find_nearest(positions: list[float], value: float) -> int:
    """Index of the position next to the value."""
    at = bisect_left(positions, value)
    if at == 0:
        return 0
    if at == len(positions):
        return at - 1
    return at if positions[at] - value < value - positions[at - 1] else at - 1
