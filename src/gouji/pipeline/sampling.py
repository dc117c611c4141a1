"""The spot check: draw a sample from the store, read back what people found."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from gouji.export.district import collect_district
from gouji.export.sampling import Draw, Plan, build_frame, draw_sample, measure_accuracy, read_sample, write_sample
from gouji.export.workbook import Imprint
from gouji.model.errors import UsageError
from gouji.patterns import load_patterns
from gouji.patterns.exports import Layout
from gouji.pipeline.books import Ledgers, open_books
from gouji.pipeline.keeping import keeping_in
from gouji.roster.unit import books_without_roster
from gouji.store import Store
from gouji.store.receipts import read_receipts
from gouji.store.sample import keep_checks, read_checks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_NONE = "数据库中没有可抽查的数据（还没有运行，或上次运行中途打断了）；请先用 gouji run 读取报告。"


def draw_to_file(store: Path, out: Path, plan: Plan, now: datetime, roster: Path | None = None) -> Iterator[str]:
    """Draw from the reports of the latest run that count, and write the sheet; lines for the console."""
    patterns = load_patterns()
    books = open_books(Ledgers(roster), store.parent, patterns, (), "")
    with Store.open(store, read_only=True) as opened:
        run = opened.finished_run()
        if run is None:
            raise UsageError(_NONE)
        layout = Layout("sample", out.name, "万元", Decimal(10_000), (), ())
        books = books or books_without_roster(read_receipts(opened))
        district = collect_district(opened.outcomes(run), layout, patterns.exports.labels, books=books)
        frame = build_frame(opened.outcomes(run), district)
    if not frame.units:
        raise UsageError(_NONE)
    items = draw_sample(frame, plan)
    years = Counter(item.fact.period for item in items if item.fact.period is not None)
    imprint = Imprint(year=years.most_common(1)[0][0] if years else None, created=now)
    with keeping_in(out.parent, store) as keeping:
        written = write_sample(out, Draw(items, frame, plan), patterns.exports.layouts["sample"], imprint, keeping.put)
        kept = keeping.tell()
    units = len({(item.path, item.unit_name) for item in items})
    yield f"共 {frame.units} 家，按{frame.basis}分层，抽取 {units} 家的 {len(items)} 个数；随机种子 {plan.seed}。"
    yield written.advice or f"请打开 {written.path.name}，对照原件填写“复核结果”，再用 gouji sample import 读回。"
    yield from kept


def import_checks(store: Path, files: Sequence[Path], day: str) -> Iterator[str]:
    """Keep the results, and say how often what was read is what stands in the original."""
    with Store.open(store, known=True) as opened:
        for file in files:
            checks = read_sample(file, day)
            keep_checks(opened, checks)
            yield f"{file.name}：读回 {len(checks)} 条复核结果。"
        found = measure_accuracy(read_checks(opened))
    if found.compared:
        yield (
            f"累计复核 {found.compared} 个数，与原件一致 {found.agreed} 个（{found.agreed / found.compared:.1%}；"
            f"按 95% 把握，一致率在 {found.low:.1%} 到 {found.high:.1%} 之间）。"
        )
