"""gouji rules: what is checked, and by which rules."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from gouji.commands.console import DONE, NO_INPUT, USAGE, explain_missing, say, write


@click.group()
def rules() -> None:
    """查看、检查、比较核查规则。"""


def _chosen(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options that choose a rule set."""
    folder = click.option("--patterns", "folder", type=click.Path(), metavar="DIR", help="表式与规则文件夹")
    return folder(click.option("--rules", "rule_set", default="default", metavar="NAME", help="规则集名称")(command))


def _folder(folder: str | None) -> Path | None:
    return Path(folder) if folder else None


@rules.command("show")
@click.argument("rule_id", required=False)
@_chosen
@click.option("--year", type=int, metavar="YYYY", help="该年度报告所用的规则")
@click.option("--xlsx", type=click.Path(), metavar="FILE", help="把这套规则写成一张 Excel 表（可改后放回 rules/）")
def rules_show(rule_id: str | None, folder: str | None, rule_set: str, year: int | None, xlsx: str | None) -> int:
    """列出全部规则，或一条规则的公式、依据和例子。"""
    from gouji.pipeline.rule_listing import list_rules, load_rule_set, show_rule, write_sheet

    loaded = load_rule_set(_folder(folder), rule_set, year)
    if xlsx is not None:
        say(write_sheet(Path(xlsx), loaded))
        return DONE
    write(list_rules(loaded) if rule_id is None else show_rule(loaded, rule_id))
    return DONE


@rules.command("lint")
@click.argument("folder", required=False, type=click.Path())
@click.option("--rules", "rule_set", metavar="NAME", help="只检查这个规则集（不写则全部）")
def rules_lint(folder: str | None, rule_set: str | None) -> int:
    """找出互相矛盾、多余、无从判断、单位不同的规则，逐条列出 文件:行:列。"""
    from gouji.pipeline.rule_linting import lint_folder

    lint = lint_folder(_folder(folder), rule_set)
    write("\n".join(lint.lines))
    return USAGE if lint.broken else DONE


@rules.command("diff")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option("--store", type=click.Path(), metavar="DB", help="按两套规则重新核对这个数据库里的报告")
@click.option("--patterns", "folder", type=click.Path(), metavar="DIR", help="规则集名称所在的表式与规则文件夹")
@click.option("--json", "as_json", is_flag=True, help="输出一行 JSON")
def rules_diff(old: str, new: str, store: str | None, folder: str | None, as_json: bool) -> int:
    """比较两套规则（文件夹、文件夹#规则集，或规则集名称），以及哪些已有判定会改变。"""
    from gouji.export.records import encode_line
    from gouji.pipeline.finding_lists import load_labels
    from gouji.pipeline.rules_diff import compare_rules, describe_difference, difference_record

    found = compare_rules(old, new, _folder(folder), Path(store) if store else None)
    as_text = (
        encode_line(difference_record(found)) if as_json else describe_difference(found, load_labels(_folder(folder)))
    )
    write(as_text)
    return DONE


@rules.command("localise")
@click.argument("file", type=click.Path())
@_chosen
def rules_localise(file: str, folder: str | None, rule_set: str) -> int:
    """一份报告或空白表：只错一格时规则能指出哪一格，哪些格子分不清，哪些不受任何规则约束。"""
    from gouji.pipeline.inside import split_path
    from gouji.pipeline.localisation import list_localisation

    if (missing := explain_missing(split_path(file)[0])) is not None:
        say(missing)
        return NO_INPUT
    write(list_localisation(file, folder, rule_set))
    return DONE
