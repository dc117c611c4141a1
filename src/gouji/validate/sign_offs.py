"""C4: places to sign, to date, to comment. Only the sealed copy has to be signed, and the bureau's own box never is a fault.

部门（单位）意见：            ← blank on the sealed copy
     2022年2月30日           ← on any copy: no such day
     2021年11月30日          ← signed before the year was over

Handwriting and seals are no text: what is blank here may be filled by hand, and the finding says so.
"""

from __future__ import annotations

import calendar
from typing import TYPE_CHECKING

from gouji.validate.case import present
from gouji.validate.judgement import NOT_APPLICABLE, Judgement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.model.report import SignOff
    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case

_COVER = "报告日期"  # X3 compares it with the year
_BY_HAND = "手写的内容和印章不在文字中，请对照原件。"
_DECEMBER = 12
_SHOWN = 8


def check_sign_offs(rule: Rule, case: Case) -> Iterator[Judgement]:
    """One judgement a report."""
    own = [place for place in case.report.sign_offs if not place.bureau]
    if not own:
        yield NOT_APPLICABLE
        return
    sealed = _is_sealed(case.source, rule)
    blank = [place for place in own if place.state == "blank"]
    empty = [place for place in blank if sealed or place.label == _COVER]
    wrong = [(place, what) for place in own if (what := _date_fault(place, case.report.fiscal_year))]
    if empty or wrong:
        yield _fault(empty, wrong, case)
    elif blank:
        yield Judgement("not_applicable", "signed.copy", {"数": str(len(blank))})
    else:
        yield Judgement("pass", "signed.pass")


def _is_sealed(source: str, rule: Rule) -> bool:
    """Whether the file's name says that it is the signed and sealed copy."""
    name = source.replace("\\", "/").rpartition("/")[2]
    return any(word in name for word in rule.options.get("sealed", ()))


def _date_fault(place: SignOff, year: int | None) -> str:
    """What is wrong with a date; "" where nothing is, or nobody can tell."""
    parts = [int(part) for part in (place.date or "").split("-") if part]
    if not parts:
        return ""
    if not _is_possible(parts):
        return f"{place.date} 没有这一天"
    early = year is not None and place.label != _COVER and _is_before_end(parts, year)
    return f"{place.date} 早于 {year} 年年末" if early else ""


def _is_possible(parts: list[int]) -> bool:
    """2022-13, 2022-02-30: no such month, no such day."""
    year, month, day = (*parts, 1, 1)[:3]
    return 1 <= month <= _DECEMBER and 1 <= day <= calendar.monthrange(year, month)[1]


def _is_before_end(parts: list[int], year: int) -> bool:
    """Whether a date as far as it is printed is before the last day of the year."""
    return parts < [year, _DECEMBER, 31][: len(parts)]


def _fault(empty: list[SignOff], wrong: list[tuple[SignOff, str]], case: Case) -> Judgement:
    lines = list(dict.fromkeys(f"{place.place}空白" for place in empty))
    lines += dict.fromkeys(f"{place.place}写的是 {what}" for place, what in wrong)
    more = f"等 {len(lines)} 处" if len(lines) > _SHOWN else ""
    places = [*empty, *(place for place, _ in wrong)]
    evidence = present(
        case.evidence_of_text(place.where, place.place, place.date or "", place.state) for place in places
    )
    slots = {"项": "、".join(lines[:_SHOWN]) + more, "说明": _BY_HAND if empty else "请核对。"}
    return Judgement("review", "signed.review", slots, evidence=evidence)
