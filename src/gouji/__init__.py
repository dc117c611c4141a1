"""gouji（勾稽）: departments' self-evaluation reports → records in which every figure knows its cell, checks, tables.

import gouji
report = gouji.read("报告.docx").reports[0]
report["expenditure.basic"].value.value      # Decimal("871.05")
gouji.check("报告.docx")                      # list of Finding
gouji.facts("out/gouji.db")                  # pandas DataFrame, long; gouji.summary(…) wide
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from os import PathLike
    from pathlib import Path

    import pandas as pd

    from gouji.model.finding import Finding
    from gouji.model.result import Outcome

__version__ = "0.2.0"
__all__ = ["__version__", "check", "facts", "findings", "indicators", "read", "summary"]


def read(path: str | PathLike[str], *, year: int | None = None) -> Outcome:
    """Read one file: `.reports`, `.notices`, `.findings`. Raises ReadError where the file gives no report."""
    from gouji.pipeline.single import read_file

    return read_file(path, year=year)


def check(path: str | PathLike[str], *, year: int | None = None) -> list[Finding]:
    """The findings of one file, passes and not-applicable ones left out. Raises ReadError like `read`."""
    from gouji.pipeline.single import check_file

    return check_file(path, year=year)


def facts(store: str | Path) -> pd.DataFrame:
    """Long frame of a store: one row a fact."""
    from gouji import frames

    return frames.facts(store)


def summary(store: str | Path) -> pd.DataFrame:
    """Wide frame of a store: one row a report, main entities only."""
    from gouji import frames

    return frames.summary(store)


def indicators(store: str | Path) -> pd.DataFrame:
    """Frame of a store: one row a scoring row."""
    from gouji import frames

    return frames.indicators(store)


def findings(store: str | Path) -> pd.DataFrame:
    """Frame of a store: one row a finding, every verdict."""
    from gouji import frames

    return frames.findings(store)
