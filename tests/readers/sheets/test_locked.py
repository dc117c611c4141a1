"""Passwords: what opens a file, what does not, and that none is ever written down."""

from __future__ import annotations

import io
import json
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import msoffcrypto
import pytest
from msoffcrypto.format.ooxml import OOXMLFile

from gouji.model.document import Document, Part
from gouji.model.errors import ReadError
from gouji.readers import LOCKED, NONE_FITS, locked, pdf, read_document
from gouji.readers.sniff import sniff
from readers.sheets.biff_writer import Leaf, wrap_ole, write_xls
from readers.sheets.grids import draw
from readers.sheets.test_xlsx import build, fill_form

TWIN = Path(__file__).parents[3] / "fixtures" / "cases" / "twin_docx" / "input.docx"
SECRET = "云溯pass-2021"
LEAF = Leaf("收支", {(0, 0): "项目", (0, 1): "金额", (1, 0): "接待费", (1, 1): 7.72}, merges=[(3, 0, 3, 1)])


def encrypt(data: bytes, password: str) -> bytes:
    """An OOXML package under a password (agile)."""
    target = io.BytesIO()
    OOXMLFile(io.BytesIO(data)).encrypt(password, target)
    return target.getvalue()


LOCKED_FILES = {
    "docx": encrypt(TWIN.read_bytes(), SECRET),
    "xlsx": encrypt(build(fill_form), SECRET),
    "xls": write_xls([LEAF], password=SECRET),
}


@pytest.mark.parametrize("kind", LOCKED_FILES)
def test_the_right_password_among_others_opens_a_file(kind: str) -> None:
    data = LOCKED_FILES[kind]
    assert sniff(data) == ("xls-encrypted" if kind == "xls" else "encrypted-ooxml")
    assert read_document(data, f"表.{kind}", ("falsch", SECRET, "later")).format == kind


@pytest.mark.parametrize("kind", LOCKED_FILES)
def test_without_it_the_file_is_refused(kind: str) -> None:
    for passwords, code, message in (((), "encrypted", LOCKED), (("falsch", ""), "password", NONE_FITS)):
        with pytest.raises(ReadError) as caught:
            read_document(LOCKED_FILES[kind], f"表.{kind}", passwords)
        assert (caught.value.code, caught.value.message) == (code, message)


def test_a_workbook_protected_from_changes_alone_needs_none() -> None:
    assert draw(read_document(write_xls([LEAF], password=locked.KNOWN_TO_ALL), "表.xls"))[1:] == [
        "项目 | 金额",
        "接待费 | 7.72",
    ]
    assert read_document(encrypt(build(fill_form), locked.KNOWN_TO_ALL), "表.xlsx").format == "xlsx"


def test_damaged_or_endless_encryption_is_refused_at_once() -> None:
    good = LOCKED_FILES["docx"]
    at = good.index(b'spinCount="100000"')
    endless = good[:at] + b'spinCount="999999999" ' + good[at + 22 :]
    for data in (
        endless,
        good.replace(b"SHA512", b"SHA999"),
        good[: len(good) // 3],
        wrap_ole("EncryptedPackage", b"x" * 5000),
    ):
        with pytest.raises(ReadError) as caught:
            read_document(data, "报告.docx", (SECRET,))
        assert caught.value.code in ("encrypted", "password", "corrupt")
        assert "请" in caught.value.message


def test_a_reader_may_take_the_password_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str | None] = []

    def read_pdf(_: bytes, password: str | None = None) -> Document:
        tried.append(password)
        if password != SECRET:
            raise ReadError("encrypted" if password is None else "password", "请给出密码")
        return Document("pdf", (Part("body", ()),))

    monkeypatch.setattr(pdf, "read_pdf", read_pdf)
    assert read_document(b"%PDF-1.7\n", "", ("a", SECRET, "b")).format == "pdf"
    assert tried == [None, "a", SECRET]
    for passwords, code in (((), "encrypted"), (("a", "b"), "password")):
        with pytest.raises(ReadError) as caught:
            read_document(b"%PDF-1.7\n", "", passwords)
        assert caught.value.code == code


# --- from the command line ----------------------------------------------------------------------------------------------


def gouji(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "gouji", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, timeout=120)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "报送").mkdir()
    (tmp_path / "报送" / "报告.docx").write_bytes(encrypt(TWIN.read_bytes(), SECRET))
    return tmp_path


def error_of(result: subprocess.CompletedProcess[str]) -> Any:
    return json.loads(result.stdout)["error"]


def test_commands_take_passwords_and_password_files(folder: Path) -> None:
    file = folder / "报送" / "报告.docx"
    assert error_of(gouji("extract", "--json", file))["code"] == "encrypted"
    assert error_of(gouji("check", "--json", file, "--password", "falsch"))["code"] == "password"
    assert error_of(gouji("extract", "--json", file, "--password", "a", "--password", SECRET)) is None
    listing = folder / "密码.txt"
    listing.write_bytes(f"falsch\r\n\r\n{SECRET}\r\n".encode("gb18030"))
    assert error_of(gouji("check", "--json", file, "--password-file", listing)) is None
    missing = gouji("check", file, "--password-file", folder / "没有.txt")
    assert missing.returncode == 2
    assert "密码文件打不开" in missing.stderr


def test_a_run_with_the_password_reads_what_the_run_without_could_not_and_keeps_it_nowhere(folder: Path) -> None:
    out = folder / "结果"
    assert gouji("run", folder / "报送", "-o", out, "--quiet").returncode == 3
    result = gouji("run", folder / "报送", "-o", out, "--quiet", "--password", SECRET)
    assert result.returncode == 0, result.stderr
    assert "读出 1 个单位" in result.stdout
    assert SECRET not in result.stdout + result.stderr
    kept = [path for path in out.rglob("*") if path.is_file()]
    assert any(path.name == "gouji.db" for path in kept)
    needles = [SECRET.encode(encoding) for encoding in ("utf-8", "utf-16-le", "gb18030")]
    assert not [path.name for path in kept for needle in needles if needle in path.read_bytes()]


def test_the_library_knows_our_rc4() -> None:
    """The writer of the tests is the format's, not merely the reader's mirror."""
    file = msoffcrypto.OfficeFile(io.BytesIO(LOCKED_FILES["xls"]))
    assert file.is_encrypted()
    assert struct.unpack_from("<H", LOCKED_FILES["xls"], 512 + 512 + 512)[0] == 0x0809
