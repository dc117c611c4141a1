"""One report, one record: every Word document of the district in the other formats that departments send.

    X.docx ─┬─ LibreOffice, committed: .doc .odt .pdf .rtf ─┐
            ├─ its grids as a workbook, a page: .xlsx .html ├─ examine ─→ records without places  ==  those of X.docx
            └─ and in a zip with names in GBK ──────────────┘             (KNOWN differences are exact)

Compared is all that `gouji extract --json` and `gouji check --json` print, every verdict, every sentence of a message;
left out is only what says where something stands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
import pytest

from formats import FORMATS, load
from formats.page import document_to_html
from formats.workbook import document_to_xlsx
from gouji.export.records import check_record, extract_record
from gouji.model.result import Outcome
from gouji.patterns import load_patterns
from gouji.pipeline.batch import Request, process_batch
from gouji.pipeline.document import Engine, examine
from gouji.readers.docx import read_docx
from readers.archives.packing import make_zip

FIXTURES = Path(__file__).parents[2] / "fixtures"
DISTRICT = {path.stem: path for path in sorted((FIXTURES / "district").glob("*.docx"))}
WRITERS = {"xlsx": document_to_xlsx, "html": document_to_html}
SUFFIXES = (*FORMATS, *WRITERS)
PLACES = frozenset({"where", "unit_where", "place", "source", "sources", "page", "box", "notices", "id"})

# A page shows where a line ends, not why: where a line fills its cell, the frame may have broken it or the writer.
BROKEN = ("全部完成得12分；每有一项未完成扣2分，扣完为止。", "全部完成得12分；每有一项\n未完成扣2分，扣完为止。")
JOINED = (
    "达到95%得5分；\n85%（含）至95%得3分；\n75%（含）至85%得1分；\n不足75%得0分。",
    "达到95%得5分；\n85%（含）至95%得3分；75%（含）至85%得1分；不足75%得0分。",
)
# A printed page has no spaces, only gaps, and a web page makes one space of several; the gap behind a full stop is no
# wider than some letters leave.
ONE_GAP = ("优☑  良□  中□  差□", "优☑ 良□ 中□ 差□")
BOXES = dict.fromkeys(
    (
        "extract.reports.1.facts.performance.grade.raw",
        "check.findings.G1.evidence.performance.grade.raw",
        "check.findings.G3.evidence.performance.grade.raw",
    ),
    ONE_GAP,
)
NO_GAP = (
    "1. 出版年鉴当年卷；\n2. 评审志稿三章；\n3. 点校旧志两卷。",
    "1.出版年鉴当年卷；\n2.评审志稿三章；\n3.点校旧志两卷。",
)
# Where a table stands in a cell of the overview, the texts of the overview are not claimed; a workbook has no such table.
NESTED = {"extract.reports.1.facts": ("", "overview.tasks overview.results")}

# By format and beginning of the name: every place where the record differs, what the .docx has there and what the other.
KNOWN: dict[tuple[str, str], dict[str, tuple[str, str]]] = {
    ("pdf", "102002"): {
        "extract.reports.1.indicators.重点工作实际完成率.criterion": BROKEN,
        "extract.reports.1.indicators.重点工作实际完成率.cells.criterion.raw": BROKEN,
    },
    ("pdf", "127001"): {
        "extract.reports.1.indicators.社会公众或服务对象满意度.criterion": JOINED,
        "extract.reports.1.indicators.社会公众或服务对象满意度.cells.criterion.raw": JOINED,
    },
    ("pdf", "201001"): BOXES,
    ("html", "201001"): BOXES,
    ("pdf", "201002"): {
        "extract.reports.1.facts.overview.tasks.raw": NO_GAP,
        "extract.reports.1.facts.overview.tasks.value": NO_GAP,
    },
    ("xlsx", "116001"): NESTED,
    ("xlsx", "128001"): NESTED,
}


@lru_cache(maxsize=1)
def engine() -> Engine:
    return Engine(load_patterns())


def convert(stem: str, suffix: str) -> bytes:
    if suffix in WRITERS:
        return WRITERS[suffix](read_docx(DISTRICT[stem].read_bytes()))
    return load(FIXTURES, stem, suffix)


def records_of(outcome: Outcome) -> dict[str, Any]:
    records = {"extract": extract_record(outcome), "check": check_record(outcome, every_verdict=True)}
    plain: dict[str, Any] = without_places(msgspec.json.decode(msgspec.json.encode(records)))
    return plain


def without_places(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_places(item) for key, item in value.items() if key not in PLACES}
    return [without_places(item) for item in value] if isinstance(value, list) else value


@lru_cache(maxsize=32)
def docx_records(stem: str) -> dict[str, Any]:
    return records_of(examine(DISTRICT[stem].read_bytes(), f"{stem}.docx", f"{stem}.docx", engine()).outcome)


def differences(ours: Any, theirs: Any, at: str = "") -> Iterator[tuple[str, tuple[str, str]]]:
    """(place in the record, (what the .docx has, what the other format has))."""
    if isinstance(ours, list) and isinstance(theirs, list):
        if len(ours) != len(theirs):
            yield at, (list_names(ours, theirs), list_names(theirs, ours))
            return
        ours, theirs = name_items(ours), name_items(theirs)
    if isinstance(ours, dict) and isinstance(theirs, dict) and list(ours) == list(theirs):
        for key, item in ours.items():
            yield from differences(item, theirs[key], f"{at}.{key}" if at else str(key))
    elif ours != theirs:
        yield at, (str(ours), str(theirs))


def name_items(items: list[Any]) -> dict[str, Any]:
    """Items under their concept, rule or indicator, which stay when others come before them; a second of a name is name+2."""
    counted: Counter[str] = Counter()
    named: dict[str, Any] = {}
    for item in items:
        names = (item.get(key) for key in ("concept", "rule", "level3")) if isinstance(item, dict) else ()
        name = next(filter(None, names), "")
        counted[name] += 1
        named[(name or "1") if counted[name] == 1 else f"{name}+{counted[name]}"] = item
    return named


def list_names(items: list[Any], others: list[Any]) -> str:
    """What of a list the other lacks."""
    return " ".join(str(item.get("concept") or item) for item in items if item not in others)


def test_every_format_is_there() -> None:
    assert len(DISTRICT) >= 24
    for suffix in FORMATS:
        names = {path.name.partition(f".{suffix}")[0] for path in (FIXTURES / "formats" / suffix).iterdir()}
        assert names == set(DISTRICT), suffix
    known = {(suffix, stem) for suffix, head in KNOWN for stem in DISTRICT if stem.startswith(head)}
    assert len(known) == len(KNOWN)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("stem", DISTRICT)
def test_one_report_one_record(stem: str, suffix: str) -> None:
    outcome = examine(convert(stem, suffix), f"{stem}.{suffix}", f"{stem}.{suffix}", engine()).outcome
    assert outcome.failure is None
    assert (outcome.source.format, len(outcome.reports)) == (suffix, 1)
    known = next((lines for (form, head), lines in KNOWN.items() if form == suffix and stem.startswith(head)), {})
    assert dict(differences(docx_records(stem), records_of(outcome))) == known


def test_a_zip_with_names_in_gbk_changes_nothing(tmp_path: Path) -> None:
    """Every .docx, and one report in every format, through the isolated workers of a batch."""
    first = next(iter(DISTRICT))
    members = [(f"一股/{stem}.docx", path.read_bytes()) for stem, path in DISTRICT.items()]
    members += [(f"各种格式/{first}.{suffix}", convert(first, suffix)) for suffix in SUFFIXES]
    (tmp_path / "报送材料.zip").write_bytes(make_zip(*members, encoding="gbk"))
    with process_batch(Request(inputs=(tmp_path,), jobs=2)) as batch:
        outcomes = {outcome.source.path: outcome for outcome in batch.outcomes()}
    assert set(outcomes) == {f"报送材料.zip!/{name}" for name, _ in members}
    for path, outcome in outcomes.items():
        assert list(differences(docx_records(Path(path).stem), records_of(outcome))) == [], path
