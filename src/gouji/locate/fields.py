"""Fields of a form inside running lines: "填报人（签名）：吴某      联系电话：2345678" → [(填报人, 吴某), (phone, 2345678)].

A label may be spaced out (预 算 编 码：) and several fields may share a line; a label without a colon counts only
where the line begins with it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from gouji.text.labels import normalise_label

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.locate.vocabulary import Vocabulary
    from gouji.patterns.concepts import Concept

_BARE_AMOUNT = re.compile(r"-?\d[\d,]*(?:\.\d+)?(?:[万亿千]?元)?")
_UNIT_BREAK = re.compile(r"[、,;/\s]|[A-Z]")  # 单位：万元、人
_COLON = re.compile(r"[:：]")
_WIDE_GAP = re.compile(r"\s{2,}|[\u3000\t]\s*")  # between fields that share a line
_MAX_LINE = 200
_MAX_STATED = 40
MONEY_UNIT = "money_unit"
_UNIT_LABELS = frozenset(
    {"单位", "金额单位", "货币单位", "计量单位", "金额"}
)  # 单位：万元; before another word it names who reports
_DATED = re.compile(
    r"(?:19|20)\d{2}年(?:度|\d{1,2}月(?:\d{1,2}日)?)?|(?:财决)?(?:公开|附)?表?\d{1,2}(?:-\d{1,2})?表?|表[一二三四五六七八九十]{1,3}"
)


class FoundField(NamedTuple):
    """A field by name with its value as printed; `person` where the name is a role of people."""

    name: str
    value: str
    person: bool


def fields_in_text(text: str, vocabulary: Vocabulary) -> list[FoundField]:
    """Every labelled value of a text, line by line."""
    found: list[FoundField] = []
    for line in text.split("\n"):
        if len(line) <= _MAX_LINE:
            for field in _fields_in_line(line, vocabulary):
                found.extend(_settled(field, vocabulary))
    return found


def _settled(field: FoundField, vocabulary: Vocabulary) -> list[FoundField]:
    """A field without what stands behind a gap on its line (某局　　2021年度　　公开01表): a date or a year is a field of its own."""
    if field.name == MONEY_UNIT and vocabulary.unit(normalise_label(field.value)) is None:
        is_name = field.value and vocabulary.unit(_UNIT_BREAK.split(normalise_label(field.value))[0]) is None
        return [field._replace(name="unit_name")] if is_name else []
    value, *rest = field.value.split() or [""]
    if not rest or not all(_DATED.fullmatch(normalise_label(piece)) for piece in rest):
        return [field]
    years = [piece for piece in rest if "年" in piece]
    dated = [FoundField("report_date" if "月" in piece else "fiscal_year", piece, person=False) for piece in years]
    return [field._replace(value=value), *dated]


def stated_in_text(
    text: str, vocabulary: Vocabulary, *, amounts: bool = False, topic: str | None = None
) -> list[tuple[str, str, str]]:
    """(concept, label, value) of every line "label：value" that names people, points or the grade.

    `amounts`: a unit was stated above, so that a bare number is an amount (支出合计：515.00); `topic`: what the amounts are of.
    """
    found: list[tuple[str, str, str]] = []
    for line in _iter_pieces(text):
        label, colon, value = line.replace(":", "：").removeprefix("其中：").partition("：")
        told = colon and value.strip() and len(line) <= _MAX_STATED
        concept = _stated_concept(label, vocabulary) or vocabulary.in_topic(label, topic) if told else None
        if concept is None:
            continue
        is_amount = amounts and concept.kind == "money" and _BARE_AMOUNT.fullmatch(normalise_label(value)) is not None
        if is_amount or concept.kind in ("count", "score", "percent") or concept.id == "performance.grade":
            found.append((concept.id, label.strip(), value.strip()))
    return found


def _iter_pieces(text: str) -> Iterator[str]:
    """Lines, cut where a wide gap parts fields."""
    for line in text.split("\n"):
        yield from _WIDE_GAP.split(line.strip())


def _stated_concept(label: str, vocabulary: Vocabulary) -> Concept | None:
    """What a label means wherever it stands; a rate also by its only meaning (执行率：98.10%)."""
    only = vocabulary.only(label)
    return vocabulary.strong(label) or (only if only is not None and only.kind == "percent" else None)


def _fields_in_line(line: str, vocabulary: Vocabulary) -> list[FoundField]:
    pieces = _COLON.split(line)
    if len(pieces) == 1:
        return _leading_field(line, vocabulary)
    found: list[FoundField] = []
    label: FoundField | None = None
    for index, piece in enumerate(pieces):
        last = index == len(pieces) - 1
        value, following = (piece, None) if last else _cut_label(piece, vocabulary)
        if label is not None:
            if following is None and not last:
                cut = _find_other_label(piece.strip(), vocabulary)
                if cut is None:  # a colon inside the value
                    label = label._replace(value=f"{label.value}{piece}：")
                    continue
                value = piece.strip()[:cut]
            found.append(label._replace(value=(label.value + value).strip()))
        label = following
    return found


def _find_other_label(piece: str, vocabulary: Vocabulary) -> int | None:
    """Where a value ends before some other label with a value of its own: a wide gap, or a blank before a word for a figure."""
    parted = _WIDE_GAP.search(piece)
    if parted is not None:
        return parted.start()
    value, blank, word = piece.rpartition(" ")
    return len(value) if blank and vocabulary.meanings(word) else None


def _cut_label(piece: str, vocabulary: Vocabulary) -> tuple[str, FoundField | None]:
    """Split "value  label" into its value and the field that the label at its end names."""
    words = piece.split()
    for count in range(len(words), 0, -1):
        field = _field_of("".join(words[-count:]), vocabulary)
        if field is not None:
            return " ".join(words[:-count]), field
    return piece, None


def _leading_field(line: str, vocabulary: Vocabulary) -> list[FoundField]:
    words = line.split()
    for count in range(len(words) - 1, 0, -1):
        field = _field_of("".join(words[:count]), vocabulary)
        if field is not None:
            return [field._replace(value=" ".join(words[count:]))]
    return []


def _field_of(label: str, vocabulary: Vocabulary) -> FoundField | None:
    if normalise_label(label) in _UNIT_LABELS:
        return FoundField(MONEY_UNIT, "", person=False)
    field = vocabulary.field(label)
    if field is not None:
        return FoundField(field.name, "", person=False)
    role = vocabulary.person_role(label)
    return FoundField(role, "", person=True) if role is not None else None
