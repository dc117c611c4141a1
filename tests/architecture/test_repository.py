"""The repository speaks of the project alone: no paths of a machine, no hosts; and its modules stay small."""

from __future__ import annotations

import ast
import re
import zipfile
from typing import TYPE_CHECKING

import pytest

from architecture.repository import ROOT, modules, tracked_files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_MODULE_LINES = 400
MAX_FUNCTION_LINES = 50

# A path of one machine. Each of its beginnings is set apart by [/], so that this file does not find itself.
MACHINE = re.compile(
    rb"(?<![\w.{}\x80-\xff-])[/](?:work|root|opt)[/]|(?<![\w.{}\x80-\xff-])[/](?:home|Users|mnt|tmp)[/]\w"
    rb"|\bshared[/]|\b[A-Z]:[\\]Users[\\]",
)
ADDRESS = re.compile(rb"\b(?:https?|ftp|file)://([\w.\\-]+)")
# Names of XML vocabularies, schemas and the licence: nothing ever opens them.
NAMESPACES = {
    "docs.oasis-open.org",
    "json-schema.org",
    "openoffice.org",
    "purl.oclc.org",
    "purl.org",
    "schemas.microsoft.com",
    "schemas.openxmlformats.org",
    "www.apache.org",
    "www.ofdspec.org",
    "www.w3.org",
}
PACKAGE_HOST = re.compile(rb"\b(?:pypi|pythonhosted|debian|ubuntu|npmjs|tsinghua|aliyun)[.](?:org|com|edu|cn)\b")


def texts(path: Path) -> Iterator[tuple[str, bytes]]:
    """A file's own bytes, or those of each member where it is a package (.docx, .zip)."""
    name = path.relative_to(ROOT).as_posix()
    if not zipfile.is_zipfile(path):
        yield name, path.read_bytes()
        return
    with zipfile.ZipFile(path) as package:
        for member in package.infolist():
            if not member.flag_bits & 1:  # an encrypted member says nothing
                yield f"{name}!/{member.filename}", package.read(member)


def find(pattern: re.Pattern[bytes], allowed: set[str]) -> list[str]:
    """`file: match` for each match whose last group, or whole text, is not allowed; dots may stand escaped."""
    found = []
    for path in tracked_files():
        for name, content in texts(path):
            matches = {
                match[match.lastindex or 0].decode("latin-1").replace("\\.", ".") for match in pattern.finditer(content)
            }
            found += [f"{name}: {match}" for match in sorted(matches - allowed)]
    return found


def test_no_machine_path() -> None:
    assert find(MACHINE, set()) == []


def test_no_foreign_address() -> None:
    assert find(ADDRESS, NAMESPACES) == []


def test_no_package_host() -> None:
    assert find(PACKAGE_HOST, set()) == []


def test_the_scan_sees_what_it_looks_for() -> None:
    for folder in ("work", "root", "opt", "home/u", "Users/u", "mnt/d", "tmp/x"):
        assert MACHINE.search(f"see '/{folder}/x'".encode()), folder
    for text in ("../" + "shared" + "/x", "C:" + "\\Users" + "\\u"):
        assert MACHINE.search(text.encode()), text
    for text in ("fixtures/homework/x", "word/document.xml", "docs/shared.md", "a/" + "tmp/b"):
        assert not MACHINE.search(text.encode()), text
    assert ADDRESS.search(b"see https:" + b"//host.example/")
    assert PACKAGE_HOST.search(b"pypi" + b".org")


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(ROOT / "src").as_posix())
def test_module_is_small(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= MAX_MODULE_LINES
    functions = (
        node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    long = [f"{node.name}: {length}" for node in functions if (length := length_of(node)) > MAX_FUNCTION_LINES]
    assert long == []


def length_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1
