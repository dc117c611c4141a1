"""What a copy from a web page adds to a text, taken out again before the lines are read.

    财&nbsp;政&#8203;支出      財(cái)政支出
    财 政支出                 財政支出

Entities become their characters, zero-width characters go, and so do phonetic glosses that a web page put into the
words. Navigation lines, spam titles and page metadata (often printed twice) stay: they are paragraphs like others.
"""

from __future__ import annotations

import html
import re

ZERO_WIDTH = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
# The semicolon is required: R&D and AT&T are names.
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8}\d{0,2});")
TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ\u0300\u0301\u0304\u030c"
SYLLABLE = rf"(?=[a-zêüɑɡ{TONED}]{{1,12}}[)）])[a-zêüɑɡ]{{0,6}}[{TONED}][a-zêüɑɡ{TONED}]{{0,6}}"
CHARACTER = "[\u3400-\u9fff]"
GLOSS = re.compile(rf"(?<={CHARACTER})[(（]{SYLLABLE}[)）]")
# Without a tone mark a bracket may be a name; next to toned glosses these few are glosses too.
TONELESS_GLOSS = re.compile(rf"(?<={CHARACTER})[(（](?:ba|de|le|ma|men|ne|zhe|zi)[)）]")


def clean_web_text(text: str) -> tuple[str, int]:
    """The text without what the web page added, and how many phonetic glosses that took out of its words."""
    text = ZERO_WIDTH.sub("", text)
    if "&" in text:
        text = ENTITY.sub(decode_entity, text)
    text, glosses = GLOSS.subn("", text)
    if glosses:
        text, toneless = TONELESS_GLOSS.subn("", text)
        glosses += toneless
    return text, glosses


def decode_entity(match: re.Match[str]) -> str:
    """The character of an entity; a space for one that would break lines or cells, nothing for one without width."""
    text = html.unescape(match[0])
    return " " if text.isspace() and text != "\u3000" else ZERO_WIDTH.sub("", text) if text.isprintable() else ""
