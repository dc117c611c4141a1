"""gouji export: the store's tables for other tools."""

from __future__ import annotations

from pathlib import Path

import click

from gouji.commands.console import DONE, NO_INPUT, say, write


@click.command()
@click.option("--store", type=click.Path(), required=True, metavar="DB", help="数据库文件（输出文件夹中的 gouji.db）")
@click.option("--format", "kind", type=click.Choice(["csv", "json", "parquet", "xlsx"]), required=True, help="文件格式")
@click.option("-o", "--out", type=click.Path(), required=True, metavar="DIR", help="存到这个文件夹")
def export(store: str, kind: str, out: str) -> int:
    """把数据存成 csv、json、parquet 或 xlsx，供其他软件使用。

    内容是最近一次运行的数据项、汇总、指标得分和审核问题。
    """
    from gouji.export.flat import write_csv
    from gouji.export.records import write_records
    from gouji.pipeline.keeping import keeping_in
    from gouji.store import Store

    if not Path(store).is_file():
        say(f"没有找到数据库：{store}；请先用 gouji run 生成。")
        return NO_INPUT
    folder = Path(out)
    with Store.open(store, read_only=True) as opened, keeping_in(folder, Path(store)) as keeping:
        if kind in ("parquet", "xlsx"):
            from gouji import frames_export

            put_frames = frames_export.write_parquet if kind == "parquet" else frames_export.write_workbook
            written = put_frames(Path(store), folder, keeping.put)
        else:
            run = opened.latest_run()
            save = write_csv if kind == "csv" else write_records
            written = save(folder, opened.outcomes(run) if run is not None else (), keeping.put)
        lines = [*(item.advice or f"已写出 {item.path.name}" for item in written), *keeping.tell()]
    for line in lines:
        write(line)
    return DONE
