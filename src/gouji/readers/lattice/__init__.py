"""Tables and paragraphs out of lines and text, for every source that has only these: PDF, OFD, recognised scans.

sheet                      what comes in: rules and runs of a page (the seam)
rules ─ grid ─ inset       rules → cells with spans; tables set into cells
lines ─ wrapping           runs → lines → paragraphs
draft ─ tables ─ aligned   a page: tables with their text, ruled or by their columns alone; other lines
margins ─ stitch           headers, footers, footnotes; tables over page breaks
document ─→ Part, …        blocks with their evidence ids and boxes
"""

from gouji.readers.lattice.document import sheets_to_parts
from gouji.readers.lattice.sheet import Rule, Run, Sheet

__all__ = ["Rule", "Run", "Sheet", "sheets_to_parts"]
