"""gouji waive: accept a finding with a reason, reopen it, list what was accepted."""

from __future__ import annotations

from pathlib import Path

import click

from gouji.commands.console import DONE, local_now, write


@click.command()
@click.argument("finding_id", required=False)
@click.option("--store", type=click.Path(), required=True, metavar="DB", help="数据库文件（结果文件夹中的 gouji.db）")
@click.option(
    "--reason-code", default="other", metavar="CODE", help="rounding、scope、explained、ledger、policy 或 other"
)
@click.option("--reason", default="", metavar="TEXT", help="理由")
@click.option("--by", default="", metavar="NAME", help="由谁决定")
@click.option("--until", metavar="YYYY-MM-DD", help="有效期的最后一天（不写则证据不变一直有效）")
@click.option("--hard-confirm", is_flag=True, help="复核人确认：豁免的是必改问题")
@click.option("--list", "listed", is_flag=True, help="列出全部豁免记录和现在是否有效")
@click.option("--reopen", is_flag=True, help="重开：此前的豁免不再有效")
def waive(finding_id: str | None, store: str, *, listed: bool, reopen: bool, hard_confirm: bool, **words: str) -> int:
    """豁免一个问题（写明理由和姓名）、重开，或列出豁免记录。"""
    from gouji.pipeline.waivers import Wish, list_waivers, reopen_finding, waive_finding

    now = local_now()
    if listed:
        write("\n".join(list_waivers(Path(store), now.date())))
        return DONE
    if finding_id is None:
        raise click.UsageError("请写明问题编号，或用 --list 列出豁免记录")
    wish = Wish(finding_id, words["reason_code"], words["reason"], words["by"], words["until"], hard_confirm)
    act = reopen_finding if reopen else waive_finding
    write("\n".join(act(Path(store), wish, now)))
    return DONE
