"""Texts of a run beside each other: whole reports of units, not accounts and not projects."""

from __future__ import annotations

import msgspec

from gouji.model.report import Report, Section
from gouji.pipeline.echoes import Echoes
from gouji.validate.context import Context
from outcomes import report, wrap

DONE = (
    "全年修整绿道十二公里，补植乔木三百余株，更换破损座椅，公园晨练区域新增照明，夜间出行更加方便。"
    "养护班组按月排班，主干道每日保洁两次，节假日增派人手，树木倒伏的情况当天处置完毕。"
)


def told(code: str, name: str, **more: object) -> Report:
    plain = report(code, name, {}, sections=(Section("一", "主要成效", "p10", DONE),))
    return msgspec.structs.replace(plain, **more)


def contexts(*reports: Report) -> list[Context]:
    """All reports in one file, seen and then asked."""
    echoes, outcome = Echoes(), wrap(*reports)
    echoes.see(outcome)
    return [echoes.add_to(Context(), outcome, index) for index in range(len(reports))]


def test_two_units_in_one_file_are_told_apart_by_their_place_in_it() -> None:
    first, second = contexts(told("1", "云溯区园林局"), told("2", "云溯区水利局"))
    assert first.echoes is not None
    assert second.echoes is not None
    assert [(echo.unit_name, echo.index) for echo in first.echoes] == [("云溯区水利局", 1)]
    assert [(echo.unit_name, echo.index) for echo in second.echoes] == [("云溯区园林局", 0)]


def test_accounts_and_projects_are_not_compared() -> None:
    first, account, project = contexts(
        told("1", "云溯区园林局"), told("2", "云溯区水利局", kind="account"), told("3", "云溯区民政局", kind="project")
    )
    assert (first.echoes, account.echoes, project.echoes) == ((), None, None)
