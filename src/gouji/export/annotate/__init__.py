"""The annotated copy: what is told to the department, on the very cell or sentence it speaks of.

    findings ─remarks→ Remark ─places→ Mark ─┬ docx   Word comments and bookmarks, everything else as it was
                                             ├ pdf    highlights with a note, appended to the original's bytes
                                             └ page   an HTML copy with highlights, for what has neither

All of it bytes in, bytes out: the original is only ever read.
"""
