"""The .docx reader: bytes → Document, in one pass over the tree that lxml gives.

package ─ markup ─→ trees     zip and XML, bounded and refused where dangerous
rare ─→ parts ─ rows ─ grid   blocks; tables on their exact grid
        └ paragraphs ─ fields, symbols · numbering, styles
document ─→ Document          stories in order, notices
"""

from gouji.readers.docx.document import read_docx

__all__ = ["read_docx"]
