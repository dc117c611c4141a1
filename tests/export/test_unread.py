"""Files that gave no report, as people are told of them."""

from __future__ import annotations

from gouji.export.district import Failed
from gouji.export.unread import fold_pictures

IMAGE, SCAN = "这是图片", "没有文字层"


def failed(path: str, message: str = IMAGE, owner: str = "") -> Failed:
    return Failed(path, "no_text_layer", message, owner)


def test_a_folder_of_pictures_is_one_line_after_all_others() -> None:
    pictures = [failed(f"活动/{n}.JPG") for n in range(3000)]
    folded = fold_pictures([*pictures, failed("教育局.pdf", SCAN), failed("盖章.png")])
    assert [(one.path, one.message) for one in folded] == [
        ("教育局.pdf", SCAN),
        ("盖章.png", IMAGE),
        ("活动/ 中的 3000 个文件（0.JPG 等）", IMAGE),
    ]


def test_what_may_be_a_report_keeps_its_name() -> None:
    scans = [failed(f"扫描/{n}.pdf", SCAN) for n in range(30)]
    few = [failed(f"照片/{n}.jpg") for n in range(5)]
    assert fold_pictures([*scans, *few]) == [*scans, *few]


def test_pictures_of_two_units_or_with_two_reasons_stand_apart() -> None:
    own = [failed(f"照片/a{n}.jpg", owner="某局") for n in range(6)]
    nobodys = [failed(f"照片/b{n}.jpg") for n in range(6)]
    broken = [failed(f"照片/c{n}.jpg", "文件打不开") for n in range(6)]
    folded = fold_pictures([*own, *nobodys, *broken])
    assert [(one.owner, one.message) for one in folded] == [("某局", IMAGE), ("", IMAGE), ("", "文件打不开")]
    assert all("6 个文件" in one.path for one in folded)
