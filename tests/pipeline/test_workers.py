"""Whatever a task does to its process, only that task is lost, and nothing stays behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from gouji.pipeline import workers
from gouji.pipeline.workers import Setup, Task, TaskResult, WorkerStartError, run_isolated

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

CALLS = "worker_calls"
MIB = 1 << 20


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch) -> None:
    """The workers see the sys.path of this process: let it hold the folder of worker_calls."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent))


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    """No child process and no thread survives a test."""
    threads = threading.active_count()
    yield
    assert psutil.Process().children(recursive=True) == []
    assert threading.active_count() == threads


def run(
    function: str,
    payloads: Iterable[bytes],
    *,
    jobs: int = 2,
    timeout: float = 20,
    memory: int = 1024 * MIB,
    setup: Setup | None = None,
) -> Generator[TaskResult]:
    tasks = (Task(ordinal, payload) for ordinal, payload in enumerate(payloads))
    return run_isolated(tasks, f"{CALLS}:{function}", jobs=jobs, timeout=timeout, memory=memory, setup=setup)


def collect(results: Iterable[TaskResult]) -> list[TaskResult]:
    return sorted(results, key=lambda result: result.ordinal)


def test_every_task_comes_back_once_with_its_ordinal() -> None:
    results = collect(run("echo", [b"ab", b"", b"x" * 3_000_000, "收入".encode()]))
    assert [(r.ordinal, r.kind, r.payload) for r in results] == [
        (0, "done", b"ba"),
        (1, "done", b""),
        (2, "done", b"x" * 3_000_000),
        (3, "done", "收入".encode()[::-1]),
    ]


def test_no_tasks_start_no_process() -> None:
    assert list(run("echo", [])) == []


def test_results_come_as_completed() -> None:
    assert [r.ordinal for r in run("sleep", [b"1.5", b"0", b"0"])] == [1, 2, 0]


def test_workers_are_used_again_and_recycled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "RECYCLE_AFTER", 4)
    pids = [r.payload for r in collect(run("tell_pid", [b""] * 10, jobs=1))]
    assert [pids.count(pid) for pid in dict.fromkeys(pids)] == [4, 4, 2]


def test_setup_is_made_once_a_worker() -> None:
    setup = Setup(f"{CALLS}:load_greeting", b"hello")
    results = collect(run("greet", [b"1", b"2"], jobs=1, setup=setup))
    first, second = (r.payload.split() for r in results)
    assert first[:2] == second[:2]
    assert (first[0], first[2], second[2]) == (b"hello", b"1", b"2")


def test_prints_do_not_disturb_the_frames() -> None:
    assert [(r.kind, r.payload) for r in run("chatter", [b"1", b"2"], jobs=1)] == [("done", b"1"), ("done", b"2")]


@pytest.mark.parametrize(
    ("payload", "kind", "words"),
    [
        (b"raise", "error", "Unpicklable: 带锁的错误"),
        (b"raise-unprintable", "error", "Unpicklable"),
        (b"exit", "error", "SystemExit: 5"),
        (b"interrupt", "error", "KeyboardInterrupt"),
        (b"recurse", "error", "RecursionError"),
        (b"not-bytes", "error", "must return bytes, not str"),
        (b"os-exit", "crashed", "exit code 7"),
        (b"segfault", "crashed", "exit code -11"),
        (b"hang", "timeout", ""),
        (b"hog", "too_large", ""),
        (b"grab", "too_large", "MemoryError"),
    ],
)
def test_only_the_bad_task_is_lost(payload: bytes, kind: str, words: str) -> None:
    results = collect(
        run("misbehave", [b"1", payload, b"2", b"3"], timeout=3 if kind == "timeout" else 60, memory=300 * MIB)
    )
    assert [r.kind for r in results] == ["done", kind, "done", "done"]
    assert words in results[1].message
    assert [r.payload for r in results if r.kind == "done"] == [b"1", b"2", b"3"]


def test_many_bad_tasks_in_a_row() -> None:
    results = collect(run("misbehave", [b"os-exit", b"raise"] * 5 + [b"1"]))
    assert [r.kind for r in results] == ["crashed", "error"] * 5 + ["done"]


def test_a_timeout_takes_the_children_of_the_task_too(tmp_path: Path) -> None:
    note = tmp_path / "pids"
    began = time.monotonic()
    results = list(run("spawn_and_hang", [str(note).encode()], timeout=2))
    assert [r.kind for r in results] == ["timeout"]
    assert 2 <= results[0].seconds < time.monotonic() - began < 10
    assert_gone(note)


def assert_gone(note: Path) -> None:
    pids = [int(pid) for pid in note.read_text().split()]
    deadline = time.monotonic() + 10
    while any(is_running(pid) for pid in pids):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def is_running(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_what_one_task_leaves_in_memory_is_not_held_against_the_next() -> None:
    results = list(run("leak", [str(60 * MIB).encode()] * 6, jobs=1, memory=200 * MIB))
    assert [r.kind for r in results] == ["done"] * 6
    assert len({r.payload for r in results}) > 1


def test_two_thousand_tasks_in_flat_memory() -> None:
    """Tasks of 100 kB are drawn only as they are needed, and not kept."""
    parent = psutil.Process()
    drawn = 0

    def draw() -> Iterator[bytes]:
        nonlocal drawn
        for _ in range(2000):
            drawn += 1
            yield os.urandom(100_000)

    before = parent.memory_info().rss
    peak = 0
    for count, result in enumerate(run("echo", draw(), jobs=2), 1):
        assert result.kind == "done"
        assert drawn - count <= 2 * workers.PREFETCH
        peak = max(peak, parent.memory_info().rss) if count % 50 == 0 else peak
    assert count == 2000
    assert peak - before < 40 * MIB


def test_a_function_that_cannot_be_loaded_is_an_error_of_the_caller() -> None:
    with pytest.raises(WorkerStartError, match="no_such_function"):
        list(run("no_such_function", [b""]))


def test_a_broken_setup_is_an_error_of_the_caller() -> None:
    with pytest.raises(WorkerStartError, match="patterns are broken: 表"):
        list(run("greet", [b"", b""], setup=Setup(f"{CALLS}:refuse_to_load", "表".encode())))


def test_a_worker_that_keeps_dying_at_its_start_is_an_error_of_the_caller(tmp_path: Path) -> None:
    tries = tmp_path / "tries"
    with pytest.raises(WorkerStartError, match="exit code 9 last words"):
        list(run("greet", [b""], jobs=1, setup=Setup(f"{CALLS}:die_at_start", str(tries).encode())))
    assert tries.read_text() == "." * workers.START_ATTEMPTS


def test_a_failing_task_source_ends_the_run() -> None:
    def draw() -> Iterator[bytes]:
        yield b"30"
        raise ValueError("disk gone")

    with pytest.raises(ValueError, match="disk gone"):
        list(run("sleep", draw()))


def test_closing_early_kills_the_workers() -> None:
    began = time.monotonic()
    with closing(run("sleep", [b"0", b"60", b"60"])) as results:
        assert next(results).ordinal == 0
    assert time.monotonic() - began < 10


def test_interrupt_kills_the_workers_and_propagates(tmp_path: Path) -> None:
    note = tmp_path / "pids"
    timer = threading.Thread(target=interrupt_when, args=(note,))
    # A test run that was itself started in the background ignores the signal until told otherwise.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            list(run("spawn_and_hang", [str(note).encode()], timeout=60))
        timer.join()
    finally:
        signal.signal(signal.SIGINT, before)
    assert_gone(note)


def interrupt_when(note: Path) -> None:
    wait_for(note)
    signal.raise_signal(signal.SIGINT) if sys.platform == "win32" else os.kill(os.getpid(), signal.SIGINT)


def wait_for(note: Path) -> None:
    deadline = time.monotonic() + 20
    while not (note.exists() and note.read_text()):
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize("function", ["spawn_and_hang", "hold_lock"])
def test_no_orphans_when_the_parent_is_killed(tmp_path: Path, function: str) -> None:
    note = tmp_path / "pids"
    script = (
        "from gouji.pipeline.workers import Task, run_isolated\n"
        f"list(run_isolated([Task(0, {str(note).encode()!r})], '{CALLS}:{function}',"
        " jobs=1, timeout=3, memory=1 << 30))\n"
    )
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent)}
    parent = subprocess.Popen([sys.executable, "-c", script], env=environment)
    wait_for(note)
    parent.kill()
    parent.wait()
    assert_gone(note)


def test_a_worker_starts_quickly() -> None:
    """Spawn, import and answer; the bound is wide, for a busy machine (measured: about 60 ms)."""
    list(run("echo", [b""], jobs=1))
    times = []
    for _ in range(3):
        began = time.monotonic()
        list(run("echo", [b""], jobs=1))
        times.append(time.monotonic() - began)
    assert min(times) < 1.0
