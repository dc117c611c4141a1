"""Evidence ids as Word bookmarks, and links to a place in an annotated copy.

t1r16c4                                        as it is
t1r2c3_t1r4c5_t2r10c11_t1r1c1_p12_3400_3410    longer than Word's 40 characters: g_ and a digest
"""

from __future__ import annotations

import hashlib

LIMIT = 40
_DIGITS = 32


def link_place(copy: str, where: str) -> str:
    """Path and fragment of a place in a copy: a bookmark in Word, an id in a page; a PDF only opens."""
    if copy.endswith(".pdf"):
        return copy
    return f"{copy}#{where if copy.endswith('.html') else name_bookmark(where)}"


def name_bookmark(where: str) -> str:
    """The bookmark that stands for an evidence id: what a link to an annotated copy ends in."""
    return where if len(where) <= LIMIT else f"g_{hashlib.sha256(where.encode()).hexdigest()[:_DIGITS]}"
