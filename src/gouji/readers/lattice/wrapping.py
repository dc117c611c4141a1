"""Lines → paragraphs: which line ends were the writer's, and which only the frame's.

    │任务 1：开展排查；      │   room for 任 below: the writer broke here
    │任务 2：办好便民实事，  │
    │围绕政府采购监管先后召开│   no room for 现: the frame broke here, and joins without a space
    │现场会                  │
    │ 2,345.6 │ 7 │              a number too wide for its frame is put together again

A line is full when the first piece of the next one (`lines.HEAD`) would not have fitted into what it left blank.
"""

from __future__ import annotations

import re
from itertools import pairwise

from gouji.readers.lattice.lines import CLOSING, WIDE_FROM, Line, measure_head, measure_tail

SLACK = 0.12  # of the size: squeezed and stretched lines
NUMBER_SLACK = 0.6  # the same where a number with a point or comma would be broken: blanks before it are not seen
CENTRED = 0.75  # of the size: difference of the blanks on both sides of a centred line
INDENT = 1.2  # of the size
ITEM_BLANK = 3.0  # of the size: what programs that set type leave at most at the end of a line
ENDS = "。；;：:！？!?"
SIZES = 1.18  # ratio of sizes that sets a title off from text
LOOSE = 1.6  # times the distance of the lines: a blank line between
ENUMERATOR = re.compile(
    r"\s*(?:[（(]?[一二三四五六七八九十]{1,3}[）)、．.]|[（(]\d{1,2}[）)]|\d{1,2}(?:[、．]|\.(?!\d)|[）)])|[①-⑳⑴-⒇◆●■★※▲]"
    r"|第[一二三四五六七八九十]{1,3}[章节条，、是]|[\u4e00-\u9fff]{2,4}\s?[0-9０-９一二三四五六七八九十]{1,2}(?:[：:、]|\.(?!\d))|注[：:])"
)
NUMERIC = frozenset("0123456789０１２３４５６７８９,，.．")
NUMBER_TAIL = re.compile(r"[0-9０-９][0-9０-９,，.．]*$")
NUMBER_HEAD = re.compile(r"[0-9０-９,，.．]*[0-9０-９]")
OPEN_NUMBER = re.compile(r"(?:[0-9][.,]|[０-９][．，]|[,，]\d{1,2})$")
WHOLE_NUMBER = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?")
FOLD = str.maketrans("０１２３４５６７８９，．", "0123456789,.")
WORD_TAIL = re.compile(r"[A-Za-z0-9]+$")
WORD_HEAD = re.compile(r"[A-Za-z0-9]+")
Lines = list[Line]


def lines_to_paragraphs(lines: Lines, *, is_indented: bool = False) -> list[Lines]:
    """The lines of each paragraph. `is_indented` tells that paragraphs here begin with blanks."""
    if len(lines) <= 1:
        return [lines] if lines else []
    paragraphs: list[Lines] = []
    pitch = find_pitch(lines)
    for line in lines:
        if paragraphs and is_wrapped(paragraphs[-1], line, pitch, is_indented=is_indented):
            paragraphs[-1].append(line)
        else:
            paragraphs.append([line])
    return paragraphs


def find_pitch(lines: Lines) -> float:
    """Usual distance from line to line, 0 where there is none to see."""
    steps = sorted([after.y1 - before.y1 for before, after in pairwise(lines) if _is_below(before, after)])
    return steps[len(steps) // 2] if steps else 0.0


def _is_below(before: Line, after: Line) -> bool:
    return before.sheet.number == after.sheet.number and after.y1 > before.y1


def is_wrapped(paragraph: Lines, line: Line, pitch: float, *, is_indented: bool) -> bool:
    """Whether the line goes on with the paragraph."""
    before = paragraph[-1]
    if not have_one_size(before, line) or is_loose(before, line, pitch):
        return False
    if is_broken_number(before, line):
        return is_full(before, line, NUMBER_SLACK)
    if starts_indented(before, line) or are_numbers(before, line):
        return False
    if not is_full(before, line):
        return is_inside_item(paragraph, line)
    hangs = is_indented and paragraph[0].x0 > line.x0 + line.size  # below an indented first line, at the margin
    return hangs or not ENUMERATOR.match(line.text)


def is_inside_item(paragraph: Lines, line: Line) -> bool:
    """Whether an item of a list goes on: it has not come to its end, and its last line is nearly full."""
    before = paragraph[-1]
    is_item = ENUMERATOR.match(paragraph[0].text) and not ENUMERATOR.match(line.text)
    return bool(is_item) and before.text[-1] not in ENDS and measure_blank(before, line) < ITEM_BLANK * line.size


def have_one_size(before: Line, line: Line) -> bool:
    """Whether both are set in type of about one size."""
    return before.size <= line.size * SIZES and line.size <= before.size * SIZES


def is_loose(before: Line, line: Line, pitch: float) -> bool:
    """Whether a blank line stands between."""
    return _is_below(before, line) and line.y1 - before.y1 > LOOSE * max(pitch, line.size)


def is_full(before: Line, line: Line, slack: float = SLACK) -> bool:
    """Whether the head of the line would not have fitted behind the line before."""
    return measure_blank(before, line) < measure_head(before, line) + slack * line.size


def measure_blank(before: Line, line: Line) -> float:
    """What the line before left blank, however it is aligned."""
    ahead, behind = before.x0 - before.left, before.right - before.x1
    if line.x0 - line.left > line.size / 2 and is_centred(before) and is_centred(line):
        return max(0.0, ahead) + max(0.0, behind)
    if ahead > behind and line.x0 - line.left > INDENT * line.size and line.right - line.x1 <= behind + line.size:
        return ahead  # both stand at the right
    return behind


def is_centred(line: Line) -> bool:
    """Whether the blanks on both sides are equal; so they are of a line that fills its frame."""
    return abs(line.x0 - line.left - line.right + line.x1) <= CENTRED * line.size


def starts_indented(before: Line, line: Line) -> bool:
    """Whether the line begins further right, and not because both are centred or set right."""
    ahead = line.x0 - line.left
    if ahead <= before.x0 - before.left + INDENT * line.size:
        return False
    if ahead < 3 * INDENT * line.size and before.x0 - before.left < line.size / 2 and not is_centred(line):
        return True
    return not (is_centred(before) and is_centred(line)) and line.right - line.x1 > line.size


def is_broken_number(before: Line, line: Line) -> bool:
    """Whether a number is broken at the line's end: it cannot end there, or would not fit the frame as a whole."""
    if before.text[-1] not in NUMERIC or line.text[0] not in NUMERIC:
        return False
    tail, head = NUMBER_TAIL.search(before.text), NUMBER_HEAD.match(line.text)
    if tail is None or head is None or not WHOLE_NUMBER.fullmatch((tail[0] + head[0]).translate(FOLD)):
        return False
    slack = NUMBER_SLACK if set(tail[0]) & set(".,．，") else SLACK
    return bool(OPEN_NUMBER.search(tail[0])) or overflows(before, line, (len(tail[0]), head.end()), slack)


def are_numbers(before: Line, line: Line) -> bool:
    """Whether each line is a number by itself."""
    if before.text[-1] not in NUMERIC or line.text[-1] not in NUMERIC:
        return False
    return all(WHOLE_NUMBER.fullmatch(text.text.translate(FOLD)) for text in (before, line))


def overflows(before: Line, line: Line, lengths: tuple[int, int], slack: float = SLACK) -> bool:
    """Whether the last characters before and the first ones here together are wider than the frame."""
    tail, head = lengths
    end = line.lefts[head] if head < len(line.lefts) else line.x1
    width = measure_tail(before, tail) + end - line.x0
    return width > before.right - before.left - slack * line.size


def join_lines(lines: Lines) -> str:
    """Text of a paragraph. Chinese joins without a space; words and numbers stay apart unless the frame cut them."""
    if len(lines) == 1:
        return lines[0].text
    texts = [lines[0].text]
    for before, line in pairwise(lines):
        texts += [" ", line.text] if needs_space(before, line) else [line.text]
    return "".join(texts)


def needs_space(before: Line, line: Line) -> bool:
    """Whether words or numbers meet at the line end, rather than Chinese, a hyphen, or the two halves of one of them."""
    last, first = before.text[-1], line.text[0]
    if last >= WIDE_FROM or first >= WIDE_FROM or last in "-/" or first in CLOSING or is_broken_number(before, line):
        return False
    tail, head = WORD_TAIL.search(before.text), WORD_HEAD.match(line.text)
    return tail is None or head is None or not overflows(before, line, (len(tail[0]), head.end()))
