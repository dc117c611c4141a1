"""How sheets go on paper: no page for two rows alone, and a ledger too wide for one page."""

from __future__ import annotations

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from gouji.export.ledger import write_findings
from gouji.export.notes import Provenance
from gouji.export.paper import count_pages
from gouji.export.workbook import NUMBER_FORMATS
from gouji.patterns import load_patterns
from outcomes import build_district

WIDTHS, HEAD, ROW = (20.0,) * 10, 100.0, 18.0


@pytest.mark.parametrize(
    ("rows", "pages"),
    [(0, 1), (10, 1), (36, 1), (42, 1), (48, 0), (60, 0), (74, 2), (370, 10)],
)
def test_a_small_rest_goes_on_the_page_before(rows: int, pages: int) -> None:
    """About 36 rows fill a page: 42 are shrunk onto one, 48 take two as they come."""
    assert count_pages(WIDTHS, HEAD, rows * ROW) == pages


def test_a_header_taller_than_the_page_is_left_to_the_program() -> None:
    assert count_pages(WIDTHS, 2000, ROW) == 0


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Worksheet:
    path = tmp_path_factory.mktemp("ledger") / "审核问题.xlsx"
    write_findings(path, build_district(), load_patterns().exports, Provenance())
    return openpyxl.load_workbook(path)["审核问题"]


def test_the_ledger_is_two_pages_wide_with_its_names_on_both(ledger: Worksheet) -> None:
    assert (ledger.page_setup.fitToWidth, ledger.page_setup.fitToHeight) == (2, 0)
    assert ledger.print_title_cols == "$A:$C"
    assert [place.id for place in ledger.col_breaks.brk] == [14]
    assert ledger.page_setup.pageOrder == "overThenDown"
    assert [ledger.cell(3, n).value for n in (14, 15)] == ["告知对象", "下达"]


def test_both_pages_are_about_equally_wide() -> None:
    """Where a sheet is fitted Excel breaks by width alone: the left page must be the wider one, by less than a column."""
    widths = [column.width for column in load_patterns().exports.layouts["findings"].sheets[0].columns]
    left, right = sum(widths[:14]), sum(widths[:3]) + sum(widths[14:])
    assert right <= left < right + widths[13]


def test_the_title_stands_on_the_left_page(ledger: Worksheet) -> None:
    assert "A1:N1" in {str(cells) for cells in ledger.merged_cells.ranges}


def test_numbers_keep_off_the_text_to_their_right() -> None:
    assert all(number.endswith("_ ") for number in NUMBER_FORMATS.values())


def test_no_format_has_sections() -> None:
    """LibreOffice drops the minus of a negative number in the second one, where the first has a condition."""
    assert [number for number in NUMBER_FORMATS.values() if ";" in number] == []


def test_no_format_leaves_a_point_behind_a_whole_number() -> None:
    """Excel and WPS write 86 in the format 0.## as "86."."""
    assert [number for number in NUMBER_FORMATS.values() if ".#" in number] == []
