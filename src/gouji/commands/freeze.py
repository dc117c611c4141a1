"""gouji freeze: set the signed state aside, or see that it has not been touched."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from gouji.commands.console import DONE, USAGE, write


@click.command()
@click.argument("out", type=click.Path(), metavar="OUT")
@click.option("--name", required=True, metavar="NAME", help="定稿名称，如“2021年度”")
@click.option("--verify", is_flag=True, help="不定稿，只核对该定稿自存入以来有没有变动")
def freeze(out: str, name: str, verify: bool) -> int:
    """定稿：把签字时的状态另存一份，以后不再改动。

    存在 OUT/定稿/名称，文件只读、逐个登记校验值；以后的重报不会改动其中的数字，运行时会说明哪些数已与定稿不同。
    """
    from gouji.pipeline import freezing

    if verify:
        changed = freezing.verify(Path(out) / freezing.FOLDER / name)
        write("\n".join(changed) if changed else f"定稿“{name}”与存入时完全相同。")
        return USAGE if changed else DONE
    today = datetime.now(tz=UTC).astimezone().date().isoformat()
    manifest = freezing.freeze(Path(out), name, today)
    write(f"已定稿：{freezing.FOLDER}/{name}，{len(manifest.files)} 个文件，逐个登记了 SHA-256。")
    return DONE
