"""批注/: an annotated copy of every report that was read, after all findings are known.

outcomes ─→ Plan for each (remarks, path of the copy) ─→ workers, input by input; an archive is unpacked once more and
only what is wanted of it is opened ─→ put in place ─→ Copies: source path → where its copy is

A copy whose source, remarks and signature are those of the run before is left as it is: people may have written in it.
So is one that an interrupted run has put down, as long as nobody has.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import msgspec

from gouji import __version__
from gouji.export.annotate.remarks import Remark, Signature, Strangers, list_pointers, list_remarks
from gouji.export.atomic import scratch_folder
from gouji.export.filenames import NameBook, mirror_path
from gouji.export.form_faults import faults_by_key, is_folded
from gouji.export.leftovers import PLAIN, name_prefix
from gouji.export.nameless import name_by_place
from gouji.export.versions import Identity, choose_reports, name_key
from gouji.model.result import Outcome
from gouji.pipeline.batch import Request
from gouji.pipeline.copy_line import CopyLine, Wish, Writing
from gouji.pipeline.copy_order import REVIEWS, Copied
from gouji.pipeline.copying import CONVERTED, PAGE_SUFFIX
from gouji.pipeline.inputs import InputFile
from gouji.pipeline.memory import identify
from gouji.pipeline.placing import Placing
from gouji.readers.libreoffice import find_office
from gouji.roster.unit import check_of
from gouji.store.copies import Placed
from gouji.store.receipts import read_receipts

COPIES = "批注"
DOCX, PDF = ".docx", ".pdf"
WORD_SUFFIXES = (".docx", ".docm", ".dotx", ".dotm")
RECORD = "运行记录.json"
Record = dict[str, object]
_MADE = ("copy", "copy_sha256", "remarks", "moved", "advice", "review")
_LISTED = 5


class Copies(msgspec.Struct):
    """What became of the copies: `links` source path → path in the output folder; `records` for 运行记录.json.

    `reviews`: source path → its review page.
    """

    links: dict[str, str]
    reviews: dict[str, str]
    records: list[Record]
    advice: list[str]

    def keep(self, wish: Wish, record: Record) -> None:
        """Take in what became of a wish."""
        if record.get("copy") is not None:
            self.links[wish.path] = str(record["copy"])
        if record.get("review") is not None:
            self.reviews[wish.path] = str(record["review"])
        if record.get("advice"):
            self.advice.append(str(record["advice"]))
        bases = {"basis": wish.basis, "review_basis": wish.review_basis}
        made = {field: record[field] for field in _MADE if field in record}
        self.records.append({**made, "path": wish.path, "source_sha256": wish.sha256, **bases})

    def lines(self) -> list[str]:
        """What the clerk has to know, in a few lines."""
        more = len(self.advice) - _LISTED
        return self.advice[:_LISTED] + ([f"… 另有 {more} 个文件的批注件有类似情况。"] if more > 0 else [])


def write_copies(
    request: Request,
    files: Sequence[InputFile],
    outcomes: Callable[[], Iterable[Outcome]],
    writing: Writing,
    progress: Callable[[int, int], None] | None = None,
) -> Copies:
    """Write the copies and the review pages into the output folder. `files` are the inputs as listed.

    `outcomes` goes over all of them anew at each call, so that none has to be kept.
    """
    out = request.out or Path()
    placing = Placing(writing.store, out)
    before, planned = read_known(out / RECORD), plan_copies(outcomes, writing)
    known = {wish.path: find_standing(wish, before.get(wish.path, {}), placing) for wish in planned}
    wishes = [_as_left(wish, known[wish.path], out) for wish in planned]
    copies = Copies({}, {}, [], placing.tell_kept())
    for wish in wishes:
        if wish.is_done:
            copies.keep(wish, known[wish.path])
    left = {wish.path: wish for wish in wishes if not wish.is_done}
    with (
        TemporaryDirectory(prefix=name_prefix(PLAIN), ignore_cleanup_errors=True) as workspace,
        scratch_folder(out / COPIES) as staging,
    ):
        line = CopyLine(request, files, left, writing, Path(workspace), staging)
        for done, (wish, drafted) in enumerate(line.run(), 1):
            if progress is not None:
                progress(done, len(left))
            earlier: Record = {} if wish.has_copy else known[wish.path]
            copies.keep(wish, earlier | describe_copy(wish, placing.put(wish, drafted)))
    drop_stale(out, [*before.values(), *map(_describe_placed, placing.left)], set(copies.links.values()))
    copies.records.sort(key=lambda record: str(record["path"]))
    return copies


def find_standing(wish: Wish, before: Record, placing: Placing) -> Record:
    """What a file's record says, as runs that were interrupted since have left it; what it advised was said then."""
    record = {**before, "advice": None}
    if (placed := placing.find(wish.basis)) is not None:
        record |= {**_describe_placed(placed), "basis": wish.basis}
    elif placing.is_overwritten(str(record.get("copy")), wish.basis):
        record["basis"] = None
    if (placed := placing.find(wish.review_basis)) is not None:
        record |= {"review": placed.path, "review_basis": wish.review_basis}
    elif placing.is_overwritten(wish.review, wish.review_basis):
        record["review_basis"] = None
    return record


def _describe_placed(placed: Placed) -> Record:
    return {
        "copy": placed.path,
        "copy_sha256": placed.sha256,
        "remarks": placed.remarks,
        "moved": placed.moved,
        "advice": placed.advice,
    }


def _as_left(wish: Wish, earlier: Record, out: Path) -> Wish:
    """What of a wish the run before has not made already."""
    has_copy = earlier.get("basis") == wish.basis and (out / str(earlier.get("copy"))).is_file()
    has_review = earlier.get("review_basis") == wish.review_basis and (out / str(earlier.get("review"))).is_file()
    digest = cast("str | None", earlier.get("copy_sha256"))
    return msgspec.structs.replace(wish, has_copy=not has_copy, has_review=not has_review, earlier=digest)


def describe_copy(wish: Wish, copied: Copied) -> Record:
    """What 运行记录.json says of what was made now; nothing in it is of any unit but the file's own."""
    record: Record = {}
    if wish.has_copy:
        record = {
            "copy": copied.copy,
            "copy_sha256": copied.sha256,
            "remarks": copied.remarks,
            "moved": copied.moved,
            "advice": copied.advice,
        }
    if wish.has_review:
        record["review"] = wish.review if copied.review is not None else None
    return record


def drop_stale(out: Path, earlier: Iterable[Record], kept: set[str]) -> None:
    """Take away copies of an earlier run that none of this run took the place of, unless people have written in them."""
    folder = (out / COPIES).resolve()
    for record in earlier:
        path = out / str(record.get("copy"))
        if record.get("copy") in kept or not path.is_file() or not path.resolve().is_relative_to(folder):
            continue
        with suppress(PermissionError):  # it is open somewhere
            if hashlib.sha256(path.read_bytes()).hexdigest() == record.get("copy_sha256"):
                path.unlink()


def plan_copies(outcomes: Callable[[], Iterable[Outcome]], writing: Writing) -> list[Wish]:
    """A wish for every file that gave a report, in the order of paths."""
    identities = list_identities(filter(_is_read, outcomes()), read_receipts(writing.store))
    kin, companions = group_kin(identities), find_companions(identities)
    pointers = collect_pointers(kin, companions, writing)
    names, pages = NameBook(), NameBook()
    office = find_office() is not None
    signature, faults = writing.signature, faults_by_key(writing.faults)
    wishes = []
    for outcome in filter(_is_read, outcomes()):
        source = outcome.source
        parts = companions.get(source.path, set())
        remarks = (
            *list_remarks(outcome, writing.labels.severities, Strangers(source.path, kin), parts),
            *pointers.get(source.path, ()),
        )
        copy = names.take(f"{COPIES}/{mirror_path(source.path, _suffix_of(source.name, source.format, office=office))}")
        page = pages.take(f"{REVIEWS}/{mirror_path(source.path, PAGE_SUFFIX)}")
        basis = _digest((__version__, source.sha256, copy, remarks, signature.author, signature.initials))
        folded = tuple(finding.id for finding in outcome.findings if is_folded(finding, faults))
        seen = _digest((__version__, page, outcome, folded))
        convertible = CONVERTED.get(source.format or "") if office else None
        wishes.append(Wish(source.path, copy, remarks, source.sha256, basis, page, seen, convertible, folded=folded))
    return sorted(wishes, key=lambda wish: wish.path)


def _is_read(outcome: Outcome) -> bool:
    return bool(outcome.reports) and outcome.failure is None


def _digest(told: object) -> str:
    return hashlib.sha256(msgspec.json.encode(told)).hexdigest()


def find_kin(outcomes: Iterable[Outcome]) -> dict[str, set[str]]:
    """The files that speak of the same unit, by its name or where they lie, for each file."""
    return group_kin(list_identities(outcomes))


def list_identities(outcomes: Iterable[Outcome], received: Mapping[str, str] | None = None) -> list[Identity]:
    """What tells the reports of all files apart. `received`: content → day (store/receipts.py)."""
    days = received or {}
    reports = ((outcome.source, report) for outcome in outcomes for report in outcome.reports)
    return [
        identify(report, n, source.path, days.get(check_of(source.sha256), ""))
        for n, (source, report) in enumerate(reports)
    ]


def find_companions(identities: list[Identity]) -> dict[str, set[str]]:
    """For each file of a submission in several files the others."""
    found: dict[str, set[str]] = defaultdict(set)
    for lead, parts in choose_reports(identities).parts.items():
        paths = {identities[serial].path for serial in (lead, *parts)}
        for path in paths:
            found[path] |= paths - {path}
    return dict(found)


def collect_pointers(
    kin: dict[str, set[str]], companions: dict[str, set[str]], writing: Writing
) -> dict[str, list[Remark]]:
    """Path → what is said in it of findings that are told in full in another file of its submission."""
    found: dict[str, list[Remark]] = defaultdict(list)
    for path, parts in sorted(companions.items()):
        told = list_pointers(writing.load(path), writing.labels.severities, Strangers(path, kin), parts)
        for other, remark in told:
            found[other].append(remark)
    return found


def group_kin(identities: list[Identity]) -> dict[str, set[str]]:
    """The same, of reports that are told apart already."""
    identities = name_by_place(identities)
    units: dict[str, set[str]] = defaultdict(set)
    named: dict[str, set[str]] = {identity.path: set() for identity in identities}
    for identity in identities:
        if name := name_key(identity.name):
            named[identity.path].add(name)
            units[name].add(identity.path)
    return {path: {other for name in names for other in units[name]} for path, names in named.items()}


def _suffix_of(name: str, kind: str | None, *, office: bool) -> str:
    """What the name of the copy ends in."""
    if kind == "docx":
        return next((suffix for suffix in WORD_SUFFIXES if name.lower().endswith(suffix)), DOCX)
    if kind == "pdf":
        return PDF
    return DOCX if kind in CONVERTED and office else PAGE_SUFFIX


def read_known(path: Path) -> dict[str, Record]:
    """The copies of the run before by source path; none where there is no record that can be read."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        return {str(copy["path"]): copy for copy in record.get("copies", ())}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def sign(author: str, initials: str, moment: datetime) -> Signature:
    """The signature of a run. Word shows a comment's time as it is written, so it is the local one."""
    return Signature(author, initials, moment.strftime("%Y-%m-%dT%H:%M:%S"))
