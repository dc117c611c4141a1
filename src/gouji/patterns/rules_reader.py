"""YAML entries of rules and grades → `Rule`, `GradeSet`. Imported only when a rule folder is compiled.

entry ─_read_way→ mode, readings ─_read_rule→ Rule ─→ RuleLayers
      └─ no way to check: single keys of an inherited rule → Override
"""

from __future__ import annotations

import difflib
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, cast, get_args

import yaml

from gouji.model.finding import Audience, Severity, Verdict
from gouji.patterns.formula import Band, Expr, FormulaError, Number, Ref, When, Within, refs_of
from gouji.patterns.formula_parser import is_condition, parse_formula
from gouji.patterns.formula_tokens import Names
from gouji.patterns.formula_units import find_mismatch
from gouji.patterns.grades_reader import read_band
from gouji.patterns.rule_sets import DEFAULT, Layer, Override, RuleLayers
from gouji.patterns.rules import (
    CHECKS,
    NEEDS,
    Blank,
    Example,
    GoalLine,
    Mode,
    Reading,
    Rule,
    Scope,
    ScoreLine,
    SignLine,
)
from gouji.patterns.source import read_basis
from gouji.text.labels import fold_name

if TYPE_CHECKING:
    from collections.abc import Mapping as Dict

    from gouji.patterns.source import Mapping, Node, Problems

_WAYS = ("formula", "alternatives", "each", "bands", "when", "check")
_RULE_ID = re.compile(r"^[A-Z]+[0-9]*[a-z]?(-[\w一-鿿-]+)?$")
_YEAR = re.compile(r"^(?:19|20)[0-9]{2}$")


class RuleReader:
    """Collects the rules of every file, by set and year."""

    def __init__(self, names: Dict[str, str], problems: Problems) -> None:
        self.names = Names(names)
        self.problems = problems
        self.layers = RuleLayers(problems)

    def read_file(self, root: Mapping) -> None:
        """One file: its set and years, what the set inherits and drops, its rules."""
        name = root.text("rule_set", DEFAULT)
        years = _read_years(root)
        inherits = root.child("inherits")
        if inherits is not None:
            self.layers.inherit(name, inherits.scalar(), inherits.mark)
        dropped = {item.scalar(): item.mark for item in _items(root.child("without"))}
        region = root.child("region")
        layers = [self.layers.layer(name, year) for year in years]
        for layer in layers:
            layer.dropped |= dropped
            layer.region = (region.scalar(), region.mark) if region is not None else layer.region
        standalone = name == DEFAULT and years == [None]
        for entry in root.mappings("rules"):
            self._read_entry(entry, layers, standalone=standalone)
        root.finish()

    def _read_entry(self, entry: Mapping, layers: list[Layer], *, standalone: bool) -> None:
        """A rule, or where the set builds on another and no formula is written, an override."""
        override = not standalone and not any(entry.has(way) for way in _WAYS)
        rule = self._read_rule(entry, override=override)
        for layer in layers:
            known = layer.mark_of(rule.id)
            if known is not None:
                entry.problem(f"规则 {rule.id} 已在 {known} 定义")
            if override:
                given = {key: getattr(rule, key) for key in entry.names() if key != "id" and hasattr(rule, key)}
                layer.overrides[rule.id] = Override(rule.id, given | {"marks": rule.marks}, rule.mark)
            else:
                layer.rules[rule.id] = rule

    def _read_rule(self, entry: Mapping, *, override: bool = False) -> Rule:
        way: tuple[Mode, tuple[Reading, ...], str] = ("check", (), "") if override else self._read_way(entry)
        mode, readings, source = way
        rule = Rule(
            id=self._read_id(entry),
            version=entry.text("version", "1"),
            name=entry.text("name", "" if override else None),
            mode=mode,
            readings=readings,
            source=source,
            severity=cast("Severity", entry.choice("severity", get_args(Severity), "note" if override else None)),
            audience=cast("Audience", entry.choice("audience", get_args(Audience), "department")),
            scope=cast(
                "Scope", entry.choice("scope", get_args(Scope), "report" if mode in ("check", "bands") else "entity")
            ),
            waivable=entry.flag("waivable", default=True),
            blank=cast("Blank", entry.choice("blank", get_args(Blank), "zero_with_note")),
            check=entry.text("check") if entry.has("check") else None,
            open_if_blank=self._concepts(entry, "open_if_blank"),
            optional=self._concepts(entry, "optional"),
            residual=self._concepts(entry, "residual"),
            copies=self._concepts(entry, "copies"),
            message=entry.text("message", ""),
            advice=entry.text("advice", ""),
            basis=read_basis(entry),
            affects=entry.texts("affects", ()),
            accepted_reasons=entry.texts("accepted_reasons", ()),
            options=self._read_options(entry),
            needs=self._needs(entry, readings),
            failing=cast("Literal['fail', 'review']", entry.choice("failing", ("fail", "review"), "fail")),
            measures=self._measures(entry),
            words=self._words(entry),
            examples=tuple(self._read_example(item) for item in entry.mappings("examples")),
            mark=entry.mark,
            marks=entry.places(),
        )
        if not rule.examples and not override:
            entry.problem(f"规则 {rule.id} 没有 examples")
        entry.finish()
        return rule

    def _read_id(self, entry: Mapping) -> str:
        rule_id = entry.text("id")
        if not _RULE_ID.match(rule_id):
            entry.problem(f"规则编号 {rule_id!r} 须如 A3、A10b、X11-car")
        return rule_id

    def _read_way(self, entry: Mapping) -> tuple[Mode, tuple[Reading, ...], str]:
        """What the rule checks: exactly one of _WAYS."""
        ways = [way for way in _WAYS if entry.has(way)]
        if len(ways) != 1:
            entry.problem(f"须恰好写一种：{'、'.join(_WAYS)}")
            return "check", (), ""
        match ways[0]:
            case "bands":
                return "bands", self._bands(entry.mapping("bands")), "评价等次按综合得分所在区间"
            case "check":
                return "check", (), _describe_check(entry)
            case way:
                readings = self._formulas(way, entry)
                return ("each" if way == "each" else "any"), readings, " 或 ".join(r.source for r in readings)

    def _formulas(self, way: str, entry: Mapping) -> tuple[Reading, ...]:
        match way:
            case "alternatives":
                return tuple(r for node in _items(entry.child(way)) for r in self._alternative(node))
            case "each":
                return tuple(r for node in _items(entry.child(way)) for r in self._readings(node))
            case "when":
                return self._when(entry)
            case _:
                return self._readings(entry.child(way))

    def _readings(self, node: Node | None) -> tuple[Reading, ...]:
        expr = self._parse(node)
        if expr is not None and node is not None and not is_condition(expr) and not isinstance(expr, Number):
            node.problem("公式须是比较或条件，如 基本支出 = 人员支出 + 公用支出")
        mismatch = find_mismatch(expr) if expr is not None else None
        if mismatch is not None and node is not None:
            node.problem(f"“{mismatch[0]}”与“{mismatch[1]}”单位不同，不能相加或比较")
        return (
            (Reading(expr, node.scalar(), refs_of(expr), mark=node.place),)
            if expr is not None and node is not None
            else ()
        )

    def _alternative(self, node: Node) -> tuple[Reading, ...]:
        """A formula, or {formula, verdict, note, unless}."""
        if not node.is_mapping():
            return self._readings(node)
        entry = node.as_mapping()
        found = self._readings(entry.child("formula"))
        verdict = cast("Literal['pass', 'review']", entry.choice("verdict", ("pass", "review"), "pass"))
        note = entry.text("note", "")
        unless = self._columns(entry, "unless")
        entry.finish()
        return tuple(Reading(r.formula, r.source, r.refs, verdict, note, unless, r.mark) for r in found)

    def _when(self, entry: Mapping) -> tuple[Reading, ...]:
        when, then = entry.child("when"), entry.child("then")
        if when is None or then is None:
            entry.problem("当 when 出现时须有 then")
            return ()
        condition, consequence = self._parse(when), self._parse(then)
        if condition is None or consequence is None:
            return ()
        expr = When(condition, consequence)
        return (Reading(expr, f"当 {when.scalar()} 则 {then.scalar()}", refs_of(expr), mark=when.place),)

    def _bands(self, entry: Mapping) -> tuple[Reading, ...]:
        """{value, result} and perhaps the bands themselves; without them the region's grades hold."""
        value, result = self._parse(entry.child("value")), self._parse(entry.child("result"))
        if not isinstance(value, Ref) or not isinstance(result, Ref):
            entry.problem("bands 须有 value 和 result 两个名称")
            return ()
        readings = [Reading(Within(value, Band(Decimal(0), Decimal(100))), "", (value, result))]
        for key, node in entry.pairs():
            band = read_band(node) if key not in ("value", "result") else None
            if band is not None:
                readings.append(Reading(Within(value, band), key, (value, result)))
        return tuple(readings)

    def _parse(self, node: Node | None) -> Expr | None:
        if node is None:
            return None
        text = node.scalar()
        try:
            return parse_formula(text, self.names)
        except FormulaError as error:
            self.problems.add(formula_mark(node, error.offset), error.message)
            return Number(Decimal(0))

    def _concepts(self, entry: Mapping, key: str) -> tuple[str, ...]:
        """Names under a key, as concept ids."""
        node = entry.child(key)
        return tuple(self._concept(item) for item in node.items()) if node is not None else ()

    def _columns(self, entry: Mapping, key: str) -> tuple[str, ...]:
        """Names under a key, with their stages in brackets (年度资金总额[全年预算]), as concept ids with the same brackets."""
        node = entry.child(key)
        return tuple(self._figure_key(item.scalar(), item) for item in node.items()) if node is not None else ()

    def _concept(self, node: Node) -> str:
        return self._concept_of(node.scalar(), node)

    def _concept_of(self, name: str, node: Node) -> str:
        concept = self.names.concepts.get(fold_name(name))
        if concept is None:
            near = difflib.get_close_matches(fold_name(name), self.names.concepts, n=1, cutoff=0.4)
            node.problem(f"未知的名称“{name}”" + (f"；是否指“{near[0]}”？" if near else ""))
        return concept or name

    def _needs(self, entry: Mapping, readings: tuple[Reading, ...]) -> tuple[str, ...]:
        """What the rule says it needs, and the sources its formulas name."""
        said = entry.texts("needs", ())
        for need in sorted(set(said) - set(NEEDS)):
            entry.problem(f"needs 可写：{'、'.join(NEEDS)}；没有 {need!r}")
        named = (ref.source for reading in readings for ref in reading.refs if ref.source)
        return tuple(dict.fromkeys((*said, *named)))

    def _read_options(self, entry: Mapping) -> dict[str, tuple[str, ...]]:
        if not entry.has("options"):
            return {}
        return {key: tuple(item.scalar() for item in node.items()) for key, node in entry.mapping("options").pairs()}

    def _measures(self, entry: Mapping) -> dict[str, tuple[str, ...]]:
        """{人均公用支出: [公用支出, 在职人数]} → concept ids."""
        if not entry.has("measures"):
            return {}
        return {key: tuple(map(self._concept, node.items())) for key, node in entry.mapping("measures").pairs()}

    def _words(self, entry: Mapping) -> dict[str, tuple[str, ...]]:
        """{三公经费合计: [三公经费]} → concept id and its words."""
        if not entry.has("words"):
            return {}
        pairs = entry.mapping("words").pairs()
        return {self._concept_of(key, node): tuple(item.scalar() for item in node.items()) for key, node in pairs}

    def _read_example(self, entry: Mapping) -> Example:
        example = Example(
            verdict=cast("Verdict", entry.choice("verdict", get_args(Verdict))),
            figures=self._figures(entry, "figures"),
            unit=entry.text("unit", "万元"),
            rows=tuple(_read_line(node) for node in _items(entry.child("rows"))),
            entities=self._entities(entry, "entities"),
            prose=self._figures(entry, "prose"),
            titles=entry.texts("titles", ()),
            sections=entry.texts("sections", ()),
            text=entry.text("text", ""),
            names=entry.texts("names", ()),
            goals=tuple(_read_goal(node) for node in _items(entry.child("goals"))),
            year=int(entry.number("year", "2021")),
            date=entry.text("date", ""),
            difference=entry.text("difference") if entry.has("difference") else None,
            last_year=self._figures(entry, "last_year") if entry.has("last_year") else None,
            last_year_rows=tuple(_read_line(node) for node in _items(entry.child("last_year_rows"))),
            last_year_goals=tuple(_read_goal(node) for node in _items(entry.child("last_year_goals"))),
            reference=self._figures(entry, "reference") if entry.has("reference") else None,
            last_year_text=entry.text("last_year_text", ""),
            form_rows=tuple(_read_line(node) for node in _items(entry.child("form_rows"))),
            other_text=entry.text("other_text", ""),
            peers=_read_peers(entry),
            before=self._figures(entry, "before") if entry.has("before") else None,
            projects=self._entities(entry, "projects"),
            signed=tuple(_read_sign_off(item) for item in entry.mappings("signed")),
            source=entry.text("source", ""),
            mark=entry.mark,
        )
        entry.finish()
        return example

    def _figures(self, entry: Mapping, key: str) -> dict[str, str]:
        if not entry.has(key):
            return {}
        return {self._figure_key(name, node): node.scalar() for name, node in entry.mapping(key).pairs()}

    def _figure_key(self, name: str, node: Node) -> str:
        """A name with its stage or table in brackets (年度资金总额[全年预算]) → concept id with the same brackets."""
        plain, bracket, rest = name.partition("[")
        return self._concept_of(plain, node) + bracket + rest

    def _entities(self, entry: Mapping, key: str) -> dict[str, dict[str, str]]:
        rows = entry.mapping(key) if entry.has(key) else None
        return {name: self._figures(rows, name) for name, _ in rows.pairs()} if rows is not None else {}


def _read_years(root: Mapping) -> list[int | None]:
    """The years that a file is for; [None] for every year."""
    years: list[int | None] = []
    for node in _items(root.child("year")):
        if _YEAR.match(node.scalar()):
            years.append(int(node.scalar()))
        else:
            node.problem(f"年度须如 2022：{node.scalar()!r}")
    return years or [None]


def _items(node: Node | None) -> list[Node]:
    return node.items() if node is not None else []


def _describe_check(entry: Mapping) -> str:
    name = entry.text("check")
    if name not in CHECKS:
        entry.problem(f"没有名为 {name!r} 的检查；可用：{'、'.join(CHECKS)}")
    return CHECKS.get(name, "")


def formula_mark(node: Node, offset: int) -> str:
    """file:line:column of a character of a formula (columns from 1)."""
    raw = node.raw
    if not isinstance(raw, yaml.ScalarNode):
        return node.mark
    if node.cell:
        return f"{node.place}:{offset + 1}"
    if raw.style in ("|", ">"):
        before = str(raw.value)[:offset]
        return f"{node.file}:{node.line + 1 + before.count(chr(10))}:{len(before.rpartition(chr(10))[2]) + 1}"
    quote = 1 if raw.style in ("'", '"') else 0
    return f"{node.file}:{node.line}:{raw.start_mark.column + quote + offset + 1}"


def _read_peers(entry: Mapping) -> dict[str, tuple[str, ...]] | None:
    """What is measured → the values of the units."""
    if not entry.has("peers"):
        return None
    return {name: tuple(item.scalar() for item in node.items()) for name, node in entry.mapping("peers").pairs()}


def _read_sign_off(entry: Mapping) -> SignLine:
    """A place to sign: {kind, label, value, bureau}."""
    kind = cast("Literal['signature', 'date', 'opinion']", entry.choice("kind", ("signature", "date", "opinion")))
    line = SignLine(kind, entry.text("label"), entry.text("value", ""), bureau=entry.flag("bureau"))
    entry.finish()
    return line


def _read_goal(node: Node) -> GoalLine:
    """A goal: {kind, target, result}."""
    entry = node.as_mapping()
    line = GoalLine(entry.text("kind"), entry.text("target"), entry.text("result", ""))
    entry.finish()
    return line


def _read_line(node: Node) -> ScoreLine:
    """A scoring row: {name, weight, score, reason, level1, share}."""
    entry = node.as_mapping()
    line = ScoreLine(
        name=entry.text("name"),
        weight=entry.text("weight", ""),
        score=entry.text("score", ""),
        reason=entry.text("reason", ""),
        level1=entry.text("level1", ""),
        share=int(entry.number("share", "1")),
        criterion=entry.text("criterion", ""),
    )
    entry.finish()
    return line
