"""Many files through isolated workers: found, looked up in the store, read, handed on.

    Request ─→ inputs ─┬─ known content ──────────────→ Outcome
                       └─ workers (one file a task) ──→ Outcome      a killed worker costs only its file

The parent never opens a document: it hashes bytes, keeps outcomes, and stays flat in memory.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from gouji import __version__
from gouji.model.errors import ReadError
from gouji.model.result import Failure, Outcome, Source
from gouji.patterns import load_patterns, patterns_digest
from gouji.pipeline.inputs import InputFile, InputListing, find_inputs
from gouji.pipeline.order import WorkOrder
from gouji.pipeline.workers import Task, TaskResult, run_isolated
from gouji.store import Store, StoreKey

if TYPE_CHECKING:
    from collections.abc import Iterator

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
Loader = Callable[[], Outcome]


class Request(NamedTuple):
    """What to process and how. `store` None: the one in `out`, or none at all without `out`.

    `passwords` go to the workers and nowhere else: no key, no record, no log holds them.
    """

    inputs: tuple[Path, ...]
    out: Path | None = None
    store: Path | None = None
    folder: str | None = None
    rule_set: str = "default"
    year: int | None = None
    jobs: int = 1
    passwords: tuple[str, ...] = ()


class Batch:
    """An open batch. Iterate `outcomes()` once; `fresh` and `reused` count what was done and what was known."""

    def __init__(self, request: Request, listing: InputListing, store: Store | None, options: str) -> None:
        self.request = request
        self.listing = listing
        self.store = store
        self.options = options
        self.found = len(listing.files) + len(listing.problems)
        self.fresh = self.reused = 0
        self.run = store.begin_run(__version__, options, request.rule_set) if store is not None else 0

    def outcomes(self, progress: Callable[[int, int], None] | None = None) -> Iterator[Outcome]:
        """Every file's outcome in input order, each saved as soon as it is known."""
        for done, load in enumerate(in_order(self._unordered()), start=1):
            if progress is not None:
                progress(done, self.found)
            yield load()
        if self.store is not None:
            self.store.finish_run(self.run)

    def _unordered(self) -> Iterator[tuple[int, Loader]]:
        """(ordinal, how to get the outcome): what the store holds is loaded only when its turn comes."""
        for ordinal, problem in enumerate(self.listing.problems):
            source = Source(Path(problem.relative).name, problem.relative, None, None, None)
            yield ordinal, self._keep(None, Outcome(source, Failure("corrupt", problem.message)))
        waiting: dict[int, tuple[InputFile, str]] = {}
        known: list[tuple[int, Loader]] = []
        tasks = self._tasks(waiting, known)
        for result in run_isolated(tasks, _CALL, jobs=self.request.jobs, timeout=_TIMEOUT, memory=_MEMORY):
            yield from _drain(known)
            yield result.ordinal, self._finish(waiting.pop(result.ordinal), result)
        yield from _drain(known)

    def _tasks(self, waiting: dict[int, tuple[InputFile, str]], known: list[tuple[int, Loader]]) -> Iterator[Task]:
        """Files that no earlier run has done; the others go straight to `known`."""
        request = self.request
        for ordinal, file in enumerate(self.listing.files, start=len(self.listing.problems)):
            try:
                digest = hash_file(file)
            except (ReadError, OSError) as error:
                known.append((ordinal, self._keep(None, _unopened(file, error))))
                continue
            reused = self.store.find(self._key(digest)) if self.store is not None else None
            if reused is not None:
                self.reused += 1
                known.append((ordinal, self._keep(digest, _moved(reused, file))))
                continue
            waiting[ordinal] = (file, digest)
            order = WorkOrder(file.path, file.relative, request.folder, request.year, request.passwords)
            yield Task(ordinal, msgspec.msgpack.encode(order))

    def _finish(self, known: tuple[InputFile, str], result: TaskResult) -> Loader:
        file, digest = known
        self.fresh += 1
        if result.kind == "done":
            outcome = msgspec.msgpack.decode(result.payload, type=Outcome)
        else:
            code, message = _TROUBLE[result.kind]
            source = Source(Path(file.relative).name, file.relative, digest, None, file.size)
            outcome = Outcome(source, Failure(code, message))
        return self._keep(digest, outcome)

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


@contextmanager
def process_batch(request: Request, say: Callable[[str], None] | None = None) -> Iterator[Batch]:
    """Open a batch: patterns are checked first, so that a broken folder stops the run before any work."""
    folder = Path(request.folder) if request.folder else None
    load_patterns(folder)
    listing = find_inputs(request.inputs, request.out)
    if say is not None and listing.skipped:
        say(f"已跳过 {sum(listing.skipped.values())} 个临时文件、系统文件或重复文件。")
    options = f"{patterns_digest(folder)}:{request.rule_set}:{request.year or ''}"
    path = request.store or (request.out / "gouji.db" if request.out is not None else None)
    if path is None:
        yield Batch(request, listing, None, options)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with Store.open(path) as store:
        yield Batch(request, listing, store, options)


def _drain(known: list[tuple[int, Loader]]) -> Iterator[tuple[int, Loader]]:
    while known:
        yield known.pop(0)


def in_order(outcomes: Iterator[tuple[int, Loader]]) -> Iterator[Loader]:
    """Give outcomes by their ordinal, holding back only those that are early."""
    held: dict[int, Loader] = {}
    following = 0
    for ordinal, load in outcomes:
        held[ordinal] = load
        while following in held:
            yield held.pop(following)
            following += 1
    yield from (held[ordinal] for ordinal in sorted(held))


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
        Failure("corrupt", f"文件打不开（{error.strerror or error}）；请检查权限，或关闭正在使用它的程序后重试。"),
    )


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
