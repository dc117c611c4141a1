"""One file in this process: what the Python interface and `explain` use. Batches go through isolated workers."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from gouji.model.errors import ReadError
from gouji.patterns import load_patterns
from gouji.pipeline.document import Engine, Examined, examine, file_name
from gouji.pipeline.inside import INSIDE, read_inside, split_path

if TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike

    from gouji.model.finding import Finding
    from gouji.model.result import Outcome


@lru_cache(maxsize=4)
def engine_of(folder: str | None = None, rule_set: str = "default") -> Engine:
    """The engine for a pattern folder (None: the shipped one) and a rule set, made once a process."""
    return Engine(load_patterns(Path(folder) if folder else None, rule_set))


def examine_file(
    path: str | PathLike[str],
    *,
    folder: str | None = None,
    rule_set: str = "default",
    year: int | None = None,
    passwords: Sequence[str] = (),
) -> Examined:
    """Read and check one file, with its trace; `a.zip!/报告.docx` is a member of an archive."""
    outer, inner = split_path(str(path))
    shown = INSIDE.join([outer.name, *inner])
    data = read_inside(str(path), passwords)
    return examine(data, file_name(shown), shown, engine_of(folder, rule_set), year, passwords)


def read_file(path: str | PathLike[str], *, year: int | None = None) -> Outcome:
    """The outcome of one file; raises ReadError where it gives no report."""
    outcome = examine_file(path, year=year).outcome
    if outcome.failure is not None:
        raise ReadError(outcome.failure.code, outcome.failure.message)  # type: ignore[arg-type]
    return outcome


def check_file(path: str | PathLike[str], *, year: int | None = None) -> list[Finding]:
    """Findings other than pass and not_applicable."""
    return [
        finding for finding in read_file(path, year=year).findings if finding.verdict not in ("pass", "not_applicable")
    ]
