"""What a department is told of the findings: the places, what does not agree and by how much, never a repair.

    Finding(audience="department", verdict="fail") → Remark("【必改】基本支出等于…", ("《支出和结余情况》表 …相差 5.00 万元。", …), ("t1r16c5", …))

Undecided and passed checks, what is meant for the bureau or speaks of the printed form, and whatever rests on another unit's
report stay in the house.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from gouji.export.plain import clean_text
from gouji.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from gouji.model.finding import Evidence, Finding
    from gouji.model.result import Outcome

LINE_LIMIT = 1500
LISTED_PLACES = 5
_TOLD = ("fail", "review")
_SEVERITY_ORDER: dict[Severity, int] = {"hard": 0, "explain": 1, "note": 2}


class Remark(msgspec.Struct, frozen=True):
    """One finding in words, and the evidence ids it rests on in this document; the first is where it is shown."""

    title: str
    lines: tuple[str, ...]
    where: tuple[str, ...]
    severity: Severity


class Signature(msgspec.Struct, frozen=True):
    """Who signs the remarks, and when (local time, ISO to the second): never a user of the machine."""

    author: str
    initials: str
    time: str


def list_remarks(outcome: Outcome, words: Mapping[str, str], kin: Collection[str] = ()) -> list[Remark]:
    """The remarks on one file, the gravest first. `words`: severity → 必改; `kin`: other files of the same unit."""
    own = outcome.source.path
    told = sorted(filter_told(outcome.findings, {own, *kin}), key=lambda finding: _SEVERITY_ORDER[finding.standing])
    return [_describe(finding, own, words) for finding in told]


def filter_told(findings: Iterable[Finding], paths: Collection[str]) -> list[Finding]:
    """The findings a department may see; `paths` are the files of its own."""
    return [
        finding
        for finding in findings
        if finding.audience == "department"
        and finding.verdict in _TOLD
        and all(piece.source in ("", *paths) for piece in finding.evidence)
    ]


def _describe(finding: Finding, own: str, words: Mapping[str, str]) -> Remark:
    here = [piece for piece in finding.evidence if piece.source in ("", own)]
    lines = [clip(finding.message), *_list_places(here), *_name_basis(finding), f"问题编号：{clip(finding.id)}"]
    grade = finding.standing
    title = f"【{words.get(grade, grade)}】{clip(finding.title)}"
    return Remark(title, tuple(lines), tuple(dict.fromkeys(piece.where for piece in here)), grade)


def clip(text: str) -> str:
    """Text of a submission as it may stand in what leaves the house."""
    cleaned = clean_text(text)
    return cleaned if len(cleaned) <= LINE_LIMIT else cleaned[:LINE_LIMIT] + "……（后文从略）"


def _list_places(evidence: list[Evidence]) -> list[str]:
    """Where to look, in words, where it is more than one place."""
    places = list(dict.fromkeys(clip(piece.place) for piece in evidence if piece.place))
    if len(places) <= 1:
        return []
    rest = f" 等 {len(places)} 处" if len(places) > LISTED_PLACES else ""
    return [f"涉及：{'；'.join(places[:LISTED_PLACES])}{rest}"]


def _name_basis(finding: Finding) -> list[str]:
    """The rule's source, where somebody has confirmed it."""
    if finding.basis is None or not finding.basis.verified:
        return []
    return [f"依据：{clip(' '.join(filter(None, (finding.basis.document, finding.basis.clause))))}"]
