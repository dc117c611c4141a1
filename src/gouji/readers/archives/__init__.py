"""Archives: bytes → members, each a file of its own in a folder of ours, under a number instead of its name.

names ─→ entries    GBK names repaired, slips neutralised
zips · rars · sevenzips · tars   one module a format: list_entries, extract(wanted, sink)
unpack ─→ Contents  clutter left out and counted; bombs, links and devices refused; each failure its member's own
"""

from gouji.readers.archives.contents import Contents, Limits, Member
from gouji.readers.archives.unpack import ARCHIVES, Packed, Skip, unpack

__all__ = ["ARCHIVES", "Contents", "Limits", "Member", "Packed", "Skip", "unpack"]
