"""What the running text of a report says of its form: words in numbered headings, words with an amount in a sentence.

（二）机构设置及人员情况      heading        基本支出612.40万元      says        基本支出的构成较为稳定      no
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from gouji.text.headings import heading_key
from gouji.text.labels import normalise_label

if TYPE_CHECKING:
    from gouji.model.anchor import Region
    from gouji.patterns.forms import Mark

_AMOUNT = r"[^0-9。;；]{0,16}[0-9][0-9,.]{0,20}[余多]?(?:[万亿千]?元|人|名|个|分)"


def has_narrative_mark(region: Region, mark: Mark) -> bool:
    """Whether a heading holds one of the words, or a sentence states an amount right after one of them."""
    if mark.headings:
        keys = (heading_key(paragraph.printed) for paragraph in region.prose)
        return any(hint in key for key in keys if key for hint in mark.headings)
    pattern = _amount_after(mark.says)
    return any(pattern.search(normalise_label(paragraph.text)) is not None for paragraph in region.prose)


@lru_cache(maxsize=64)
def _amount_after(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(map(re.escape, words))}){_AMOUNT}")
