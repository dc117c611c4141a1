"""`make` prepares .venv: an unfit Python is refused in one line, a half-made environment is noticed, a sound one kept."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from architecture.repository import ROOT

if TYPE_CHECKING:
    from types import ModuleType

FIND_PYTHON = ROOT / "tools" / "find_python.sh"
SHELL = shutil.which("sh") or "/bin/sh"


def find_python(wanted: str, path: Path) -> subprocess.CompletedProcess[str]:
    """Run the shell script with nothing on PATH but what the folder holds."""
    environment = {"PATH": str(path), "LC_ALL": "C.UTF-8"}
    command = [SHELL, str(FIND_PYTHON), wanted]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)


def write_interpreter(folder: Path, name: str, line: str) -> Path:
    """A stand-in for an interpreter: a shell script of one line."""
    program = folder / name
    program.write_text(f"#!{SHELL}\n{line}\n", encoding="utf-8")
    program.chmod(0o755)
    return program


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project folder with a name such as users give, holding what the set-up reads."""
    folder = tmp_path / "岳阳（自评） 2021"
    shutil.copytree(ROOT / "tools", folder / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, folder)
    return folder


@pytest.fixture
def setup(project: Path) -> ModuleType:
    """The project's set-up script as a module."""
    spec = importlib.util.spec_from_file_location("setup_env", project / "tools" / "setup_env.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def finished(setup: ModuleType) -> ModuleType:
    """An environment that looks as a finished base installation leaves it (without the packages)."""
    assert setup.make_without_pip()
    (setup.SCRIPTS / "gouji").touch()
    setup.mark_finished([])
    return setup


def test_no_python_at_all_is_one_line(tmp_path: Path) -> None:
    done = find_python("", tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert "没有找到 Python 3.11" in done.stderr


def test_stand_ins_that_do_not_run_are_passed_over(tmp_path: Path) -> None:
    write_interpreter(tmp_path, "python3", "echo 'no version is set' >&2; exit 127")
    write_interpreter(tmp_path, "python3.12", f'exec "{sys.executable}" "$@"')
    done = find_python("", tmp_path)
    assert done.returncode == 0
    assert Path(done.stdout.strip()).is_file()


def test_a_python_that_was_asked_for_is_not_replaced(tmp_path: Path) -> None:
    write_interpreter(tmp_path, "python3", f'exec "{sys.executable}" "$@"')
    done = find_python("python3.8", tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("PYTHON=python3.8 ")


def test_a_finished_environment_is_kept(finished: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finished, "make_venv", lambda: pytest.fail("made again"))
    monkeypatch.setattr(finished, "install", lambda extras: pytest.fail(f"installed again: {extras}"))
    assert finished.main([]) == 0


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_changed_dependencies_are_installed(finished: ModuleType, project: Path, name: str) -> None:
    assert finished.is_current([])
    with (project / name).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert not finished.is_current([])


def test_an_extra_is_installed_once_more(finished: ModuleType) -> None:
    assert not finished.is_current(["dev"])


def test_an_interrupted_install_is_not_sound(finished: ModuleType) -> None:
    assert finished.is_sound()
    finished.UNFINISHED.touch()
    assert not finished.is_sound()


def test_an_environment_without_its_python_is_not_sound(finished: ModuleType) -> None:
    finished.VENV_PYTHON.unlink()
    assert not finished.is_sound()


def test_a_moved_environment_is_not_sound(finished: ModuleType) -> None:
    finished.PLACE.write_bytes(b"/elsewhere")
    assert not finished.is_sound()


def test_each_way_to_make_an_environment_failing_is_one_line(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(setup, "has_module", lambda name: name not in {"ensurepip", "venv", "virtualenv", "pip"})
    monkeypatch.setenv("PATH", "")
    assert setup.main([]) == 1
    told = capfd.readouterr().err
    assert told.count("\n") == 1
    assert "python3-venv" in told
    assert not setup.VENV.exists()


def test_a_failing_installer_leaves_the_environment_unfinished(
    finished: ModuleType, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(finished, "find_installer", lambda: [sys.executable, "-c", "raise SystemExit(1)"])
    assert finished.main(["--extra", "dev"]) == 1
    assert "没有装好" in capfd.readouterr().err
    assert not finished.is_sound()


def test_sources_are_found_under_a_chinese_path_in_any_locale(finished: ModuleType, project: Path) -> None:
    """Python below 3.13 would read an absolute path in the .pth file by the locale's encoding."""
    (project / "src").mkdir()
    (project / "src" / "probe.py").touch()
    packages = next(finished.VENV.rglob("site-packages"))
    (packages / "_gouji.pth").write_text(str(project / "src"), encoding="utf-8")
    finished.write_relative_path()
    command = [str(finished.VENV_PYTHON), "-c", "import probe"]
    done = subprocess.run(command, env={"LC_ALL": "C"}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
