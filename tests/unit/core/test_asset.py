from __future__ import annotations

import hashlib

from zaffre.core import asset
from zaffre.core.asset import SourceFile


def file(path: str, content: bytes) -> SourceFile:
    return SourceFile(path, len(content), lambda: [content[:1], content[1:]])


def test_the_code_hash_is_azures() -> None:
    expected = hashlib.sha256(b"3#a.py#2#B/c.py#3#d.py#1" + b"aa" + b"ccc" + b"d").hexdigest()
    assert asset.code_hash([file("d.py", b"d"), file("B/c.py", b"ccc"), file("a.py", b"aa")]) == expected


def test_the_code_hash_knows_names_and_contents() -> None:
    base = asset.code_hash([file("a.py", b"x")])
    assert asset.code_hash([file("b.py", b"x")]) != base
    assert asset.code_hash([file("a.py", b"y")]) != base
    assert asset.code_hash([file("a.py", b"x"), file("b.py", b"")]) != base


def test_key_order_does_not_enter_a_spec_hash() -> None:
    assert asset.spec_hash({"a": 1, "b": {"c": 2, "d": 3}}) == asset.spec_hash({"b": {"d": 3, "c": 2}, "a": 1})
    assert asset.spec_hash({"a": 1}) != asset.spec_hash({"a": "1"})


def test_equal_definitions_share_an_anonymous_version_whatever_they_are_called() -> None:
    one = asset.anonymous_environment({"image": "x", "name": "n", "description": "d"})
    assert one == asset.anonymous_environment({"image": "x"})
    assert one[0] == "CliV2AnonymousEnvironment"
    assert one != asset.anonymous_environment({"image": "y"})


def test_code_names_are_shaped_as_guids() -> None:
    assert asset.code_name("0123456789abcdef" * 4) == "01234567-89ab-cdef-0123-456789abcdef"
