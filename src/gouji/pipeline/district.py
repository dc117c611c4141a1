"""The whole run: read a folder, store, write the workbooks, say in a few lines what came out and what to do next."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from gouji import __version__
from gouji.export.district import District, collect_district
from gouji.export.flat import write_csv
from gouji.export.ledger import write_ledger
from gouji.export.notes import Provenance
from gouji.export.runlog import write_run_record
from gouji.export.summary import write_district
from gouji.export.workbook import Imprint
from gouji.patterns import load_patterns
from gouji.pipeline.batch import Batch, Request, process_batch
from gouji.pipeline.comparison import comparison_rows
from gouji.pipeline.finance import ReferenceFigures
from gouji.pipeline.inputs import SKIP_NAMES
from gouji.pipeline.memory import LastYear
from gouji.pipeline.peers import Peers
from gouji.pipeline.progress import progress_bar
from gouji.pipeline.resubmissions import Resubmissions, alone_rules
from gouji.pipeline.second_pass import Surroundings, complete_run
from gouji.pipeline.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gouji.export.atomic import Written
    from gouji.model.result import Outcome
    from gouji.patterns import Patterns
    from gouji.store import Store

SUMMARY, LEDGER, RECORD, TABLES = "汇总表.xlsx", "审核问题.xlsx", "运行记录.json", "明细"
_LISTED = 8
_TELLING = (LastYear, ReferenceFigures, Resubmissions)


class Result(NamedTuple):
    """Chinese lines for the console, and what the exit code needs."""

    lines: list[str]
    tally: Tally


def run_district(request: Request, *, csv: bool, say: Callable[[str], None] | None) -> Result:
    """Process every input and write the output folder. `request.out` must be set."""
    out = request.out or Path()
    patterns = load_patterns(Path(request.folder) if request.folder else None)
    with process_batch(request, say=say) as batch:
        _process(batch, quiet=say is None)
        if not batch.listing.files:
            lines = [f"  × {problem.relative}：{problem.message}" for problem in batch.listing.problems[:_LISTED]]
            return Result([*lines, "没有找到可处理的文件。请检查输入路径，或把报告放进该文件夹后重试。"], Tally())
        tally = Tally()
        around = surroundings_of(_store_of(batch), batch.run, patterns)
        resubmissions = next(one for one in around if isinstance(one, Resubmissions))
        for outcome in complete_run(_store_of(batch), batch.run, patterns.rules, around):
            tally.count(outcome)
        provenance = _provenance(batch, patterns)
        imprint = Imprint(year=request.year, created=datetime.now(tz=UTC).replace(tzinfo=None, microsecond=0))
        exports = patterns.exports
        district = collect_district(_stored(batch), exports.layouts["summary"], exports.labels, request.year)
        written = [write_district(out / SUMMARY, district, exports, provenance, imprint)]
        problems = collect_district(_stored(batch), exports.layouts["findings"], exports.labels, request.year)
        compared = tuple(comparison_rows(resubmissions.found.values()))
        problems = msgspec.structs.replace(problems, resubmissions=compared)
        written.append(write_ledger(out / LEDGER, problems, exports, provenance, imprint, {}))
        written.append(write_run_record(out / RECORD, _stored(batch), provenance, batch.options))
        if csv:
            written += write_csv(out / TABLES, _stored(batch))
    beside = [line for one in around if isinstance(one, _TELLING) for line in one.describe()]
    lines = _summary_lines(batch, district, written, out)
    return Result([*lines[:-1], *beside, lines[-1]], tally)


def _process(batch: Batch, *, quiet: bool) -> None:
    """Read every file into the store."""
    with progress_bar(quiet=quiet) as progress:
        for _ in batch.outcomes(progress):
            pass


def surroundings_of(store: Store, run: int, patterns: Patterns) -> list[Surroundings]:
    """What reports are compared with beyond themselves."""
    return [
        LastYear(store, run),
        ReferenceFigures(store, patterns.units),
        Peers(patterns.rules),
        Resubmissions(store, run, alone_rules(patterns.rules)),
    ]


def judge_in_context(batch: Batch, progress: Callable[[int, int], None] | None) -> Iterator[Outcome]:
    """Every outcome of a batch with a store, read first, then judged beside what the store remembers."""
    patterns = load_patterns(Path(batch.request.folder) if batch.request.folder else None)
    for _ in batch.outcomes(progress):
        pass
    store = _store_of(batch)
    yield from complete_run(store, batch.run, patterns.rules, surroundings_of(store, batch.run, patterns))


def _store_of(batch: Batch) -> Store:
    if batch.store is None:
        raise RuntimeError("a run without a store")
    return batch.store


def _stored(batch: Batch) -> Iterator[Outcome]:
    return _store_of(batch).outcomes(batch.run)


def _provenance(batch: Batch, patterns: Patterns) -> Provenance:
    skipped = {SKIP_NAMES[reason]: count for reason, count in batch.skipped.items()}
    return Provenance(
        engine=__version__, rule_set=patterns.rules.name, rule_version=batch.options[:12], skipped=skipped
    )


def _summary_lines(batch: Batch, district: District, written: list[Written], out: Path) -> list[str]:
    """What the clerk reads first: how many, what is wrong, where to look."""
    unread = [failed for failed in district.failures if not failed.owner]
    scans = len(district.failures) - len(unread)
    known = f"（其中 {batch.reused} 个与上次相同，未重复处理）" if batch.reused else ""
    lines = [
        f"共 {district.files} 个文件{known}：读出 {len(district.departments)} 个单位的报告，{len(unread)} 个文件没有读出。"
    ]
    if scans:
        lines.append(f"另有 {scans} 个扫描件，已按文件名登记为该单位收到，见《口径说明》。")
    if district.left_out:
        lines.append(
            f"另有 {len(district.left_out)} 份报告未汇入（重复、旧版本、其他年度或单个项目），原因见《口径说明》。"
        )
    hard = sum(department.hard > 0 for department in district.departments)
    explain = sum(department.explain > 0 and not department.hard for department in district.departments)
    clean = sum(department.hard == department.explain == 0 for department in district.departments)
    lines.append(f"有必改问题的单位 {hard} 个，只需说明的 {explain} 个，没有这两类问题的 {clean} 个。")
    lines += [f"  × {failed.path}：{failed.message}" for failed in unread[:_LISTED]]
    if len(unread) > _LISTED:
        lines.append(f"  … 其余 {len(unread) - _LISTED} 个见《口径说明》。")
    lines += [item.advice for item in written if item.advice]
    lines.append(f"请打开：{_shown(out / SUMMARY)}（汇总）、{_shown(out / LEDGER)}（谁要改什么）。")
    return lines


def _shown(path: Path) -> str:
    return path.as_posix()
