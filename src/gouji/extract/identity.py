"""Who the report is of and when: unit name, budget code, fiscal year, report date, people of the cover."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from gouji.model.report import Person, Statement
from gouji.text.dates import find_years, fold_date, fold_years, read_date, years_of_account
from gouji.text.headings import any_heading_of
from gouji.text.labels import close_up, fold_name, normalise_label
from gouji.text.names import UNIT_SUFFIX

if TYPE_CHECKING:
    from gouji.model.anchor import FieldValue, Place, Region

_TITLE_WITH_NAME = re.compile(r"^(?:关于|现将|现就|兹将|现对)?(?P<name>[\u4e00-\u9fff()（）]{4,30}?)(?:19|20)\d{2}年")
_TITLE_AFTER_YEAR = re.compile(
    r"^(?:关于|现将|现就|兹将|现对)?(?:(?:19|20)\d{2}年度?)?(?P<name>[\u4e00-\u9fff()]{4,30}?)(?:关于)?(?:(?:19|20)\d{2}年度?)?"
    r"(?:部门|单位|本级|[(]单位[)])*(?:整体|预算|绩效|财政)"
)
_LEADING_YEAR = re.compile(r"^(?:19|20)\d{2}年度?")
_DATED_NAME = re.compile(
    r"^(?P<name>[\u4e00-\u9fff()]{4,30}?)(?P<date>(?:19|20|二)[\d〇○零一二三四五六七八九十]{2,3}年.{1,3}月.{0,4})$"
)
_DONE = re.compile(r"决算|绩效|自评|评价|执行情况")
_BARE_NAME = re.compile(r"^[\u4e00-\u9fff()]{4,30}$")
_REPORT = re.compile(r"报告|自评|整体支出|绩效")
_LABELLED_DATE = re.compile(r"(?:报告|填报|上报|完成)(?:日期|时间):(?P<date>[^)]+)")
_NAMING = ("unit_name", "executing_unit", "supervising_unit")  # who reports, who carries a project out, whose it is
_NAME_BREAK = re.compile(r"[、,，;；/]")
_LATER = re.compile(r"绩效目标|目标表|预算(?!执行)|计划")  # titles of what is planned for another year
_HAN = re.compile(r"[\u4e00-\u9fff]")
_NO_NAME = re.compile(r"[年月日:：\d]")
_LEADING_CODE = re.compile(r"^(\d{3,12})(?=[-—_(:])")
_CODE_BEHIND = re.compile(r"[(（](\d{3,12})[)）]$")  # 某局（330016）
_SEAL = re.compile(r"[(（](?:盖章|公章|签章|章)[)）]\s*$")
_CODE = re.compile(r"^[0-9A-Za-z][0-9A-Za-z.\-]{1,19}$")
_PLAIN_DATE = re.compile(r"^[\s\d年月日.\-/〇○零一二三四五六七八九十]{6,}$")


class Identity(NamedTuple):
    """What the cover says."""

    unit_name: str | None
    budget_code: str | None
    fiscal_year: int | None
    report_date: str | None
    inferred_year: bool = False


def identify(region: Region) -> Identity:
    """Read the cover; the year from a title, else from the tables' titles, else from the text, never from the date alone."""
    report_date = _report_date(region)
    year, inferred = _fiscal_year(region, report_date)
    return Identity(_unit_name(region), _budget_code(region), year, report_date, inferred)


def _values(region: Region, name: str) -> list[FieldValue]:
    return [field for field in region.fields if field.name == name and field.value.strip()]


def _unit_name(region: Region) -> str | None:
    for field in (value for name in _NAMING for value in _values(region, name)):
        name = _CODE_BEHIND.sub("", _LEADING_CODE.sub("", _SEAL.sub("", field.value.strip())))
        name = name.strip("_＿ 　-—:：")
        if name and not re.fullmatch(r"[_\s＿—-]*", name):
            return close_up(name) if re.search(r"[\u4e00-\u9fff]\s+[\u4e00-\u9fff]", name) else name.strip()
    for title in region.titles:
        match = _TITLE_WITH_NAME.match(close_up(fold_years(title.text)))
        if match is not None and UNIT_SUFFIX.search(normalise_label(match.group("name"))):
            return match.group("name")
    return _name_in_head(region) or _name_of_signature(region)


def _name_in_head(region: Region) -> str | None:
    """The unit in the title of a report without a cover: a line of its own above the title, or words inside it."""
    above: str | None = None
    for title in _head(region):
        text = fold_years(normalise_label(title.text))
        match = _TITLE_AFTER_YEAR.match(text)
        if match is not None and UNIT_SUFFIX.search(match.group("name")):
            return match.group("name")
        if _REPORT.search(text) or (above is not None and _LEADING_YEAR.match(text)):
            return above
        text = _LEADING_YEAR.sub("", text)
        above = text if _is_name(text) else above
    first = normalise_label(region.titles[0].text) if region.titles else ""
    return first if _is_name(first) else None


def _is_name(text: str) -> bool:
    return bool(_BARE_NAME.match(text) and UNIT_SUFFIX.search(text))


def _head(region: Region) -> list[Place]:
    """The titles above the first numbered heading."""
    first = next((i for i, title in enumerate(region.titles) if any_heading_of(title.text)), len(region.titles))
    return list(region.titles[:first])


def tells_a_budget(region: Region, words: tuple[str, ...]) -> bool:
    """Whether the title says that the report is of a budget (2024年部门预算公开说明), and of nothing that was done."""
    titles = [normalise_label(title.text) for title in _head(region)]
    done = any(_DONE.search(title) for title in titles)
    return not done and any(word in title for title in titles for word in words)


def _name_of_signature(region: Region) -> str | None:
    """The line right above the date that closes a text: 某县某局 / 2022年4月18日."""
    texts = [normalise_label(title.text) for title in region.titles]
    for name, date in pairwise(texts):
        if _is_name(name) and _PLAIN_DATE.match(fold_date(date)):
            return name
    dated = (_DATED_NAME.match(text) for text in texts)
    return next((found.group("name") for found in dated if found and UNIT_SUFFIX.search(found.group("name"))), None)


def _budget_code(region: Region) -> str | None:
    for field in _values(region, "budget_code"):
        code = normalise_label(field.value).strip("_")
        if _CODE.match(code):
            return code
        leading = _LEADING_CODE.match(code)  # 301001-某局, 301001（某局）
        if leading is not None:
            return leading.group(1)
    behind = (_CODE_BEHIND.search(field.value.strip()) for field in _values(region, "unit_name"))
    return next((match.group(1) for match in behind if match is not None), None)


def _report_date(region: Region) -> str | None:
    for field in _values(region, "report_date"):
        date = read_date(field.value)
        if date is not None:
            return date
    labelled = (_LABELLED_DATE.search(normalise_label(title.text)) for title in _head(region))
    for found in labelled:
        if found is not None and (date := read_date(found.group("date"))) is not None:
            return date
    plain = [
        title for title in region.titles if _PLAIN_DATE.match(fold_date(title.text)) and "月" in fold_date(title.text)
    ]
    if plain:
        return read_date(plain[-1].text)
    signed = (_DATED_NAME.match(normalise_label(title.text)) for title in region.titles)
    return next((date for found in signed if found and (date := read_date(found.group("date")))), None)


def _fiscal_year(region: Region, report_date: str | None) -> tuple[int | None, bool]:
    for field in _values(region, "fiscal_year"):
        years = find_years(field.value + "年")
        if years:
            return years[0], False
    titled = [years[0] for title in region.titles if "年" in title.text and (years := years_of_account(title.text))]
    if titled:
        return titled[0], False
    announced = [years[0] for title in region.table_titles if (years := years_of_account(title.text))]
    if announced:
        return Counter(announced).most_common(1)[0][0], False
    if columns := _years_of_columns(region):
        return max(columns), False
    limit = int(report_date[:4]) if report_date else None
    told = Counter(
        year for paragraph in region.prose for year in find_years(paragraph.text) if limit is None or year < limit
    )
    if told:
        return told.most_common(1)[0][0], True
    return (limit - 1, True) if limit is not None else (None, False)


def _years_of_columns(region: Region) -> set[int]:
    """Years that the columns and rows of the tables name (2018年决算数)."""
    named = {column.period for block in region.figures for column in block.columns}
    named |= {moment.year for block in region.figures for moment in block.moments.values()}
    named |= {column.moment.year for block in region.items for column in block.columns}
    return {year for year in named if year is not None}


def names_in_text(text: str) -> list[str]:
    """Names of people in a cell that may list several (周某、何某某)."""
    names = [close_up(part) for part in _NAME_BREAK.split(text)]
    return [name for name in names if len(name) <= 12 and _HAN.search(name) and not _NO_NAME.search(name)]


def people_of_fields(region: Region) -> list[Person]:
    """Persons named on the cover and in signature lines."""
    people: list[Person] = []
    for field in region.fields:
        for name in names_in_text(field.value) if field.person else []:
            person = Person(field.name, name, field.where)
            if all((p.role, p.name) != (person.role, person.name) for p in people):
                people.append(person)
    return people


def statements_of_region(region: Region, earlier: set[int]) -> list[Statement]:
    """What the rules on years and names read: every title with a year, every name and code the cover gives.

    Titles of tables of `earlier` years that stand beside this year's are no slips.
    """
    captions = {title.where for title in region.table_titles}
    past = earlier - {max(earlier, default=0)}
    found = [
        Statement("title", normalise_label(title.text), title.where, "封面标题")
        for title in region.titles
        if (years := set(years_of_account(title.text))) and (years - past or title.where not in captions)
    ]
    known = {statement.where for statement in found}
    found += [
        Statement("table_title", normalise_label(title.text), title.where, f"标题“{normalise_label(title.text)}”")
        for title in region.table_titles
        if title.where not in known and set(years_of_account(title.text)) - earlier and not _LATER.search(title.text)
    ]
    for name, place in (
        ("unit_name", "封面单位名称"),
        ("budget_code", "封面预算编码"),
        ("report_date", "封面报告日期"),
    ):
        found += [Statement(name, fold_name(field.value), field.where, place) for field in _values(region, name)]
    return found
