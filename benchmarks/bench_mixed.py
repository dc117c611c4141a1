"""A district as it arrives: a thousand files of every format through `gouji run`, and where the time goes.

    fixtures ─→ 1,000 files: .docx .doc .pdf .xlsx .txt .odt .rtf .html, twenty of them in two zips with GBK names
             ─gouji run, all cores→   files a second, peak memory of parent and workers
             ─one process, a sample→  by format: the reader alone and the whole line, beside the floor
                                      (unzip and parse of the .docx of the same report)
                                      by stage: read · locate · extract · validate · export

Copies differ in bytes, so that nothing is answered from the store, but not in their report: a unit stands there some
thirty times, and all but one of its reports is left out of the workbooks as a duplicate (bench_batch.py has a
thousand departments). The peers convert the same .docx files to Markdown, where they are installed.

    python benchmarks/bench_mixed.py [files] [--jobs N]
"""

from __future__ import annotations

import argparse
import importlib
import io
import os
import sys
import tempfile
import time
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable
from functools import wraps
from itertools import count, cycle
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import msgspec
from bench_batch import DISTRICT, MIB, ROOT, count_stored, run_command
from bench_docx import read_floor

from gouji.patterns import load_patterns
from gouji.pipeline import document as line
from gouji.pipeline.batch import Request, process_batch
from gouji.pipeline.district import run_district
from gouji.readers.docx import read_docx

sys.path.insert(0, str(ROOT / "fixtures" / "build"))
from formats import FORMATS, load
from formats.page import document_to_html
from formats.workbook import document_to_xlsx

if TYPE_CHECKING:
    from collections.abc import Iterator

MIX = "docx doc docx pdf doc xlsx docx txt doc pdf docx odt doc rtf docx pdf xlsx doc txt html".split()
ZIPS, MEMBERS = 2, 10
STAGES = {
    "read_document": "read",
    "locate_reports": "locate",
    "assemble_report": "extract",
    "validate_report": "validate",
}
ZIPPED = frozenset({"docx", "xlsx", "odt"})
SAMPLE = 8  # reports of each format
ROUNDS = 3
Times = dict[str, float]
P = ParamSpec("P")
R = TypeVar("R")


def main() -> None:
    """Build, run, sample, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="?", type=int, default=1_000)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    originals = list_originals()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        counted = write_mix(folder / "in", originals, options.files)
        print("  ".join(f"{suffix} {number}" for suffix, number in counted.most_common()))
        run_batch(folder, options.files, options.jobs)
        export = time_export(folder, options.jobs)
    stages = measure_sample(originals)
    documents = list(originals["docx"].values())[:SAMPLE]
    floor = least_ms(read_floor, documents)
    print_formats(stages, floor)
    print_stages(stages, counted, export)
    print_peers(documents, floor)


# --- the files --------------------------------------------------------------------------------------------------------


def list_originals() -> dict[str, dict[str, bytes]]:
    """By format, the reports by name."""
    docx = {path.stem: path.read_bytes() for path in sorted(DISTRICT.glob("*.docx"))}
    made = {"docx": docx, "txt": {path.stem: path.read_bytes() for path in sorted(DISTRICT.glob("*.txt"))}}
    made |= {suffix: {stem: load(ROOT / "fixtures", stem, suffix) for stem in docx} for suffix in FORMATS}
    made["xlsx"] = {stem: document_to_xlsx(read_docx(data)) for stem, data in docx.items()}
    made["html"] = {stem: document_to_html(read_docx(data)) for stem, data in docx.items()}
    return made


def write_mix(folder: Path, originals: dict[str, dict[str, bytes]], size: int) -> Counter[str]:
    """`size` files in folders of two hundred, the last of them in zips; how many there are of each format."""
    files = iter_mix(originals)
    packed = ZIPS * MEMBERS if size > ZIPS * MEMBERS else 0
    counted: Counter[str] = Counter()
    for ordinal in range(size - packed):
        name, data = next(files)
        path = folder / f"{ordinal // 200:02}" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        counted[path.suffix[1:]] += 1
    for number in range(ZIPS if packed else 0):
        members = [next(files) for _ in range(MEMBERS)]
        (folder / f"打包{number + 1}.zip").write_bytes(pack(members))
        counted.update(Path(name).suffix[1:] for name, _ in members)
    return counted


def iter_mix(originals: dict[str, dict[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    """Names and contents without end, in the proportions of MIX, no two of the same bytes."""
    turns = {suffix: cycle(reports.items()) for suffix, reports in originals.items()}
    for ordinal, suffix in zip(count(), cycle(MIX), strict=False):
        stem, data = next(turns[suffix])
        yield f"{ordinal:05}-{stem}.{suffix}", change_bytes(data, suffix, ordinal)


def change_bytes(data: bytes, suffix: str, ordinal: int) -> bytes:
    """Other bytes, the same report: a comment of the package, of the markup, of the PDF; a paragraph of a text."""
    mark = f"{ordinal:06}".encode()
    if suffix in ZIPPED:
        buffer = io.BytesIO(data)
        with zipfile.ZipFile(buffer, "a") as package:
            package.comment = mark
        return buffer.getvalue()
    if suffix == "rtf":
        at = data.rindex(b"}")
        return data[:at] + rb"{\*\bench " + mark + b"}" + data[at:]
    if suffix == "txt":
        return data + b"\n\n\n" + mark + b"\n"
    return data + {"pdf": b"\n%" + mark + b"\n", "html": b"<!-- " + mark + b" -->", "doc": bytes(506) + mark}[suffix]


def pack(members: list[tuple[str, bytes]]) -> bytes:
    """A zip as Windows in Chinese writes it: names in GBK, and no flag that says so."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in members:
            package.writestr(GbkInfo(name), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


class GbkInfo(zipfile.ZipInfo):
    """A member whose name is written in GBK."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - zipfile's own name
        return self.filename.encode("gbk"), self.flag_bits


# --- the batch --------------------------------------------------------------------------------------------------------


def run_batch(folder: Path, size: int, jobs: int) -> None:
    """The command as a user gives it."""
    run = run_command(folder / "in", folder / "out", jobs)
    files, reports = count_stored(folder / "out" / "gouji.db")
    if run.exit_code != 0 or files != size or not reports:
        sys.exit(f"no result: exit code {run.exit_code}, {files} of {size} files stored, {reports} with a report")
    rate, peak, parent = size / run.seconds, run.peak_all / MIB, run.peak_parent / MIB
    print(
        f"gouji run, {jobs} jobs: {run.seconds:.1f} s, {rate:.1f} files/s, {reports} of {size} with a report", end="; "
    )
    print(f"peak memory {peak:.0f} MiB of all processes together, {parent:.0f} MiB of the parent alone")


def time_export(folder: Path, jobs: int) -> float:
    """Seconds for the workbooks: a run that knows every file already, less what it takes to look them all up."""
    request = Request(inputs=(folder / "in",), out=folder / "out", jobs=jobs)
    began = time.perf_counter()
    run_district(request, csv=False, say=None)
    whole = time.perf_counter() - began
    began = time.perf_counter()
    with process_batch(request) as batch:
        for _ in batch.outcomes():
            pass
    return whole - (time.perf_counter() - began)


# --- the sample -------------------------------------------------------------------------------------------------------


def measure_sample(originals: dict[str, dict[str, bytes]]) -> dict[str, Times]:
    """By format, milliseconds of every stage: the mean over reports of the least of several rounds."""
    engine = line.Engine(load_patterns())
    best: dict[str, dict[str, Times]] = defaultdict(dict)
    for _ in range(ROUNDS):
        for suffix, reports in originals.items():
            for stem, data in list(reports.items())[:SAMPLE]:
                spent = measure_stages(data, f"{stem}.{suffix}", engine)
                known = best[suffix].setdefault(stem, spent)
                best[suffix][stem] = {stage: min(known[stage], spent[stage]) for stage in spent}
    return {suffix: mean_stages(list(found.values())) for suffix, found in best.items()}


def measure_stages(data: bytes, name: str, engine: line.Engine) -> Times:
    """One report through the line, with a clock around every stage."""
    spent = dict.fromkeys([*STAGES.values(), "whole"], 0.0)
    originals = {function: getattr(line, function) for function in STAGES}
    try:
        for function, stage in STAGES.items():
            setattr(line, function, clock(originals[function], stage, spent))
        began = time.perf_counter()
        examined = line.examine(data, name, name, engine)
        msgspec.msgpack.encode(examined.outcome)
        spent["whole"] = 1000 * (time.perf_counter() - began)
    finally:
        for function, original in originals.items():
            setattr(line, function, original)
    if not examined.outcome.reports:
        sys.exit(f"{name} gave no report: its time says nothing")
    return spent


def clock(function: Callable[P, R], stage: str, spent: Times) -> Callable[P, R]:
    """The function, its milliseconds added up."""

    @wraps(function)
    def timed(*args: P.args, **options: P.kwargs) -> R:
        began = time.perf_counter()
        try:
            return function(*args, **options)
        finally:
            spent[stage] += 1000 * (time.perf_counter() - began)

    return timed


def mean_stages(found: list[Times]) -> Times:
    """The mean of each stage."""
    return {stage: sum(spent[stage] for spent in found) / len(found) for stage in found[0]}


def least_ms(read: Callable[[bytes], object], documents: list[bytes], rounds: int = ROUNDS) -> float:
    """Milliseconds a document, the least of several rounds."""
    best = float("inf")
    for _ in range(rounds):
        began = time.perf_counter()
        for data in documents:
            read(data)
        best = min(best, 1000 * (time.perf_counter() - began) / len(documents))
    return best


# --- the tables -------------------------------------------------------------------------------------------------------


def print_formats(stages: dict[str, Times], floor: float) -> None:
    """Milliseconds of each format's reader and of its whole line."""
    print(f"  floor    {floor:7.2f} ms a report: unzip and parse of the .docx")
    for suffix, spent in sorted(stages.items(), key=lambda item: item[1]["read"]):
        read, whole = spent["read"], spent["whole"]
        print(
            f"  {suffix:8} read {read:7.2f} ms {read / floor:5.1f} × floor   whole line {whole:7.2f} ms {whole / floor:5.1f} ×"
        )


def print_stages(stages: dict[str, Times], counted: Counter[str], export: float) -> None:
    """The share of each stage over the mix, in seconds of one processor."""
    seconds = {
        stage: sum(number * stages[suffix][stage] for suffix, number in counted.items()) / 1000
        for stage in [*STAGES.values(), "whole"]
    }
    rest = seconds.pop("whole") - sum(seconds.values())
    shares = seconds | {"other (hash, encode)": rest, "export": export}
    total = sum(shares.values())
    print("  ".join(f"{stage} {spent:.1f} s {spent / total:.0%}" for stage, spent in shares.items()))


def print_peers(documents: list[bytes], floor: float) -> None:
    """What the peers take for the same .docx files, to Markdown; no grids, no figures."""
    for name, find in PEERS.items():
        try:
            read = find()
        except ImportError:
            print(f"  {name:12} not installed")
            continue
        spent = least_ms(read, documents, 1)
        print(f"  {name:12} {spent:9.2f} ms a .docx {spent / floor:7.1f} × floor")


def find_markitdown() -> Callable[[bytes], object]:
    converter = importlib.import_module("markitdown").MarkItDown()
    return lambda data: converter.convert_stream(io.BytesIO(data), file_extension=".docx")


def find_kreuzberg() -> Callable[[bytes], object]:
    module = importlib.import_module("kreuzberg")
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    return lambda data: module.extract_bytes_sync(data, kind)


def find_docling() -> Callable[[bytes], object]:
    converter = importlib.import_module("docling.document_converter").DocumentConverter()
    stream = importlib.import_module("docling.datamodel.base_models").DocumentStream
    return lambda data: converter.convert(stream(name="a.docx", stream=io.BytesIO(data)))


PEERS = {"docling": find_docling, "markitdown": find_markitdown, "kreuzberg": find_kreuzberg}


if __name__ == "__main__":
    main()
