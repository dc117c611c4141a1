"""批注/ and 函件/ of a whole run: every readable report has its copy, the originals are untouched, nothing internal leaks."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from gouji.cli import cli
from gouji.export.annotate.remarks import Remark, Signature
from gouji.export.letters.content import Imprint
from gouji.model.document import Paragraph
from gouji.model.errors import UsageError
from gouji.pipeline import copies as copies_module
from gouji.pipeline import copying
from gouji.pipeline.batch import Request
from gouji.pipeline.copy_order import Conversion, Plan
from gouji.pipeline.district import run_district
from gouji.pipeline.letters import Order, save_templates, write_letters
from gouji.readers import read_document
from gouji.store import Store
from readers.docx.wordml import docx, p

FIXTURES = Path(__file__).parents[2] / "fixtures"
DISTRICT = FIXTURES / "district"
WRONG = "108001-云溯区住房和城乡建设局.docx"
TEXT = "107001-云溯区自然资源局.txt"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A Word report, a text report, both again in an archive in an archive, and what is no report."""
    source = tmp_path / "报送"
    (source / "一股").mkdir(parents=True)
    shutil.copy(DISTRICT / WRONG, source / "一股" / "报告：终稿.docx")
    shutil.copy(DISTRICT / TEXT, source / TEXT)
    shutil.copy(next((FIXTURES / "formats" / "pdf").glob("111001-*.pdf")), source / "农业.pdf")
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.write(DISTRICT / "105001-云溯区司法局.docx", "报告.docx")
        archive.writestr("说明.txt", "这不是报告。")
    with zipfile.ZipFile(source / "外.zip", "w") as archive:
        archive.writestr("内.zip", inner.getvalue())
    (source / "别的.docx").write_bytes(docx(p("会议纪要")))
    return source


def record(out: Path) -> dict[str, dict[str, object]]:
    copies = json.loads((out / "运行记录.json").read_text(encoding="utf-8"))["copies"]
    return {copy["path"]: copy for copy in copies}


def digests(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_every_report_has_its_copy_and_no_original_changes(folder: Path, tmp_path: Path) -> None:
    before = digests(folder)
    out = tmp_path / "out"
    run_district(Request(inputs=(folder,), out=out, jobs=2), csv=False, say=None)
    assert digests(folder) == before
    copies = record(out)
    assert {path: copy["copy"] for path, copy in copies.items()} == {
        "一股/报告：终稿.docx": "批注/一股/报告：终稿.docx",
        TEXT: f"批注/{TEXT}.html",
        "农业.pdf": "批注/农业.pdf",
        "外.zip!/内.zip!/报告.docx": "批注/外.zip/内.zip/报告.docx",
    }
    written = {path.relative_to(out).as_posix() for path in (out / "批注").rglob("*") if path.is_file()}
    assert written == {copy["copy"] for copy in copies.values()}
    assert {copy["source_sha256"] for copy in copies.values()} > {before["报告：终稿.docx"], before[TEXT]}
    assert all(copy["remarks"] and not copy["moved"] for copy in copies.values())


def test_a_copy_reads_as_its_original_and_says_nothing_internal(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run_district(Request(inputs=(folder,), out=out, jobs=2), csv=False, say=None)
    original = (DISTRICT / WRONG).read_bytes()
    copy = (out / "批注" / "一股" / "报告：终稿.docx").read_bytes()
    assert read_document(copy, "a.docx").parts == read_document(original, "a.docx").parts
    with zipfile.ZipFile(io.BytesIO(copy)) as package:
        comments = package.read("word/comments.xml").decode()
        assert package.read("docProps/core.xml") == zipfile.ZipFile(io.BytesIO(original)).read("docProps/core.xml")
    with Store.open(out / "gouji.db", read_only=True) as store:
        outcome = store.outcome(store.latest_run() or 0, "一股/报告：终稿.docx")
    told = [f for f in outcome.findings if f.audience == "department" and f.verdict in ("fail", "review")]
    assert told
    assert all(finding.id in comments for finding in told)
    assert not any(f.id in comments for f in outcome.findings if f.verdict in ("pass", "undecided", "not_applicable"))
    assert comments.count("<w:comment ") == len(told)


def test_what_people_wrote_in_a_copy_is_never_lost(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    request = Request(inputs=(folder,), out=out, jobs=2)
    run_district(request, csv=False, say=None)
    copy, untouched = out / "批注" / "一股" / "报告：终稿.docx", out / "批注" / "农业.pdf"
    copy.write_bytes(b"written in")
    (out / "批注" / f"{TEXT}.html").unlink()
    run_district(request, csv=False, say=None)
    assert copy.read_bytes() == b"written in"  # nothing has changed: it is left
    assert (out / "批注" / f"{TEXT}.html").is_file()  # it was gone: it is made again
    shutil.copy(DISTRICT / "105001-云溯区司法局.docx", folder / "一股" / "报告：终稿.docx")
    (folder / "农业.pdf").unlink()
    lines = run_district(request, csv=False, say=None).lines
    assert copy.read_bytes().startswith(b"PK")
    assert copy.with_name("报告：终稿(改动1).docx").read_bytes() == b"written in"
    assert any("报告：终稿(改动1).docx" in line for line in lines)
    assert not untouched.exists()  # its source is gone, and nobody has written in it


def test_many_files_are_converted_in_one_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """LibreOffice is stood in for; what it leaves out, and what cannot be read, is left to be tried alone."""
    calls: list[list[str]] = []

    def convert(sources: list[Path], target: str, out: Path, _seconds: float) -> None:
        calls.append([source.name for source in sources])
        out.mkdir()
        for source in sources[:-1]:
            (out / f"{source.stem}.{target}").write_bytes(source.read_bytes())

    monkeypatch.setattr(copying, "convert_files", convert)
    files = [next((FIXTURES / "formats" / "odt").glob(f"{code}-*.odt")) for code in ("105001", "109001", "111001")]
    given = (
        (str(files[0]), ".odt"),
        (str(tmp_path / "gone.doc"), ".doc"),
        *((str(file), ".odt") for file in files[1:]),
    )
    found = copying.convert_together(Conversion(given, str(tmp_path / "lot")), ())
    assert calls == [["0.odt", "2.odt", "3.odt"]]
    assert [Path(name).name if name else None for name in found] == ["0.docx", None, "2.docx", None]


def test_without_libreoffice_an_old_format_gets_a_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies_module, "find_office", lambda: None)
    odt = next((FIXTURES / "formats" / "odt").glob("105001-*.odt"))
    out = tmp_path / "out"
    run_district(Request(inputs=(odt,), out=out, jobs=1), csv=False, say=None)
    [copy] = record(out).values()
    assert copy["copy"] == f"批注/{odt.name}.html"
    assert copy["remarks"]


def test_comments_stand_on_the_conversion_only_where_its_text_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """LibreOffice is stood in for: its .docx of the .odt is the report itself, then another unit's."""
    odt = next((FIXTURES / "formats" / "odt").glob("105001-*.odt"))
    document = read_document(odt.read_bytes(), odt.name)
    remark = Remark("题", ("文",), ("t1r16c5",), "hard")
    signature = Signature("财政审核", "审", "2022-05-20T09:30:00")
    plan = Plan(str(tmp_path / "7"), "批注/报告.odt.docx", (remark,), signature)
    for name, moved in ((DISTRICT / "105001-云溯区司法局.docx", 0), (DISTRICT / WRONG, 1)):
        monkeypatch.setattr(copying, "convert", lambda *_args, name=name: name.read_bytes())
        copied = copying.write_copy(odt.read_bytes(), odt.name, plan, ())
        assert (copied.remarks, copied.moved, copied.copy) == (1, moved, "批注/报告.odt.docx")
    assert document.format == "odt"


# --- letters ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run over some of the district."""
    out = tmp_path_factory.mktemp("letters") / "out"
    inputs = tuple(path for path in sorted(DISTRICT.iterdir()) if path.name[:3] in ("105", "107", "108", "113"))
    run_district(Request(inputs=inputs, out=out, jobs=2), csv=False, say=None)
    return out


def letter(out: Path, kind: str, unit: str) -> str:
    [path] = (out / "函件" / kind).glob(f"*{unit}*.docx")
    return "".join(read_texts(path.read_bytes()))


def read_texts(data: bytes) -> list[str]:
    lines: list[str] = []
    for block in read_document(data, "a.docx").blocks:
        lines += [block.printed] if isinstance(block, Paragraph) else [cell.text for cell in block.cells]
    return lines


def test_letters_tell_each_unit_its_own_and_nothing_of_others(finished: Path, tmp_path: Path) -> None:
    imprint = Imprint("云溯区财政局", "云财绩〔2022〕8号", "2022年6月10日", "程念", "8000100", "2022年5月27日")
    lines = write_letters(Order(finished, imprint=imprint))
    assert "审核意见函 4 份" in lines[0]
    assert "整改通知 3 份" in lines[0]
    units = ("司法局", "自然资源局", "住房和城乡建设局", "文化旅游广电体育局")
    for unit in units:
        text = letter(finished, "审核意见函", unit)
        assert not any(other in text for other in units if other != unit)
        assert "请于2022年6月10日前" in text
        assert "{{" not in text
    assert "相差 1 分" in letter(finished, "审核意见函", "住房和城乡建设局")
    assert "108001-2021-A8" in letter(finished, "整改通知", "住房和城乡建设局")
    compiled = "".join(read_texts((finished / "函件" / "2021年度部门整体支出绩效自评存在问题汇编.docx").read_bytes()))
    assert all(unit in compiled for unit in units)


def test_the_letters_own_pages_name_no_user_and_follow_the_standard(finished: Path) -> None:
    write_letters(Order(finished, kinds=("通报",), imprint=Imprint(date="2022年5月27日")))
    data = (finished / "函件" / "2021年度部门整体支出绩效自评审核情况通报.docx").read_bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        core, main = package.read("docProps/core.xml").decode(), package.read("word/document.xml").decode()
    assert "creator" not in core
    assert "lastModifiedBy" not in core
    assert 'w:top="2098"' in main  # 37 mm
    assert 'w:left="1588"' in main  # 28 mm
    assert '<w:docGrid w:type="lines" w:linePitch="560"/>' in main


def test_a_bureau_edits_the_templates(finished: Path, tmp_path: Path) -> None:
    save_templates(tmp_path / "模板", None)
    with pytest.raises(UsageError, match="没有覆盖"):
        save_templates(tmp_path / "模板", None)
    with pytest.raises(UsageError, match=r"没有 审核意见函\.docx"):
        write_letters(Order(finished, templates=tmp_path, kinds=("审核意见函",)))
    (tmp_path / "模板" / "审核意见函.docx").write_bytes(docx(p("致{{单位}}，共{{问题数}}项"), p("{{问题.编号}}")))
    write_letters(Order(finished, templates=tmp_path / "模板", kinds=("审核意见函",)))
    [path] = (finished / "函件" / "审核意见函").glob("*住房*.docx")
    first, *rest = read_texts(path.read_bytes())
    assert first == f"致云溯区住房和城乡建设局，共{len(rest)}项"
    assert "108001-2021-A8" in rest


def test_the_command(finished: Path, tmp_path: Path) -> None:
    runner = CliRunner()
    done = runner.invoke(cli, ["letters", str(finished), "--kind", "通报", "--quiet"], standalone_mode=False)
    assert "通报 1 份" in done.output
    with pytest.raises(UsageError, match=r"可选：.*通报"):
        write_letters(Order(finished, kinds=("表扬信",)))
    with pytest.raises(UsageError, match="请先运行 gouji run"):
        write_letters(Order(tmp_path))
