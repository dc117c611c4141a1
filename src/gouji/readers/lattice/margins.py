"""What stands around the text of a page: running headers and footers, page numbers, footnotes.

    部门整体支出绩效自评          above all text, the same on several pages       header
    ─────────────────
    …the text…
    ───────                       a short rule, small type below                  footnote
    1 含社会保险单位部分。
                  第 2 页         a page number below all text                    footer

Only lines outside tables are looked at. What might as well be text stays text.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import NamedTuple

from msgspec.structs import replace

from gouji.readers.lattice.draft import Page
from gouji.readers.lattice.lines import Line
from gouji.readers.lattice.sheet import Bounded

EDGE = 0.12  # of the page's height: where headers and footers stand
SAME_PLACE = 4.0  # points
SHARE = 0.3  # of the pages must carry a running line, and at least two
LARGER = 1.15  # of the text's size: larger type is a title
APART = 0.9  # of the size: blank between a lone page number and the text
NOTE_RULE = (30.0, 0.45)  # points, and share of the page's width: how long the rule above footnotes is
NOTE_SIZE = 0.97  # of the text's size: footnotes are smaller
NOTE_FROM = 0.35  # of the page's height
PAGE_NUMBER = re.compile(
    r"[-—–―_~·•|/]*(?:第?[0-9０-９]{1,4}页?|第[一二三四五六七八九十百]{1,4}页|[ivxⅰ-ⅻⅠ-Ⅻ]{1,5}|(?:Page|page|PAGE)[0-9]{1,4})"
    r"[-—–―_~·•|/，,]*(?:(?:共|/|of)?[0-9]{1,4}页?)?[-—–―_~·•|]*"
)
NUMBER_AT_END = re.compile(r"^[0-9]{1,4}(?![0-9])|(?<![0-9])[0-9]{1,4}(?=页?$)")
NOTE_MARK = re.compile(r"\s*(?:\[\d{1,3}\]|\d{1,3}|[①-⑳]|[*†])\s*")


class Flow(NamedTuple):
    """The lines of a page by what they are."""

    body: list[Line]
    header: list[Line]
    footer: list[Line]
    notes: list[Line]
    end: float  # where the text had to end: above the footnotes, else unknown (0)


def split_flows(pages: list[Page]) -> list[Flow]:
    """Headers, footers and footnotes apart from the text of each page."""
    size = find_text_size(pages)
    tops, feet = find_running(pages, size)
    return [_split_page(page, tops, feet, size) for page in pages]


def find_text_size(pages: list[Page]) -> float:
    """Size of most of the type outside tables, or of all where there is none."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            sizes[round(line.size, 1)] += len(line.text)
        if not page.lines:
            for table in page.tables:
                sizes.update(round(line.size, 1) for slot in table.slots for line in slot.lines)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def key_of(line: Line) -> str:
    """A running line's text without spaces; a page number at its end or beginning, told by counting with the pages, is #."""
    text = line.text.replace(" ", "")
    number = NUMBER_AT_END.search(text)
    if number is None or number[0] == text:
        return text
    return f"{text[: number.start()]}#{int(number[0]) - line.sheet.number}{text[number.end() :]}"


def is_page_number(line: Line) -> bool:
    """第 2 页, - 2 -, 2/6 …"""
    return PAGE_NUMBER.fullmatch(line.text.replace(" ", "")) is not None


def find_running(pages: list[Page], size: float) -> tuple[set[str], set[str]]:
    """Texts that run along the top, and along the foot, of several pages."""
    top_line, foot_line = find_text_bounds(pages)
    tops: defaultdict[str, list[float]] = defaultdict(list)
    feet: defaultdict[str, list[float]] = defaultdict(list)
    for page in pages:
        for line in page.lines:
            if line.size > LARGER * size:
                continue
            if line.y1 <= EDGE * page.sheet.height and line.y1 <= top_line[page.sheet.height] + 1:
                tops[key_of(line)].append(line.y1)
            elif line.y0 >= (1 - EDGE) * page.sheet.height and line.y0 >= foot_line[page.sheet.height] - 1:
                feet[key_of(line)].append(line.y1)
    wanted = max(2, SHARE * len(pages))
    return (
        {
            key for key, at in tops.items() if runs(at, max(wanted, 3) if "#" in key else wanted)
        },  # 附件1, 附件2 are titles
        {key for key, at in feet.items() if runs(at, wanted)},
    )


def runs(places: list[float], wanted: float) -> bool:
    """Whether a line stands at one place on enough pages."""
    middle = sorted(places)[len(places) // 2]
    return sum(abs(place - middle) <= SAME_PLACE for place in places) >= wanted


def find_text_bounds(pages: list[Page]) -> tuple[defaultdict[float, float], defaultdict[float, float]]:
    """For each height of page, where lines that no other page repeats, and tables, begin and end."""
    keys = [[key_of(line) for line in page.lines] for page in pages]
    seen: Counter[str] = Counter(key for named in keys for key in set(named))
    tops: defaultdict[float, float] = defaultdict(lambda: float("inf"))
    feet: defaultdict[float, float] = defaultdict(float)
    for page, named in zip(pages, keys, strict=True):
        height = page.sheet.height
        areas: list[Bounded] = [table.area for table in page.tables]
        areas += [
            line for line, key in zip(page.lines, named, strict=True) if seen[key] == 1 and not is_page_number(line)
        ]
        tops[height] = min([tops[height], *(area.y0 for area in areas)])
        feet[height] = max([feet[height], *(area.y1 for area in areas)])
    return tops, feet


def _split_page(page: Page, tops: set[str], feet: set[str], size: float) -> Flow:
    height = page.sheet.height
    header: list[Line] = []
    footer: list[Line] = []
    rest: list[Line] = []
    for line in page.lines:
        if line.y1 <= EDGE * height and key_of(line) in tops:
            header.append(line)
        elif line.y0 >= (1 - EDGE) * height and key_of(line) in feet:
            footer.append(line)
        else:
            rest.append(line)
    number = find_page_number(page, rest)
    if number is not None:
        (footer if number.y0 > height / 2 else header).append(number)
        rest = [line for line in rest if line is not number]
    end = find_note_rule(page, rest, size)
    notes = [line for line in rest if end and line.y0 > end - 1]
    body = [line for line in rest if line.y0 <= end - 1] if end else rest
    return Flow(body, header, footer, notes, end)


def find_page_number(page: Page, lines: list[Line]) -> Line | None:
    """The last line, or the first, where it is a page number at the edge and apart from all text."""
    if not lines:
        return None
    height = page.sheet.height
    first, last = lines[0], lines[-1]
    bottoms = [line.y1 for line in lines[:-1]] + [table.area.y1 for table in page.tables]
    if is_page_number(last) and last.y0 >= (1 - EDGE) * height:
        return last if all(last.y0 - bottom > APART * last.size for bottom in bottoms) else None
    tops = [line.y0 for line in lines[1:]] + [table.area.y0 for table in page.tables]
    if is_page_number(first) and first.y1 <= EDGE * height:
        return first if all(top - first.y1 > APART * first.size for top in tops) else None
    return None


def find_note_rule(page: Page, lines: list[Line], size: float) -> float:
    """Height of the short rule below which only small type stands, 0 where there is none."""
    sheet = page.sheet
    tables = [table.area for table in page.tables]
    foot = max([NOTE_FROM * sheet.height, *(area.y1 for area in tables)])
    short = [rule for rule in sheet.across if NOTE_RULE[0] <= rule.end - rule.start <= NOTE_RULE[1] * sheet.width]
    for rule in sorted([rule for rule in short if rule.at > foot], reverse=True):
        below = [line for line in lines if line.y0 > rule.at - 1]
        if below and all(line.size <= NOTE_SIZE * size for line in below) and has_mark(below[0]):
            return rule.at
    return 0.0


def has_mark(line: Line) -> bool:
    """Whether a line begins as a footnote does."""
    return NOTE_MARK.match(line.text) is not None


def strip_marks(line: Line, marks: set[str]) -> Line:
    """The line without the raised marks of footnotes that stand on its page."""
    for start, end in reversed(line.raised):
        if line.text[start:end].strip("[] ") in marks:
            text = line.text[:start] + line.text[end:]
            line = replace(line, text=text, lefts=line.lefts[:start] + line.lefts[end:])
    return replace(line, raised=())


def find_marks(notes: list[Line]) -> set[str]:
    """The marks of the footnotes on a page."""
    return {match[0].strip("[] ") for line in notes if (match := NOTE_MARK.match(line.text))}


def note_text(text: str) -> str:
    """A footnote without its mark."""
    return NOTE_MARK.sub("", text, count=1)
