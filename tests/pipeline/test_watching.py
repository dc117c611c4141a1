"""A watched folder: what is still being copied waits, what fails is tried again."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from gouji.model.errors import UsageError
from gouji.pipeline.batch import Request
from gouji.pipeline.district import run_district
from gouji.pipeline.watching import Watcher

CASES = Path(__file__).parents[2] / "fixtures" / "cases"


class Desk:
    """Counts the runs and keeps what was said."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.said: list[str] = []
        self.error: Exception | None = None

    def run(self, request: Request) -> list[str]:
        if self.error is not None:
            raise self.error
        self.requests.append(request)
        return [f"第 {len(self.requests)} 轮"]


@pytest.fixture
def desk() -> Desk:
    return Desk()


def watcher(folder: Path, desk: Desk) -> Watcher:
    return Watcher(Request(inputs=(folder,), out=folder / "结果"), desk.run, desk.said.append, 10)


def test_a_file_is_processed_once_it_stays_the_same(tmp_path: Path, desk: Desk) -> None:
    watched = watcher(tmp_path, desk)
    file = tmp_path / "报告.docx"
    file.write_bytes(b"half")
    assert [watched.look(), watched.look(), watched.look()] == [False, True, False]
    file.write_bytes(b"the whole of it")
    assert [watched.look(), watched.look()] == [False, True]
    assert desk.said == ["第 1 轮", "第 2 轮"]


def test_what_is_still_growing_waits_and_holds_nobody_up(tmp_path: Path, desk: Desk) -> None:
    watched = watcher(tmp_path, desk)
    (tmp_path / "甲.docx").write_bytes(b"a")
    growing = tmp_path / "乙.docx"
    for size in range(1, 4):
        growing.write_bytes(b"b" * size)
        watched.look()
    assert [request.unsettled for request in desk.requests] == [frozenset({str(growing)})]
    watched.look()
    assert [request.unsettled for request in desk.requests][-1] == frozenset()


def test_a_removed_file_makes_a_new_run(tmp_path: Path, desk: Desk) -> None:
    watched = watcher(tmp_path, desk)
    for name in ("甲.docx", "乙.docx"):
        (tmp_path / name).write_bytes(b"a")
    watched.look()
    watched.look()
    (tmp_path / "乙.docx").unlink()
    assert watched.look()


def test_trouble_is_said_once_and_tried_again(tmp_path: Path, desk: Desk) -> None:
    folder = tmp_path / "网络盘"
    watched = watcher(folder, desk)
    assert not watched.look()
    assert not watched.look()
    assert len(desk.said) == 1
    folder.mkdir()
    (folder / "报告.docx").write_bytes(b"a")
    desk.error = UsageError("数据库正被另一个程序使用。")
    watched.look()
    watched.look()
    watched.look()
    assert desk.said[1:] == ["这一轮没有完成，10 秒后重试：数据库正被另一个程序使用。"]
    desk.error = None
    assert watched.look()


def test_a_run_leaves_out_what_is_unsettled(tmp_path: Path) -> None:
    folder = tmp_path / "报送"
    folder.mkdir()
    for name in ("甲", "乙"):
        shutil.copy(CASES / "tracked" / "input.docx", folder / f"{name}.docx")
        with (folder / f"{name}.docx").open("ab") as file:
            file.write(name.encode())
    half = os.path.abspath(folder / "乙.docx")  # noqa: PTH100 - as inputs spells it
    request = Request(inputs=(folder,), out=tmp_path / "结果", unsettled=frozenset({half}))
    assert run_district(request, csv=False, say=None).tally.files == 1
