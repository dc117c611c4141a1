"""gouji sample: draw a stratified sample of figures for people to check, and read back what they found."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import click

from gouji.commands.console import DONE, NO_INPUT, say, write


@click.group()
def sample() -> None:
    """抽查：随机抽取数据请人对照原件，并读回复核结果。"""


@sample.command("draw")
@click.option("--store", type=click.Path(), required=True, metavar="DB", help="数据库文件（输出文件夹中的 gouji.db）")
@click.option("-o", "--out", type=click.Path(), required=True, metavar="FILE", help="抽查复核表（.xlsx）")
@click.option("--share", type=click.FloatRange(0.1, 100), default=10.0, help="每层抽多少单位，百分比（默认 10）")
@click.option("--cells", type=click.IntRange(1, 500), default=10, help="每家抽多少个数（默认 10）")
@click.option("--seed", metavar="TEXT", help="随机种子；不写则用今天的日期，并记在表上")
@click.option("--roster", type=click.Path(), metavar="FILE", help="单位名册，据此按归口股室分层")
def sample_draw(store: str, out: str, share: float, cells: int, seed: str | None, roster: str | None) -> int:
    """分层随机抽取单位和数据，生成抽查复核表。

    按归口股室（给出名册时）或自评等次，以及有无必改问题分层；只抽计入汇总的那一版报告。
    """
    from gouji.export.sampling import Plan
    from gouji.pipeline.sampling import draw_to_file

    if not Path(store).is_file():
        say(f"没有找到数据库：{store}；请先用 gouji run 生成。")
        return NO_INPUT
    now = datetime.now(tz=UTC).astimezone().replace(tzinfo=None, microsecond=0)
    plan = Plan(Decimal(str(share)) / 100, cells, seed or now.date().isoformat())
    for line in draw_to_file(Path(store), Path(out), plan, now, Path(roster) if roster else None):
        write(line)
    return DONE


@sample.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(), metavar="FILE...")
@click.option("--store", type=click.Path(), required=True, metavar="DB", help="数据库文件")
def sample_import(files: tuple[str, ...], store: str) -> int:
    """读回填好的抽查复核表，统计系统读数与原件的一致率。"""
    from gouji.pipeline.sampling import import_checks

    missing = [file for file in files if not Path(file).is_file()]
    if missing:
        say(f"没有找到文件：{'、'.join(missing)}")
        return NO_INPUT
    for line in import_checks(
        Path(store), [Path(file) for file in files], datetime.now(tz=UTC).astimezone().date().isoformat()
    ):
        write(line)
    return DONE
