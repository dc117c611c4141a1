"""The compiled folder in the user's cache: used while nothing changed, harmless when absent, read-only or corrupt."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from gouji.patterns.cache import load_cached


class Built(msgspec.Struct, frozen=True):
    text: str


class Builder:
    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, folder: Path) -> Built:
        self.calls += 1
        return Built((folder / "a.yml").read_text(encoding="utf-8"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    source = tmp_path / "patterns"
    source.mkdir()
    (source / "a.yml").write_text("一", encoding="utf-8")
    return source


def cache_files(folder: Path) -> list[Path]:
    return sorted((folder.parent / "cache").rglob("*.msgpack"))


def test_built_once_while_nothing_changes(folder: Path) -> None:
    build = Builder()
    assert [load_cached(folder, Built, build) for _ in range(3)] == [Built("一")] * 3
    assert build.calls == 1
    assert len(cache_files(folder)) == 1


def test_a_changed_byte_builds_again_in_the_same_file(folder: Path) -> None:
    build = Builder()
    load_cached(folder, Built, build)
    (folder / "a.yml").write_text("二", encoding="utf-8")
    assert load_cached(folder, Built, build) == Built("二")
    assert build.calls == 2
    assert len(cache_files(folder)) == 1


def test_a_new_file_builds_again(folder: Path) -> None:
    build = Builder()
    load_cached(folder, Built, build)
    (folder / "b.yml").write_text("", encoding="utf-8")
    load_cached(folder, Built, build)
    assert build.calls == 2


@pytest.mark.parametrize("damage", [b"", b"x" * 40, b"x" * 10])
def test_a_corrupt_cache_is_rebuilt(folder: Path, damage: bytes) -> None:
    build = Builder()
    load_cached(folder, Built, build)
    (path,) = cache_files(folder)
    whole = path.read_bytes()
    path.write_bytes(whole[:32] + damage)
    assert load_cached(folder, Built, build) == Built("一")
    assert build.calls == 2
    assert path.read_bytes() == whole


def test_an_unusable_cache_folder_is_harmless(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = folder.parent / "file"
    blocked.write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    build = Builder()
    assert load_cached(folder, Built, build) == Built("一")
    assert load_cached(folder, Built, build) == Built("一")
    assert build.calls == 2


def test_what_the_builder_raises_is_passed_on_and_nothing_is_kept(folder: Path) -> None:
    def fail(_: Path) -> Built:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        load_cached(folder, Built, fail)
    assert cache_files(folder) == []
