"""Numbers of lists and headings in the formats Word knows (w:numFmt).

    chineseCountingThousand 12 → 十二      ideographTraditional 2 → 乙      decimalEnclosedCircle 3 → ③
    ideographDigital        12 → 一二      upperRoman 4 → IV               lowerLetter 28 → bb

What a format cannot express (circled 60, stem 11) falls back to plain digits, as Word does; unknown formats too.
"""

from __future__ import annotations

from collections.abc import Callable

DIGITS = "〇一二三四五六七八九"
LEGAL_DIGITS = "零壹贰叁肆伍陆柒捌玖"
STEMS = "甲乙丙丁戊己庚辛壬癸"
BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
    (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
LIMIT_ROMAN = 32_767
LIMIT_LETTERS = 780
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")

# Names of the number formats by their code in .doc and in Word 2003 XML (nfc), as WordprocessingML spells them.
NAMES = (
    "decimal upperRoman lowerRoman upperLetter lowerLetter ordinal cardinalText ordinalText hex chicago ideographDigital "
    "japaneseCounting aiueo iroha decimalFullWidth decimalHalfWidth japaneseLegal japaneseDigitalTenThousand "
    "decimalEnclosedCircle decimalFullWidth2 aiueoFullWidth irohaFullWidth decimalZero bullet ganada chosung "
    "decimalEnclosedFullstop decimalEnclosedParen decimalEnclosedCircleChinese ideographEnclosedCircle "
    "ideographTraditional ideographZodiac ideographZodiacTraditional taiwaneseCounting ideographLegalTraditional "
    "taiwaneseCountingThousand taiwaneseDigital chineseCounting chineseLegalSimplified chineseCountingThousand"
).split()
NO_FORMAT = 0xFF


def name_format(code: int) -> str:
    """37 → chineseCounting; what is no code counts in plain digits."""
    return "none" if code == NO_FORMAT else NAMES[code] if 0 <= code < len(NAMES) else "decimal"


def format_number(number: int, style: str) -> str:
    """The number as w:numFmt `style` prints it."""
    return FORMATS.get(style, str)(number)


def to_chinese(number: int, digits: str = "零" + DIGITS[1:], units: str = "十百千", ten_thousand: str = "万") -> str:
    """Counting with units: 十二, 一百零五, 三千."""
    if not 0 < number < 100_000_000:
        return digits[0] if number == 0 else str(number)
    high, low = divmod(number, 10_000)
    head = _count_section(high, digits, units) + ten_thousand if high else ""
    gap = digits[0] if high and 0 < low < 1000 else ""
    text = head + gap + _count_section(low, digits, units)
    return text[1:] if text.startswith(digits[1] + units[0]) and units[0] == "十" else text


def _count_section(number: int, digits: str, units: str) -> str:
    text = ""
    pending = False
    for power in range(3, -1, -1):
        digit = number // 10**power % 10
        if digit:
            text += (digits[0] if pending else "") + digits[digit] + (units[power - 1] if power else "")
            pending = False
        elif text:
            pending = True
    return text


def to_legal(number: int) -> str:
    """Amounts on cheques: 壹拾贰."""
    return to_chinese(number, LEGAL_DIGITS, "拾佰仟", "万")


def to_digits(number: int) -> str:
    """Digit by digit: 二〇二一."""
    return "".join(DIGITS[int(digit)] for digit in str(number)) if number >= 0 else str(number)


def to_ten_thousand(number: int) -> str:
    """With units below a hundred, digit by digit above (chineseCounting): 十二, 一〇五."""
    return to_chinese(number) if number < 100 else to_digits(number)


def to_roman(number: int) -> str:
    """MCMXCIX."""
    if not 0 < number <= LIMIT_ROMAN:
        return str(number)
    text = ""
    for value, sign in ROMAN:
        count, number = divmod(number, value)
        text += sign * count
    return text


def to_letters(number: int) -> str:
    """A … Z, AA, BB … as Word counts."""
    if not 0 < number <= LIMIT_LETTERS:
        return str(number)
    return chr(ord("A") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _series(signs: str) -> Callable[[int], str]:
    return lambda number: signs[number - 1] if 0 < number <= len(signs) else str(number)


def _range(first: int, count: int) -> str:
    return "".join(chr(first + offset) for offset in range(count))


def to_sexagenary(number: int) -> str:
    """甲子, 乙丑 … of the cycle of sixty."""
    return STEMS[(number - 1) % 10] + BRANCHES[(number - 1) % 12] if 0 < number <= 60 else str(number)


CIRCLED = _range(0x2460, 20) + _range(0x3251, 15) + _range(0x32B1, 15)
_circled = _series(CIRCLED)
FORMATS: dict[str, Callable[[int], str]] = {
    "none": lambda _number: "",
    "decimal": str,
    "decimalZero": lambda number: f"{number:02d}",
    "decimalHalfWidth": str,
    "decimalFullWidth": lambda number: str(number).translate(FULL_WIDTH),
    "decimalFullWidth2": lambda number: str(number).translate(FULL_WIDTH),
    "upperRoman": to_roman,
    "lowerRoman": lambda number: to_roman(number).lower(),
    "upperLetter": to_letters,
    "lowerLetter": lambda number: to_letters(number).lower(),
    "chineseCounting": to_ten_thousand,
    "chineseCountingThousand": to_chinese,
    "chineseLegalSimplified": to_legal,
    "ideographLegalTraditional": lambda number: to_chinese(number, "零壹貳參肆伍陸柒捌玖", "拾佰仟", "萬"),
    "taiwaneseCounting": to_ten_thousand,
    "taiwaneseCountingThousand": lambda number: to_chinese(number, ten_thousand="萬"),
    "taiwaneseDigital": to_digits,
    "japaneseCounting": lambda number: to_chinese(number, DIGITS),
    "japaneseDigitalTenThousand": to_digits,
    "japaneseLegal": lambda number: to_chinese(number, "〇壱弐参四伍六七八九", "拾百阡", "萬"),
    "ideographDigital": to_digits,
    "ideographTraditional": _series(STEMS),
    "ideographZodiac": _series(BRANCHES),
    "ideographZodiacTraditional": to_sexagenary,
    "ideographEnclosedCircle": _series(_range(0x3280, 10)),
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedParen": _series(_range(0x2474, 20)),
    "decimalEnclosedFullstop": _series(_range(0x2488, 20)),
}
