"""PDF files in a few lines. Distances are points from the top left corner, as on paper.

    page = Page()
    page.grid([50, 150, 250], [100, 130, 160])       rules of a table
    page.text(60, 110, "收入合计")                   baseline at y + size
    data = pdf(page, page)

Text is set in a font that is not in the file (as Word may leave 宋体 out): 2-byte codes, which are the characters
themselves, with a ToUnicode map. A Chinese character is as wide as its size, any other half as wide.
"""

from __future__ import annotations

import hashlib
import math
import zlib
from dataclasses import dataclass, field

WIDTH, HEIGHT = 595.0, 842.0
PNG_PIXEL = b"\xff\x00\x00"
PASSWORD_PAD = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
RANGES = "".join(f"<{row:02X}00> <{row:02X}FF> <{row:02X}00>\n" for row in range(256))
TO_UNICODE = f"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /A def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange 256 beginbfrange
{RANGES}endbfrange endcmap CMapName currentdict /CMap defineresource pop end end""".encode()


def width_of(char: str) -> float:
    """Width of a character in ems."""
    return 1.0 if char >= "\u2e80" else 0.5


@dataclass
class Page:
    """The content of a page while it is written; `forms` are form objects with their matrices."""

    width: float = WIDTH
    height: float = HEIGHT
    rotate: int = 0
    origin: tuple[float, float] = (0.0, 0.0)
    content: list[str] = field(default_factory=list)
    forms: list[tuple[str, Page]] = field(default_factory=list)

    def y(self, y: float) -> float:
        return self.origin[1] + self.height - y

    def x(self, x: float) -> float:
        return self.origin[0] + x

    def line(self, x0: float, y0: float, x1: float, y1: float, style: str = "0.5 w") -> None:
        """A stroke."""
        self.content.append(f"q {style} {self.x(x0)} {self.y(y0)} m {self.x(x1)} {self.y(y1)} l S Q")

    def bar(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """A filled rectangle, as Word draws its rules."""
        self.content.append(f"{self.x(x0)} {self.y(y1)} {x1 - x0} {y1 - y0} re f")

    def outline(self, x0: float, y0: float, x1: float, y1: float, style: str = "0.5 w") -> None:
        """The outline of a rectangle."""
        self.content.append(f"q {style} {self.x(x0)} {self.y(y1)} {x1 - x0} {y1 - y0} re S Q")

    def circle(self, x: float, y: float, radius: float, style: str = "1 0 0 RG 1.5 w") -> None:
        """A circle of four curves."""
        k = radius * 0.5523
        px, py, r = self.x(x), self.y(y), radius
        curves = (
            f"{px + r} {py} m {px + r} {py + k} {px + k} {py + r} {px} {py + r} c "
            f"{px - k} {py + r} {px - r} {py + k} {px - r} {py} c {px - r} {py - k} {px - k} {py - r} {px} {py - r} c "
            f"{px + k} {py - r} {px + r} {py - k} {px + r} {py} c"
        )
        self.content.append(f"q {style} {curves} S Q")

    def grid(self, xs: list[float], ys: list[float], style: str = "0.5 w") -> None:
        """All rules of a plain table."""
        for y in ys:
            self.line(xs[0], y, xs[-1], y, style)
        for x in xs:
            self.line(x, ys[0], x, ys[-1], style)

    def text(self, x: float, y: float, text: str, size: float = 10.0, *, angle: float = 0.0, style: str = "") -> None:
        """Text whose line begins at x and hangs from y; turned counter-clockwise by degrees around its baseline's start."""
        codes = "".join(f"{ord(char):04X}" for char in text)
        cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        matrix = f"{cos:.5f} {sin:.5f} {-sin:.5f} {cos:.5f} {self.x(x):.3f} {self.y(y + 0.88 * size):.3f}"
        self.content.append(f"q {style} BT /F {size} Tf {matrix} Tm <{codes}> Tj ET Q")

    def unmapped(self, x: float, y: float, text: str, size: float = 10.0) -> None:
        """Text in a font without any map to characters."""
        codes = "".join(f"{ord(char):04X}" for char in text)
        self.content.append(f"BT /N {size} Tf 1 0 0 1 {self.x(x)} {self.y(y + 0.88 * size)} Tm <{codes}> Tj ET")

    def image(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """A red image over a rectangle."""
        self.content.append(f"q {x1 - x0} 0 0 {y1 - y0} {self.x(x0)} {self.y(y1)} cm /I Do Q")

    def form(self, matrix: str, form: Page) -> None:
        """Another page's content as a form object."""
        self.content.append(f"q /X{len(self.forms)} Do Q")
        self.forms.append((matrix, form))


def text_width(text: str, size: float = 10.0) -> float:
    return sum(width_of(char) for char in text) * size


class Writer:
    """Objects of a file by number; 1 is the catalogue, 2 the page tree, 3 to 9 what pages share."""

    def __init__(self, key: bytes = b"") -> None:
        self.objects: dict[int, bytes] = {}
        self.key = key
        self.next = 10

    def add(self, body: bytes, stream: bytes | None = None) -> int:
        number, self.next = self.next, self.next + 1
        self.put(number, body, stream)
        return number

    def put(self, number: int, body: bytes, stream: bytes | None = None) -> None:
        if stream is None:
            self.objects[number] = body
            return
        packed = zlib.compress(stream)
        if self.key:
            salted = self.key + number.to_bytes(3, "little") + b"\0\0"
            packed = rc4(hashlib.md5(salted, usedforsecurity=False).digest()[: len(self.key) + 5], packed)
        head = b"<< %s /Filter /FlateDecode /Length %d >>" % (body, len(packed))
        self.objects[number] = head + b"\nstream\n" + packed + b"\nendstream"

    def write(self, trailer: bytes = b"") -> bytes:
        out = bytearray(b"%PDF-1.7\n")
        places: dict[int, int] = {}
        for number, body in sorted(self.objects.items()):
            places[number] = len(out)
            out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
        start = len(out)
        size = max(self.objects) + 1
        out += b"xref\n0 %d\n0000000000 65535 f \n" % size
        for number in range(1, size):
            out += b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 65535 f \n"
        out += b"trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start)
        return bytes(out)


def pdf(*pages: Page, password: str | None = None) -> bytes:
    """A file with these pages, perhaps locked."""
    lock = lock_of(password) if password is not None else None
    writer = Writer(lock[0] if lock else b"")
    put_shared(writer)
    kids = [add_page(writer, page) for page in pages]
    writer.put(1, b"<< /Type /Catalog /Pages 2 0 R >>")
    tree = " ".join(f"{kid} 0 R" for kid in kids).encode()
    writer.put(2, b"<< /Type /Pages /Kids [%s] /Count %d >>" % (tree, len(kids)))
    if lock is None:
        return writer.write()
    number = writer.add(lock[1])
    return writer.write(b"/Encrypt %d 0 R /ID [<00> <00>]" % number)


def put_shared(writer: Writer) -> None:
    """The fonts with and without a map, and an image of one pixel."""
    for number, name, extra in ((3, b"SimSun", b"/ToUnicode 5 0 R"), (4, b"Lost", b"")):
        writer.put(
            number,
            b"<< /Type /Font /Subtype /Type0 /BaseFont /%s /Encoding /Identity-H /DescendantFonts [%d 0 R] %s >>"
            % (name, number + 3, extra),
        )
        writer.put(
            number + 3,
            b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /%s /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity)"
            b" /Supplement 0 >> /DW 1000 /W [0 11903 500] /FontDescriptor 8 0 R >>" % name,
        )
    writer.put(5, b"", TO_UNICODE)
    writer.put(
        8,
        b"<< /Type /FontDescriptor /FontName /SimSun /Flags 4 /FontBBox [0 -120 1000 880] /ItalicAngle 0 /Ascent 880"
        b" /Descent -120 /CapHeight 700 /StemV 80 >>",
    )
    image = b"/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceRGB /BitsPerComponent 8"
    writer.put(9, image, PNG_PIXEL)


def add_page(writer: Writer, page: Page) -> int:
    """Object number of a page."""
    x, y = page.origin
    box = f"[{x} {y} {x + page.width} {y + page.height}]".encode()
    content = writer.add(b"", "\n".join(page.content).encode())
    return writer.add(
        b"<< /Type /Page /Parent 2 0 R /MediaBox %s /Rotate %d /Resources %s /Contents %d 0 R >>"
        % (box, page.rotate, resources(writer, page), content)
    )


def resources(writer: Writer, page: Page) -> bytes:
    """Fonts, image and form objects of a page or form."""
    forms = b" ".join(b"/X%d %d 0 R" % (at, add_form(writer, *form)) for at, form in enumerate(page.forms))
    see_through = b"/ExtGState << /T << /ca 0.2 /CA 0.2 >> >>"
    return b"<< /Font << /F 3 0 R /N 4 0 R >> %s /XObject << /I 9 0 R %s >> >>" % (see_through, forms)


def add_form(writer: Writer, matrix: str, form: Page) -> int:
    """Object number of a form object."""
    head = b"/Type /XObject /Subtype /Form /BBox [-2000 -2000 3000 3000] /Matrix [%s] /Resources %s"
    return writer.add(head % (matrix.encode(), resources(writer, form)), "\n".join(form.content).encode())


def lock_of(password: str) -> tuple[bytes, bytes]:
    """Key and dictionary of the standard security handler, revision 2 (40 bits)."""
    padded = (password.encode() + PASSWORD_PAD)[:32]
    owner = rc4(hashlib.md5(padded, usedforsecurity=False).digest()[:5], padded)
    rights = (-4 & 0xFFFFFFFF).to_bytes(4, "little")
    key = hashlib.md5(padded + owner + rights + b"\0", usedforsecurity=False).digest()[:5]
    user = rc4(key, PASSWORD_PAD)
    entry = b"<< /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P -4 >>"
    return key, entry % (owner.hex().encode(), user.hex().encode())


def rc4(key: bytes, data: bytes) -> bytes:
    """The cipher of old PDF files."""
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out = bytearray()
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)
