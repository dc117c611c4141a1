"""click in Chinese: its own words in the help texts, and what is wrong with a command line in one line.

Usage: gouji run [OPTIONS] INPUT...      →   用法：gouji run [选项] INPUT...
--jobs N  … [1<=x<=64]                   →   --jobs N  … [1 到 64]
'0' is not in the range 1<=x<=64.        →   --jobs 应为 1 到 64 的整数
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_WORDS = {
    "Options": "选项",
    "Commands": "命令",
    "[OPTIONS]": "[选项]",
    "COMMAND [ARGS]...": "命令 [参数]...",
    "Show this message and exit.": "显示本说明",
    "[required]": "[必填]",
    "INTEGER RANGE": "N",
    "INTEGER": "N",
    "FLOAT RANGE": "X",
}
_RANGE = re.compile(r"\[([\d.]+)<=x<=([\d.]+)\]")


class ChineseFormatter(click.HelpFormatter):
    """Lays help out as click does."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The first line."""
        super().write_usage(prog, _translate(args), prefix or "用法：")

    @contextmanager
    def section(self, name: str) -> Iterator[None]:
        """A heading with what stands under it."""
        with super().section(_WORDS.get(name, name)):
            yield

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Options or commands, one a line."""
        super().write_dl([(_translate(name), _translate(told)) for name, told in rows], col_max, col_spacing)


class ChineseContext(click.Context):
    """The context of a command whose help is in Chinese."""

    formatter_class = ChineseFormatter


def speak_chinese(command: click.Command) -> None:
    """Let a command and all below it speak Chinese."""
    command.context_class = ChineseContext
    for below in command.commands.values() if isinstance(command, click.Group) else ():
        speak_chinese(below)


def _translate(text: str) -> str:
    for english, chinese in _WORDS.items():
        text = text.replace(english, chinese)
    return _RANGE.sub(r"[\1 到 \2]", text)


def explain_usage(error: click.ClickException) -> str:
    """What is wrong with the command line."""
    if isinstance(error, click.NoSuchOption):
        near = f"，是不是 {error.possibilities[0]}" if error.possibilities else ""
        return f"没有选项 {error.option_name}{near}"
    if isinstance(error, click.MissingParameter):
        name = error.param.make_metavar(error.ctx) if error.param is not None and error.ctx is not None else ""
        option = error.param.opts[-1] if isinstance(error.param, click.Option) else ""
        return f"缺少 {option} {name}".rstrip() if option else f"缺少参数 {name}".rstrip()
    if isinstance(error, click.BadOptionUsage):
        return f"选项 {error.option_name} 后面要写内容"
    if isinstance(error, click.BadParameter):
        return _explain_value(error)
    return _explain_words(error.format_message())


def _explain_value(error: click.BadParameter) -> str:
    name = error.param.opts[-1] if error.param is not None else ""
    kind = error.param.type if error.param is not None else None
    if isinstance(kind, click.Choice):
        return f"{name} 的值不对；可用：{'、'.join(map(str, kind.choices))}"
    if isinstance(kind, click.IntRange | click.FloatRange):
        return f"{name} 应为 {kind.min:g} 到 {kind.max:g} 的{'整数' if isinstance(kind, click.IntRange) else '数'}"
    return f"{name} 的值不对，应为整数" if isinstance(kind, type(click.INT)) else f"{name} 的值不对"


def _explain_words(message: str) -> str:
    """What click tells in words alone: a command that is not there, more words than it takes."""
    if message.startswith("No such command"):
        wanted, *near = re.findall(r"'([^']+)'", message)
        return f"没有命令 {wanted}" + (f"，是不是 {near[0]}" if near else "")
    extra = re.match(r"Got unexpected extra arguments? \((.+)\)", message)
    return f"多了参数 {extra.group(1)}；名称里有空格的，请用引号括起来" if extra else message
