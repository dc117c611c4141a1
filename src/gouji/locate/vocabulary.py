"""From a label to its possible meanings.

    meanings("其他")  → [income.other (weak), assets.other (weak)]
    meanings("公共财政拨款") → [income.public_budget (strong)]
    roles("机构名称") → {"entity"}

A label is looked up by its key, then with a leading year or 本年 and a trailing 数/额/情况 dropped.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from gouji.model.anchor import Moment
from gouji.text.dates import fold_years
from gouji.text.labels import label_key, normalise_label
from gouji.text.numerals import UnitTable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gouji.model.quantity import Unit
    from gouji.patterns import Patterns
    from gouji.patterns.concepts import Concept
    from gouji.patterns.forms import Field, Form

_LEADING = re.compile(
    r"^(?:(?:19|20)\d{2}年(?:度|末|底)?|本年度?|年末|期末|年度|当年|全年|部门|单位|部门\(单位\)|本单位|本部门|\(单位\))(?=.)"
)
_TRAILING = re.compile(r"(?:金额|数额|总额|情况|数|额)$")
_OPTIONAL = re.compile(r"\((境|维护|用|支出|费|收入|财政|财政拨款|经费|性|预算|单位|部门|借|决算|决算数|数)\)")
_CLASS_CODE = re.compile(
    r"^3(?:0\d|1[0-3])(?=[\u4e00-\u9fff])"
)  # 301工资福利支出: the class of the economic classification
_AND = re.compile(r"及|和|与|、|/")
_YEAR = re.compile(r"^((?:19|20)\d{2})年度?-?")
_RELATIVE = re.compile(r"^(?:上年度?|去年|本年度?|当年)(?=.)")
_LAST_YEAR = ("上年", "去年")
_AMOUNT_TAIL = re.compile(r"(?<=..)(?:金额|数|额)$")
_YEAR_NOTE = re.compile(r"\(((?:19|20)\d{2})年度?\)$")
_FORMULA = re.compile(r"(?<=[数额率算])[A-D](?:/[A-D])?$")  # 全年预算数A, 执行率B/A
_NOTE = re.compile(r"\([^()]*\)$")
_GRADES = re.compile(r"\([优良中差秀好等、,/]+\)$")
_MEASURE = re.compile(r"[(\[](?:单位:)?([^()\[\]:]{1,4})[)\]]$")
_MEASURED = {
    "money": ("money",),
    "people": ("count",),
    "count": ("count",),
    "percent": ("percent",),
    "points": ("score",),
}
_CAPTION = re.compile(r"^(?:附?表|附件|[一二三四五六七八九十]+、|[(][一二三四五六七八九十]+[)])")
_TABLE_NUMBER = re.compile(r"^(?:公开\d{1,2}表|附?表[一二三四五六七八九十\d-]{0,4})[、:]?")
_PARTIAL = re.compile(r"[上下]半年|第?[一二三四1-4]季度|截[至止].{0,9}月|\d{1,2}月?[-—–~～至]\d{1,2}月")
_WHOLE_YEAR = re.compile(r"截[至止].*12月|0?1月?[-—–~～至]12月")
_UNIT_TAIL = re.compile(r"(?:金额)?单位:?[\u4e00-\u9fff]{1,3}$")
_OF_TABLE = re.compile(r"(?:预?决?算|情况|明细|构成)*表?$")
_STAGE = re.compile(r"预算|决算|执行|批复")
_FUND = "预算"
_BRACKETED_STAGE = re.compile(r"\(([^()]*)\)$")
_WHEN = re.compile(r"(?:(?:19|20)\d{2}年|上年|去年)?")
_MAX_LABEL = 48
_MAX_TITLE = 60


class Meaning(NamedTuple):
    """One thing a label may mean; a weak one holds only inside the concept's topic."""

    concept: Concept
    strong: bool


class Vocabulary:
    """Lookup over concepts, roles and the fields of all forms."""

    def __init__(self, patterns: Patterns) -> None:
        self.patterns = patterns
        self.units = UnitTable(patterns.units)
        self._meanings: dict[str, list[Meaning]] = defaultdict(list)
        self._roles: dict[str, set[str]] = defaultdict(set)
        self._fields: dict[str, Field] = {}
        self._people: dict[str, str] = {}
        self._goal_kinds: set[str] = set()
        for concept in patterns.concepts.values():
            self._add_labels(concept, (concept.name, *concept.aliases), strong=True)
            self._add_labels(concept, concept.weak, strong=False)
        self._false_friends = {
            label_key(label) for concept in patterns.concepts.values() for label in concept.false_friends
        }
        for role, keys in patterns.roles.items():
            for key in keys:
                self._roles[key].add(role)
        self._scopes = [
            (label_key(label), concept.scope)
            for concept in patterns.concepts.values()
            if concept.scope
            for label in (concept.name, *concept.aliases)
        ]
        self._stages = {key: stage for stage, keys in patterns.stages.items() for key in keys}
        self._topic_titles: list[tuple[str, str]] = []
        for form in patterns.forms:
            self._add_form(form)
        self.meanings = lru_cache(maxsize=8192)(self._find_meanings)
        self.strong = lru_cache(maxsize=8192)(self._find_strong)
        self.roles = lru_cache(maxsize=8192)(self._find_roles)
        self.moment = lru_cache(maxsize=8192)(self._find_moment)
        self.moment_of_figure = lru_cache(maxsize=8192)(self._find_moment_of_figure)

    def _add_labels(self, concept: Concept, labels: Iterable[str], *, strong: bool) -> None:
        for label in labels:
            found = self._meanings[label_key(label)]
            if all(meaning.concept is not concept for meaning in found):
                found.append(Meaning(concept, strong))

    def _add_form(self, form: Form) -> None:
        for field in form.fields:
            for key in field.keys:
                self._fields.setdefault(key, field)
        for role, keys in form.people.items():
            for key in keys:
                self._people.setdefault(key, role)
        self._goal_kinds.update(form.goal_kinds)
        self._topic_titles += [
            (label_key(hint), topic) for topic, entry in form.topics.items() for hint in entry.titles
        ]

    def _find_meanings(self, text: str) -> tuple[Meaning, ...]:
        """Every meaning of a label, strong ones first; () where it names no concept."""
        if not text or len(text) > _MAX_LABEL:
            return ()
        key = label_key(text)
        measure = self._measure(text)
        for variant in _variants(key):
            if variant in self._meanings:
                found = [
                    m
                    for m in self._meanings[variant]
                    if measure is None or m.concept.kind in _MEASURED.get(measure, ())
                ]
                if variant == key or (key not in self._false_friends and any(m.strong for m in found)):
                    return tuple(sorted(found, key=lambda meaning: not meaning.strong))
        dated = self._split_stage(key) if key not in self._false_friends else None
        return (Meaning(dated[0], strong=True),) if dated is not None else ()

    def _split_stage(self, key: str) -> tuple[Concept, Moment] | None:
        """The figure and the moment of a label that names both (2022年三公经费预算数); None where it does not."""
        base = _BRACKETED_STAGE.sub(r"\1", key)
        for start in range(2, len(base) - 1):
            if base[start:] in self._stages and _STAGE.search(base[start:]):
                concept = self.strong(base[:start])
                named = self.moment(_WHEN.match(base).group() + base[start:])  # type: ignore[union-attr]
                of_name = concept is not None and concept.scope is not None and base[start:] == _FUND  # 政府性基金预算
                if concept is not None and concept.kind == "money" and named is not None and not of_name:
                    return concept, named
        return None

    def _find_moment_of_figure(self, text: str) -> Moment | None:
        """When a label's figure holds: what the label says alone (决算数), or behind the figure's name (三公经费决算数)."""
        found = self.moment(text)
        if found is not None or not text or len(text) > _MAX_LABEL:
            return found
        key = label_key(text)
        dated = self._split_stage(key) if key not in self._false_friends else None
        return dated[1] if dated is not None and self.strong(text) is dated[0] else None

    def _measure(self, text: str) -> str | None:
        """The kind of unit that a label carries: 公务用车购置数（辆） counts vehicles; None where it carries none."""
        match = _MEASURE.search(normalise_label(text))
        unit = self.patterns.units.get(match.group(1)) if match is not None else None
        return unit.kind if unit is not None else None

    def _find_strong(self, text: str) -> Concept | None:
        """The one concept a label means wherever it stands."""
        found = [meaning.concept for meaning in self.meanings(text) if meaning.strong]
        return found[0] if len(found) == 1 else None

    def only(self, text: str) -> Concept | None:
        """The concept of a label that has a single meaning, strong or weak."""
        found = self.meanings(text)
        return found[0].concept if len(found) == 1 else None

    def in_topic(self, text: str, topic: str | None) -> Concept | None:
        """The concept a label means inside a topic; a strong meaning holds anywhere."""
        found = self.meanings(text)
        strong = [meaning.concept for meaning in found if meaning.strong]
        if len(strong) == 1:
            return strong[0]
        inside = [meaning.concept for meaning in found if meaning.concept.topic == topic]
        return inside[0] if len(inside) == 1 else None

    def _find_roles(self, text: str) -> frozenset[str]:
        """Roles of a label, an empty set where it has none."""
        if not text or len(text) > _MAX_LABEL:
            return frozenset()
        key = label_key(text)
        return frozenset(self._roles.get(key) or self._roles.get(_NOTE.sub("", key)) or ())

    def compound(self, label: str) -> list[Concept]:
        """The figures that a label joined by 及 or 和 names (综合得分及评价等次), [] where it is no such label."""
        parts = _AND.split(label)
        if len(parts) == 1:
            return []
        concepts = [concept for part in parts if (concept := self.strong(part)) is not None]
        return concepts if len(concepts) == len(parts) else []

    def _find_moment(self, text: str) -> Moment | None:
        """The stage (and year) that a label such as 2020年决算数 or 全年预算数（A） names; None where it names none."""
        if not text or len(text) > _MAX_LABEL:
            return None
        key = _FORMULA.sub("", fold_years(label_key(text)))
        year = _YEAR.match(key)
        bracketed = _YEAR_NOTE.search(key)
        base = key[year.end() :] if year else _YEAR_NOTE.sub("", key)
        rest = _RELATIVE.sub("", base)
        bare = _AMOUNT_TAIL.sub("", base)  # 年初部门预算数
        stage = self._stages.get(base) or self._stages.get(rest) or self._stages.get(bare)
        if stage is None and year and base in ("", "末", "底"):
            stage = "final"
        if stage is None:
            return None
        named = year or bracketed
        offset = -1 if not named and key.startswith(_LAST_YEAR) else 0
        return Moment(stage, int(named.group(1)) if named else None, offset)

    def announced_topic(self, title: str) -> str | None:
        """The topic that a title announces, as some form prints it; the first named leads (三公经费财政拨款支出决算表)."""
        key = label_key(title)
        found = [(key.index(hint), -len(hint), topic) for hint, topic in self._topic_titles if hint in key]
        return min(found)[2] if found else None

    def moment_in_title(self, title: str) -> Moment | None:
        """When a table's figures hold where its columns do not say: a budget's are initial, those of 上年 last year's. None otherwise."""
        key = label_key(title)
        offset = -1 if key.startswith(_LAST_YEAR) else 0
        is_budget = any(word in key for word in self.patterns.budgets) and not self.tells_of_account(title)
        if not is_budget and not offset:
            return None
        return Moment("initial" if is_budget else "final", None, offset)

    def tells_of_account(self, title: str) -> bool:
        """Whether a title speaks of what was done, evaluated or changed (决算, 执行, 自评 …)."""
        return any(word in label_key(title) for word in self.patterns.accounts)

    def is_budget_document(self, title: str) -> bool:
        """Whether a title is that of a budget (2022年部门预算公开); captions of tables (表一 …) are none."""
        key = label_key(title)
        return (
            len(key) <= _MAX_TITLE
            and not _CAPTION.match(key)
            and any(word in key for word in self.patterns.prose.budgets)
        )

    def partial_in(self, title: str) -> str:
        """The words of a title that limit its table to a part of the year (上半年, 截至9月底); "" where it is of a year."""
        match = _PARTIAL.search(normalise_label(title))
        return match.group() if match is not None and not _WHOLE_YEAR.fullmatch(match.group()) else ""

    def announced_total(self, title: str) -> Concept | None:
        """What 合计 means in a table of one figure (基本支出明细表, 一般公共预算财政拨款基本支出决算表)."""
        key = _OF_TABLE.sub("", _TABLE_NUMBER.sub("", _UNIT_TAIL.sub("", _NOTE.sub("", label_key(title)))))
        for label, _ in self._scopes:
            key = key.removeprefix(label)
        return self.strong(key)

    def whole_year(self, label: str) -> bool:
        """Whether a row says that it is of the whole year (全年, 全年合计)."""
        return label_key(label).startswith("全年")

    def scope_in(self, text: str) -> str | None:
        """The scope that a title names: the longest name of a kind of money in it (一般公共预算财政拨款“三公”经费支出决算表)."""
        key = label_key(text) if len(text) <= _MAX_TITLE else ""
        found = [(len(label), scope) for label, scope in self._scopes if label in key]
        return max(found)[1] if found else None

    def says_what(self, text: str) -> bool:
        """Whether a label names a figure or groups some (其中)."""
        return bool(self.meanings(text)) or "group" in self.roles(text)

    def says_when(self, text: str) -> bool:
        """Whether a label names a moment, or a change between two."""
        return self.moment(text) is not None or self.is_change(text)

    def is_change(self, text: str) -> bool:
        """Whether a column holds changes or shares (增减额, 占比%), never levels."""
        return bool(text) and len(text) <= _MAX_LABEL and label_key(text) in self.patterns.changes

    def field(self, text: str) -> Field | None:
        """The form field a label names."""
        return self._fields.get(label_key(text)) if text and len(text) <= _MAX_LABEL else None

    def person_role(self, text: str) -> str | None:
        """The role of a person a label names (联系人 …)."""
        return self._people.get(label_key(text)) if text and len(text) <= _MAX_LABEL else None

    def goal_kind(self, text: str) -> bool:
        """Whether a label is a kind of goal (质量指标 …)."""
        return bool(text) and len(text) <= _MAX_LABEL and label_key(text) in self._goal_kinds

    def field_keys(self) -> set[str]:
        """All keys of fields and people, for cutting lines that hold several."""
        return set(self._fields) | set(self._people)

    def unit(self, name: str) -> Unit | None:
        """A unit by its printed name."""
        return self.patterns.units.get(name)


def _variants(key: str) -> Iterable[str]:
    """The key itself, then with a bracketed optional word kept or dropped (因公出国(境)费), then without its edges."""
    given = key
    yield key
    if "(" in key:
        yield _OPTIONAL.sub(r"\1", key)
        yield _OPTIONAL.sub("", key)
        yield _GRADES.sub("", key)
    key = _CLASS_CODE.sub("", key)
    head = _LEADING.sub("", key)
    if key != given:
        yield key
    if head != key:
        yield head
    tail = _TRAILING.sub("", key)
    if tail != key:
        yield tail
    both = _TRAILING.sub("", head)
    if both not in (key, head, tail):
        yield both
