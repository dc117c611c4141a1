"""The reader of digital PDF: bytes → Document, page by page, on the lattice that OFD and scans share.

document ─ frame ─→ pages upright as their text is read, within bounds
paths ─→ rules           strokes, thin rectangles, outlines, through form objects
glyphs ─ stamps ─→ runs  characters with their boxes; watermarks and seals left out
lattice ─→ parts         tables, paragraphs, headers, footers, footnotes
"""

from gouji.readers.pdf.document import read_pdf

__all__ = ["read_pdf"]
