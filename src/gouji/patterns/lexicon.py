"""lexicon.yml → frozen words of running text: what negates, hedges, claims, promises, and which units count what.

words:       {negations: [无, 没有, …], …}              lists that checks name; every name is known here
topics:      {公务卡: {about: […], fault: […], rows: […]}}   a problem that sentences tell ↔ the rows it costs points in
claims:      {三公控制在预算内: {about: […], says: […], …}}   what a report claims ↔ the figures and rows that tell otherwise
bases:       {办理: {rates: [办结, …], of: [受理, …]}}    what a rate is of; kept as rate → words of its whole
rates:       {每月: 11, …}                                a promised frequency, and the fewest times a year that keep it
conversions: {公顷: {亩: 15}, …}                          one unit in another
figures:     {expenditure.basic: [基本支出], …}           how sentences name a figure of the form without its amount; kept as name → concept
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

import msgspec

from gouji.patterns.source import read_source

if TYPE_CHECKING:
    from gouji.patterns.source import Mapping, Problems

Comparison = Literal["budget", "last_year", ""]
LISTS = frozenset(
    (
        "counts times money documents "
        "negations after_negations conditions regulations spends definitions rented wholes elsewhere opaque other_years plans "
        "resolved granted lapses partly uncounted charges "
        "planned reached claims bare_claims at_most lower_better fillers partial scopes generic promise_fillers "
        "qualified surveys averaged vague_goals "
        "rises falls earlier narrower paid_by glossary_titles problem_titles advice_titles"
    ).split()
)


class Topic(msgspec.Struct, frozen=True):
    """A problem: words for what it is about, words for the fault (both in one clause), names of the rows it costs points in."""

    name: str
    about: tuple[str, ...]
    fault: tuple[str, ...]
    rows: tuple[str, ...]


class Claim(msgspec.Struct, frozen=True):
    """A claim: `about` and `says` in one clause. `concept` is compared with its budget or last year; `rows` score it.

    `denied` is said of it among the problems; a clause that names something of `beside` speaks of something else.
    """

    name: str
    about: tuple[str, ...]
    says: tuple[str, ...]
    rows: tuple[str, ...] = ()
    concept: str = ""
    against: Comparison = ""
    denied: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()


class Lexicon(msgspec.Struct, frozen=True):
    """The words of running text. A folder without lexicon.yml has none: checks of prose then find nothing."""

    words: dict[str, tuple[str, ...]] = {}
    topics: tuple[Topic, ...] = ()
    claims: tuple[Claim, ...] = ()
    bases: dict[str, tuple[str, ...]] = {}
    rates: dict[str, int] = {}
    conversions: dict[str, dict[str, str]] = {}
    figures: dict[str, str] = {}

    def __getitem__(self, name: str) -> tuple[str, ...]:
        """A list of words."""
        return self.words.get(name, ())


def read_lexicon(folder: Path, problems: Problems) -> Lexicon:
    """Read `folder`/lexicon.yml; unknown and missing lists are problems at their line."""
    path = folder / "lexicon.yml"
    if not path.is_file():
        return Lexicon()
    root = read_source(path, problems, "lexicon.yml").as_mapping()
    lexicon = Lexicon(
        words=_read_words(root.mapping("words")),
        topics=tuple(_read_topic(name, node.as_mapping()) for name, node in root.mapping("topics").pairs()),
        claims=tuple(_read_claim(name, node.as_mapping()) for name, node in root.mapping("claims").pairs()),
        bases=_read_bases(root.mapping("bases")),
        rates=_read_rates(root.mapping("rates")),
        conversions={name: _read_factors(node.as_mapping()) for name, node in root.mapping("conversions").pairs()},
        figures=_read_figures(root.mapping("figures")),
    )
    root.finish()
    return lexicon


def _read_words(entry: Mapping) -> dict[str, tuple[str, ...]]:
    for name, node in entry.pairs():
        if name not in LISTS:
            node.problem(f"未知的词表 {name!r}；可用：{'、'.join(sorted(LISTS))}")
    return {name: entry.texts(name) for name in sorted(LISTS)}


def _read_topic(name: str, entry: Mapping) -> Topic:
    topic = Topic(name, entry.texts("about"), entry.texts("fault"), entry.texts("rows"))
    entry.finish()
    return topic


def _read_claim(name: str, entry: Mapping) -> Claim:
    claim = Claim(
        name,
        entry.texts("about"),
        entry.texts("says"),
        entry.texts("rows", ()),
        entry.text("concept", ""),
        cast("Comparison", entry.choice("against", ("budget", "last_year", ""), "")),
        entry.texts("denied", ()),
        entry.texts("beside", ()),
    )
    entry.finish()
    return claim


def _read_bases(entry: Mapping) -> dict[str, tuple[str, ...]]:
    """Rate → words of what it is a rate of."""
    bases: dict[str, tuple[str, ...]] = {}
    for _, node in entry.pairs():
        base = node.as_mapping()
        bases |= dict.fromkeys(base.texts("rates"), base.texts("of"))
        base.finish()
    return bases


def _read_rates(entry: Mapping) -> dict[str, int]:
    rates: dict[str, int] = {}
    for name, node in entry.pairs():
        if node.scalar().isdigit():
            rates[name] = int(node.scalar())
        else:
            node.problem(f"每年次数须是整数：{node.scalar()!r}")
    return rates


def _read_figures(entry: Mapping) -> dict[str, str]:
    """Name → concept."""
    return {word: concept for concept, _ in entry.pairs() for word in entry.texts(concept)}


def _read_factors(entry: Mapping) -> dict[str, str]:
    factors: dict[str, str] = {}
    for name, node in entry.pairs():
        if node.scalar().replace(".", "", 1).isdigit():
            factors[name] = node.scalar()
        else:
            node.problem(f"换算率须是数：{node.scalar()!r}")
    return factors
