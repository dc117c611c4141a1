"""The JSON of extract and check, against the published schemas."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from gouji.export.records import check_record, encode_line, extract_record, plain_decimal
from gouji.model.document import Box
from gouji.model.quantity import Quantity
from gouji.model.report import Goal, Person, Project
from outcomes import WAN, build_district, figure, finding, report, wrap

SCHEMAS = Path(__file__).parents[1] / "schema"


def schema(name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8")))


def reread(record: dict[str, Any]) -> dict[str, Any]:
    line = encode_line(record)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    loaded: dict[str, Any] = json.loads(line)
    return loaded


@pytest.mark.parametrize("outcome", build_district(), ids=lambda outcome: str(outcome.source.path))
def test_every_outcome_fits_the_published_schemas(outcome: Any) -> None:
    schema("extract").validate(reread(extract_record(outcome)))
    schema("check").validate(reread(check_record(outcome)))
    schema("check").validate(reread(check_record(outcome, every_verdict=True)))


def test_a_record_with_everything_in_it_fits_the_schema() -> None:
    fact = figure(
        "income.total", "50", content=Quantity(Decimal(50), WAN, 0, Decimal(50), Decimal(60)), box=Box(3, 1, 2.5, 3, 4)
    )
    full = report(
        "085001", "某局", {}, facts=(fact,), goals=(Goal(None, "目标", None, None),),
        projects=(Project(None, "某项目", (figure("budget.total", "1.5"),)),), people=(Person("联系人", "某人", "t1r2c2"),),
    )  # fmt: skip
    record = reread(extract_record(wrap(full)))
    schema("extract").validate(record)
    shown = record["reports"][0]["facts"][0]
    assert (shown["low"], shown["high"], shown["page"], shown["box"]) == ("50", "60", 3, [1, 2.5, 3, 4])
    assert record["reports"][0]["budget_code"] == "085001"


def test_a_value_keeps_its_printed_digits() -> None:
    record = extract_record(wrap(report("1", "某局", {"income.total": "1,278.90", "income.other": ""})))
    total, other = record["reports"][0]["facts"]
    assert (total["value"], total["unit"], total["decimals"], total["state"]) == ("1278.90", "万元", 2, "value")
    assert (other["value"], other["unit"], other["state"]) == (None, None, "blank")


def test_quiet_verdicts_are_counted_but_not_listed() -> None:
    found = tuple(
        finding("1", "A1", verdict=verdict)
        for verdict in ("pass", "pass", "not_applicable", "fail", "review", "undecided", "waived")
    )
    record = check_record(wrap(findings=found))
    assert [f["verdict"] for f in record["findings"]] == ["fail", "review", "undecided", "waived"]
    assert record["verdicts"] == {"pass": 2, "fail": 1, "review": 1, "undecided": 1, "not_applicable": 1, "waived": 1}
    assert len(check_record(wrap(findings=found), every_verdict=True)["findings"]) == 7


def test_evidence_names_the_file_it_stands_in() -> None:
    record = check_record(wrap(findings=(finding("1", "A1"),), path="一股/a.zip!/b.docx"))
    assert record["findings"][0]["evidence"][0]["source"] == "一股/a.zip!/b.docx"
    repair = {"source": "一股/a.zip!/b.docx", "where": "t1r9c4", "from": "871.05", "to": "870.05"}
    assert record["findings"][0]["causes"][0]["repair"] == [repair]


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12))
def test_plain_decimal_never_uses_an_exponent(number: Decimal) -> None:
    text = plain_decimal(number)
    assert text is not None
    assert Decimal(text) == number
    assert not set(text) & {"E", "e"}
    assert text != "-0"


def test_encoding_reads_back_as_the_same_data() -> None:
    record = extract_record(build_district()[0])
    assert msgspec.json.decode(encode_line(record)) == record
