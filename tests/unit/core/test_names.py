from __future__ import annotations

import pytest

from zaffre.core import names


@pytest.mark.parametrize(
    ("sort", "name"),
    [
        ("job", "a"),
        ("job", "A" * 255),
        ("online-endpoint", "abc"),
        ("online-endpoint", "a" + "b" * 31),
        ("model", "bert.base-uncased_1"),
        ("version", "1.0.2"),
        ("compute", "cpu-cluster"),
        ("input", "_x1"),
        ("workspace", "w1"),
    ],
)
def test_good_names(sort: str, name: str) -> None:
    assert names.problem(sort, name) == ""


@pytest.mark.parametrize(
    ("sort", "name"),
    [
        ("job", ""),
        ("job", "-a"),
        ("job", "a.b"),
        ("job", "A" * 256),
        ("job", "a\n"),
        ("online-endpoint", "ab"),
        ("online-endpoint", "Abc"),
        ("online-endpoint", "abc-"),
        ("online-endpoint", "1abc"),
        ("online-endpoint", "a" * 33),
        ("model", "../etc"),
        ("model", "a/b"),
        ("version", ".."),
        ("compute", "1cpu"),
        ("input", "a-b"),
        ("datastore", "a/b"),
        ("job", "naïve"),
    ],
)
def test_bad_names_are_told_what_is_allowed(sort: str, name: str) -> None:
    assert names.problem(sort, name).startswith("expected ")
