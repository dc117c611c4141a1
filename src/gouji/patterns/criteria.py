"""criteria/*.yml → the standard indicators: how a row is recognised and what its ratio is made of.

    indicators:
      - name: 在职人员控制率
        aliases: [财政供养人员控制率]
        base: 100%
        words: {不超编: ≤100%}
        ratios:
          - 在职人数 / 人员编制
          - {formula: 实有人数 / 人员编制, verdict: review, note: 实有人数可能包含编外、离退休人员}
        basis: {document: 财预〔2013〕53号, clause: 附件2, verified: no}

A ratio marked `verdict: review` rests on a term that the form leaves undefined: it never makes a failure. One marked
`explains` is another usage than the standard one: a score that follows from it only is asked about, not accused.
`undefined` says why there is no formula at all; `denominators` then still tell whether there is anything to divide by.
"""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast, get_args

import msgspec

from gouji.model.finding import Basis
from gouji.patterns.formula import Expr, FormulaError, Number, Ref, refs_of
from gouji.patterns.source import read_basis, read_source
from gouji.text.labels import label_key

if TYPE_CHECKING:
    from gouji.patterns.formula_tokens import Names
    from gouji.patterns.source import Mapping, Node, Problems

_PERCENT = re.compile(r"^(-?\d+(?:\.\d+)?)(%?)$")
RatioVerdict = Literal["fail", "review", "explains"]


class RatioFormula(msgspec.Struct, frozen=True):
    """One way to compute an indicator's ratio, or the condition of a case.

    `verdict`: what a disagreement under it may be; explains: agreeing with it alone is no more than an explanation.
    """

    formula: Expr
    source: str
    refs: tuple[Ref, ...]
    verdict: RatioVerdict = "fail"
    note: str = ""


class CaseCondition(msgspec.Struct, frozen=True):
    """Words of a criterion (无结余) and the formulas they may mean, one for each reading."""

    says: tuple[str, ...]
    when: tuple[RatioFormula, ...]


class CriterionExample(msgspec.Struct, frozen=True):
    """How a criterion must read: its kind and, for a value, the points of each reading."""

    criterion: str
    weight: Decimal
    kind: str
    value: Decimal | None
    points: tuple[Decimal, ...]
    mark: str


class StandardIndicator(msgspec.Struct, frozen=True):
    """An indicator that many forms share."""

    name: str
    keys: frozenset[str]
    base: Decimal | None
    words: tuple[tuple[str, str], ...]
    ratios: tuple[RatioFormula, ...]
    cases: tuple[CaseCondition, ...]
    denominators: tuple[RatioFormula, ...]
    prose: tuple[str, ...]
    is_change: bool
    undefined: str
    is_survey: bool
    basis: Basis | None
    examples: tuple[CriterionExample, ...]
    mark: str


def load_criteria(folder: Path, names: Names, problems: Problems) -> tuple[StandardIndicator, ...]:
    """Every file of `folder`/criteria; a name may mean one indicator only. Errors go to `problems`."""
    found: list[StandardIndicator] = []
    for path in sorted((folder / "criteria").glob("*.yml")):
        root = read_source(path, problems, f"criteria/{path.name}").as_mapping()
        found += [_CriteriaReader(names, problems).read(entry) for entry in root.mappings("indicators")]
        root.finish()
    _refuse_shared_names(found, problems)
    return tuple(found)


def _refuse_shared_names(found: list[StandardIndicator], problems: Problems) -> None:
    owner: dict[str, StandardIndicator] = {}
    for indicator in found:
        for key in sorted(indicator.keys):
            if owner.setdefault(key, indicator) is not indicator:
                problems.add(indicator.mark, f"“{key}”已是指标“{owner[key].name}”（{owner[key].mark}）的名称")


class _CriteriaReader:
    """Reads the entries of one file."""

    def __init__(self, names: Names, problems: Problems) -> None:
        self.names = names
        self.problems = problems

    def read(self, entry: Mapping) -> StandardIndicator:
        name = entry.text("name")
        words = entry.mapping("words").pairs() if entry.has("words") else iter(())
        indicator = StandardIndicator(
            name=name,
            keys=frozenset(label_key(label) for label in (name, *entry.texts("aliases", ()))),
            base=_read_value(entry.child("base")),
            words=tuple(sorted(((w, node.scalar()) for w, node in words), key=lambda pair: -len(pair[0]))),
            ratios=tuple(self._ratio(node, condition=False) for node in _items(entry.child("ratios"))),
            cases=tuple(self._case(item) for item in entry.mappings("cases")),
            denominators=tuple(self._ratio(node, condition=False) for node in _items(entry.child("denominators"))),
            prose=entry.texts("prose", ()),
            is_change=entry.flag("change"),
            undefined=entry.text("undefined", ""),
            is_survey=entry.flag("survey"),
            basis=read_basis(entry),
            examples=tuple(_read_example(item) for item in entry.mappings("examples")),
            mark=entry.mark,
        )
        if not (indicator.ratios or indicator.cases or indicator.undefined):
            entry.problem(f"指标“{name}”须写 ratios、cases 之一，没有公式的用 undefined 说明原因")
        entry.finish()
        return indicator

    def _case(self, entry: Mapping) -> CaseCondition:
        says = entry.texts("says")
        when = tuple(self._ratio(node, condition=True) for node in _items(entry.child("when")))
        if not when:
            entry.problem("缺少 when")
        entry.finish()
        return CaseCondition(says, when)

    def _ratio(self, node: Node, *, condition: bool) -> RatioFormula:
        """A formula alone, or {formula, verdict, note}."""
        if not node.is_mapping():
            return self._formula(node, condition=condition)
        entry = node.as_mapping()
        child = entry.child("formula")
        found = self._formula(child, condition=condition) if child is not None else _nothing()
        if child is None:
            entry.problem("缺少 formula")
        verdict = cast("RatioVerdict", entry.choice("verdict", get_args(RatioVerdict), "fail"))
        note = entry.text("note", "")
        entry.finish()
        return msgspec.structs.replace(found, verdict=verdict, note=note)

    def _formula(self, node: Node, *, condition: bool) -> RatioFormula:
        from gouji.patterns.formula_parser import is_condition, parse_formula  # noqa: PLC0415 - a cached folder needs no grammar
        from gouji.patterns.rules_reader import formula_mark  # noqa: PLC0415

        text = node.scalar()
        try:
            formula = parse_formula(text, self.names)
        except FormulaError as error:
            self.problems.add(formula_mark(node, error.offset), error.message)
            return _nothing()
        if is_condition(formula) is not condition:
            node.problem("cases 的 when 须是条件" if condition else "比率的公式须是一个数，不能是条件")
        return RatioFormula(formula, text, refs_of(formula))


def _nothing() -> RatioFormula:
    return RatioFormula(Number(Decimal(0)), "", ())


def _items(node: Node | None) -> list[Node]:
    if node is None:
        return []
    return [node] if node.is_mapping() else node.items()


def _read_value(node: Node | None) -> Decimal | None:
    """100% → 1; 0 → 0."""
    if node is None:
        return None
    match = _PERCENT.match(node.scalar())
    if match is None:
        node.problem(f"须如 100% 或 0：{node.scalar()!r}")
        return None
    return Decimal(match[1]) / 100 if match[2] else Decimal(match[1])


def _read_example(entry: Mapping) -> CriterionExample:
    points = entry.texts("points", ())
    example = CriterionExample(
        criterion=entry.text("criterion"),
        weight=entry.number("weight"),
        kind=entry.text("kind"),
        value=_read_value(entry.child("value")),
        points=tuple(Decimal(text) for text in points if re.fullmatch(r"\d+(?:\.\d+)?", text)),
        mark=entry.mark,
    )
    if len(example.points) != len(points):
        entry.problem(f"points 须是数：{'、'.join(points)}")
    entry.finish()
    return example
