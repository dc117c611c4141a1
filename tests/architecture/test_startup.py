"""`gouji --help` and `import gouji` start light: no library that reads or writes files is imported."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {"pandas", "numpy", "docx", "lxml", "xlsxwriter", "openpyxl", "pdfplumber", "yaml", "rich", "sqlite3"}
SHOW_HELP = """
from gouji.cli import main
sys.argv = ["gouji", *{arguments!r}]
try:
    main()
except SystemExit as stop:
    assert not stop.code, stop.code
"""


def imported_after(code: str) -> set[str]:
    """Top-level packages that a fresh interpreter holds after running the code."""
    report = f"import sys\n{code}\nprint('\\n'.join(sys.modules), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", report], capture_output=True, text=True, check=True, timeout=60)
    return {name.partition(".")[0] for name in done.stderr.split()}


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["--version"]])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    imported = imported_after(SHOW_HELP.format(arguments=arguments))
    assert "click" in imported
    assert not imported & HEAVY


def test_import_gouji_imports_nothing_heavy() -> None:
    imported = imported_after("import gouji")
    assert "gouji" in imported
    assert not imported & HEAVY
