"""Scoring criteria (评分标准), read from the report itself.

criterion text ─tokens→ conditions and points ─parse→ Criterion(kind) ─┬ score(value)
row ─indicators→ standard indicator ─facts→ the ratio's readings        ├ allowed()
                                                                        └ inverse(score)
"""
