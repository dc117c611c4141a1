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
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from gouji import __version__
from gouji.export.annotate.remarks import Remark, Signature, list_remarks
from gouji.export.filenames import NameBook, mirror_path
from gouji.export.versions import name_key
from gouji.model.result import Outcome
from gouji.pipeline.agenda import Agenda, Job
from gouji.pipeline.batch import Request
from gouji.pipeline.copy_order import Copied, CopyAnswer, CopyOrder, Plan
from gouji.pipeline.copying import CONVERTED, PAGE_SUFFIX
from gouji.pipeline.inputs import InputFile
from gouji.pipeline.workers import Task, TaskResult, run_isolated
from gouji.readers.libreoffice import find_office

COPIES = "批注"
DOCX, PDF = ".docx", ".pdf"
WORD_SUFFIXES = (".docx", ".docm", ".dotx", ".dotm")
_CALL = "gouji.pipeline.copying:process_copy"
_TIMEOUT = 120.0
_MEMORY = 1 << 30
_LISTED = 5
LOST = "{name} 没有生成批注件：处理时程序{what}，其他文件不受影响。"
GONE = "{name} 没有生成批注件：处理过程中没有再找到这个文件；请重新运行。"
WHAT = {"timeout": "超过 2 分钟仍未完成", "too_large": "占用内存过大", "crashed": "意外退出", "error": "出错"}


class Wish(msgspec.Struct, frozen=True):
    """A copy to be made. `basis` digests everything that it depends on."""

    path: str
    copy: str
    remarks: tuple[Remark, ...]
    sha256: str | None
    basis: str


class Copies(msgspec.Struct):
    """What became of the copies: `links` source path → path in the output folder; `records` for 运行记录.json."""

    links: dict[str, str]
    records: list[dict[str, object]]
    advice: list[str]

    def lines(self) -> list[str]:
        """What the clerk has to know, in a few lines."""
        more = len(self.advice) - _LISTED
        return self.advice[:_LISTED] + ([f"… 另有 {more} 个文件的批注件有类似情况。"] if more > 0 else [])


def write_copies(
    request: Request,
    files: Sequence[InputFile],
    outcomes: Iterable[Outcome],
    signature: Signature,
    words: dict[str, str],
    progress: Callable[[int, int], None] | None = None,
) -> Copies:
    """Write the copies into the output folder. `files` are the inputs as listed; `words`: severity → 必改."""
    out = request.out or Path()
    wishes = plan_copies(outcomes, signature, words)
    copies = Copies({}, [], [])
    known = read_known(out / "运行记录.json")
    left = {}
    for wish in wishes:
        earlier = known.get(wish.path, {})
        if earlier.get("basis") == wish.basis and (out / str(earlier.get("copy"))).is_file():
            _keep(copies, wish, earlier)
        else:
            left[wish.path] = wish
    with TemporaryDirectory(prefix="gouji-", ignore_cleanup_errors=True) as workspace:
        line = CopyLine(request, files, left, signature, Path(workspace))
        for done, (wish, copied) in enumerate(line.run(), 1):
            if progress is not None:
                progress(done, len(left))
            record: dict[str, object] = {
                "copy": copied.copy,
                "remarks": copied.remarks,
                "moved": copied.moved,
                "advice": copied.advice,
            }
            _keep(copies, wish, record)
    copies.records.sort(key=lambda record: str(record["path"]))
    return copies


def _keep(copies: Copies, wish: Wish, record: dict[str, object]) -> None:
    if record["copy"] is not None:
        copies.links[wish.path] = str(record["copy"])
    if record.get("advice"):
        copies.advice.append(str(record["advice"]))
    copies.records.append({**record, "path": wish.path, "source_sha256": wish.sha256, "basis": wish.basis})


def plan_copies(outcomes: Iterable[Outcome], signature: Signature, words: dict[str, str]) -> list[Wish]:
    """A wish for every file that gave a report, in the order of paths."""
    read = [outcome for outcome in outcomes if outcome.reports and outcome.failure is None]
    kin = find_kin(read)
    names = NameBook()
    office = find_office() is not None
    wishes = []
    for outcome in sorted(read, key=lambda outcome: outcome.source.path):
        source = outcome.source
        remarks = tuple(list_remarks(outcome, words, kin[source.path]))
        copy = names.take(f"{COPIES}/{mirror_path(source.path, _suffix_of(source.name, source.format, office=office))}")
        told = msgspec.json.encode((__version__, source.sha256, copy, remarks, signature.author, signature.initials))
        wishes.append(Wish(source.path, copy, remarks, source.sha256, hashlib.sha256(told).hexdigest()))
    return wishes


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


def read_known(path: Path) -> dict[str, dict[str, object]]:
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
        signature: Signature,
        workspace: Path,
    ) -> None:
        self._request = request
        self._wishes = wishes
        self._archives = {inside for path in wishes for inside in iter_archives(path)}
        self._signature = signature
        self._agenda = Agenda([file for file in files if self._is_wanted(file.relative)], 0, workspace)
        self._waiting: dict[int, Job] = {}

    def _is_wanted(self, relative: str) -> bool:
        return relative in self._wishes or relative in self._archives

    def run(self) -> Iterator[tuple[Wish, Copied]]:
        """Each wish with what became of it, as they are done; what was not met with again comes last."""
        left = dict(self._wishes)
        jobs = self._request.jobs
        for result in run_isolated(CopyTasks(self), _CALL, jobs=jobs, timeout=_TIMEOUT, memory=_MEMORY):
            job = self._waiting.pop(result.ordinal)
            for wish, copied in self._finish(job, result):
                del left[wish.path]
                yield wish, copied
            self._agenda.close(job)
        for wish in left.values():
            yield wish, Copied(None, advice=GONE.format(name=wish.path))

    def draw_task(self) -> Task | None:
        """The next file to copy or archive to unpack, None for nothing now."""
        job = self._agenda.draw()
        if job is None:
            return None
        self._waiting[job.serial] = job
        wish = self._wishes.get(job.file.relative)
        plan = unpacking = None
        if wish is None:
            unpacking = self._agenda.plan_unpacking(job)
        else:
            folder = str((self._request.out or Path()).resolve())
            plan = Plan(folder, wish.copy, wish.remarks, self._signature, wish.sha256)
        order = CopyOrder(job.file.path, job.file.relative, self._request.passwords, plan, unpacking)
        return Task(job.serial, msgspec.msgpack.encode(order))

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
