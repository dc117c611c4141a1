"""fields.yml and forms/*.yml → frozen forms: how to know a document family, its fields, its blocks, what it expects.

What fields.yml says holds for every form that does not say otherwise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast, get_args

import msgspec

from gouji.model.report import ReportKind
from gouji.text.labels import label_key

if TYPE_CHECKING:
    from gouji.patterns.source import Mapping, Node


PartKind = Literal["own", "project", "targets"]


class Mark(msgspec.Struct, frozen=True):
    """One thing that speaks for a form (against it, where the weight is negative).

    A word in a title, a field, a block of a topic, a word in a numbered heading, a word with an amount in a sentence
    (基本支出…60万元), figures in tables. `most`: a block of the topic that holds more than half of what the form expects there.
    """

    weight: int
    titles: tuple[str, ...] = ()
    field: str = ""
    topic: str = ""
    headings: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    tables: bool = False
    most: bool = False


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
    prose: dict[str, str] = {}
    mark: str = ""


class SignOffWords(msgspec.Struct, frozen=True):
    """Labels of places to sign and to comment. `bureau`: words of a label whose place is not the department's to fill."""

    opinions: frozenset[str] = frozenset()
    signs: tuple[str, ...] = ()
    signers: frozenset[str] = frozenset()
    bureau: tuple[str, ...] = ()


class Common(msgspec.Struct, frozen=True):
    """What forms have in common."""

    fields: tuple[Field, ...] = ()
    people: dict[str, tuple[str, ...]] = {}
    topics: dict[str, Topic] = {}
    goal_kinds: tuple[str, ...] = ()
    part_titles: dict[PartKind, tuple[str, ...]] = {}
    sign_offs: SignOffWords = SignOffWords()


class Form(msgspec.Struct, frozen=True):
    """One document family. `kind`: of a unit's whole spending, of one project, or an account beside the evaluation.

    `fallback`: reads what no other form claims.
    """

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
    kind: ReportKind = "overall"
    fallback: bool = False
    mark: str = ""


def read_common(root: Mapping) -> Common:
    """fields.yml."""
    common = Common(
        fields=_read_fields(root),
        people=_read_people(root),
        topics={name: _read_topic(node) for name, node in root.mapping("topics").pairs()},
        goal_kinds=tuple(label_key(kind) for kind in root.texts("goal_kinds", ())),
        part_titles=_read_part_titles(root),
        sign_offs=_read_sign_offs(root.mapping("sign_offs")),
    )
    root.finish()
    return common


def read_form(root: Mapping, common: Common) -> Form:
    """One form file, upon what forms have in common."""
    own = _read_fields(root)
    names = {field.name for field in own}
    form = Form(
        id=root.text("id"),
        name=root.text("name"),
        unit=root.text("unit", ""),
        threshold=int(root.number("threshold")),
        marks=tuple(_read_mark(entry) for entry in root.mappings("marks")),
        fields=(*own, *(field for field in common.fields if field.name not in names)),
        people=common.people | _read_people(root),
        topics=common.topics | {name: _read_topic(node) for name, node in root.mapping("topics").pairs()},
        goal_kinds=(*common.goal_kinds, *(label_key(kind) for kind in root.texts("goal_kinds", ()))),
        examples=tuple(_read_example(entry) for entry in root.mappings("examples")),
        kind=cast("ReportKind", root.choice("kind", get_args(ReportKind), "overall")),
        fallback=root.flag("fallback"),
        mark=root.mark,
    )
    if not form.examples:
        root.problem("表式至少要有一个例子（examples）")
    root.finish()
    return form


def _read_part_titles(root: Mapping) -> dict[PartKind, tuple[str, ...]]:
    titles: dict[PartKind, tuple[str, ...]] = {}
    for name, node in root.mapping("parts").pairs():
        if name not in get_args(PartKind):
            node.problem(f"没有 {name} 这种表块")
        else:
            titles[cast("PartKind", name)] = tuple(label_key(item.scalar()) for item in node.items())
    return titles


def _read_sign_offs(entry: Mapping) -> SignOffWords:
    words = SignOffWords(
        opinions=frozenset(label_key(label) for label in entry.texts("opinions", ())),
        signs=entry.texts("signs", ()),
        signers=frozenset(label_key(label) for label in entry.texts("signers", ())),
        bureau=entry.texts("bureau", ()),
    )
    entry.finish()
    return words


def _read_fields(root: Mapping) -> tuple[Field, ...]:
    return tuple(_read_field(name, node) for name, node in root.mapping("fields").pairs())


def _read_people(root: Mapping) -> dict[str, tuple[str, ...]]:
    roles = root.mapping("people").pairs()
    return {role: tuple(label_key(item.scalar()) for item in node.items()) for role, node in roles}


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
        titles=tuple(label_key(title) for title in entry.texts("title", ())),
        field=entry.text("field", ""),
        topic=entry.text("topic", ""),
        headings=entry.texts("heading", ()),
        says=entry.texts("says", ()),
        tables=entry.flag("tables"),
        most=entry.flag("most"),
    )
    if mark.most and not mark.topic:
        entry.problem("most 只用于 topic")
    if sum(map(bool, (mark.titles, mark.field, mark.topic, mark.headings, mark.says, mark.tables))) != 1:
        entry.problem("标志须恰好写一种：title、field、topic、heading、says、tables")
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
