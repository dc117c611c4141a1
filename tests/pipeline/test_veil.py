"""Telephone and card numbers typed into free text are in no output but the department's own annotated copy."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from documents import document, table
from gouji.cli import cli
from gouji.model.document import Table
from gouji.model.result import Outcome, Source
from gouji.pipeline.document import examine
from gouji.pipeline.single import engine_of
from gouji.pipeline.veil import veil_document, veil_outcome
from pipeline.years import write_report

PHONE, LANDLINE, CARD = "13800000000", "0730-5550999", "43060219900307001X"
WRITTEN = {
    "60%（含）至70%得2分": f"60%（含）至70%得2分（{PHONE}）",
    "4\r\n\t占比84%": f"5\r\n\t占比84%，详询王某{PHONE}",
    "业务与财务的沟通有待加强": f"业务与财务的沟通有待加强（王某{PHONE}）",
    "变动率不高于0得5分": f"变动率不高于0得5分（解释电话{LANDLINE}）",
    "每有一个专项迟于时限扣0.5分": f"每有一个专项迟于时限扣0.5分（{PHONE}）",
    "普查成果发布较晚": f"普查成果发布较晚，经办人身份证{CARD}",
}
OWN = "批注"  # the department's own text goes back to it


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every kind of output of one report with private numbers in it."""
    folder = tmp_path_factory.mktemp("veil")
    write_report(folder / "报送", "119001", changes=WRITTEN)
    out = folder / "结果"
    store = ("--store", out / "gouji.db")
    _gouji("run", folder / "报送", "-o", out, "--jobs", 1, "--quiet", "--exit-zero", "--public", "--plain", "--csv")
    _gouji("letters", out, "--bureau", "云溯区财政局", "--phone", "0730-5550002", "--contact", "吴若川")
    for kind in ("xlsx", "json", "parquet"):
        _gouji("export", *store, "--format", kind, "-o", out / "导出" / kind)
    return out


def _gouji(*words: object) -> None:
    done = CliRunner().invoke(cli, [str(word) for word in words], standalone_mode=False)
    assert done.exception is None, done.output


def _contents(path: Path) -> Iterator[bytes]:
    """A file's bytes, or those of its members."""
    data = path.read_bytes()
    if not zipfile.is_zipfile(path):
        yield data
        return
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        yield from (archive.read(name) for name in archive.namelist())


def _holders(out: Path, number: str) -> set[str]:
    """The first folder, or the name, of each output that has the number in it."""
    files = (path for path in out.rglob("*") if path.is_file())
    return {path.relative_to(out).parts[0] for path in files if any(number.encode() in c for c in _contents(path))}


@pytest.mark.parametrize("number", [PHONE, LANDLINE, CARD])
def test_no_output_but_the_annotated_copy_has_the_number(out: Path, number: str) -> None:
    assert _holders(out, number) == {OWN}


def test_what_stands_beside_the_number_is_kept(out: Path) -> None:
    assert {"汇总表.xlsx", "审核问题.xlsx", "明细", "导出", "复核包", "gouji.db"} <= _holders(out, "*" * len(PHONE))
    assert "明细" in _holders(out, "占比84%，详询王某***********")


def test_the_bureaus_own_number_stands_in_its_letters(out: Path) -> None:
    assert "函件" in _holders(out, "0730-5550002")


def test_long_amounts_stay(tmp_path: Path) -> None:
    """A department with 138 hundred million 元: eleven digits that begin like a mobile phone."""
    path = write_report(tmp_path, "119001", changes={"585.20": "13812345678"})
    outcome = examine(path.read_bytes(), path.name, path.name, engine_of()).outcome
    assert outcome.reports[0]["expenditure.total"].raw == "13812345678"
    assert any("13812345678" in (finding.expression or "") for finding in outcome.findings)


def test_nothing_private_nothing_copied(tmp_path: Path) -> None:
    path = write_report(tmp_path, "131001")
    outcome = examine(path.read_bytes(), path.name, path.name, engine_of()).outcome
    assert veil_outcome(outcome) is outcome


def test_a_telephone_beside_its_label_is_hidden_on_the_review_page() -> None:
    """Seven digits are a telephone only by the name that stands to their left."""
    written = document(
        table("联系人 | 林某 | 联 系 电 话： | 8000592", "收入合计 | 8000592 | 身份证号 | 430602199003070015")
    )
    shown = veil_document(written, Outcome(Source("a", "a", None, None, None)))
    (found,) = shown.blocks
    assert isinstance(found, Table)
    assert [cell.text for cell in found.cells] == [
        *("联系人", "林某", "联 系 电 话：", "*******"),
        *("收入合计", "8000592", "身份证号", "*" * 18),
    ]
