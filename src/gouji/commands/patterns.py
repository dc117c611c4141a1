"""gouji patterns: check a pattern folder, draft a form."""

from __future__ import annotations

from pathlib import Path

import click

from gouji.commands.console import DONE, NO_INPUT, say, write


@click.group()
def patterns() -> None:
    """检查表式与规则文件。"""


@patterns.command("check")
@click.argument("folder", required=False, type=click.Path())
def patterns_check(folder: str | None) -> int:
    """检查一个表式文件夹，逐条列出 文件:行号 的错误。"""
    from gouji.pipeline.listing import check_patterns

    write(check_patterns(folder))
    return DONE


@patterns.command("new")
@click.argument("file", type=click.Path())
@click.option("-o", "--out", type=click.Path(), metavar="FILE", help="写入这个文件（已有的不覆盖）；不写则显示在屏幕上")
@click.option("--id", "form_id", default="draft-form", metavar="ID", help="表式编号（英文小写和连字符）")
@click.option("--patterns", "folder", type=click.Path(), metavar="DIR", help="表式与规则文件夹")
def patterns_new(file: str, out: str | None, form_id: str, folder: str | None) -> int:
    """从一份填好的报告起草一种新表式：标志、要素、例子，以及没有认出的标签。"""
    from gouji.model.errors import UsageError
    from gouji.pipeline.drafting import draft_form

    if not Path(file).is_file():
        say(f"没有找到文件：{file}")
        return NO_INPUT
    draft = draft_form(file, folder, form_id)
    if out is None:
        write(draft.rstrip("\n"))
        return DONE
    if Path(out).exists():
        raise UsageError(f"文件已存在，没有覆盖：{out}；请换一个名字。")
    Path(out).write_text(draft, encoding="utf-8")
    say(f"已起草：{out}。请逐项核对“待定”的标签，再运行 gouji patterns check。")
    return DONE
