from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zaffre.core.refs import Scope
from zaffre.core.spelling import Duration, Texts, iso_duration, renamed, seconds_of

HERE = Scope()


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(1, "PT1S"), (60, "PT1M"), (3600, "PT1H"), (5400, "PT1H30M"), (86400, "P1D"), (90061, "P1DT1H1M1S")],
)
def test_durations(seconds: int, text: str) -> None:
    assert Duration().out(seconds, HERE) == text
    assert Duration().back(text, HERE) == seconds


def test_milliseconds() -> None:
    assert Duration(1000).out(500, HERE) == "PT0.5S"
    assert Duration(1000).back("PT0.5S", HERE) == 500


def test_zero_is_not_sent() -> None:
    assert Duration().out(0, HERE) is None


@given(st.integers(min_value=1, max_value=10**10))
def test_every_duration_comes_back(milliseconds: int) -> None:
    assert seconds_of(iso_duration(Decimal(milliseconds) / 1000)) * 1000 == milliseconds


@pytest.mark.parametrize("text", ["", "P", "1H", "PT1", "PTH", "P1Y", "PT1H2", "later"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="ISO 8601"):
        seconds_of(text)


def test_words_are_read_in_either_spelling_and_any_case() -> None:
    words = renamed({"aml_token": "AMLToken", "key": "Key"}, token="aml_token")
    assert [words.word(text) for text in ("AML_TOKEN", "amlToken", "token", "KEY")] == [
        "aml_token", "aml_token", "aml_token", "key",
    ]  # fmt: skip
    assert words.out("aml_token", HERE) == "AMLToken"
    assert words.back("AMLTOKEN", HERE) == "aml_token"
    assert words.word("other") == "other"


def test_texts_are_texts_in_arm() -> None:
    assert Texts().out({"a": 1, "b": None, "c": True}, HERE) == {"a": "1", "c": "True"}
