"""The reader of OFD (GB/T 33190): a zip of XML pages with text at its places and paths, laid under the lattice.

document ─→ OFD.xml → Document.xml → pages, each with its templates
page     ─→ layers, blocks: text objects, path objects, in millimetres
lattice  ─→ tables, paragraphs, headers, footers, footnotes

Signatures, seals and annotations are parts of their own and are not read.
"""

from gouji.readers.ofd.document import read_ofd

__all__ = ["read_ofd"]
