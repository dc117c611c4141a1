"""What `gouji doctor` says of the programs around it."""

from __future__ import annotations

import pytest

from gouji.pipeline import doctor


@pytest.mark.parametrize(("found", "sign"), [("soffice", "√ LibreOffice"), (None, "· LibreOffice：未安装")])
def test_it_tells_whether_libreoffice_is_there(found: str | None, sign: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "find_office", lambda: found)
    (line,) = [line for line in doctor.examine_installation() if "LibreOffice" in line]
    assert line.startswith(sign)
    assert "Word 95" in line


def test_olefile_is_among_the_parts() -> None:
    assert any(line.startswith("√ olefile") for line in doctor.examine_installation())
