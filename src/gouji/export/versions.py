"""Which reports count: one of each unit and year, no money twice.

    终稿.docx   102001 某局 2021  5月13日  ─┐ same unit and year: the later report date counts
    终稿改2.docx 102001 某局 2021  5月17日  ─┘
    一中.docx   第一中学 2021, also a row (一中) of 教育局's own table, with the same figures → inside 教育局, not counted again
    决算.docx   某局 2021, an account → counted only where the unit handed in no evaluation; a project's report never
    报告.docx   某局 2021, narrative ─┐
    附件1.xlsx  某局 2021, figures    ├ nothing in common: the parts of one submission, the narrative leads
    附件2.docx  某局 2021, scores    ─┘

The others are never dropped: they are listed with the reason.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from decimal import Decimal

import msgspec

from gouji.export.nameless import name_by_place
from gouji.model.report import Report, ReportKind
from gouji.text.labels import label_key
from gouji.text.names import may_shorten

Amount = tuple[str, Decimal]
_MANY, _NEARLY_ALL = 5, 0.8  # reports that tell which year is being gathered
_COMMON = 0.5  # of the smaller of two files: then one is a version of the other, or of a part of it
_WHOLE = 0.7  # of the fullest version: less is a fragment, and takes no report's place
_SECTION = "文"
_EDITED = (".docx", ".docm", ".xlsx", ".txt")  # read to the cell; what else there is was made of one of them
_ALIKE = 3  # figures other than 0 that a row must share with a report before its short name is believed


class Identity(msgspec.Struct, frozen=True):
    """What tells one report from another.

    `inner`: names of the units whose figures stand in this report's rows → those figures; `figures`: the unit's own, as
    (concept, amount in the base unit). `unit` and `parent`: places in the roster; `received`: the registered receipt;
    `check`: the head of the content's hash; `contents`: what the file holds, by name (see `contents_of`);
    `placed`: how the name was told, where the file lies and not the report (nameless.py).
    """

    serial: int
    code: str | None
    name: str | None
    year: int | None
    date: str | None
    path: str
    inner: dict[str, frozenset[Amount]] = {}
    figures: frozenset[Amount] = frozenset()
    kind: ReportKind = "overall"
    unit: int | None = None
    parent: int | None = None
    received: str = ""
    check: str = ""
    contents: frozenset[str] = frozenset()
    placed: str = ""


class Choice(msgspec.Struct, frozen=True):
    """The serial numbers that count, why each other one does not, and remarks on those that count.

    `superseded`: left out because a later version of the same report, or the same file once more, counts.
    `parts`: a report that counts → the other files of its submission, which count with it.
    """

    counted: tuple[int, ...]
    left_out: dict[int, str]
    remarks: dict[int, tuple[str, ...]]
    tied: frozenset[int] = frozenset()
    superseded: frozenset[int] = frozenset()
    parts: dict[int, tuple[int, ...]] = {}


def name_key(name: str | None) -> str:
    """A unit name without differences of width and spaces."""
    return "".join(unicodedata.normalize("NFKC", name or "").split())


def choose_reports(reports: list[Identity], year: int | None = None) -> Choice:
    """Decide which reports enter the summary; with `year`, only those of that year."""
    left_out: dict[int, str] = {}
    remarks: dict[int, list[str]] = defaultdict(list)
    usual = year if year is not None else usual_year(reports)
    reports = name_by_place(reports)
    for report in reports:
        if report.placed:
            remarks[report.serial].append(report.placed)
    kept = _keep_year(reports, year, left_out)
    kept = _keep_unit_year(kept, usual, left_out, remarks)
    kept = _keep_overall(kept, left_out, remarks)
    tied: set[int] = set()
    submissions = [
        [_keep_latest(versions, left_out, remarks, tied) for versions in _split_parts(group)]
        for group in _group_submissions(kept)
    ]
    superseded = frozenset(r.serial for r in kept) - {r.serial for files in submissions for r in files}
    leads, parts = _join_parts(submissions, remarks)
    kept = [leads[report.serial] for report in kept if report.serial in leads]
    kept = _drop_inner(kept, left_out, remarks)
    _note_parents(kept, remarks)
    _note_shared_codes(kept, remarks)
    notes = {serial: tuple(found) for serial, found in remarks.items()}
    return Choice(tuple(r.serial for r in kept), left_out, notes, frozenset(tied), superseded, parts)


def usual_year(reports: list[Identity]) -> int | None:
    """The year that most reports are of; the later of two equally frequent ones."""
    years = [report.year for report in reports if report.year is not None]
    return max(set(years), key=lambda y: (years.count(y), y), default=None)


def _keep_year(reports: list[Identity], year: int | None, left_out: dict[int, str]) -> list[Identity]:
    """With a year asked for, a report of another year is only listed."""
    if year is None:
        return reports
    for report in reports:
        if report.year not in (year, None):
            left_out[report.serial] = f"年度为 {report.year}，不是 {year}"
    return [report for report in reports if report.serial not in left_out]


def _group_units(reports: list[Identity]) -> list[list[Identity]]:
    """Reports of one unit: by the roster; else the same name, and codes that do not contradict; nameless ones by code, else alone."""
    groups: dict[tuple[str, str], list[Identity]] = defaultdict(list)
    for report in sorted(reports, key=lambda r: r.code is None):
        if report.unit is not None:
            groups[("", f"@{report.unit}")].append(report)
            continue
        name, code = name_key(report.name), (report.code or "").lstrip("0")
        if not name and not code:
            groups[("", f"#{report.serial}")].append(report)
            continue
        known = next((key for key in groups if name and key[0] == name and (not code or key[1] in (code, ""))), None)
        groups[known or (name, code)].append(report)
    return list(groups.values())


def _keep_unit_year(
    reports: list[Identity], usual: int | None, left_out: dict[int, str], remarks: dict[int, list[str]]
) -> list[Identity]:
    """A unit that has a report of the usual year needs none of another.

    One that has not keeps it, with a word, unless nearly all the others are of one year: then it was sent by mistake.
    """
    clear = _is_clear(usual, reports)
    for group in _group_units(reports):
        others = [report for report in group if report.year not in (usual, None)]
        if len(others) < len(group):
            left_out |= {r.serial: f"年度为 {r.year}，该单位已有 {usual} 年度报告" for r in others}
        elif clear:
            left_out |= {r.serial: f"年度为 {r.year}，本次汇总 {usual} 年度，请该单位核对后重新报送" for r in others}
        else:
            for report in others:
                remarks[report.serial].append(f"报告年度为 {report.year}，与多数单位（{usual}）不同，请核实")
    return [report for report in reports if report.serial not in left_out]


def _is_clear(usual: int | None, reports: list[Identity]) -> bool:
    """Whether nobody can doubt which year is being gathered."""
    dated = [report.year for report in reports if report.year is not None]
    return len(dated) >= _MANY and sum(year == usual for year in dated) >= _NEARLY_ALL * len(dated)


def _keep_overall(reports: list[Identity], left_out: dict[int, str], remarks: dict[int, list[str]]) -> list[Identity]:
    """An account stands in for an evaluation that is not there; a project's figures are no unit's."""
    left_out |= {r.serial: "是单个项目的自评，不是单位整体的数，只在数据中列出" for r in reports if r.kind == "project"}
    for group in (same_year for unit in _group_units(reports) for same_year in _split_years(unit)):
        accounts = [report for report in group if report.kind == "account"]
        if any(report.kind == "overall" for report in group):
            left_out |= {r.serial: "是决算、“三公”经费等公开资料，该单位已有整体支出自评，不重复汇总" for r in accounts}
        else:
            for report in accounts:
                remarks[report.serial].append("没有整体支出自评，按决算、“三公”经费等公开资料汇入")
    return [report for report in reports if report.serial not in left_out]


def _keep_latest(
    versions: list[Identity], left_out: dict[int, str], remarks: dict[int, list[str]], tied: set[int]
) -> Identity:
    """The later receipt counts, else the later report date, never the file's time.

    A tie is for people to settle: until then Word's own file counts before its print, the last path, and says so.
    """
    whole, fragments = _part_fragments(versions)
    by_receipt = all(report.received for report in whole)
    moments = {r.serial: (r.received if by_receipt else "", r.date or "") for r in versions}
    *older, latest = sorted(whole, key=lambda r: (moments[r.serial], r.path.lower().endswith(_EDITED), r.path))
    early = [r for r in fragments if moments[r.serial] < moments[latest.serial]]
    if late := [r for r in fragments if r not in early]:
        left_out |= {r.serial: _say_fragment(latest) for r in late}
        remarks[latest.serial].append(f"另收到只有部分内容的文件 {len(late)} 份，请核实是否更正")
    older = [*early, *older]
    if not older:
        return latest
    if any(moments[r.serial] == moments[latest.serial] and not _is_copy(r, latest) for r in older):
        tied.add(latest.serial)
        remarks[latest.serial].append("报告日期相同的有多份，请确认以哪份为准")
    if not by_receipt and any(report.received for report in whole):
        remarks[latest.serial].append("几份报告没有都登记收到日期，按报告日期取舍")
    for report in older:
        left_out[report.serial] = _say_superseded(report, latest, by_receipt=by_receipt)
    dates = "、".join(dict.fromkeys(report.date or "日期不明" for report in older))
    remarks[latest.serial].append(f"另有 {len(older)} 份未汇入（{dates}）")
    return latest


def contents_of(report: Report) -> frozenset[str]:
    """What a report holds: its figures with a cell of their own, its scored indicators, its headings with text below."""
    figures = (
        f"数{f.concept}/{f.stage}" for f in report.facts if f.main and f.origin == "table" and f.state != "missing"
    )
    scores = (f"分{label_key(row.level3 or row.level2 or '')}" for row in report.indicators if row.score is not None)
    texts = (f"{_SECTION}{label_key(s.title)}" for s in report.sections if s.text.strip())
    return frozenset([*figures, *scores, *texts])


def _group_submissions(reports: list[Identity]) -> list[list[Identity]]:
    """The reports of each unit and year."""
    return [same_year for unit in _group_units(reports) for same_year in _split_years(unit)]


def _split_parts(group: list[Identity]) -> list[list[Identity]]:
    """Versions of one thing together, whatever has nothing in common apart; what holds nothing goes with the fullest."""
    found: list[list[Identity]] = []
    for report in sorted(group, key=lambda r: -len(r.contents)):
        near = [part for part in found if any(have_common(report, other) for other in part)]
        if not report.contents:
            near = found[:1]
        found = [part for part in found if part not in near]
        found.insert(0, [report, *(other for part in near for other in part)])
        found.sort(key=lambda part: -max(len(other.contents) for other in part))
    return found


def have_common(one: Identity, other: Identity) -> bool:
    """Whether two files hold the same thing, or one a piece of it: half of what the smaller holds is in the other."""
    smaller = min(len(one.contents), len(other.contents))
    return not smaller or len(one.contents & other.contents) >= _COMMON * smaller


def _part_fragments(group: list[Identity]) -> tuple[list[Identity], list[Identity]]:
    """Whole versions, and files that hold a piece of one alone."""
    fullest = max(len(report.contents) for report in group)
    whole = [report for report in group if len(report.contents) >= _WHOLE * fullest]
    return whole, [report for report in group if report not in whole]


def _join_parts(
    submissions: list[list[Identity]], remarks: dict[int, list[str]]
) -> tuple[dict[int, Identity], dict[int, tuple[int, ...]]]:
    """Of the files of one submission one leads: that with the narrative, else the fullest. It speaks for all of them."""
    parts: dict[int, tuple[int, ...]] = {}
    leads: dict[int, Identity] = {}
    for files in submissions:
        lead, *others = sorted(files, key=lambda r: (-_count_sections(r), -len(r.contents), r.path))
        leads[lead.serial] = _speak_for(lead, others)
        if others:
            parts[lead.serial] = tuple(other.serial for other in others)
            said = [remark for other in others for remark in remarks.pop(other.serial, ())]
            names = "、".join(report.path.rpartition("/")[2] for report in (lead, *others))
            remarks[lead.serial] += [f"由 {len(files)} 个文件合为一份：{names}", *said]
    return leads, parts


def _count_sections(report: Identity) -> int:
    return sum(name.startswith(_SECTION) for name in report.contents)


def _speak_for(lead: Identity, others: list[Identity]) -> Identity:
    """The lead with the rows and figures of all."""
    inner = dict(lead.inner)
    for other in others:
        for name, amounts in other.inner.items():
            inner[name] = inner.get(name, frozenset()) | amounts
    figures = lead.figures.union(*(other.figures for other in others))
    return msgspec.structs.replace(lead, inner=inner, figures=figures)


def _is_copy(one: Identity, other: Identity) -> bool:
    """Whether two files are the same, byte for byte."""
    return bool(one.check) and one.check == other.check and one.path != other.path


def _say_fragment(whole: Identity) -> str:
    return f"只有 {whole.path} 的部分内容，没有替换；如为更正，请并入全份重新报送"


def _say_superseded(report: Identity, latest: Identity, *, by_receipt: bool) -> str:
    if _is_copy(report, latest):
        return f"与 {latest.path} 是同一个文件，重复报送"
    if by_receipt:
        return f"同单位同年度另有 {latest.received} 收到的一份：{latest.path}"
    return f"同单位同年度另有报告日期为 {latest.date or '不明'} 的一份：{latest.path}"


def _split_years(group: list[Identity]) -> list[list[Identity]]:
    """One unit's reports year by year; those without a year go with the latest one."""
    latest = max((report.year for report in group if report.year is not None), default=None)
    years: dict[int | None, list[Identity]] = defaultdict(list)
    for report in group:
        years[report.year if report.year is not None else latest].append(report)
    return list(years.values())


def _drop_inner(reports: list[Identity], left_out: dict[int, str], remarks: dict[int, list[str]]) -> list[Identity]:
    """A unit whose figures already stand in a row of its department's report is the same money."""
    holders = [report for report in reports if report.inner]
    for report in reports:
        holder = next((other for other in holders if _holds(other, report)), None)
        if holder is None or holder.serial in left_out:
            continue
        left_out[report.serial] = f"数据已包含在 {holder.name} 的报告中，不重复汇总"
        remarks[holder.serial].append(f"含 {report.name}")
    return [report for report in reports if report.serial not in left_out]


def _holds(other: Identity, report: Identity) -> bool:
    """Whether a row of another report is this unit: by its name, or by a short name (一中) and the same figures."""
    if other.serial == report.serial or other.year != report.year:
        return False
    name = name_key(report.name)
    return name in other.inner or any(
        may_shorten(short, name) and len(amounts & report.figures) >= _ALIKE for short, amounts in other.inner.items()
    )


def _note_parents(reports: list[Identity], remarks: dict[int, list[str]]) -> None:
    """A department and its subordinate both count: whether the one holds the other's money, its rows do not say."""
    units = {report.unit: report for report in reports if report.unit is not None}
    for report in reports:
        parent = units.get(report.parent) if report.parent is not None else None
        if parent is not None and parent is not report:
            remarks[report.serial].append(f"主管单位 {parent.name} 也已报送，请核实其数字是否已包含本单位")


def _note_shared_codes(reports: list[Identity], remarks: dict[int, list[str]]) -> None:
    sharing: dict[str, list[Identity]] = defaultdict(list)
    for report in reports:
        if report.code:
            sharing[report.code].append(report)
    for group in sharing.values():
        for report in group if len(group) > 1 else ():
            others = "、".join(other.name or other.path for other in group if other is not report)
            remarks[report.serial].append(f"预算编码与 {others} 相同，请核实")
