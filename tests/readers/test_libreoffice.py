"""The bridge to LibreOffice: what it hands over, what it forbids, and that it never leaves anything running."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import psutil
import pytest
from lxml import etree

from gouji.model.errors import ReadError
from gouji.readers import converted, libreoffice
from gouji.readers.converted import read_word6, read_works
from gouji.readers.libreoffice import convert, find_office, run_office, write_profile
from readers.docx.wordml import docx, p

HANGS = """
import pathlib, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
pathlib.Path(sys.argv[1]).write_text(str(child.pid))
time.sleep(60)
"""


def use_office(monkeypatch: pytest.MonkeyPatch, result: bytes | None) -> list[list[str]]:
    """An office that leaves `result` where a real one would; the commands it was given."""
    commands: list[list[str]] = []

    def run(command: list[str], _seconds: float) -> None:
        commands.append(command)
        assert Path(command[-1]).read_bytes() == b"old"
        if result is not None:
            (Path(command[command.index("--outdir") + 1]) / "source.docx").write_bytes(result)

    monkeypatch.setattr(libreoffice, "find_office", lambda: "soffice")
    monkeypatch.setattr(converted, "find_office", lambda: "soffice")
    monkeypatch.setattr(libreoffice, "run_office", run)
    return commands


def test_the_result_is_handed_over_and_nothing_stays_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    commands = use_office(monkeypatch, b"new")
    assert convert(b"old", ".wps", "docx") == b"new"
    (command,) = commands
    assert command[command.index("--convert-to") + 1] == "docx"
    assert command[-1].endswith("source.wps")
    assert "--headless" in command
    assert not Path(command[-1]).exists()
    assert command[1].startswith("-env:UserInstallation=file:///")


def test_what_cannot_be_converted_is_corrupt(monkeypatch: pytest.MonkeyPatch) -> None:
    use_office(monkeypatch, None)
    with pytest.raises(ReadError, match="请") as caught:
        convert(b"old", ".doc", "docx")
    assert caught.value.code == "corrupt"


def test_a_result_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    use_office(monkeypatch, b"12345")
    monkeypatch.setattr(libreoffice, "LIMIT_RESULT", 4)
    with pytest.raises(ReadError, match="请") as caught:
        convert(b"old", ".doc", "docx")
    assert caught.value.code == "too_large"


def test_without_an_office_the_message_says_how_to_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libreoffice, "find_office", lambda: None)
    with pytest.raises(ReadError, match="安装 LibreOffice") as caught:
        convert(b"old", ".doc", "docx")
    assert caught.value.code == "unsupported"


def test_a_converted_document_says_by_what(monkeypatch: pytest.MonkeyPatch) -> None:
    use_office(monkeypatch, docx(p("正文")))
    document = read_works(b"old")
    assert (document.format, document.via) == ("works", "LibreOffice")
    assert [block.where for block in document.blocks] == ["p1"]


def test_what_hangs_is_ended_with_all_it_started(tmp_path: Path) -> None:
    noted = tmp_path / "child"
    began = time.monotonic()
    with pytest.raises(ReadError, match="时间") as caught:
        run_office([sys.executable, "-c", HANGS, str(noted)], 3)
    assert caught.value.code == "timeout"
    assert time.monotonic() - began < 20
    child = int(noted.read_text())
    while psutil.pid_exists(child) and psutil.Process(child).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() - began < 20
        time.sleep(0.05)


def test_macros_and_links_are_off(tmp_path: Path) -> None:
    write_profile(tmp_path)
    root = etree.parse(tmp_path / "user" / "registrymodifications.xcu").getroot()
    name = "{http://openoffice.org/2001/registry}"
    values = {prop.get(f"{name}name"): prop.findtext("value") for prop in root.iter("prop")}
    assert values["DisableMacrosExecution"] == "true"
    assert values["MacroSecurityLevel"] == "3"
    assert values["BlockUntrustedRefererLinks"] == "true"
    assert len(list(root)) == len(libreoffice.SETTINGS)


@pytest.mark.skipif(find_office() is None and "CI" not in os.environ, reason="LibreOffice is not installed")
def test_a_real_office_converts() -> None:
    document = read_word6(docx(p("正文一"), p("正文二")))
    assert [getattr(block, "text", "") for block in document.blocks] == ["正文一", "正文二"]
