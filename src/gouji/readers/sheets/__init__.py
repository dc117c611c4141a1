"""Workbooks: .xlsx, .xls, SpreadsheetML 2003 and values separated by commas, each → the same sheets → Document.

xlsx.py ┐                              ┌ layout.py    where a sheet's tables and lines of text are
xls.py  ├─→ Sheet (texts as displayed) ┤
excel2003.py                           └ workbook.py  blocks, ids, notices ─→ Document
separated.py ┘

number_formats.py → rendering.py, calendar_text.py      12.5 under #,##0.00 → 12.50
"""
