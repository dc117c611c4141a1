"""The whole run: read a folder, store, judge in context, write the output folder, say in a few lines what to do next.

read → complete (second pass) → copy (批注) → workbooks, ledger, record → lines for the clerk
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from gouji import __version__
from gouji.export.atomic import spare_of, write_atomically
from gouji.export.district import District, collect_district
from gouji.export.figures import to_number
from gouji.export.flat import write_csv
from gouji.export.ledger import Annexes, write_ledger
from gouji.export.leftovers import sweep, sweep_output
from gouji.export.notes import Provenance
from gouji.export.registration import IN_HAND, OUTSTANDING
from gouji.export.review.index import describe_file, index_page
from gouji.export.runlog import write_run_record
from gouji.export.summary import EDITION_MARKS, Edition, Extras, write_district
from gouji.export.unread import fold_pictures
from gouji.export.workbook import Imprint
from gouji.patterns import Patterns, load_patterns
from gouji.pipeline.baseline import Baseline, BlankForm, read_blank_form
from gouji.pipeline.batch import Batch, Request, process_batch
from gouji.pipeline.books import REGISTER, REMINDERS, Ledgers, add_files, open_books, write_books
from gouji.pipeline.comparison import comparison_rows
from gouji.pipeline.copies import COPIES, Copies, sign, write_copies
from gouji.pipeline.copy_line import Writing
from gouji.pipeline.copy_order import INDEX, REVIEWS
from gouji.pipeline.echoes import Echoes
from gouji.pipeline.finance import ReferenceFigures
from gouji.pipeline.freezing import FOLDER, compare_with_frozen
from gouji.pipeline.gone import describe_gone
from gouji.pipeline.inputs import SKIP_NAMES
from gouji.pipeline.keeping import Keeping
from gouji.pipeline.ledger import add_reviews, note_courses, read_back_if_there, read_reviews
from gouji.pipeline.letters import LETTERS
from gouji.pipeline.memory import LastYear
from gouji.pipeline.peers import Peers
from gouji.pipeline.progress import progress_bar
from gouji.pipeline.resubmissions import Resubmissions, alone_rules
from gouji.pipeline.rulings import describe_reopened
from gouji.pipeline.second_pass import Surroundings, complete_run
from gouji.pipeline.tally import Tally
from gouji.roster.unit import books_without_roster
from gouji.store import Store
from gouji.store.copies import forget_copies
from gouji.store.ledger import read_ledger
from gouji.store.receipts import keep_receipts, read_receipts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gouji.export.atomic import Written
    from gouji.export.district import Failed
    from gouji.model.result import Outcome
    from gouji.roster.unit import Books
    from gouji.validate.context import Template

SUMMARY, LEDGER, RECORD, TABLES = "汇总表.xlsx", "审核问题.xlsx", "运行记录.json", "明细"
_READ_BACK = (SUMMARY, LEDGER, REGISTER)
_LISTED = 8
_TELLING = (LastYear, ReferenceFigures, Resubmissions)
NOTHING = "没有找到可处理的文件。请检查输入路径，或把报告放进该文件夹后重试。"


class Wishes(NamedTuple):
    """Other editions of the summary, the bureau's name, the roster and the days to note."""

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


NO_WISHES = Wishes()


class Result(NamedTuple):
    """Chinese lines for the console, and what the exit code needs."""

    lines: list[str]
    tally: Tally


def run_district(
    request: Request, *, csv: bool = False, wishes: Wishes = NO_WISHES, say: Callable[[str], None] | None
) -> Result:
    """Process every input and write the output folder. `request.out` must be set."""
    patterns = load_patterns(Path(request.folder) if request.folder else None, request.rule_set)
    now = datetime.now(tz=UTC).astimezone()
    sweep_output(request.out or Path(), (FOLDER, TABLES, Path(REMINDERS).parts[0]), (COPIES, REVIEWS, LETTERS))
    sweep(Path(gettempdir()), temporary=True)
    books = open_books(wishes.ledgers, request.out or Path(), patterns, request.passwords, f"{now.date()}")
    with process_batch(request, say=say) as batch:
        issued = _read_template(request)
        run = DistrictRun(batch, patterns, issued, now, quiet=say is None)
        run.wishes, run.books = wishes, books
        run.read_back()
        run.read()
        if not batch.listing.files:
            lines = [f"  × {problem.relative}：{problem.message}" for problem in batch.listing.problems[:_LISTED]]
            return Result([*lines, NOTHING], Tally())
        run.complete()
        return Result(run.write(csv=csv), run.tally)


def _read_template(request: Request) -> BlankForm | None:
    """The bureau's blank form, where one is given."""
    if request.template is None:
        return None
    return read_blank_form(request.template, request.folder, request.passwords)


def surroundings_of(store: Store, run: int, patterns: Patterns, issued: Template | None = None) -> list[Surroundings]:
    """What reports are compared with beyond themselves. `issued`: the bureau's blank form."""
    return [
        LastYear(store, run),
        ReferenceFigures(store, patterns.units),
        Peers(patterns.rules, received=read_receipts(store)),
        Resubmissions(store, run, patterns.rules, alone_rules(patterns.rules)),
        Baseline(issued),
        Echoes(issued),
    ]


def judge_in_context(batch: Batch, progress: Callable[[int, int], None] | None) -> Iterator[Outcome]:
    """Every outcome of a batch with a store, read first, then judged beside what the store remembers.

    The run is not marked as complete: letters, tables and exports go on speaking of the district's last run.
    """
    folder, store = batch.request.folder, batch.store
    if store is None:
        raise RuntimeError("a comparison without a store")
    patterns = load_patterns(Path(folder) if folder else None, batch.request.rule_set)
    for _ in batch.outcomes(progress, last=False):
        pass
    around = surroundings_of(store, batch.run, patterns)
    yield from complete_run(store, batch.run, patterns.rules, around, batch.settle)


class DistrictRun:
    """One run over a district, step by step. `issued`: the bureau's blank form; `now` is local time."""

    def __init__(
        self, batch: Batch, patterns: Patterns, issued: BlankForm | None, now: datetime, *, quiet: bool
    ) -> None:
        if batch.store is None or batch.request.out is None:
            raise RuntimeError("a run without a store or an output folder")
        self.batch = batch
        self.patterns = patterns
        self.issued = issued
        self.now = now
        self.quiet = quiet
        self.store: Store = batch.store
        self.out: Path = batch.request.out
        self.around: list[Surroundings] = []
        self.tally = Tally()
        self.wishes = NO_WISHES
        self.books: Books | None = None
        self._told: list[str] = []
        self._written: list[Written] = []
        self._keeping = Keeping(self.store, self.out)

    @property
    def today(self) -> str:
        """The day of the run, ISO."""
        return self.now.date().isoformat()

    def read_back(self) -> None:
        """What people wrote into the ledger, and what that decides, before anything is judged."""
        self._told += read_back_if_there(self.store, self.out / LEDGER, self.patterns.exports, self.now)
        self.batch.reload_decisions()

    def read(self) -> None:
        """Every file into the store, and when it came in."""
        with progress_bar(quiet=self.quiet) as progress:
            for _ in self.batch.outcomes(progress, last=False):
                pass
        if self.books is not None:
            self.books = add_files(self.books, self._received(), self.wishes.ledgers.received)
            keep_receipts(self.store, ((one.check, one.received) for one in self.books.register.receipts if one.check))

    def complete(self) -> None:
        """Judge every report beside what it is compared with."""
        template = self.issued.template if self.issued is not None else None
        self.around = surroundings_of(self.store, self.batch.run, self.patterns, template)
        rules, settle = self.patterns.rules, self.batch.settle
        for outcome in complete_run(self.store, self.batch.run, rules, self.around, settle):
            self.tally.count(outcome)

    def write(self, *, csv: bool) -> list[str]:
        """The output folder; lines for the clerk."""
        problems = self._collect("findings")
        copies = self._copy(problems)
        district = self._write_workbooks(copies, problems)
        record = write_run_record(
            self.out / RECORD, self.outcomes(), self._provenance(), self.batch.options, copies=copies.records
        )
        self._written.append(record)
        if not record.advice:
            forget_copies(self.store)
        if csv:
            self._written += write_csv(self.out / TABLES, self.outcomes(), self._keeping.put)
        self.batch.finish()
        self._told += [*describe_gone(self.store, self.batch.run), *self._keeping.tell(), *self._describe_changes()]
        self._told += [line for one in self.around if isinstance(one, _TELLING) for line in one.describe()]
        return [*dict.fromkeys(self._told), *self._summarise(district, copies)]

    def outcomes(self) -> Iterator[Outcome]:
        """What the files of this run came to, as people decided."""
        return self.store.outcomes(self.batch.run)

    def _collect(self, layout: str) -> District:
        """What the outcomes come to, for a workbook of this layout."""
        exports, of_form = self.patterns.exports, self.issued.findings if self.issued is not None else ()
        year = self.batch.request.year
        books = self._known_books()
        return collect_district(self.outcomes(), exports.layouts[layout], exports.labels, year, books, of_form)

    def _known_books(self) -> Books:
        return self.books or books_without_roster(read_receipts(self.store))

    def _copy(self, problems: District) -> Copies:
        """The annotated copies, once every finding is known."""
        outgoing, labels, batch = self.patterns.letters, self.patterns.exports.labels, self.batch
        signature = sign(outgoing.author, outgoing.initials, self.now)

        def load(path: str) -> Outcome:
            return self.store.outcome(batch.run, path)

        with progress_bar(quiet=self.quiet, label="批注和复核包") as progress:
            writing = Writing(signature, labels, load, self.store, problems.form_faults)
            copies = write_copies(batch.request, batch.listing.files, self.outcomes, writing, progress)
        entries = [describe_file(outcome, copies.reviews.get(outcome.source.path)) for outcome in self.outcomes()]
        write_atomically(self.out / REVIEWS / INDEX, index_page(entries, "部门整体支出绩效自评复核包"))
        return copies

    def _last_figures(self) -> dict[str, dict[str, Decimal]]:
        """Unit → concept → last year's figure in the workbook's unit of money."""
        factor = self.patterns.exports.layouts["summary"].factor
        known = [one.figures for one in self.around if isinstance(one, LastYear)]
        return {
            unit: {
                concept: number for concept, fact in facts.items() if (number := to_number(fact, factor)) is not None
            }
            for figures in known
            for unit, facts in figures.items()
        }

    def _write_workbooks(self, copies: Copies, problems: District) -> District:
        """汇总表, and 审核问题 with what people wrote into it before."""
        exports, provenance, year = self.patterns.exports, self._provenance(), self.batch.request.year
        imprint = Imprint(self.wishes.bureau, year, self.now.replace(tzinfo=None, microsecond=0))
        district = self._collect("summary")
        layout = exports.layouts["summary"]
        self._told += read_reviews(self.store, self.out / SUMMARY, district, layout, self.today)
        district = add_reviews(self.store, district, layout)
        for edition in self.wishes.editions():
            path = self.out / SUMMARY.replace(".", f"{EDITION_MARKS[edition]}.")
            # what people write into the bureau's own edition is read back
            put = self._keeping.put_over if edition == "internal" else self._keeping.put
            extras = Extras(edition, copies.links, copies.reviews, self._last_figures(), put)
            self._written.append(write_district(path, district, exports, provenance, imprint, extras))
        if self.books is not None:
            remind = self.wishes.ledgers.remind
            self._written += write_books(self._keeping, self.books, district, self.patterns, imprint, remind)
        found = [found for one in self.around if isinstance(one, Resubmissions) for found in one.found.values()]
        problems = msgspec.structs.replace(problems, resubmissions=tuple(comparison_rows(found)))
        self.read_back()  # once more: a run takes a while, and people go on writing
        note_courses(self.store, self.batch.run, problems, self.today)
        annexes = Annexes(copies.links, copies.reviews, read_ledger(self.store), self._keeping.put_over)
        self._told += describe_reopened(problems, annexes.ledger)
        self._written.append(write_ledger(self.out / LEDGER, problems, exports, provenance, imprint, annexes))
        for written in self._written:
            if written.advice:
                continue
            if written.path.name in _READ_BACK:  # what its 新 said is in the store
                spare_of(written.path).unlink(missing_ok=True)
            else:
                self._keeping.drop(spare_of(written.path))
        return district

    def _received(self) -> Iterator[tuple[str, str | None]]:
        """Path and hash of each file that gave a report."""
        return ((outcome.source.path, outcome.source.sha256) for outcome in self.outcomes() if outcome.reports)

    def _provenance(self) -> Provenance:
        return Provenance(
            engine=__version__,
            rule_set=self.patterns.rules.name,
            rule_version=self.batch.options[:12],
            skipped={SKIP_NAMES[reason]: count for reason, count in self.batch.skipped.items()},
        )

    def _counted_files(self, run: int) -> set[str]:
        exports, year = self.patterns.exports, self.batch.request.year
        layout, books = exports.layouts["summary"], self._known_books()
        found = collect_district(self.store.outcomes(run), layout, exports.labels, year, books)
        return {department.identity.path for department in (*found.departments, *found.parts)}

    def _describe_changes(self) -> list[str]:
        """What is no longer as it was signed."""
        name, changes = compare_with_frozen(self.store, self.batch.run, self._counted_files)
        if not changes:
            return []
        units = sorted({change.unit.strip() for change in changes})
        more = f" 等 {len(units)} 家" if len(units) > _LISTED else ""
        shown = "、".join(units[:_LISTED]) + more
        return [f"与定稿“{name}”相比，有 {len(changes)} 个数发生变化：{shown}。定稿文件夹中的数字没有改动。"]

    def _summarise(self, district: District, copies: Copies) -> list[str]:
        """What the clerk reads first: how many, what is wrong, where to look."""
        unread = [failed for failed in district.failures if not failed.owner]
        known = f"（其中 {self.batch.reused} 个内容与已读过的相同，未重复处理）" if self.batch.reused else ""
        lines = [
            f"共 {district.files} 个文件{known}：读出 {len(district.departments)} 个单位的报告，{len(unread)} 个文件没有读出。"
        ]
        if scans := len(district.failures) - len(unread):
            lines.append(f"另有 {scans} 个扫描件，已按文件名登记为该单位收到，见《口径说明》。")
        if district.left_out:
            lines.append(
                f"另有 {len(district.left_out)} 份报告未汇入（重复、旧版本、其他年度或单个项目），原因见《口径说明》。"
            )
        hard = sum(department.hard > 0 for department in district.departments)
        explain = sum(department.explain > 0 and not department.hard for department in district.departments)
        clean = sum(department.hard == department.explain == 0 for department in district.departments)
        lines.append(f"有必改问题的单位 {hard} 个，只需说明的 {explain} 个，没有这两类问题的 {clean} 个。")
        if waived := len({p.finding.id for p in district.problems if p.finding.verdict == "waived"}):
            lines.append(f"已豁免 {waived} 项，清单见《口径说明》，用 gouji waive --list 查看理由。")
        lines += _describe_attendance(district)
        lines += _list_unread(unread)
        lines += [item.advice for item in self._written if item.advice]
        lines += copies.lines()
        lines.append(
            f"请打开：{self._shown(SUMMARY)}（汇总）、{self._shown(LEDGER)}（谁要改什么）。发给单位的批注件在：{self._shown(COPIES)}；对照原文复核请打开：{self._shown(f'{REVIEWS}/{INDEX}')}。"
        )
        return lines

    def _shown(self, name: str) -> str:
        return (self.out / name).as_posix()


def _list_unread(unread: list[Failed]) -> list[str]:
    """Why files gave no report, as many as a screen takes; pictures come last."""
    folded = fold_pictures(unread)
    more = [f"  … 其余 {len(folded) - _LISTED} 条见《口径说明》。"] if len(folded) > _LISTED else []
    return [f"  × {failed.path}：{failed.message}" for failed in folded[:_LISTED]] + more


def _describe_attendance(district: District) -> list[str]:
    """Who is missing, and what people must settle, where there is a roster."""
    attendance = district.attendance
    if attendance is None:
        return []
    owed, asked = attendance.count(OUTSTANDING), sum(line.state == "asked" for line in attendance.lines)
    again = f"（含已退回、待重报的 {back} 家）" if (back := attendance.count(("returned",))) else ""
    lines = [f"应报 {attendance.expected()} 家，已报 {attendance.count(IN_HAND)} 家，缺报 {owed} 家{again}。"]
    if owed:
        lines.append(f"缺报单位、电话和催报文字见 {REMINDERS}。")
    if asked:
        lines.append(f"有 {asked} 行待确认：请打开 {REGISTER}，在“单位编码（确认）”栏填写编码，再运行一次。")
    return lines + [f"  ! {problem}" for problem in attendance.problems[:_LISTED]]
