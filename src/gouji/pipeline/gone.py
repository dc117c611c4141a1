"""Units whose reports the run before had and this one has not: a folder was named in part, or a file was taken away.

run 7   102001 某局 2021, 103001 某校 2021   →   103001 某校 is gone
run 8   102001 某局 2021
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.store import Store

GONE = (
    "上次运行有、这次没有读到报告的单位 {count} 家：{names}。各表只含这次读到的；如非有意，请把全部报告放在一起再运行。"
)
_LISTED = 8


def describe_gone(store: Store, run: int) -> Iterator[str]:
    """One line where units of the years of this run were in the last complete run before it, and are not in this one."""
    rows = store.read_rows("SELECT MAX(id) FROM runs WHERE complete AND id < ?", (run,))
    before, now = _units_of(store, rows[0][0]), _units_of(store, run)
    years = {year for _, _, year in now}
    there = {(word, year) for code, name, year in now for word in (code, name) if word}
    gone = [unit for unit in before if unit[2] in years and not {(unit[0], unit[2]), (unit[1], unit[2])} & there]
    if gone:
        names = "、".join(dict.fromkeys(name or code for code, name, _ in gone[:_LISTED]))
        yield GONE.format(count=len(gone), names=names + (" 等" if len(gone) > _LISTED else ""))


def _units_of(store: Store, run: int | None) -> list[tuple[str, str, int]]:
    """Budget code, name and year of every unit in a run."""
    return store.read_rows(
        "SELECT DISTINCT COALESCE(r.budget_code, ''), COALESCE(r.unit_name, ''), r.fiscal_year FROM files f"
        " JOIN reports r ON r.submission_id = f.submission_id"
        " WHERE f.run_id = ? AND r.fiscal_year IS NOT NULL AND COALESCE(r.budget_code, r.unit_name, '') <> '' ORDER BY 1, 2",
        (run,),
    )
