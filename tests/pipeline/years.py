"""A small district in two years: reports of the fixtures as they stand, and the same units a year earlier.

write_year(folder, 2020, {"119001": {"585.20": "570.20"}})      every year in the text is a year less, then the figures
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from gouji.model.finding import Finding
from gouji.model.result import Outcome
from gouji.pipeline.district import surroundings_of
from gouji.pipeline.document import examine
from gouji.pipeline.second_pass import complete_run
from gouji.pipeline.single import engine_of
from gouji.store import Store, StoreKey

FIXTURES = Path(__file__).parents[2] / "fixtures"
UNITS = {"104001": "云溯区民政局", "119001": "云溯区统计局", "131001": "云溯区红十字会"}
_ENCODINGS = ("utf-8-sig", "gb18030", "utf-16")


def text_of(code: str) -> str:
    """The fixture's report of a unit."""
    raw = (FIXTURES / "district" / f"{code}-{UNITS[code]}.txt").read_bytes()
    for encoding in _ENCODINGS:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise AssertionError(code)


def shift(text: str, years: int) -> str:
    """The text as if written some years earlier, the earliest year replaced first."""
    for year in range(2015, 2024) if years else ():
        text = text.replace(str(year), str(year - years))
    return text


def write_report(
    folder: Path, code: str, year: int = 2021, changes: Mapping[str, str] | None = None, name: str = ""
) -> Path:
    """One unit's report of a year, with other figures where they are given."""
    text = shift(text_of(code), 2021 - year)
    for old, new in (changes or {}).items():
        assert old in text, old
        text = text.replace(old, new)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / (name or f"{code}.txt")
    path.write_text(text, encoding="utf-8")
    return path


ENGINE = engine_of()


def judge_folder(folder: Path, database: Path) -> list[Outcome]:
    """A run without workers and workbooks: every file read, then judged beside what the store remembers."""
    with Store.open(database) as store:
        run = store.begin_run("1", "o")
        for path in sorted(folder.rglob("*.*")):
            relative = path.relative_to(folder).as_posix()
            outcome = examine(path.read_bytes(), path.name, relative, ENGINE).outcome
            store.save(StoreKey(outcome.source.sha256, "1", "o"), outcome, run, relative)
        store.finish_run(run)
        around = surroundings_of(store, run, ENGINE.patterns)
        return list(complete_run(store, run, ENGINE.patterns.rules, around))


def findings_of(outcomes: list[Outcome], *rules: str) -> dict[tuple[str, str], Finding]:
    """Findings of some rules, by budget code and rule."""
    found = [finding for outcome in outcomes for finding in outcome.findings if finding.rule in rules]
    return {(finding.id.partition("-")[0], finding.rule): finding for finding in found}
