"""Text → Document: rows parted by commas or tabs where the whole file is such a table, else paragraphs and drawn tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gouji.readers.sheets.separated import read_separated
from gouji.readers.txt import read_txt

if TYPE_CHECKING:
    from gouji.model.document import Document


def read_plain(data: bytes) -> Document:
    """Read a text file of any encoding and notation; `Document.format` says "csv" or "txt"."""
    return read_separated(data) or read_txt(data)
