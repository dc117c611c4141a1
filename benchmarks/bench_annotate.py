"""An annotated copy beside opening and saving the same file with python-docx: the copy must take less than twice as long.

    python benchmarks/bench_annotate.py [FILE.docx …]        default: the sample district, each with its own findings

Timed: reading the places, comments and bookmarks, writing, reading again to compare the text. Where LibreOffice is installed,
it opens every copy and must show every comment, and the text of the original.
"""

from __future__ import annotations

import io
import re
import statistics
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from gouji.export.annotate.docx import annotate_docx
from gouji.export.annotate.places import mark_remarks
from gouji.export.annotate.remarks import Signature, list_remarks
from gouji.patterns import load_patterns
from gouji.pipeline.document import Engine, examine
from gouji.readers import read_document
from gouji.readers.libreoffice import convert_files, find_office

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[1]
SIGNATURE = Signature("财政审核", "审", "2022-05-20T09:00:00")
ROUNDS = 7


def measure(call: Callable[[], object]) -> float:
    """Best of a few rounds, in milliseconds."""
    times = []
    for _ in range(ROUNDS):
        began = time.process_time()
        call()
        times.append(time.process_time() - began)
    return min(times) * 1000


def open_and_save(data: bytes) -> None:
    """What python-docx needs only to carry the file through."""
    import docx

    docx.Document(io.BytesIO(data)).save(io.BytesIO())


def read_odt(path: Path) -> tuple[int, str]:
    """How many comments of ours LibreOffice shows, and the text beside them."""
    with zipfile.ZipFile(path) as odt:
        content = odt.read("content.xml").decode()
    shown = content.count(f"<dc:creator>{SIGNATURE.author}</dc:creator>")
    body = re.sub(
        r"<office:annotation .*?</office:annotation>", "", content[content.index("<office:body") :], flags=re.DOTALL
    )
    return shown, re.sub(r"<[^>]*>|&#x0d;|\s", "", body)


def check_shown(folder: Path, expected: dict[str, int]) -> list[str]:
    """The copies in which LibreOffice does not show every comment, or another text than in the original."""
    convert_files(sorted(folder.glob("*.docx")), "odt", folder / "odt", 600)
    wrong = []
    for stem, count in expected.items():
        shown, text = read_odt(folder / "odt" / f"{stem}.odt")
        if shown != count or text != read_odt(folder / "odt" / f"{stem}-original.odt")[1]:
            wrong.append(stem)
    return wrong


def main() -> None:
    """Print one line a file, then the median ratio."""
    files = [Path(name) for name in sys.argv[1:]] or sorted((ROOT / "fixtures" / "district").glob("*.docx"))
    patterns = load_patterns()
    engine, words = Engine(patterns), patterns.exports.labels.severities
    ratios, expected = [], {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, file in enumerate(files):
            data = file.read_bytes()
            remarks = list_remarks(examine(data, file.name, file.name, engine).outcome, words, ())

            def annotate(data: bytes = data, remarks: list = remarks) -> bytes:  # type: ignore[type-arg]
                return annotate_docx(data, mark_remarks(read_document(data, "a.docx"), remarks), SIGNATURE)

            ours, theirs = measure(annotate), measure(lambda data=data: open_and_save(data))  # type: ignore[misc]
            ratios.append(ours / theirs)
            (folder / f"{number:03d}.docx").write_bytes(annotate())
            (folder / f"{number:03d}-original.docx").write_bytes(data)
            expected[f"{number:03d}"] = len(remarks)
            print(f"{file.name}: {len(remarks)} remarks, {ours:.1f} ms; python-docx open + save {theirs:.1f} ms")
        print(f"median ratio {statistics.median(ratios):.2f}, worst {max(ratios):.2f} (wanted: below 2)")
        if find_office() is not None:
            wrong = check_shown(folder, expected)
            print(
                f"LibreOffice: every comment and the same text in {len(expected) - len(wrong)} of {len(expected)} {wrong}"
            )


if __name__ == "__main__":
    main()
