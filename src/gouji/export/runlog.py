"""运行记录.json: what one run read and with what, so that a result can be traced and repeated.

    {"schema": "gouji.run/1", "engine": …, "options": …, "rule_set": …, "started": null,
     "counts": {"files": 34, "reports": 31, "failed": 3, "skipped": {…}}, "verdicts": {…}, "waived": ["102001-2021-A8"],
     "errors": {"corrupt": 1},
     "files": [{"path": "一股/a.docx", "sha256": …, "format": …, "bytes": …, "reports": 1, "error": null, "notices": […]}],
     "copies": [{"path": "一股/a.docx", "source_sha256": …, "copy": "批注/一股/a.docx", "remarks": 3, "moved": 0, "advice": null, …}]}

It names no user, no host and no absolute path, and holds a time only where the caller passes one.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import msgspec

from gouji.export.atomic import Written, write_atomically
from gouji.export.plain import escape_json
from gouji.export.records import VERDICTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from gouji.export.notes import Provenance
    from gouji.model.result import Outcome

RUN_SCHEMA = "gouji.run/1"


def write_run_record(
    path: Path,
    outcomes: Iterable[Outcome],
    provenance: Provenance,
    options: str = "",
    started: str | None = None,
    copies: Sequence[dict[str, Any]] = (),
) -> Written:
    """Write the record of one run. `options` is the digest of the effective patterns, rules and options.

    `copies`: the annotated copies, each with the hash of the file it was made of.
    """
    record = {**build_run_record(outcomes, provenance, options, started), "copies": list(copies)}
    return write_atomically(path, msgspec.json.format(escape_json(msgspec.json.encode(record)), indent=1) + b"\n")


def build_run_record(
    outcomes: Iterable[Outcome], provenance: Provenance, options: str = "", started: str | None = None
) -> dict[str, Any]:
    """The record as plain data, files in the order given."""
    verdicts: Counter[str] = Counter()
    errors: Counter[str] = Counter()
    waived: list[str] = []
    files: list[dict[str, Any]] = []
    for outcome in outcomes:
        verdicts.update(finding.verdict for finding in outcome.findings)
        waived += [finding.id for finding in outcome.findings if finding.verdict == "waived"]
        errors.update([outcome.failure.code] if outcome.failure else [])
        files.append(_describe_file(outcome))
    return {
        "schema": RUN_SCHEMA,
        "engine": provenance.engine,
        "options": options,
        "rule_set": provenance.rule_set,
        "rule_version": provenance.rule_version,
        "started": started,
        "counts": {
            "files": len(files),
            "reports": sum(file["reports"] for file in files),
            "failed": errors.total(),
            "skipped": provenance.skipped,
        },
        "verdicts": {verdict: verdicts[verdict] for verdict in VERDICTS},
        "waived": waived,
        "errors": dict(sorted(errors.items())),
        "files": files,
    }


def _describe_file(outcome: Outcome) -> dict[str, Any]:
    source, failure = outcome.source, outcome.failure
    return {
        "path": source.path,
        "sha256": source.sha256,
        "format": source.format,
        "bytes": source.bytes,
        "via": source.via,
        "reports": len(outcome.reports),
        "findings": len(outcome.findings),
        "error": {"code": failure.code, "message": failure.message} if failure else None,
        "notices": [{"code": notice.code, "message": notice.message} for notice in outcome.notices],
    }
