"""gouji fill: the bureau's own table, filled from the store."""

from __future__ import annotations

from pathlib import Path

import click

from gouji.commands.console import DONE, write


@click.command()
@click.argument("template", type=click.Path())
@click.option("--store", type=click.Path(), required=True, metavar="DB", help="数据库文件（gouji run 写出的 gouji.db）")
@click.option("-o", "--out", type=click.Path(), required=True, metavar="FILE", help="填好的工作簿")
@click.option("--year", type=int, metavar="YYYY", help="只填这一年度的数据")
@click.option("--roster", type=click.Path(), metavar="FILE", help="单位名册，据此排列单位、列出缺报的单位")
@click.option("--patterns", "folder", type=click.Path(), metavar="DIR", help="表式与规则文件夹")
def fill(template: str, store: str, out: str, year: int | None, roster: str | None, folder: str | None) -> int:
    """把数填进本局自己的 .xlsx 表，格式和公式不变，放不下数字的列会加宽。"""
    from gouji.pipeline.filling import fill_template

    listed = Path(roster) if roster else None
    lines = fill_template(Path(template), Path(store), Path(out), Path(folder) if folder else None, year, listed)
    write("\n".join(lines))
    return DONE
