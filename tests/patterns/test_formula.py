"""The rule language: what parses to which tree, and which errors point where."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gouji.patterns.formula import (
    Band,
    Binary,
    Body,
    Call,
    Column,
    Compare,
    Expr,
    FormulaError,
    Logic,
    Negate,
    Not,
    Number,
    Ref,
    Text,
    When,
    Within,
    linear_terms,
    refs_of,
)
from gouji.patterns.formula_parser import parse_formula
from gouji.patterns.formula_tokens import Names
from gouji.patterns.formula_units import find_mismatch

NAMES = Names(
    {
        "基本支出": "expenditure.basic",
        "人员支出": "expenditure.personnel",
        "公用支出": "expenditure.public",
        "当年结余": "balance.current",
        "累计结余": "balance.cumulative",
        "上年结转": "income.carryover",
        "“三公”经费合计": "three_public.total",
        "因公出国(境)费": "three_public.abroad",
        "纳入专户管理的非税收入拨款": "income.special_account",
        "职务/职称": "person.post",
        "评分表.总分": "scoring.score_total",
        "综合得分": "performance.score",
        "评价等次": "performance.grade",
        "年度资金总额": "budget.total",
        "预算执行率": "budget.execution_rate",
    }
)
BASIC, PERSONNEL, PUBLIC = (
    Ref("expenditure.basic", "基本支出"),
    Ref("expenditure.personnel", "人员支出"),
    Ref("expenditure.public", "公用支出"),
)
SUM = Compare("=", BASIC, Binary("+", PERSONNEL, PUBLIC))


def parse(formula: str) -> Expr:
    return parse_formula(formula, NAMES)


@pytest.mark.parametrize(
    "formula",
    [
        "基本支出 = 人员支出 + 公用支出",
        "基本支出＝人员支出＋公用支出",
        "基本 支出 == 人员\n支出 + “公用支出”",
        "基本支出=(人员支出)+公用支出",
    ],
)
def test_widths_spaces_quotes_and_brackets_do_not_count(formula: str) -> None:
    assert parse(formula) == SUM


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (
            "“三公”经费 合计 ≧ 因公出国（境）费",
            Compare(">=", Ref("three_public.total", "三公经费合计"), Ref("three_public.abroad", "因公出国(境)费")),
        ),
        (
            "职务/职称 ≠ 纳入专户管理的非税收入拨款",
            Compare("!=", Ref("person.post", "职务/职称"), Ref("income.special_account", "纳入专户管理的非税收入拨款")),
        ),
        (
            "上年结转 = 上年.累计结余",
            Compare("=", Ref("income.carryover", "上年结转"), Ref("balance.cumulative", "累计结余", "上年")),
        ),
        (
            "合计(评分[*].自评得分) = 评分表.总分",
            Compare("=", Call("合计", (Column("评分", "自评得分"),)), Ref("scoring.score_total", "评分表.总分")),
        ),
        (
            "数量（评分［＊］．扣分原因）＞3",
            Compare(">", Call("数量", (Column("评分", "扣分原因"),)), Number(Decimal(3))),
        ),
        (
            "综合得分 属于 [90, 100)",
            Within(Ref("performance.score", "综合得分"), Band(Decimal(90), Decimal(100), high_open=True)),
        ),
        ("评价等次 = “优”", Compare("=", Ref("performance.grade", "评价等次"), Text("优"))),
        ("基本支出 ≤ 5万元", Compare("<=", BASIC, Number(Decimal(50000)))),
        ("预算执行率 ≥ 95%", Compare(">=", Ref("budget.execution_rate", "预算执行率"), Number(Decimal("0.95")))),
        (
            "年度资金总额[全年预算] > 0",
            Compare(">", Ref("budget.total", "年度资金总额", stage="adjusted"), Number(Decimal(0))),
        ),
        ("-基本支出 < 0", Compare("<", Negate(BASIC), Number(Decimal(0)))),
        ("提及(正文, 公务用车运行维护)", Call("提及", (Body(), Text("公务用车运行维护")))),
        ("提及(正文, “公用支出”)", Call("提及", (Body(), Text("公用支出")))),
        ("提及(正文, “公车”, 公务用车运行维护)", Call("提及", (Body(), Text("公车"), Text("公务用车运行维护")))),
        ("列支(正文, “会议费”)", Call("列支", (Body(), Text("会议费")))),
        ("提及(章节[改进措施], “进一步”)", Call("提及", (Body("改进措施"), Text("进一步")))),
        (
            "0 ≤ 基本支出 ≤ 公用支出",
            Logic("and", (Compare("<=", Number(Decimal(0)), BASIC), Compare("<=", BASIC, PUBLIC))),
        ),
    ],
)
def test_samples(formula: str, expected: Expr) -> None:
    assert parse(formula) == expected


def test_a_condition_reads_without_spaces_although_names_begin_with_its_words() -> None:
    """当年结余 begins with 当, 非税 with 非: names win."""
    tree = parse("当当年结余<0则累计结余≧0 且 非(基本支出＝0 或 人员支出 ≠ 公用支出)")
    assert isinstance(tree, When)
    assert tree.condition == Compare("<", Ref("balance.current", "当年结余"), Number(Decimal(0)))
    assert isinstance(tree.then, Logic)
    assert isinstance(tree.then.terms[1], Not)


def test_products_bind_before_sums_and_sums_before_comparisons() -> None:
    tree = parse("基本支出 - 人员支出 × 2 ÷ 公用支出 = 0")
    product = Binary("/", Binary("*", PERSONNEL, Number(Decimal(2))), PUBLIC)
    assert tree == Compare("=", Binary("-", BASIC, product), Number(Decimal(0)))


@pytest.mark.parametrize(
    ("formula", "offset", "words"),
    [
        ("基本支岀 = 人员支出", 0, "是否指“基本支出”"),
        ("基本支出 = 人员支出 + 公用支岀", 14, "是否指“公用支出”"),
        ("基本支出 =", 6, "没有写完"),
        ("基本支出 = 人员支出 +× 公用支出", 13, "“×”不应出现在这里"),
        ("基本支出 = (人员支出", 12, "此处应有：)"),
        ("年度资金总额[去年] > 0", 7, "不是资金阶段"),
        ("评分[*].总分 = 1", 6, "没有这一列"),
        ("基本支出 = 人员支出 公用支出", 12, "不应出现在这里"),
        ("基本支出 # 1", 5, "不认识的符号"),
        ("评价等次 = “优", 7, "引号没有成对"),
        ("基本支出 = (人员支出 = 公用支出)", 0, "不能是条件"),
        ("合计(基本支出) = 1", 0, "须写成"),
        ("提及(正文) = 1", 0, "须写成"),
        ("列支(正文) = 1", 0, "须写成"),
        ("基本支出 且 人员支出 > 0", 0, "须是条件"),
        ("基本支出 = 人员支出 + “甲”", 0, "不能是文字"),
        ("", 0, "没有写完"),
        ("基本支出)", 4, "应有：+、-、<"),
        ("公车 ≤ “公车”", 0, "未知的名称“公车”"),
        ("(" * 60 + "基本支出" + ")" * 60, 50, "括号套得太深"),
    ],
)
def test_errors_say_where_and_what(formula: str, offset: int, words: str) -> None:
    with pytest.raises(FormulaError) as error:
        parse(formula)
    assert words in error.value.message
    assert error.value.offset == offset


def test_refs_and_linear_terms() -> None:
    tree = parse("基本支出 - 人员支出 = 公用支出 - 当年结余")
    assert [ref.name for ref in refs_of(tree)] == ["基本支出", "人员支出", "公用支出", "当年结余"]
    terms = linear_terms(tree)
    assert terms is not None
    assert {ref.name: int(factor) for ref, factor in terms.items()} == {
        "基本支出": 1,
        "人员支出": -1,
        "公用支出": -1,
        "当年结余": 1,
    }
    assert linear_terms(parse("基本支出 × 2 = 公用支出")) is None


def test_a_tree_survives_the_cache_format() -> None:
    tree = parse("当 综合得分 属于 [90,100] 且 提及(正文, “节约”) 则 基本支出 ≤ 人员支出 + 公用支出")
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(tree), type=type(tree)) == tree


_PIECES = [
    "基本支出",
    "人员支出",
    "当年结余",
    "合计",
    "(",
    ")",
    "[",
    "]",
    "*",
    ".",
    "+",
    "-",
    "=",
    "≤",
    "且",
    "或",
    "非",
    "当",
    "则",
    "评分",
    "5",
    "“",
    " ",
    "甲",
]


@settings(deadline=None)  # a loaded machine is no failure
@given(st.lists(st.sampled_from(_PIECES), max_size=12).map("".join) | st.text(max_size=20))
def test_any_text_parses_or_is_refused_with_a_place_inside_it(formula: str) -> None:
    error = error_of(formula)
    assert error is None or (0 <= error.offset <= len(formula) and error.message)


def error_of(formula: str) -> FormulaError | None:
    """What a formula is refused with; any other exception passes through."""
    try:
        parse(formula)
    except FormulaError as error:
        return error
    return None


@pytest.mark.parametrize(
    ("formula", "mismatch"),
    [
        ("基本支出 = 人员支出 + 综合得分", ("基本支出", "综合得分")),
        ("基本支出 > 0 且 综合得分 = 预算执行率", ("综合得分", "预算执行率")),
        ("基本支出 ÷ 综合得分 ≤ 5万元", None),
        ("预算执行率 = 年度资金总额[执行] ÷ 年度资金总额[全年预算]", None),
        ("合计(评分[*].自评得分) = 评分表.总分", None),
        ("合计(评分[*].自评得分) = 基本支出", ("自评得分", "基本支出")),
        ("数量(评分[*].扣分原因) = 0", None),
    ],
)
def test_like_is_compared_with_like(formula: str, mismatch: tuple[str, str] | None) -> None:
    assert find_mismatch(parse(formula)) == mismatch
