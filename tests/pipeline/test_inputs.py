"""What is read, in which order, under which name; what is left out, and why."""

from __future__ import annotations

import os
import socket
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gouji.model.errors import UsageError
from gouji.pipeline.inputs import InputListing, extend_path, find_inputs, make_natural_key, print_name


def plant(root: Path, *names: str) -> Path:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    return root


def shown(listing: InputListing) -> list[str]:
    return [file.relative for file in listing.files]


def test_a_folder_is_walked_in_natural_order(tmp_path: Path) -> None:
    plant(tmp_path, "报告10.docx", "报告2.docx", "股10/a.docx", "股2/b.docx", "股2/子/c.txt")
    listing = find_inputs([tmp_path])
    assert shown(listing) == ["报告2.docx", "报告10.docx", "股2/b.docx", "股2/子/c.txt", "股10/a.docx"]
    assert listing.files[0].size == len("报告2.docx".encode())
    assert Path(listing.files[0].path).read_bytes() == "报告2.docx".encode()
    assert (listing.skipped, listing.problems) == ({}, ())


def test_clutter_is_left_out_and_counted(tmp_path: Path) -> None:
    plant(
        tmp_path,
        *("报告.docx", "~$报告.docx", "股/.~报告.docx", "股/.~lock.报告.docx#"),
        *(".DS_Store", "Thumbs.db", "desktop.ini", "__MACOSX/._报告.docx", ".隐藏/报告.docx", "._报告.docx"),
        *("~WRL0001.tmp", "报告.docx.crdownload"),
    )
    listing = find_inputs([tmp_path])
    assert shown(listing) == ["报告.docx"]
    assert listing.skipped == {"lock": 3, "system": 4, "hidden": 2, "temporary": 2}


def test_a_hidden_file_named_by_hand_is_read_but_no_lock_file(tmp_path: Path) -> None:
    plant(tmp_path, ".报告.docx", "~$报告.docx")
    listing = find_inputs([tmp_path / ".报告.docx", tmp_path / "~$报告.docx"])
    assert shown(listing) == [".报告.docx"]
    assert listing.skipped == {"lock": 1}


def test_the_output_folder_inside_the_input_is_excluded(tmp_path: Path) -> None:
    plant(tmp_path, "报告.docx", "out/汇总表.xlsx", "股/out/报告.docx")
    listing = find_inputs([tmp_path], output=tmp_path / "out")
    assert shown(listing) == ["报告.docx", "股/out/报告.docx"]
    assert listing.skipped == {"output": 1}


def test_the_output_folder_cannot_be_the_input(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="另选"):
        find_inputs([tmp_path], output=tmp_path / "." / "")


def test_the_same_file_named_twice_is_read_once(tmp_path: Path) -> None:
    plant(tmp_path, "股/报告.docx")
    listing = find_inputs([tmp_path / "股", tmp_path / "股" / "报告.docx", tmp_path / "股" / ".." / "股"])
    assert shown(listing) == ["股/报告.docx"]
    assert listing.skipped == {"duplicate": 1, "loop": 1}


def test_inputs_of_the_same_name_keep_different_relative_paths(tmp_path: Path) -> None:
    plant(tmp_path, "甲/自评/报告.docx", "乙/自评/报告.docx", "丙/报告.docx")
    listing = find_inputs([tmp_path / "甲" / "自评", tmp_path / "乙" / "自评", tmp_path / "丙" / "报告.docx"])
    assert shown(listing) == ["自评/报告.docx", "自评(2)/报告.docx", "报告.docx"]


def test_no_absolute_path_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(tmp_path, "股/报告.docx")
    monkeypatch.chdir(tmp_path / "股")
    assert shown(find_inputs(["."])) == ["报告.docx"]
    assert shown(find_inputs(["报告.docx"])) == ["报告.docx"]
    assert shown(find_inputs(["..", tmp_path / "缺"]))[0].endswith("/股/报告.docx")
    assert not any(Path(name).is_absolute() for name in shown(find_inputs(["/dev/null", "."])))


def test_link_loops_and_repeated_links_end(tmp_path: Path) -> None:
    plant(tmp_path, "股/报告.docx")
    (tmp_path / "股" / "回").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "自").symlink_to("自")
    (tmp_path / "断").symlink_to("没有")
    (tmp_path / "股" / "又.docx").symlink_to("报告.docx")
    listing = find_inputs([tmp_path])
    assert len(listing.files) == 1
    assert listing.skipped == {"loop": 1, "duplicate": 1}
    assert sorted(problem.relative for problem in listing.problems) == sorted(["断", "自"])


def test_links_are_followed(tmp_path: Path) -> None:
    plant(tmp_path, "库/报告.docx", "送/x.txt")
    (tmp_path / "送" / "链").symlink_to(tmp_path / "库", target_is_directory=True)
    assert shown(find_inputs([tmp_path / "送"])) == ["x.txt", "链/报告.docx"]


def test_pipes_and_sockets_are_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(tmp_path, "报告.docx")
    os.mkfifo(tmp_path / "管道.docx")
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("插座.docx")
        listing = find_inputs([tmp_path])
    assert (shown(listing), listing.skipped) == (["报告.docx"], {"special": 2})


def test_a_missing_input_is_reported(tmp_path: Path) -> None:
    plant(tmp_path, "报告.docx")
    listing = find_inputs([tmp_path / "没有这个", tmp_path / "报告.docx", tmp_path / "报告.docx" / "下面"])
    assert shown(listing) == ["报告.docx"]
    assert [problem.relative for problem in listing.problems] == ["没有这个", "下面"]
    assert all("请" in problem.message for problem in listing.problems)


def test_an_unreadable_folder_is_reported_and_the_rest_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(tmp_path, "锁/报告.docx", "开/报告.docx")
    scandir = os.scandir

    def refuse(path: str) -> object:
        if path.endswith("锁"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    listing = find_inputs([tmp_path])
    assert shown(listing) == ["开/报告.docx"]
    assert [problem.relative for problem in listing.problems] == ["锁"]
    assert str(tmp_path) not in listing.problems[0].message


def test_long_and_odd_names(tmp_path: Path) -> None:
    folder = Path(*["岳阳（自评）【终稿】 2021年 " + "长" * 40] * 4)
    plant(tmp_path, str(folder / "报告 (终稿改2).docx"))
    listing = find_inputs([tmp_path])
    assert len(listing.files[0].path) > 260
    assert shown(listing) == [(folder / "报告 (终稿改2).docx").as_posix()]
    assert Path(listing.files[0].path).is_file()


def test_gbk_names_of_a_foreign_disk_are_shown_in_chinese(tmp_path: Path) -> None:
    raw = os.fsencode(tmp_path) + b"/" + "报告.docx".encode("gbk")
    Path(os.fsdecode(raw)).write_bytes(b"x")
    listing = find_inputs([tmp_path])
    assert shown(listing) == ["报告.docx"]
    assert Path(listing.files[0].path).read_bytes() == b"x"
    assert print_name(os.fsdecode(b"\xff\x80.docx")) == "\\xff\\x80.docx"


def test_windows_long_paths() -> None:
    long = "D:\\绩效\\" + "长" * 300 + "\\报告.docx"
    assert extend_path(long, windows=True) == "\\\\?\\" + long
    assert extend_path("\\\\server\\共享\\" + "长" * 300, windows=True) == "\\\\?\\UNC\\server\\共享\\" + "长" * 300
    assert extend_path(extend_path(long, windows=True), windows=True) == "\\\\?\\" + long
    assert extend_path("D:\\绩效\\报告.docx", windows=True) == "D:\\绩效\\报告.docx"
    assert extend_path(long, windows=False) == long


def test_natural_order() -> None:
    names = ["报告10", "报告2", "报告02", "a1b10", "A1b9", "报告"]
    assert sorted(names, key=make_natural_key) == ["A1b9", "a1b10", "报告", "报告02", "报告2", "报告10"]
    assert make_natural_key("9" * 5000) < make_natural_key("1" + "0" * 5000)


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="/\x00"), min_size=1, max_size=12)


@given(st.lists(NAMES.filter(lambda name: name not in {".", ".."}), max_size=6))
def test_every_file_is_either_listed_or_counted(names: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            (Path(folder) / name).write_bytes(b"x")
        present = len(list(Path(folder).iterdir()))
        listing = find_inputs([folder])
        assert len(listing.files) + sum(listing.skipped.values()) == present
        assert len({file.relative for file in listing.files}) == len(listing.files)


def test_what_an_earlier_run_made_is_no_submission(tmp_path: Path) -> None:
    made = (
        "gouji.db",
        "运行记录.json",
        "汇总表.xlsx",
        "汇总表(新).xlsx",
        "汇总表（公开）.xlsx",
        "收件登记.xlsx",
        "批注/a.docx",
    )
    plant(tmp_path, "报告.docx", *(f"旧结果/{name}" for name in made), "旧结果/报送/b.docx")
    listing = find_inputs([tmp_path], output=tmp_path / "新结果")
    assert shown(listing) == ["报告.docx", "旧结果/报送/b.docx"]
    assert listing.skipped == {"output": len(made)}
    assert shown(find_inputs([tmp_path / "旧结果"])) == ["报送/b.docx"]


def test_a_unit_may_call_its_own_files_so(tmp_path: Path) -> None:
    plant(tmp_path, "教育局/汇总表.xlsx", "教育局/批注/报告.docx", "教育局/明细.docx")
    assert shown(find_inputs([tmp_path])) == ["教育局/明细.docx", "教育局/汇总表.xlsx", "教育局/批注/报告.docx"]
