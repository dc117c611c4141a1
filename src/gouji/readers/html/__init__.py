"""Web pages that are called .doc or .xls, and web archives: bytes → Document.

charset ─→ text ─ lxml.html ─→ tree ─ page ─→ Flow ─→ Document
mhtml ─→ its HTML part
"""

from gouji.readers.html.mhtml import read_mhtml
from gouji.readers.html.page import read_html

__all__ = ["read_html", "read_mhtml"]
