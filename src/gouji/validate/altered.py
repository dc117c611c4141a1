"""T5: what differs from the form as issued: a weight changed, a criterion softened, a row left out.

    form   在职人员控制率 | … 每高出1个百分点扣0.5分  | 5
    report 在职人员控制率 | … 每高出1个百分点扣0.05分 | 5     → T5, both wordings side by side

What a unit adds to a criterion is its own affair, and so are rows that the form leaves open (细化成相应的个性化指标). Where most rows differ it is
another form, and no row is accused.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from gouji.validate.case import present
from gouji.validate.expression import plain
from gouji.validate.form_rows import criterion_key, path_of, rows_of_form
from gouji.validate.judgement import NOT_APPLICABLE, Judgement, replaced

if TYPE_CHECKING:
    from gouji.model.finding import Severity
    from gouji.model.report import Indicator
    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case
    from gouji.validate.context import FormRow, Template

Path = tuple[str, ...]
_SAME_FORM = (3, 5)  # of the form's rows must be here unchanged
_MANY = 8
_SHOWN = 36
_OPEN = re.compile(
    r"个性化指标|细化(?:成|为)|有选择[的地]?(?:进行)?设[置定]|自行(?:设[置定]|调整|细化|确定)"
    r"|(?:根据|结合|按照)[^，。；,;]{0,10}实际(?:情况)?(?:进行)?(?:调整|细化|设[置定])"
)


class Pair(NamedTuple):
    """A row of the form and the same row here."""

    form: FormRow
    row: Indicator


def check_altered_form(rule: Rule, case: Case) -> Iterator[Judgement]:
    """A judgement for every row that was changed, and one for the rows that are gone."""
    del rule
    template = case.context.template
    own = {path_of(row): row for row in case.report.indicators}
    if template is None or not own or not _fixed_rows(template):
        yield NOT_APPLICABLE
        return
    opened = template.rows.keys() - _fixed_rows(template).keys()
    template = msgspec.structs.replace(template, rows=_fixed_rows(template))
    pairs = _match(template, own)
    changes = {path: list(_changes(pair, template, case)) for path, pair in pairs.items()}
    same = sum(not found for found in changes.values())
    if same * _SAME_FORM[1] < len(template.rows) * _SAME_FORM[0]:
        slots = {"来源": template.origin, "数": str(same), "总": str(len(template.rows))}
        yield Judgement("undecided", "form.other", slots, severity="note") if template.given else NOT_APPLICABLE
        return
    severity: Severity = "explain" if template.given else "note"
    bad = _merged([judgement for found in changes.values() for judgement in found])
    if len(bad) > _MANY:
        bad = [_summary(bad, template)]
    bad += _missing(template, pairs, own, {} if opened else rows_of_form(case.report))
    yield from (replaced(judgement, severity=severity) for judgement in bad)
    if not bad:
        yield Judgement("pass", "form.pass", {"来源": template.origin, "数": str(len(pairs))})


def _fixed_rows(template: Template) -> dict[Path, FormRow]:
    """The form's rows without those whose criterion tells each unit to put its own indicators there."""
    return {
        path: row for path, row in template.rows.items() if not _OPEN.search("".join((row.criterion or "").split()))
    }


def _match(template: Template, own: dict[Path, Indicator]) -> dict[Path, Pair]:
    """The form's rows found here: by the path of their names, else by the last name where only one row bears it."""
    here = _by_last_name(own)
    there = Counter(path[-1] for path in template.rows)
    pairs: dict[Path, Pair] = {}
    for path, form in template.rows.items():
        row = own.get(path) or (here.get(path[-1]) if there[path[-1]] == 1 else None)
        if row is not None:
            pairs[path] = Pair(form, row)
    return pairs


def _by_last_name(own: dict[Path, Indicator]) -> dict[str, Indicator]:
    counts = Counter(path[-1] for path in own if path)
    return {path[-1]: row for path, row in own.items() if path and counts[path[-1]] == 1}


def _changes(pair: Pair, template: Template, case: Case) -> Iterator[Judgement]:
    form, row = pair
    weight = row.weight.value if row.weight is not None else None
    if form.weight is not None and weight is not None and weight != form.weight:
        slots = {"项": form.name, "来源": template.origin, "表样": plain(form.weight), "报告": plain(weight)}
        evidence = present([case.evidence_of_cell(row.cells.get("weight"), row, "copy")])
        yield Judgement("review", "form.weight", slots, evidence=evidence, suffix=f"{form.name}-分值")
    if form.criterion and row.criterion and _is_altered(form.criterion, row.criterion):
        before, after = _difference(form.criterion, row.criterion)
        slots = {"项": form.name, "来源": template.origin, "表样": before, "报告": after}
        evidence = present([case.evidence_of_cell(row.cells.get("criterion"), row, "copy")])
        yield Judgement("review", "form.criterion", slots, evidence=evidence, suffix=f"{form.name}-标准")


def _merged(judgements: list[Judgement]) -> list[Judgement]:
    """One change made in several rows is told once."""
    groups: dict[tuple[str, str, str], list[Judgement]] = {}
    for judgement in judgements:
        groups.setdefault((judgement.say, judgement.slots["表样"], judgement.slots["报告"]), []).append(judgement)
    return [
        replaced(
            same[0],
            slots=same[0].slots | {"项": "”“".join(judgement.slots["项"] for judgement in same)},
            evidence=present(piece for judgement in same for piece in judgement.evidence),
        )
        for same in groups.values()
    ]


def _is_altered(form: str, here: str) -> bool:
    """Whether the form's words are no longer all there, in their order."""
    return form != here and criterion_key(form) not in criterion_key(here)


def _difference(form: str, here: str) -> tuple[str, str]:
    """Where two texts part, with some words before and after."""
    left, right = "".join(form.split()), "".join(here.split())
    start = next((n for n, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))
    return _cut(left, start), _cut(right, start)


def _cut(text: str, at: int) -> str:
    start = max(0, at - _SHOWN // 2)
    end = at + _SHOWN // 2
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"


def _summary(bad: list[Judgement], template: Template) -> Judgement:
    names = list(dict.fromkeys(judgement.slots["项"] for judgement in bad))
    slots = {"来源": template.origin, "数": str(len(names)), "项": "、".join(names[:_MANY])}
    return Judgement("review", "form.many", slots, evidence=present(e for j in bad for e in j.evidence))


def _missing(
    template: Template, pairs: dict[Path, Pair], own: dict[Path, Indicator], named: dict[Path, FormRow]
) -> Iterator[Judgement]:
    """Rows of the form that are not here; rows here that the form does not have may be what became of them, unless it leaves rows open."""
    gone = [form.name for path, form in template.rows.items() if path not in pairs]
    if not gone:
        return
    taken = {id(pair.row) for pair in pairs.values()}
    known = {path for path in named if path in own}
    more = [path[-1] for path in known if id(own[path]) not in taken]
    added = f"；另有 {len(more)} 项是{template.origin}中没有的：{_listed(more)}" if more else ""
    slots = {"来源": template.origin, "数": str(len(gone)), "项": _listed(gone), "另": added}
    yield Judgement("review", "form.rows", slots, suffix="缺行")


def _listed(names: list[str]) -> str:
    return "、".join(f"“{name}”" for name in sorted(names)[:_MANY]) + ("等" if len(names) > _MANY else "")
