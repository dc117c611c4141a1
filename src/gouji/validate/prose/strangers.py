"""X5-other: another unit's name where the report speaks of itself.

柳溪镇人民政府: 桃花坪镇党委、政府将进一步加强预算管理          told once, as the one who acts   → told
云岭县市场监督管理局: 进一步提升云岭县农业农村局预算管理水平      as the one who is to improve     → told
建议县财政局进一步加强资金管理 · 云岭县市监局将进一步…            advice to others, a short form   → nothing
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from gouji.text.labels import close_up
from gouji.validate.prose.telling import Told, judge_told
from gouji.validate.prose.text import any_of, has_any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gouji.patterns.rules import Rule
    from gouji.validate.case import Case
    from gouji.validate.judgement import Judgement

_SHORTEST = 3
_BETTER = "(?:加强|提升|提高|强化|完善|规范|健全)"
_BETTER_FIRST = re.compile(_BETTER)
_LINKS = "的与和及、"


def check_strangers(rule: Rule, case: Case) -> Iterator[Judgement]:
    """One judgement a report with a name."""
    own = close_up(case.report.unit_name or "")
    found: list[Told] = []
    for passage in case.passages if own else ():
        if not has_any(passage.text, rule.options["self"]):
            continue
        for sentence in passage.sentences():
            name = _name_in(sentence.text, rule)
            if name is not None and _is_strange(name, own, case):
                found.append(Told(f"“{sentence.shown}”，写有“{name}”", (sentence.evidence(case),)))
    yield from judge_told(found, compared=bool(own and case.passages))


def _name_in(text: str, rule: Rule) -> str | None:
    """The unit whose own management a sentence speaks of."""
    options = rule.options
    if not has_any(text, options["self"]) or _BETTER_FIRST.search(text) is None:
        return None
    for pattern in _patterns(options["kinds"], options["self"]):
        match = pattern.search(text)
        if match is not None and not has_any(text[: match.end()], options["others"]):
            return match["name"].strip(_LINKS)
    return None


@lru_cache(maxsize=4)
def _patterns(kinds: tuple[str, ...], own: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    name = rf"(?P<name>[\u4e00-\u9fff]{{1,12}}(?:{any_of(kinds).pattern}))"
    matter = any_of(own).pattern
    return (
        re.compile(
            rf"(?:^|[,。;:\s]){name}(?:人民政府|党委、?政府|党委|党组|领导班子)?将?(?:继续|进一步|切实|不断|着力)+{_BETTER}[^,。;]{{0,8}}(?:{matter})"
        ),
        re.compile(rf"{_BETTER}{name}的?(?:{matter})"),
    )


def _is_strange(name: str, own: str, case: Case) -> bool:
    """Whether a name is no short form of the unit's, nor of a unit the report tells of."""
    if len(name) <= _SHORTEST - 1 or _is_short_for(name, own) or _is_short_for(own, name):
        return False
    if name[0] in "我本全各该其" or case.said.count(name) > 1:
        return False
    entities = {close_up(row.entity) for row in case.rows if row.entity}
    return not any(_is_short_for(name, entity) or entity in name for entity in entities)


def _is_short_for(short: str, whole: str) -> bool:
    """Whether all its letters stand in the whole in their order: 县市监局, 云岭县市场监督管理局."""
    letters = iter(whole)
    return all(letter in letters for letter in short)
