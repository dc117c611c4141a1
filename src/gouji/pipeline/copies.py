"""批注/: an annotated copy of every report that was read, after all findings are known.

outcomes ─→ Plan for each (remarks, path of the copy) ─→ workers, input by input; an archive is unpacked once more and
only what is wanted of it is opened ─→ Copies: source path → where its copy is

A copy whose source, remarks and signature are those of the run before is left as it is: people may have written in it.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import msgspec

from gouji import __version__
from gouji.export.annotate.remarks import Remark, Signature, list_remarks
from gouji.export.filenames import NameBook, mirror_path
from gouji.export.versions import name_key
from gouji.model.result import Outcome
from gouji.patterns.exports import Labels
from gouji.pipeline.agenda import Agenda, Job
from gouji.pipeline.batch import Request
from gouji.pipeline.copy_order import REVIEWS, Conversion, Copied, CopyAnswer, CopyOrder, Plan, Review
from gouji.pipeline.copying import CONVERTED, PAGE_SUFFIX
from gouji.pipeline.inputs import InputFile
from gouji.pipeline.workers import Task, TaskResult, run_isolated
from gouji.readers.libreoffice import find_office

COPIES = "批注"
DOCX, PDF = ".docx", ".pdf"
WORD_SUFFIXES = (".docx", ".docm", ".dotx", ".dotm")
RECORD = "运行记录.json"
Record = dict[str, object]
TOGETHER = 16  # files that LibreOffice converts in one call
_CALL = "gouji.pipeline.copying:process_copy"
_TIMEOUT = 120.0
_MEMORY = 1 << 30
_LISTED = 5
LOST = "{name} 没有生成批注件：处理时程序{what}，其他文件不受影响。"
GONE = "{name} 没有生成批注件：处理过程中没有再找到这个文件；请重新运行。"
WHAT = {"timeout": "超过 2 分钟仍未完成", "too_large": "占用内存过大", "crashed": "意外退出", "error": "出错"}


class Writing(msgspec.Struct, frozen=True):
    """What every copy and page needs: who signs, the words, and how to get the outcome of a path."""

    signature: Signature
    labels: Labels
    load: Callable[[str], Outcome]


class Wish(msgspec.Struct, frozen=True):
    """A copy and a review page to be made. `basis` and `review_basis` digest everything that they depend on.

    `suffix` is what LibreOffice has to convert, `earlier` the digest of the copy that stands there from the run before.
    """

    path: str
    copy: str
    remarks: tuple[Remark, ...]
    sha256: str | None
    basis: str
    review: str
    review_basis: str
    suffix: str | None = None
    earlier: str | None = None
    has_copy: bool = True
    has_review: bool = True

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to make."""
        return not (self.has_copy or self.has_review)


class Copies(msgspec.Struct):
    """What became of the copies: `links` source path → path in the output folder; `records` for 运行记录.json.

    `reviews`: source path → its review page.
    """

    links: dict[str, str]
    reviews: dict[str, str]
    records: list[Record]
    advice: list[str]

    def keep(self, wish: Wish, record: Record) -> None:
        """Take in what became of a wish."""
        if record.get("copy") is not None:
            self.links[wish.path] = str(record["copy"])
        if record.get("review") is not None:
            self.reviews[wish.path] = str(record["review"])
        if record.get("advice"):
            self.advice.append(str(record["advice"]))
        bases = {"basis": wish.basis, "review_basis": wish.review_basis}
        self.records.append({**record, "path": wish.path, "source_sha256": wish.sha256, **bases})

    def lines(self) -> list[str]:
        """What the clerk has to know, in a few lines."""
        more = len(self.advice) - _LISTED
        return self.advice[:_LISTED] + ([f"… 另有 {more} 个文件的批注件有类似情况。"] if more > 0 else [])


def write_copies(
    request: Request,
    files: Sequence[InputFile],
    outcomes: Callable[[], Iterable[Outcome]],
    writing: Writing,
    progress: Callable[[int, int], None] | None = None,
) -> Copies:
    """Write the copies and the review pages into the output folder. `files` are the inputs as listed.

    `outcomes` goes over all of them anew at each call, so that none has to be kept.
    """
    out = request.out or Path()
    known = read_known(out / RECORD)
    wishes = [_as_left(wish, known.get(wish.path, {}), out) for wish in plan_copies(outcomes, writing)]
    copies = Copies({}, {}, [], [])
    for wish in wishes:
        if wish.is_done:
            copies.keep(wish, {**known[wish.path], "advice": None})
    left = {wish.path: wish for wish in wishes if not wish.is_done}
    with TemporaryDirectory(prefix="gouji-", ignore_cleanup_errors=True) as workspace:
        line = CopyLine(request, files, left, writing, Path(workspace))
        for done, (wish, copied) in enumerate(line.run(), 1):
            if progress is not None:
                progress(done, len(left))
            earlier: Record = {} if wish.has_copy else {**known[wish.path], "advice": None}
            copies.keep(wish, earlier | describe_copy(wish, copied))
    drop_stale(out, known.values(), set(copies.links.values()))
    copies.records.sort(key=lambda record: str(record["path"]))
    return copies


def _as_left(wish: Wish, earlier: Record, out: Path) -> Wish:
    """What of a wish the run before has not made already."""
    has_copy = earlier.get("basis") == wish.basis and (out / str(earlier.get("copy"))).is_file()
    has_review = earlier.get("review_basis") == wish.review_basis and (out / str(earlier.get("review"))).is_file()
    digest = cast("str | None", earlier.get("copy_sha256"))
    return msgspec.structs.replace(wish, has_copy=not has_copy, has_review=not has_review, earlier=digest)


def describe_copy(wish: Wish, copied: Copied) -> Record:
    """What 运行记录.json says of what was made now; nothing in it is of any unit but the file's own."""
    record: Record = {}
    if wish.has_copy:
        record = {
            "copy": copied.copy,
            "copy_sha256": copied.sha256,
            "remarks": copied.remarks,
            "moved": copied.moved,
            "advice": copied.advice,
        }
    if wish.has_review:
        record["review"] = wish.review if copied.reviewed else None
    return record


def drop_stale(out: Path, earlier: Iterable[Record], kept: set[str]) -> None:
    """Take away copies of an earlier run that none of this run took the place of, unless people have written in them."""
    folder = (out / COPIES).resolve()
    for record in earlier:
        path = out / str(record.get("copy"))
        if record.get("copy") in kept or not path.is_file() or not path.resolve().is_relative_to(folder):
            continue
        with suppress(PermissionError):  # it is open somewhere
            if hashlib.sha256(path.read_bytes()).hexdigest() == record.get("copy_sha256"):
                path.unlink()


def plan_copies(outcomes: Callable[[], Iterable[Outcome]], writing: Writing) -> list[Wish]:
    """A wish for every file that gave a report, in the order of paths."""
    kin = find_kin(filter(_is_read, outcomes()))
    names, pages = NameBook(), NameBook()
    office = find_office() is not None
    signature = writing.signature
    wishes = []
    for outcome in filter(_is_read, outcomes()):
        source = outcome.source
        remarks = tuple(list_remarks(outcome, writing.labels.severities, kin[source.path]))
        copy = names.take(f"{COPIES}/{mirror_path(source.path, _suffix_of(source.name, source.format, office=office))}")
        page = pages.take(f"{REVIEWS}/{mirror_path(source.path, PAGE_SUFFIX)}")
        basis = _digest((__version__, source.sha256, copy, remarks, signature.author, signature.initials))
        seen = _digest((__version__, page, outcome))
        convertible = CONVERTED.get(source.format or "") if office else None
        wishes.append(Wish(source.path, copy, remarks, source.sha256, basis, page, seen, convertible))
    return sorted(wishes, key=lambda wish: wish.path)


def _is_read(outcome: Outcome) -> bool:
    return bool(outcome.reports) and outcome.failure is None


def _digest(told: object) -> str:
    return hashlib.sha256(msgspec.json.encode(told)).hexdigest()


def find_kin(outcomes: Iterable[Outcome]) -> dict[str, set[str]]:
    """The files that speak of the same unit by name, for each file."""
    units: dict[str, set[str]] = defaultdict(set)
    named: dict[str, set[str]] = {}
    for outcome in outcomes:
        path = outcome.source.path
        named[path] = {name_key(report.unit_name) for report in outcome.reports} - {""}
        for name in named[path]:
            units[name].add(path)
    return {path: {other for name in names for other in units[name]} for path, names in named.items()}


def _suffix_of(name: str, kind: str | None, *, office: bool) -> str:
    """What the name of the copy ends in."""
    if kind == "docx":
        return next((suffix for suffix in WORD_SUFFIXES if name.lower().endswith(suffix)), DOCX)
    if kind == "pdf":
        return PDF
    return DOCX if kind in CONVERTED and office else PAGE_SUFFIX


def read_known(path: Path) -> dict[str, Record]:
    """The copies of the run before by source path; none where there is no record that can be read."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        return {str(copy["path"]): copy for copy in record.get("copies", ())}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def iter_archives(path: str) -> Iterator[str]:
    """The archives around a member: a.zip!/b.rar!/c.docx → a.zip, a.zip!/b.rar."""
    parts = path.split("!/")
    for count in range(1, len(parts)):
        yield "!/".join(parts[:count])


class CopyLine:
    """The inputs once more, as far as copies are wanted of them, through the workers."""

    def __init__(
        self,
        request: Request,
        files: Sequence[InputFile],
        wishes: dict[str, Wish],
        writing: Writing,
        workspace: Path,
    ) -> None:
        self._request = request
        self._wishes = wishes
        self._archives = {inside for path in wishes for inside in iter_archives(path)}
        self._writing = writing
        self._agenda = Agenda([file for file in files if self._is_wanted(file.relative)], 0, workspace)
        self._workspace = workspace
        self._waiting: dict[int, Job] = {}
        self._lot: list[Job] = []
        self._lots: list[list[Job]] = []
        self._ready: list[tuple[Job, str | None]] = []

    def _is_wanted(self, relative: str) -> bool:
        return relative in self._wishes or relative in self._archives

    def run(self) -> Iterator[tuple[Wish, Copied]]:
        """Each wish with what became of it, as they are done; what was not met with again comes last."""
        left = dict(self._wishes)
        jobs = self._request.jobs
        for result in run_isolated(CopyTasks(self), _CALL, jobs=jobs, timeout=_TIMEOUT, memory=_MEMORY):
            if result.ordinal < 0:
                self._take_converted(result)
                continue
            job = self._waiting.pop(result.ordinal)
            for wish, copied in self._finish(job, result):
                del left[wish.path]
                yield wish, copied
            self._agenda.close(job)
        for wish in left.values():
            yield wish, Copied(None, advice=GONE.format(name=wish.path))

    def draw_task(self) -> Task | None:
        """The next file to copy, archive to unpack or lot to convert, None for nothing now."""
        if self._ready:
            return self._order_copy(*self._ready.pop())
        while (job := self._agenda.draw()) is not None:
            wish = self._wishes.get(job.file.relative)
            if wish is None or wish.suffix is None or not wish.has_copy:
                return self._order_copy(job, None)
            self._lot.append(job)
            if len(self._lot) == TOGETHER:
                break
        return self._order_conversion() if self._lot else None

    def _order_copy(self, job: Job, converted: str | None) -> Task:
        self._waiting[job.serial] = job
        wish = self._wishes.get(job.file.relative)
        plan = unpacking = None
        if wish is None:
            unpacking = self._agenda.plan_unpacking(job)
        else:
            plan = self._plan(wish, converted)
        order = CopyOrder(job.file.path, job.file.relative, self._request.passwords, plan=plan, unpacking=unpacking)
        return Task(job.serial, msgspec.msgpack.encode(order))

    def _plan(self, wish: Wish, converted: str | None) -> Plan:
        folder = str((self._request.out or Path()).resolve())
        writing, copy = self._writing, wish.copy if wish.has_copy else None
        review = Review(wish.review, writing.load(wish.path), writing.labels) if wish.has_review else None
        return Plan(
            folder, copy, wish.remarks, writing.signature, wish.sha256, wish.earlier, converted=converted, review=review
        )

    def _order_conversion(self) -> Task:
        """Conversions are counted down from -1: they are nobody's copy."""
        number = -1 - len(self._lots)
        lot, self._lot = self._lot, []
        self._lots.append(lot)
        files = tuple((job.file.path, self._wishes[job.file.relative].suffix or "") for job in lot)
        conversion = Conversion(files, str(self._workspace / f"docx{-number}"))
        order = CopyOrder("", "", self._request.passwords, conversion=conversion)
        return Task(number, msgspec.msgpack.encode(order))

    def _take_converted(self, result: TaskResult) -> None:
        """Files whose .docx is there come next; the others will be converted alone."""
        lot = self._lots[-1 - result.ordinal]
        answer = msgspec.msgpack.decode(result.payload, type=CopyAnswer) if result.kind == "done" else CopyAnswer()
        self._ready += zip(lot, answer.converted or (None,) * len(lot), strict=True)

    def _finish(self, job: Job, result: TaskResult) -> Iterator[tuple[Wish, Copied]]:
        wish = self._wishes.get(job.file.relative)
        if result.kind != "done":
            if wish is not None:
                yield wish, Copied(None, advice=LOST.format(name=wish.path, what=WHAT[result.kind]))
            return
        answer = msgspec.msgpack.decode(result.payload, type=CopyAnswer)
        if answer.contents is not None:
            admitted = self._agenda.admit(job, answer.contents)
            wanted = [m for m in admitted.members if self._is_wanted(f"{job.file.relative}!/{m.path}")]
            self._agenda.add_members(job, wanted, start=0)
        elif wish is not None and answer.copied is not None:
            yield wish, answer.copied


class CopyTasks:
    """The tasks for the pool. It may end and go on: an archive's members come up while others are at work."""

    def __init__(self, line: CopyLine) -> None:
        self._line = line

    def __iter__(self) -> CopyTasks:
        return self

    def __next__(self) -> Task:
        task = self._line.draw_task()
        if task is None:
            raise StopIteration
        return task


def sign(author: str, initials: str, moment: datetime) -> Signature:
    """The signature of a run. Word shows a comment's time as it is written, so it is the local one."""
    return Signature(author, initials, moment.strftime("%Y-%m-%dT%H:%M:%S"))
