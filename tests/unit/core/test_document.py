from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from zaffre.core import document
from zaffre.core.errors import Invalid, TooLarge


def places(text: str, *path: str | int, value: bool = False) -> tuple[int, int]:
    return document.load(text).place(path, value=value)


def test_every_key_and_value_knows_its_place() -> None:
    text = "a: 1\nb:\n  c: [x,\n    {d: 2}]\n  'e': |\n    text\n"
    assert places(text, "a") == (1, 1)
    assert places(text, "a", value=True) == (1, 4)
    assert places(text, "b", "c") == (3, 3)
    assert places(text, "b", "c", 1) == (4, 5)
    assert places(text, "b", "c", 1, "d", value=True) == (4, 9)
    assert places(text, "b", "e", value=True) == (5, 8)


def test_what_is_missing_has_the_place_of_the_mapping_that_lacks_it() -> None:
    assert places("a: 1\nb:\n  c: 2\n", "b", "nothing") == (2, 1)


SCALARS = """
a: no
b: off
c: True
yes: d
i: 1_000
h: 0x10
o: 010
p: 0o10
e: 1e-5
f: 1.0e-5
n: ~
s: "1"
inf: .inf
sixty: 1:30
"""


def test_scalars_mean_what_they_mean_to_pyyaml() -> None:
    assert document.load(SCALARS).data == yaml.safe_load(SCALARS)


def test_dates_stay_text() -> None:
    assert document.load("a: 2024-01-02\nb: 2024-01-02 10:00:00").data == {
        "a": "2024-01-02",
        "b": "2024-01-02 10:00:00",
    }


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(st.text(min_size=1, max_size=8), plain, max_size=5))
def test_whatever_is_dumped_is_read_back(data: dict[str, object]) -> None:
    assert document.load(document.dump(data)).data == data


def test_json_is_yaml() -> None:
    assert document.load('{"a": [1, 2, {"b": "c"}]}').data == {"a": [1, 2, {"b": "c"}]}


def test_anchors_and_merges() -> None:
    text = "base: &b {x: 1, y: 2}\nuse: {<<: *b, y: 3}\nlist: [*b, *b]\nboth: {<<: [{x: 5}, *b]}\n"
    assert document.load(text).data == yaml.safe_load(text)


def test_an_alias_is_a_copy() -> None:
    loaded = document.load("a: &x {k: 1}\nb: *x\n", overrides=["b.k=2"])
    assert loaded.data == {"a": {"k": 1}, "b": {"k": 2}}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\na: 2", "f.yml:2:1: the key 'a' is written twice; it stands in line 1 too"),
        ("a: [1", "f.yml:2:1: not YAML"),
        ("- 1", "f.yml:1:1: expected a mapping, found a list"),
        ("a: 1\n---\nb: 2", "f.yml:2:1: expected one document, found a second"),
        ("a: !!python/object:os.system x", "f.yml:1:4: the tag tag:yaml.org,2002:python/object:os.system is not read"),
        ("a: !thing {b: 1}", "f.yml:1:4: the tag !thing is not read"),
        ("a: !!binary aGk=", "the tag tag:yaml.org,2002:binary is not read"),
        ("a: *nowhere", "f.yml:1:4"),
        ("a: &r [*r]", "f.yml:1:8: the alias \\*r names nothing that is complete before it"),
        ("? [a, b]\n: 1", "f.yml:1:3: expected a plain key"),
        ("a: {<<: 3}", "f.yml:1:5: expected a mapping to merge"),
        ("a: !!int x", "f.yml:1:4: 'x' is no int"),
        ("a: \x00", "not YAML"),
    ],
)
def test_what_is_refused_names_its_place(text: str, message: str) -> None:
    with pytest.raises(Invalid, match=message):
        document.load(text, file="f.yml")


def test_a_bomb_of_aliases_is_counted_before_it_is_built() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    with pytest.raises(Invalid, match="more than 100000 values, aliases expanded"):
        document.load("\n".join(lines))


def test_deep_nesting_is_refused_at_its_place() -> None:
    with pytest.raises(Invalid, match="1:103: nested deeper than 100 levels"):
        document.load("a: " + "[" * 50_000)


def test_many_aliases_are_refused() -> None:
    with pytest.raises(Invalid, match="more than 1000 aliases"):
        document.load("a: &x 1\nb: [" + ", ".join(["*x"] * 1001) + "]")


def test_a_large_document_is_refused_unread() -> None:
    with pytest.raises(TooLarge):
        document.load("a: " + "x" * document.MAX_BYTES)


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        ("a=5", {"a": 5, "b": {"c": [1, {"d": 2}]}}),
        ("a=five", {"a": "five", "b": {"c": [1, {"d": 2}]}}),
        ("a=", {"a": "", "b": {"c": [1, {"d": 2}]}}),
        ("a=x=y", {"a": "x=y", "b": {"c": [1, {"d": 2}]}}),
        ("a=true", {"a": True, "b": {"c": [1, {"d": 2}]}}),
        ("a=null", {"a": None, "b": {"c": [1, {"d": 2}]}}),
        ('a={"k": [1]}', {"a": {"k": [1]}, "b": {"c": [1, {"d": 2}]}}),
        ("b.c[0]=7", {"a": 1, "b": {"c": [7, {"d": 2}]}}),
        ("b.c[1].d=7", {"a": 1, "b": {"c": [1, {"d": 7}]}}),
        ("b.c.1.d=7", {"a": 1, "b": {"c": [1, {"d": 7}]}}),
        ("x.y.z=1", {"a": 1, "b": {"c": [1, {"d": 2}]}, "x": {"y": {"z": 1}}}),
    ],
)
def test_set_changes_one_place(override: str, expected: dict[str, object]) -> None:
    assert document.load("a: 1\nb: {c: [1, {d: 2}]}", overrides=[override]).data == expected


@pytest.mark.parametrize("override", ["a", "=1", "b.c[9]=1", "a.b=1", "b.c.x=1", "b..c=1", "b[0]=1"])
def test_set_refuses_what_has_no_place(override: str) -> None:
    with pytest.raises(Invalid, match="--set"):
        document.load("a: 1\nb: {c: [1]}", overrides=[override])


def test_what_was_set_has_no_place_in_the_file() -> None:
    loaded = document.load("a: 1\nb: 2", overrides=["a=3", "c.d=4"])
    assert loaded.place(("a",)) == (0, 0)
    assert loaded.place(("c", "d")) == (0, 0)
    assert loaded.place(("b",)) == (2, 1)


SCHEMA = "$schema: https://azuremlschemas.azureedge.net/latest/{}.schema.json\n"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (SCHEMA.format("commandJob") + "command: x", "command"),
        (SCHEMA.format("managedOnlineEndpoint") + "name: x", "online-endpoint"),
        (SCHEMA.format("kubernetesOnlineDeployment") + "name: x", "online-deployment"),
        (SCHEMA.format("AmlCompute") + "name: x", "compute"),
        ("type: command\ncommand: x", "command"),
        ("command: x", "command"),
    ],
)
def test_the_kind_is_found_by_schema_and_type(text: str, name: str) -> None:
    assert document.detect(document.load(text)).name == name


def test_the_commands_own_kind_is_taken_when_a_document_says_nothing() -> None:
    assert document.detect(document.load("name: x\ntype: uri_file"), "data").name == "data"


def test_an_unknown_document_is_refused_with_its_place() -> None:
    with pytest.raises(Invalid, match=r"j.yml:2:7: type: cannot tell what this document describes"):
        document.detect(document.load("name: x\ntype: strange", file="j.yml"))
    with pytest.raises(Invalid, match=r"strange.schema.json is no schema of this version"):
        document.detect(document.load(SCHEMA.format("strange")))


@pytest.mark.parametrize("path", ["tags.year", "properties.year", "environment_variables.YEAR"])
def test_set_leaves_texts_texts(path: str) -> None:
    """``--set tags.year=2026``: a tag's value is text, whatever it looks like."""
    found = document.load("type: command\n", overrides=[f"{path}=2026", "limits.timeout=60"])
    mapping, _, key = path.partition(".")
    assert found.data[mapping][key] == "2026"
    assert found.data["limits"]["timeout"] == 60
