"""gouji reference: what finance already holds, imported, listed, taken back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gouji.commands.console import DONE, NO_INPUT, say, write

if TYPE_CHECKING:
    from gouji.pipeline.reference_table import Answers, Plan
    from gouji.store import Store

_STORE = click.option("--store", "database", type=click.Path(), required=True, metavar="DB", help="数据库文件 gouji.db")


@click.group()
def reference() -> None:
    """参照数据：导入批复预算、部门决算、编制等，用来核对。"""


@reference.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@_STORE
@click.option("--year", type=int, metavar="YYYY", help="数据所属年度（表题写明的不必给）")
@click.option("--kind", metavar="KIND", help="种类：批复预算、部门决算、编制、资产、三公、指标执行数")
@click.option(
    "--stage", type=click.Choice(("initial", "adjusted", "final")), help="年初预算、全年预算或决算（表头写明的不必给）"
)
@click.option("--scope", metavar="TEXT", help="资金口径，如 一般公共预算、财政拨款")
@click.option("--unit", metavar="元|万元", help="金额单位（表头写明的不必给）")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="列=要素",
    help="指明一列（列名或单元格，如 D2）是什么数；不取用写 列=不用",
)
@click.option("--patterns", "folder", type=click.Path(), metavar="DIR", help="表式与规则文件夹")
@click.option("--preview", is_flag=True, help="只看不导入")
@click.option("--yes", is_flag=True, help="不再询问，直接导入")
def reference_import(files: tuple[str, ...], database: str, preview: bool, yes: bool, **options: Any) -> int:
    """导入参照数据：先列出每一列取作什么，确认后入库；同种类同年度的旧数据随之停用（不删除）。"""
    from gouji.export.atomic import make_folder
    from gouji.store import Store

    missing = [file for file in files if not Path(file).is_file()]
    if missing:
        say(f"没有找到文件：{'、'.join(missing)}")
        return NO_INPUT
    make_folder(Path(database).parent)
    with Store.open(database) as store:
        for file in files:
            _import_one(file, store, options, preview=preview, yes=yes)
    return DONE


def _import_one(file: str, store: Store, options: dict[str, Any], *, preview: bool, yes: bool) -> None:
    from gouji.model.errors import UsageError
    from gouji.pipeline.reference import keep_plan, list_plan, plan_file

    answers = _answers(options)
    plan = plan_file(file, options["folder"], answers)
    write(list_plan(plan, Path(file).name, store))
    while plan.questions and not preview and not yes:
        answers = _ask(plan, answers)
        plan = plan_file(file, options["folder"], answers)
        write(list_plan(plan, Path(file).name, store))
    if preview:
        return
    if plan.questions:
        raise UsageError(
            f"{Path(file).name} 还有不能确定的地方，没有导入：{'；'.join(q.text for q in plan.questions)}。"
        )
    if not plan.facts:
        raise UsageError(f"{Path(file).name} 中没有可以导入的数，没有导入。请检查表头和 --kind。")
    if yes or _confirm():
        write(keep_plan(plan, file, store, datetime.now(tz=UTC).isoformat(timespec="seconds")))
    else:
        say("没有导入。")


def _answers(options: dict[str, Any]) -> Answers:
    from gouji.model.errors import UsageError
    from gouji.pipeline.reference_table import Answers
    from gouji.pipeline.single import engine_of

    kinds = engine_of(options["folder"]).patterns.reference.kinds
    if options["kind"] is not None and options["kind"] not in kinds:
        raise UsageError(f"没有“{options['kind']}”这种参照数据；可用：{'、'.join(kinds)}")
    pairs = [column.partition("=") for column in options["columns"]]
    if any(not name or not meaning for name, _, meaning in pairs):
        raise UsageError("--column 须写成 列名=要素，如 --column 合计=支出合计")
    return Answers(
        kind=options["kind"],
        year=options["year"],
        stage=options["stage"],
        scope=options["scope"],
        unit=options["unit"],
        columns={name: meaning for name, _, meaning in pairs},
    )


def _ask(plan: Plan, answers: Answers) -> Answers:
    """Put every question to the person at the keyboard."""
    import msgspec

    from gouji.pipeline.reference_table import UNUSED

    for question in plan.questions:
        said = click.prompt(question.text, default="", show_default=False, err=True).strip()
        match question.about:
            case "year":
                answers = msgspec.structs.replace(answers, year=int(said) if said.isdigit() else None)
            case "kind" | "unit":
                answers = msgspec.structs.replace(answers, **{question.about: said or None})
            case label:
                answers = msgspec.structs.replace(answers, columns=answers.columns | {label: said or UNUSED})
    return answers


def _confirm() -> bool:
    """Whether to import; without anybody at the keyboard the answer is no."""
    try:
        return click.confirm("以上对应关系无误，导入吗", default=False, err=True)
    except click.Abort:
        return False


@reference.command("list")
@_STORE
def reference_list(database: str) -> int:
    """列出导入过的参照数据，含已停用的。"""
    from gouji.pipeline.reference import list_references
    from gouji.store import Store

    with Store.open(database, read_only=True) as store:
        write(list_references(store))
    return DONE


@reference.command("remove")
@click.argument("serial", type=int)
@_STORE
def reference_remove(serial: int, database: str) -> int:
    """撤下一次导入：不再用于核对，仍保留在库中。"""
    from gouji.model.errors import UsageError
    from gouji.store import Store
    from gouji.store.references import remove_import

    with Store.open(database, known=True) as store:
        if not remove_import(store, serial, datetime.now(tz=UTC).isoformat(timespec="seconds")):
            raise UsageError(f"没有第 {serial} 号有效的参照数据。请用 gouji reference list 查看。")
    write(f"√ 已撤下第 {serial} 号。")
    return DONE
