"""Letters from .docx templates that a bureau can edit.

patterns/letters/*.yml ─layout→ template.docx (GB/T 9704) ─┐
the bureau's own template.docx ────────────────────────────┴─fill(fields)→ 102001-某局-审核意见函.docx

A placeholder is a name, never code: nothing that a template or a submission says is ever run.
"""
