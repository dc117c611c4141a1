"""Where a unit of money is stated: （万元） in a title, 单位：元 on a line of its own, （元） in a header label."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gouji.text.labels import normalise_label

if TYPE_CHECKING:
    from gouji.locate.vocabulary import Vocabulary
    from gouji.model.quantity import Unit

_STATED = re.compile(
    r"(?:单位|金额)(?:unit|Unit|UNIT)?(?:均?为|均?是|[::])?(?:人民币)?\s*((?:万|百万|千|百|亿)?元)|以(?:人民币)?((?:万|百万|千|百|亿)?元)为(?:计量|金额)?单位"
)
_BELOW = re.compile(r"^[(]?(?:注|说明|备注|附注|※|\*)|(?:本表|上表|以上|上述)")
_BRACKET = re.compile(
    r"[(\[【〔](?:金额)?(?:单位[::]?)?(?:人民币)?((?:万|百万|千|百|亿)?元)[^()\[\]】〕]{0,6}[)\]】〕]|[,,/]((?:万|亿)?元)$"
)
_LAST_WORD = re.compile(
    r"(?:[(\[【〔](?:金额)?单位[::]?[^()\[\]】〕。]{1,8}[)\]】〕]|(?<=。)[^。]{0,20}(?:单位|金额)[^。]{1,12})[。::]?$"
)
_MAX_STATEMENT = 80


def unit_in_label(text: str, vocabulary: Vocabulary) -> Unit | None:
    """The unit a header label carries, or None."""
    if not text or len(text) > _MAX_STATEMENT:
        return None
    folded = normalise_label(text)
    match = _STATED.search(folded) or _BRACKET.search(folded)
    if match is None:
        return None
    return vocabulary.unit(next(name for name in match.groups() if name))


def is_below(text: str) -> bool:
    """Whether a line that states a unit speaks of the table above it (注：本表金额单位为元)."""
    return bool(_BELOW.search(normalise_label(text)))


def unit_in_line(text: str, vocabulary: Vocabulary) -> Unit | None:
    """The unit a title or a line of its own states for what follows; narrative sentences state none."""
    folded = normalise_label(text)
    if len(folded) <= _MAX_STATEMENT and "。" not in folded[:-1]:
        return unit_in_label(text, vocabulary)
    match = _LAST_WORD.search(folded)  # …使用情况。具体见下表（单位：元）。
    return unit_in_label(match.group(), vocabulary) if match is not None else None
