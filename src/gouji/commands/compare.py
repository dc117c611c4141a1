"""gouji compare: each resubmission against the submission before it."""

from __future__ import annotations

import click

from gouji.commands.console import DONE, say, write


@click.command()
@click.argument("unit", required=False)
@click.option("--store", "database", type=click.Path(), required=True, metavar="DB", help="数据库文件 gouji.db")
@click.option("--json", "as_json", is_flag=True, help="每个单位输出一行 JSON")
def compare(unit: str | None, database: str, as_json: bool) -> int:
    """重报与前次报送对比：改了什么、没改什么。

    列出已改正、仍未改正、新出现的问题，以及没有要求却改动的数。UNIT 为预算编码或单位名称，不写则列出全部重报。
    """
    from gouji.export.records import encode_line
    from gouji.pipeline.comparison import comparison_record, list_comparison
    from gouji.pipeline.resubmissions import compare_latest
    from gouji.store import Store

    with Store.open(database, read_only=True) as store:
        found = compare_latest(store, unit)
    for one in found:
        write(encode_line(comparison_record(one)) if as_json else list_comparison(one))
    if not found:
        say("没有找到重报：最近一次运行中，没有单位另有一份内容不同的前次报送。")
    return DONE
