"""An annotated copy beside opening and saving the same file with python-docx: the copy must take less than twice as long.

    python benchmarks/bench_annotate.py [FILE.docx …]        default: the sample district, each with its own findings

Timed: reading the places, comments and bookmarks, writing, reading again to compare the text. Where LibreOffice is installed,
it opens every copy and must show every comment.
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


def count_shown(folder: Path) -> dict[str, int]:
    """How many comments LibreOffice finds in each copy."""
    copies = sorted(folder.glob("*.docx"))
    convert_files(copies, "odt", folder / "odt", 600)
    pattern = re.compile(f"<dc:creator>{SIGNATURE.author}</dc:creator>")
    shown = {}
    for copy in copies:
        with zipfile.ZipFile(folder / "odt" / f"{copy.stem}.odt") as odt:
            shown[copy.stem] = len(pattern.findall(odt.read("content.xml").decode()))
    return shown


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
            remarks = list_remarks(examine(data, file.name, file.name, engine).outcome, words)

            def annotate(data: bytes = data, remarks: list = remarks) -> bytes:  # type: ignore[type-arg]
                return annotate_docx(data, mark_remarks(read_document(data, "a.docx"), remarks), SIGNATURE)

            ours, theirs = measure(annotate), measure(lambda data=data: open_and_save(data))  # type: ignore[misc]
            ratios.append(ours / theirs)
            (folder / f"{number:03d}.docx").write_bytes(annotate())
            expected[f"{number:03d}"] = len(remarks)
            print(f"{file.name}: {len(remarks)} remarks, {ours:.1f} ms; python-docx open + save {theirs:.1f} ms")
        print(f"median ratio {statistics.median(ratios):.2f}, worst {max(ratios):.2f} (wanted: below 2)")
        if find_office() is not None:
            shown = count_shown(folder)
            wrong = {stem for stem in expected if shown.get(stem) != expected[stem]}
            print(
                f"LibreOffice shows all comments in {len(expected) - len(wrong)} of {len(expected)} copies {sorted(wrong)}"
            )


if __name__ == "__main__":
    main()
