"""Lines that something broke in mid-sentence are read as one; every piece keeps its place."""

from __future__ import annotations

from itertools import starmap

import pytest

from gouji.extract.context import Context
from gouji.extract.passages import passages
from gouji.extract.prose import facts_of_prose
from gouji.model.anchor import Region
from gouji.model.document import Paragraph
from gouji.model.report import Fact
from gouji.patterns import load_patterns

PATTERNS = load_patterns()
TEXT = (
    "　　（一）收支。2023年支出合计428.90万元，其中基本支出139.40万元、项目支出289.50万元；"
    "当年结余12.36万元，累计结余20.00万元，全部结转下年使用。"
)
WRAPPED = tuple(TEXT[start : start + 24] for start in range(0, len(TEXT), 24))


def paragraphs(*lines: str) -> tuple[Paragraph, ...]:
    return tuple(starmap(_paragraph, enumerate(lines, start=1)))


def _paragraph(number: int, text: str) -> Paragraph:
    return Paragraph(text, f"p{number}")


def texts(*lines: str) -> list[str]:
    return [passage.text for passage in passages(paragraphs(*lines))]


def facts(*lines: str) -> list[Fact]:
    context = Context(PATTERNS, None, ragged=True)
    context.year = 2023
    return facts_of_prose(Region(prose=paragraphs(*lines)), context)


def test_lines_as_long_as_lines_get_are_one_passage() -> None:
    (text,) = texts(*WRAPPED)
    assert text == "".join(WRAPPED)


def test_figures_of_broken_lines_stand_where_they_are_printed() -> None:
    assert WRAPPED[1].endswith("项目支出289")
    found = facts(*WRAPPED)
    assert [(fact.concept, fact.raw) for fact in found] == [
        ("expenditure.total", "428.90"),
        ("expenditure.basic", "139.40"),
        ("expenditure.project", "289.50"),
        ("balance.current", "12.36"),
        ("balance.cumulative", "20.00"),
    ]
    assert [_printed(fact.where) for fact in found] == ["428.90", "139.40", "289", "12.36", "20"]


def _printed(where: str | None) -> str:
    """Of a number that is broken itself the part in its first line."""
    assert where is not None
    paragraph, start, end = where.split("_")
    return WRAPPED[int(paragraph[1:]) - 1][int(start) : int(end)]


@pytest.mark.parametrize("page", ["- 3 -", "第 2 页 共 5 页", "12", "— 4 —"])
def test_a_page_number_parts_no_sentence(page: str) -> None:
    before, after = "2023年支出合计428.90万元，其中基本支出", "139.40万元。"
    assert texts(before, page, after) == [before + after]
    assert [fact.raw for fact in facts(before, page, after)] == ["428.90", "139.40"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2023年支出合计428.90万元。", "其中基本支出139.40万元。"),  # a stop
        ("部门基本情况", "编制36人。"),  # a heading
        ("2023年支出合计428.90万元，其中基本支出", "　　139.40万元。"),  # indented: a paragraph
        ("2023年支出合计428.90万元，其中基本支出139.40万元，", "（二）项目支出289.50万元。"),  # a heading follows
        ("2023年支出合计428.90万元，其中基本支出12", "34.50万元。"),  # digits that may not belong together
    ],
)
def test_what_may_be_another_paragraph_stays_one(before: str, after: str) -> None:
    assert texts(before, after) == [before, after]


def test_digits_at_the_end_of_a_line_are_no_number() -> None:
    """基本支出6 | 22.48万元 must never become 6."""
    assert [fact.raw for fact in facts("全年总支出1,061.72万元，其中：基本支出6", "22.48万元。")] == ["1,061.72"]


def test_lines_inside_a_paragraph_are_joined_likewise() -> None:
    (passage,) = passages([Paragraph("2023年支出合计428.90万元，其中基本支出\n\n139.40万元。", "p1")])
    assert "\n" in passage.text
    (joined,) = passages([Paragraph("2023年收入合计500万元，支出合计428.90万元，\n其中基本支出139.40万元。", "p1")])
    assert "\n" not in joined.text
    assert joined.evidence(joined.text.index("139.40"), joined.text.index("139.40") + 6) == "p1_35_41"


def test_many_lines_are_joined_in_linear_time() -> None:
    line = "当年项目支出三百余项均已完成验收并且归档，"
    (passage,) = passages([Paragraph("\n".join([line] * 20_000), "p1")])
    assert len(passage.pieces) == 20_000
    assert passage.piece_at(len(passage.text) - 1).offset == (len(line) + 1) * 19_999
