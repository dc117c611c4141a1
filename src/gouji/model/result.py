"""What one input file came to: the unit that workers hand back, the store keeps and the commands print."""

from __future__ import annotations

import msgspec

from gouji.model.document import Notice
from gouji.model.finding import Finding
from gouji.model.report import Report


class Source(msgspec.Struct, frozen=True):
    """A file as received. `path` is relative to the input, `a.zip!/b.docx` inside an archive; `via` a converter."""

    name: str
    path: str
    sha256: str | None
    format: str | None
    bytes: int | None
    via: str | None = None


class Failure(msgspec.Struct, frozen=True):
    """Why a file gave no report: a code of model.errors.READ_CODES and one Chinese line."""

    code: str
    message: str


class Outcome(msgspec.Struct, frozen=True):
    """Everything that came of one file.

    `submission`: the files it was judged with as one, itself among them and the leading one first; () for one by itself.
    """

    source: Source
    failure: Failure | None = None
    notices: tuple[Notice, ...] = ()
    reports: tuple[Report, ...] = ()
    findings: tuple[Finding, ...] = ()
    submission: tuple[str, ...] = ()
