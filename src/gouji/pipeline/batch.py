"""Many files through isolated workers: found, looked up in the store, read, handed on.

    Request ─→ inputs ─┬─ known content ──────────────→ Outcome
                 ↑     └─ workers (one file a task) ─┬→ Outcome      a killed worker costs only its file
                 └──────── members, next in line ────┘  of an archive, which a worker has unpacked

The parent never opens a document or an archive: it hashes bytes, keeps outcomes, and stays flat in memory.
"""

from __future__ import annotations

import hashlib
import shutil
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple, cast

import msgspec

from gouji import __version__
from gouji.export.atomic import make_folder
from gouji.export.leftovers import PLAIN, name_prefix
from gouji.model.errors import ReadError, say_reason
from gouji.model.result import Failure, Outcome, Source
from gouji.patterns import load_patterns, patterns_digest
from gouji.pipeline.agenda import Agenda, Job, Loader, Place, Settled, in_order
from gouji.pipeline.inputs import InputFile, InputListing, SkipReason, find_inputs, make_natural_key
from gouji.pipeline.order import Answer, WorkOrder
from gouji.pipeline.workers import Task, TaskResult, run_isolated
from gouji.store import Store, StoreKey
from gouji.validate.waivers import apply_decisions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from gouji.model.finding import Finding
    from gouji.readers.archives import Contents, Member

_CALL = "gouji.pipeline.work:process_task"
_TIMEOUT = 120.0
_MEMORY = 1 << 30
_CHUNK = 1 << 20
_MAX_BYTES = 300 << 20
_TROUBLE: dict[str, tuple[str, str]] = {
    "timeout": (
        "timeout",
        "处理超过 2 分钟仍未完成，已跳过。文件可能过大或已损坏；请用 WPS 或 Word 打开后另存为 .docx 再试。",
    ),
    "too_large": ("too_large", "处理时占用内存过大，已跳过。请删去文件中的大图片或多余表格，另存为 .docx 再试。"),
    "crashed": ("crashed", "读取该文件时程序意外退出，其他文件不受影响。请用 WPS 或 Word 打开后另存为 .docx 再试。"),
    "error": ("crashed", "处理该文件时程序出错，其他文件不受影响。请把该文件交给管理员排查，或另存为 .docx 再试。"),
}


class Request(NamedTuple):
    """What to process and how. `store` None: the one in `out`, or none at all without `out`.

    `passwords` go to the workers and nowhere else: no key, no record, no log holds them. `unsettled`: files that are
    still being copied, left out of this run. `today` is the day on which waivers of the store must hold; None: they are
    left aside. `template` is the bureau's blank form.
    """

    inputs: tuple[Path, ...]
    out: Path | None = None
    store: Path | None = None
    folder: str | None = None
    rule_set: str = "default"
    year: int | None = None
    jobs: int = 1
    passwords: tuple[str, ...] = ()
    unsettled: frozenset[str] = frozenset()
    template: Path | None = None
    today: date | None = None


class Batch:
    """An open batch. Iterate `outcomes()` once; `fresh` and `reused` count what was done and what was known.

    `workspace` is where archives are unpacked; it is gone with the batch. `skipped` grows with what they hold.
    """

    def __init__(
        self, request: Request, listing: InputListing, store: Store | None, options: str, workspace: Path
    ) -> None:
        self.request = request
        self.listing = listing
        self.store = store
        self.options = options
        self.found = len(listing.files) + len(listing.problems)
        self.fresh = self.reused = 0
        self.skipped: Counter[SkipReason] = Counter(listing.skipped)
        self.run = store.begin_run(__version__, options, request.rule_set) if store is not None else 0
        self._decisions = store.decisions() if store is not None else []
        self._agenda = Agenda(listing.files, len(listing.problems), workspace)
        self._waiting: dict[int, Job] = {}
        self._known: list[tuple[Place, Settled]] = []

    def outcomes(self, progress: Callable[[int, int], None] | None = None, *, last: bool = True) -> Iterator[Outcome]:
        """Every file's outcome in input order, each saved as soon as it is known.

        `last`: the run is complete with them. Where more comes of it, the caller says `finish`: letters or a frozen
        state must not be made of a run that was interrupted before.
        """
        for done, load in enumerate(in_order(self._unordered()), start=1):
            if progress is not None:
                progress(done, self.found)
            outcome = load()
            yield msgspec.structs.replace(outcome, findings=self.settle(outcome.findings))
        if last:
            self.finish()

    def finish(self) -> None:
        """Mark the run as complete."""
        if self.store is not None:
            self.store.finish_run(self.run)

    def reload_decisions(self) -> None:
        """Decisions that were taken since the batch began count too."""
        if self.store is not None:
            self._decisions = self.store.decisions()

    def settle(self, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
        """The findings with the waivers of the store laid over them; what is kept of a file stays as it was found."""
        if not self._decisions or self.request.today is None:
            return findings
        return apply_decisions(findings, self._decisions, self.request.today)

    def _unordered(self) -> Iterator[tuple[Place, Settled]]:
        """(place, how to get the outcome): what the store holds is loaded only when its turn comes."""
        for ordinal, problem in enumerate(self.listing.problems):
            source = Source(Path(problem.relative).name, problem.relative, None, None, None)
            yield (ordinal,), self._keep(None, Outcome(source, Failure("corrupt", problem.message)))
        for result in run_isolated(Tasks(self), _CALL, jobs=self.request.jobs, timeout=_TIMEOUT, memory=_MEMORY):
            yield from _drain(self._known)
            yield from self._finish(self._waiting.pop(result.ordinal), result)
        yield from _drain(self._known)

    def draw_task(self) -> Task | None:
        """The next file that no earlier run has done; the others go straight to `_known`. None: nothing for now."""
        while (job := self._agenda.draw()) is not None:
            try:
                digest = job.digest or hash_file(job.file)
            except (ReadError, OSError) as error:
                self._known.append((job.place, self._keep(None, _unopened(job.file, error))))
                continue
            reused = self.store.find(self._key(digest)) if self.store is not None else None
            if reused is not None:
                self.reused += 1
                self._known.append((job.place, self._keep(digest, _moved(reused, job.file))))
                self._agenda.close(job)
                continue
            self._waiting[job.serial] = job._replace(digest=digest)
            request, unpacking = self.request, self._agenda.plan_unpacking(job)
            path, relative = job.file.path, job.file.relative
            order = WorkOrder(
                path, relative, request.folder, request.year, request.passwords, unpacking, request.rule_set
            )
            return Task(job.serial, msgspec.msgpack.encode(order))
        return None

    def _finish(self, job: Job, result: TaskResult) -> Iterator[tuple[Place, Settled]]:
        if result.kind == "done":
            answer = msgspec.msgpack.decode(result.payload, type=Answer)
            if answer.contents is not None:
                yield from self._open_archive(job, self._agenda.admit(job, answer.contents))
            elif answer.outcome is not None:
                self.fresh += 1
                yield job.place, self._keep(job.digest, answer.outcome)
        else:
            self.fresh += 1
            shutil.rmtree(self._agenda.plan_unpacking(job).folder, ignore_errors=True)
            yield job.place, self._keep(job.digest, Outcome(_source_of(job), Failure(*_TROUBLE[result.kind])))
        self._agenda.close(job)

    def _open_archive(self, job: Job, contents: Contents) -> Iterator[tuple[Place, Settled]]:
        """The members take the archive's place; one line for the archive itself where something is wrong with it."""
        self.skipped.update(cast("dict[SkipReason, int]", contents.skipped))
        members = sorted(contents.members, key=lambda member: make_natural_key(member.path))
        settled: list[Outcome] = []
        if contents.failure is not None:
            settled.append(Outcome(_source_of(job), contents.failure))
        settled += [_refused(job, member) for member in members if member.file is None]
        yield job.place, len(settled) + self._agenda.add_members(job, members, start=len(settled))
        self.found += len(settled) + sum(member.file is not None for member in members) - 1
        for index, outcome in enumerate(settled):
            yield (*job.place, index), self._keep(None, outcome)

    def _keep(self, digest: str | None, outcome: Outcome) -> Loader:
        """Save an outcome; the answer loads it again, so that a held-back one costs no memory."""
        if self.store is None or digest is None:
            if self.store is not None:
                self.store.save(self._key(None), outcome, self.run, outcome.source.path)
            return lambda: outcome
        store, path = self.store, outcome.source.path
        store.save(self._key(digest), outcome, self.run, path)
        return lambda: store.outcome(self.run, path)

    def _key(self, digest: str | None) -> StoreKey:
        return StoreKey(digest, __version__, self.options)


class Tasks:
    """The batch's tasks for the pool. It may end and go on: an archive's members come up while others are at work."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch

    def __iter__(self) -> Tasks:
        return self

    def __next__(self) -> Task:
        task = self._batch.draw_task()
        if task is None:
            raise StopIteration
        return task


@contextmanager
def process_batch(request: Request, say: Callable[[str], None] | None = None) -> Iterator[Batch]:
    """Open a batch: patterns are checked first, so that a broken folder stops the run before any work."""
    folder = Path(request.folder) if request.folder else None
    load_patterns(folder, request.rule_set)
    listing = _without_unsettled(find_inputs(request.inputs, request.out), request.unsettled)
    if say is not None and listing.skipped:
        say(f"已跳过 {sum(listing.skipped.values())} 个临时文件、系统文件、以前的结果或重复文件。")
    options = f"{patterns_digest(folder)}:{request.rule_set}:{request.year or ''}"
    path = request.store or (request.out / "gouji.db" if request.out is not None else None)
    with TemporaryDirectory(prefix=name_prefix(PLAIN), ignore_cleanup_errors=True) as workspace:
        if path is None:
            yield Batch(request, listing, None, options, Path(workspace))
            return
        make_folder(path.parent)
        with Store.open(path) as store:
            yield Batch(request, listing, store, options, Path(workspace))


def _without_unsettled(listing: InputListing, unsettled: frozenset[str]) -> InputListing:
    left = tuple(file for file in listing.files if file.path not in unsettled)
    count = len(listing.files) - len(left)
    skipped = listing.skipped | ({"unsettled": count} if count else {})
    return msgspec.structs.replace(listing, files=left, skipped=skipped)


def _drain(known: list[tuple[Place, Settled]]) -> Iterator[tuple[Place, Settled]]:
    while known:
        yield known.pop(0)


def hash_file(file: InputFile) -> str:
    """SHA-256 of a file; ReadError where it is too large to be a report."""
    if file.size > _MAX_BYTES:
        raise ReadError(
            "too_large", f"文件超过 {_MAX_BYTES >> 20} MB，不像自评报告，已跳过。请删去大图片等附件后重新提交。"
        )
    digest = hashlib.sha256()
    with Path(file.path).open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _unopened(file: InputFile, error: ReadError | OSError) -> Outcome:
    source = Source(Path(file.relative).name, file.relative, None, None, file.size)
    if isinstance(error, ReadError):
        return Outcome(source, Failure(error.code, error.message))
    return Outcome(
        source,
        Failure("corrupt", f"文件打不开（{say_reason(error)}）；请检查权限，或关闭正在使用它的程序后重试。"),
    )


def _source_of(job: Job) -> Source:
    return Source(Path(job.file.relative).name, job.file.relative, job.digest, None, job.file.size)


def _refused(job: Job, member: Member) -> Outcome:
    """A member that did not come out of its archive."""
    path = f"{job.file.relative}!/{member.path}"
    return Outcome(Source(Path(path).name, path, None, None, member.size), member.failure)


def _moved(outcome: Outcome, file: InputFile) -> Outcome:
    """A known outcome under this file's own path."""
    source = Source(
        name=Path(file.relative).name,
        path=file.relative,
        sha256=outcome.source.sha256,
        format=outcome.source.format,
        bytes=outcome.source.bytes,
        via=outcome.source.via,
    )
    return Outcome(source, outcome.failure, outcome.notices, outcome.reports, outcome.findings)
