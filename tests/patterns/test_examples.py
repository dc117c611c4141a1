"""The examples in the pattern files are run, and a wrong one is noticed."""

from __future__ import annotations

import msgspec

from gouji.patterns import load_patterns
from gouji.pipeline.examples import check_examples

PATTERNS = load_patterns()


def test_every_example_comes_out() -> None:
    assert check_examples(PATTERNS) == []


def test_a_wrong_expectation_is_named_with_its_line() -> None:
    form = next(form for form in PATTERNS.forms if form.id == "yueyang-overall")
    example = msgspec.structs.replace(form.examples[0], facts={"expenditure.total": "1.00", "no.such": "1"})
    broken = msgspec.structs.replace(PATTERNS, forms=(msgspec.structs.replace(form, examples=(example,)),))
    problems = check_examples(broken)
    assert [problem.startswith(f"forms/{form.id}.yml:") for problem in problems] == [True, True]
    assert "871.05" in problems[0]
