"""Archives in a batch: members in their place, under their path, each with its own outcome; nothing left behind."""

from __future__ import annotations

import hashlib
import json
import tempfile
from pathlib import Path

import pytest
from click.testing import CliRunner

import gouji
from gouji.cli import cli
from gouji.model.errors import ReadError, UsageError
from gouji.model.result import Outcome
from gouji.pipeline import agenda
from gouji.pipeline.batch import Request, process_batch
from gouji.pipeline.district import run_district
from gouji.readers.archives import Limits
from gouji.store import Store
from readers.archives.packing import Item, make_7z, make_rar5, make_zip

CASES = Path(__file__).parents[2] / "fixtures" / "cases"
TXT = (CASES / "twin" / "input.txt").read_bytes()
DOCX = (CASES / "tracked" / "input.docx").read_bytes()


@pytest.fixture(autouse=True)
def workspace(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where batches unpack; each test ends with it empty."""
    folder = tmp_path_factory.mktemp("space")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def run(folder: Path, **options: object) -> list[Outcome]:
    with process_batch(Request(inputs=(folder,), jobs=2, **options)) as batch:  # type: ignore[arg-type]
        return list(batch.outcomes())


def codes(outcomes: list[Outcome]) -> dict[str, str | None]:
    return {outcome.source.path: outcome.failure.code if outcome.failure else None for outcome in outcomes}


def test_members_stand_where_the_archive_stood(tmp_path: Path, workspace: Path) -> None:
    inner = make_rar5(("内/报告10.txt", TXT), ("内/报告2.docx", DOCX))
    (tmp_path / "一股").mkdir()
    (tmp_path / "一股" / "b.zip").write_bytes(
        make_zip(("三办/报告.docx", DOCX), ("三办/内.rar", inner), ("~$x.docx", b""))
    )
    (tmp_path / "一股" / "a.txt").write_bytes(TXT)
    (tmp_path / "一股" / "c.7z").write_bytes(make_7z(("说明.txt", TXT)))
    outcomes = run(tmp_path)
    assert codes(outcomes) == {
        "一股/a.txt": None,
        "一股/b.zip!/三办/内.rar!/内/报告2.docx": None,
        "一股/b.zip!/三办/内.rar!/内/报告10.txt": None,
        "一股/b.zip!/三办/报告.docx": None,
        "一股/c.7z!/说明.txt": None,
    }
    assert list(codes(outcomes)) == [outcome.source.path for outcome in outcomes]
    member = outcomes[1].source
    assert (member.name, member.format, member.bytes) == ("报告2.docx", "docx", len(DOCX))
    assert member.sha256 == hashlib.sha256(DOCX).hexdigest()
    assert len(outcomes[1].reports) == 1
    assert {e.source for f in outcomes[1].findings for e in f.evidence} <= {"", member.path}
    assert list(workspace.iterdir()) == []


def test_a_member_gives_the_record_of_the_file_itself(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(make_zip(("报告.docx", DOCX)))
    (tmp_path / "报告.docx").write_bytes(DOCX)
    packed, plain = run(tmp_path)
    assert packed.source.path == "a.zip!/报告.docx"
    assert packed.reports == plain.reports


def test_each_failure_is_a_members_own(tmp_path: Path) -> None:
    items = [
        Item("密.txt", TXT, password=b"1"),
        Item("报告.txt", TXT),
        Item("照片.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF"),
    ]
    (tmp_path / "a.zip").write_bytes(make_zip(*items))
    (tmp_path / "断.zip").write_bytes(make_zip(("一.txt", TXT), ("二.txt", bytes(range(256)) * 40))[:-300])
    (tmp_path / "空.zip").write_bytes(make_zip((".DS_Store", b"")))
    assert codes(run(tmp_path)) == {
        "a.zip!/密.txt": "encrypted",
        "a.zip!/报告.txt": None,
        "a.zip!/照片.jpg": "no_text_layer",
        "断.zip": "corrupt",
        "断.zip!/一.txt": None,
        "断.zip!/二.txt": "corrupt",
        "空.zip": "empty",
    }


def test_nesting_ends(tmp_path: Path, workspace: Path) -> None:
    data = make_zip(("报告.txt", TXT))
    for level in range(4):
        data = make_zip((f"{level}.zip", data), (f"{level}.txt", TXT))
    (tmp_path / "a.zip").write_bytes(data)
    found = codes(run(tmp_path))
    assert found == {
        "a.zip!/3.txt": None,
        "a.zip!/3.zip!/2.txt": None,
        "a.zip!/3.zip!/2.zip!/1.txt": None,
        "a.zip!/3.zip!/2.zip!/1.zip": "too_many",
    }
    assert list(workspace.iterdir()) == []


def test_what_is_nested_shares_the_limits_of_the_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agenda, "LIMITS", Limits(members=4))
    inner = make_zip(("1.txt", TXT), ("2.txt", TXT))
    (tmp_path / "a.zip").write_bytes(make_zip(("甲.zip", inner), ("乙.zip", inner)))
    assert sorted(code or "" for code in codes(run(tmp_path)).values()) == ["", "", "too_many"]


def test_a_second_run_reads_no_member_twice(tmp_path: Path, workspace: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.zip").write_bytes(make_zip(("报告.docx", DOCX), ("__MACOSX/x", b"")))
    (folder / "断.zip").write_bytes(make_zip(("一.txt", TXT), ("二.txt", bytes(range(256)) * 40))[:-300])
    request = Request(inputs=(folder,), out=tmp_path / "out", jobs=1)
    first = run_district(request, csv=False, say=None)
    assert first.tally.files == 4
    record = json.loads((tmp_path / "out" / "运行记录.json").read_text(encoding="utf-8"))
    assert record["counts"]["files"] == 4
    with process_batch(request) as batch:
        again = list(batch.outcomes())
        assert (batch.reused, batch.fresh, batch.found) == (2, 0, 4)
        assert batch.skipped == {"system": 1}
    assert codes(again) == {
        "a.zip!/报告.docx": None,
        "断.zip": "corrupt",
        "断.zip!/一.txt": None,
        "断.zip!/二.txt": "corrupt",
    }
    with Store.open(tmp_path / "out" / "gouji.db", read_only=True) as store:
        run_number = store.latest_run()
        assert run_number is not None
        assert {outcome.source.path for outcome in store.outcomes(run_number)} == set(codes(again))
    assert list(workspace.iterdir()) == []


def test_an_archive_moved_into_a_folder_is_known_by_its_members(tmp_path: Path) -> None:
    store = tmp_path / "gouji.db"
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "报告.docx").write_bytes(DOCX)
    run(folder, store=store)
    (folder / "报告.docx").unlink()
    (folder / "a.zip").write_bytes(make_zip(("一股/报告.docx", DOCX)))
    with process_batch(Request(inputs=(folder,), store=store)) as batch:
        (outcome,) = batch.outcomes()
        assert batch.reused == 1
    assert (outcome.source.name, outcome.source.path) == ("报告.docx", "a.zip!/一股/报告.docx")


def test_nothing_is_left_when_the_loop_is_left(tmp_path: Path, workspace: Path) -> None:
    (tmp_path / "a.zip").write_bytes(make_zip(*[(f"{at}.txt", TXT + bytes([at + 65])) for at in range(9)]))
    with process_batch(Request(inputs=(tmp_path,), jobs=1)) as batch:
        next(batch.outcomes())
    assert list(workspace.iterdir()) == []


@pytest.mark.parametrize("command", ["extract", "check"])
def test_commands_take_archives(command: str, tmp_path: Path) -> None:
    path = tmp_path / "报送.zip"
    path.write_bytes(make_zip(("一股/报告.docx", DOCX), ("一股/说明.docx", b"x")))
    result = CliRunner().invoke(cli, [command, str(path), "--json", "--quiet"], standalone_mode=False)
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line["source"]["path"] for line in lines] == ["报送.zip!/一股/报告.docx", "报送.zip!/一股/说明.docx"]
    assert result.return_value == 0  # the note is text, and no such report


def test_passwords_reach_archives_at_any_depth_and_the_next_run_may_bring_them(tmp_path: Path) -> None:
    inner = make_7z(("内.txt", TXT), password="7z")
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.zip").write_bytes(make_zip(Item("密.txt", DOCX, password=b"zip"), Item("内.7z", inner)))
    store = tmp_path / "gouji.db"
    assert codes(run(folder, store=store)) == {"a.zip!/内.7z!/内.txt": "encrypted", "a.zip!/密.txt": "encrypted"}
    with_passwords = run(folder, store=store, passwords=("zip", "7z"))
    assert codes(with_passwords) == {"a.zip!/内.7z!/内.txt": None, "a.zip!/密.txt": None}


def test_one_member_can_be_read_and_explained_by_its_path(tmp_path: Path, workspace: Path) -> None:
    inner = make_rar5(("内/报告.docx", DOCX))
    path = tmp_path / "报送.zip"
    path.write_bytes(make_zip(("一股/内.rar", inner), Item("密.txt", TXT, password=b"1")))
    outcome = gouji.read(f"{path}!/一股/内.rar!/内/报告.docx")
    assert (outcome.source.name, outcome.source.path) == ("报告.docx", "报送.zip!/一股/内.rar!/内/报告.docx")
    assert outcome.reports == gouji.read(CASES / "tracked" / "input.docx").reports
    with pytest.raises(ReadError) as caught:
        gouji.read(f"{path}!/密.txt")
    assert caught.value.code == "encrypted"
    for wrong in (f"{path}!/没有.docx", f"{path}!/一股/内.rar!/内/报告.docx!/x"):
        with pytest.raises(UsageError):
            gouji.read(wrong)
    with pytest.raises(ReadError, match="gouji run"):
        gouji.read(path)
    result = CliRunner().invoke(cli, ["explain", f"{path}!/密.txt", "--password", "1"], standalone_mode=False)
    assert (result.return_value, result.stdout.splitlines()[0]) == (0, "■ 报送.zip!/密.txt")
    assert list(workspace.iterdir()) == []
