"""What an opinion in the ledger decides: by the words of labels.yml."""

from __future__ import annotations

import pytest

from gouji.patterns import load_patterns


@pytest.mark.parametrize(
    ("text", "decided"),
    [
        ("同意豁免", "waive"),
        (" 豁免。", "waive"),
        ("予以豁免，系尾差", "waive"),
        ("同意豁免（必改）", "waive_hard"),
        ("同意 豁免：必改", "waive_hard"),
        ("同意豁免，此项原为必改", "waive"),
        ("豁免理由不成立", "unclear"),
        ("豁免，暂不同意", "unclear"),
        ("不同意豁免", ""),
        ("请补充材料", ""),
        ("", ""),
    ],
)
def test_only_plain_words_waive(text: str, decided: str) -> None:
    assert load_patterns().exports.rulings.read_opinion(text) == decided


def test_closed_says_yes() -> None:
    rulings = load_patterns().exports.rulings
    assert [rulings.is_closed(text) for text in ("是", "是（第2次）", "否", "不是", "")] == [
        True,
        True,
        False,
        False,
        False,
    ]
