"""The whole run: read a folder, store, write the workbooks, say in a few lines what came out and what to do next."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from gouji import __version__
from gouji.export.district import District, collect_district
from gouji.export.flat import write_csv
from gouji.export.ledger import write_ledger
from gouji.export.notes import Provenance
from gouji.export.registration import IN_HAND, OUTSTANDING
from gouji.export.runlog import write_run_record
from gouji.export.summary import EDITION_MARKS, Edition, Extras, write_district
from gouji.export.workbook import Imprint
from gouji.patterns import load_patterns
from gouji.pipeline.batch import Batch, Request, process_batch
from gouji.pipeline.books import REGISTER, Ledgers, add_files, open_books, write_books
from gouji.pipeline.inputs import SKIP_NAMES
from gouji.pipeline.progress import progress_bar
from gouji.pipeline.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gouji.export.atomic import Written
    from gouji.model.result import Outcome
    from gouji.patterns import Patterns
    from gouji.roster.unit import Books

SUMMARY, LEDGER, RECORD, TABLES = "汇总表.xlsx", "审核问题.xlsx", "运行记录.json", "明细"
_LISTED = 8


class Wishes(NamedTuple):
    """What a run writes besides the two workbooks, and what it is told: the roster, the bureau's name."""

    csv: bool = False
    public: bool = False
    plain: bool = False
    bureau: str = ""
    ledgers: Ledgers = Ledgers()

    def editions(self) -> Iterator[Edition]:
        """Of the summary: the bureau's own always."""
        yield "internal"
        if self.public:
            yield "public"
        if self.plain:
            yield "plain"


class Result(NamedTuple):
    """Chinese lines for the console, and what the exit code needs."""

    lines: list[str]
    tally: Tally


def run_district(request: Request, *, wishes: Wishes, say: Callable[[str], None] | None) -> Result:
    """Process every input and write the output folder. `request.out` must be set."""
    out = request.out or Path()
    patterns = load_patterns(Path(request.folder) if request.folder else None)
    now = datetime.now(tz=UTC).replace(tzinfo=None, microsecond=0)
    books = open_books(wishes.ledgers, out, patterns, request.passwords, f"{now.date()}")
    with process_batch(request, say=say) as batch:
        files: list[tuple[str, str | None]] = []
        tally = _process(batch, files, quiet=say is None)
        if not batch.listing.files:
            lines = [f"  × {problem.relative}：{problem.message}" for problem in batch.listing.problems[:_LISTED]]
            return Result([*lines, "没有找到可处理的文件。请检查输入路径，或把报告放进该文件夹后重试。"], Tally())
        if books is not None:
            books = add_files(books, files, wishes.ledgers.received)
        imprint = Imprint(bureau=wishes.bureau, year=request.year, created=now)
        district, written = _write_outputs(batch, patterns, imprint, wishes, books)
    return Result(_summary_lines(batch, district, written, out), tally)


def _write_outputs(
    batch: Batch, patterns: Patterns, imprint: Imprint, wishes: Wishes, books: Books | None
) -> tuple[District, list[Written]]:
    """Every file of the output folder, in the order of their weight."""
    out, year, exports = batch.request.out or Path(), batch.request.year, patterns.exports
    provenance = _provenance(batch, patterns)
    district = collect_district(_stored(batch), exports.layouts["summary"], exports.labels, year, books)
    written: list[Written] = []
    for edition in wishes.editions():
        path = out / SUMMARY.replace(".", f"{EDITION_MARKS[edition]}.")
        written.append(write_district(path, district, exports, provenance, imprint, Extras(edition)))
    problems = collect_district(_stored(batch), exports.layouts["findings"], exports.labels, year, books)
    written.append(write_ledger(out / LEDGER, problems, exports, provenance, imprint, {}))
    written.append(write_run_record(out / RECORD, _stored(batch), provenance, batch.options))
    if books is not None:
        written += write_books(out, books, district, patterns, imprint, wishes.ledgers.remind)
    if wishes.csv:
        written += write_csv(out / TABLES, _stored(batch))
    return district, written


def _process(batch: Batch, files: list[tuple[str, str | None]], *, quiet: bool) -> Tally:
    """Read everything; `files` takes path and hash of each that gave a report."""
    tally = Tally()
    with progress_bar(quiet=quiet) as progress:
        for outcome in batch.outcomes(progress):
            tally.count(outcome)
            if outcome.reports:
                files.append((outcome.source.path, outcome.source.sha256))
    return tally


def _stored(batch: Batch) -> Iterator[Outcome]:
    if batch.store is None:
        raise RuntimeError("a run without a store")
    return batch.store.outcomes(batch.run)


def _provenance(batch: Batch, patterns: Patterns) -> Provenance:
    skipped = {SKIP_NAMES[reason]: count for reason, count in batch.skipped.items()}
    return Provenance(
        engine=__version__, rule_set=patterns.rules.name, rule_version=batch.options[:12], skipped=skipped
    )


def _summary_lines(batch: Batch, district: District, written: list[Written], out: Path) -> list[str]:
    """What the clerk reads first: how many, what is wrong, where to look."""
    known = f"（其中 {batch.reused} 个与上次相同，未重复处理）" if batch.reused else ""
    lines = [
        f"共 {district.files} 个文件{known}：读出 {len(district.departments)} 个单位的报告，{len(district.failures)} 个文件没有读出。"
    ]
    if district.left_out:
        lines.append(
            f"另有 {len(district.left_out)} 份报告未汇入（重复、旧版本、其他年度或单个项目），原因见《口径说明》。"
        )
    hard = sum(department.hard > 0 for department in district.departments)
    explain = sum(department.explain > 0 and not department.hard for department in district.departments)
    clean = sum(department.hard == department.explain == 0 for department in district.departments)
    lines.append(f"有必改问题的单位 {hard} 个，只需说明的 {explain} 个，没有这两类问题的 {clean} 个。")
    lines += _attendance_lines(district)
    lines += [f"  × {failed.path}：{failed.message}" for failed in district.failures[:_LISTED]]
    if len(district.failures) > _LISTED:
        lines.append(f"  … 其余 {len(district.failures) - _LISTED} 个见《口径说明》。")
    lines += [item.advice for item in written if item.advice]
    lines.append(f"请打开：{_shown(out / SUMMARY)}（汇总）、{_shown(out / LEDGER)}（谁要改什么）。")
    return lines


def _attendance_lines(district: District) -> list[str]:
    """Who is missing, and what people must settle, where there is a roster."""
    attendance = district.attendance
    if attendance is None:
        return []
    owed, asked = attendance.count(OUTSTANDING), sum(line.state == "asked" for line in attendance.lines)
    lines = [f"应报 {attendance.expected()} 家，已报 {attendance.count(IN_HAND)} 家，缺报 {owed} 家。"]
    if owed:
        lines.append("缺报单位、电话和催报文字见 催报/催报名单.xlsx。")
    if asked:
        lines.append(f"有 {asked} 行待确认：请打开 {REGISTER}，在“单位编码（确认）”栏填写编码，再运行一次。")
    return lines + [f"  ! {problem}" for problem in attendance.problems[:_LISTED]]


def _shown(path: Path) -> str:
    return path.as_posix()
