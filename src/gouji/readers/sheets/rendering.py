"""Numbers as their cells show them.

871.0500000000001   General      → 871.05            15 significant digits, as many as a cell can keep
12.5                #,##0.00     → 12.50             halves rounded away from zero
0.951               0.00%        → 95.10%
0                   accounting   → -
44698               yyyy/m/d     → 2022/5/17
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from gouji.readers.sheets.calendar_text import render_date
from gouji.readers.sheets.number_formats import NumberFormat, Plain, Section, Token

DIGITS = 15
WIDE = Context(prec=700, rounding=ROUND_HALF_UP)
MAX_PLAIN = 20  # General writes larger exponents as such
GROUP = 3
UNITS = [Decimal(1).scaleb(-decimals) for decimals in range(8)]
MAX_DECIMALS = 60
TWO, THREE, FOUR = 2, 3, 4


def show_number(value: float, number_format: NumberFormat, *, since_1904: bool = False) -> str:
    """The text of a number under a format."""
    if not math.isfinite(value):
        return str(value)
    section, magnitude = choose_section(value, number_format)
    if section is None:
        return show_general(value)
    if section.plain is not None:
        return render_plain(section.plain, magnitude)
    if section.has("date", "elapsed", "ampm"):
        shown = render_date(section, value, since_1904=since_1904)
        return show_general(value) if shown is None else shown
    return render_section(section, magnitude)


def show_text(text: str, number_format: NumberFormat) -> str:
    """A text under a format: its own section may add words or hide it."""
    sections = number_format.sections
    section = sections[-1]
    if not (len(sections) == FOUR or section.has("text")):
        return text
    if len(sections) == 1 and len(section.tokens) == 1:
        return text
    return "".join(text if token.kind == "text" else token.text for token in section.tokens).strip(" ")


def choose_section(value: float, number_format: NumberFormat) -> tuple[Section | None, float]:
    """The section for a number, and the number as that section prints it: the one for negatives prints no sign."""
    sections = number_format.sections
    if len(sections) == 1 and sections[0].condition is None:
        return sections[0], value
    if any(section.condition for section in sections):
        return choose_by_condition(value, sections)
    if len(sections) > 1 and len(sections) < FOUR and sections[-1].has("text"):
        sections = sections[:-1]
    numbers = sections[:THREE]
    if value < 0 and len(numbers) >= TWO:
        return numbers[1], -value
    if value == 0 and len(numbers) == THREE:
        return numbers[2], value
    return numbers[0], value


def choose_by_condition(value: float, sections: tuple[Section, ...]) -> tuple[Section | None, float]:
    """The first section whose condition holds, or that has none."""
    for at, section in enumerate(sections[:THREE]):
        if section.condition is None or holds(value, *section.condition):
            is_negative = value < 0 and at > 0 and section.condition is None
            return section, -value if is_negative else value
    return None, value


def holds(value: float, sign: str, limit: float) -> bool:
    """Whether a comparison holds."""
    return {
        "<": value < limit,
        "<=": value <= limit,
        ">": value > limit,
        ">=": value >= limit,
        "=": value == limit,
        "<>": value != limit,
    }[sign]


def show_general(value: float) -> str:
    """Up to 15 significant digits, plain as long as that is readable."""
    number = to_decimal(value)
    exponent = number.adjusted()
    if number == 0:
        return "0"
    if -DIGITS < exponent < MAX_PLAIN:
        text = f"{number:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    digits = f"{number.scaleb(-exponent, WIDE):f}"
    digits = digits.rstrip("0").rstrip(".") if "." in digits else digits
    return f"{digits}E{'+' if exponent > 0 else '-'}{abs(exponent):02}"


def to_decimal(value: float) -> Decimal:
    """The number without the noise of its binary form."""
    return Decimal(f"{value:.{DIGITS}g}")


def render_plain(plain: Plain, value: float) -> str:
    """A number under #,##0.00 and its like."""
    number = Decimal(f"{value:.{DIGITS}g}")
    if plain.scale:
        number = number.scaleb(plain.scale, WIDE)
    rounded = WIDE.quantize(
        number, UNITS[plain.decimals] if plain.decimals < len(UNITS) else Decimal(1).scaleb(-plain.decimals)
    )
    digits = f"{rounded.copy_abs():,f}" if plain.groups else f"{rounded.copy_abs():f}"
    return f"{'-' if value < 0 else ''}{plain.before}{digits}{plain.after}"


def render_section(section: Section, value: float) -> str:
    """A number under one section."""
    if section.has("general"):
        return "".join(show_general(value) if t.kind == "general" else t.text for t in section.tokens).strip()
    if not section.has("digit"):
        shown = "".join(show_general(value) if t.kind == "text" else t.text for t in section.tokens).strip()
        return f"-{shown}" if value < 0 and shown and not section.has("text") else shown
    if is_fraction(section.tokens):
        return render_fraction(section.tokens, value)
    if section.has("exponent"):
        return render_exponent(section.tokens, value)
    return render_decimal(section.tokens, to_decimal(value))


def render_decimal(tokens: tuple[Token, ...], number: Decimal) -> str:
    """Digits into their places: the whole part from the right, the decimals from the left."""
    point = next((at for at, token in enumerate(tokens) if token.kind == "point"), len(tokens))
    places = [at for at, token in enumerate(tokens) if token.kind == "digit"]
    whole, decimals = [at for at in places if at < point], [at for at in places if at > point][:MAX_DECIMALS]
    scale, groups = read_commas(tokens, whole, decimals)
    scale += 2 * sum(token.kind == "percent" for token in tokens)
    rounded = WIDE.quantize(number.scaleb(scale, WIDE), Decimal(1).scaleb(-len(decimals)))
    digits, _, rest = f"{rounded.copy_abs():f}".partition(".")
    filled = fill_whole(tokens, whole, digits.lstrip("0"), groups=groups)
    filled |= fill_decimals(tokens, decimals, rest)
    body = "".join(
        filled.get(at, "" if token.kind in ("digit", "comma") else token.text) for at, token in enumerate(tokens)
    )
    if not whole and point < len(tokens) and digits.lstrip("0"):
        body = digits + body
    return ("-" if number < 0 else "") + body.strip()


def read_commas(tokens: tuple[Token, ...], whole: list[int], decimals: list[int]) -> tuple[int, bool]:
    """Commas right behind the whole part or the decimals divide by a thousand each; one between its digits groups them."""
    behind = 0
    for places in (whole, decimals):
        at = places[-1] + 1 if places else len(tokens)
        while at < len(tokens) and tokens[at].kind == "comma":
            behind, at = behind + 1, at + 1
    groups = (
        any(token.kind == "comma" and whole[0] < at < whole[-1] for at, token in enumerate(tokens)) if whole else False
    )
    return -GROUP * behind, groups


def fill_whole(tokens: tuple[Token, ...], places: list[int], digits: str, *, groups: bool) -> dict[int, str]:
    """What each place of the whole part prints; the first takes all digits that are left."""
    filled: dict[int, str] = {}
    left = list(digits)
    count = 0
    for at in reversed(places):
        takes = max(1, len(left)) if at == places[0] else 1
        printed = ""
        for _ in range(takes):
            digit = left.pop() if left else {"0": "0", "?": " "}.get(tokens[at].text, "")
            comma = "," if groups and count and count % GROUP == 0 and digit.strip() else ""
            printed = digit + comma + printed
            count += 1
        filled[at] = printed
    return filled


def fill_decimals(tokens: tuple[Token, ...], places: list[int], digits: str) -> dict[int, str]:
    """What each decimal place prints: zeros at the end only where the format asks for them."""
    filled: dict[int, str] = {}
    significant = len(digits.rstrip("0"))
    for index, at in enumerate(places):
        is_needed = index < significant or any(tokens[i].text == "0" for i in places[index:])
        filled[at] = digits[index : index + 1] if is_needed else (" " if tokens[at].text == "?" else "")
    return filled


def render_exponent(tokens: tuple[Token, ...], value: float) -> str:
    """1.23E+05: the whole part has as many digits as places, the exponent is a multiple of their number."""
    at = next(i for i, token in enumerate(tokens) if token.kind == "exponent")
    mantissa, power = tokens[:at], tokens[at + 1 :]
    point = next((i for i, token in enumerate(mantissa) if token.kind == "point"), len(mantissa))
    whole = max(1, sum(token.kind == "digit" for token in mantissa[:point]))
    decimals = sum(token.kind == "digit" for token in mantissa[point:])
    number = to_decimal(value)
    exponent = find_exponent(number, whole)
    if number:  # 99999.5 becomes 1.00E+05
        rounded = WIDE.quantize(number, Decimal(1).scaleb(exponent - decimals))
        exponent = find_exponent(rounded or number, whole)
    shown = render_decimal(mantissa, number.scaleb(-exponent, WIDE))
    size = sum(token.kind == "digit" for token in power)
    sign = "-" if exponent < 0 else "+" if tokens[at].text.endswith("+") else ""
    return f"{shown}E{sign}{abs(exponent):0{size}}"


def find_exponent(number: Decimal, whole: int) -> int:
    """The power of ten to print: a multiple of the places before the point."""
    return number.adjusted() // whole * whole if number else 0


def is_fraction(tokens: tuple[Token, ...]) -> bool:
    """Whether digits stand on both sides of a stroke."""
    strokes = [at for at, token in enumerate(tokens) if token.text == "/"]
    return (
        bool(strokes)
        and any(t.kind == "digit" for t in tokens[: strokes[0]])
        and find_denominator(tokens, strokes[0]) != ""
    )


def find_denominator(tokens: tuple[Token, ...], stroke: int) -> str:
    """What stands behind the stroke: ?? or a fixed 16."""
    text = ""
    for token in tokens[stroke + 1 :]:
        if token.kind != "digit" and not token.text.isdigit():
            break
        text += token.text
    return text


def render_fraction(tokens: tuple[Token, ...], value: float) -> str:
    """1.25 under # ?/? → 1 1/4"""
    stroke = next(at for at, token in enumerate(tokens) if token.text == "/")
    below = find_denominator(tokens, stroke)
    is_fixed = below.strip("0").isdigit()
    has_whole = any(token.text == " " for token in tokens[:stroke])
    part, whole = math.modf(abs(value)) if has_whole else (abs(value), 0.0)
    limit = int(below) if is_fixed else 10 ** min(len(below), 6) - 1
    fraction = Fraction(round(part * limit), limit) if is_fixed else Fraction(part).limit_denominator(limit)
    if fraction == 1 and has_whole:
        whole, fraction = whole + 1, Fraction(0)
    numerator, denominator = fraction.numerator, fraction.denominator
    if is_fixed:
        numerator, denominator = numerator * (limit // denominator), limit
    printed = f"{numerator}/{denominator}" if numerator else ""
    head = f"{whole:.0f}" if has_whole and (whole or not printed) else ""
    return ("-" if value < 0 else "") + (f"{head} {printed}".strip() or "0")
