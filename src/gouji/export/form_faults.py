"""表样问题: what is wrong with the form itself, told once to the bureau and not to every department that filled it in.

    X4 of 甲局  按2018年度考核得分折算 ┐
    X4 of 乙局  按2018年度考核得分折算 ├─gather_form_faults→ FormFault(X4, 按2018年度…, 3 units)
    X4 of 丙局  按2018年度考核得分折算 ┘

Findings of audience `template` are grouped by rule and text. What the blank form prints, or two units or more alike, came
with the form; what one unit alone prints stays its own finding.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gouji.model.finding import Evidence, Finding

_UNITS = 2
_NAMED = 5
_TELLING = 8  # letters of a text that says by itself which it is
Key = tuple[str, str]


class FormFault(msgspec.Struct, frozen=True):
    """A fault of the form: the rule, the text as printed and its place in words, and whose reports have it."""

    rule: str
    title: str
    place: str
    text: str
    units: tuple[str, ...]
    in_form: bool = False
    key: Key = ("", "")

    @property
    def named(self) -> str:
        """The first few units, after the blank form where that has it."""
        more = f"等 {len(self.units)} 家" if len(self.units) > _NAMED else ""
        return "、".join((*(("空白表样",) if self.in_form else ()), *self.units[:_NAMED])) + more


class Told(NamedTuple):
    """A finding and the unit it was found at, "" for the blank form itself."""

    finding: Finding
    unit: str


def gather_form_faults(told: Iterable[Told], fewest: int = _UNITS) -> tuple[FormFault, ...]:
    """Every fault that so many units have, or the blank form, in the order in which they come."""
    groups: dict[Key, list[tuple[Told, Evidence | None]]] = defaultdict(list)
    for item in told:
        if is_about_form(item.finding):
            for key, piece in _keys(item.finding):
                groups[key].append((item, piece))
    return tuple(
        fault
        for key, members in groups.items()
        if len((fault := _fault(key, members)).units) >= fewest or fault.in_form
    )


def is_folded(finding: Finding, faults: Mapping[Key, FormFault]) -> bool:
    """Whether everything a finding says is among the form's faults."""
    return is_about_form(finding) and all(key in faults for key, _ in _keys(finding))


def faults_by_key(faults: Sequence[FormFault]) -> dict[Key, FormFault]:
    """Faults by what groups them."""
    return {fault.key: fault for fault in faults}


def is_about_form(finding: Finding) -> bool:
    """Whether a finding tells of the form and asks for something."""
    return finding.audience == "template" and finding.verdict in ("fail", "review")


def _keys(finding: Finding) -> list[tuple[Key, Evidence | None]]:
    """One group a text; a short one (the weight 15) with its place. A finding without a text is grouped by its sentence."""
    if not finding.evidence:
        return [((finding.rule, _squeeze(finding.message)), None)]
    return [((finding.rule, _squeeze(_identity(piece))), piece) for piece in finding.evidence]


def _identity(piece: Evidence) -> str:
    return piece.raw if len(piece.raw) >= _TELLING else f"{piece.place}：{piece.raw}"


def _squeeze(text: str) -> str:
    return "".join(text.split())


def _fault(key: Key, members: list[tuple[Told, Evidence | None]]) -> FormFault:
    first, piece = members[0]
    places = list(dict.fromkeys(other.place for _, other in members if other is not None))
    return FormFault(
        rule=first.finding.rule,
        title=first.finding.title,
        place="\n".join(places[:_NAMED]) + (f"\n等 {len(places)} 处" if len(places) > _NAMED else ""),
        text=piece.raw if piece is not None else first.finding.message,
        units=tuple(dict.fromkeys(item.unit for item, _ in members if item.unit)),
        in_form=any(not item.unit for item, _ in members),
        key=key,
    )
