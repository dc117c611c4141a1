"""gouji purge: forget a unit or a year."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from gouji.commands.console import DONE, NO_INPUT, USAGE, say, write


@click.command()
@click.option("--store", type=click.Path(), required=True, metavar="DB", help="数据库文件")
@click.option("--unit", metavar="CODE", help="预算编码或单位名称（须与报告上的完全相同）")
@click.option("--year", type=int, metavar="YYYY", help="年度")
@click.option("--yes", is_flag=True, help="确认清除（不写则只列出会清除多少）")
def purge(store: str, unit: str | None, year: int | None, yes: bool) -> int:
    """清除一个单位或一个年度在数据库中的全部内容。

    不能恢复。先不写 --yes 运行一次，看看会清除多少。
    """
    from gouji.store import Store
    from gouji.store.purging import Target, forget

    if unit is None and year is None:
        say("请用 --unit 指定单位，或用 --year 指定年度；两个都写则只清除该单位该年度的。")
        return USAGE
    if not Path(store).is_file():
        say(f"没有找到数据库：{store}")
        return NO_INPUT
    today = datetime.now(tz=UTC).astimezone().date().isoformat()
    with Store.open(store) as opened:
        found = forget(opened, Target(unit, year), today, really=yes)
    amount = f"{found.files} 个报送件、{found.reports} 份报告、{found.findings} 条判定、{found.written} 条人工填写内容"
    for path in found.shared:
        write(f"未清除：{path} 中还有其他单位或年度的报告，请先拆分或一并指定。")
    if not found.files:
        write("数据库中没有完全属于该单位或年度的报送件。")
    elif yes:
        write(f"已清除 {amount}。输出文件夹中的表格、批注、函件和“历史”里的旧表请另行删除。")
    else:
        write(f"将清除 {amount}，清除后不能恢复。确认无误后，请在命令后加 --yes 再运行一次。")
    return DONE
