"""The same report through LibreOffice as .odt, .rtf and .html: what is read is what the .docx gives.

LibreOffice computes page numbers anew (footers), collapses runs of spaces in HTML, and puts the text boxes of a page
into its body; everything else is equal, cell for cell.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from gouji.model.document import Document
from gouji.readers import read_document
from readers.formats import reduce_document

SOFFICE = shutil.which("soffice")
DISTRICT = Path(__file__).parents[2] / "fixtures" / "district"
NUMBERS = ("102001", "102002", "106001", "113001")  # plain, nine tables with notes, a list form, text boxes

pytestmark = pytest.mark.skipif(SOFFICE is None and "CI" not in os.environ, reason="soffice is not installed")


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[Document, Document]]]:
    """By format, each sample as .docx and as converted."""
    assert SOFFICE is not None
    folder = tmp_path_factory.mktemp("twins")
    sources = [path for number in NUMBERS for path in DISTRICT.glob(f"{number}*.docx")]
    profile = (folder / "profile").as_uri()
    made: dict[str, list[tuple[Document, Document]]] = {}
    for form in ("odt", "rtf", "html"):
        command = [
            SOFFICE,
            f"-env:UserInstallation={profile}",
            "--headless",
            "--convert-to",
            form,
            "--outdir",
            str(folder),
        ]
        subprocess.run([*command, *map(str, sources)], check=True, capture_output=True, timeout=300)
        made[form] = [(read(path), read(folder / f"{path.stem}.{form}")) for path in sources]
    return made


def read(path: Path) -> Document:
    return read_document(path.read_bytes(), path.name)


def stories(document: Document) -> dict[str, Any]:
    """All but the footers."""
    found: dict[str, Any] = reduce_document(document)["stories"]
    return {name: blocks for name, blocks in found.items() if name != "footer"}


@pytest.mark.parametrize("form", ["odt", "rtf"])
def test_office_formats_are_equal(form: str, twins: dict[str, list[tuple[Document, Document]]]) -> None:
    assert len(twins[form]) == len(NUMBERS)
    for original, converted in twins[form]:
        assert converted.format == form
        assert stories(converted) == stories(original)
        assert converted.notices == original.notices


def test_tables_of_pages_are_equal(twins: dict[str, list[tuple[Document, Document]]]) -> None:
    for original, converted in twins["html"]:
        assert len(list_grids(original)) >= 3
        assert squeeze(list_grids(converted)) == squeeze(list_grids(original))


def list_grids(document: Document) -> list[Any]:
    """Tables of the body: rows, columns, and each cell's place and text without its list number."""
    blocks = reduce_document(document)["stories"]["body"]
    return [without_numbers(block[1:]) for block in blocks if len(block) == 4]


def without_numbers(item: Any) -> Any:
    """Markup for lists is LibreOffice's own."""
    if isinstance(item, tuple) and len(item) == 3 and all(isinstance(part, str) for part in item):
        return item[2]
    return type(item)(without_numbers(part) for part in item) if isinstance(item, (list, tuple)) else item


def squeeze(item: Any) -> Any:
    """Runs of spaces are one space in HTML."""
    if isinstance(item, str):
        return re.sub(r"[ \u00a0]+", " ", item).strip()
    return type(item)(squeeze(part) for part in item) if isinstance(item, (list, tuple)) else item
