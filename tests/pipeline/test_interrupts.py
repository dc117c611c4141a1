"""A run that is killed at any point and run again: the same outputs, nothing more, nothing less, nobody accused of a change."""

from __future__ import annotations

import errno
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path

import pytest

from gouji.export import atomic
from gouji.export.atomic import Written, write_atomically
from gouji.export.leftovers import PLAIN, name_prefix, sweep
from gouji.model.errors import UsageError
from gouji.pipeline import freezing, placing
from gouji.pipeline.batch import Request
from gouji.pipeline.district import DistrictRun, Wishes, run_district
from gouji.pipeline.freezing import freeze, verify
from gouji.store import Store
from gouji.store.copies import read_copies

DISTRICT = Path(__file__).parents[2] / "fixtures" / "district"
WORD, OTHER = "108001-云溯区住房和城乡建设局.docx", "105001-云溯区司法局.docx"
COPY = f"批注/一股/{WORD}"
# As `gouji run` from a keyboard: a test run that was itself started in the background ignores the signal.
SCRIPT = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from gouji.cli import main; main()"
INTERRUPT, KILL = ("SIGINT", "SIGKILL") if sys.platform != "win32" else ("SIGTERM", "SIGTERM")
# An output, and how many of it must be there ("2 批注": two copies): the run is killed as soon as they are.
POINTS = [
    ("1 gouji.db", KILL),
    ("1 批注", INTERRUPT),
    ("2 批注", KILL),
    ("3 批注", KILL),
    ("1 汇总表.xlsx", INTERRUPT),
    ("1 审核问题.xlsx", KILL),
]
_STAMP = re.compile(rb'\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?Z?)?|"copy_sha256": "[0-9a-f]+"')


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Word and text reports, one in a folder of its own."""
    source = tmp_path_factory.mktemp("interrupts") / "报送"
    (source / "一股").mkdir(parents=True)
    shutil.copy(DISTRICT / WORD, source / "一股" / WORD)
    for name in (OTHER, "201006-云溯区河道采砂服务站.txt"):
        shutil.copy(DISTRICT / name, source / name)
    return source


@pytest.fixture
def mine(folder: Path, tmp_path: Path) -> Path:
    """One report, in a folder that the test may change."""
    (tmp_path / "报送" / "一股").mkdir(parents=True)
    shutil.copy(folder / "一股" / WORD, tmp_path / "报送" / "一股" / WORD)
    return tmp_path / "报送"


def run(folder: Path, out: Path) -> list[str]:
    request = Request(inputs=(folder,), out=out, jobs=1)
    return run_district(request, csv=True, wishes=Wishes(public=True), say=None).lines


def snapshot(out: Path) -> dict[str, object]:
    """Every file by its path, packages part by part, without times; of the store what its views show."""
    found: dict[str, object] = {}
    for path in sorted(out.rglob("*")):
        name = path.relative_to(out).as_posix()
        if path.is_dir():
            found[name] = "folder"
        elif name == "gouji.db":
            found[name] = read_store(path)
        else:
            found[name] = read_file(path)
    return found


def read_file(path: Path) -> object:
    if path.suffix not in (".xlsx", ".docx"):
        return _STAMP.sub(b"", path.read_bytes())
    with zipfile.ZipFile(path) as package:
        return {name: _STAMP.sub(b"", package.read(name)) for name in package.namelist()}


def read_store(path: Path) -> object:
    with closing(sqlite3.connect(path)) as store:
        tables = ("汇总", "问题", "数据项", "copies", "ledger")
        return [store.execute(f"SELECT * FROM {name}").fetchall() for name in tables]  # noqa: S608 - names just above


@cache
def wanted(folder: Path) -> dict[str, object]:
    """What a run that nobody disturbs leaves."""
    out = folder.parent / "完整"
    run(folder, out)
    return snapshot(out)


def assert_same(found: dict[str, object], expected: dict[str, object]) -> None:
    assert found.keys() == expected.keys()
    assert [name for name in found if found[name] != expected[name]] == []


def kill_at(folder: Path, out: Path, point: str, how: str) -> None:
    """Start the command, wait for an output, kill it."""
    count, _, name = point.partition(" ")
    command = [sys.executable, "-c", SCRIPT, "run", str(folder), "-o", str(out), "--public", "--csv", "--quiet"]
    with subprocess.Popen([*command, "--jobs", "1"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        wait_for(process, out / name, int(count))
        process.send_signal(getattr(signal, how))
        _, said = process.communicate(timeout=30)
    assert process.returncode != 0
    assert b"Traceback" not in said


def wait_for(process: subprocess.Popen[bytes], path: Path, count: int) -> None:
    deadline = time.monotonic() + 30
    while not (sum(p.is_file() for p in path.rglob("*")) >= count if path.is_dir() else path.exists()):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.001)


@pytest.mark.parametrize(("point", "how"), POINTS)
def test_a_run_that_was_killed_is_made_good_by_the_next(folder: Path, tmp_path: Path, point: str, how: str) -> None:
    out = tmp_path / "结果"
    kill_at(folder, out, point, how)
    lines = run(folder, out)
    assert not any("改动" in line for line in lines)
    assert_same(snapshot(out), wanted(folder))


def put_and_stop(monkeypatch: pytest.MonkeyPatch, *, moved: bool) -> None:
    """The program ends at the very moment a copy is moved into its place, just before it or just after."""
    genuine = atomic.put_in_place

    def stop(finished: Path, path: Path, clear: Callable[[Path], None]) -> Written:
        if path.suffix != ".docx":
            return genuine(finished, path, clear)
        if moved:
            genuine(finished, path)
        raise KeyboardInterrupt

    monkeypatch.setattr(placing, "put_in_place", stop)


@pytest.mark.parametrize("moved", [False, True])
def test_no_moment_makes_our_own_copy_a_persons(
    folder: Path, mine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, moved: bool
) -> None:
    """Before the move the copy of the first run stands there, after it that of the second: both are ours."""
    out = tmp_path / "结果"
    report = mine / "一股" / WORD
    shutil.copy(DISTRICT / "112001-云溯区商务局.docx", report)
    run(mine, out)
    before = (out / COPY).read_bytes()
    shutil.copy(folder / "一股" / WORD, report)
    with monkeypatch.context() as patch:
        put_and_stop(patch, moved=moved)
        with pytest.raises(KeyboardInterrupt):
            run(mine, out)
    assert ((out / COPY).read_bytes() != before) == moved
    with Store.open(out / "gouji.db") as store:
        assert COPY in [placed.path for placed in read_copies(store)]
    lines = run(mine, out)
    assert not any("改动" in line for line in lines)
    assert {name for name in snapshot(out) if "改动" in name} == set()
    assert read_file(out / COPY) == wanted(folder)[COPY]


def test_what_an_interrupted_run_put_down_for_another_content_does_not_stand(
    folder: Path, mine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The report is replaced, the run interrupted, the report put back: the record speaks of a copy that is gone."""
    out = tmp_path / "结果"
    run(mine, out)
    before = snapshot(out)
    shutil.copy(DISTRICT / "112001-云溯区商务局.docx", mine / "一股" / WORD)
    with monkeypatch.context() as patch:
        put_and_stop(patch, moved=True)
        with pytest.raises(KeyboardInterrupt):
            run(mine, out)
    changed = (COPY, f"复核包/一股/{WORD}.html")
    assert all(read_file(out / name) != before[name] for name in changed)
    shutil.copy(folder / "一股" / WORD, mine / "一股" / WORD)
    run(mine, out)
    after = snapshot(out)
    assert all(after[name] == before[name] for name in changed)
    assert after.keys() == before.keys()


def test_what_a_person_wrote_is_kept_and_said_though_the_run_is_interrupted(
    mine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is interrupted when the person's copy has its new name and ours is not there yet."""
    out = tmp_path / "结果"
    run(mine, out)
    (out / COPY).write_bytes(b"written in")
    shutil.copy(DISTRICT / "112001-云溯区商务局.docx", mine / "一股" / WORD)
    with monkeypatch.context() as patch:
        put_and_stop(patch, moved=False)
        with pytest.raises(KeyboardInterrupt):
            run(mine, out)
    kept = Path(COPY).stem + "(改动1).docx"
    for told in (True, False):  # said by the run that comes to its end, and once
        assert any(kept in line for line in run(mine, out)) == told
        assert sorted(path.name for path in (out / COPY).parent.iterdir()) == sorted([kept, WORD])
        assert (out / COPY).with_name(kept).read_bytes() == b"written in"


# --- what a killed program leaves -----------------------------------------------------------------------------------


def end_a_process() -> int:
    """The number of a process that is no more."""
    process = subprocess.Popen([sys.executable, "-I", "-S", "-c", ""])
    process.wait()
    return process.pid


def test_only_our_own_leftovers_are_swept_and_never_those_of_a_program_at_work(tmp_path: Path) -> None:
    machine = name_prefix().split("-")[1]
    dead = end_a_process()
    swept = [f".gouji-{machine}-{dead}-k2j8x_q0", ".gouji-abcdefgh", ".gouji-ffffff-1-k2j8x_q0"]
    kept = [
        f".gouji-{machine}-{os.getpid()}-k2j8x_q0",
        ".gouji-k2j8x_q0",
        ".gouji-eeeeee-1-k2j8x_q0",
        ".gouji-我的",
        "x",
    ]
    for name in (*swept, *kept):
        (tmp_path / name / "内").mkdir(parents=True)
    (tmp_path / ".gouji-abcdefg1").write_bytes(b"a file")
    for name in swept[1:]:  # of another machine, or of an older gouji: only what is a day old
        os.utime(tmp_path / name, (0, 0))
    sweep(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*kept, ".gouji-abcdefg1"])
    sweep(tmp_path / "nowhere")


def test_in_the_systems_own_folder_only_what_names_its_process_is_swept(tmp_path: Path) -> None:
    dead = end_a_process()
    names = [f"{name_prefix(PLAIN).rsplit('-', 2)[0]}-{dead}-k2j8x_q0", "gouji-k2j8x_q0", "gouji-abcdefgh"]
    for name in names:
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (0, 0))
    sweep(tmp_path, temporary=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names[1:])


def test_a_run_sweeps_its_output_folder_and_every_writer_its_own(mine: Path, tmp_path: Path) -> None:
    dead = end_a_process()
    name = name_prefix().replace(f"-{os.getpid()}-", f"-{dead}-") + "k2j8x_q0"
    out, other = tmp_path / "结果", tmp_path / "导出"
    left = [out / place / name for place in ("", "批注/一股", "复核包", "函件/审核意见函", "催报", "定稿", "明细")]
    foreign = out / "定稿" / "2021年度" / name  # a frozen state is never touched
    for path in (*left, foreign, other / name):
        path.mkdir(parents=True)
    run(mine, out)
    write_atomically(other / "a.txt", b"a")
    assert [path for path in (*left, other / name) if path.exists()] == []
    assert foreign.exists()


# --- the other commands ---------------------------------------------------------------------------------------------


def test_a_state_that_was_copied_and_not_noted_is_noted_late(
    mine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "结果"
    run(mine, out)
    with monkeypatch.context() as patch:
        patch.setattr(freezing, "_note", interrupt)
        with pytest.raises(KeyboardInterrupt):
            freeze(out, "2021年度", "2022-06-30")
    manifest = freeze(out, "2021年度", "2022-07-01")
    assert manifest.day == "2022-06-30"
    assert verify(out / "定稿" / "2021年度") == []
    with Store.open(out / "gouji.db") as store:
        assert store.read_rows("SELECT name, day FROM frozen") == [("2021年度", "2022-06-30")]
    with pytest.raises(UsageError, match="已用过"):
        freeze(out, "2021年度", "2022-07-01")


def interrupt(*_args: object) -> None:
    raise KeyboardInterrupt


def test_letters_are_not_made_of_a_run_that_did_not_come_to_its_end(
    mine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "结果"
    run(mine, out)
    with Store.open(out / "gouji.db") as store:
        whole = store.latest_run()
    shutil.copy(DISTRICT / OTHER, mine)
    with monkeypatch.context() as patch:
        patch.setattr(DistrictRun, "complete", interrupt)
        with pytest.raises(KeyboardInterrupt):
            run(mine, out)
    with Store.open(out / "gouji.db") as store:
        assert store.latest_run() == whole
        assert store.read_rows("SELECT COUNT(*) FROM runs") == [(2,)]


# --- a disk that is full --------------------------------------------------------------------------------------------


def find_no_room(*_args: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_is_one_line_and_what_was_there_stays_whole(
    mine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "结果"
    run(mine, out)
    before = {path: path.read_bytes() for path in out.rglob("*.xlsx")}
    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", find_no_room)
        with pytest.raises(UsageError, match="磁盘已满"):
            write_atomically(out / "a.txt", b"a")
        patch.undo()
        patch.setattr("zipfile.ZipFile.write", find_no_room)  # how XlsxWriter packs a workbook
        with pytest.raises(UsageError, match=r"磁盘已满.*汇总表\.xlsx 没有写成"):
            run(mine, out)
    assert {path: path.read_bytes() for path in out.rglob("*.xlsx")} == before
    assert not (out / "a.txt").exists()
    assert not list(out.rglob(".gouji-*"))
