"""What the reports of a run have in common, for Context.echoes: the index of validate, fed with each overall report once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from gouji.validate.echo_index import EchoIndex

if TYPE_CHECKING:
    from gouji.model.result import Outcome
    from gouji.validate.context import Context, Template


class Echoes:
    """Adds the passages that other units' reports have as well. Accounts and projects follow set texts: they are not compared."""

    def __init__(self, issued: Template | None = None) -> None:
        self._index = EchoIndex(issued.clauses if issued is not None else frozenset())

    def see(self, outcome: Outcome) -> None:
        """Take note of the file's reports."""
        for index, report in enumerate(outcome.reports):
            if report.kind == "overall":
                self._index.add(report, outcome.source.path, index)

    def add_to(self, context: Context, outcome: Outcome, index: int) -> Context:
        """The report's longest passage in common with each of the others."""
        report = outcome.reports[index]
        if report.kind != "overall":
            return context
        return msgspec.structs.replace(context, echoes=self._index.echoes_of(report, outcome.source.path, index))
