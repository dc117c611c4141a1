r"""Rich Text Format: bytes → Document.

bytes ─ tokens ─→ words, text ─ reader (group states, fonts) ─→ writer: paragraphs, rows by their edges ─→ Document
"""

from gouji.readers.rtf.document import read_rtf

__all__ = ["read_rtf"]
