"""The second look at a run: what only a comparison can tell, and what people decided."""

from __future__ import annotations

from pathlib import Path

import msgspec

from gouji.model.finding import Finding
from gouji.model.result import Outcome
from gouji.patterns import load_patterns
from gouji.patterns.formula import refs_of
from gouji.patterns.formula_parser import parse_formula
from gouji.patterns.formula_tokens import Names
from gouji.patterns.rules import Reading
from gouji.pipeline.second_pass import complete_run
from gouji.store import Store, StoreKey
from gouji.validate.context import Compared, Context
from outcomes import report, wrap

RULES = load_patterns().rules


class LastYear:
    """Every report's last year: the same figures for all."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def see(self, outcome: Outcome) -> None:
        self.seen.append(outcome.source.path)

    def add_to(self, context: Context, outcome: Outcome, index: int) -> Context:
        del index
        assert outcome.source.path in self.seen
        return msgspec.structs.replace(context, last_year=Compared(LAST, "去年.docx"))


LAST = report("102001", "云溯区某局", {"balance.cumulative": "13.13"})


def test_rules_that_need_last_year_are_run_with_it_and_decisions_come_last(tmp_path: Path) -> None:
    names = Names({"上年结转": "income.carryover", "累计结余": "balance.cumulative"})
    formula = parse_formula("上年结转 = 上年.累计结余", names)
    readings = (Reading(formula, "", refs_of(formula)),)
    rule = msgspec.structs.replace(RULES.rule("A3"), id="Y1", readings=readings, needs=("上年",))
    rules = msgspec.structs.replace(RULES, rules=(rule,))
    first = wrap(report("102001", "云溯区某局", {"income.carryover": "20.03"}))
    with Store.open(tmp_path / "gouji.db") as store:
        run = store.begin_run("1", "o")
        store.save(StoreKey("a" * 64, "1", "o"), first, run, first.source.path)
        store.finish_run(run)
        (found,) = complete_run(store, run, rules, [LastYear()])
        assert [(f.rule, f.verdict) for f in found.findings if f.rule == "Y1"] == [("Y1", "fail")]
        assert next(iter(store.outcomes(run))) == found

        def waive(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
            return tuple(msgspec.structs.replace(f, verdict="waived") for f in findings)

        (settled,) = complete_run(store, run, rules, [], waive)
        assert {f.verdict for f in settled.findings} == {"waived"}
