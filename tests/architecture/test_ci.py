"""With CI=true nothing is skipped unnoticed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).parents[1] / "conftest.py"
SKIPS = {
    "a mark": "import pytest\n@pytest.mark.skip(reason='no font')\ndef test(): pass\n",
    "inside the test": "import pytest\ndef test(): pytest.skip('no font')\n",
    "a whole module": "import pytest\npytest.skip('no font', allow_module_level=True)\n",
}
EXPECTED_FAILURE = "import pytest\n@pytest.mark.xfail(reason='known')\ndef test(): raise ValueError\n"


def run_pytest(folder: Path, test: str, *, ci: str) -> subprocess.CompletedProcess[str]:
    """One test file beside the real conftest.py, in a pytest of its own."""
    shutil.copy(CONFTEST, folder)
    (folder / "test_it.py").write_text(test, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:hypothesispytest", str(folder)]
    environment = os.environ | {"CI": ci}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize("test", SKIPS.values(), ids=SKIPS.keys())
def test_a_skip_fails_in_ci_and_gives_its_reason(tmp_path: Path, test: str) -> None:
    done = run_pytest(tmp_path, test, ci="true")
    assert done.returncode not in {0, 5}
    assert "counts as failed when CI=true" in done.stdout
    assert "no font" in done.stdout


@pytest.mark.parametrize("test", SKIPS.values(), ids=SKIPS.keys())
def test_elsewhere_a_skip_is_a_skip(tmp_path: Path, test: str) -> None:
    done = run_pytest(tmp_path, test, ci="")
    assert done.returncode in {0, 5}
    assert "1 skipped" in done.stdout


def test_an_expected_failure_is_no_skip(tmp_path: Path) -> None:
    done = run_pytest(tmp_path, EXPECTED_FAILURE, ci="true")
    assert done.returncode == 0
    assert "1 xfailed" in done.stdout
