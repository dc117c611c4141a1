"""Time and memory of 汇总表.xlsx: 2,000 departments × 120 figures, with a roster, findings and scoring tables.

    python benchmarks/bench_workbook.py [2000] [--figures 120]

Each department is a report of fixtures/district under another name and code, with figures of other years and stages added
until there are as many as asked for. What is measured is one process: outcomes come one by one, are collected, and the
workbook is written. Seconds are of the processor, so that a busy machine says the same; the peak includes Python and the
reports it holds while it reads the fixtures. The limits are for writing: 10 s and 300 MiB.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import psutil

from gouji.export.district import collect_district
from gouji.export.notes import Provenance
from gouji.export.summary import write_district
from gouji.export.workbook import Imprint
from gouji.model.result import Outcome
from gouji.patterns import load_patterns
from gouji.pipeline.single import examine_file
from gouji.roster.unit import Books, Roster, RosterUnit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.model.report import Fact

DISTRICT = Path(__file__).resolve().parent.parent / "fixtures" / "district"
LIMIT_SECONDS, LIMIT_MIB = 10, 300
SECTIONS = 12
MIB = 1 << 20


class Watch(threading.Thread):
    """Looks at the process's memory fifty times a second."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak = 0
        self.done = threading.Event()

    def run(self) -> None:
        """Until told to stop."""
        process = psutil.Process()
        while not self.done.wait(0.02):
            self.peak = max(self.peak, process.memory_info().rss)


def main() -> None:
    """Measure once and print one line; exit code 1 above the limits."""
    parser = argparse.ArgumentParser(description="汇总表.xlsx: seconds and peak memory")
    parser.add_argument("departments", nargs="?", type=int, default=2_000)
    parser.add_argument("--figures", type=int, default=120)
    options = parser.parse_args()
    originals = [examine_file(str(path)).outcome for path in sorted(DISTRICT.iterdir())]
    models = [outcome for outcome in originals if outcome.reports]
    patterns, watch = load_patterns(), Watch()
    units = tuple(
        RosterUnit(n, f"测试区第{n}局", str(100_000 + n), section=f"{n * SECTIONS // options.departments}股")
        for n in range(options.departments)
    )
    watch.start()
    began = time.process_time()
    layout, labels = patterns.exports.layouts["summary"], patterns.exports.labels
    outcomes = iter_outcomes(models, options.departments, options.figures)
    district = collect_district(outcomes, layout, labels, None, Books(Roster(units)))
    collected = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "汇总表.xlsx"
        write_district(path, district, patterns.exports, Provenance(), Imprint())
        written = time.process_time()
        size = path.stat().st_size
    watch.done.set()
    watch.join()
    peak = watch.peak / MIB
    print(
        f"{len(district.departments)} departments × {options.figures} figures: collect {collected - began:.2f} s, "
        f"write {written - collected:.2f} s, peak {peak:.0f} MiB, file {size / MIB:.1f} MiB"
    )
    if len(district.departments) != options.departments:
        sys.exit("not every department is in the workbook")
    sys.exit(written - collected > LIMIT_SECONDS or peak > LIMIT_MIB)


def iter_outcomes(models: list[Outcome], departments: int, figures: int) -> Iterator[Outcome]:
    """So many outcomes, made one by one from the models in turn."""
    for n in range(departments):
        model = models[n % len(models)]
        report = model.reports[0]
        report = msgspec.structs.replace(
            report,
            budget_code=str(100_000 + n),
            unit_name=f"测试区第{n}局",
            facts=tuple(islice(iter_facts(report.facts, report.fiscal_year or 2021), figures)),
        )
        path = f"{n:05}.docx"
        source = msgspec.structs.replace(model.source, path=path, sha256=f"{n:064x}")
        yield msgspec.structs.replace(model, source=source, reports=(report,))


def iter_facts(facts: tuple[Fact, ...], year: int) -> Iterator[Fact]:
    """The report's own facts, then the same of earlier years, without end."""
    yield from facts
    for back in count(1):
        for fact in facts:
            yield msgspec.structs.replace(fact, period=year - back)


if __name__ == "__main__":
    main()
