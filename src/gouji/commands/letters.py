"""gouji letters: letters to the units and about them, out of a finished run."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from gouji.commands.console import DONE, write


@click.command()
@click.argument("out", type=click.Path(), metavar="OUT")
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    metavar="NAME",
    help="只生成这一种（可给多个）：审核意见函、整改通知、通报、存在问题汇编",
)
@click.option(
    "--template",
    "templates",
    type=click.Path(),
    metavar="DIR",
    help="自备模板所在文件夹，缺的用自带的",
)
@click.option("--save-templates", type=click.Path(), metavar="DIR", help="只写出自带的模板，供修改")
@click.option("--store", type=click.Path(), metavar="DB", help="数据库文件（默认为 OUT 中的 gouji.db）")
@click.option("--patterns", "folder", type=click.Path(), metavar="DIR", help="表式与规则文件夹")
@click.option("--year", type=int, metavar="YYYY", help="只写这一年度的报告")
@click.option("--bureau", default="", metavar="TEXT", help="印发单位")
@click.option("--number", default="", metavar="TEXT", help="文号")
@click.option("--deadline", default="", metavar="TEXT", help="整改时限，如 2022年6月10日")
@click.option("--contact", default="", metavar="TEXT", help="联系人")
@click.option("--phone", default="", metavar="TEXT", help="联系电话")
@click.option("--date", default="", metavar="TEXT", help="印发日期（默认为今天）")
@click.option("--quiet", is_flag=True, help="不显示进度")
def letters(out: str, **options: Any) -> int:
    """生成审核意见函、整改通知、通报和存在问题汇编。"""
    from gouji.export.letters.content import Imprint
    from gouji.pipeline.letters import Order, save_templates, write_letters
    from gouji.pipeline.progress import progress_bar

    folder = _path(options["folder"])
    if options["save_templates"]:
        write("\n".join(save_templates(Path(options["save_templates"]), folder)))
        return DONE
    given = {name: options[name] for name in Imprint.__struct_fields__}
    order = Order(
        out=Path(out),
        store=_path(options["store"]),
        folder=folder,
        templates=_path(options["templates"]),
        kinds=options["kinds"],
        year=options["year"],
        imprint=Imprint(**{**given, "date": given["date"] or _today()}),
    )
    with progress_bar(quiet=options["quiet"], label="函件") as progress:
        write("\n".join(write_letters(order, progress)))
    return DONE


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None


def _today() -> str:
    today = datetime.now().astimezone()
    return f"{today.year}年{today.month}月{today.day}日"
