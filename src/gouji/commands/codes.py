"""gouji codes: old → new budget codes after a reorganisation."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from gouji.commands.console import DONE, NO_INPUT, say, write

_STORE = click.option("--store", "database", type=click.Path(), required=True, metavar="DB", help="数据库文件 gouji.db")


@click.group()
def codes() -> None:
    """预算编码新旧对照，机构改革后用来对应上年。"""


@codes.command("import")
@click.argument("file", type=click.Path())
@_STORE
@click.option("--year", type=int, required=True, metavar="YYYY", help="新编码启用的年度")
@click.option("--patterns", "folder", type=click.Path(), metavar="DIR", help="表式与规则文件夹")
def codes_import(file: str, database: str, year: int, folder: str | None) -> int:
    """导入对照表（列：旧编码、新编码、单位名称）；同年度的旧表随之更换。"""
    from gouji.export.atomic import make_folder
    from gouji.pipeline.code_table import read_codes
    from gouji.store import Store
    from gouji.store.references import save_code_changes

    if not Path(file).is_file():
        say(f"没有找到文件：{file}")
        return NO_INPUT
    changes = read_codes(file, year, folder, datetime.now(tz=UTC).isoformat(timespec="seconds"))
    make_folder(Path(database).parent)
    with Store.open(database) as store:
        save_code_changes(store, changes)
    write(f"√ 已导入 {year} 年度编码对照 {len(changes)} 条。")
    return DONE


@codes.command("list")
@_STORE
def codes_list(database: str) -> int:
    """列出已导入的编码对照。"""
    from gouji.pipeline.code_table import list_codes
    from gouji.store import Store

    with Store.open(database, read_only=True) as store:
        write(list_codes(store))
    return DONE
