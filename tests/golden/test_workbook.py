"""汇总表.xlsx of the whole fixture district: LibreOffice comes to every value that stands beside a formula."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

from gouji.pipeline.batch import Request
from gouji.pipeline.books import Ledgers
from gouji.pipeline.district import SUMMARY, Wishes, run_district

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
OFFICE = shutil.which("soffice")


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
@pytest.mark.filterwarnings("ignore:(Unknown|Conditional Formatting) extension")  # LibreOffice's own data bars
def test_every_formula_of_the_district_recalculates_to_its_value(tmp_path: Path) -> None:
    request = Request(
        inputs=(FIXTURES / "district", FIXTURES / "families" / "bundle", FIXTURES / "families" / "datatable"),
        out=tmp_path / "out",
        jobs=2,
    )
    wishes = Wishes(ledgers=Ledgers(FIXTURES / "roster.csv", received="2022-05-19"))
    run_district(request, wishes=wishes, say=None)
    path = tmp_path / "out" / SUMMARY
    formulas, stored = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    formulas.save(tmp_path / "bare.xlsx")  # openpyxl writes formulas without values
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    target = [
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
        "--outdir",
        str(tmp_path / "again"),
        str(tmp_path / "bare.xlsx"),
    ]
    subprocess.run([str(OFFICE), "--headless", profile, *target], check=True, capture_output=True, timeout=180)
    fresh = openpyxl.load_workbook(tmp_path / "again" / "bare.xlsx", data_only=True)
    compared, differing = 0, []
    for sheet in formulas:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
            ours, theirs = (book[sheet.title][cell.coordinate].value for book in (stored, fresh))
            compared += 1
            if (ours or 0) != pytest.approx(theirs or 0, rel=1e-9, abs=1e-9) or (ours is None) != (
                theirs in (None, "")
            ):
                differing.append((sheet.title, cell.coordinate, cell.value, ours, theirs))
    assert differing == []
    assert compared > 1500
