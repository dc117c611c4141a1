"""Throughput and memory of `gouji run`, from a hundred files to ten thousand.

    python benchmarks/bench_batch.py [100 1000 10000] [--jobs N]

Each size is a folder of copies of fixtures/district, every copy with its own budget code and text, so that no two
have the same hash and nothing is answered from the store. A second run over the folder shows what the store saves.
Memory is what the system says of all processes together (parent and workers), sampled ten times a second.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import psutil

from gouji.readers.txt_decode import decode_text

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
DISTRICT = ROOT / "fixtures" / "district"
SIZES = (100, 1_000, 10_000)
SAMPLE_SECONDS = 0.1
FILES_A_FOLDER = 200
MAIN_PART = "word/document.xml"
CODE = re.compile(r"^(\d{6})")
MIB = 1 << 20
# A run that failed at once would look wonderfully fast: what it stored is counted before its time is believed.
STORED = """
  SELECT COUNT(DISTINCT files.path), COUNT(DISTINCT reports.submission_id)
  FROM files LEFT JOIN reports USING (submission_id)
  WHERE run_id = (SELECT MAX(id) FROM runs WHERE complete = 1)
"""


class Run(msgspec.Struct, frozen=True):
    """One run of the command: wall seconds, peak bytes of all processes and of the parent alone, exit code."""

    seconds: float
    peak_all: int
    peak_parent: int
    exit_code: int


def main() -> None:
    """Measure every size and print one line each."""
    parser = argparse.ArgumentParser(description="gouji run: files a second and peak memory")
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    originals = sorted(path for path in DISTRICT.iterdir() if path.suffix in {".docx", ".txt"})
    if not originals:
        sys.exit(f"no documents in {DISTRICT}: run `make fixtures` first")
    print("  files    run  seconds  files/s  peak MiB  parent MiB  jobs", options.jobs)
    for size in options.sizes:
        with tempfile.TemporaryDirectory() as folder:
            measure_size(Path(folder), originals, size, options.jobs)


def measure_size(folder: Path, originals: list[Path], size: int, jobs: int) -> None:
    """Build a folder of `size` files, run over it twice."""
    for ordinal, (name, content) in enumerate(iter_copies(originals, size)):
        path = folder / "in" / f"{ordinal // FILES_A_FOLDER:03}" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    for label in ("first", "again"):
        run = run_command(folder / "in", folder / "out", jobs)
        files, reports = count_stored(folder / "out" / "gouji.db")
        if run.exit_code != 0 or files != size or not reports:
            sys.exit(f"no result: exit code {run.exit_code}, {files} of {size} files stored, {reports} with a report")
        peak, parent = run.peak_all / MIB, run.peak_parent / MIB
        print(
            f"{size:>7} {label:>6} {run.seconds:>8.2f} {size / run.seconds:>8.1f} {peak:>9.0f} {parent:>11.0f}",
            flush=True,
        )


def iter_copies(originals: list[Path], size: int) -> Iterator[tuple[str, bytes]]:
    """`size` files that all differ: name and content."""
    contents = [path.read_bytes() for path in originals]
    for ordinal in range(size):
        path, content = originals[ordinal % len(originals)], contents[ordinal % len(originals)]
        code = CODE.match(path.name)
        old, new = (code[1], str(100_000 + ordinal)) if code else ("", "")
        change = change_docx if path.suffix == ".docx" else change_text
        yield f"{ordinal:05}-{path.name}", change(content, old, new, ordinal)


def change_docx(content: bytes, old: str, new: str, ordinal: int) -> bytes:
    """The package with another budget code and one more paragraph."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.infolist():
            data = source.read(member)
            if member.filename == MAIN_PART:
                data = change_body(data.decode(), old, new, ordinal).encode()
            target.writestr(member, data, zipfile.ZIP_DEFLATED, 1)
    return buffer.getvalue()


def change_body(xml: str, old: str, new: str, ordinal: int) -> str:
    """The main part with another code; the added paragraph stands before the last section's properties."""
    changed = xml.replace(old, new) if old else xml
    at = max(changed.rfind("<w:sectPr"), 0) or changed.rindex("</w:body>")
    return f"{changed[:at]}<w:p><w:r><w:t>第{ordinal}份</w:t></w:r></w:p>{changed[at:]}"


def change_text(content: bytes, old: str, new: str, ordinal: int) -> bytes:
    """The text with another code and one more paragraph, as UTF-8 whatever it was."""
    text, _ = decode_text(content)
    changed = text.replace(old, new) if old else text
    return f"{changed}\n\n\n第{ordinal}份\n".encode()


def run_command(source: Path, out: Path, jobs: int) -> Run:
    """Run the command as a user would and watch its processes."""
    command = [
        sys.executable,
        "-m",
        "gouji",
        "run",
        str(source),
        "-o",
        str(out),
        "--jobs",
        str(jobs),
        "--quiet",
        "--exit-zero",
    ]
    if not (ROOT / "src" / "gouji" / "__main__.py").exists():
        command[1:3] = ["-c", "from gouji.cli import main; main()"]
    began = time.perf_counter()
    with (
        tempfile.TemporaryFile() as output,
        subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT) as process,
    ):
        peak_all = peak_parent = 0
        while process.poll() is None:
            everything, parent = measure_memory(process.pid)
            peak_all, peak_parent = max(peak_all, everything), max(peak_parent, parent)
            time.sleep(SAMPLE_SECONDS)
        seconds = time.perf_counter() - began
        if process.returncode != 0:
            output.seek(0)
            print(output.read().decode("utf-8", "replace")[-2000:], file=sys.stderr)
    return Run(seconds, peak_all, peak_parent, process.returncode)


def count_stored(store: Path) -> tuple[int, int]:
    """Files of the last complete run, and how many of them gave a report."""
    if not store.exists():
        return 0, 0
    with closing(sqlite3.connect(f"{store.as_uri()}?mode=ro", uri=True)) as connection:
        files, reports = connection.execute(STORED).fetchone()
    return int(files), int(reports)


def measure_memory(pid: int) -> tuple[int, int]:
    """Resident bytes of a process tree and of its root; processes that just ended count nothing."""
    sizes = [0]
    with suppress(psutil.Error):  # one ended between two looks: what was seen so far counts
        root = psutil.Process(pid)
        sizes = [int(root.memory_info().rss)]
        sizes.extend(int(child.memory_info().rss) for child in root.children(recursive=True))
    return sum(sizes), sizes[0]


if __name__ == "__main__":
    main()
