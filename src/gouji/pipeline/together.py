"""`gouji check` on several files without a database: what a unit sent apart is judged as one, as a run does.

file ─read→ Outcome ─┐                               ┌→ the findings of each file, in the order of the files
file ─read→ Outcome ─┼ held, packed, until all are read ┤
file ─read→ Outcome ─┘   Joining: which belong together └→ those that a submission has as a whole, where their cells are
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from gouji.model.errors import UsageError
from gouji.patterns import load_patterns
from gouji.pipeline.joining import Joining
from gouji.store.codec import decode_outcome, encode_outcome
from gouji.validate.context import NOTHING_AROUND, Context

if TYPE_CHECKING:
    from gouji.model.result import Outcome
    from gouji.pipeline.batch import Batch


class Packed:
    """Outcomes by path, packed: a report takes a tenth of its room so."""

    def __init__(self) -> None:
        self._blobs: dict[str, bytes] = {}

    def put(self, outcome: Outcome) -> None:
        """Keep one."""
        self._blobs[outcome.source.path] = encode_outcome(outcome)

    def outcome(self, run: int, path: str) -> Outcome:  # noqa: ARG002 - there is one run only
        """The outcome of a path."""
        found = decode_outcome(self._blobs[path])
        if found is None:
            raise UsageError(path)
        return found

    def outcomes(self) -> Iterator[Outcome]:
        """All, as they came."""
        return (self.outcome(0, path) for path in self._blobs)


def judge_together(batch: Batch, progress: Callable[[int, int], None] | None) -> Iterator[Outcome]:
    """Every outcome of a batch, once all are read, with the findings of whole submissions in place of those of their parts."""
    request = batch.request
    patterns = load_patterns(Path(request.folder) if request.folder else None, request.rule_set)
    packed = Packed()
    joining = Joining(packed, 0, patterns.rules)
    for outcome in batch.outcomes(progress):
        packed.put(outcome)
        joining.see(outcome)
    for outcome in packed.outcomes():
        joined = joining.findings_joined(outcome, _surround)
        findings = (*joining.findings_alone(outcome), *joined)
        yield msgspec.structs.replace(outcome, findings=findings, submission=joining.files_with(outcome))


def _surround(_outcome: Outcome, _index: int) -> Context:
    return NOTHING_AROUND
