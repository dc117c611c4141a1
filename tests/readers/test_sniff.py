"""Types told by content, refusals in one polite line, and nothing but ReadError from any bytes."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zipfile
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gouji.model.errors import READ_CODES, ReadError
from gouji.readers import UNREADABLE, converted, read_document
from gouji.readers.formats import FORMATS
from gouji.readers.sniff import sniff

TYPES = b'<?xml version="1.0"?><Types><Override PartName="/a.xml" ContentType="application/%s.main+xml"/></Types>'
DOCX = {"[Content_Types].xml": b"<Types/>", "_rels/.rels": b"<Relationships/>", "word/document.xml": b"<w:document/>"}


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return buffer.getvalue()


def ole(*streams: str, embedded: tuple[str, ...] = (), fib: bytes = b"\xec\xa5\xc1\x00" + bytes(8)) -> bytes:
    """A small compound file: header, one FAT sector, four directory sectors, then the first stream's bytes."""
    header = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\x00"))
    header[24:32] = b"\x3e\x00\x03\x00\xfe\xff\x09\x00"
    struct.pack_into("<I", header, 48, 1)
    struct.pack_into("<I", header, 76, 0)
    fat = struct.pack("<5I", 0xFFFFFFFD, 2, 3, 4, 0xFFFFFFFE).ljust(512, b"\xff")
    none = 0xFFFFFFFF
    entries = [entry("Root Entry", 5, child=1 if streams else none)]
    for at, name in enumerate(streams, 1):
        entries.append(entry(name, 2, right=at + 1 if at < len(streams) else none, start=5, size=4096))
    if embedded:  # a storage beside the last stream, with streams of its own
        at = len(entries)
        entries[at - 1] = entry(streams[-1], 2, right=at, start=5, size=4096)
        entries.append(entry("ObjectPool", 1, child=at + 1))
        entries += [entry(name, 2, start=5, size=4096) for name in embedded]
    return bytes(header) + fat + b"".join(entries).ljust(2048, b"\x00") + fib.ljust(4096, b"\x00")


def entry(
    name: str, kind: int, right: int = 0xFFFFFFFF, child: int = 0xFFFFFFFF, start: int = 0, size: int = 0
) -> bytes:
    raw = name.encode("utf-16-le")
    head = raw.ljust(64, b"\x00") + struct.pack("<HBB", len(raw) + 2, kind, 1)
    return head + struct.pack("<III", 0xFFFFFFFF, right, child) + bytes(36) + struct.pack("<III", start, size, 0)


WORD2003 = '<?xml version="1.0"?>\n<?mso-application progid="Word.Document"?><w:wordDocument/>'
SAMPLES: list[tuple[str, bytes]] = [
    ("empty", b""),
    ("empty", b"\x00" * 512),
    ("empty", b" \r\n\r\n"),
    ("docx", zipped(DOCX)),
    ("docx", zipped(DOCX, zipfile.ZIP_STORED)),
    ("docx", zipped({"word\\document.xml": b"", "_rels\\.rels": b""})),
    ("docx", zipped({"[Content_Types].xml": TYPES % b"vnd.openxmlformats.wordprocessingml", "a.xml": b""})),
    ("docx", zipped(DOCX)[:200]),
    ("xlsx", zipped({"[Content_Types].xml": b"", "xl/workbook.xml": b""})),
    ("pptx", zipped({"[Content_Types].xml": b"", "ppt/presentation.xml": b""})),
    ("ooxml", zipped({"[Content_Types].xml": TYPES % b"vnd.ms-visio", "visio/document.xml": b""})),
    ("ofd", zipped({"OFD.xml": b"", "Doc_0/Document.xml": b""})),
    ("odt", zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b""}, zipfile.ZIP_STORED)),
    ("odf", zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b""}, 0)),
    ("zip", zipped({"报告.docx": zipped(DOCX, zipfile.ZIP_STORED)}, zipfile.ZIP_STORED)),
    ("zip", zipped({})),
    ("damaged-zip", zipped({"报告.txt": b"abc" * 99})[:60]),
    ("damaged-zip", b"PK\x03\x04"),
    ("doc", ole("1Table", "WordDocument")),
    ("doc", ole("WordDocument", embedded=("Workbook",))),
    ("doc-word6", ole("WordDocument", fib=b"\xdc\xa5\x68\x00" + bytes(8))),
    ("doc-word6", b"\xdb\xa5-\x00" + bytes(400)),
    ("doc-encrypted", ole("WordDocument", fib=b"\xec\xa5\xc1\x00" + bytes(7) + b"\x01")),
    ("xls", ole("Workbook", embedded=("WordDocument",))),
    ("xls", ole("Book")),
    ("xls-encrypted", ole("Workbook", fib=bytes.fromhex("09080400 00060500 2f000600 0100 01000100"))),
    ("xls-encrypted", ole("Workbook", fib=bytes.fromhex("09080400 00060500 86000000 2f000600 0100 01000100"))),
    ("xls", b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(12)),
    ("ppt", ole("PowerPoint Document")),
    ("works", ole("CONTENTS", "SPELLING")),
    ("encrypted-ooxml", ole("EncryptionInfo", "EncryptedPackage")),
    ("ole", ole("__properties_version1.0")),
    ("ole", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    ("pdf", b"%PDF-1.7\n"),
    ("pdf", b"\r\n%PDF-1.4\n"),
    ("rtf", rb"{\rtf1\ansi}"),
    ("rar", b"Rar!\x1a\x07\x01\x00"),
    ("7z", b"7z\xbc\xaf\x27\x1c\x00\x04"),
    ("png", b"\x89PNG\r\n\x1a\n\x00"),
    ("jpeg", b"\xff\xd8\xff\xe0\x00\x10JFIF"),
    ("bmp", b"BM" + bytes(12) + b"\x28\x00\x00\x00" + bytes(40)),
    ("webp", b"RIFF\x10\x00\x00\x00WEBPVP8 "),
    ("heic", b"\x00\x00\x00\x18ftypheic"),
    ("tiff", b"II*\x00\x08\x00"),
    ("html", b"\xef\xbb\xbf<!DOCTYPE html>\n<html>"),
    ("html", "<html xmlns:o='urn:x'>".encode("utf-16")),
    ("html", b"<!-- saved --> <table><tr>"),
    ("html", b'<?xml version="1.0"?><html xmlns="x">'),
    ("mhtml", b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="x"\r\n'),
    ("word2003xml", WORD2003.encode()),
    ("excel2003xml", b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">'),
    ("xml", b'<?xml version="1.0"?><data/>'),
    ("json", '[{"单位": "某局", "支出合计": 871.05}]'.encode()),
    ("txt", '{附件}["某局"]自评报告'.encode()),
    ("txt", "收入合计\t871.05".encode()),
    ("txt", "收入合计\t871.05".encode("gb18030")),
    ("txt", "收入合计\r\n871.05".encode("utf-16-le")),
    ("txt", "收入合计\r\n871.05".encode("utf-16-be")),
    ("txt", "BMI 指数、RIFF 与 <标签> 都是文字".encode()),
    ("txt", "格式见附件：导出为 %PDF-1.4 的文件".encode()),
    ("txt", b"Subject: none of a mail"),
    ("unknown", bytes(range(256))),
    ("unknown", b"\x00\x01\x02\x03" * 40),
]


@pytest.fixture(autouse=True, scope="module")
def _no_office() -> Iterator[None]:
    """Whatever the machine has installed, no office is started for bytes that only look like an old document."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(converted, "find_office", lambda: None)
        yield


@pytest.mark.parametrize(("kind", "data"), SAMPLES, ids=[f"{i}-{kind}" for i, (kind, _) in enumerate(SAMPLES)])
def test_sniff(kind: str, data: bytes) -> None:
    assert sniff(data) == kind


# Ids name the kind, never the bytes: a zip holds the time it was written, and two workers must collect the same names.
REFUSED = [(kind, data) for kind, data in SAMPLES if kind not in FORMATS]


@pytest.mark.parametrize(("kind", "data"), REFUSED, ids=[f"{i}-{kind}" for i, (kind, _) in enumerate(REFUSED)])
def test_each_unreadable_type_is_refused_by_name(kind: str, data: bytes) -> None:
    with pytest.raises(ReadError) as caught:
        read_document(data, "报告.docx")
    assert (caught.value.code, caught.value.message) == UNREADABLE[kind]


@pytest.mark.parametrize("kind", ["doc-word6", "works"])
def test_old_formats_need_an_office_and_say_so(kind: str) -> None:
    data = next(data for sample, data in SAMPLES if sample == kind)
    with pytest.raises(ReadError, match="需要 LibreOffice") as caught:
        read_document(data, "报告.doc")
    assert caught.value.code == "unsupported"


def test_every_refusal_is_one_polite_line_that_says_how_to_go_on() -> None:
    for code, message in UNREADABLE.values():
        assert code in READ_CODES
        assert "请" in message
        assert message.endswith("。")
        assert "\n" not in message


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_has_a_reader_and_suffixes_of_its_own(kind: str) -> None:
    assert kind not in UNREADABLE
    assert FORMATS[kind].name
    assert all(suffix.startswith(".") for suffix in FORMATS[kind].suffixes)
    assert callable(FORMATS[kind].load())


@pytest.mark.parametrize(
    ("name", "codes"), [("报告.doc", ["R6"]), ("报告.TXT", []), ("报告", []), ("一股/a.zip!/报告.docx", ["R6"])]
)
def test_a_wrong_suffix_is_read_by_content_and_said(name: str, codes: list[str]) -> None:
    document = read_document("收入合计".encode(), name)
    assert document.format == "txt"
    assert [notice.code for notice in document.notices] == codes


@given(st.binary(max_size=400))
def test_any_bytes_give_a_document_or_a_read_error(data: bytes) -> None:
    read_or_refuse(data)


@given(
    sample=st.sampled_from([data for _, data in SAMPLES]),
    flips=st.lists(st.tuples(st.integers(0), st.binary(max_size=8))),
)
def test_mutated_files_give_a_document_or_a_read_error(sample: bytes, flips: list[tuple[int, bytes]]) -> None:
    data = bytearray(sample)
    for at, patch in flips:
        start = at % (len(data) + 1)
        data[start : start + len(patch)] = patch
    read_or_refuse(bytes(data))


def read_or_refuse(data: bytes) -> None:
    try:
        document = read_document(data, "报告.docx")
    except ReadError as error:
        assert error.code in READ_CODES
    else:
        assert document.format in FORMATS


def test_readers_are_imported_only_when_their_first_file_arrives() -> None:
    script = (
        "import sys; from gouji.readers import read_document; read_document('收入'.encode(), 'a.txt');"
        "sys.exit('lxml' in sys.modules or 'gouji.readers.docx' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
