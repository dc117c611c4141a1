"""复核包: one self-contained page per file and an index, to be opened without server or network.

Document + Outcome ─review_page→ 复核包/一股/报告.docx.html      the document as read | findings, figures, scores
entries ─index_page→ 复核包/index.html
"""
