"""gouji rules: what is checked, and by which rules."""

from __future__ import annotations

import click

from gouji.commands.console import DONE, write


@click.group()
def rules() -> None:
    """查看核查规则。"""


@rules.command("show")
@click.argument("rule_id", required=False)
@click.option("--patterns", "folder", type=click.Path(), metavar="DIR", help="表式与规则文件夹")
def rules_show(rule_id: str | None, folder: str | None) -> int:
    """列出全部规则，或一条规则的公式、依据和例子。"""
    from gouji.pipeline.listing import list_rules

    write(list_rules(folder, rule_id))
    return DONE


@rules.command("localise")
@click.argument("file", type=click.Path())
@click.option("--patterns", "folder", type=click.Path(), metavar="DIR", help="表式与规则文件夹")
def rules_localise(file: str, folder: str | None) -> int:
    """一份报告或空白表：只错一格时规则能指出哪一格，哪些格子分不清，哪些不受任何规则约束。"""
    from gouji.pipeline.causes import list_localisation

    write(list_localisation(file, folder))
    return DONE
