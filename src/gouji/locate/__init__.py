"""Document → Regions: which form, where each report's tables, fields and texts stand, which column is which concept."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from gouji.locate.lines import Line, lines_of_document
from gouji.locate.regions import matched_form, region_of_items, split_items
from gouji.locate.scan import scan_lines
from gouji.model.trace import Step, Trace

if TYPE_CHECKING:
    from gouji.locate.vocabulary import Vocabulary
    from gouji.model.anchor import Region
    from gouji.model.document import Document
    from gouji.patterns.forms import Form


class Located(NamedTuple):
    """One report found in a document: its region, its form (None: no form claims it), what speaks for the nearest form."""

    region: Region
    form: Form | None
    evidence: str
    rivals: tuple[str, ...] = ()


def locate_reports(document: Document, vocabulary: Vocabulary) -> tuple[list[Located], Trace]:
    """Find every report of a document."""
    lines: list[Line] = lines_of_document(document)
    walk = scan_lines(lines, vocabulary)
    parts = split_items(walk.items, vocabulary)
    starts = [0, *(items[0].line for items in parts[1:]), len(lines)]
    located: list[Located] = []
    steps = list(walk.steps)
    for items, start, end in zip(parts, starts, starts[1:], strict=False):
        region = region_of_items(items, lines[start:end], vocabulary.patterns, ragged=document.ragged)
        match = matched_form(region, vocabulary.patterns)
        steps.extend(Step("locate", "", reason) for reason in match.reasons)
        located.append(Located(region, match.form, match.evidence, match.rivals))
    return located, Trace(tuple(steps))
