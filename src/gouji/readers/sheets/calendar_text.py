"""Days since 1900 (or 1904) as the parts of a date: 44698.375 under yyyy"年"m"月"d"日" → 2022年5月17日.

Day 60 of the 1900 system is 1900-02-29, a day that never was; the days before it are counted from 1899-12-31.
"""

from __future__ import annotations

import datetime as dt

import msgspec

from gouji.readers.sheets.number_formats import Section, Token

LAST_DAY = 2958465  # 9999-12-31
FALSE_DAY = 60
DAY_SECONDS, NOON = 86400, 12
MONTHS = "January February March April May June July August September October November December".split()
WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
CHINESE_WEEKDAYS = "一二三四五六日"
CHINESE_DIGITS = str.maketrans("0123456789", "〇一二三四五六七八九")
SHORT_NAME, FIRST_LETTER = 3, 5  # lengths of mmm and mmmmm
TEN = 10


class Moment(msgspec.Struct, frozen=True):
    """A day and a time of it; `days` and `second_count` are those since the beginning, for [h]."""

    year: int
    month: int
    day: int
    weekday: int
    second_count: float
    days: int

    @property
    def seconds(self) -> float:
        """Seconds of the day."""
        return self.second_count - self.days * DAY_SECONDS


def find_moment(serial: float, *, since_1904: bool, decimals: int = 0) -> Moment | None:
    """The moment of a serial number, rounded to the seconds that are shown; None outside the calendar."""
    if not 0 <= serial < LAST_DAY + 1:
        return None
    second_count = round(serial * DAY_SECONDS, decimals)
    days = int(second_count // DAY_SECONDS)
    if days == FALSE_DAY and not since_1904:
        return Moment(1900, 2, 29, 2, second_count, days)
    if days == 0 and not since_1904:
        return Moment(1900, 1, 0, 5, second_count, days)
    start = dt.date(1904, 1, 1) if since_1904 else dt.date(1899, 12, 31 if days < FALSE_DAY else 30)
    if days > (dt.date.max - start).days:
        return None
    date = start + dt.timedelta(days)
    return Moment(date.year, date.month, date.day, date.weekday(), second_count, days)


def render_date(section: Section, serial: float, *, since_1904: bool) -> str | None:
    """The text of a date section; None where the number is no day of the calendar."""
    tokens = section.tokens
    decimals = count_second_decimals(tokens)
    moment = find_moment(serial, since_1904=since_1904, decimals=decimals)
    if moment is None:
        return None
    half_day = section.has("ampm")
    pieces: list[str] = []
    for token in tokens:
        if token.kind == "date":
            piece = render_part(token.text, moment, half_day=half_day, decimals=decimals)
            pieces.append(to_chinese(piece, token.text) if section.chinese_digits else piece)
        else:
            pieces.append(render_other(token, moment, decimals))
    return "".join(pieces).strip()


def count_second_decimals(tokens: tuple[Token, ...]) -> int:
    """Zeros after the point: mm:ss.00 shows hundredths."""
    return min(3, sum([token.kind == "digit" for token in tokens]))


def render_other(token: Token, moment: Moment, decimals: int) -> str:
    """Literals, hours beyond a day, halves of the day, the fraction of a second (all of it at its point)."""
    if token.kind == "elapsed":
        divisor = {"h": 3600, "m": 60, "s": 1}[token.text[0]]
        return str(int(moment.second_count // divisor)).zfill(len(token.text))
    if token.kind == "ampm":
        names = token.text.split("/")
        return names[moment.seconds >= NOON * 3600]
    if token.kind == "point" and decimals:
        return f"{moment.seconds % 1:.{decimals}f}"[1:]
    return "" if token.kind == "digit" else token.text


def render_part(name: str, moment: Moment, *, half_day: bool, decimals: int) -> str:
    """One part of a date; M stands for minutes."""
    size, letter = len(name), name[0]
    if letter in "ye":
        return f"{moment.year % 100:02}" if name in ("y", "yy") else str(moment.year)
    if letter == "m":
        return render_name(moment.month, MONTHS[moment.month - 1], size)
    if letter == "d":
        return render_name(moment.day, WEEKDAYS[moment.weekday], size)
    if letter == "a":
        return ("星期" if size > SHORT_NAME else "") + CHINESE_WEEKDAYS[moment.weekday]
    whole = int(moment.seconds) if decimals else round(moment.seconds)
    return render_time(letter, whole, half_day=half_day).zfill(min(size, 2)) if letter in "hMs" else ""


def render_time(letter: str, seconds: int, *, half_day: bool) -> str:
    """Hours, minutes or seconds of a day."""
    hour = seconds // 3600
    if letter == "h":
        return str((hour % NOON or NOON) if half_day else hour)
    return str(seconds // 60 % 60 if letter == "M" else seconds % 60)


def render_name(number: int, name: str, size: int) -> str:
    """5, 05, May or its first letters."""
    if size < SHORT_NAME:
        return str(number).zfill(size)
    return name[:1] if size == FIRST_LETTER else name if size > SHORT_NAME else name[:SHORT_NAME]


def to_chinese(text: str, name: str) -> str:
    """二〇二二 for a year, 十七 for a day."""
    if not text.isdigit():
        return text
    if name[0] in "ye" or len(text) > 2:  # noqa: PLR2004 - tens and ones
        return text.translate(CHINESE_DIGITS)
    tens, ones = divmod(int(text), TEN)
    head = ("" if tens <= 1 else str(tens)) + ("十" if tens else "")
    return (head + (str(ones) if ones or not tens else "")).translate(CHINESE_DIGITS)
