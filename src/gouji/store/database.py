"""What was read, kept in SQLite.

    with Store.open(path) as store:
        run = store.begin_run(engine="0.1.0", options="3f…", rule_set="default")
        known = store.find(key)                   # Outcome of the same content, engine and options, or None
        store.save(key, outcome, run, "一股/a.docx")
        store.finish_run(run)
        for outcome in store.outcomes(run): ...   # the files of that run alone, by path

Outcomes are written in small batches, each one transaction: an interrupted run loses at most the last batch, and the
next run finds everything before it. A file that is gone from the input is not in the next run.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import msgspec

from gouji.model.decision import Decision
from gouji.model.errors import UsageError
from gouji.model.finding import Finding
from gouji.model.result import Outcome
from gouji.store.codec import Identity, Rows, decode_outcome, encode_outcome
from gouji.store.opening import open_database, speaking_chinese, transaction

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from types import TracebackType


BATCH = 16
# They speak of the machine on that day, or of a password not yet given, not of the file: the next run tries again.
_PASSING_FAILURES = frozenset({"timeout", "crashed", "encrypted", "password"})


class StoreKey(msgspec.Struct, frozen=True):
    """What makes a result reusable. `content` is the SHA-256 of the bytes, None where they could not be read."""

    content: str | None
    engine: str
    options: str


class _Pending(msgspec.Struct, frozen=True):
    key: StoreKey
    outcome: Outcome
    run: int
    path: str


class Store:
    """An open gouji.db. Errors of the file come as UsageError with one Chinese line."""

    def __init__(self, connection: sqlite3.Connection, path: Path, *, read_only: bool = False) -> None:
        self.connection = connection
        self.path = path
        self.read_only = read_only
        self._pending: dict[tuple[int, str], _Pending] = {}

    @classmethod
    def open(cls, path: Path | str, *, read_only: bool = False, known: bool = False) -> Self:
        """Open or create the store; raises UsageError for a foreign, broken or newer file.

        `known`: it must be there already, so that a mistyped name makes no new one.
        """
        path = Path(path)
        return cls(open_database(path, read_only=read_only, known=known), path, read_only=read_only)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Write what is pending and leave one plain file behind, without a log beside it."""
        try:
            self.flush()
            if not self.read_only:
                # Another reader may still hold the file; the log then stays until the last one leaves.
                with suppress(sqlite3.OperationalError):
                    self.connection.execute("PRAGMA journal_mode = DELETE")
        finally:
            self.connection.close()

    # --- runs ---------------------------------------------------------------------------------------------------

    def begin_run(self, engine: str, options: str, rule_set: str | None = None, started: str | None = None) -> int:
        """Register a run and return its number. `started` is text from the caller; the store reads no clock."""
        with self._writing():
            cursor = self.connection.execute(
                "INSERT INTO runs (engine, options, rule_set, started) VALUES (?, ?, ?, ?)",
                (engine, options, rule_set, started),
            )
        return int(cursor.lastrowid or 0)

    def finish_run(self, run: int) -> None:
        """Mark a run as complete: the views show it from now on."""
        self.flush()
        with self._writing():
            self.connection.execute("UPDATE runs SET complete = 1 WHERE id = ?", (run,))

    def latest_run(self) -> int | None:
        """The latest complete run, else the latest one, None in an empty store."""
        row = self._fetch("SELECT id FROM runs ORDER BY complete DESC, id DESC LIMIT 1")
        return None if row is None else int(row[0])

    def finished_run(self) -> int | None:
        """The latest complete run; None where there is none: what leaves the house is made of nothing less."""
        row = self._fetch("SELECT id FROM runs WHERE complete ORDER BY id DESC LIMIT 1")
        return None if row is None else int(row[0])

    # --- outcomes -----------------------------------------------------------------------------------------------

    def find(self, key: StoreKey) -> Outcome | None:
        """What the same bytes came to under the same engine and options; its source names the first path seen."""
        if key.content is None:
            return None
        for pending in self._pending.values():
            if pending.key == key:
                return pending.outcome
        row = self._fetch(
            "SELECT outcome, error FROM submissions WHERE sha256 = ? AND engine = ? AND options = ?",
            (key.content, key.engine, key.options),
        )
        if row is None or row[1] in _PASSING_FAILURES:
            return None
        return decode_outcome(row[0])

    def save(self, key: StoreKey, outcome: Outcome, run: int, path: str) -> None:
        """Keep one outcome under `path` in a run. A classified file leaves nothing but its failure."""
        if outcome.failure is not None and outcome.failure.code == "classified":
            outcome = Outcome(source=outcome.source, failure=outcome.failure)
        self._pending[(run, path)] = _Pending(key, outcome, run, path)
        if len(self._pending) >= BATCH:
            self.flush()

    def flush(self) -> None:
        """Write the pending outcomes in one transaction."""
        if not self._pending:
            return
        with self._writing():
            rows = Rows()
            identity = Identity(self._next_key("reports"), self._next_key("findings"))
            links = [(p.run, p.path, self._store_submission(p, rows, identity)) for p in self._pending.values()]
            self._insert_rows(rows)
            self.connection.executemany(
                "INSERT OR REPLACE INTO files (run_id, path, submission_id) VALUES (?, ?, ?)", links
            )
        self._pending.clear()

    def outcomes(self, run: int) -> Iterator[Outcome]:
        """The outcomes of one run in order of path, each with the path it had in that run."""
        self.flush()
        paths = [row[0] for row in self._fetch_all("SELECT path FROM files WHERE run_id = ? ORDER BY path", (run,))]
        for path in paths:
            yield self.outcome(run, path)

    def latest_outcomes(self) -> Iterator[Outcome]:
        """Every file's outcome in the last run that read it: runs of several years, each content under one path once."""
        for run, path in self.latest_files():
            yield self.outcome(run, path)

    def latest_files(self) -> list[tuple[int, str]]:
        """The last run that read each path."""
        self.flush()
        rows = self._fetch_all("SELECT MAX(run_id), path FROM files GROUP BY path ORDER BY path")
        return [(int(run), str(path)) for run, path in rows]

    def outcome(self, run: int, path: str) -> Outcome:
        """The outcome of one file of a run; KeyError for an unknown path, UsageError where this version cannot read it."""
        pending = self._pending.get((run, path))
        if pending is not None and _speaks_of(pending.outcome, path):
            return pending.outcome
        self.flush()
        row = self._fetch(
            "SELECT s.outcome, f.completed FROM files f JOIN submissions s ON s.id = f.submission_id WHERE f.run_id = ? AND f.path = ?",
            (run, path),
        )
        if row is None:
            raise KeyError(path)
        outcome = decode_outcome(row[1] or row[0])
        if outcome is None:
            raise UsageError(f"{self.path.name} 中 {path} 的结果由另一版本写成，无法读取。请重新运行 gouji run。")
        return move_outcome(outcome, path)

    def latest_findings(self, finding_id: str) -> list[Finding]:
        """The findings of one id in the latest run that has it, one for each version of the report."""
        rows = self._fetch_all(
            "SELECT f.run_id, f.path FROM findings n JOIN files f ON f.submission_id = n.submission_id"
            " WHERE n.finding_id = ? GROUP BY f.run_id, f.path ORDER BY f.run_id DESC, f.path",
            (finding_id,),
        )
        for run in dict.fromkeys(row[0] for row in rows):
            outcomes = [self.outcome(run, path) for number, path in rows if number == run]
            if found := [finding for one in outcomes for finding in one.findings if finding.id == finding_id]:
                return found
        return []

    def complete(
        self, run: int, outcome: Outcome, changed: tuple[Finding, ...], withdrawn: tuple[str, ...] = ()
    ) -> None:
        """Keep what a file came to in a run beside the other reports.

        `changed`: findings it has more, or otherwise, than alone; `withdrawn`: ids of those it has no longer.
        """
        self.flush()
        path = outcome.source.path
        with self._writing():
            (submission,) = self.connection.execute(
                "SELECT submission_id FROM files WHERE run_id = ? AND path = ?", (run, path)
            ).fetchone()
            self.connection.execute(
                "UPDATE files SET completed = ? WHERE run_id = ? AND path = ?", (encode_outcome(outcome), run, path)
            )
            rows = Rows()
            rows.add_findings(submission, changed, Identity(0, self._next_key("findings")), run)
            self._insert_rows(rows)
            self.connection.executemany(
                "INSERT OR IGNORE INTO withdrawn (run_id, submission_id, finding_id) VALUES (?, ?, ?)",
                [(run, submission, finding_id) for finding_id in withdrawn],
            )

    def note_parts(self, run: int, wholes: Iterable[Sequence[tuple[str, int]]]) -> None:
        """Remember submissions in several files: path and place of each report, the leading one first."""
        rows: list[tuple[object, ...]] = [(run, *piece, *whole[0]) for whole in wholes for piece in whole]
        statement = "INSERT OR REPLACE INTO parts (run_id, path, ordinal, lead, lead_ordinal) VALUES (?, ?, ?, ?, ?)"
        self.write_rows(statement, rows)

    # --- decisions ----------------------------------------------------------------------------------------------

    def record_decision(self, decision: Decision) -> None:
        """Append a decision; there is no way to change or remove one."""
        fields = decision.__struct_fields__
        marks = ", ".join("?" * len(fields))
        with self._writing():
            self.connection.execute(
                f"INSERT INTO decisions ({', '.join(fields)}) VALUES ({marks})",  # noqa: S608 - names of our own struct
                msgspec.structs.astuple(decision),
            )

    def decisions(self, finding_id: str | None = None) -> list[Decision]:
        """Decisions in the order they were taken, of one finding or all."""
        fields = ", ".join(Decision.__struct_fields__)
        query = f"SELECT {fields} FROM decisions WHERE ? IS NULL OR finding_id = ? ORDER BY id"  # noqa: S608 - as above
        return [Decision(*row) for row in self._fetch_all(query, (finding_id, finding_id))]

    # --- other tables, for the modules beside this one -----------------------------------------------------------

    def read_rows(self, query: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        return self._fetch_all(query, values)

    def write_rows(self, statement: str, rows: list[tuple[object, ...]]) -> None:
        """One statement for many rows, in one transaction."""
        with self._writing():
            self.connection.executemany(statement, rows)

    @contextmanager
    def rewriting(self) -> Iterator[None]:
        """A transaction for the modules beside this one; what is deleted in it is overwritten in the file."""
        self.flush()
        self.connection.execute("PRAGMA secure_delete = ON")
        with self._writing():
            yield

    def shrink(self) -> None:
        """Give back the room of what was deleted, so that nothing of it stays in the file."""
        with speaking_chinese(self.path):
            self.connection.execute("VACUUM")

    # --- SQL ----------------------------------------------------------------------------------------------------

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with transaction(self.connection, self.path):
            yield

    def _fetch(self, query: str, values: tuple[object, ...] = ()) -> tuple[Any, ...] | None:
        with speaking_chinese(self.path):
            row: tuple[Any, ...] | None = self.connection.execute(query, values).fetchone()
        return row

    def _fetch_all(self, query: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        with speaking_chinese(self.path):
            rows: list[tuple[Any, ...]] = self.connection.execute(query, values).fetchall()
        return rows

    def _next_key(self, table: str) -> int:
        row = self.connection.execute(f"SELECT COALESCE(MAX(id), 0) + 1 FROM {table}").fetchone()  # noqa: S608 - own names
        return int(row[0])

    def _store_submission(self, pending: _Pending, rows: Rows, identity: Identity) -> int:
        """The row of this content: an existing one, a passing failure's renewed, or a new one."""
        key, outcome = pending.key, pending.outcome
        found = self.connection.execute(
            "SELECT id, error, outcome FROM submissions WHERE sha256 = ? AND engine = ? AND options = ?",
            (key.content, key.engine, key.options),
        ).fetchone()
        if found and found[1] not in _PASSING_FAILURES and decode_outcome(found[2]) is not None:
            return int(found[0])
        if found:
            self._clear_submission(found[0])
        submission = self._insert_submission(found[0] if found else None, key, outcome)
        rows.add(submission, outcome, identity)
        return submission

    def _clear_submission(self, submission: int) -> None:
        self.connection.execute("DELETE FROM reports WHERE submission_id = ?", (submission,))
        self.connection.execute("DELETE FROM findings WHERE submission_id = ?", (submission,))

    def _insert_submission(self, existing: int | None, key: StoreKey, outcome: Outcome) -> int:
        source, failure = outcome.source, outcome.failure
        values = (
            *(key.content, key.engine, key.options),
            *(source.name, source.path, source.format, source.bytes, source.via),
            *((failure.code, failure.message) if failure else (None, None)),
            encode_outcome(outcome),
        )
        if existing is not None:
            self.connection.execute(
                "UPDATE submissions SET sha256 = ?, engine = ?, options = ?, name = ?, path = ?, format = ?, bytes = ?,"
                " via = ?, error = ?, message = ?, outcome = ? WHERE id = ?",
                (*values, existing),
            )
            return existing
        cursor = self.connection.execute(
            "INSERT INTO submissions (sha256, engine, options, name, path, format, bytes, via, error, message, outcome)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            values,
        )
        return int(cursor.lastrowid or 0)

    def _insert_rows(self, rows: Rows) -> None:
        for table, columns, batch in (
            ("reports", _REPORT_COLUMNS, rows.reports),
            ("facts", _FACT_COLUMNS, rows.facts),
            ("indicators", _INDICATOR_COLUMNS, rows.indicators),
            ("findings", _FINDING_COLUMNS, rows.findings),
            ("evidence", _EVIDENCE_COLUMNS, rows.evidence),
        ):
            marks = ", ".join("?" * (columns.count(",") + 1))
            self.connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", batch)  # noqa: S608 - own names


def _speaks_of(outcome: Outcome, path: str) -> bool:
    """Whether all evidence names this path: a known outcome may still name the path it was first found under."""
    return all(piece.source in ("", path) for finding in outcome.findings for piece in finding.evidence)


def move_outcome(outcome: Outcome, path: str) -> Outcome:
    """The same outcome found under another path: its source and its evidence say so."""
    old = outcome.source.path
    if path == old:
        return outcome
    name = path.rsplit("/", 1)[-1]
    source = msgspec.structs.replace(outcome.source, name=name, path=path)
    findings = tuple(
        msgspec.structs.replace(
            finding,
            evidence=tuple(
                msgspec.structs.replace(piece, source=path) if piece.source == old else piece
                for piece in finding.evidence
            ),
        )
        for finding in outcome.findings
    )
    return msgspec.structs.replace(outcome, source=source, findings=findings)


_REPORT_COLUMNS = "id, submission_id, ordinal, form, unit_name, budget_code, fiscal_year, report_date"
_FACT_COLUMNS = (
    "report_id, ordinal, project, concept, label, header_path, entity, main, period, stage, scope, state, value, unit,"
    " decimals, low, high, wan, raw, origin, place, evidence_id, unit_evidence_id, page, pattern"
)
_INDICATOR_COLUMNS = (
    "report_id, ordinal, kind, level1, level2, level3, criterion, weight, weight_shared_by, score, score_state, reason,"
    " place, evidence_id"
)
_FINDING_COLUMNS = (
    "id, submission_id, run_id, ordinal, finding_id, rule, rule_version, title, verdict, severity, audience, waivable, unit_name,"
    " fiscal_year, entity, expression, difference, tolerance, message, causes, affects, basis, basis_verified"
)
_EVIDENCE_COLUMNS = "finding_row, ordinal, report, evidence_id, place, concept, raw, value, relation"
