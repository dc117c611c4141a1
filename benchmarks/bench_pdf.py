"""How fast the PDF reader is, beside pdfplumber, in one run.

    floor       PDFium loads each page and its characters: nothing is read yet
    gouji       the whole document: tables on exact grids, over page breaks, paragraphs, headers, boxes
    pdfplumber  extract_tables() of every page, and nothing else; then extract_text() as well, which is still less

The files are the district's reports printed by LibreOffice (or those given). Times are the least of several runs, in
milliseconds of this process per page; the peer is run fewer times, being slow.

    python benchmarks/bench_pdf.py [runs] [file.pdf …]
"""

from __future__ import annotations

import importlib
import io
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pypdfium2 as pdfium

from gouji.readers.pdf import read_pdf

DISTRICT = Path(__file__).parents[1] / "fixtures" / "district"
REPORTS = 8
Read = Callable[[bytes], object]


def print_reports(folder: Path) -> list[Path]:
    """Some of the district's .docx reports as PDF; none where LibreOffice is not installed."""
    soffice = shutil.which("soffice")
    if soffice is None:
        return []
    sources = sorted(DISTRICT.glob("*.docx"))[:REPORTS]
    profile = (folder / "profile").as_uri()
    command = [
        soffice,
        f"-env:UserInstallation={profile}",
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(folder),
    ]
    subprocess.run([*command, *map(str, sources)], check=True, capture_output=True, timeout=300)
    return sorted(folder.glob("*.pdf"))


def read_floor(data: bytes) -> None:
    file = pdfium.PdfDocument(data)
    for page in file:
        page.get_textpage().close()
        page.close()
    file.close()


def find_plumber() -> dict[str, Read]:
    """What pdfplumber is asked for; nothing where it is not installed."""
    try:
        plumber = importlib.import_module("pdfplumber")
    except ImportError:
        print("pdfplumber is not installed: make env-bench")
        return {}

    def read_tables(data: bytes, *, text: bool = False) -> None:
        with plumber.open(io.BytesIO(data)) as file:
            for page in file.pages:
                page.extract_tables()
                if text:
                    page.extract_text()
                page.close()

    return {"pdfplumber tables": read_tables, "… and text": partial(read_tables, text=True)}


def measure(read: Read, files: list[bytes], runs: int) -> float:
    """Least time for all files in seconds."""
    total = 0.0
    for data in files:
        times = []
        for _ in range(runs):
            start = time.process_time()
            read(data)
            times.append(time.process_time() - start)
        total += min(times)
    return total


def report(files: list[bytes], runs: int) -> None:
    """Measure each reader and print the table."""
    pages = sum(len(pdfium.PdfDocument(data)) for data in files)
    print(f"{len(files)} files, {pages} pages, {sum(map(len, files)) // 1024} KB, Python {platform.python_version()}")
    readers: dict[str, tuple[Read, int]] = {
        "floor": (read_floor, runs),
        "gouji": (read_pdf, runs),
        **{name: (read, max(1, runs // 10)) for name, read in find_plumber().items()},
    }
    times = {name: measure(read, files, count) / pages * 1000 for name, (read, count) in readers.items()}
    for name, spent in times.items():
        print(
            f"  {name:20}{spent:9.2f} ms a page {spent / times['floor']:8.1f} × floor {spent / times['gouji']:8.1f} × gouji"
        )


def main() -> None:
    given = sys.argv[1:]
    runs = int(given.pop(0)) if given and given[0].isdigit() else 20
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(name) for name in given] or print_reports(Path(folder))
        files = [path.read_bytes() for path in paths]
    if files:
        report(files, runs)
    else:
        print("soffice is not installed: name PDF files to measure")


if __name__ == "__main__":
    main()
