"""Every `make …` and `gouji …` line of the documentation exists as it is written."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

import click
import pytest

from architecture.repository import ROOT, DocumentedCommand, command_lines
from gouji.cli import cli

if TYPE_CHECKING:
    from collections.abc import Iterable

GOUJI = command_lines("gouji")
MAKE = command_lines("make")


def name(command: DocumentedCommand) -> str:
    return f"{command.page}:{command.line}"


def test_the_readme_shows_both() -> None:
    assert {command.page for command in GOUJI} >= {"README.md"}
    assert {command.page for command in MAKE} >= {"README.md", "README.en.md"}


@pytest.mark.parametrize("command", MAKE, ids=name)
def test_make_line_exists(command: DocumentedCommand) -> None:
    dry_run = ["make", "--dry-run", *command.words[1:]]
    done = subprocess.run(dry_run, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("command", GOUJI, ids=name)
def test_gouji_line_exists(command: DocumentedCommand) -> None:
    """Its subcommand, its options and its number of arguments are what click would accept."""
    found, rest = find_command(command.words[1:])
    known = {option for parameter in found.params for option in parameter.opts + parameter.secondary_opts}
    written = {word.partition("=")[0] for word in rest if re.match(r"--?[a-z]", word)}
    assert written <= known | {"--help", "--version"}
    if not written & {"--help", "--version"}:
        found.make_context(found.name, list(rest), resilient_parsing=False)


def find_command(words: Iterable[str]) -> tuple[click.Command, tuple[str, ...]]:
    """Follow groups by name: `rules show A3` → the command `show` and ("A3",)."""
    found: click.Command = cli
    rest = tuple(words)
    while isinstance(found, click.Group) and rest and not rest[0].startswith("-"):
        assert rest[0] in found.commands, f"gouji 没有命令 {rest[0]}"
        found, rest = found.commands[rest[0]], rest[1:]
    return found, rest


def test_make_help_lists_the_commands() -> None:
    """Each with a line of its own; what else the Makefile holds is theirs to call."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony is not None
    help_text = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S607
    shown = set(re.findall(r"^ *make (\w+) +\S", help_text, re.MULTILINE))
    assert shown >= {"help", "run", "test", "check", "bench", "fixtures", "patterns"}
    assert shown <= set(phony[1].split())
