"""How fast workbooks are read, beside openpyxl and calamine, in one run.

    gouji      .xlsx and .xls → Document: texts as displayed, merges, tables on their grids
    openpyxl   .xlsx: every cell's value and the merged ranges (values only: 12.5, not 12.50)
    calamine   .xlsx and .xls: the same, native

Two workbooks: a self-evaluation form (24 columns, merged) and a ledger of 2,000 × 12 figures. Times are the least of several runs,
in milliseconds of this process. The .xls are those of LibreOffice, where it is installed.

    python benchmarks/bench_sheets.py [runs]
"""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import openpyxl
import python_calamine
import xlsxwriter

from gouji.model.document import Table
from gouji.readers.sheets.xls import read_xls
from gouji.readers.sheets.xlsx import read_xlsx

sys.path.insert(0, str(Path(__file__).parents[1] / "fixtures" / "build"))
LEDGER_ROWS, LEDGER_COLUMNS = 2000, 12


def build_form() -> bytes:
    """The first department of the fixture district."""
    from yueyang.district import DEPARTMENTS
    from yueyang.form import form_blocks
    from yueyang.xlsx_writer import write_xlsx

    return write_xlsx(form_blocks(DEPARTMENTS[0]))


def build_ledger() -> bytes:
    """Names, figures under #,##0.00, percentages and dates."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        page = book.add_worksheet("明细账")
        looks = [book.add_format({"num_format": code, "border": 1}) for code in ("#,##0.00", "0.00%", "yyyy/m/d")]
        page.write_row(0, 0, [f"栏{col}" for col in range(LEDGER_COLUMNS)])
        for row in range(1, LEDGER_ROWS):
            page.write_string(row, 0, f"项目{row % 300}", looks[0])
            for col in range(1, LEDGER_COLUMNS):
                page.write_number(row, col, row * 7.31 + col, looks[col % 3])
    return buffer.getvalue()


def convert_to_xls(data: bytes) -> bytes | None:
    """The workbook as LibreOffice saves it, None without LibreOffice."""
    office = shutil.which("soffice")
    if office is None:
        return None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "a.xlsx").write_bytes(data)
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = [office, profile, "--headless", "--convert-to", "xls", "--outdir", name, str(folder / "a.xlsx")]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        return (folder / "a.xls").read_bytes()


def read_openpyxl(data: bytes) -> None:
    for page in openpyxl.load_workbook(io.BytesIO(data), data_only=True).worksheets:
        _ = [[cell.value for cell in row] for row in page.iter_rows()], page.merged_cells.ranges


def read_calamine(data: bytes) -> None:
    book = python_calamine.load_workbook(io.BytesIO(data))
    for index in range(len(book.sheet_names)):
        sheet = book.get_sheet_by_index(index)
        _ = sheet.to_python(), sheet.merged_cell_ranges


def measure(readers: list[Callable[[bytes], object]], data: bytes, runs: int) -> list[float]:
    """Least time of each reader in milliseconds, taken in turns, so that a busy machine slows all alike."""
    best = [float("inf")] * len(readers)
    for _ in range(runs):
        for index, read in enumerate(readers):
            start = time.process_time()
            read(data)
            best[index] = min(best[index], time.process_time() - start)
    return [seconds * 1000 for seconds in best]


def report(name: str, data: bytes, runs: int) -> None:
    """Measure every reader on one workbook and print the table."""
    tables = [block for block in read_xlsx(data).blocks if isinstance(block, Table)]
    print(f"{name}: {len(data) // 1024} KB, {len(tables)} tables, {sum(len(table.cells) for table in tables)} cells")
    ours, openpyxl_, calamine = measure([read_xlsx, read_openpyxl, read_calamine], data, runs)
    for label, spent in (("gouji", ours), ("openpyxl", openpyxl_), ("calamine", calamine)):
        print(f"  .xlsx {label:10}{spent:10.2f} ms {spent / ours:8.2f} × gouji")
    old = convert_to_xls(data)
    if old is None:
        print("  .xls  not run: soffice is not installed")
        return
    ours, calamine = measure([read_xls, read_calamine], old, runs)
    for label, spent in (("gouji", ours), ("calamine", calamine)):
        print(f"  .xls  {label:10}{spent:10.2f} ms {spent / ours:8.2f} × gouji")


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    report("form", build_form(), runs)
    report("ledger", build_ledger(), max(3, runs // 3))


if __name__ == "__main__":
    main()
