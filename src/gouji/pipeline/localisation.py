"""Probable causes and what the rules can tell apart, as plain lines for the bureau: never for a department.

可能原因：数字颠倒：《…》表 · 人员支出 列 630.03 → 603.03（唯一可能）
可能原因（无法区分）：漏填：… ；个别数字有误：…
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gouji.pipeline.single import engine_of, examine_file
from gouji.validate.repair.localise import localise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.model.finding import Cause, Finding
    from gouji.model.report import Report
    from gouji.validate.repair.localise import CellClass, Localisation

_MOST = 12


def cause_lines(finding: Finding, names: dict[str, str]) -> Iterator[str]:
    """The causes of one finding, those that cannot be told apart together. `names`: kind → words."""
    told: dict[int, list[str]] = {}
    for cause in finding.causes:
        told.setdefault(cause.rank, []).append(_cause(cause, names, finding))
    for texts in told.values():
        apart = "（无法区分）" if len(texts) > 1 else ""
        yield f"可能原因{apart}：{'；'.join(texts)}"


def _cause(cause: Cause, names: dict[str, str], finding: Finding) -> str:
    repairs = "，".join(
        f"{'另一处' if (place := finding.place_of(r)) is None else place} {r.old or '（空白）'} → {r.new or '（空白）'}"
        for r in cause.repair
    )
    name = names.get(cause.kind, cause.kind)
    return f"{name}{'：' if repairs else ''}{repairs}{'（唯一可能）' if cause.certain else ''}"


def list_localisation(path: str, folder: str | None, rule_set: str) -> str:
    """What one error in each cell of a file would leave undecided."""
    rules = engine_of(folder, rule_set).patterns.rules
    outcome = examine_file(path, folder=folder, rule_set=rule_set).outcome
    lines = [f"■ {outcome.source.path}"]
    if outcome.failure is not None:
        lines.append(f"  × {outcome.failure.message}")
    for report in outcome.reports:
        lines += _report_lines(report, localise(report, rules))
    return "\n".join(lines)


def _report_lines(report: Report, found: Localisation) -> Iterator[str]:
    several = [group for group in found.classes if group.size > 1]
    ruled = sum(len(group.cells) for group in found.classes)
    yield f"  {report.unit_name or '（未写单位名称）'}：{ruled + len(found.unruled)} 个应填数的格子"
    yield f"  可单独定位 {found.alone} 格：只错一格时，规则能指出是哪一格"
    yield f"  不能区分 {ruled - found.alone} 格，分为 {len(several)} 组：只错一格时，只能指出在哪一组"
    for group in several:
        yield f"    {'、'.join(group.rules)}（{len(group.cells)} 格）：{_names(group)}"
    if found.split:
        names = " + ".join(place.name for place in found.split)
        yield f"  如在表中增设小计“{names}”，最大的一组可分为两组"
    yield f"  未受任何规则约束 {len(found.unruled)} 格" + ("：" if found.unruled else "")
    for place in found.unruled:
        yield f"    {place.words}"


def _names(group: CellClass) -> str:
    shown = "、".join(place.name for place in group.cells[:_MOST])
    shown += f" 等 {len(group.cells)} 格" if len(group.cells) > _MOST else ""
    return shown + ("、正文中的同一数" if group.sentences else "")
