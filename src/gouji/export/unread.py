"""Files that gave no report, as people are told of them: each by its name, but a folder full of pictures in one line.

活动照片/IMG_0001.jpg  这是图片 ┐
活动照片/IMG_0002.jpg  这是图片 ├ 活动照片/ 中的 3000 个文件（IMG_0001.jpg 等）  这是图片
…                            ┘
103001教育局.pdf       没有文字层  103001教育局.pdf  没有文字层
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gouji.export.district import Failed

_MANY = 5
_PICTURES = (
    *(".jpg", ".jpeg", ".png", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".heic", ".raw"),
    *(".mp4", ".mov", ".avi", ".wmv", ".mp3", ".m4a", ".wav"),
)


def fold_pictures(failures: Iterable[Failed]) -> list[Failed]:
    """The failures in their order, those of many pictures in one folder as one, after all that have a line of their own."""
    groups: dict[tuple[str, str, str], list[Failed]] = defaultdict(list)
    for failed in failures:
        picture = failed.path.lower().endswith(_PICTURES)
        groups[(failed.path.rpartition("/")[0] if picture else failed.path, failed.message, failed.owner)].append(
            failed
        )
    single = [failed for group in groups.values() if len(group) <= _MANY for failed in group]
    return [*single, *(_fold(group) for group in groups.values() if len(group) > _MANY)]


def _fold(group: list[Failed]) -> Failed:
    folder, _, first = group[0].path.rpartition("/")
    place = f"{folder}/ 中的" if folder else "报送文件夹中的"
    return msgspec.structs.replace(group[0], path=f"{place} {len(group)} 个文件（{first} 等）")
