"""Formula text → syntax tree, by recursive descent: one method a line of the grammar. Tokens: formula_tokens.py.

    start       当 any [,] 则 any | any                 comparison  sum {= sum} | sum 属于 interval
    any         all {或 all}                            interval    ( [ or ( ) bound , bound ( ] or ) )
    all         negation {且 negation}                  sum         product {+ product}
    negation    非 negation | comparison                product     unary {× unary}
    atom        number | "text" | word | 正文 | (any)   unary       - unary | atom
                评分[*].field | 章节[name] | FUNC(any {, any}) | [上年.] NAME [ [stage] ]

parse_formula("基本支出 = 人员支出 + 公用支出", Names({"基本支出": "expenditure.basic", …}))
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, cast

from gouji.patterns.formula import (
    MENTIONS,
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
_TEXTS = (Body, Column)
_SAID = (Text, Ref)
_ATOMS = ("NUMBER", "STRING", "WORD", "BODY", "TABLE", "FUNC", "LPAR", "SOURCE", "NAME")
_MAX_DEPTH = 50  # brackets in brackets
_PRINTED = {
    "EQ": "=", "NE": "≠", "LE": "≤", "GE": "≥", "LT": "<", "GT": ">", "PLUS": "+", "MINUS": "-", "STAR": "×", "SLASH": "÷",
    "RPAR": ")", "RSQB": "]", "COMMA": ",", "THEN": "则", "NAME": "名称", "NUMBER": "数", "LPAR": "(", "LSQB": "[",
}  # fmt: skip


class _Word:
    """An unknown word: refused anywhere but in 提及(…)."""

    def __init__(self, token: Token) -> None:
        self.token = token


class _QuotedName:
    """A known name in quotes: the name where a number is meant, the words in 提及(…)."""

    def __init__(self, token: Token) -> None:
        self.token = token


class _Parser:
    """One pass over the tokens. `fitting` is what would have fitted where the current token stands."""

    def __init__(self, formula: str, names: Names) -> None:
        self.formula = formula
        self.names = names
        self.tokens = tokenise(formula, names)
        self.position = 0
        self.depth = 0
        self.fitting: set[str] = set()

    def take(self, *types: str) -> Token | None:
        """The current token, if it is of one of these types."""
        token = self.tokens[self.position] if self.position < len(self.tokens) else None
        if token is None or token.type not in types:
            self.fitting.update(types)
            return None
        self.position += 1
        self.fitting.clear()
        return token

    def need(self, *types: str) -> Token:
        """The current token, which must be of one of these types."""
        token = self.take(*types)
        if token is None:
            raise self.unexpected()
        return token

    def unexpected(self) -> FormulaError:
        """What is wrong with the current token, and what should stand there."""
        expected = "、".join(sorted({_PRINTED[name] for name in self.fitting if name in _PRINTED}))
        if self.position == len(self.tokens):
            return FormulaError(len(self.formula), f"公式没有写完，此处应有：{expected}")
        token = self.tokens[self.position]
        if token.type == "WORD":
            return _unknown_name(token, self.names)
        return FormulaError(token.offset, f"“{token.value}”不应出现在这里，此处应有：{expected}")

    def start(self) -> Expr:
        """The whole formula."""
        tree = self.when() if self.take("WHEN") else self.any()
        if self.position < len(self.tokens):
            raise self.unexpected()
        return _unquoted(tree)

    def when(self) -> Expr:
        condition = self.any()
        self.take("COMMA")
        self.need("THEN")
        return When(condition, self.any())

    def any(self) -> Expr:
        terms = self.many(self.all, "OR")
        return terms[0] if len(terms) == 1 else Logic("or", terms)

    def all(self) -> Expr:
        terms = self.many(self.negation, "AND")
        return terms[0] if len(terms) == 1 else Logic("and", terms)

    def many(self, part: Callable[[], Expr], between: str) -> tuple[Expr, ...]:
        """One part or more, with a token between them."""
        parts = [part()]
        while self.take(between):
            parts.append(part())
        return tuple(parts)

    def negation(self) -> Expr:
        return Not(self.negation()) if self.take("NOT") else self.comparison()

    def comparison(self) -> Expr:
        """a = b, or a chain: a = b = c says a = b and b = c."""
        sides = [self.sum()]
        if self.take("IN"):
            return Within(_unquoted(sides[0]), self.interval())
        signs: list[ComparisonSign] = []
        while sign := self.take(*_COMPARISONS):
            signs.append(_COMPARISONS[sign.type])
            sides.append(self.sum())
        if not signs:
            return sides[0]
        pairs = pairwise(map(_unquoted, sides))
        compared = tuple(Compare(sign, left, right) for sign, (left, right) in zip(signs, pairs, strict=True))
        return compared[0] if len(compared) == 1 else Logic("and", compared)

    def interval(self) -> Band:
        opening = self.need("LSQB", "LPAR")
        low = self.bound()
        self.need("COMMA")
        high = self.bound()
        closing = self.need("RSQB", "RPAR")
        return Band(low, high, opening.type == "LPAR", closing.type == "RPAR")

    def bound(self) -> Decimal:
        negative = self.take("MINUS")
        value = _number_of(self.need("NUMBER"))
        return -value if negative else value

    def sum(self) -> Expr:
        return self.arithmetic(self.product, "PLUS", "MINUS")

    def product(self) -> Expr:
        return self.arithmetic(self.unary, "STAR", "SLASH")

    def arithmetic(self, operand: Callable[[], Expr], *signs: str) -> Expr:
        """Operands from left to right."""
        left = operand()
        while sign := self.take(*signs):
            left = Binary(_ARITHMETIC[sign.type], _unquoted(left), _unquoted(operand()))
        return left

    def unary(self) -> Expr:
        return Negate(_unquoted(self.unary())) if self.take("MINUS") else self.atom()

    def atom(self) -> Expr:
        token = self.need(*_ATOMS)
        match token.type:
            case "TABLE":
                return self.table(token.value)
            case "FUNC":
                self.need("LPAR")
                return _call(token.value, self.bracketed(lambda: self.many(self.any, "COMMA")))
            case "LPAR":
                return self.bracketed(lambda: (self.any(),))[0]
            case "SOURCE" | "NAME":
                return self.reference(token)
            case _:
                return _leaf(token)

    def bracketed(self, inside: Callable[[], tuple[Expr, ...]]) -> tuple[Expr, ...]:
        """What stands before the closing bracket."""
        if self.depth == _MAX_DEPTH:
            raise FormulaError(self.tokens[self.position - 1].offset, "括号套得太深，请把公式拆开写")
        self.depth += 1
        found = inside()
        self.depth -= 1
        self.need("RPAR")
        return found

    def table(self, name: str) -> Expr:
        """A column of a table (评分[*].分值), or the text of a section (章节[存在问题])."""
        self.need("LSQB")
        token = self.need("STAR", "WORD", "NAME", "STRING")
        self.need("RSQB")
        if token.type != "STAR":
            return Body(token.value)
        self.need("DOT")
        return Column(name, self.need("FIELD").value)

    def reference(self, token: Token) -> Expr:
        """A name, of another report (上年.), at a stage ([年初预算])."""
        source = ""
        if token.type == "SOURCE":
            self.need("DOT")
            source, token = token.value, self.need("NAME")
        stage: Stage = "final"
        if self.take("LSQB"):
            stage = _stage_of(self.need("WORD", "NAME"))
            self.need("RSQB")
        return Ref(token.concept, token.value, source, stage)


def _leaf(token: Token) -> Expr:
    match token.type:
        case "NUMBER":
            return Number(_number_of(token))
        case "BODY":
            return Body()
        case "STRING" if not token.concept:
            return Text(token.value)
        case kind:
            return cast("Expr", _QuotedName(token) if kind == "STRING" else _Word(token))


def _call(function: str, arguments: tuple[Expr, ...]) -> Call:
    """提及(…) and 列支(…) take words as they stand; the others take names."""
    if function not in MENTIONS:
        return Call(function, tuple(map(_unquoted, arguments)))
    return Call(
        function, tuple(Text(it.token.value) if isinstance(it, _Word | _QuotedName) else it for it in arguments)
    )


def _number_of(token: Token) -> Decimal:
    return token.number if token.number is not None else Decimal(token.value)


def _stage_of(word: Token) -> Stage:
    if word.value not in STAGE_WORDS:
        raise FormulaError(word.offset, f"“{word.value}”不是资金阶段；可用：{'、'.join(STAGE_WORDS)}")
    return STAGE_WORDS[word.value]


def _unquoted(item: Expr) -> Expr:
    return Ref(item.token.concept, item.token.value) if isinstance(item, _QuotedName) else item


def parse_formula(formula: str, names: Names) -> Expr:
    """Read one formula; raises FormulaError with the offset of what does not fit."""
    tree = _Parser(formula, names).start()
    _refuse_unknown_words(tree, names)
    _check_shapes(tree)
    return tree


def _unknown_name(token: Token, names: Names) -> FormulaError:
    near = difflib.get_close_matches(token.value, names.concepts, n=1, cutoff=0.4)
    hint = f"；是否指“{near[0]}”？" if near else "；请先在 concepts.yml 中登记。"
    return FormulaError(token.offset, f"未知的名称“{token.value}”{hint}")


def _refuse_unknown_words(tree: Expr, names: Names) -> None:
    """Words stand only in 提及(…), 列支(…) and 章节[…]; there they have become texts."""
    for node in walk(tree):
        if isinstance(node, _Word):
            raise _unknown_name(node.token, names)


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
    return isinstance(expr, _CONDITIONS) or (isinstance(expr, Call) and expr.function in MENTIONS)


def _check_call(call: Call) -> None:
    kinds = tuple(type(argument) for argument in call.arguments)
    if call.function in MENTIONS:
        if len(kinds) <= 1 or kinds[0] not in _TEXTS or any(kind not in _SAID for kind in kinds[1:]):
            raise FormulaError(0, f"{call.function}(…) 须写成 {call.function}(正文, 词语)，可列多个词语")
    elif call.function == "绝对值":
        if len(call.arguments) != 1:
            raise FormulaError(0, "绝对值(…) 只取一个数")
    elif len(call.arguments) != 1 or not isinstance(call.arguments[0], Column):
        raise FormulaError(0, f"{call.function}(…) 须写成 {call.function}(评分[*].列名)")
