"""The inputs once more, as far as copies or review pages are wanted of them, through the workers.

Wish 一股/报告.doc ─┬ lot of 16 ─ LibreOffice ─┐
Wish 报告.docx ─────┴───────────────────────────┴→ worker → Copied
a.zip with wishes in it ─ unpacked ─→ the wanted members come next, the others are not opened
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from gouji.export.annotate.remarks import Remark, Signature
from gouji.export.form_faults import FormFault
from gouji.model.result import Outcome
from gouji.patterns.exports import Labels
from gouji.pipeline.agenda import Agenda, Job
from gouji.pipeline.batch import Request
from gouji.pipeline.copy_order import Conversion, Copied, CopyAnswer, CopyOrder, Plan, Review
from gouji.pipeline.inputs import InputFile
from gouji.pipeline.workers import Task, TaskResult, run_isolated
from gouji.store import Store

TOGETHER = 16  # files that LibreOffice converts in one call
_CALL = "gouji.pipeline.copying:process_copy"
_TIMEOUT = 120.0
_MEMORY = 1 << 30
LOST = "{name} 没有生成批注件：处理时程序{what}，其他文件不受影响。"
GONE = "{name} 没有生成批注件：处理过程中没有再找到这个文件；请重新运行。"
WHAT = {"timeout": "超过 2 分钟仍未完成", "too_large": "占用内存过大", "crashed": "意外退出", "error": "出错"}


class Writing(msgspec.Struct, frozen=True):
    """What every copy and page needs: who signs, the words, how to get the outcome of a path, where to note what is put down.

    `faults`: what is wrong with the form itself, told once and not on every page.
    """

    signature: Signature
    labels: Labels
    load: Callable[[str], Outcome]
    store: Store
    faults: tuple[FormFault, ...] = ()


class Wish(msgspec.Struct, frozen=True):
    """A copy and a review page to be made. `basis` and `review_basis` digest everything that they depend on.

    `suffix` is what LibreOffice has to convert, `earlier` the digest of the copy that stands there from the run before,
    `folded` the ids of findings that are told among the form's faults.
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
    folded: tuple[str, ...] = ()

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to make."""
        return not (self.has_copy or self.has_review)


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
        staging: Path,
    ) -> None:
        self._request = request
        self._wishes = wishes
        self._archives = {inside for path in wishes for inside in iter_archives(path)}
        self._writing = writing
        self._agenda = Agenda([file for file in files if self._is_wanted(file.relative)], 0, workspace)
        self._workspace = workspace
        self._staging = staging.resolve()
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
            plan = self._plan(wish, str(self._staging / str(job.serial)), converted)
        order = CopyOrder(job.file.path, job.file.relative, self._request.passwords, plan=plan, unpacking=unpacking)
        return Task(job.serial, msgspec.msgpack.encode(order))

    def _plan(self, wish: Wish, staged: str, converted: str | None) -> Plan:
        writing, copy = self._writing, wish.copy if wish.has_copy else None
        review = Review(wish.review, writing.load(wish.path), writing.labels, wish.folded) if wish.has_review else None
        return Plan(staged, copy, wish.remarks, writing.signature, wish.sha256, converted, review)

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
