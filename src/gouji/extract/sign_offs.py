"""Places to sign, to date, to comment: whether anything stands there. Who signed and what was said is not kept.

部门（单位）意见：同意上报。              → SignOff("opinion", "部门(单位)意见", "value")
    部门（单位）负责人（签章）：            → SignOff("signature", "部门(单位)负责人(签章)", "blank")
                       年    月    日    → SignOff("date", "部门(单位)负责人(签章)", "blank")
填报人（签名）：周某    联系电话：…        → SignOff("signature", "填报人(签名)", "value")
姓名 | 职务 | 单位 | 签字                → a signature each person
填报日期：                              → SignOff("date", "报告日期", "blank")
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from gouji.extract.places import page_note
from gouji.model.report import SignOff
from gouji.text.dates import fold_date
from gouji.text.labels import label_key, normalise_label

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gouji.extract.context import Context
    from gouji.model.anchor import PeopleBlock, Region
    from gouji.model.document import Box
    from gouji.text.rows import Row

_MAX_LABEL = 40
_HINT = re.compile(r"[签盖公意人长组]\s*[字名章见：:长]|[报表办核责]\s*人")
_COLON = re.compile(r"[:：]")
_SEAL = re.compile(r"\s*[(（]?\s*(?:(?:单位|部门)?(?:盖|公|签)\s*章|签\s*[字名])处?\s*[)）]?\s*[:：]?\s*")
_FIELD = re.compile(r"^\s*(?P<label>[^:：]{2,40})[:：](?P<rest>.*)$")
_NEXT_FIELD = re.compile(r"(?:^|\s{2,})[^\s:：]{2,20}[:：].*$")
_EMPTY = re.compile(r"[\s_＿—\-.。:：/]*")
_DATE_LINE = re.compile(
    r"\s*(?:日\s*期[:：])?\s*(?P<year>\d{0,4})\s*年\s*(?P<month>\d{0,2})\s*月\s*(?P<day>\d{0,2})\s*日?\s*"
)
_DATE = re.compile(r"(?P<year>(?:19|20)\d{2})\s*[年./-]\s*(?P<month>\d{1,2})(?:\s*[月./-]\s*(?P<day>\d{1,2}))?(?!\d)")
_REPORT_DATE = "报告日期"
Kind = Literal["signature", "date", "opinion"]


class Line(NamedTuple):
    """A line of a cell or a paragraph, and where it stands."""

    text: str
    where: str
    box: Box | None


def sign_offs_of_region(region: Region, context: Context) -> list[SignOff]:
    """Those of the tables, of the lines outside them, and the date of the cover."""
    reader = _Reader(context)
    listed = {(block.table.where, index) for block in region.people for index in block.rows}
    rows = (row for span in region.tables for row in context.rows(span.table)[span.first : span.end])
    found = list(reader.of_rows(row for row in rows if (row.table.where, row.index) not in listed))
    lines = (Line(line, p.where, p.box) for p in region.prose for line in p.printed.split("\n"))
    found += reader.of_lines(lines)
    found += (place for block in region.people for place in reader.of_people(block))
    return [*_dates_of_cover(region), *found]


def _dates_of_cover(region: Region) -> Iterator[SignOff]:
    """The dates that the report says it is of; an empty one only where no other is filled."""
    fields = [field for field in region.fields if field.name == "report_date"]
    filled = [field for field in fields if not _EMPTY.fullmatch(field.value)]
    for field in filled or fields:
        date = _date_in(field.value)
        blank = date is None and not any(char.isdigit() for char in fold_date(field.value))
        yield SignOff(
            "date", _REPORT_DATE, "blank" if blank else "value", field.where, date, place="封面或表头报告日期"
        )


class _Reader:
    """Reads lines with the words of one pattern folder."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.words = context.patterns.sign_offs
        fields = context.form.fields if context.form is not None else ()
        self.typed = frozenset(key for field in fields for key in field.keys)

    # --- tables ---------------------------------------------------------------------------------------------------------

    def of_rows(self, rows: Iterable[Row]) -> Iterator[SignOff]:
        """Each cell that begins with such a label; a bare label has its value on its right."""
        for row in rows:
            for index, placed in enumerate(row.fresh):
                if not _HINT.search(placed.text, 0, _MAX_LABEL):
                    continue
                kind = self._kind_of_bare(placed.text)
                if kind is None:
                    yield from self.of_lines(_lines(placed.text, row.where(placed), placed.cell.box))
                elif index + 1 < len(row.fresh):
                    beside = row.fresh[index + 1]
                    label = normalise_label(placed.text).rstrip(":")
                    text = f"{label}：" + (f"\n{beside.text}" if kind == "opinion" else beside.text)
                    yield from self.of_lines(_lines(text, row.where(beside), beside.cell.box))

    def of_people(self, block: PeopleBlock) -> Iterator[SignOff]:
        """A column 签字 beside the names."""
        rows = self.context.rows(block.table)
        header = rows[block.rows[0] - 1] if block.rows and block.rows[0] else None
        column = next((p for p in header.cells if p.key in self.words.signs), None) if header is not None else None
        if column is None:
            return
        for row in (rows[index] for index in block.rows):
            name, sign = row.at(block.name.start), row.at(column.start)
            if name is not None and name.text and sign is not None and sign is not name:
                yield self._place(
                    "signature", f"评价人员{column.label}", sign.text, Line("", row.where(sign), sign.cell.box)
                )

    def _kind_of_bare(self, text: str) -> Kind | None:
        """What a cell is the label of, where it prints nothing else."""
        label = text.rstrip("：: ")
        return self._kind(label) if len(label) <= _MAX_LABEL and not _COLON.search(label) else None

    # --- lines ----------------------------------------------------------------------------------------------------------

    def of_lines(self, lines: Iterable[Line]) -> Iterator[SignOff]:
        """Labels with what stands behind them or on the line below; a date belongs to the label above it."""
        label = ""
        waiting: Line | None = None  # an opinion's label without a word on its own line
        for line in lines:
            if label and _SEAL.fullmatch(line.text):
                continue
            date = _DATE_LINE.fullmatch(fold_date(line.text)) if label and "年" in line.text else None
            field = self._field(line.text)
            if waiting is not None and line.text.strip():
                said = "" if date is not None or field is not None else line.text
                yield self._place("opinion", label, said, waiting)
                waiting = None
                if said:
                    continue
            if date is not None and label:
                yield self._dated(label, date, line)
            elif field is not None:
                label, kind, rest = field
                if kind == "signature" or not _EMPTY.fullmatch(rest):
                    yield self._place(kind, label, rest, line)
                else:
                    waiting = line
            elif line.text.strip():
                label = ""
        if waiting is not None:
            yield self._place("opinion", label, "", waiting)

    def _field(self, text: str) -> tuple[str, Kind, str] | None:
        """Label, kind and what stands behind it, where a line begins with such a label."""
        match = _FIELD.match(text) if _HINT.search(text, 0, _MAX_LABEL) else None
        if match is None:
            return None
        kind = self._kind(match["label"])
        return (normalise_label(match["label"]), kind, _NEXT_FIELD.sub("", match["rest"])) if kind else None

    def _kind(self, label: str) -> Kind | None:
        key = label_key(label)
        if key in self.typed:  # 填报单位（盖章）：某局 names the unit
            return None
        if key in self.words.opinions:
            return "opinion"
        signed = (
            key in self.words.signers or key in self.words.signs or any(f"({sign}" in key for sign in self.words.signs)
        )
        return "signature" if signed else None

    def _dated(self, label: str, date: re.Match[str], line: Line) -> SignOff:
        parts = [date["year"], date["month"], date["day"]]
        filled = len(date["year"]) == len("2022") and bool(date["month"])
        said = "-".join(part.zfill(2) for part in parts if part) if filled else None
        found = self._place("date", label, said or "", line)
        return SignOff(found.kind, label, found.state, found.where, said, found.bureau, found.place)

    def _place(self, kind: Kind, label: str, said: str, line: Line) -> SignOff:
        name = {"signature": "", "date": "日期", "opinion": ""}[kind]
        bureau = any(word in label for word in self.words.bureau)
        place = f"“{label}”{name}{page_note(line.box)}"
        return SignOff(kind, label, "blank" if _EMPTY.fullmatch(said) else "value", line.where, None, bureau, place)


def _lines(text: str, where: str, box: Box | None) -> list[Line]:
    return [Line(line, where, box) for line in text.split("\n")]


def _date_in(text: str) -> str | None:
    """A date as printed, whether or not there is such a day."""
    match = _DATE.search(fold_date(text))
    return "-".join(part.zfill(2) for part in match.groups() if part) if match is not None else None
