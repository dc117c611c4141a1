"""Formula text → syntax tree, by an LALR grammar (formula.lark). Imported only when a rule folder is compiled.

parse_formula("基本支出 = 人员支出 + 公用支出", Names({"基本支出": "expenditure.basic", …}))
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import lark
from lark.lexer import Lexer

from gouji.patterns.formula import (
    STAGE_WORDS,
    ArithmeticSign,
    Band,
    Binary,
    Body,
    Call,
    Column,
    Compare,
    ComparisonSign,
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
    children_of,
    walk,
)
from gouji.patterns.formula_tokens import Names, Token, tokenise

if TYPE_CHECKING:
    from gouji.model.report import Stage

_COMPARISONS: dict[str, ComparisonSign] = {"EQ": "=", "NE": "!=", "LE": "<=", "GE": ">=", "LT": "<", "GT": ">"}
_ARITHMETIC: dict[str, ArithmeticSign] = {"PLUS": "+", "MINUS": "-", "STAR": "*", "SLASH": "/"}
_CONDITIONS = (Compare, Within, Not, Logic, When)
_MENTION_SHAPES = {(where, what) for where in (Body, Column) for what in (Text, Ref)}
_OPERATORS = {
    "EQ": "=", "NE": "≠", "LE": "≤", "GE": "≥", "LT": "<", "GT": ">", "PLUS": "+", "MINUS": "-", "STAR": "×", "SLASH": "÷",
    "RPAR": ")", "RSQB": "]", "COMMA": ",", "THEN": "则", "NAME": "名称", "NUMBER": "数", "LPAR": "(", "LSQB": "[",
}  # fmt: skip


class _Feed(Lexer):
    """Hands tokens that are already made to the parser."""

    def __init__(self, lexer_conf: object) -> None:
        del lexer_conf

    def lex(self, data: Iterable[Token]) -> Iterator[lark.Token]:  # type: ignore[override]
        for token in data:
            yield lark.Token(token.type, token, start_pos=token.offset)


class _Builder(lark.Transformer[lark.Token, Expr]):
    """Grammar rules → nodes. Runs while parsing."""

    def when(self, items: list[Any]) -> Expr:
        condition, then = (item for item in items if not isinstance(item, lark.Token))
        return When(condition, then)

    def any(self, items: list[Any]) -> Expr:
        return _logic("or", items)

    def all(self, items: list[Any]) -> Expr:
        return _logic("and", items)

    def negated(self, items: list[Any]) -> Expr:
        return Not(items[1])

    def sign(self, items: list[Any]) -> ComparisonSign:
        return _COMPARISONS[items[0].type]

    def compared(self, items: list[Any]) -> Expr:
        pairs = [Compare(items[i], _unquoted(items[i - 1]), _unquoted(items[i + 1])) for i in range(1, len(items), 2)]
        return pairs[0] if len(pairs) == 1 else Logic("and", tuple(pairs))

    def within(self, items: list[Any]) -> Expr:
        return Within(items[0], items[2])

    def interval(self, items: list[Any]) -> Band:
        opening, low, _, high, closing = items
        return Band(low, high, opening.type == "LPAR", closing.type == "RPAR")

    def bound(self, items: list[Any]) -> Decimal:
        value = _value(items[-1])
        return -value if items[0].type == "MINUS" else value

    def arithmetic(self, items: list[Any]) -> Expr:
        left, sign, right = items
        return Binary(_ARITHMETIC[sign.type], _unquoted(left), _unquoted(right))

    def minus(self, items: list[Any]) -> Expr:
        return Negate(_unquoted(items[1]))

    def number(self, items: list[Any]) -> Expr:
        return Number(_value(items[0]))

    def text(self, items: list[Any]) -> Expr | _QuotedName:
        token: Token = items[0].value
        return _QuotedName(token) if token.concept else Text(token.value)

    def word(self, items: list[Any]) -> _Word:
        return _Word(items[0].value)

    def body(self, items: list[Any]) -> Expr:
        del items
        return Body()

    def column(self, items: list[Any]) -> Expr:
        return Column(items[0].value.value, items[-1].value.value)

    def section(self, items: list[Any]) -> Expr:
        return Body(items[2].value.value)

    def call(self, items: list[Any]) -> Expr:
        arguments = tuple(item for item in items if not isinstance(item, lark.Token))
        function = items[0].value.value
        if function == "提及":
            arguments = tuple(
                Text(item.token.value) if isinstance(item, (_Word, _QuotedName)) else item for item in arguments
            )
        return Call(function, arguments)

    def group(self, items: list[Any]) -> Expr:
        return cast("Expr", items[1])

    def reference(self, items: list[Any]) -> Expr:
        source, _dot, name, _open, stage, _close = items
        token: Token = name.value
        return Ref(token.concept, token.value, source.value.value if source else "", _stage(stage))


class _Word:
    """An unknown word: refused anywhere but in 提及(…)."""

    def __init__(self, token: Token) -> None:
        self.token = token


class _QuotedName:
    """A known name in quotes: the name where a number is meant, the words in 提及(…)."""

    def __init__(self, token: Token) -> None:
        self.token = token


def _unquoted(item: Any) -> Expr:  # noqa: ANN401 - parser values
    return Ref(item.token.concept, item.token.value) if isinstance(item, _QuotedName) else cast("Expr", item)


def _logic(word: str, items: list[Any]) -> Expr:
    terms = tuple(item for item in items if not isinstance(item, lark.Token))
    return Logic("or" if word == "or" else "and", terms)


def _value(token: lark.Token) -> Decimal:
    return cast("Decimal", cast("Token", token.value).number)


def _stage(token: lark.Token | None) -> Stage:
    if token is None:
        return "final"
    word = cast("Token", token.value)
    if word.value not in STAGE_WORDS:
        raise FormulaError(word.offset, f"“{word.value}”不是资金阶段；可用：{'、'.join(STAGE_WORDS)}")
    return STAGE_WORDS[word.value]


@cache
def _parser() -> lark.Lark:
    grammar = Path(__file__).with_name("formula.lark").read_text(encoding="utf-8")
    return lark.Lark(
        grammar, parser="lalr", lexer=_Feed, transformer=_Builder(), maybe_placeholders=True, keep_all_tokens=True
    )


def parse_formula(formula: str, names: Names) -> Expr:
    """Read one formula; raises FormulaError with the offset of what does not fit."""
    tokens = tokenise(formula, names)
    try:
        tree = cast("Expr", _parser().parse(cast("Any", tokens)))
    except lark.UnexpectedToken as error:
        raise _unexpected(error, formula, names) from None
    except lark.exceptions.VisitError as error:
        raise error.orig_exc from None
    tree = _unquoted(tree)
    _refuse_unknown_words(tokens, tree, names)
    _check_shapes(tree)
    return tree


def _unexpected(error: lark.UnexpectedToken, formula: str, names: Names) -> FormulaError:
    token = error.token.value if isinstance(error.token.value, Token) else None
    if token is not None and token.type == "WORD":
        return _unknown_name(token, names)
    expected = "、".join(sorted({_OPERATORS[name] for name in error.accepts or () if name in _OPERATORS}))
    if token is None:
        return FormulaError(len(formula), f"公式没有写完，此处应有：{expected}")
    return FormulaError(token.offset, f"“{token.value}”不应出现在这里，此处应有：{expected}")


def _unknown_name(token: Token, names: Names) -> FormulaError:
    near = difflib.get_close_matches(token.value, names.concepts, n=1, cutoff=0.4)
    hint = f"；是否指“{near[0]}”？" if near else "；请先在 concepts.yml 中登记。"
    return FormulaError(token.offset, f"未知的名称“{token.value}”{hint}")


def _refuse_unknown_words(tokens: list[Token], tree: Expr, names: Names) -> None:
    """Words stand only in 提及(…) and 章节[…]; there they have become texts."""
    allowed = {node.text for node in walk_words(tree) if isinstance(node, Text)}
    allowed |= {node.section for node in walk_words(tree) if isinstance(node, Body) and node.section}
    for token in tokens:
        if token.type == "WORD" and token.value not in allowed and token.value not in STAGE_WORDS:
            raise _unknown_name(token, names)


def walk_words(tree: Expr) -> Iterator[Expr]:
    """Every node that is a real one: unknown words are none."""
    return (node for node in walk(tree) if not isinstance(node, (_Word, _QuotedName)))


def _check_shapes(tree: Expr) -> None:
    """Arithmetic takes numbers, 且/或/非 take conditions, functions take what they are made for."""
    for node in walk(tree):
        if isinstance(node, (Binary, Compare, Negate)):
            operands = [node.operand] if isinstance(node, Negate) else [node.left, node.right]
            if any(isinstance(operand, _CONDITIONS) for operand in operands):
                raise FormulaError(0, "加减乘除和比较的两边须是数，不能是条件")
            if not isinstance(node, Compare) and any(isinstance(operand, (Text, Body)) for operand in operands):
                raise FormulaError(0, "加减乘除的两边须是数，不能是文字")
        elif isinstance(node, Call):
            _check_call(node)
        elif isinstance(node, (Logic, Not, When)) and not all(is_condition(part) for part in children_of(node)):
            raise FormulaError(0, "且、或、非、当、则 连接的须是条件，不能是数")


def is_condition(expr: Expr) -> bool:
    """Whether an expression is true or false, so that it can be a rule."""
    return isinstance(expr, _CONDITIONS) or (isinstance(expr, Call) and expr.function == "提及")


def _check_call(call: Call) -> None:
    kinds = tuple(type(argument) for argument in call.arguments)
    if call.function == "提及":
        if kinds not in _MENTION_SHAPES:
            raise FormulaError(0, "提及(…) 须写成 提及(正文, 词语)")
    elif call.function == "绝对值":
        if len(call.arguments) != 1:
            raise FormulaError(0, "绝对值(…) 只取一个数")
    elif len(call.arguments) != 1 or not isinstance(call.arguments[0], Column):
        raise FormulaError(0, f"{call.function}(…) 须写成 {call.function}(评分[*].列名)")
