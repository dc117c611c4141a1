"""letters/*.yml → what leaves the house in the bureau's name: its signature, its typefaces, the words of its letters.

settings.yml          author, initials, typefaces by role with what stands in where one is not installed
审核意见函.yml …      Letter ─ lines: Line(style, text) | Line(rows of a table)

Texts hold placeholders: {{单位}} · {{问题.描述}} repeats its paragraph or row · {{如有 时限}} keeps its paragraph only if there is one.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast, get_args

import msgspec

from gouji.patterns.source import Problems, read_source

if TYPE_CHECKING:
    from gouji.patterns.source import Mapping

Style = Literal["title", "number", "recipient", "body", "heading", "subheading", "signature", "date", "annex", "table"]
Reader = Literal["unit", "district"]
Occasion = Literal["told", "wrong"]
ROLES = ("title", "body", "heading", "subheading", "digits")


class Line(msgspec.Struct, frozen=True):
    """A paragraph; or a table, whose `rows` hold the texts of cells and whose `widths` are shares of the line."""

    style: Style
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    widths: tuple[int, ...] = ()


class Letter(msgspec.Struct, frozen=True):
    """One kind of letter. `to`: one a unit, or one for all; `when`: to units told anything, or only where something is wrong."""

    name: str
    to: Reader
    when: Occasion
    file: str
    lines: tuple[Line, ...]


class Letters(msgspec.Struct, frozen=True):
    """Everything about what goes out."""

    author: str
    initials: str
    fonts: dict[str, str]
    fallbacks: dict[str, str]
    kinds: tuple[Letter, ...]


def read_letters(folder: Path, problems: Problems) -> Letters:
    """Read `folder`/letters and note problems; a folder without letters sends none."""
    root = read_source(folder / "letters" / "settings.yml", problems, "letters/settings.yml").as_mapping()
    fonts = {role: node.scalar() for role, node in root.mapping("fonts").pairs()}
    for role in sorted(set(ROLES) ^ set(fonts)):
        root.problem(f"fonts {'不认识' if role in fonts else '缺少'} {role}")
    letters = Letters(
        author=root.text("author"),
        initials=root.text("initials"),
        fonts=fonts,
        fallbacks={font: node.scalar() for font, node in root.mapping("fallbacks").pairs()},
        kinds=tuple(
            _read_letter(path, problems)
            for path in sorted((folder / "letters").glob("*.yml"))
            if path.stem != "settings"
        ),
    )
    root.finish()
    return letters


def _read_letter(path: Path, problems: Problems) -> Letter:
    root = read_source(path, problems, f"letters/{path.name}").as_mapping()
    letter = Letter(
        name=path.stem,
        to=cast("Reader", root.choice("to", get_args(Reader))),
        when=cast("Occasion", root.choice("when", get_args(Occasion), "told")),
        file=root.text("file"),
        lines=tuple(_read_line(entry) for entry in root.mappings("lines")),
    )
    if not letter.lines:
        root.problem("函件至少要有一行（lines）")
    root.finish()
    return letter


def _read_line(entry: Mapping) -> Line:
    style = cast("Style", entry.choice("style", get_args(Style), "body"))
    rows = entry.child("rows")
    line = Line(
        style="table" if rows is not None else style,
        text=entry.text("text", "" if rows is not None else None),
        rows=tuple(tuple(cell.scalar() for cell in row.items()) for row in rows.items()) if rows is not None else (),
        widths=tuple(int(width) if width.isdigit() else 0 for width in entry.texts("widths", ())),
    )
    if any(len(row) != len(line.widths) for row in line.rows) or 0 in line.widths:
        entry.problem("表格的 widths 应与每行的格数相同，且都大于 0")
    entry.finish()
    return line
