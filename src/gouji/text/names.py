"""Names of units: what they end in, and words that stand for the reporting unit itself."""

from __future__ import annotations

import re

UNIT_SUFFIX = re.compile(
    r"(局|委|委员会|办公室|办|中心|院|校|学校|所|站|队|会|社|馆|厅|部|处|园|街道|镇|乡|协会|联合会|大队|支队|总队|公司|委员会|法院|检察院|场|台|署|宫|库|政府|政协|人大|大学|党校|段|基地|"
    r"指挥部|学院|管委会|集团|银行|医院)$"
)
_PART_OF_UNIT = re.compile(r"(?:机关|本级|本部)$")
_SELF = re.compile(r"^(?:本|我)(?:单位|部门|局|中心|院|校|所|站|委|办)$")
_LONGEST = 24


def is_unit_like(label: str) -> bool:
    """Whether a label may be the name of a unit or of a part of it (机关本级, 事务中心)."""
    return 2 < len(label) <= _LONGEST and bool(UNIT_SUFFIX.search(label) or _PART_OF_UNIT.search(label))


def is_self(label: str) -> bool:
    """Whether a label stands for the unit that reports (本单位)."""
    return bool(_SELF.match(label))
