"""OpenDocument text (.odt, .ott): bytes → Document.

package ─→ content.xml, styles.xml ─ styles ─→ Look ─ walk ─→ Flow ─→ Document
"""

from gouji.readers.odt.document import read_odt

__all__ = ["read_odt"]
