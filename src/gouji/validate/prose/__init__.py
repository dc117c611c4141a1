"""Prose against tables and against itself: what sentences say, weighed with care.

Report.lines, goals, results ─text→ Passages ─figures→ Sentences with Figures ─one check a rule→ Told ─telling→ Judgements

Sentences are read far less surely than cells: every check speaks only where no reading of the sentence closes.
"""
