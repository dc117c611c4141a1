"""What holds for every test.

With `CI=true` in the environment a skipped test is a failed one: on that machine everything a test may need has been
installed, so a skip would hide a check that did not run. Expected failures (xfail) stay what they are.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator

AnyReport = TypeVar("AnyReport", pytest.TestReport, pytest.CollectReport)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return fail_skipped((yield))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """A whole module may skip itself while it is collected."""
    return fail_skipped((yield))


def fail_skipped(report: AnyReport) -> AnyReport:
    """Turn a skip into a failure that gives the skip's own reason."""
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("CI") == "true":
        report.outcome = "failed"
        report.longrepr = f"A skipped test counts as failed when CI=true: {skip_reason(report.longrepr)}"
    return report


def skip_reason(longrepr: Any) -> str:
    """A skip's longrepr is (path, line, reason)."""
    if isinstance(longrepr, tuple):
        path, line, reason = longrepr
        return f"{reason} ({path}:{line})"
    return str(longrepr)
