"""What people write into the ledger, and what that decides: the words of labels.yml.

核验意见  同意豁免            → waive
          同意豁免（必改）     → waive, 必改 too
          豁免理由不成立       → unclear: begins like a waiver and is none
          请补充材料          → nothing
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from gouji.patterns.source import Mapping

Opinion = Literal["waive", "waive_hard", "unclear", ""]


class Rulings(msgspec.Struct, frozen=True):
    """Names of columns (`opinion`, `by`, `closed`, `reasons`), then the words that count in them."""

    opinion: str
    by: str
    closed: str
    reasons: tuple[str, ...]
    waive: tuple[str, ...]
    refuse: tuple[str, ...]
    hard: tuple[str, ...]
    yes: tuple[str, ...]

    def read_opinion(self, text: str) -> Opinion:
        """What an opinion decides; `unclear` where it begins like a waiver and goes on to say something else."""
        said = "".join(text.split())
        word = max((w for w in self.waive if said.startswith(w)), key=len, default="")
        if not word:
            return ""
        rest = said[len(word) :]
        if (rest and not _is_mark(rest[0])) or any(refusal in said for refusal in self.refuse):
            return "unclear"
        bare = "".join(char for char in rest if not _is_mark(char))
        return "waive_hard" if bare.startswith(self.hard) else "waive"

    def is_closed(self, text: str) -> bool:
        """Whether 是否销号 says yes."""
        return text.strip().startswith(self.yes)


def _is_mark(char: str) -> bool:
    return unicodedata.category(char)[0] in "PS"


def read_rulings(root: Mapping) -> Rulings:
    """The words of a mapping; a missing one is a problem noted there."""
    lists = {name: root.texts(name, ()) for name in ("reasons", "waive", "refuse", "hard", "yes")}
    for name, words in lists.items():
        if not words:
            root.problem(f"缺少 {name} 的说法")
    rulings = Rulings(root.text("opinion"), root.text("by"), root.text("closed"), **lists)
    root.finish()
    return rulings
