"""Formats that no reader of ours knows, turned into one that we read by LibreOffice, where it is installed.

    bytes ─→ work folder: source.doc, profile ─→ soffice --headless --convert-to docx ─→ bytes
                                                 macros off, links never updated, killed with all it started

Every call has a profile of its own, so that calls do not meet and nothing of the user's settings is used.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import psutil

from gouji.model.errors import ReadError

PROGRAMS = ("soffice.com", "soffice", "libreoffice") if sys.platform == "win32" else ("soffice", "libreoffice")
USUAL_PLACES = (
    "C:/Program Files/LibreOffice/program/soffice.com",
    "C:/Program Files (x86)/LibreOffice/program/soffice.com",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)
SECONDS = 60.0
LIMIT_RESULT = 200 * 1024 * 1024
ABSENT = "读取这种文件需要 LibreOffice，本机没有安装；请安装 LibreOffice，或用 WPS 或 Word 打开后另存为 .docx 再提交。"
TOO_SLOW = "LibreOffice 没有在规定时间内转换完这个文件，已停止；请用 WPS 或 Word 打开后另存为 .docx 再提交。"
FAILED = "LibreOffice 不能打开这个文件，可能已损坏；请用 WPS 或 Word 打开后另存为 .docx 再提交。"
RESULT_TOO_LARGE = "文件转换后过大（超过 200 MB），为安全起见未读取；请确认文件是否正常，另存为 .docx 后再提交。"

_SETTING = (
    '<item oor:path="/org.openoffice.Office.{}"><prop oor:name="{}" oor:op="fuse"><value>{}</value></prop></item>'
)
SETTINGS = (
    ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Writer/Content/Update", "Link", "0"),
    ("Calc/Content/Update", "Link", "1"),  # never; Calc counts from another end than Writer
    ("Common/Misc", "FirstRun", "false"),
)


def find_office() -> str | None:
    """The program that converts, None where LibreOffice is not installed."""
    found = next((path for name in PROGRAMS if (path := shutil.which(name))), None)
    return found or next((place for place in USUAL_PLACES if Path(place).is_file()), None)


def convert(data: bytes, suffix: str, target: str, seconds: float = SECONDS) -> bytes:
    """The content of a file with this suffix (".doc") as another type ("docx").

    Raises ReadError: "unsupported" where LibreOffice is not installed, "timeout", "corrupt" or "too_large".
    """
    with tempfile.TemporaryDirectory(prefix="gouji-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        source = folder / f"source{suffix}"
        source.write_bytes(data)
        convert_files([source], target, folder / "out", seconds)
        result = folder / "out" / f"source.{target.partition(':')[0]}"
        if not result.is_file():
            raise ReadError("corrupt", FAILED)
        if result.stat().st_size > LIMIT_RESULT:
            raise ReadError("too_large", RESULT_TOO_LARGE)
        return result.read_bytes()


def convert_files(sources: list[Path], target: str, out: Path, seconds: float) -> None:
    """Convert files into a folder; one that cannot be converted leaves nothing there.

    Raises ReadError "unsupported" where LibreOffice is not installed, "timeout" where it takes too long.
    """
    office = find_office()
    if office is None:
        raise ReadError("unsupported", ABSENT)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="gouji-office-", ignore_cleanup_errors=True) as profile:
        write_profile(Path(profile))
        options = ["--headless", "--norestore", "--nologo", "--nolockcheck", "--nodefault", "--convert-to", target]
        setting = f"-env:UserInstallation={Path(profile).resolve().as_uri()}"
        run_office([office, setting, *options, "--outdir", str(out), *map(str, sources)], seconds)


def write_profile(profile: Path) -> None:
    """Settings that keep macros from running and links from being followed."""
    items = "".join(_SETTING.format(*setting) for setting in SETTINGS)
    folder = profile / "user"
    folder.mkdir()
    (folder / "registrymodifications.xcu").write_text(
        f'<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>',
        encoding="utf-8",
    )


def run_office(command: list[str], seconds: float) -> None:
    """Run it to its end, or end it with everything it has started. Raises ReadError "timeout"."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        kill_group(process)
        raise ReadError("timeout", TOO_SLOW) from None
    except BaseException:  # Ctrl-C, a worker's alarm: nothing may be left running
        kill_group(process)
        raise


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """End a program that was not waited for yet, and all it has started, whatever groups that has made."""
    children: list[psutil.Process] = []
    with suppress(psutil.Error):
        children = psutil.Process(process.pid).children(recursive=True)
    if sys.platform != "win32":
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    for child in children:
        with suppress(psutil.Error):
            child.kill()
    process.kill()
    process.wait()
