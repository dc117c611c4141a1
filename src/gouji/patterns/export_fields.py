"""What a column of each kind of sheet may show: a typo is found when the file is read, not in an empty column."""

from __future__ import annotations

_FINDING = "finding_id rule category severity verdict title message expression place difference tolerance demand basis audience copy"
_OWED = "budget_code unit_name section due state days_late remark"
FIELDS: dict[str, frozenset[str]] = {
    rows: frozenset(names.split())
    for rows, names in {
        "departments": "budget_code unit_name section status remark fiscal_year report_date path",
        "indicators": "budget_code unit_name section level1 level2 level3 weight score reason",
        "losses": "level3 weight units rate lost silent reason remark",
        "grades": "section expected filed late counted 优 良 中 差 other own_average review_average",
        "changes": "budget_code unit_name item measure before now remark",
        "projects": "budget_code unit_name section project budget spent rate score remark",
        "findings": f"budget_code unit_name section remark {_FINDING} first_seen rounds found_by overdue",
        "evidence": "finding_id unit_name title relation place raw value source copy",
        "causes": "finding_id unit_name title cause rank certain place old new",
        "form_faults": "finding_id title place raw units unit_name",
        "resubmissions": "budget_code unit_name status finding_id message place old new source",
        "registrations": f"{_OWED} versions received files contact phone",
        "missing": f"{_OWED} parent calls last_call",
        "reminders": f"{_OWED} contact phone calls dates text",
        "receipts": "path unit_name budget_code report_date listed candidates code received returned reason check",
        "calls": "date unit_code unit answer",
        "charts": "chart item value canvas",
        "notes": "topic item text",
        "sample": "budget_code key label path place raw stratum unit unit_name value",
    }.items()
}
