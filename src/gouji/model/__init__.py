"""The types that pass along the line: Document → Report → Finding. Pure data; no I/O, no knowledge of forms."""
