"""Word documents that are one XML file: rewritten as the .docx they amount to, then read as such.

<pkg:package>        (flat package)   its parts are a .docx's
<w:wordDocument>     (Word 2003)      translate ─→ document.xml, numbering.xml, styles.xml, headers, notes
"""

from gouji.readers.word2003.document import read_word2003

__all__ = ["read_word2003"]
