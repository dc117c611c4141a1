"""forms/*.yml → frozen forms: how to know a document family, its fields, its blocks, what it expects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from gouji.text.labels import label_key

if TYPE_CHECKING:
    from gouji.patterns.source import Mapping, Node


class Mark(msgspec.Struct, frozen=True):
    """One thing that speaks for a form (against it, where the weight is negative).

    A word in a title, a field, a block of a topic, a word in a numbered heading, a word with an amount in a sentence
    (基本支出…60万元), figures in tables.
    """

    weight: int
    titles: tuple[str, ...] = ()
    field: str = ""
    topic: str = ""
    headings: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    tables: bool = False


class Field(msgspec.Struct, frozen=True):
    """A labelled entry. `cover`: naming another unit begins a new report. `typed`: a number that is no figure."""

    name: str
    keys: tuple[str, ...]
    cover: bool = False
    typed: bool = False


class Topic(msgspec.Struct, frozen=True):
    """A block of the form: its name for people, the titles that announce it, the concepts it expects."""

    name: str
    titles: tuple[str, ...]
    expects: tuple[str, ...]


class FormExample(msgspec.Struct, frozen=True):
    """A small report of the form: its lines (`a | b` is a table row), and concept → printed text that must come out.

    `facts` stand in tables, `prose` in sentences.
    """

    lines: tuple[str, ...]
    facts: dict[str, str]
    prose: dict[str, str]
    mark: str = ""


class Form(msgspec.Struct, frozen=True):
    """One document family."""

    id: str
    name: str
    unit: str
    threshold: int
    marks: tuple[Mark, ...]
    fields: tuple[Field, ...]
    people: dict[str, tuple[str, ...]]
    topics: dict[str, Topic]
    goal_kinds: tuple[str, ...]
    examples: tuple[FormExample, ...] = ()
    mark: str = ""


def read_form(root: Mapping) -> Form:
    """One form file."""
    form = Form(
        id=root.text("id"),
        name=root.text("name"),
        unit=root.text("unit", ""),
        threshold=int(root.number("threshold")),
        marks=tuple(_read_mark(entry) for entry in root.mappings("marks")),
        fields=tuple(_read_field(name, node) for name, node in root.mapping("fields").pairs()),
        people={
            role: tuple(label_key(item.scalar()) for item in node.items())
            for role, node in root.mapping("people").pairs()
        },
        topics={name: _read_topic(node) for name, node in root.mapping("topics").pairs()},
        goal_kinds=tuple(label_key(kind) for kind in root.texts("goal_kinds", ())),
        examples=tuple(_read_example(entry) for entry in root.mappings("examples")),
        mark=root.mark,
    )
    if not form.examples:
        root.problem("a form needs at least one example")
    root.finish()
    return form


def _read_example(entry: Mapping) -> FormExample:
    example = FormExample(
        lines=entry.texts("lines"),
        facts={concept: node.scalar() for concept, node in entry.mapping("facts").pairs()},
        prose={concept: node.scalar() for concept, node in entry.mapping("prose").pairs()},
        mark=entry.mark,
    )
    entry.finish()
    return example


def _read_mark(entry: Mapping) -> Mark:
    mark = Mark(
        weight=int(entry.number("weight", "1")),
        titles=entry.texts("title", ()),
        field=entry.text("field", ""),
        topic=entry.text("topic", ""),
        headings=entry.texts("heading", ()),
        says=entry.texts("says", ()),
        tables=entry.flag("tables"),
    )
    if sum(map(bool, (mark.titles, mark.field, mark.topic, mark.headings, mark.says, mark.tables))) != 1:
        entry.problem("a mark names exactly one of title, field, topic, heading, says, tables")
    entry.finish()
    return mark


def _read_field(name: str, node: Node) -> Field:
    entry = node.as_mapping()
    field = Field(
        name,
        tuple(label_key(label) for label in entry.texts("labels")),
        cover=entry.flag("cover"),
        typed=entry.flag("typed"),
    )
    entry.finish()
    return field


def _read_topic(node: Node) -> Topic:
    entry = node.as_mapping()
    topic = Topic(entry.text("name"), entry.texts("titles", ()), entry.texts("expects", ()))
    entry.finish()
    return topic
