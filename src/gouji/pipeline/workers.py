"""A pool of isolated worker processes: whatever a file does to its reader, only that file is lost.

    tasks ──(at most jobs × 2 on the way)──→ waiting ─→ slot 1 ⇄ process      one thread a slot writes a task and
                                                     ─→ slot 2 ⇄ process      reads the answer
                          watch: every 50 ms, each busy slot: over its time? over its memory? → kill its process tree
    results ←── done · error · timeout · too_large · crashed ←── as completed, with the task's ordinal

Processes are plain subprocesses on two pipes (worker_process.py), not multiprocessing: nothing of the caller's __main__
is imported again, nothing is pickled, and it is the same on Windows. They are kept for many tasks, replaced after a
failure or RECYCLE_AFTER tasks, and end by themselves when this process is gone.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal

import msgspec
import psutil

from gouji.model.errors import GoujiError
from gouji.pipeline import worker_process

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

TaskKind = Literal["done", "error", "timeout", "too_large", "crashed"]
PREFETCH = 2
RECYCLE_AFTER = 500
WATCH_SECONDS = 0.05
CHILDREN_EVERY = 10  # looking for a worker's children costs milliseconds: only every so many looks,
CHILDREN_AFTER = 1.0  # and only at tasks that take this many seconds
START_SECONDS = 60.0
START_ATTEMPTS = 3  # a machine short of memory may kill a process that is no worse than the next
POLL_SECONDS = 0.2  # Ctrl-C reaches a waiting Windows process only between waits
MESSAGE_BYTES = 2000


class Task(msgspec.Struct, frozen=True):
    """One unit of work: `ordinal` comes back with the result, `payload` goes to the worker."""

    ordinal: int
    payload: bytes


class TaskResult(msgspec.Struct, frozen=True):
    """What came of a task. `payload` is set where `kind` is "done", `message` (English, for the log) elsewhere."""

    ordinal: int
    kind: TaskKind
    payload: bytes = b""
    message: str = ""
    seconds: float = 0.0


class Setup(msgspec.Struct, frozen=True):
    """Made once a worker: `call` ("module:function") gets `argument`; what it returns goes first into every call."""

    call: str
    argument: bytes = b""


class WorkerStartError(GoujiError):
    """A worker cannot start or load its function: a bug or a broken installation, never the fault of a file."""


def run_isolated(
    tasks: Iterable[Task], call: str, *, jobs: int, timeout: float, memory: int, setup: Setup | None = None
) -> Generator[TaskResult]:
    """Run `call` ("module:function", bytes → bytes) on every task in worker processes; results as they complete.

    jobs: number of processes, 0 for one a processor. timeout: seconds a task. memory: bytes a worker may hold,
    its children included. Tasks are drawn only as workers need them. Raises WorkerStartError where `call` cannot be
    loaded; on KeyboardInterrupt, or when the iterator is closed, the workers are killed at once.
    """
    pool = Pool(call, setup, jobs or os.cpu_count() or 1, timeout, memory)
    try:
        yield from pool.run(iter(tasks))
    finally:
        pool.stop()


class Pool:
    """The slots, the queues between them and the caller, and the watch."""

    def __init__(self, call: str, setup: Setup | None, jobs: int, timeout: float, memory: int) -> None:
        start = {"path": [str(path) for path in sys.path], "call": call, "timeout": timeout, "memory": memory}
        start["setup"] = None if setup is None else [setup.call, setup.argument.hex()]
        self.start_frame = json.dumps(start).encode()
        self.jobs, self.timeout, self.memory = jobs, timeout, memory
        self.waiting: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        self.results: queue.SimpleQueue[TaskResult | WorkerStartError] = queue.SimpleQueue()
        self.slots: list[Slot] = []
        self.stopped = threading.Event()
        self.watch = threading.Thread(target=self.watch_slots, name="gouji-watch", daemon=True)

    def run(self, tasks: Iterator[Task]) -> Iterator[TaskResult]:
        """Keep every worker busy, hand out results, hold no more than a few tasks at any time."""
        self.watch.start()
        under_way = 0
        while True:
            while under_way < self.jobs * PREFETCH and (task := next(tasks, None)) is not None:
                self.waiting.put(task)
                under_way += 1
                if len(self.slots) < min(under_way, self.jobs):
                    self.slots.append(Slot(self))
            if not under_way:
                return
            result = self.get_result()
            under_way -= 1
            yield result

    def get_result(self) -> TaskResult:
        """The next result; raises what kept a worker from starting."""
        while True:
            try:
                result = self.results.get(timeout=POLL_SECONDS)
            except queue.Empty:
                continue
            if isinstance(result, WorkerStartError):
                raise result
            return result

    def watch_slots(self) -> None:
        """Look at every busy slot now and then until the pool stops."""
        looks = 0
        while not self.stopped.wait(WATCH_SECONDS):
            looks += 1
            for slot in tuple(self.slots):
                slot.check(with_children=looks % CHILDREN_EVERY == 0)

    def stop(self) -> None:
        """End all workers and threads; nothing is left running."""
        self.stopped.set()
        for slot in self.slots:
            self.waiting.put(None)
            slot.kill()
        for slot in self.slots:
            slot.thread.join()
        if self.watch.is_alive():
            self.watch.join()


class Slot:
    """A place in the pool: one thread and the process it feeds, a new one whenever the old one is lost."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.lock = threading.Lock()  # guards process, deadline and verdict against the watch
        self.process: subprocess.Popen[bytes] | None = None
        self.watched: psutil.Process | None = None
        self.stderr: IO[bytes] | None = None
        self.began = 0.0
        self.deadline: float | None = None
        self.verdict: TaskKind | None = None
        self.tasks_done = 0
        self.thread = threading.Thread(target=self.serve, name="gouji-slot", daemon=True)
        self.thread.start()

    def serve(self) -> None:
        """Do tasks until the pool stops."""
        while (task := self.pool.waiting.get()) is not None and not self.pool.stopped.is_set():
            try:
                result: TaskResult | WorkerStartError = self.do_task(task)
            except WorkerStartError as error:
                result = error
            except Exception as error:  # noqa: BLE001 - a bug of the pool must surface in the caller, not here
                result = WorkerStartError(f"{type(error).__name__}: {error}")
            self.pool.results.put(result)
        self.kill()

    def do_task(self, task: Task) -> TaskResult:
        """Send a task to a running worker and say what came of it."""
        self.ensure_worker()
        began = time.monotonic()
        answer = self.exchange(task.payload, self.pool.timeout)
        seconds = time.monotonic() - began
        if answer is None:
            kind = self.verdict or "crashed"
            return TaskResult(task.ordinal, kind, message=self.bury(), seconds=seconds)
        self.tasks_done += 1
        self.retire_if_swollen()
        if answer[:1] == worker_process.DONE:
            return TaskResult(task.ordinal, "done", answer[1:], seconds=seconds)
        if answer[:1] == worker_process.OUT_OF_MEMORY:
            self.kill()  # what is left of its heap is in pieces
            return TaskResult(task.ordinal, "too_large", message="MemoryError", seconds=seconds)
        return TaskResult(task.ordinal, "error", message=answer[1:].decode(), seconds=seconds)

    def retire_if_swollen(self) -> None:
        """Let a worker that keeps much of what it read go, or a later, innocent file would be called too large."""
        if self.watched is not None and measure_memory(self.watched, with_children=False) > self.pool.memory // 2:
            self.kill()

    def ensure_worker(self) -> None:
        """A worker that is alive, not too old, and ready."""
        if self.is_spent():
            self.kill()
        attempts = 0
        while self.process is None and not self.pool.stopped.is_set():
            self.start_worker()
            answer = self.exchange(self.pool.start_frame, START_SECONDS)
            if answer is not None and answer[:1] == worker_process.READY:
                return
            reason = answer[1:].decode() if answer else self.bury()
            self.kill()
            attempts += 1
            if answer is not None or attempts == START_ATTEMPTS:  # it said what is wrong, or keeps dying
                raise WorkerStartError(f"a worker process could not start: {reason}")

    def is_spent(self) -> bool:
        """Whether the worker is dead, about to be (the watch may strike just when an answer arrives), or too old."""
        if self.process is None:
            return False
        return self.process.poll() is not None or self.verdict is not None or self.tasks_done >= RECYCLE_AFTER

    def start_worker(self) -> None:
        """Start a process in a session of its own, so that Ctrl-C reaches only us and we can end all it starts."""
        windows_flags = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0) | getattr(subprocess, "CREATE_NO_WINDOW", 0)
        self.stderr = tempfile.TemporaryFile()  # noqa: SIM115 - closed in kill()
        process = subprocess.Popen(
            [sys.executable, "-P", str(Path(worker_process.__file__))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.stderr,
            bufsize=0,
            start_new_session=True,
            creationflags=windows_flags,
        )
        with self.lock:
            self.process, self.tasks_done, self.verdict = process, 0, None
            self.watched = psutil.Process(process.pid)
        if self.pool.stopped.is_set():  # stop() may have come before there was a process to kill
            self.kill()

    def exchange(self, payload: bytes, seconds: float) -> bytes | None:
        """Write a frame and read the answer within `seconds`; None where the worker died or was killed."""
        process = self.process
        if process is None or process.stdin is None or process.stdout is None:
            return None
        with self.lock:
            self.began = time.monotonic()
            self.deadline = self.began + seconds
        try:
            write_all(process.stdin, len(payload).to_bytes(8, "big") + payload)
            head = read_exactly(process.stdout, 8)
            return read_exactly(process.stdout, int.from_bytes(head, "big"))
        except (OSError, EOFError, ValueError):  # ValueError: the pool closed the pipe while stopping
            return None
        finally:
            with self.lock:
                self.deadline = None

    def check(self, *, with_children: bool) -> None:
        """Kill the worker if its task is over its time or its memory. Called by the watch."""
        with self.lock:
            if self.deadline is None or self.process is None or self.watched is None or self.verdict is not None:
                return
            now = time.monotonic()
            with_children = with_children and now > self.began + CHILDREN_AFTER
            if now > self.deadline:
                self.verdict = "timeout"
            elif measure_memory(self.watched, with_children=with_children) > self.pool.memory:
                self.verdict = "too_large"
            else:
                return
            kill_tree(self.process)

    def bury(self) -> str:
        """End a lost worker; its exit code and last words."""
        process = self.process
        with self.lock:
            if process is not None:
                kill_tree(process)
        code = process.wait() if process is not None else None
        words = read_tail(self.stderr) if self.stderr is not None else ""
        self.kill()
        return f"exit code {code} {words}".strip()

    def kill(self) -> None:
        """End the worker and what it started; safe to call at any time, from any thread."""
        with self.lock:
            process, self.process, self.watched, self.verdict = self.process, None, None, None
            stderr, self.stderr = self.stderr, None
            if process is not None:
                kill_tree(process)
        if process is not None:
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with suppress(OSError):
                        pipe.close()
        if stderr is not None:
            stderr.close()


def kill_tree(process: subprocess.Popen[bytes]) -> None:
    """Kill a worker and everything it started; nothing once it was waited for, its number may be another's by then."""
    if process.returncode is not None:
        return
    children: list[psutil.Process] = []
    with suppress(psutil.Error):
        children = psutil.Process(process.pid).children(recursive=True)
    if sys.platform != "win32":
        with suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
    with suppress(OSError):
        process.kill()
    for child in children:
        with suppress(psutil.Error):
            child.kill()


def measure_memory(process: psutil.Process, *, with_children: bool) -> int:
    """Bytes a worker holds in memory, 0 when it is gone."""
    try:
        members = [process, *process.children(recursive=True)] if with_children else [process]
        return sum(int(member.memory_info().rss) for member in members)
    except psutil.Error:
        return 0


def write_all(target: IO[bytes], data: bytes) -> None:
    """Write to an unbuffered pipe, which may take less than all at once."""
    rest = memoryview(data)
    while rest:
        rest = rest[target.write(rest) :]


def read_exactly(source: IO[bytes], size: int) -> bytes:
    """So many bytes; EOFError when the worker is gone."""
    parts = bytearray()
    while len(parts) < size:
        chunk = source.read(min(size - len(parts), 1 << 20))
        if not chunk:
            raise EOFError
        parts += chunk
    return bytes(parts)


def read_tail(file: IO[bytes]) -> str:
    """The end of what a worker printed."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - MESSAGE_BYTES))
    return file.read().decode("utf-8", "replace")
