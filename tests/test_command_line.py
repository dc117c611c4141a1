"""What a person reads who mistypes: one Chinese line, the right exit code, no traceback, nothing made by the way."""

from __future__ import annotations

import errno
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest

from gouji.cli import cli, main
from gouji.model.errors import PatternError, UsageError, say_reason
from gouji.patterns import compile_patterns, default_folder
from gouji.pipeline import freezing
from gouji.pipeline.batch import Request, process_batch
from gouji.pipeline.letters import Order, write_letters
from gouji.store import Store

REPORT = Path(__file__).parents[1] / "fixtures" / "cases" / "twin" / "input.txt"
ENGLISH = re.compile(r"(?<![A-Za-z])(?!gouji)[A-Za-z]{2,} [A-Za-z]{2,} [A-Za-z]{2,}")
Gouji = Callable[..., tuple[int, str]]


@pytest.fixture
def gouji(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Gouji:
    """The program as from a shell in an empty folder: exit code, and what it says on stderr."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str | Path) -> tuple[int, str]:
        monkeypatch.setattr("sys.argv", ["gouji", *map(str, arguments)])
        with pytest.raises(SystemExit) as left:
            main()
        return int(left.value.code or 0), capsys.readouterr().err

    return run


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rnu"], "没有命令 rnu，是不是 run"),
        (["run", "x"], "缺少 --out OUT"),
        (["check"], "缺少参数 INPUT"),
        (["run", "x", "-o"], "-o 后面要写内容"),
        (["run", "x", "-o", "y", "--yaer", "1"], "没有选项 --yaer，是不是 --year"),
        (["run", "x", "-o", "y", "--year", "今年"], "--year 的值不对，应为整数"),
        (["run", "x", "-o", "y", "--jobs", "0"], "--jobs 应为 1 到 64 的整数"),
        (["sample", "draw", "--store", "a", "-o", "b", "--share", "0"], "--share 应为 0.1 到 100 的数"),
        (["run", "x", "-o", "y", "--fail-on", "必改"], "--fail-on 的值不对；可用：hard、explain、note"),
        (["freeze", "x", "y", "--name", "z"], "多了参数 y；名称里有空格的，请用引号括起来"),
        (["run", str(REPORT), "-o", "y", "--patterns", "无此文件夹"], "无此文件夹 不是表式与规则文件夹"),
        (["rules", "lint", "."], "不是表式与规则文件夹"),
        (["rules", "diff", "nosuch/", "default"], "没有名为 nosuch/ 的规则集"),
        (["run", str(REPORT), "-o", "y", "--password-file", "无"], "密码文件打不开（找不到）"),
        (["run", str(REPORT), "-o", "y", "--roster", "无.xlsx"], "名册 无.xlsx 打不开（找不到）"),
        (["patterns", "new", str(REPORT), "-o", "无/a.yml"], "a.yml 打不开或写不进（找不到）"),
    ],
)
def test_a_mistake_is_one_chinese_line(gouji: Gouji, arguments: list[str], said: str) -> None:
    code, lines = gouji(*arguments)
    assert (code, lines.count("\n")) == (2, 1)
    assert said in lines
    assert not ENGLISH.search(lines), lines


def test_a_file_that_is_none(gouji: Gouji, tmp_path: Path) -> None:
    for command in (["explain"], ["rules", "localise"]):
        assert gouji(*command, "无.docx") == (4, "没有找到文件：无.docx\n")
        assert gouji(*command, tmp_path) == (4, f"{tmp_path} 是文件夹；请指明其中的一个文件。\n")


@pytest.mark.parametrize("out", ["文件", "文件/下级"])
def test_an_output_folder_that_cannot_be_made(gouji: Gouji, tmp_path: Path, out: str) -> None:
    (tmp_path / "文件").write_text("这里已有一个文件", encoding="utf-8")
    code, lines = gouji("run", REPORT, "-o", out)
    assert code == 2
    assert lines.startswith("写不进文件夹 ")
    assert not ENGLISH.search(lines), lines


@pytest.mark.parametrize(
    "arguments",
    [
        ("ledger", "import", REPORT),
        ("sample", "import", REPORT),
        ("reference", "remove", "1"),
        ("reference", "list"),
        ("waive", "--list"),
        ("compare",),
        ("codes", "list"),
    ],
)
def test_a_mistyped_store_is_told_and_not_made(gouji: Gouji, tmp_path: Path, arguments: tuple[str | Path, ...]) -> None:
    code, lines = gouji(*arguments, "--store", "打错.db")
    assert (code, lines) == (2, "没有找到数据库：打错.db；请先运行 gouji run，或用 --store 指出 gouji.db。\n")
    assert list(tmp_path.iterdir()) == []


def test_a_broken_store_is_told_what_would_be_lost(gouji: Gouji, tmp_path: Path) -> None:
    (tmp_path / "坏.db").write_bytes(b"not a database at all" * 40)
    code, lines = gouji("waive", "--list", "--store", "坏.db")
    assert code == 2
    assert "改名留存" in lines
    assert "豁免记录" in lines
    assert not ENGLISH.search(lines), lines


def test_a_day_that_the_calendar_does_not_have_is_refused(gouji: Gouji, tmp_path: Path) -> None:
    (tmp_path / "名册.csv").write_text("单位名称,预算编码,应报日期\n某局,1,2022-02-30\n", encoding="utf-8-sig")
    code, lines = gouji("run", REPORT, "-o", "y", "--roster", "名册.csv", "--received", "2022-02-30")
    assert code == 2
    assert "没有这一天" in lines
    code, _ = gouji("run", REPORT, "-o", "y", "--roster", "名册.csv", "--received", "2024-02-29", "--quiet")
    assert code == 0


def test_help_without_a_word_of_english() -> None:
    for command, name in commands(cli, "gouji"):
        with command.context_class(command, info_name=name) as context:
            text = command.get_help(context)
        assert text.startswith("用法：")
        assert not re.search(r"Options|Usage|Commands|Show this|\[required\]|<=x", text), text


def commands(group: click.Command, name: str) -> Iterator[tuple[click.Command, str]]:
    yield group, name
    for below, command in group.commands.items() if isinstance(group, click.Group) else ():
        yield from commands(command, f"{name} {below}")


def test_alone_the_program_shows_its_help(gouji: Gouji) -> None:
    code, lines = gouji()
    assert code == 2
    assert lines.startswith("用法：gouji ")


def test_letters_and_a_frozen_state_need_a_run_that_came_to_its_end(tmp_path: Path) -> None:
    with process_batch(Request(inputs=(REPORT,), out=tmp_path)) as batch:
        assert list(batch.outcomes(last=False))
    with pytest.raises(UsageError, match="没有完成的运行"):
        write_letters(Order(tmp_path))
    with pytest.raises(UsageError, match="没有已完成的运行"):
        freezing.freeze(tmp_path, "2021年度", "2022-06-30")
    with Store.open(tmp_path / "gouji.db") as store:
        store.finish_run(store.latest_run() or 0)
    assert "审核意见函 1 份" in write_letters(Order(tmp_path))[0]


def test_a_frozen_state_that_finds_no_room_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with process_batch(Request(inputs=(REPORT,), out=tmp_path)) as batch:
        assert list(batch.outcomes())
    (tmp_path / "汇总表.xlsx").write_bytes(b"x")

    def refuse(source: str, target: str, **_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", source, None, target)

    copy = shutil.copytree
    monkeypatch.setattr(shutil, "copytree", lambda out, to, ignore: copy(out, to, ignore=ignore, copy_function=refuse))
    with pytest.raises(UsageError, match=r"复制不了（汇总表\.xlsx）"):
        freezing.freeze(tmp_path, "2021年度", "2022-06-30")
    assert [path.name for path in (tmp_path / "定稿").iterdir()] == []


def test_a_pattern_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "patterns"
    shutil.copytree(default_folder(), folder)
    (folder / "units.yml").unlink()
    (folder / "rules" / "本地.yml").mkdir()
    (folder / "forms" / "x.yml").write_bytes("id: 表".encode("gbk"))
    with pytest.raises(PatternError) as refused:
        compile_patterns(folder)
    told = refused.value.problems
    assert "units.yml:1: 打不开（找不到）" in told
    assert "rules/本地.yml:1: 打不开（是文件夹，不是文件）" in told
    assert any(line.startswith("forms/x.yml:1: 不是 UTF-8") for line in told)


def test_reasons_are_chinese_where_we_know_them() -> None:
    assert say_reason(FileNotFoundError(errno.ENOENT, "No such file")) == "找不到"
    assert say_reason(OSError(errno.EPIPE, "Broken pipe")) == "Broken pipe"
