"""Command line: parse arguments, call the pipeline, print. Heavy modules are imported inside the commands.

    gouji run INPUT... -o OUT · letters OUT · extract · check · explain · rules … · waive · patterns … · doctor

Exit codes: 0 done · 1 findings at or above --fail-on · 2 usage or configuration · 3 some files could not be read ·
4 no input found · 130 interrupted; where several apply: 130 > 2 > 4 > 3 > 1.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gouji import __version__
from gouji.commands.chinese import explain_usage, speak_chinese
from gouji.commands.codes import codes
from gouji.commands.compare import compare
from gouji.commands.console import (
    DONE,
    INTERRUPTED,
    NO_INPUT,
    UNREADABLE,
    USAGE,
    explain_missing,
    local_now,
    say,
    write,
)
from gouji.commands.export import export
from gouji.commands.fill import fill
from gouji.commands.freeze import freeze
from gouji.commands.ledger import ledger
from gouji.commands.letters import letters
from gouji.commands.patterns import patterns
from gouji.commands.purge import purge
from gouji.commands.reference import reference
from gouji.commands.rules import rules
from gouji.commands.sample import sample
from gouji.commands.waive import waive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gouji.model.result import Outcome
    from gouji.pipeline.batch import Batch

    Judge = Callable[[Batch, Callable[[int, int], None] | None], Iterator[Outcome]]

_ORDER = (
    *("run", "watch", "check", "extract", "explain", "letters", "ledger", "waive", "compare", "reference", "codes"),
    *("sample", "freeze", "fill", "export", "purge", "rules", "patterns", "doctor"),
)
_SEVERITIES = ("hard", "explain", "note")


def main() -> None:
    """Entry point: every expected error is one Chinese line and an exit code."""
    _make_console_safe()
    try:
        code = cli.main(prog_name="gouji", standalone_mode=False)
    except click.ClickException as error:
        _tell_usage(error)
        code = USAGE
    except (click.Abort, KeyboardInterrupt):
        say("已中断。已完成的文件都已保存，重新运行同一命令即可接着做。")
        code = INTERRUPTED
    except Exception as error:  # noqa: BLE001 - what is not expected is raised again
        code = _explain_error(error)
    sys.exit(code if isinstance(code, int) else DONE)


def _tell_usage(error: click.ClickException) -> None:
    """What is wrong with the command line, and where its use is told; without any word, the help itself."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        say(error.format_message())
        return
    say(f"用法有误：{explain_usage(error)}。请用 {context.command_path if context else 'gouji'} --help 查看用法。")


def _explain_error(error: Exception) -> int:
    from gouji.export.atomic import FULL, is_full
    from gouji.model.errors import GoujiError, PatternError, ReadError, say_reason

    if isinstance(error, PatternError):
        say("表式或规则文件有误，请改正后重试：")
        for problem in error.problems:
            say(f"  {problem}")
        return USAGE
    if isinstance(error, ReadError):
        say(f"无法读取：{error.message}")
        return UNREADABLE
    sys.unraisablehook = _tell_unraisable
    if isinstance(error, OSError) and is_full(error):
        say(FULL.format(name=Path(error.filename).name if error.filename else "结果"))
        return USAGE
    if isinstance(error, OSError) and error.filename:
        say(
            f"{Path(os.fsdecode(error.filename)).name} 打不开或写不进（{say_reason(error)}）。请检查路径、权限和网络盘后重试。"
        )
        return USAGE
    if isinstance(error, GoujiError):
        say(str(error))
        return USAGE
    raise error


def _tell_unraisable(unraisable: sys.UnraisableHookArgs) -> None:
    """A half-written package that Python closes at the end finds the disk as full as we have just said."""
    from gouji.export.atomic import is_full

    if not (isinstance(unraisable.exc_value, OSError) and is_full(unraisable.exc_value)):
        sys.__unraisablehook__(unraisable)


def _make_console_safe() -> None:
    """A GBK terminal never stops the work: what it cannot print is escaped."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _password_options() -> list[Callable[..., Any]]:
    return [
        click.option("--password", "passwords", multiple=True, metavar="TEXT", help="打开加密文件的密码（可给多个）"),
        click.option(
            "--password-file", type=click.Path(), metavar="FILE", help="密码清单，一行一个（不会出现在命令历史里）"
        ),
    ]


def _common(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options shared by the commands that process files."""
    options = [
        click.argument("inputs", nargs=-1, required=True, metavar="INPUT..."),
        click.option("--patterns", "folder", type=click.Path(), metavar="DIR", help="表式与规则文件夹（默认用自带的）"),
        click.option("--rules", "rule_set", default="default", metavar="NAME", help="规则集名称"),
        click.option("--year", type=int, metavar="YYYY", help="报告未写年度时按此年度处理"),
        click.option("--jobs", type=click.IntRange(1, 64), metavar="N", help="同时处理的进程数（默认为处理器核数）"),
        click.option(
            "--store",
            type=click.Path(),
            metavar="DB",
            help="数据库文件（不写则用输出文件夹中的 gouji.db；没有输出文件夹的不用）",
        ),
        *_password_options(),
        click.option("--quiet", is_flag=True, help="不显示进度"),
        click.option("--exit-zero", is_flag=True, help="只要运行完成就返回 0"),
        click.option("--fail-on", type=click.Choice(_SEVERITIES), help="有此级别及以上的问题时返回 1"),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def _of_district(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options of the commands that write an output folder."""
    options = [
        click.option("-o", "--out", type=click.Path(), required=True, metavar="OUT", help="输出文件夹"),
        click.option(
            "--template", type=click.Path(), metavar="FILE", help="当年下发的空白表样，用来核对评分表有无改动"
        ),
        click.option("--public", is_flag=True, help="另存公开版汇总表（不含联系人、签名、编制、排名和问题）"),
        click.option("--plain", is_flag=True, help="另存纯数值版汇总表（不含公式）"),
        click.option("--bureau", default="", metavar="TEXT", help="表头的填报单位"),
        click.option(
            "--roster", type=click.Path(), metavar="FILE", help="单位名册（.xlsx .xls .csv），据此列出未报单位"
        ),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def _wishes(options: dict[str, Any], received: str, remind: str = "") -> Any:
    """What the output folder should hold beside the usual."""
    from gouji.pipeline.books import Ledgers, check_day
    from gouji.pipeline.district import Wishes

    roster = Path(options["roster"]) if options["roster"] else None
    ledgers = Ledgers(roster, received=check_day(received, "--received"), remind=check_day(remind, "--remind"))
    return Wishes(options["public"], options["plain"], options["bureau"], ledgers)


class InOrderOfWork(click.Group):
    """The commands as a bureau comes to need them over its year, not by the alphabet."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Those of `_ORDER`, then any other."""
        known = super().list_commands(ctx)
        return sorted(known, key=lambda name: _ORDER.index(name) if name in _ORDER else len(_ORDER))


@click.group(cls=InOrderOfWork, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="gouji", help="显示版本")
def cli() -> None:
    """勾稽：读取部门整体支出绩效自评报告，逐项核对，生成汇总表和审核问题。

    最常用：gouji run 报送文件夹 -o 结果文件夹。全年的做法见 docs/year.md；每个命令的用法：gouji 命令 --help。
    """


@cli.command()
@_common
@_of_district
@click.option("--csv", is_flag=True, help="另存 CSV 明细（数据项、指标、问题）")
@click.option("--received", default="", metavar="DATE", help="本次新收文件的收到日期，记入收件登记.xlsx")
@click.option("--remind", default="", metavar="DATE", help="记下在这一天催报了所有缺报单位")
def run(csv: bool, received: str, remind: str, **options: Any) -> int:
    """读取、核对并生成汇总表.xlsx、审核问题.xlsx 等全部成果。"""
    from gouji.pipeline.district import run_district

    wishes = _wishes(options, received, remind)
    request = _request(options, out=Path(options["out"]), template=options["template"])
    result = run_district(request, csv=csv, wishes=wishes, say=_quiet_or_say(options))
    for line in result.lines:
        write(line)
    return result.tally.exit_code(options["fail_on"], exit_zero=options["exit_zero"])


@cli.command()
@_common
@_of_district
@click.option("--interval", type=click.FloatRange(1, 3600), default=10.0, help="隔多少秒看一次（默认 10）")
def watch(interval: float, **options: Any) -> int:
    """守着一个文件夹，有新报告就自动处理（Ctrl-C 停止）；有名册时，新到的文件按当天登记收到。"""
    import time

    from gouji.pipeline.district import run_district
    from gouji.pipeline.watching import Watcher

    def process(request: Any) -> list[str]:
        today = local_now().date()
        wishes = _wishes(options, today.isoformat() if options["roster"] else "")
        return run_district(request._replace(today=today), csv=False, wishes=wishes, say=None).lines

    request = _request(options, out=Path(options["out"]), template=options["template"])
    watcher = Watcher(request, process, say, interval)
    say(f"正在守候，每 {interval:g} 秒看一次；按 Ctrl-C 停止。")
    while True:
        watcher.look()
        time.sleep(interval)


@cli.command()
@_common
@click.option("--json", "as_json", is_flag=True, help="每个文件输出一行 JSON")
def extract(as_json: bool, **options: Any) -> int:
    """列出每个文件里读到的数，及其位置。"""
    from gouji.export.records import encode_line, extract_record
    from gouji.pipeline.listing import list_facts

    return _stream(
        options, lambda outcome: write(encode_line(extract_record(outcome)) if as_json else list_facts(outcome))
    )


@cli.command()
@_common
@click.option("--json", "as_json", is_flag=True, help="每个文件输出一行 JSON")
@click.option("--all", "every", is_flag=True, help="列出全部判定（含通过和不适用）")
def check(as_json: bool, every: bool, **options: Any) -> int:
    """核对每个文件，列出要改、要说明的问题。"""
    from gouji.export.records import check_record, encode_line
    from gouji.pipeline.finding_lists import list_findings, list_form_faults, load_labels, told_of_form

    labels = load_labels(Path(options["folder"]) if options["folder"] else None)
    told: list[Any] = []

    def show(outcome: Outcome) -> None:
        told.extend(told_of_form(outcome))
        write(
            encode_line(check_record(outcome, every_verdict=every))
            if as_json
            else list_findings(outcome, labels, every=every)
        )

    code = _stream(options, show, _judged if options["store"] else _judged_together)
    if told and not as_json:
        write(list_form_faults(told))
    return code


@cli.command()
@click.argument("file", type=click.Path())
@click.argument("evidence", required=False)
@click.option("--patterns", "folder", type=click.Path(), metavar="DIR", help="表式与规则文件夹")
@click.option("--rules", "rule_set", default="default", metavar="NAME", help="规则集名称")
@click.option("--year", type=int, metavar="YYYY", help="报告未写年度时按此年度处理")
@click.option("--password", "passwords", multiple=True, metavar="TEXT", help="打开加密文件的密码（可给多个）")
def explain(file: str, evidence: str | None, **options: Any) -> int:
    """说明一个文件是怎样读懂的。

    EVIDENCE 为证据号（如 t1r16c4），给出时只看与它有关的步骤。
    """
    from gouji.pipeline.inside import split_path
    from gouji.pipeline.listing import list_trace
    from gouji.pipeline.single import examine_file

    if (missing := explain_missing(split_path(file)[0])) is not None:
        say(missing)
        return NO_INPUT
    examined = examine_file(file, **options)
    write(list_trace(examined, evidence))
    return DONE if examined.outcome.failure is None or examined.outcome.failure.code == "not_identified" else UNREADABLE


@cli.command()
def doctor() -> int:
    """检查安装是否齐备，缺什么、怎样补。"""
    from gouji.pipeline.doctor import examine_installation

    write("\n".join(examine_installation()))
    return DONE


def _request(options: dict[str, Any], out: Path | None, *, template: str | None = None) -> Any:
    from gouji.pipeline.batch import Request

    return Request(
        inputs=tuple(Path(item) for item in options["inputs"]),
        out=out,
        store=Path(options["store"]) if options["store"] else None,
        folder=options["folder"],
        rule_set=options["rule_set"],
        year=options["year"],
        jobs=options["jobs"] or max(1, os.cpu_count() or 1),
        passwords=_passwords(options["passwords"], options["password_file"]),
        today=local_now().date(),
        template=Path(template) if template else None,
    )


def _passwords(given: tuple[str, ...], file: str | None) -> tuple[str, ...]:
    """Those of the command line, then those of the file."""
    from gouji.pipeline.passwords import read_passwords

    return given + (read_passwords(file) if file else ())


def _quiet_or_say(options: dict[str, Any]) -> Callable[[str], None] | None:
    return None if options["quiet"] else say


def _stream(options: dict[str, Any], show: Callable[[Outcome], None], judge: Judge | None = None) -> int:
    """Process every input and show each outcome as it comes, in input order; where they are judged, after all are read."""
    from gouji.pipeline.batch import process_batch
    from gouji.pipeline.progress import progress_bar
    from gouji.pipeline.tally import Tally

    tally = Tally()
    request = _request(options, out=None)
    with process_batch(request, say=_quiet_or_say(options)) as batch, progress_bar(quiet=options["quiet"]) as progress:
        for outcome in judge(batch, progress) if judge is not None else batch.outcomes(progress, last=False):
            show(outcome)
            tally.count(outcome)
    if not batch.listing.files:
        say("没有找到可处理的文件。请检查路径，或把报告放进该文件夹后重试。")
        return NO_INPUT
    return tally.exit_code(options["fail_on"], exit_zero=options["exit_zero"])


def _judged(batch: Batch, progress: Callable[[int, int], None] | None) -> Iterator[Outcome]:
    """Beside last year, the reference data and the other reports that the store holds."""
    from gouji.pipeline.district import judge_in_context

    return judge_in_context(batch, progress)


def _judged_together(batch: Batch, progress: Callable[[int, int], None] | None) -> Iterator[Outcome]:
    """The files of one submission as one."""
    from gouji.pipeline.together import judge_together

    return judge_together(batch, progress)


for group in (codes, compare, export, fill, freeze, ledger, letters, patterns, purge, reference, rules, sample, waive):
    cli.add_command(group)
speak_chinese(cli)
