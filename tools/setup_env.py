"""Make, repair or refresh `.venv` with gouji in it: `python tools/setup_env.py [--extra dev] [--this-python]`.

    .venv/                  removed and made again where it does not run, or where .unfinished is in it
      .unfinished           an install is under way, or was interrupted
      .place                the project folder: where that was moved, the commands in .venv name an interpreter that is gone
      .installed-base       digest of what gouji was installed from (pyproject.toml, constraints.txt)
      .installed-dev        the same for an extra; while all that are asked for match, nothing is done

Uses the standard library alone and any Python from 3.11 on. Where packages come from is pip's own configuration.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
SCRIPTS = VENV / ("Scripts" if os.name == "nt" else "bin")
SUFFIX = ".exe" if os.name == "nt" else ""
VENV_PYTHON = SCRIPTS / f"python{SUFFIX}"
UNFINISHED = VENV / ".unfinished"
PLACE = VENV / ".place"
MINIMUM = (3, 11)
PIP_OF_OTHERS = (22, 3)  # the first pip that installs into another environment (--python)
DESCRIBE = "import sys; print(sys.version_info >= (3, 11), sys.base_prefix, sep='\\n')"


class SetupFailedError(Exception):
    """Told to the user as it stands: what is missing and what to install."""


def main(arguments: list[str] | None = None) -> int:
    """0 where the environment is ready; 1 after one line that says what to do."""
    parser = argparse.ArgumentParser(description="准备 .venv")
    parser.add_argument("--extra", action="append", default=[], help="也安装这一组可选组件（dev、bench、analyst）")
    parser.add_argument("--this-python", action="store_true", help="环境若由别的 Python 所建，则重建")
    options = parser.parse_args(arguments)
    try:
        with hold_lock():
            prepare(options.extra, this_python=options.this_python)
    except SetupFailedError as failure:
        print(failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("已中断。重新运行同一命令会从头装好。", file=sys.stderr)
        return 130
    return 0


def prepare(extras: list[str], *, this_python: bool) -> None:
    """Bring `.venv` to the state that the project files ask for; cheap where it is there already."""
    if not is_sound() or (this_python and read_base() != sys.base_prefix):
        make_venv()
    if not is_current(extras):
        install(extras)


# ── is there anything to do ──────────────────────────────────────────────────────────────────────────────────────────


def is_sound() -> bool:
    """Whether `.venv` was finished, for this folder, and runs a Python that gouji can use."""
    moved = PLACE.is_file() and PLACE.read_bytes() != os.fsencode(ROOT)
    return not moved and not UNFINISHED.exists() and read_base() is not None


def read_base() -> str | None:
    """The folder of the Python that `.venv` was made from; None where it does not run or is too old."""
    try:
        command = [str(VENV_PYTHON), "-c", DESCRIBE]
        answer = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    fit, base = answer.stdout.splitlines()
    return base if fit == "True" else None


def is_current(extras: list[str]) -> bool:
    """Whether exactly this was installed before, and the command is still there."""
    wanted = digest()
    stamps = all(stamp.is_file() and stamp.read_text("ascii") == wanted for stamp in find_stamps(extras))
    return stamps and (SCRIPTS / f"gouji{SUFFIX}").exists()


def find_stamps(extras: list[str]) -> list[Path]:
    return [VENV / f".installed-{part}" for part in ("base", *extras)]


def digest() -> str:
    """What the installation depends on."""
    sha = hashlib.sha256()
    for name in ("pyproject.toml", "constraints.txt"):
        sha.update((ROOT / name).read_bytes())
    return sha.hexdigest()


@contextlib.contextmanager
def hold_lock() -> Iterator[None]:
    """Two commands started together do not build the same environment at once (where the system has file locks)."""
    try:
        import fcntl  # noqa: PLC0415 - POSIX only
    except ImportError:
        yield
        return
    place = ROOT / ".cache" / "setup.lock"
    place.parent.mkdir(exist_ok=True)
    with place.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


# ── making the environment ───────────────────────────────────────────────────────────────────────────────────────────


def make_venv() -> None:
    """Remove what is there and try each way in turn; a way counts when packages can then be installed."""
    remove_venv()
    for make in (make_with_pip, make_without_pip, make_by_virtualenv, make_by_uv):
        remove_venv()
        VENV.mkdir()
        UNFINISHED.touch()
        if make() and read_base() is not None and find_installer():
            return
    remove_venv()
    msg = (
        "这台机器的 Python 缺少建立虚拟环境的组件。请先安装 python3-venv"
        "（Debian、Ubuntu、统信、麒麟：sudo apt-get install python3-venv），再重新运行。"
    )
    raise SetupFailedError(msg)


def remove_venv() -> None:
    """The interpreter goes first: what an interrupted removal leaves must not run."""
    if VENV.is_symlink() or VENV.is_file():
        VENV.unlink()
    elif VENV.exists():
        VENV_PYTHON.unlink(missing_ok=True)
        shutil.rmtree(VENV)


def make_with_pip() -> bool:
    """The standard way. Debian ships a Python without ensurepip, for which it can only fail."""
    return has_module("ensurepip") and runs(sys.executable, "-m", "venv", VENV)


def make_without_pip() -> bool:
    """Then this Python's own pip, or uv, installs from outside."""
    return has_module("venv") and runs(sys.executable, "-m", "venv", "--without-pip", VENV)


def make_by_virtualenv() -> bool:
    if has_module("virtualenv"):
        return runs(sys.executable, "-m", "virtualenv", VENV)
    command = shutil.which("virtualenv")
    return command is not None and runs(command, "--python", sys.executable, VENV)


def make_by_uv() -> bool:
    command = shutil.which("uv")
    return command is not None and runs(command, "venv", "--allow-existing", "--python", sys.executable, VENV)


def has_module(name: str) -> bool:
    """Whether this Python has the module; a namespace left by an emptied folder does not count."""
    spec = importlib.util.find_spec(name)
    return spec is not None and spec.origin is not None


def runs(*command: str | Path) -> bool:
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode == 0


# ── installing into it ───────────────────────────────────────────────────────────────────────────────────────────────


def install(extras: list[str]) -> None:
    """Install gouji, editable, at the pinned versions; `.unfinished` stands for as long as it takes."""
    installer = find_installer()
    if installer is None:
        make_venv()
        installer = find_installer() or []
    print("正在安装所需组件，约需一两分钟……", file=sys.stderr)
    UNFINISHED.touch()
    target = f".[{','.join(extras)}]" if extras else "."
    command = [*installer, "--quiet", "--constraint", "constraints.txt", "--editable", target]
    # A `user = true` in the user's settings would send the packages past the environment.
    environment = os.environ | {"PIP_USER": "0"}
    if subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode != 0:
        msg = "组件没有装好，原因见上面几行。请检查网络和 pip 的设置（镜像、代理、证书），再重新运行同一命令。"
        raise SetupFailedError(msg)
    write_relative_path()
    mark_finished(extras)


def mark_finished(extras: list[str]) -> None:
    PLACE.write_bytes(os.fsencode(ROOT))
    for stamp in find_stamps(extras):
        stamp.write_text(digest(), "ascii")
    UNFINISHED.unlink(missing_ok=True)


def write_relative_path() -> None:
    """Point the environment to src/ by a relative path.

    Python below 3.13 decodes .pth files by the locale: under LANG=C, or in GBK, a folder with a Chinese name is either
    not found or keeps Python from starting.
    """
    source = os.fsencode(ROOT / "src")
    for path in VENV.rglob("*.pth"):
        if path.read_bytes().strip() == source:
            path.write_text(f"{os.path.relpath(ROOT / 'src', path.parent)}\n", "ascii")


def find_installer() -> list[str] | None:
    """The start of a command that installs into `.venv`: its own pip, this Python's pip, or uv."""
    ways: list[Callable[[], list[str] | None]] = [own_pip, pip_from_outside, uv_from_outside]
    return next((command for way in ways if (command := way())), None)


def own_pip() -> list[str] | None:
    pip = [str(VENV_PYTHON), "-m", "pip"]
    return [*pip, "install"] if runs(*pip, "--version") else None


def pip_from_outside() -> list[str] | None:
    if not has_module("pip"):
        return None
    from pip import __version__ as version  # noqa: PLC0415 - absent from some Pythons

    fit = tuple(int(part) for part in version.split(".")[:2]) >= PIP_OF_OTHERS
    return [sys.executable, "-m", "pip", "--python", str(VENV_PYTHON), "install"] if fit else None


def uv_from_outside() -> list[str] | None:
    command = shutil.which("uv")
    return [command, "pip", "install", "--python", str(VENV_PYTHON)] if command else None


if __name__ == "__main__":
    sys.exit(main())
