"""Which unit of the roster a report is of: by code, then by name; what is not plain is asked.

102002                    → the unit with that code (or with that old code)
沅岚市云溯区政务督查服务中心 → 云溯区政务督查服务中心       the same but for the region before it
云溯区工信局               → 云溯区工业和信息化局         each character in order, first and last alike, one unit alone
云溯区农业局 (two fit)      → asked, with both as candidates
102002 云溯区教育局         → asked: code and name speak of two units
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Literal

import msgspec

from gouji.text.labels import fold_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gouji.roster.unit import Roster, RosterUnit

How = Literal["confirmed", "code", "old_code", "name", "region", "short", "asked", "unlisted"]
_REGION = re.compile(r"^[\u4e00-\u9fff]{1,5}?[省市州县区旗]")
_REGION_END = re.compile(r"[省市州县区旗]$")
_TAIL = re.compile(
    r"(?:综合|公共|机关)?(?:服务|事务|管理|发展|促进|指导|保障)*(?:委员会|办公室|办事处|中心|[局委办站所队会社馆院校处])$"
)
_WHOLE_UNIT = re.compile(r"[(](?:本级|机关|本部)[)]$|(?:本级|本部)$")
_SHARE = 0.3
_DEEP = 8
_ALIKE = 0.5
_UNLIKE = 0.25
_CANDIDATES = 3
_SHORTEST = 3


class Match(msgspec.Struct, frozen=True):
    """The unit's serial number and how it was found, or the candidates; `remark` is for people."""

    unit: int | None
    how: How
    candidates: tuple[int, ...] = ()
    remark: str = ""


class Matcher:
    """The roster's codes and names, prepared once."""

    def __init__(self, roster: Roster) -> None:
        self.units = roster.units
        self._codes = _index((_code_key(unit.code), unit) for unit in self.units)
        self._old = _index((_code_key(code), unit) for unit in self.units for code in unit.old_codes)
        self._names = _index((_name_key(unit.name), unit) for unit in self.units)
        self._regions = _find_regions([_name_key(unit.name) for unit in self.units])
        self._cores = _index((self.core_of(unit.name), unit) for unit in self.units)

    def match(self, code: str | None, name: str | None, confirmed: str = "") -> Match:
        """The unit of a report by what it says of itself; `confirmed` is what a person wrote."""
        if confirmed:
            return self._take_confirmed(confirmed, code, name)
        by_code, how = self._find_code(code)
        by_name, named_how = self._find_name(name)
        if len(by_code) == 1:
            return self._agree(by_code[0], how, by_name, name)
        if len(by_name) == 1 and (not by_code or by_name[0] in by_code):
            return self._settle_name(by_name[0], named_how, code, name)
        if by_code or by_name:
            return Match(None, "asked", tuple(dict.fromkeys([*by_code, *by_name])), "与名册中几家单位都相符")
        near = self._find_near(name)
        return Match(None, "asked" if near else "unlisted", near, "名册中没有同名单位" if name else "报告没有单位名称")

    def core_of(self, name: str | None) -> str:
        """A name without the region before it and 本级 behind it."""
        key = _WHOLE_UNIT.sub("", _name_key(name))
        for region in self._regions:
            at = key.find(region)
            if 0 <= at <= _DEEP and len(key) > at + len(region) + 1:
                return key[at + len(region) :]
        return key

    def _take_confirmed(self, confirmed: str, code: str | None, name: str | None) -> Match:
        """What a person settled: a code, or a name of the roster."""
        found = self._codes.get(_code_key(confirmed), []) or self._names.get(_name_key(confirmed), [])
        if len(found) == 1:
            return Match(found[0], "confirmed", remark="按登记确认")
        again = self.match(code, name)
        return msgspec.structs.replace(again, remark=f"登记的“{confirmed}”不在名册中；{again.remark}".rstrip("；"))

    def _find_code(self, code: str | None) -> tuple[list[int], How]:
        key = _code_key(code)
        if key in self._codes:
            return self._codes[key], "code"
        return self._old.get(key, []), "old_code"

    def _find_name(self, name: str | None) -> tuple[list[int], How]:
        """Units of that name; else of that name but for its region; else those it may be short for."""
        key, core = _name_key(name), self.core_of(name)
        if not key:
            return [], "name"
        if key in self._names:
            return self._names[key], "name"
        if core in self._cores:
            return self._cores[core], "name"
        behind = [n for known, units in self._names.items() for n in units if _ends_with(key, known)]
        if behind:
            return behind, "region"
        return [n for known, units in self._cores.items() for n in units if _is_short(core, known)], "short"

    def _agree(self, unit: int, how: How, by_name: list[int], name: str | None) -> Match:
        """A code names one unit; the name may belong to another."""
        if unit in by_name or not name:
            return Match(unit, how, remark="按原编码相符" if how == "old_code" else "")
        if by_name:
            return Match(None, "asked", (unit, *by_name), "预算编码与单位名称不是同一家")
        listed = self.units[unit].name
        if _likeness(self.core_of(name), self.core_of(listed)) < _UNLIKE:
            return Match(None, "asked", (unit,), f"预算编码是{listed}的，单位名称却不像")
        return Match(unit, how, remark=f"名册中的名称是{listed}")

    def _settle_name(self, unit: int, how: How, code: str | None, name: str | None) -> Match:
        """A name fits one unit. A code of its own that the roster does not know is said."""
        listed = self.units[unit]
        words = {"short": f"按简称与{listed.name}相符", "region": f"去掉地区名后与{listed.name}相符"}
        remarks = [words[how]] if how in words else []
        if code and listed.code and _code_key(code) != _code_key(listed.code):
            remarks.append(f"报告所填编码 {code} 与名册（{listed.code}）不同")
        if how in words and len(remarks) > 1:
            return Match(None, "asked", (unit,), f"{name}：{'；'.join(remarks)}")
        return Match(unit, how, remark="；".join(remarks))

    def _find_near(self, name: str | None) -> tuple[int, ...]:
        """Units of a similar name, the most similar first."""
        core = self.core_of(name)
        likeness = [(_likeness(core, self.core_of(unit.name)), -unit.serial) for unit in self.units] if core else []
        near = sorted((pair for pair in likeness if pair[0] >= _ALIKE), reverse=True)
        return tuple(-serial for _, serial in near[:_CANDIDATES])


def _index(pairs: Iterable[tuple[str, RosterUnit]]) -> dict[str, list[int]]:
    index: dict[str, list[int]] = defaultdict(list)
    for key, unit in pairs:
        if key and unit.serial not in index[key]:
            index[key].append(unit.serial)
    return dict(index)


def _code_key(code: str | None) -> str:
    """A code without leading zeros: a spreadsheet drops them."""
    return fold_name(code or "").lstrip("0")


def _name_key(name: str | None) -> str:
    return fold_name(name or "")


def _find_regions(names: list[str]) -> list[str]:
    """What many names begin with (云溯区): the bureau's own region."""
    heads = Counter(match[0] for name in names if (match := _REGION.match(name)))
    return [head for head, count in heads.most_common() if count >= max(2, _SHARE * len(names))]


def _ends_with(name: str, listed: str) -> bool:
    """沅岚市云溯区教育局 ends with 教育局, as a roster without regions calls it, and a region stands before it.

    霁川市档案馆 does not end with 云溯区档案馆: another region's unit is another unit.
    """
    return len(listed) >= _SHORTEST and name.endswith(listed) and bool(_REGION_END.search(name[: -len(listed)]))


def _is_short(one: str, other: str) -> bool:
    """Whether one name may be short for the other: first and last characters alike, the rest in order."""
    short, full = sorted((one, other), key=len)
    if len(short) < _SHORTEST or len(short) == len(full) or short[0] != full[0] or short[-1] != full[-1]:
        return False
    rest = iter(full)
    return all(character in rest for character in short)


def _likeness(one: str, other: str) -> float:
    """Share of pairs of neighbouring characters that two names have in common (Dice); what half of all units end in is no likeness."""
    first, second = _pairs(_TAIL.sub("", one) or one), _pairs(_TAIL.sub("", other) or other)
    total = len(first) + len(second)
    return 2 * len(first & second) / total if total else 0.0


def _pairs(name: str) -> set[str]:
    return {name[n : n + 2] for n in range(len(name) - 1)}
