"""YAML as marked nodes: every scalar is text, every node knows its file and line, duplicate keys are refused.

    no: [0102, 12:30]      →  Mapping{"no": Sequence[Scalar "0102", Scalar "12:30"]}

Typed decoding pulls fields out of a `Mapping` and reports into a shared list of problems, so that one run
shows every error of every file as `file:line: what`:

    node = read_source(path, problems)
    entry = node.mapping("table")
    name = entry.text("name")                  # required; "" and a problem where it is absent
    labels = entry.texts("labels", default=())
    entry.finish()                             # unknown keys are problems
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from gouji.model.errors import say_reason
from gouji.model.finding import Basis

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class Problems:
    """Collects `file:line: what`."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def add(self, mark: str, what: str) -> None:
        """Note one problem at `mark` (file:line)."""
        self.lines.append(f"{mark}: {what}")


class Node:
    """A YAML node with its place. Asking for the wrong shape notes a problem and answers something empty."""

    def __init__(self, raw: yaml.Node | None, file: str, problems: Problems, line: int = 1) -> None:
        self.raw = raw
        self.file = file
        self.problems = problems
        self.line = raw.start_mark.line + 1 if raw is not None else line

    @property
    def cell(self) -> str:
        """sheet!cell where the node comes from a workbook, else nothing."""
        return str(getattr(self.raw.start_mark, "cell", "")) if self.raw is not None else ""

    @property
    def mark(self) -> str:
        """file:line, or file:sheet!cell"""
        return f"{self.file}:{self.cell or self.line}"

    @property
    def place(self) -> str:
        """file:line:column (from 1), or file:sheet!cell"""
        if self.raw is None or self.cell:
            return self.mark
        quote = isinstance(self.raw, yaml.ScalarNode) and self.raw.style in ("'", '"')
        return f"{self.mark}:{self.raw.start_mark.column + 1 + quote}"

    def problem(self, what: str) -> None:
        """Note a problem at this node."""
        self.problems.add(self.mark, what)

    def is_mapping(self) -> bool:
        """Whether this is a mapping."""
        return isinstance(self.raw, yaml.MappingNode)

    def is_sequence(self) -> bool:
        """Whether this is a list."""
        return isinstance(self.raw, yaml.SequenceNode)

    def scalar(self) -> str:
        """The text of a scalar."""
        if isinstance(self.raw, yaml.ScalarNode):
            return str(self.raw.value)
        self.problem("此处应是一个词或一句话")
        return ""

    def items(self) -> list[Node]:
        """The nodes of a list; a single scalar counts as a list of one."""
        if isinstance(self.raw, yaml.SequenceNode):
            return [Node(child, self.file, self.problems) for child in self.raw.value]
        if isinstance(self.raw, yaml.ScalarNode):
            return [self]
        self.problem("此处应是一个列表：[甲, 乙]，或每行以“- ”开头")
        return []

    def as_mapping(self) -> Mapping:
        """The node as a mapping; an empty one and a problem where it is not."""
        if not self.is_mapping():
            self.problem("此处应是若干行“键: 内容”")
        return Mapping(self.raw if self.is_mapping() else None, self.file, self.problems, self.line)


class Mapping(Node):
    """A mapping whose keys are taken one by one; `finish` reports the keys nobody asked for."""

    def __init__(self, raw: yaml.Node | None, file: str, problems: Problems, line: int = 1) -> None:
        super().__init__(raw, file, problems, line)
        self._children: dict[str, Node] = {}
        self._taken: set[str] = set()
        if isinstance(raw, yaml.MappingNode):
            for key, value in raw.value:
                self._add(key, value)

    def _add(self, key: yaml.Node, value: yaml.Node) -> None:
        name = str(key.value) if isinstance(key, yaml.ScalarNode) else ""
        if not name:
            self.problems.add(f"{self.file}:{key.start_mark.line + 1}", "冒号左边应是一个词")
        elif name in self._children:
            self.problems.add(f"{self.file}:{key.start_mark.line + 1}", f"{name} 写了两次")
        else:
            self._children[name] = Node(value, self.file, self.problems)

    def names(self) -> list[str]:
        """All keys in file order."""
        return list(self._children)

    def pairs(self) -> Iterator[tuple[str, Node]]:
        """All entries in file order, taken."""
        self._taken.update(self._children)
        return iter(self._children.items())

    def places(self) -> dict[str, str]:
        """Where the mapping ("") and the value of each key begin."""
        return {"": self.place} | {key: node.place for key, node in self._children.items()}

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self._children

    def child(self, key: str) -> Node | None:
        """The node under a key, None where absent."""
        self._taken.add(key)
        return self._children.get(key)

    def text(self, key: str, default: str | None = None) -> str:
        """A scalar; a problem where it is required (no default) and absent."""
        node = self.child(key)
        if node is None:
            if default is None:
                self.problem(f"缺少 {key}")
            return default or ""
        return node.scalar()

    def texts(self, key: str, default: Sequence[str] | None = None) -> tuple[str, ...]:
        """A list of scalars (or one scalar)."""
        node = self.child(key)
        if node is None:
            if default is None:
                self.problem(f"缺少 {key}")
            return tuple(default or ())
        return tuple(item.scalar() for item in node.items())

    def choice(self, key: str, allowed: Sequence[str], default: str | None = None) -> str:
        """A scalar out of `allowed`."""
        value = self.text(key, default)
        node = self._children.get(key)
        if node is not None and value not in allowed:
            node.problem(f"{key} 写的“{value}”不在可用的之中：{'、'.join(allowed)}")
            return default if default is not None else allowed[0]
        return value

    def flag(self, key: str, *, default: bool = False) -> bool:
        """yes/no, true/false."""
        value = self.choice(key, ("yes", "no", "true", "false"), "yes" if default else "no")
        return value in ("yes", "true")

    def number(self, key: str, default: str | None = None) -> Decimal:
        """A decimal number."""
        text = self.text(key, default)
        try:
            return Decimal(text)
        except InvalidOperation:
            (self._children.get(key) or self).problem(f"{key} 写的“{text}”不是数")
            return Decimal(0)

    def mapping(self, key: str) -> Mapping:
        """A mapping under a key; empty where absent."""
        node = self.child(key)
        return node.as_mapping() if node is not None else Mapping(None, self.file, self.problems, self.line)

    def mappings(self, key: str) -> list[Mapping]:
        """A list of mappings under a key; [] where absent."""
        node = self.child(key)
        return [item.as_mapping() for item in node.items()] if node is not None else []

    def finish(self) -> None:
        """Report every key that nobody asked for."""
        for key, node in self._children.items():
            if key not in self._taken:
                node.problem(f"不认识 {key}；请核对拼写")


def read_source(path: Path, problems: Problems, name: str | None = None) -> Node:
    """Compose one YAML file. A syntax error is a problem, and the node is empty."""
    file = name or path.name
    try:
        raw = yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        problems.add(
            f"{file}:{mark.line + 1 if mark else 1}",
            f"不合 YAML 的写法（{error.problem}）；请检查这一行和上一行的缩进、冒号、引号、括号",
        )
        raw = None
    except (UnicodeDecodeError, yaml.YAMLError):
        problems.add(f"{file}:1", "不是 UTF-8 的文字文件；请用记事本另存为 UTF-8 编码")
        raw = None
    except OSError as error:
        problems.add(f"{file}:1", f"打不开（{say_reason(error)}）")
        raw = None
    return Node(raw, file, problems)


def read_basis(entry: Mapping) -> Basis | None:
    """{document, clause, verified}; None where there is none."""
    if not entry.has("basis"):
        return None
    basis = entry.mapping("basis")
    found = Basis(basis.text("document"), basis.text("clause", "") or None, basis.flag("verified"))
    basis.finish()
    return found
