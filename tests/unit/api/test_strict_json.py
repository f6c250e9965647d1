"""JSON that everybody reads alike, and nothing else."""

import pytest

from zaffre.api import strict_json
from zaffre.core.errors import Invalid


@pytest.mark.parametrize(("body", "value"), [
    (b"{}", {}), (b"[1, 2.5, -3, true, null]", [1, 2.5, -3, True, None]), (b'"\\ud83d\\ude00"', "😀"),
    ('"ключ"'.encode(), "ключ"),
    (b"9223372036854775807", 2**63 - 1), (b"-9223372036854775808", -(2**63)), (b'"a\\\\u0000"', "a\\u0000"),
    (b'{"a": {"a": 1}}', {"a": {"a": 1}}),
])  # fmt: skip
def test_plain_json_is_read(body, value):
    assert strict_json.read(body) == value


@pytest.mark.parametrize("body", [
    b"NaN", b"-Infinity", b"1e999", b"9223372036854775808", b"1" * 5000, b'{"a": 1, "a": 1}', b'"\\ud800"',
    b'"\\udc00\\ud800"', b'"\\u0000"',
    b'{"\\u0000": 1}', b'[["\\uDfff"]]', b"\xff", b'"\xed\xa0\x80"', b"[" * 66 + b"1" + b"]" * 66, b"[" * 10**6,
    b"{", b"", b"'a'", b"{}{}",
])  # fmt: skip
def test_anything_else_is_refused(body):
    with pytest.raises(Invalid):
        strict_json.read(body)


def test_deepest_allowed():
    depth = strict_json.DEEPEST
    assert strict_json.read(b"[" * depth + b"1" + b"]" * depth)
