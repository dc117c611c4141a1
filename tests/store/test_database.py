"""The store: nothing is done twice, nothing is lost, nothing foreign is touched."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from gouji.model.errors import UsageError
from gouji.model.finding import Evidence
from gouji.model.report import Report
from gouji.model.result import Outcome
from gouji.store import Decision, Store, StoreKey
from gouji.store import database as database_module
from gouji.store.opening import is_local_drive, speaking_chinese
from gouji.store.schema import SCHEMA_VERSION, VIEWS
from outcomes import build_district, failed, figure, finding, report, wrap


def key_of(outcome: Outcome, engine: str = "1", options: str = "o") -> StoreKey:
    return StoreKey(outcome.source.sha256, engine, options)


def save_run(store: Store, outcomes: list[Outcome], *, finish: bool = True) -> int:
    run = store.begin_run("1", "o", "default")
    for outcome in outcomes:
        store.save(key_of(outcome), outcome, run, outcome.source.path)
    if finish:
        store.finish_run(run)
    return run


def query(path: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "gouji.db"


def test_a_district_comes_back_as_it_was(path: Path) -> None:
    district = build_district()
    with Store.open(path) as store:
        run = save_run(store, district)
        assert list(store.outcomes(run)) == sorted(district, key=lambda o: o.source.path)
        assert all(store.find(key_of(outcome)) == outcome for outcome in district)


def test_another_engine_or_option_finds_nothing(path: Path) -> None:
    outcome = build_district()[0]
    with Store.open(path) as store:
        save_run(store, [outcome])
        assert store.find(key_of(outcome, engine="2")) is None
        assert store.find(key_of(outcome, options="p")) is None
        assert store.find(StoreKey(None, "1", "o")) is None


def test_a_pending_outcome_is_found_before_it_is_written(path: Path) -> None:
    outcome = build_district()[0]
    with Store.open(path) as store:
        run = store.begin_run("1", "o")
        store.save(key_of(outcome), outcome, run, "a.docx")
        assert store.find(key_of(outcome)) == outcome


def test_a_removed_file_is_not_in_the_next_run(path: Path) -> None:
    first, second, *_ = build_district()
    with Store.open(path) as store:
        save_run(store, [first, second])
        run = save_run(store, [second])
        assert [o.source.path for o in store.outcomes(run)] == [second.source.path]
        assert store.latest_run() == run
    assert query(path, "SELECT DISTINCT 文件 FROM 数据项") == [(second.source.path,)]


def test_a_second_run_stores_no_second_copy(path: Path) -> None:
    district = build_district()
    with Store.open(path) as store:
        save_run(store, district)
        save_run(store, district)
    assert query(path, "SELECT COUNT(*), (SELECT COUNT(*) FROM files) FROM submissions") == [
        (len(district), 2 * len(district))
    ]


def test_the_same_content_under_two_names_keeps_both(path: Path) -> None:
    outcome = wrap(report("1", "某局", {"income.total": "1.00"}), findings=(finding("1", "A1"),), path="甲/a.docx")
    with Store.open(path) as store:
        run = store.begin_run("1", "o")
        store.save(key_of(outcome), outcome, run, "甲/a.docx")
        store.save(key_of(outcome), outcome, run, "乙/b.docx")
        store.finish_run(run)
        sources = [(o.source.path, o.source.name) for o in store.outcomes(run)]
    assert sources == [("乙/b.docx", "b.docx"), ("甲/a.docx", "a.docx")]
    assert query(path, "SELECT COUNT(*) FROM submissions") == [(1,)]


def test_an_interrupted_run_leaves_what_was_done(path: Path) -> None:
    district = build_district()

    def interrupt() -> None:
        with Store.open(path) as store:
            run = store.begin_run("1", "o")
            for outcome in district[:20]:
                store.save(key_of(outcome), outcome, run, outcome.source.path)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupt()
    with Store.open(path) as store:
        assert sum(store.find(key_of(outcome)) is not None for outcome in district) == 20


def test_a_killed_run_loses_at_most_one_batch(path: Path) -> None:
    district = build_district()[:20]
    store = Store.open(path)
    run = store.begin_run("1", "o")
    for outcome in district:
        store.save(key_of(outcome), outcome, run, outcome.source.path)
    with closing(sqlite3.connect(path)) as other:  # another process sees what was committed, without close()
        (kept,) = other.execute("SELECT COUNT(*) FROM submissions").fetchone()
    assert kept == 20 - 20 % database_module.BATCH
    store.close()


def test_one_outcome_is_loaded_under_its_own_path(path: Path) -> None:
    piece = Evidence("t1r1c1", "某处", None, "1", "1", "total", "甲/a.docx")
    outcome = wrap(findings=(finding("1", "A1", evidence=(piece,)),), path="甲/a.docx")
    moved = msgspec.structs.replace(outcome, source=msgspec.structs.replace(outcome.source, path="乙/b.docx"))
    with Store.open(path) as store:
        first, second = store.begin_run("1", "o"), store.begin_run("1", "o")
        store.save(key_of(outcome), outcome, first, "甲/a.docx")
        assert store.outcome(first, "甲/a.docx") is outcome, "still pending"
        store.save(key_of(outcome), moved, second, "乙/b.docx")
        loaded = store.outcome(second, "乙/b.docx")
        with pytest.raises(KeyError):
            store.outcome(first, "乙/b.docx")
    assert loaded.source.path == loaded.findings[0].evidence[0].source == "乙/b.docx"


def test_passing_failures_are_tried_again_and_replaced(path: Path) -> None:
    hung = failed("a.docx", "timeout", "读取超时。")
    done = wrap(report("1", "某局", {"income.total": "1.00"}), path="a.docx")
    with Store.open(path) as store:
        save_run(store, [hung])
        assert store.find(key_of(hung)) is None
        run = store.begin_run("1", "o")
        store.save(key_of(hung), done, run, "a.docx")
        assert list(store.outcomes(run)) == [done]
    assert query(path, "SELECT COUNT(*), MAX(error) FROM submissions") == [(1, None)]
    assert query(path, "SELECT unit_name FROM reports") == [("某局",)]


def test_a_blob_of_another_model_is_computed_anew(path: Path) -> None:
    outcome = build_district()[0]
    with Store.open(path) as store:
        run = save_run(store, [outcome])
        store.connection.execute("UPDATE submissions SET outcome = x'00'")
        assert store.find(key_of(outcome)) is None
        with pytest.raises(UsageError, match="重新运行"):
            list(store.outcomes(run))
        again = save_run(store, [outcome])
        assert list(store.outcomes(again)) == [outcome]
    assert query(path, "SELECT COUNT(*) FROM reports") == [(1,)]


def test_a_classified_file_leaves_only_its_failure(path: Path) -> None:
    leak = wrap(report("1", "某局", {"income.total": "1.00"}), findings=(finding("1", "A1"),), path="密.docx")
    secret = Outcome(
        leak.source, failed("密.docx", "classified", "文件标有密级。").failure, (), leak.reports, leak.findings
    )
    with Store.open(path) as store:
        run = save_run(store, [secret])
        (kept,) = store.outcomes(run)
    assert kept == Outcome(source=secret.source, failure=secret.failure)
    assert query(path, "SELECT (SELECT COUNT(*) FROM reports), (SELECT COUNT(*) FROM findings)") == [(0, 0)]
    assert "某局".encode() not in path.read_bytes()


def test_decisions_can_only_be_appended(path: Path) -> None:
    decision = Decision("1-2021-A1", "waive", "digest", "rounding", "尾差", "某人", "2022-06-01T09:00:00")
    with Store.open(path) as store:
        store.record_decision(decision)
        for attempt in (
            "UPDATE decisions SET reason = ''",
            "DELETE FROM decisions",
            "INSERT OR REPLACE INTO decisions SELECT 1, finding_id, 'x', '', '', '', '', '', '', '', '' FROM decisions",
        ):
            with pytest.raises(sqlite3.IntegrityError, match="只能追加"):
                store.connection.execute(attempt)
        assert store.decisions() == store.decisions("1-2021-A1") == [decision]
        assert store.decisions("other") == []


def test_amounts_are_text_and_exact(path: Path) -> None:
    figures = {"income.total": "8710500.55元", "expenditure.total": "0.10", "staffing.actual": "38"}
    with Store.open(path) as store:
        save_run(store, [wrap(report("085001", "某局", figures))])
    rows = query(path, "SELECT value, typeof(value), unit, wan FROM facts ORDER BY ordinal")
    assert rows == [
        ("8710500.55", "text", "元", "871.050055"),
        ("0.10", "text", "万元", "0.10"),
        ("38", "text", "人", None),
    ]
    assert query(path, "SELECT 预算编码, 收入合计, 支出合计, 实有人数 FROM 汇总") == [
        ("085001", "871.050055", "0.10", "38")
    ]


def test_the_summary_view_leaves_out_a_figure_of_the_wrong_unit(path: Path) -> None:
    with Store.open(path) as store:
        save_run(store, build_district())
    rows = query(path, "SELECT 收入合计, 公共财政拨款, 必改 FROM 汇总 WHERE 单位 = '云溯区教育局'")
    assert rows == [(None, None, 1)]
    listed = query(path, "SELECT 判定, 级别 FROM 问题 WHERE 单位 = '云溯区住建局'")
    assert listed == [("不符", "必改"), ("不符", "需说明")]


def test_the_summary_view_prefers_this_year_final_and_table(path: Path) -> None:
    facts: list[tuple[str, dict[str, Any]]] = [
        ("9.00", {"period": 2020}), ("8.00", {"stage": "initial"}), ("7.00", {"origin": "prose"}), ("6.00", {}),
        ("5.00", {"main": False}),
    ]  # fmt: skip
    made = Report(form=None, unit_name="某局", budget_code="1", fiscal_year=2021, report_date=None,
                  facts=tuple(figure("income.total", text, **more) for text, more in facts))  # fmt: skip
    with Store.open(path) as store:
        save_run(store, [wrap(made)])
    assert query(path, "SELECT 收入合计 FROM 汇总") == [("6.00",)]


@pytest.mark.parametrize(
    "content", [b"not a database at all, just text " * 40, b"SQLite format 3\x00" + b"\xff" * 4000]
)
def test_a_file_that_is_no_database_is_refused_and_untouched(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(UsageError, match=r"gouji\.db"):
        Store.open(path)
    assert path.read_bytes() == content


def test_a_foreign_database_is_refused_and_untouched(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other, other:
        other.execute("CREATE TABLE mine (x)")
    before = path.read_bytes()
    with pytest.raises(UsageError, match="不是 gouji 的数据库"):
        Store.open(path)
    assert path.read_bytes() == before


def test_a_newer_schema_is_refused(path: Path) -> None:
    Store.open(path).close()
    with closing(sqlite3.connect(path)) as other, other:
        other.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    with pytest.raises(UsageError, match="请升级"):
        Store.open(path)


def test_read_only_needs_an_existing_file_and_writes_nothing(path: Path) -> None:
    with pytest.raises(UsageError, match="没有找到数据库"):
        Store.open(path, read_only=True)
    assert not path.exists()
    with Store.open(path) as store:
        run = save_run(store, build_district()[:3])
    before = path.read_bytes()
    with Store.open(path, read_only=True) as store:
        assert len(list(store.outcomes(run))) == 3
        with pytest.raises(UsageError):
            store.begin_run("1", "o")
    assert path.read_bytes() == before


def test_a_locked_database_says_so(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gouji.store.opening._BUSY_SECONDS", 0.05)
    with Store.open(path) as store:
        store.connection.execute("BEGIN IMMEDIATE")
        with Store.open(path) as second, pytest.raises(UsageError, match="正被另一个程序使用"):
            second.begin_run("1", "o")
        store.connection.execute("ROLLBACK")


def test_a_mistake_in_our_own_sql_is_not_blamed_on_the_file(path: Path) -> None:
    memory = closing(sqlite3.connect(":memory:"))
    with memory as connection, pytest.raises(sqlite3.OperationalError), speaking_chinese(path):
        connection.execute("SELECT nonsense")


def test_a_closed_store_is_one_plain_file(path: Path) -> None:
    with Store.open(path) as store:
        save_run(store, build_district()[:2])
    assert [entry.name for entry in path.parent.iterdir()] == ["gouji.db"]
    assert query(path, "PRAGMA journal_mode") == [("delete",)]


@pytest.mark.parametrize(
    ("kind", "local"), [("ext4", True), ("cifs", False), ("nfs4", False), ("9p", False), ("fuse.sshfs", False)]
)
def test_a_log_is_used_on_local_drives_only(
    monkeypatch: pytest.MonkeyPatch, path: Path, kind: str, local: bool
) -> None:
    monkeypatch.setattr("gouji.store.opening._read_filesystem", lambda _folder: kind)
    assert is_local_drive(path) is local
    with Store.open(path) as store:
        (mode,) = store.connection.execute("PRAGMA journal_mode").fetchone()
    assert mode == ("wal" if local else "delete")


def test_verdicts_keep_their_numbers(path: Path) -> None:
    with Store.open(path) as store:
        save_run(store, [wrap(findings=(finding("1", "A1", difference=Decimal("-0.50")),))])
    assert query(path, "SELECT difference, tolerance, verdict FROM findings") == [("-0.50", "0.01", "fail")]
    assert query(path, "SELECT evidence_id, raw, relation FROM evidence") == [("t1r9c4", "871.05", "total")]


def _made_old(path: Path) -> None:
    """The file as schema 1 had it: without what later ones added."""
    with closing(sqlite3.connect(path, isolation_level=None)) as old:
        for view in VIEWS:
            old.execute(f"DROP VIEW {view}")
        for index in ("findings_run", "reports_year"):
            old.execute(f"DROP INDEX {index}")
        people = ("ledger", "ledger_entries", "sample_checks", "purges", "frozen")
        for table in (
            *people,
            "reference_facts",
            "reference_imports",
            "code_changes",
            "copies",
            "written",
            "kept",
            "parts",
            "withdrawn",
            "receipts",
        ):
            old.execute(f"DROP TABLE {table}")
        old.execute("ALTER TABLE findings DROP COLUMN run_id")
        old.execute("ALTER TABLE files DROP COLUMN completed")
        old.execute("PRAGMA user_version = 1")


def test_an_older_file_is_brought_up_to_date_and_loses_nothing(path: Path) -> None:
    wanted = build_district()
    with Store.open(path) as store:
        run = save_run(store, wanted)
        store.record_decision(Decision("x", "waive", "e", "r", "原因", "周一", "2022-06-01"))
    before = query(path, "SELECT * FROM 问题")
    _made_old(path)
    with pytest.raises(UsageError, match="旧版本"):
        Store.open(path, read_only=True)
    with Store.open(path) as store:
        assert [found.source.path for found in store.outcomes(run)] == sorted(o.source.path for o in wanted)
        assert len(store.decisions()) == 1
    assert query(path, "SELECT * FROM 问题") == before


def test_what_a_comparison_adds_holds_for_its_run_alone(path: Path) -> None:
    alone = wrap(report("102001", "云溯区某局", {}), path="a.docx", findings=(finding("102001", "A3"),))
    more = finding("102001", "Y1")
    waived = msgspec.structs.replace(alone.findings[0], verdict="waived")
    with Store.open(path) as store:
        first = save_run(store, [alone])
        store.complete(first, msgspec.structs.replace(alone, findings=(waived, more)), (waived, more))
        assert [found.findings for found in store.outcomes(first)] == [(waived, more)]
        assert sorted(query(path, "SELECT 规则, 判定 FROM 问题")) == [("A3", "已豁免"), ("Y1", "不符")]
        assert store.find(key_of(alone)) == alone
        second = save_run(store, [alone])
        assert [found.findings for found in store.outcomes(second)] == [alone.findings]
        assert query(path, "SELECT 规则, 判定 FROM 问题") == [("A3", "不符")]


def test_the_guide_names_every_table_and_view(path: Path) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "data.md").read_text(encoding="utf-8")
    with Store.open(path):
        pass
    names = [name for (name,) in query(path, "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")]
    assert len(names) > 20
    assert [name for name in names if f"`{name}`" not in guide] == []
