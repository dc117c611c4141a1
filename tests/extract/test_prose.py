"""Sentences → facts: every example of prose.yml, places of the characters, hedges, broken text, speed."""

from __future__ import annotations

import time
from decimal import Decimal
from itertools import starmap
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gouji.extract.context import Context
from gouji.extract.prose import facts_of_prose
from gouji.extract.prose_lexicon import LETTERS
from gouji.extract.prose_shapes import ROLES
from gouji.model.anchor import Region
from gouji.model.document import Paragraph
from gouji.model.report import Fact
from gouji.patterns import load_patterns
from gouji.patterns.prose import STEPS, Example, Role, read_prose
from gouji.patterns.source import Problems

PATTERNS = load_patterns()
EXAMPLES = list(PATTERNS.prose.examples())
YEAR = 2021


def read(*paragraphs: str, year: int | None = YEAR) -> list[Fact]:
    context = Context(PATTERNS, None, ragged=False)
    context.unit_name, context.year = "测试区教育局", year
    return facts_of_prose(Region(prose=tuple(starmap(_paragraph, enumerate(paragraphs, start=1)))), context)


def _paragraph(number: int, text: str) -> Paragraph:
    return Paragraph(text, f"p{number}")


def shown(fact: Fact) -> str:
    """A fact as examples write it: concept, printed number, unit, a stage other than final, a year other than the report's."""
    parts = [fact.concept, *(["none"] if fact.state == "none" else []), fact.raw, fact.unit or ""]
    parts += [fact.stage if fact.stage != "final" else "", str(fact.period) if fact.period != YEAR else ""]
    return " ".join(part for part in parts if part)


def figures(*paragraphs: str) -> dict[str, str]:
    return {fact.concept: fact.raw for fact in read(*paragraphs)}


@pytest.mark.parametrize(
    ("mark", "example"), EXAMPLES, ids=[f"{mark.rpartition(':')[2]}-{example.say[:16]}" for mark, example in EXAMPLES]
)
def test_examples(mark: str, example: Example) -> None:
    facts = read(example.say)
    assert [shown(fact) for fact in facts] == list(example.take), mark
    taken = {fact.raw for fact in facts} | {f"{fact.raw}{fact.unit or ''}" for fact in facts}
    assert not taken & set(example.never), mark


def test_every_entry_says_what_is_taken_and_what_is_not() -> None:
    assert sum(bool(example.take) for _, example in EXAMPLES) >= 60
    assert sum(not example.take or bool(example.never) for _, example in EXAMPLES) >= 40


def test_a_number_and_its_unit_at_their_very_characters() -> None:
    text = "　　“三公”经费 ３，518.85 万元（其中：公务接待费\u200b7.72万元"
    first, second = read(text)
    for fact, number in ((first, "３，518.85"), (second, "7.72")):
        assert fact.raw == number
        assert _printed(text, fact.where) == number
        assert _printed(text, fact.unit_where) == "万元"
    assert first.value == Decimal("3518.85")
    assert (first.label, first.entity, first.period, first.origin) == ("“三公”经费", "测试区教育局", 2021, "prose")
    assert first.place == "正文第1段"


def _printed(text: str, where: str | None) -> str:
    assert where is not None
    _, start, end = where.split("_")
    return text[int(start) : int(end)]


def test_absence_at_the_words_that_declare_it() -> None:
    text = "全年三公经费支出4万元，没有发生因公出国 （境）费用。"
    total, absent = read(text)
    assert (total.state, absent.state, absent.value, absent.unit_where) == ("value", "none", None, None)
    assert absent.raw == _printed(text, absent.where) == "没有发生因公出国 （境）费用"


def test_zero_is_no_absence() -> None:
    assert [(fact.state, fact.value) for fact in read("因公出国（境）费0.00万元。")] == [("zero", Decimal("0.00"))]


def test_a_list_says_its_unit_once() -> None:
    text = "编制36人，实有38、退休5人。"
    _, actual, retired = read(text)
    assert actual.unit == "人"
    assert _printed(text, actual.unit_where) == "人"
    assert actual.unit_where == retired.unit_where


@pytest.mark.parametrize(
    ("said", "low", "high"),
    [
        ("约50万元", "45", "55"),
        ("近30万元", "20", "30"),
        ("100余万元", "100", "200"),
        ("120多万元", "120", "130"),
        ("60万元以上", "60", None),
        ("超过60万元", "60", None),
        ("60万元左右", "55", "65"),
        ("60万元", None, None),
    ],
)
def test_hedges_bound_the_value(said: str, low: str | None, high: str | None) -> None:
    (fact,) = read(f"基本支出{said}。")
    assert fact.quantity is not None
    assert (fact.quantity.low, fact.quantity.high) == (low and Decimal(low), high and Decimal(high))


def test_units_of_one_sentence_may_differ() -> None:
    facts = read("支出合计871.05万元，基本支出8710500元，项目支出0.05亿元，公用支出3千元，人员支出2万。")
    assert [fact.quantity.base_value for fact in facts if fact.quantity] == [8710500, 8710500, 5000000, 3000, 20000]


def test_the_scope_a_sentence_names() -> None:
    facts = read("一般公共预算财政拨款基本支出800万元，一般公共预算支出900万元，基本支出950万元。")
    assert [(fact.concept, fact.scope) for fact in facts] == [
        ("expenditure.basic", "一般公共预算"),
        ("expenditure.total", "一般公共预算"),
        ("expenditure.basic", None),
    ]


def test_years_without_a_year_of_the_report() -> None:
    facts = read("基本支出60万元。2020年基本支出50万元，上年项目支出5万元。", year=None)
    assert [(fact.raw, fact.period) for fact in facts] == [("60", None), ("50", 2020)]


def test_after_another_year_a_sentence_must_name_its_own() -> None:
    facts = read("2020年三公经费支出8万元。其中公务接待费3万元。公务接待费5万元。2021年公务接待费4万元。")
    assert [(fact.raw, fact.period) for fact in facts] == [("8", 2020), ("3", 2020), ("4", 2021)]


def test_a_lead_in_names_the_subject_of_the_next_sentence() -> None:
    assert [shown(fact) for fact in read("（三）公务接待费。2021年预算5万元，决算4.16万元，完成预算的83.2%。")] == [
        "three_public.reception 5 万元 initial",
        "three_public.reception 4.16 万元",
    ]


@pytest.mark.parametrize(
    ("heading", "taken"),
    [
        ("（二）项目支出情况", ["expenditure.project 48 万元"]),
        ("（二）公务接待费", ["three_public.reception 48 万元"]),
        ("（1）道路养护项目", []),
        ("（二）专项资金使用情况", []),
        ("二、部门支出情况", ["expenditure.total 48 万元"]),
        ("二、部门项目及支出情况", ["expenditure.total 48 万元"]),
    ],
)
def test_what_spending_means_under_a_heading(heading: str, taken: list[str]) -> None:
    assert [shown(fact) for fact in read(heading, "2021年全年支出48万元。")] == taken
    assert [shown(fact) for fact in read(f"{heading}。2021年全年支出48万元。")] == taken


def test_a_heading_names_the_subject_of_the_next_paragraph() -> None:
    facts = read("（二）公务接待费", "预算5万元，决算4万元。")
    assert [(shown(fact), fact.label, fact.where) for fact in facts] == [
        ("three_public.reception 5 万元 initial", "公务接待费", "p2_2_3"),
        ("three_public.reception 4 万元", "公务接待费", "p2_8_9"),
    ]


def test_stages_under_a_heading_of_the_whole() -> None:
    text = "年初预算数100万元，调整后预算数120万元，支出决算115万元。"
    stages = ["expenditure.total 100 万元 initial", "expenditure.total 120 万元 adjusted", "expenditure.total 115 万元"]
    assert [shown(fact) for fact in read("二、部门预算执行情况", text)] == stages
    assert read("（一）防汛项目", text) == []
    national = "年初预算100万元，全年预算120万元，全年执行115万元。"
    assert [(fact.concept, fact.stage) for fact in read("二、预算执行情况", national)] == [
        ("budget.total", "initial"),
        ("budget.total", "adjusted"),
        ("budget.total", "final"),
    ]


def test_the_unit_has_a_name_and_others_have_theirs() -> None:
    assert (
        figures("测试区教育局公务接待费5万元。")
        == figures("区教育局公务接待费5万元。")
        == {"three_public.reception": "5"}
    )
    assert figures("区水利局公务接待费5万元。") == figures("各乡镇公务接待费5万元。") == {}


def test_parts_that_may_be_parts_of_a_change() -> None:
    assert figures("三公经费支出12万元，比上年减少3万元，其中公务接待费4万元，公务用车运行维护费8万元。") == {
        "three_public.total": "12",
        "three_public.reception": "4",
        "three_public.vehicle_running": "8",
    }
    assert figures("三公经费支出12万元，比上年减少3万元，其中公务接待费1万元，公务用车运行维护费2万元。") == {
        "three_public.total": "12"
    }


def test_kinds_are_the_whole_only_alone_even_across_paragraphs() -> None:
    assert figures("行政编制20人。", "实有19人。") == {"staffing.authorized": "20", "staffing.actual": "19"}
    assert figures("行政编制20人。", "事业编制16人。") == {}
    assert figures("行政编制20人。", "编制36人。") == {"staffing.authorized": "36"}


def test_brackets_that_never_close_end_with_their_sentence() -> None:
    facts = read("基本支出60万元（其中人员支出40万元（含公用支出5万元。项目支出40万元。")
    assert [fact.raw for fact in facts] == ["60", "40", "5", "40"]


def test_numbers_broken_over_lines_and_numbers_apart() -> None:
    assert [fact.raw for fact in read("预算执行率95.\n10%。")] == ["95.\n10"]
    assert read("基本支出12 34万元。基本支出\n60万元。") == []


SENTENCES = [
    "支出", "基本支出、", "1、", "我局基本支出60万元，比上年增加3万元，其中人员经费40万元；", "（其中", "2021年", "分别为12.5、", "无因公出国费、",
    "单位编制36人，", "一二三", "1 ", "好的文字", "全年", "约近",
]  # fmt: skip


@pytest.mark.parametrize("piece", SENTENCES)
def test_time_grows_with_length_alone(piece: str) -> None:
    """A sentence of 100,000 characters is read whole; anything quadratic would take minutes."""
    text = (piece * (100_000 // len(piece) + 1))[:100_000]
    begin = time.process_time()
    read(text)
    assert time.process_time() - begin < 10


def test_a_sentence_without_an_end_is_read_to_its_end() -> None:
    clauses = "巡查河道12次，" * 9_000  # twice what is read at once
    facts = read(f"我局基本支出60万元，{clauses}项目支出40万元，{clauses}培训费3万元。公务接待费5万元。")
    assert [fact.raw for fact in facts] == ["60", "40", "3", "5"]


def test_pieces_of_one_sentence_share_what_holds_for_it() -> None:
    clauses = "巡查河道12次，" * 3_000
    assert [fact.raw for fact in read(f"2020年基本支出60万元，{clauses}项目支出40万元。")] == ["60", "40"]
    assert {fact.period for fact in read(f"2020年基本支出60万元，{clauses}项目支出40万元。")} == {2020}
    assert figures(f"基本支出比上年增加（其中：{clauses}人员支出40万元。") == {}


def test_what_has_no_clauses_is_no_text() -> None:
    assert read("基本支出60万元" * 9_000) == []


WORDS = sorted({word for _, entry in PATTERNS.prose.words for word in entry.words if entry.words.index(word) < 4})
PIECES = st.sampled_from(
    [
        *WORDS,
        *"，。；、（）：",
        "基本支出",
        "三公经费",
        "公务接待费",
        "编制",
        "实有",
        "退休",
        "支出",
        "60万元",
        "5",
        "38人",
        "95%",
        "购置",
        "2020年",
    ]
)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_whatever_a_sentence_says_facts_stand_where_they_are_printed(text: str) -> None:
    for fact in read(text):
        assert _printed(text, fact.where) == fact.raw
        assert fact.concept in PATTERNS.concepts
        assert fact.state in ("value", "zero", "none")


@given(st.text(max_size=80))
def test_any_text_is_read(text: str) -> None:
    for fact in read(text):
        assert _printed(text, fact.where) == fact.raw


def test_roles_of_the_file_are_those_of_the_reader() -> None:
    assert set(ROLES) == STEPS
    named = {"this_year", "last_year", "year_before", "next_year", "initial", "adjusted", "final"}
    assert set(get_args(Role)) - named <= set(LETTERS)


def test_a_bad_file_names_its_lines(tmp_path: Path) -> None:
    (tmp_path / "prose.yml").write_text(
        "words:\n  jion:\n    words: [为]\nlabels:\n  - concept: no.such\n    words: [某]\n    examples: [{say: 甲。}]\n"
        "shapes:\n  - {name: 甲, roles: label amuont, binds: level, examples: [{say: 甲。}]}\n",
        encoding="utf-8",
    )
    problems = Problems()
    read_prose(tmp_path, problems, PATTERNS.concepts)
    assert problems.lines == [
        "prose.yml:3: 没有 jion 这种成分",
        "prose.yml:3: 缺少例子（examples）",
        "prose.yml:5: 没有“no.such”这个要素",
        "prose.yml:9: 句式里有不认识的成分：amuont",
    ]


def test_a_folder_without_the_file_reads_no_sentences(tmp_path: Path) -> None:
    assert read_prose(tmp_path, Problems(), PATTERNS.concepts).shapes == ()
