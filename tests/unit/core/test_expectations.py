"""Expectations as documents."""

from __future__ import annotations

from typing import Any

import pytest

from zaffre.core.errors import Invalid
from zaffre.core.expectations import Expectations, Freshness, readable


@pytest.mark.parametrize(
    ("column", "told"),
    [
        ({"min": 3, "max": 1}, "min (3) is above max (1)"),
        ({"min": "2026-02-01", "max": "2026-01-01"}, "is above max"),
        ({"min_length": 3, "max_length": 1}, "min_length (3) is above"),
        ({"regex": "("}, "is no regular expression"),
        ({"max_nulls": 2}, "less than or equal to 1"),
        ({"nulable": False}, "unknown field"),
        ({"type": "integer"}, 'expected "int"'),
    ],
)
def test_what_cannot_hold_is_refused(column: dict[str, Any], told: str) -> None:
    with pytest.raises(Invalid) as caught:
        Expectations.from_yaml({"columns": {"a": column}})
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("2m", 120), ("1.5h", 5400), ("7d", 604_800), ("1w", 604_800)]
)
def test_ages(text: str, seconds: float) -> None:
    assert Freshness.from_yaml({"max_age": text}).seconds == seconds


def test_an_age_without_a_unit_is_refused() -> None:
    with pytest.raises(Invalid, match="expected a number with s, m, h, d or w"):
        Freshness.from_yaml({"max_age": "7"})


def test_a_report_in_words() -> None:
    first = [{"row": 3, "value": "x"}]
    broken = {"column": "sex", "rule": "values", "message": "expected one of m, f", "count": 1, "first": first}
    report = {"rows": 9, "rules": 4, "violations": [broken]}
    assert readable(report, "data a:1") == (
        "data a:1: 1 of 4 rules are broken (9 rows were read).\n"
        "  column sex, values: expected one of m, f; 1 row does not\n"
        "    row 3: x"
    )
    assert readable({**report, "violations": []}, "data a:1") == "data a:1: 9 rows keep all 4 rules."
