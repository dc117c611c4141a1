"""The whole line on one document, the pattern folder cold and warm, and the start of the command line.

python benchmarks/bench_line.py [FILE]         prints milliseconds and ratios from this one run
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
REPEATS = 30


def measure(call: Callable[[], object], repeats: int = REPEATS) -> float:
    """Best time of a call in milliseconds."""
    best = float("inf")
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        best = min(best, time.perf_counter() - start)
    return best * 1000


def measure_process(*arguments: str, env: dict[str, str] | None = None, repeats: int = 7) -> float:
    """Best wall time of a fresh interpreter in milliseconds."""
    command = [sys.executable, *arguments]
    return measure(lambda: subprocess.run(command, check=True, capture_output=True, env=env), repeats)


def bench_stages(path: Path) -> list[tuple[str, float]]:
    """Each stage of one file after start-up."""
    from gouji.extract import assemble_report
    from gouji.locate import locate_reports
    from gouji.patterns import load_patterns
    from gouji.pipeline.document import Engine, examine
    from gouji.readers import read_document
    from gouji.validate import validate_report

    patterns = load_patterns()
    engine = Engine(patterns)
    data = path.read_bytes()
    document = read_document(data, path.name)
    located, _ = locate_reports(document, engine.vocabulary)
    reports = [assemble_report(place.region, place.form, patterns)[0] for place in located if place.form]
    return [
        ("read", measure(lambda: read_document(data, path.name))),
        ("locate", measure(lambda: locate_reports(document, engine.vocabulary))),
        ("extract", measure(lambda: [assemble_report(p.region, p.form, patterns) for p in located if p.form])),
        ("validate", measure(lambda: [validate_report(report, patterns.rules) for report in reports])),
        ("file → findings", measure(lambda: examine(data, path.name, path.name, engine))),
    ]


def bench_patterns() -> list[tuple[str, float]]:
    """Compiling the pattern folder, and loading it from its cache."""
    from gouji.patterns import compile_patterns, default_folder, load_patterns

    cold = "from gouji.patterns import *; from gouji.patterns import compile_patterns, default_folder; compile_patterns(default_folder())"
    bare = measure_process("-c", "import gouji.patterns")
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "XDG_CACHE_HOME": folder}
        first = measure_process("-c", cold, env=environment) - bare
    compile_patterns(default_folder())
    load_patterns()
    return [("patterns cold (fresh process)", first), ("patterns from cache", measure(load_patterns))]


def main() -> None:
    """Print the table."""
    default = sorted((ROOT / "fixtures" / "cases").glob("twin*/input.docx")) or sorted(
        (ROOT / "fixtures" / "district").glob("*.docx")
    )
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else default[0]
    rows = [*bench_stages(path), *bench_patterns(), ("gouji --help", measure_process("-m", "gouji", "--help"))]
    print(f"{path.name}, {path.stat().st_size:,} bytes")
    for name, milliseconds in rows:
        print(f"  {name:48} {milliseconds:8.2f} ms")


if __name__ == "__main__":
    main()
