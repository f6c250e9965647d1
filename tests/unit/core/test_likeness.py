"""Whether two answers say the same."""

from __future__ import annotations

import pytest

from zaffre.core.likeness import differences


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        (b"[1.0, 2]", b"[1.00000001,2.0]", []),
        (b"[1.0]", b"[1.1]", ["[0]: expected 1.0, found 1.1"]),
        (b"[1]", b"[1, 2]", ["answer: expected 1 values, found 2"]),
        (b'{"a": 1}', b'{"b": 1}', [".a: missing", ".b: new"]),
        (b'"yes"', b'"no"', ['answer: expected "yes", found "no"']),
        (b"true", b"1", ["answer: expected true, found 1"]),
        (b"text", b"text", []),
        (b"text", b"other", ["expected text, found other"]),
    ],
)
def test_numbers_within_a_tolerance_everything_else_exactly(one, other, told):
    assert differences(one, other) == told


def test_a_few_are_named():
    assert len(differences(str([*range(100)]).encode(), str([*range(1, 101)]).encode())) == 5
