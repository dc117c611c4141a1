"""The whole of an .odt: content.xml first, then headers and footers of the page styles in use.

office:text ─ walk ─→ body · text boxes · footnotes (in the order met)
style:master-page (used) ─ style:header, style:footer ─ walk ─→ header, footer
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml.etree import _Element

from gouji.model.document import Document
from gouji.model.errors import ReadError
from gouji.model.locator import Story
from gouji.readers.docx.package import Package
from gouji.readers.flow import Counters, Flow
from gouji.readers.notices import Notes, write_notices
from gouji.readers.odt.lists import Lists
from gouji.readers.odt.names import LOEXT, MANIFEST, OFFICE, STYLE
from gouji.readers.odt.styles import read_look
from gouji.readers.odt.walk import Walk
from gouji.readers.story import StoryBuilder

STORIES: tuple[Story, ...] = ("body", "header", "footer", "footnote", "textbox")
ENCRYPTED = "文件设有打开密码；请在 WPS 或 LibreOffice 中取消密码，并另存为 .docx 后再提交。"
NO_TEXT = "文件中找不到正文；请用 WPS 或 LibreOffice 打开后另存为 .docx 再提交。"
MARGINS: tuple[tuple[Story, tuple[str, ...]], ...] = (
    ("header", (STYLE + "header", STYLE + "header-left", STYLE + "header-first", LOEXT + "header-first")),
    ("footer", (STYLE + "footer", STYLE + "footer-left", STYLE + "footer-first", LOEXT + "footer-first")),
)


def read_odt(data: bytes) -> Document:
    """Read an OpenDocument text. Raises ReadError "encrypted", "corrupt" or "too_large"."""
    package = Package(data)
    refuse_encrypted(package)
    content = package.parse_part("content.xml")
    styles = package.parse_optional_part("styles.xml")
    text = content.find(f"{OFFICE}body/{OFFICE}text")
    if text is None:
        raise ReadError("corrupt", NO_TEXT)
    notes, counters = Notes(), Counters()
    stories = {story: StoryBuilder(story) for story in STORIES}
    flows = {name: Flow(story, notes, counters) for name, story in stories.items()}
    roots = [root for root in (styles, content) if root is not None]
    look = read_look(roots)
    walk = Walk(flows, look, Lists(look.lists))
    walk.read(text, "body")
    for story, margin in iter_margins(content, styles):
        walk.read(margin, story)
    for flow in flows.values():
        flow.finish()
    parts = tuple(story.to_part() for story in stories.values() if story.blocks or story.story == "body")
    return Document("odt", parts, write_notices(notes, package.repairs, parts))


def refuse_encrypted(package: Package) -> None:
    """An encrypted document names the key of each part in its manifest."""
    root = package.parse_optional_part("META-INF/manifest.xml")
    if root is not None and next(root.iter(MANIFEST + "encryption-data"), None) is not None:
        raise ReadError("encrypted", ENCRYPTED)


def iter_margins(content: _Element, styles: _Element | None) -> Iterator[tuple[Story, _Element]]:
    """Headers, then footers, of the page styles that the text uses."""
    if styles is None:
        return
    pages = {page.get(STYLE + "name") or "": page for page in styles.iter(STYLE + "master-page")}
    used = list_used(content, styles, pages)
    for story, tags in MARGINS:
        for name in used:
            for margin in pages[name].iterchildren(*tags):
                if margin.get(STYLE + "display") != "false":
                    yield story, margin


def list_used(content: _Element, styles: _Element, pages: dict[str, _Element]) -> list[str]:
    """The standard page, those that paragraphs ask for, and those that follow them."""
    named = {
        style.get(STYLE + "master-page-name") for root in (content, styles) for style in root.iter(STYLE + "style")
    }
    waiting = [name for name in pages if name in named or name == "Standard"]
    used: list[str] = []
    while waiting:
        name = waiting.pop(0)
        if name in pages and name not in used:
            used.append(name)
            waiting.append(pages[name].get(STYLE + "next-style-name") or "")
    return [name for name in pages if name in used]
