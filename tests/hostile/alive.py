"""Everything in an output folder that a program might run, follow or be deceived by.

folder ─every file─┬ its name                 devices, control and direction characters, what no system can hold
                   ├ .xlsx .docx  every part  formulas, names, relations, fields, macros, declarations, characters
                   ├ .html        parsed      scripts, handlers, addresses, elements that load
                   ├ .csv .parquet cells      formulas, characters
                   ├ .json .txt   characters  (in JSON only as escapes)
                   └ .pdf         inflated    actions
→ complaints, one line each; none: nothing is alive
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from lxml import etree, html

CHARACTERS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
EVALUATED = "甲49乙"
MARKS = re.compile(r"evil\.invalid|alert\(|PWNED|calc|passwd|onerror|onmouseover", re.IGNORECASE)
SCRIPTS = re.compile(r"evil\.invalid|alert\(|PWNED")
DEVICE = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
FUNCTIONS = frozenset(
    "IF SUBTOTAL SUM COUNT ROUND COUNTIF AVERAGE IFERROR SUMIF AND OR NOT ISNUMBER AVERAGEIF AVERAGEIFS MAX MIN TODAY SUMPRODUCT COUNTA "
    "COUNTIFS SUMIFS ABS DATEVALUE LEN LEFT RIGHT MID VALUE DATE TEXT ISBLANK".split()
)
PARTS = re.compile(
    r"(?i)vbaProject|externalLink|embeddings|activeX|ctrlProps|connections|queryTable|macrosheet|attachedToolbar|afchunk"
)
FIELDS = re.compile(r"\s*(PAGE|NUMPAGES|SECTIONPAGES)\b[\s\\*A-Za-z]*")
RUNS = re.compile(r"(?i)\b(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|INCLUDE|IMPORT|LINK|MACROBUTTON|DATABASE|RD)\b")
ELEMENTS = frozenset(
    "img iframe frame object embed svg math form base link audio video source input button applet".split()
)
ACTIONS = re.compile(
    rb"/(JavaScript|JS|Launch|AA|EmbeddedFiles?|RichMedia|SubmitForm|ImportData|XFA|GoToR|GoToE|Rendition)\b"
)
STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def find_alive(root: Path) -> list[str]:
    """Complaints about every file below a folder."""
    found: list[str] = []
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        found += [f"{name!r}: {what}" for what in (*check_name(path.name), *_check_file(root, path))]
    return found


def _check_file(root: Path, path: Path) -> Iterator[str]:
    checks: dict[str, Any] = {
        ".xlsx": check_package, ".docx": check_package, ".html": check_page, ".csv": check_csv, ".json": check_json,
        ".jsonl": check_json, ".txt": check_text, ".pdf": check_pdf, ".parquet": check_parquet,
    }  # fmt: skip
    if path.is_dir() or path.suffix == ".db":
        return
    if path.suffix not in checks:
        yield "a kind of file that nobody checks"
        return
    yield from checks[path.suffix](root, path)


def check_name(name: str) -> Iterator[str]:
    if CHARACTERS.search(name) or re.search(r'[<>:"|?*\\\t\r\n]', name):
        yield "a character that no name may hold"
    if DEVICE.fullmatch(name) or name != name.strip(". ") or len(name.encode()) > 255:
        yield "a name that Windows does not take"


def check_characters(text: str) -> Iterator[str]:
    for match in CHARACTERS.finditer(text):
        yield f"character U+{ord(match[0]):04X} in {text[max(0, match.start() - 20) : match.end() + 10]!r}"
        break
    if EVALUATED in text:
        yield "a template has been evaluated"


# --- Office files -------------------------------------------------------------------------------------------------


def check_package(root: Path, path: Path) -> Iterator[str]:
    """Every part; the text of an annotated copy is its department's own and stays as it is."""
    is_copy = "批注" in path.relative_to(root).parts
    with zipfile.ZipFile(path) as package:
        names = package.namelist()
        yield from (f"part {name}" for name in names if PARTS.search(name) or ".." in name or name.startswith("/"))
        titles = sheet_titles(package) if path.suffix == ".xlsx" else frozenset()
        for name in names:
            if not name.endswith((".xml", ".rels", ".vml")):
                continue
            data = package.read(name)
            if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
                yield f"{name}: a declaration"
            tree = etree.fromstring(data, etree.XMLParser(huge_tree=True, resolve_entities=False))
            if not (is_copy and name != "word/comments.xml"):
                yield from (f"{name}: {what}" for what in check_characters(" ".join(_texts(tree))))
            yield from (f"{name}: {what}" for what in _check_tree(tree, root, path, titles))


def _texts(tree: Any) -> Iterator[str]:
    for element in tree.iter():
        yield element.text or ""
        yield from element.attrib.values()


def _check_tree(tree: Any, root: Path, path: Path, titles: frozenset[str]) -> Iterator[str]:
    for element in tree.iter("{*}f", "{*}formula", "{*}formula1", "{*}formula2", "{*}definedName"):
        yield from check_formula(element.text or "", titles)
    if tree.tag.endswith("}Relationships"):
        for entry in tree:
            if entry.get("TargetMode") == "External":
                yield from check_target(
                    entry.get("Target"), root, path, is_link=entry.get("Type").endswith("/hyperlink")
                )
            elif MARKS.search(entry.get("Target")) or "vbaProject" in entry.get("Type"):
                yield f"relation to {entry.get('Target')}"
    is_copy = "批注" in path.relative_to(root).parts
    for instruction in field_codes(tree):
        if RUNS.search(instruction) or not (is_copy or FIELDS.fullmatch(instruction)):
            yield f"field {instruction!r}"


def sheet_titles(package: zipfile.ZipFile) -> frozenset[str]:
    book = etree.fromstring(package.read("xl/workbook.xml"))
    return frozenset(entry.get("name") or "" for entry in book.iterfind("{*}sheets/{*}sheet"))


def check_formula(text: str, titles: frozenset[str]) -> Iterator[str]:
    """Our own functions over cells of our own sheets, and no text from a submission in it."""
    bare = re.sub(r'"[^"]*"', '""', text)
    sheets = [quoted.replace("''", "'") for quoted in re.findall(r"'((?:[^']|'')+)'!", bare)]
    bare = re.sub(r"'(?:[^']|'')+'!", "", bare)
    sheets += re.findall(r"([^\W\d][\w.]*)!", bare)
    calls = set(re.findall(r"([A-Za-z_][\w.]*)\s*\(", bare))
    if MARKS.search(bare) or not calls <= FUNCTIONS or not set(sheets) <= titles or re.search(r"[|\[{]", bare):
        yield f"formula {text[:80]!r}"


def check_target(target: str, root: Path, path: Path, *, is_link: bool) -> Iterator[str]:
    """A link from our workbooks leads to a file in the folder; one in a department's own text to the web at most."""
    if "批注" in path.relative_to(root).parts:
        if not (is_link and re.match(r"(?i)(https?://|mailto:)", target)) and re.match(
            r"(?i)[a-z][a-z.+-]+:|[\\/]", target
        ):
            yield f"leads to {target!r}"
        return
    yield from _check_address(target, root, path)


def _check_address(target: str, root: Path, path: Path) -> Iterator[str]:
    name = unquote(target.partition("#")[0])
    goal = (path.parent / name).resolve()
    if re.match(r"[A-Za-z][\w.+-]*:|[\\/]", target) or not goal.is_relative_to(root.resolve()) or not goal.exists():
        yield f"leads to {target[:80]!r}"


def field_codes(tree: Any) -> Iterator[str]:
    """The instructions of Word's fields, put together from their runs."""
    for element in tree.iter(W + "fldSimple"):
        yield element.get(W + "instr") or ""
    open_codes: list[list[str]] = []
    for element in tree.iter(W + "fldChar", W + "instrText"):
        kind = element.get(W + "fldCharType")
        if kind == "begin":
            open_codes.append([])
        elif element.tag == W + "instrText" and open_codes:
            open_codes[-1].append(element.text or "")
        elif kind == "end" and open_codes:
            yield "".join(open_codes.pop())


# --- pages --------------------------------------------------------------------------------------------------------


def check_page(root: Path, path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    tree: Any = html.document_fromstring(text.encode(), parser=html.HTMLParser(encoding="utf-8", huge_tree=True))
    if "Content-Security-Policy" not in text:
        yield "no policy"
    for element in tree.iter():
        if not isinstance(element.tag, str):
            yield f"comment {element.text!r}"
            continue
        if element.tag in ELEMENTS or (element.tag in ("script", "style") and SCRIPTS.search(element.text or "")):
            yield f"<{element.tag}>"
        if element.get("http-equiv", "").lower() == "refresh":
            yield "a page that leads away"
        for name, value in element.attrib.items():
            yield from check_characters(value)
            if name.startswith("on") or (name == "style" and MARKS.search(value)):
                yield f"{name}={value!r}"
            if name in ("href", "src", "action", "background", "srcset") and not value.startswith("#"):
                yield from _check_address(value, root, path)
    yield from check_characters("".join(tree.itertext()))


# --- data ---------------------------------------------------------------------------------------------------------


def check_csv(_root: Path, path: Path) -> Iterator[str]:
    csv.field_size_limit(10**8)
    for row in csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")):
        for cell in row:
            yield from check_characters(cell)
            if re.match(r"\s*[=+\-@＝＋－＠\t\r]", cell) and not re.fullmatch(r"[-+]?[\d,]+(\.\d+)?%?", cell):
                yield f"formula {cell[:60]!r}"


def check_json(_root: Path, path: Path) -> Iterator[str]:
    """The text of the file: what it says may hold any character, but escaped."""
    text = path.read_text(encoding="utf-8")
    yield from check_characters(text)
    for line in text.split("\n") if path.suffix == ".jsonl" else [text]:
        if line:
            json.loads(line)


def check_text(_root: Path, path: Path) -> Iterator[str]:
    yield from check_characters(path.read_bytes().decode("utf-8-sig"))


def check_parquet(_root: Path, path: Path) -> Iterator[str]:
    import pyarrow.parquet as pq  # noqa: PLC0415 - heavy, and only where there is such a file

    for column in pq.read_table(path).to_pydict().values():
        for value in column:
            yield from check_characters(value) if isinstance(value, str) else ()


def check_pdf(_root: Path, path: Path) -> Iterator[str]:
    data = path.read_bytes()
    for piece in (data, *map(_inflate, STREAM.findall(data))):
        if (match := ACTIONS.search(piece)) is not None:
            yield f"action {match[0].decode()}"


def _inflate(data: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, 1 << 24)
    except zlib.error:
        return b""
