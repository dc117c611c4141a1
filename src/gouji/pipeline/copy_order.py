"""One annotated copy as it crosses to a worker, and what comes back.

CopyOrder  报告.docx, plan    →  CopyAnswer(copy)
CopyOrder  一股/a.zip, unpack →  CopyAnswer(contents)     members lie in the folder; those that are wanted come next
CopyOrder  conversion         →  CopyAnswer(converted)    many files in one call of LibreOffice: a fifth of the time of as many calls
"""

from __future__ import annotations

import msgspec

from gouji.export.annotate.remarks import Remark, Signature
from gouji.model.result import Outcome
from gouji.patterns.exports import Labels
from gouji.pipeline.order import Unpacking
from gouji.readers.archives import Contents

REVIEWS, INDEX = "复核包", "目录.html"


class Review(msgspec.Struct, frozen=True):
    """The review page of a file: its path in the output folder, what it shows beside the document, and the words for it.

    `folded`: ids of the findings that tell of the form itself, as those of other units do.
    """

    path: str
    outcome: Outcome
    labels: Labels
    folded: tuple[str, ...] = ()


class Plan(msgspec.Struct, frozen=True):
    """What to write on a file: `copy` is its path in the output folder, `staged` where it waits to be put there.

    `copy` is None where the copy of the run before still holds; `review` likewise: it waits at `staged` and .html.
    `sha256` is that of the file as it was read; `converted` is where LibreOffice's .docx of the file lies, if there is
    one already.
    """

    staged: str
    copy: str | None
    remarks: tuple[Remark, ...]
    signature: Signature
    sha256: str | None = None
    converted: str | None = None
    review: Review | None = None


class Conversion(msgspec.Struct, frozen=True):
    """Files to turn into .docx, each with the suffix of what it is, and a folder for the results."""

    files: tuple[tuple[str, str], ...]
    folder: str


class CopyOrder(msgspec.Struct, frozen=True):
    """The file to open, the name to show, passwords to try; a plan for a report, a place to unpack for an archive."""

    path: str
    relative: str
    passwords: tuple[str, ...]
    conversion: Conversion | None = None
    plan: Plan | None = None
    unpacking: Unpacking | None = None


class Copied(msgspec.Struct, frozen=True):
    """The copy's path in the output folder, how many remarks are on it, how many of these could not stand at their own place.

    `copy` is None where there is none, `sha256` that of its bytes; `advice` is a Chinese line where there is something to say.
    `staged` and `review` are where the finished copy and page wait to be put in their places.
    """

    copy: str | None
    remarks: int = 0
    moved: int = 0
    advice: str | None = None
    sha256: str | None = None
    staged: str | None = None
    review: str | None = None


class CopyAnswer(msgspec.Struct, frozen=True):
    """What became of a file, what came out of an archive, or where the converted files lie (None: nowhere)."""

    copied: Copied | None = None
    contents: Contents | None = None
    converted: tuple[str | None, ...] | None = None
