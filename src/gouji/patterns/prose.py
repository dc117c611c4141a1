"""prose.yml → frozen words and shapes of sentences.

words      one entry a role a word plays between a label and its amount: join, change, stage, period …
labels     further names of concepts that stand only in sentences; `sole`: a kind that is the whole only where it stands alone
parts      short names inside the bracket of a head: 公务用车购置及运行费5万元（其中购置0、运行5万元）
none       words that declare that there was nothing: 未购置公务用车
shapes     the order in which roles make a statement: `label after* amount`

Every entry carries examples: what a sentence says, what is taken from it and what never is.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast, get_args

import msgspec

from gouji.patterns.source import read_source
from gouji.text.labels import label_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gouji.patterns.source import Mapping, Problems

Role = Literal[
    "join", "opaque", "group", "inside", "list", "each", "split", "change", "compare", "result", "share", "plan", "partial",
    "foreign", "reason", "this_year", "last_year", "year_before", "next_year", "initial", "adjusted", "final", "none", "tail",
]  # fmt: skip
Binding = Literal[
    "level", "each", "split", "split_stages", "split_years", "carry", "restated", "scoped", "base", "none"
]


STEPS = frozenset(
    (
        "label name short after join stage year amount value list item pause "
        "begin open close each split result compare share none nothing tail gloss end"
    ).split()
)


class Example(msgspec.Struct, frozen=True):
    """A sentence, the facts it must give (`concept raw unit [stage] [year]`) and the numbers that are no levels."""

    say: str
    take: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


class Entry(msgspec.Struct, frozen=True):
    """Words with one meaning. `also`: the other concept of a name for two (收、支总计). "" where an entry needs none.

    `strict`: a word with false friends, taken only where the whole clause before it is plain. `short`: a word like 支出,
    which names a figure only right before its amount and joins other words elsewhere. `needs`: words one of which must have been said before it.
    `trades`: a trade may follow (聘用护林员86人).
    """

    words: tuple[str, ...]
    concept: str = ""
    also: str = ""
    head: str = ""
    sole: bool = False
    strict: bool = False
    short: bool = False
    needs: tuple[str, ...] = ()
    trades: bool = False
    examples: tuple[Example, ...] = ()
    mark: str = ""


class Shape(msgspec.Struct, frozen=True):
    """An order of roles, and how its labels bind to its amounts."""

    name: str
    roles: str
    binds: Binding
    examples: tuple[Example, ...] = ()
    mark: str = ""


class ProsePatterns(msgspec.Struct, frozen=True, cache_hash=True):
    """How sentences state figures."""

    words: tuple[tuple[Role, Entry], ...] = ()
    labels: tuple[Entry, ...] = ()
    parts: tuple[Entry, ...] = ()
    none: tuple[Entry, ...] = ()
    beside: tuple[Entry, ...] = ()
    outside: tuple[Entry, ...] = ()
    grades: tuple[Entry, ...] = ()
    shapes: tuple[Shape, ...] = ()
    endings: tuple[str, ...] = ()
    selves: tuple[str, ...] = ()
    trades: tuple[str, ...] = ()
    wholes: tuple[str, ...] = ()
    verdicts: tuple[str, ...] = ()
    budgets: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    def examples(self) -> Iterable[tuple[str, Example]]:
        """(file:line, example) of every entry."""
        groups = (self.labels, self.parts, self.none, self.beside, self.outside, self.grades)
        for entry in (*(entry for _, entry in self.words), *(entry for group in groups for entry in group)):
            yield from ((entry.mark, example) for example in entry.examples)
        for shape in self.shapes:
            yield from ((shape.mark, example) for example in shape.examples)


def read_prose(folder: Path, problems: Problems, concepts: Iterable[str]) -> ProsePatterns:
    """prose.yml of a pattern folder; no sentence says anything where the folder has none."""
    path = folder / "prose.yml"
    if not path.is_file():
        return ProsePatterns()
    root, known = read_source(path, problems, path.name).as_mapping(), frozenset(concepts)
    prose = ProsePatterns(
        words=tuple(
            (cast("Role", role), _read_words(role, node.as_mapping())) for role, node in root.mapping("words").pairs()
        ),
        labels=_read_entries(root, "labels", known),
        parts=_read_entries(root, "parts", known),
        none=_read_entries(root, "none", known),
        beside=_read_entries(root, "beside", known),
        outside=_read_entries(root, "outside", known),
        grades=_read_entries(root, "grades", known),
        shapes=tuple(_read_shape(entry) for entry in root.mappings("shapes")),
        endings=root.texts("endings", ()),
        selves=root.texts("selves", ()),
        trades=root.texts("trades", ()),
        wholes=root.texts("wholes", ()),
        verdicts=root.texts("verdicts", ()),
        others=root.texts("others", ()),
        budgets=root.texts("budgets", ()),
    )
    root.finish()
    return prose


def _read_words(role: str, entry: Mapping) -> Entry:
    if role not in get_args(Role):
        entry.problem(f"没有 {role} 这种成分")
    words = Entry(words=_keys(entry), examples=_read_examples(entry), mark=entry.mark)
    entry.finish()
    return words


def _keys(entry: Mapping) -> tuple[str, ...]:
    return tuple(word if len(word) == 1 else label_key(word) for word in entry.texts("words", ()))


def _read_entries(root: Mapping, key: str, concepts: frozenset[str]) -> tuple[Entry, ...]:
    return tuple(_read_entry(entry, concepts) for entry in root.mappings(key))


def _read_entry(entry: Mapping, concepts: frozenset[str]) -> Entry:
    read = Entry(
        words=_keys(entry),
        concept=entry.text("concept", ""),
        also=entry.text("also", ""),
        head=entry.text("head", ""),
        sole=entry.flag("sole"),
        strict=entry.flag("strict"),
        short=entry.flag("short"),
        trades=entry.flag("trades"),
        needs=tuple(label_key(word) for word in entry.texts("needs", ())),
        examples=_read_examples(entry),
        mark=entry.mark,
    )
    for name in (read.concept, read.also, read.head):
        if name and name not in concepts:
            entry.problem(f"没有“{name}”这个要素")
    entry.finish()
    return read


def _read_shape(entry: Mapping) -> Shape:
    unknown = [step for step in re.findall(r"[^\s()*+?]+", entry.text("roles")) if step not in STEPS]
    if unknown:
        entry.problem(f"句式里有不认识的成分：{'、'.join(unknown)}")
    shape = Shape(
        name=entry.text("name"),
        roles=entry.text("roles"),
        binds=cast("Binding", entry.choice("binds", get_args(Binding))),
        examples=_read_examples(entry),
        mark=entry.mark,
    )
    entry.finish()
    return shape


def _read_examples(entry: Mapping) -> tuple[Example, ...]:
    examples = tuple(_read_example(node) for node in entry.mappings("examples"))
    if not examples:
        entry.problem("缺少例子（examples）")
    return examples


def _read_example(entry: Mapping) -> Example:
    example = Example(entry.text("say"), entry.texts("take", ()), entry.texts("not", ()))
    entry.finish()
    return example
