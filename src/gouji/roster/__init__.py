"""Who should report, and who has: the bureau's roster, the register of receipts, names matched to units. Pure.

Document ─table→ Roster ─┐
Document ─register→ Register ─┼→ Books ─matching→ Match of each report ─state→ 已报 / 未报 / 逾期 / 退回 …
"""
