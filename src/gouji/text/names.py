"""Names of units: what they end in, and words that stand for the reporting unit itself."""

from __future__ import annotations

import re

from gouji.text.labels import fold_name

UNIT_SUFFIX = re.compile(
    r"(局|委|委员会|办公室|办|中心|院|校|学校|所|站|队|会|社|馆|厅|部|处|园|街道|镇|乡|协会|联合会|大队|支队|总队|公司|委员会|法院|检察院|场|台|署|宫|库|政府|政协|人大|大学|党校|段|基地|"
    r"指挥部|学院|管委会|集团|银行|医院)$"
)
_PART_OF_UNIT = re.compile(r"(?:机关|本级|本部)$")
_SELF = re.compile(r"^(?:本|我)(?:单位|部门|局|中心|院|校|所|站|委|办)$")
_AND = re.compile(r"[与及]")
_LONGEST = 24


def is_unit_like(label: str) -> bool:
    """Whether a label may be the name of a unit or of a part of it (机关本级, 事务中心)."""
    return 2 < len(label) <= _LONGEST and bool(UNIT_SUFFIX.search(label) or _PART_OF_UNIT.search(label))


def is_self(label: str) -> bool:
    """Whether a label stands for the unit that reports (本单位)."""
    return bool(_SELF.match(label))


def unit_key(name: str | None) -> str:
    """A unit's name without what people write one way or the other: widths, spaces, quotes, 和 与 及."""
    return _AND.sub("和", fold_name(name or ""))


def may_shorten(short: str, name: str) -> bool:
    """Whether every character of a short name comes in the full name, in order (一中, 某区第一中学)."""
    rest = iter(name)
    return len(short) > 1 and all(character in rest for character in short)


def may_be_same_unit(left: str | None, right: str | None) -> bool:
    """Whether two names may stand for one unit: equal, one the short form of the other, or one of them unknown."""
    one, other = unit_key(left), unit_key(right)
    if not one or not other or one == other:
        return True
    short, name = sorted((one, other), key=len)
    return may_shorten(short, name)
