"""How fast the .doc reader is beside the .docx reader on the same documents, in one run.

The documents of bench_docx.py (a form of the size of a report, a table of 2,000 × 8 cells) are turned into .doc by
LibreOffice where it is installed; without it only the report that the tests keep in both formats is measured.
Times are the least of several runs, in milliseconds of this process; the aim is a ratio of at most 2.

    python benchmarks/bench_doc.py [runs]
"""

from __future__ import annotations

import gzip
import sys
from pathlib import Path

from bench_docx import build_form, build_stress, measure

from gouji.readers.doc import read_doc
from gouji.readers.docx import read_docx
from gouji.readers.libreoffice import convert, find_office

ROOT = Path(__file__).parents[1]
REPORT = ROOT / "fixtures" / "cases" / "tracked" / "input.docx"
REPORT_DOC = ROOT / "tests" / "readers" / "doc" / "data" / "tracked.doc.gz"
AIM = 2.0


def list_pairs() -> dict[str, tuple[bytes, bytes]]:
    """The same document as .docx and as .doc."""
    pairs = {"report": (REPORT.read_bytes(), gzip.decompress(REPORT_DOC.read_bytes()))}
    if find_office() is None:
        print("LibreOffice is not installed: form and stress are not measured")
        return pairs
    for name, data in (("form", build_form()), ("stress", build_stress())):
        pairs[name] = (data, convert(data, ".docx", "doc"))
    return pairs


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    for name, (docx, doc) in list_pairs().items():
        (docx_time,), (doc_time,) = measure([read_docx], docx, runs), measure([read_doc], doc, runs)
        ratio = doc_time / docx_time
        sizes = f".docx {len(docx) // 1024:5} KB {docx_time:8.2f} ms   .doc {len(doc) // 1024:5} KB {doc_time:8.2f} ms"
        print(f"  {name:8} {sizes}   ratio {ratio:.2f}, aim {AIM:.1f}: {'met' if ratio <= AIM else 'missed'}")


if __name__ == "__main__":
    main()
