"""The examples that pattern files carry: small reports of a form, read and compared; rules with figures that pass and fail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gouji.extract import assemble_report
from gouji.locate import locate_reports
from gouji.locate.vocabulary import Vocabulary
from gouji.model.document import Cell, Document, Paragraph, Part, Table
from gouji.patterns import load_patterns
from gouji.validate.examples import check_rule_examples

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from gouji.model.report import Fact, Report
    from gouji.patterns import Patterns
    from gouji.patterns.forms import Form, FormExample


def check_examples(patterns: Patterns) -> list[str]:
    """Every example that does not come out, as `file:line: what`."""
    vocabulary = Vocabulary(patterns)
    problems = [
        problem
        for form in patterns.forms
        for example in form.examples
        for problem in check_form_example(form, example, patterns, vocabulary)
    ]
    years = (patterns.rules, *patterns.rules.yearly.values())
    return problems + list(dict.fromkeys(line for rules in years for line in check_rule_examples(rules)))


def check_rule_sets(folder: Path, names: Iterable[str]) -> list[str]:
    """Every example of every rule set, and of each of its years, that does not come out."""
    loaded = (load_patterns(folder, name).rules for name in names)
    kept = [rules for every in loaded for rules in (every, *every.yearly.values())]
    return [
        f"{line}（规则集 {rules.title}；所继承的例子不再适用时，请在该规则集中另写 examples）"
        for rules in kept
        for line in check_rule_examples(rules)
    ]


def check_form_example(
    form: Form, example: FormExample, patterns: Patterns, vocabulary: Vocabulary | None = None
) -> list[str]:
    """What does not come out of one example; [] where all does."""
    vocabulary = vocabulary or Vocabulary(patterns)
    located, _ = locate_reports(document_of_lines(example.lines), vocabulary)
    if [place.form.id for place in located if place.form is not None] != [form.id]:
        return [f"{example.mark}: 这个例子没有认成 {form.id} 的一份报告；请核对 marks 和 threshold"]
    report, _ = assemble_report(located[0].region, form, patterns)
    return [
        problem
        for origin, wanted in (("table", example.facts), ("prose", example.prose))
        for problem in _differences(report, origin, wanted, example.mark, patterns)
    ]


def _differences(report: Report, origin: str, wanted: dict[str, str], mark: str, patterns: Patterns) -> list[str]:
    problems: list[str] = []
    for key, printed in wanted.items():
        concept, stage = split_example_key(key)
        if concept not in patterns.concepts:
            problems.append(f"{mark}: 没有 {concept} 这个要素")
            continue
        fact = next(
            (
                f
                for f in report.facts
                if f.concept == concept and (not stage or f.stage == stage) and f.main and f.origin == origin
            ),
            None,
        )
        found = (fact.raw or fact.state) if fact is not None else "missing"
        accepted = (found, fact.state) if fact is not None and fact.value is None else (found,)
        if printed not in accepted:
            problems.append(f"{mark}: {key} 读成“{found}”，例子写的是“{printed}”")
    return problems


def example_key(fact: Fact, *, staged: bool) -> str:
    """How an example names a fact: its concept, and its stage where the report has several (budget.total[initial])."""
    return f"{fact.concept}[{fact.stage}]" if staged else fact.concept


def split_example_key(key: str) -> tuple[str, str]:
    """Concept and stage of an example's key; "" where it names no stage, which means the first fact of the concept."""
    concept, _, stage = key.partition("[")
    return concept, stage.rstrip("]")


def document_of_lines(lines: tuple[str, ...]) -> Document:
    """Lines → a ragged document: `a | b` is a table row, neighbouring rows are one table."""
    blocks: list[Paragraph | Table] = []
    rows: list[list[str]] = []
    for line in (*lines, ""):
        if "|" in line:
            rows.append([cell.strip() for cell in line.split("|")])
            continue
        if rows:
            blocks.append(_table_of_rows(rows, sum(isinstance(block, Table) for block in blocks) + 1))
            rows = []
        if line:
            paragraphs = sum(isinstance(block, Paragraph) for block in blocks)
            blocks.append(Paragraph(line, f"p{paragraphs + 1}"))
    return Document("example", (Part("body", tuple(blocks)),), ragged=True)


def _table_of_rows(rows: list[list[str]], ordinal: int) -> Table:
    cells = tuple(
        Cell(row, col, 1, 1, (Paragraph(text),)) for row, texts in enumerate(rows) for col, text in enumerate(texts)
    )
    return Table(f"t{ordinal}", len(rows), max(map(len, rows)), cells)
