"""What a department is told of the findings: the places, what does not agree and by how much, never a repair.

    Finding(audience="department", verdict="fail") → Remark("【必改】基本支出等于…", ("《支出和结余情况》表 …相差 5.00 万元。", …), ("t1r16c5", …))

A submission may come in several files. A finding is told in full in one of them, with the places in the others; each of
those has a remark of its own at its cell, which leads there.

Undecided and passed checks, what is meant for the bureau or speaks of the printed form, and whatever rests on another unit's
report stay in the house. Last year's report of the unit and what finance holds are no other unit's: the words of such a
finding say how much is between the two figures, and the cell that is shown is the unit's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from gouji.export.plain import clean_text
from gouji.model.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterable, Iterator, Mapping

    from gouji.model.finding import Evidence, Finding
    from gouji.model.result import Outcome

LINE_LIMIT = 1500
LISTED_PLACES = 5
SEE_ALSO = "这一问题的批注写在 {name} 中，请两个文件对照核实。"
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


class Strangers:
    """The files of other units than a file's own; `kin`: every path → the files of its unit. A district has thousands: nothing is copied."""

    __slots__ = ("_kin", "_own", "_path")

    def __init__(self, path: str, kin: Mapping[str, Collection[str]]) -> None:
        self._path, self._kin = path, kin
        self._own = kin.get(path, ())

    def __contains__(self, path: object) -> bool:
        return path in self._kin and path != self._path and path not in self._own


def list_remarks(
    outcome: Outcome, words: Mapping[str, str], strangers: Container[str], parts: Collection[str] = ()
) -> list[Remark]:
    """The remarks on one file, the gravest first. `words`: severity → 必改; `strangers`: the files of other units.

    `parts`: the other files of the same submission.
    """
    own = outcome.source.path
    told = sorted(filter_told(outcome.findings, strangers), key=lambda finding: _SEVERITY_ORDER[finding.standing])
    return [_describe(finding, own, words, parts) for finding in told]


def list_pointers(
    outcome: Outcome, words: Mapping[str, str], strangers: Container[str], parts: Collection[str]
) -> Iterator[tuple[str, Remark]]:
    """For each other file of the submission in which a finding of this one names a cell: its path, and what is said there."""
    own = outcome.source.path
    for finding in filter_told(outcome.findings, strangers):
        for path in dict.fromkeys(piece.source for piece in finding.evidence):
            if path in parts:
                yield path, _point_from(path, finding, own, words)


def filter_told(findings: Iterable[Finding], strangers: Container[str]) -> list[Finding]:
    """The findings a department may see; `strangers`: the files of other units."""
    return [
        finding
        for finding in findings
        if is_told(finding) and not any(piece.source in strangers for piece in finding.evidence)
    ]


def is_told(finding: Finding) -> bool:
    """Whether it is one for the department, and says that something is wrong."""
    return finding.audience == "department" and finding.verdict in _TOLD


def _describe(finding: Finding, own: str, words: Mapping[str, str], parts: Collection[str]) -> Remark:
    here = [piece for piece in finding.evidence if piece.source in ("", own)]
    told = [*_list_places(here), *_list_elsewhere(finding, parts), *_name_basis(finding)]
    return _remark(finding, told, here, words)


def _point_from(path: str, finding: Finding, own: str, words: Mapping[str, str]) -> Remark:
    there = [piece for piece in finding.evidence if piece.source == path]
    return _remark(finding, [*_list_places(there), SEE_ALSO.format(name=name_file(own))], there, words)


def _remark(finding: Finding, told: list[str], at: list[Evidence], words: Mapping[str, str]) -> Remark:
    grade = finding.standing
    title = f"【{words.get(grade, grade)}】{clip(finding.title)}"
    lines = (clip(finding.message), *told, f"问题编号：{clip(finding.id)}")
    return Remark(title, lines, tuple(dict.fromkeys(piece.where for piece in at)), grade)


def name_file(path: str) -> str:
    """The name of a file, for people: a.zip!/附件/附件1.docx → 附件1.docx"""
    return clip(path.replace("!/", "/").rpartition("/")[2])


def _list_elsewhere(finding: Finding, parts: Collection[str]) -> Iterator[str]:
    """Where to look in the other files of the submission."""
    for path in dict.fromkeys(piece.source for piece in finding.evidence):
        if path in parts:
            pieces = [piece for piece in finding.evidence if piece.source == path]
            places = list(dict.fromkeys(clip(piece.place) for piece in pieces if piece.place))
            yield f"另一文件 {name_file(path)}：{_name_places(places)}"


def clip(text: str) -> str:
    """Text of a submission as it may stand in what leaves the house."""
    cleaned = clean_text(text)
    return cleaned if len(cleaned) <= LINE_LIMIT else cleaned[:LINE_LIMIT] + "……（后文从略）"


def _list_places(evidence: list[Evidence]) -> list[str]:
    """Where to look, in words, where it is more than one place."""
    places = list(dict.fromkeys(clip(piece.place) for piece in evidence if piece.place))
    if len(places) <= 1:
        return []
    return [f"涉及：{_name_places(places)}"]


def _name_places(places: list[str]) -> str:
    rest = f" 等 {len(places)} 处" if len(places) > LISTED_PLACES else ""
    return "；".join(places[:LISTED_PLACES]) + rest


def _name_basis(finding: Finding) -> list[str]:
    """The rule's source, where somebody has confirmed it."""
    if finding.basis is None or not finding.basis.verified:
        return []
    return [f"依据：{clip(' '.join(filter(None, (finding.basis.document, finding.basis.clause))))}"]
