"""gouji ledger: read back what people wrote into copies of 审核问题.xlsx and 汇总表.xlsx."""

from __future__ import annotations

from pathlib import Path

import click

from gouji.commands.console import DONE, NO_INPUT, local_now, say, write


@click.group()
def ledger() -> None:
    """整改台账：读回审核问题.xlsx、汇总表.xlsx 里填写的内容。"""


@ledger.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(), metavar="FILE...")
@click.option("--store", type=click.Path(), required=True, metavar="DB", help="数据库文件（输出文件夹中的 gouji.db）")
@click.option("--patterns", "folder", type=click.Path(), metavar="DIR", help="表式与规则文件夹")
def ledger_import(files: tuple[str, ...], store: str, folder: str | None) -> int:
    """读回整改情况、出错说明、核验意见、是否销号等；汇总表的副本读回复核得分、复核等次。

    核验意见写“同意豁免”、且填了核验人和出错说明（或整改情况）的，即予豁免；必改问题须写“同意豁免（必改）”。
    其余内容下次运行时写回台账。空白不算删除。
    """
    from gouji.patterns import load_patterns
    from gouji.pipeline.ledger import import_book
    from gouji.store import Store

    missing = [file for file in files if not Path(file).is_file()]
    if missing:
        say(f"没有找到文件：{'、'.join(missing)}")
        return NO_INPUT
    exports = load_patterns(Path(folder) if folder else None).exports
    now = local_now()
    with Store.open(store, known=True) as opened:
        for file in files:
            for line in import_book(opened, Path(file), exports, now):
                write(line)
    say("请重新运行 gouji run，各成果即按读回的内容列示。")
    return DONE
