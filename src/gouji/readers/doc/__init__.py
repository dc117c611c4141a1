"""The .doc reader (Word 97–2003, WPS): bytes → Document, after the public MS-DOC specification.

container ─ fib ─→ streams, positions      olefile opens the container; nothing else is trusted
piece_table ─→ text, one character a CP    fkp, sprm ─→ properties of characters and paragraphs
styles, lists, fonts ─→ what they say of numbers, hidden text and signs
stories ─ rows ─ flow ─→ blocks            the same grid, list counting and notices as for .docx
document ─→ Document
"""

from gouji.readers.doc.document import read_doc

__all__ = ["read_doc"]
