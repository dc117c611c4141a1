"""Pattern folders → frozen `Patterns`: vocabulary, units, forms, rules, layouts. Every error of every file at once."""

from __future__ import annotations

from pathlib import Path

import msgspec

from gouji.model.errors import PatternError, UsageError
from gouji.model.quantity import Unit
from gouji.model.report import Stage
from gouji.patterns.cache import digest_of, load_cached
from gouji.patterns.concepts import Concept, read_concepts, read_roles, read_stages, read_units
from gouji.patterns.exports import Exports, read_exports
from gouji.patterns.forms import Form, PartKind, SignOffWords, read_common, read_form
from gouji.patterns.letters import Letters, read_letters
from gouji.patterns.prose import ProsePatterns, read_prose
from gouji.patterns.reference import ReferencePatterns, read_reference
from gouji.patterns.roster import RosterWords, read_roster_words
from gouji.patterns.rule_sets import DEFAULT
from gouji.patterns.rules import RuleSet, concept_names, load_rules
from gouji.patterns.source import Problems, read_source
from gouji.patterns.sums import Sums, sums_of_rules
from gouji.text.labels import label_key

NO_PATTERNS = (
    "{folder} 不是表式与规则文件夹：里面没有 concepts.yml。请检查路径，或从自带的 patterns 文件夹复制一份再改。"
)


class Patterns(msgspec.Struct, frozen=True):
    """Everything that a region can change, checked and frozen."""

    concepts: dict[str, Concept]
    roles: dict[str, tuple[str, ...]]
    stages: dict[Stage, tuple[str, ...]]
    changes: frozenset[str]
    budgets: tuple[str, ...]
    accounts: tuple[str, ...]
    units: dict[str, Unit]
    forms: tuple[Form, ...]
    part_titles: dict[PartKind, tuple[str, ...]]
    sign_offs: SignOffWords
    rules: RuleSet
    sums: Sums
    exports: Exports
    letters: Letters
    prose: ProsePatterns
    reference: ReferencePatterns
    roster: RosterWords


def default_folder() -> Path:
    """The patterns shipped with gouji: beside the package in a wheel, at the root of a checkout."""
    packaged = Path(__file__).parent.parent / "_patterns"
    return packaged if packaged.is_dir() else Path(__file__).parents[3] / "patterns"


def load_patterns(folder: Path | None = None, rule_set: str = DEFAULT) -> Patterns:
    """Load a pattern folder with one of its rule sets, from the cache where nothing changed.

    Raises PatternError with every problem of every file, UsageError for a set that is not there.
    """
    variant = "" if rule_set == DEFAULT else rule_set
    return load_cached(folder or default_folder(), Patterns, lambda path: compile_patterns(path, rule_set), variant)


def patterns_digest(folder: Path | None = None) -> str:
    """Hex digest of a pattern folder's content and the code that reads it: what makes stored results reusable."""
    return digest_of(folder or default_folder()).hex()


def compile_patterns(folder: Path, rule_set: str = DEFAULT) -> Patterns:
    """Read and check every file of a folder. UsageError where it is no such folder at all."""
    if not (folder / "concepts.yml").is_file():
        raise UsageError(NO_PATTERNS.format(folder=folder.name or folder))
    problems = Problems()
    patterns = _read_folder(folder, problems, rule_set)
    _check_references(patterns, problems)
    if problems.lines:
        raise PatternError(problems.lines)
    return patterns


def _read_folder(folder: Path, problems: Problems, rule_set: str) -> Patterns:
    vocabulary = read_source(folder / "concepts.yml", problems, "concepts.yml").as_mapping()
    units = read_source(folder / "units.yml", problems, "units.yml").as_mapping()
    common = read_common(read_source(folder / "fields.yml", problems, "fields.yml").as_mapping())
    concepts = read_concepts(vocabulary)
    names = concept_names((concept.id, concept.name, concept.aliases) for concept in concepts.values())
    rules = load_rules(folder, names, problems, rule_set=rule_set)
    patterns = Patterns(
        concepts=concepts,
        roles=read_roles(vocabulary),
        stages=read_stages(vocabulary),
        changes=frozenset(label_key(label) for label in vocabulary.texts("changes", ())),
        budgets=vocabulary.texts("budget_titles", ()),
        accounts=vocabulary.texts("account_titles", ()),
        units=read_units(units),
        forms=tuple(
            read_form(read_source(path, problems, f"forms/{path.name}").as_mapping(), common)
            for path in sorted((folder / "forms").glob("*.yml"))
        ),
        part_titles=common.part_titles,
        sign_offs=common.sign_offs,
        rules=rules,
        sums=sums_of_rules(rules),
        exports=read_exports(folder, problems, concepts),
        letters=read_letters(folder, problems),
        prose=read_prose(folder, problems, concepts),
        reference=read_reference(folder, names, problems),
        roster=read_roster_words(folder, problems),
    )
    vocabulary.finish()
    units.finish()
    return patterns


def _check_references(patterns: Patterns, problems: Problems) -> None:
    for form in patterns.forms:
        if form.unit and form.unit not in patterns.units:
            problems.add(form.mark, f"没有“{form.unit}”这个计量单位；请先写进 units.yml")
        for topic in form.topics.values():
            for concept in topic.expects:
                if concept not in patterns.concepts:
                    problems.add(form.mark, f"没有 {concept} 这个要素；请先写进 concepts.yml")
