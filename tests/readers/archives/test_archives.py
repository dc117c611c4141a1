"""What comes out of an archive, under which name, and what is refused."""

from __future__ import annotations

import gzip
import hashlib
import random
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from gouji.model.errors import READ_CODES, ReadError
from gouji.pipeline.inputs import find_clutter
from gouji.readers.archives import rars
from gouji.readers.archives.names import clean_path, decode_name
from gouji.readers.sniff import sniff
from readers.archives.packing import (
    DEVICE_MODE,
    FILE_MODE,
    LINK_MODE,
    UTF8,
    Item,
    make_7z,
    make_aes_zip,
    make_locked_rar5,
    make_rar4,
    make_rar5,
    make_tar,
    make_zip,
    shown,
    unicode_field,
    unpack_bytes,
)

TWO = (("一股/报告.docx", b"one" * 50), ("二股/说明.txt", b"two"))
ALL: list[tuple[str, Callable[..., bytes]]] = [
    ("zip", make_zip),
    ("rar", make_rar4),
    ("rar", make_rar5),
    ("7z", make_7z),
    ("tar", make_tar),
]
IDS = ["zip", "rar4", "rar5", "7z", "tar"]


@pytest.mark.parametrize(("kind", "make"), ALL, ids=IDS)
def test_members_come_out_with_their_folders_and_hashes(kind: str, make: Callable[..., bytes], tmp_path: Path) -> None:
    data = make(*TWO)
    assert sniff(data) == kind
    contents = unpack_bytes(data, tmp_path)
    assert shown(contents) == dict(TWO)
    assert [member.sha256 for member in contents.members] == [hashlib.sha256(body).hexdigest() for _, body in TWO]
    assert (contents.failure, contents.skipped) == (None, {})


@pytest.mark.parametrize(("kind", "make"), ALL, ids=IDS)
def test_nothing_is_written_by_the_names_in_the_archive(kind: str, make: Callable[..., bytes], tmp_path: Path) -> None:
    names = ["../../slip.docx", "/abs.docx", "C:\\股\\报告.docx", "a/../../b.docx"]
    contents = unpack_bytes(make(*[(name, name.encode()) for name in names]), tmp_path)
    assert len(contents.members) == len(names)
    assert all(".." not in member.path and not member.path.startswith("/") for member in contents.members)
    assert {path.parent for path in tmp_path.rglob("*") if path.is_file()} <= {tmp_path, tmp_path / "out"}
    assert all(path.name.isdigit() for path in (tmp_path / "out").iterdir())


@pytest.mark.parametrize(("kind", "make"), ALL, ids=IDS)
def test_clutter_is_left_out_and_counted(kind: str, make: Callable[..., bytes], tmp_path: Path) -> None:
    names = ["报告.docx", "__MACOSX/._报告.docx", ".DS_Store", "股/Thumbs.db", "股/~$报告.docx"]
    contents = unpack_bytes(make(*[(name, b"x") for name in names]), tmp_path, skip=find_clutter)
    assert list(shown(contents)) == ["报告.docx"]
    assert contents.skipped == {"system": 3, "lock": 1}


@pytest.mark.parametrize(("kind", "make"), ALL, ids=IDS)
def test_an_archive_of_clutter_alone_says_so(kind: str, make: Callable[..., bytes], tmp_path: Path) -> None:
    contents = unpack_bytes(make((".DS_Store", b"x")), tmp_path, skip=find_clutter)
    assert contents.members == ()
    assert contents.failure is not None
    assert contents.failure.code == "empty"


@pytest.mark.parametrize(("kind", "make"), ALL, ids=IDS)
def test_limits(kind: str, make: Callable[..., bytes], tmp_path: Path) -> None:
    data = make(("小.txt", b"x" * 10), ("大.txt", b"y" * 1000), ("尾.txt", b"z" * 10))
    one = unpack_bytes(data, tmp_path, member_bytes=100)
    assert shown(one) == {"小.txt": b"x" * 10, "大.txt": "too_large", "尾.txt": b"z" * 10}
    count = unpack_bytes(data, tmp_path, members=2)
    assert (count.members, count.failure and count.failure.code) == ((), "too_many")
    total = unpack_bytes(data, tmp_path, total_bytes=1005)
    assert list(shown(total).values()).count("too_large") >= 1
    assert sum(member.size for member in total.members if member.file) <= 1005


def lock(*items: tuple[str, bytes]) -> bytes:
    """The first of them under AES."""
    return make_aes_zip(*items[0], b"right")


@pytest.mark.parametrize(
    ("kind", "make"), [*ALL, ("gzip", gzip.compress), ("zip", lock)], ids=[*IDS, "gzip", "locked zip"]
)
def test_damage_costs_what_it_hits(kind: str, make: Callable[..., bytes], tmp_path: Path) -> None:
    """Mutated archives: members or failures with a code, never an exception, never wrong bytes."""
    noise = random.Random(4)
    body = noise.randbytes(400)
    data = make(body) if kind == "gzip" else make(("a.txt", body), ("b.txt", body[::-1]))
    good = {body, body[::-1]}
    for _ in range(250):
        mutant = bytearray(data)
        for _ in range(noise.randint(1, 3)):
            at = noise.randrange(len(mutant) - 4)
            mutant[at] ^= 1 << noise.randrange(8)
            if noise.randrange(4) == 0:
                mutant[at : at + 4] = noise.choice([b"\xff\xff\xff\x7f", b"\x00\x00\x00\xff"])
        mutant = mutant[: noise.choice([len(mutant), noise.randrange(8, len(mutant))])]
        if sniff(bytes(mutant)) not in {kind, "damaged-zip"}:
            continue
        contents = unpack_bytes(bytes(mutant), tmp_path, name="a.gz", passwords=("right",))
        assert contents.members or contents.failure
        for value in shown(contents).values():
            # tar has no checksum of contents; everything else must not deliver what was not packed.
            assert value in READ_CODES if isinstance(value, str) else value in good or kind == "tar" or not value


# --- zip ------------------------------------------------------------------------------------------------------------


def test_gbk_names_without_flag(tmp_path: Path) -> None:
    names = ["一股/报告.docx", "财政局（自评）/2021年度　说明.txt", "龖.txt", "a.txt"]
    assert list(shown(unpack_bytes(make_zip(*[(name, b"x") for name in names]), tmp_path))) == names


def test_utf8_names_with_and_without_flag(tmp_path: Path) -> None:
    items = [Item("一股/甲.docx".encode(), b"1", UTF8), Item("一股/乙.docx".encode(), b"2")]
    assert list(shown(unpack_bytes(make_zip(*items), tmp_path))) == ["一股/甲.docx", "一股/乙.docx"]


def test_a_name_flagged_utf8_that_is_none_stops_nothing(tmp_path: Path) -> None:
    items = [Item("报告.docx".encode("gb18030"), b"1", UTF8), Item(b"b.txt", b"2")]
    assert shown(unpack_bytes(make_zip(*items), tmp_path)) == {"报告.docx": b"1", "b.txt": b"2"}


def test_the_unicode_field_wins_if_it_belongs_to_the_name(tmp_path: Path) -> None:
    right = Item(b"BAOGAO.DOC", b"1", extra=unicode_field(b"BAOGAO.DOC", "报告.doc"))
    stale = Item(b"OLD.DOC", b"2", extra=unicode_field(b"OLD.DOC", "别的.doc", checksum=7))
    assert list(shown(unpack_bytes(make_zip(right, stale), tmp_path))) == ["报告.doc", "OLD.DOC"]


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("一股".encode("gb18030"), "一股"),
        ("股".encode(), "股"),
        (b"\xc3\xa9.txt", "茅.txt"),
        ("①".encode("gb18030"), "①"),
        (b"\xff\xfe", b"\xff\xfe".decode("cp437")),
    ],
)
def test_every_byte_string_has_a_name(raw: bytes, name: str) -> None:
    assert decode_name(raw) == name


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("C:\\股\\..\\报告.docx", "股/报告.docx"),
        ("/etc/passwd", "etc/passwd"),
        ("../../a", "a"),
        ("./a//b", "a/b"),
        ("..", ""),
        ("a\x00\u202eb\ud800", "ab?"),
        ("x" * 300 + ".docx", "x" * 190 + "….docx"),
    ],
)
def test_paths_lead_nowhere_else(name: str, path: str) -> None:
    assert clean_path(name) == path


def test_a_local_name_other_than_the_directorys_is_no_obstacle(tmp_path: Path) -> None:
    item = Item("报告.docx".encode(), b"1", UTF8, local_name="报告.docx".encode("gb18030"))
    assert shown(unpack_bytes(make_zip(item), tmp_path)) == {"报告.docx": b"1"}


def test_members_of_the_same_path_are_both_kept(tmp_path: Path) -> None:
    contents = unpack_bytes(make_zip(("a.txt", b"1"), ("a.txt", b"2"), ("a(2).txt", b"3")), tmp_path)
    assert shown(contents) == {"a.txt": b"1", "a(2).txt": b"2", "a(2)(2).txt": b"3"}


def test_links_and_devices_are_refused(tmp_path: Path) -> None:
    items = [
        Item("链.docx", b"/etc/passwd", attributes=LINK_MODE),
        Item("管道.docx", b"", attributes=DEVICE_MODE),
        Item("报告.docx", b"1", attributes=FILE_MODE),
    ]
    contents = unpack_bytes(make_zip(*items), tmp_path)
    assert shown(contents) == {"链.docx": "unsupported", "管道.docx": "unsupported", "报告.docx": b"1"}


def test_a_bomb_is_stopped_by_its_ratio(tmp_path: Path) -> None:
    data = make_zip(("炸.txt", bytes(3 << 20)), ("报告.txt", b"1"))
    contents = unpack_bytes(data, tmp_path, ratio_from=1 << 20)
    assert shown(contents) == {"炸.txt": "too_large", "报告.txt": b"1"}
    assert not (tmp_path / "out" / "0").exists()


def test_a_size_that_lies_is_damage(tmp_path: Path) -> None:
    data = make_zip(Item("谎.txt", b"x" * 5000, claims=10), ("报告.txt", b"1"))
    assert shown(unpack_bytes(data, tmp_path, member_bytes=100)) == {"谎.txt": "corrupt", "报告.txt": b"1"}


def test_a_bad_checksum_costs_one_member(tmp_path: Path) -> None:
    data = bytearray(make_zip(Item("坏.txt", b"abcdef", method=0), ("好.txt", b"1")))
    data[data.index(b"abcdef")] ^= 1
    contents = unpack_bytes(bytes(data), tmp_path)
    assert shown(contents) == {"坏.txt": "corrupt", "好.txt": b"1"}
    assert contents.failure is None


def test_a_cut_off_zip_gives_what_came_through(tmp_path: Path) -> None:
    noise = random.Random(1).randbytes(3000)
    data = make_zip(("一股/全.txt", b"1" * 99), ("二股/断.txt", noise))
    contents = unpack_bytes(data[:2000], tmp_path)
    assert shown(contents) == {"一股/全.txt": b"1" * 99, "二股/断.txt": "corrupt"}
    assert contents.failure is not None
    assert contents.failure.code == "corrupt"


def test_a_cut_off_zip_with_descriptors(tmp_path: Path) -> None:
    """Sizes after the data, as streaming writers do: the stream's own end tells."""
    data = bytearray(make_zip(Item("流.txt", b"abc" * 99, flags=8)))
    data[14:26] = bytes(12)
    contents = unpack_bytes(bytes(data[: data.index(b"PK\x01\x02")]), tmp_path)
    assert shown(contents) == {"流.txt": b"abc" * 99}


def test_an_unknown_method_is_named(tmp_path: Path) -> None:
    assert shown(unpack_bytes(make_zip(Item("新.txt", b"1", method=98)), tmp_path)) == {"新.txt": "unsupported"}


def test_zip_passwords(tmp_path: Path) -> None:
    password = "绩效2021"
    items = [
        Item("密.txt", b"secret" * 9, password=password.encode("gb18030")),
        Item("另.txt", b"other", password=b"else"),
        Item("明.txt", b"plain"),
    ]
    data = make_zip(*items)
    assert shown(unpack_bytes(data, tmp_path)) == {"密.txt": "encrypted", "另.txt": "encrypted", "明.txt": b"plain"}
    given = unpack_bytes(data, tmp_path, passwords=("不对", password))
    assert shown(given) == {"密.txt": b"secret" * 9, "另.txt": "password", "明.txt": b"plain"}


@pytest.mark.parametrize("strength", [1, 2, 3])
@pytest.mark.parametrize("version", [1, 2])
def test_zip_passwords_of_the_stronger_kind(strength: int, version: int, tmp_path: Path) -> None:
    body = b"secret " * 20_000
    data = make_aes_zip("密.txt", body, b"right", strength=strength, version=version)

    def found(data: bytes, *passwords: str) -> list[bytes | str]:
        return list(shown(unpack_bytes(data, tmp_path, passwords=passwords)).values())

    assert found(data) == ["encrypted"]
    assert found(data, "wrong") == ["password"]
    assert found(data, "wrong", "right") == [body]
    damaged = bytearray(data)
    damaged[100] ^= 1
    assert found(bytes(damaged), "right") == ["corrupt"]


@pytest.mark.parametrize("make", [make_zip, lock], ids=["plain", "locked"])
def test_offsets_that_lead_nowhere_are_damage(make: Callable[..., bytes], tmp_path: Path) -> None:
    data = bytearray(make(("a.txt", b"x" * 99)))
    data[-6:-2] = b"\xff\xff\xff\x0f"  # where the directory claims to begin: every offset turns negative
    contents = unpack_bytes(bytes(data), tmp_path, passwords=("right",))
    assert set(shown(contents).values()) <= {"corrupt", "unsupported"}


# --- 7z -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hide_names", [False, True])
def test_7z_passwords(hide_names: bool, tmp_path: Path) -> None:
    data = make_7z(*TWO, password="2021", hide_names=hide_names)

    def code(passwords: tuple[str, ...]) -> set[bytes | str]:
        contents = unpack_bytes(data, tmp_path, passwords=passwords)
        return set(shown(contents).values()) | ({contents.failure.code} if contents.failure else set())

    assert code(()) == {"encrypted"}
    assert code(("x",)) == {"password"}
    assert code(("x", "2021")) == {body for _, body in TWO}


def test_a_7z_gives_what_stands_before_the_damage(tmp_path: Path) -> None:
    """Members share one stream: what follows the damage is lost with it."""
    noise = random.Random(2)
    bodies = [noise.randbytes(3000) for _ in range(3)]
    data = bytearray(make_7z(*[(f"{at}.bin", body) for at, body in enumerate(bodies)]))
    data[data.index(bodies[1][100:150])] ^= 0xFF  # noise does not compress: it stands there as it is
    found = shown(unpack_bytes(bytes(data), tmp_path))
    assert found == {"0.bin": bodies[0], "1.bin": "corrupt", "2.bin": "corrupt"}


# --- rar ------------------------------------------------------------------------------------------------------------


def test_rar_names(tmp_path: Path) -> None:
    contents = unpack_bytes(make_rar4(("一股\\报告.docx", b"1"), ("二股\\说明.txt".encode("gb18030"), b"2")), tmp_path)
    assert shown(contents) == {"一股/报告.docx": b"1", "二股/说明.txt": b"2"}


def test_a_rar_link_is_refused(tmp_path: Path) -> None:
    contents = unpack_bytes(make_rar5(("报告.docx", b"1"), link_to="/etc/passwd"), tmp_path)
    assert shown(contents) == {"报告.docx": b"1", "链.docx": "unsupported"}


@pytest.mark.parametrize("make", [make_rar4, make_rar5], ids=["rar4", "rar5"])
@pytest.mark.parametrize("program", ["unar", "bsdtar"])
def test_members_through_an_unpacker(program: str, make: Callable[..., bytes], tmp_path: Path) -> None:
    """Stored members too can be had from the program: the way that compressed ones take."""
    path = tmp_path / "a.rar"
    path.write_bytes(make(("一股/a[1].docx", b"one" * 99), ("二股/b.docx", b"two" * 99)))
    archive = rars.RarArchive(path, ())
    unpacker = next(unpacker for unpacker in rars.find_unpackers() if unpacker.program == program)
    entries = archive.list_entries()
    bodies = [b"".join(archive.run_unpacker(unpacker, entry, time.monotonic() + 60)) for entry in entries]
    assert bodies == [b"one" * 99, b"two" * 99]


@pytest.mark.parametrize("sealed", [False, True])
def test_rar_passwords(sealed: bool, tmp_path: Path) -> None:
    """Through the unpacker: whatever it makes of a wrong password has not the right checksum."""
    body = b"secret report " * 40
    data = make_locked_rar5("密.docx", body, "绩效2021", sealed=sealed)

    def found(*passwords: str) -> list[bytes | str]:
        return list(shown(unpack_bytes(data, tmp_path, passwords=passwords)).values())

    assert found() == ["encrypted"]
    assert found("wrong") == ["password"]
    assert found("wrong", "绩效2021") == [body]


def test_without_an_unpacker_a_compressed_member_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    contents = unpack_bytes(make_rar4(("a.docx", b"1"), method=0x33), tmp_path)
    (member,) = contents.members
    assert member.failure is not None
    assert member.failure.code == "unsupported"
    assert "unar" in member.failure.message
    assert rars.find_unpacker() is None


def test_an_unpacker_that_cannot_is_not_believed(tmp_path: Path) -> None:
    """Stored bytes called compressed: whatever the programs make of them has not the right checksum."""
    contents = unpack_bytes(make_rar4(("a.docx", b"no such stream" * 9), method=0x33), tmp_path)
    assert set(shown(contents).values()) <= {"corrupt", "unsupported"}


def test_a_program_that_hangs_is_killed() -> None:
    began = time.monotonic()
    with pytest.raises(ReadError) as caught:
        list(rars.iter_output(["sleep", "30"], began + 0.3))
    assert caught.value.code == "timeout"
    assert time.monotonic() < began + 10


# --- tar, gz --------------------------------------------------------------------------------------------------------


def test_tar_names_and_links(tmp_path: Path) -> None:
    contents = unpack_bytes(make_tar(("一股/报告.docx", b"1"), encoding="gb18030", 链="/etc/passwd"), tmp_path)
    assert shown(contents) == {"一股/报告.docx": b"1", "链": "unsupported"}


@pytest.mark.parametrize(("name", "member"), [("报告.docx.gz", "报告.docx"), ("全.tgz", "全.tar"), ("x", "x")])
def test_a_gz_is_its_one_member(name: str, member: str, tmp_path: Path) -> None:
    assert shown(unpack_bytes(gzip.compress(b"abc"), tmp_path, name=name)) == {member: b"abc"}


def test_a_gz_keeps_its_own_name(tmp_path: Path) -> None:
    raw = b"\x1f\x8b\x08\x08" + bytes(6) + "报告.docx".encode("gb18030") + b"\0" + zlib.compress(b"abc")[2:-4]
    data = raw + zlib.crc32(b"abc").to_bytes(4, "little") + (3).to_bytes(4, "little")
    assert shown(unpack_bytes(data, tmp_path)) == {"报告.docx": b"abc"}
