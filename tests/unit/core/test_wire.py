from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

import pytest
from pydantic import Tag

from zaffre.core import document
from zaffre.core.errors import Invalid, Problem
from zaffre.core.refs import Scope
from zaffre.core.shapes import Resource
from zaffre.core.spelling import Arm, LocalPath, Ref, Seconds, renamed
from zaffre.core.wire import BY_SHAPE, Spec, by_type

HERE = Scope("s", "g", "w")
ID = HERE.id


class Fast(Spec):
    type: Annotated[Literal["fast"], Arm("kindOf"), renamed({"fast": "Fast"})]
    wheels: int | None = None


class Slow(Spec):
    type: Annotated[Literal["slow"], Arm("kindOf"), renamed({"slow": "Slow"})]
    legs: int | None = None


class Part(Spec):
    ignored = frozenset({"made_by"})

    file: Annotated[str | None, LocalPath("data")] = None
    wait_time: Seconds | None = None


Vehicle = Annotated[Annotated[Fast, Tag("fast")] | Annotated[Slow, Tag("slow")], by_type("fast", "slow")]


class Thing(Resource):
    needs = ("name",)
    arm_always: ClassVar[dict[str, Any]] = {"properties.isArchived": False}

    size_limit: Annotated[int, Arm("inner.limit")]
    vehicle: Vehicle | None = None
    part: Annotated[Annotated[Part, Tag("object")] | Annotated[str, Ref("parts"), Tag("text")], BY_SHAPE] | None = None
    parts: dict[str, Part] | None = None
    many: list[Part] | None = None
    tags: Annotated[dict[str, str | None] | None, Arm("/tags")] = None

    def check(self) -> list[Problem]:
        found = super().check()
        return [*found, Problem("expected 10 or less", "size_limit")] if self.size_limit > 10 else found


YAML = """
name: t
size_limit: 3
vehicle: {type: Fast, wheels: 4}
part: azureml:p:1
parts:
  a: {file: data/a.csv, wait_time: 90, made_by: me}
  b: {file: azureml:d:1}
many: [{file: /b.csv}]
tags: {x: y, z: }
"""
ARM = {
    "tags": {"x": "y", "z": None},
    "properties": {
        "inner": {"limit": 3},
        "vehicle": {"kindOf": "Fast", "wheels": 4},
        "part": f"{ID}/parts/p/versions/1",
        "parts": {"a": {"file": "data/a.csv", "waitTime": "PT1M30S"}, "b": {"file": "azureml:d:1"}},
        "many": [{"file": "/b.csv"}],
        "isArchived": False,
    },
}


def thing(text: str = YAML, **kwargs: Any) -> Thing:
    return Thing.from_yaml(document.load(text, file="dir/t.yml", **kwargs))


def refusal(text: str, **kwargs: Any) -> list[str]:
    with pytest.raises(Invalid) as caught:
        thing(text, **kwargs)
    return [str(problem) for problem in caught.value.problems]


def test_yaml_becomes_arm() -> None:
    assert thing().to_arm(HERE) == ARM


def test_arm_becomes_the_same_thing() -> None:
    body = {"id": f"{ID}/things/t", "name": "t", **ARM}
    assert Thing.from_arm(body, scope=HERE) == thing()


def test_ids_of_other_workspaces_stay_complete() -> None:
    other = Thing.from_arm({"name": "t", **ARM}, scope=Scope("s", "g", "elsewhere"))
    assert other.part == f"azureml:{ID}/parts/p/versions/1"
    assert other.to_arm(Scope("s", "g", "elsewhere")) == ARM


def test_stored_comes_back_and_unknown_keys_are_ignored() -> None:
    stored = thing().to_stored()
    assert Thing.from_stored(stored) == thing()
    stored["of_a_later_version"] = 1
    stored["parts"]["a"]["of_a_later_version"] = 1
    assert Thing.from_stored(stored) == thing()


def test_yaml_leaves_out_what_is_absent_and_what_the_server_adds() -> None:
    text = YAML + "id: x\ncreation_context: {}\n$schema: y\n"
    assert thing(text).to_yaml() == thing().to_yaml()
    assert "made_by" not in thing().to_yaml()["parts"]["a"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name: t\nsize_limt: 3", ['dir/t.yml:2:1: size_limt: unknown field; did you mean "size_limit"?']),
        ("name: t\nsize_limit: x", ['dir/t.yml:2:13: size_limit: expected a whole number, found the text "x"']),
        ("name: t\nsize_limit: [1]", ["dir/t.yml:2:13: size_limit: expected a whole number, found a list"]),
        ("name: 5\nsize_limit: 1", ["dir/t.yml:1:7: name: expected text, found the number 5"]),
        ("size_limit: 1", ["dir/t.yml:1:1: name: required, but missing"]),
        ("name: t\nsize_limit: 11", ["dir/t.yml:2:13: size_limit: expected 10 or less"]),
        (
            "name: t\nsize_limit: 1\nparts:\n  a:\n    wait_tim: 3\n",
            ['dir/t.yml:5:5: parts.a.wait_tim: unknown field; did you mean "wait_time"?'],
        ),
        (
            "name: t\nsize_limit: 1\nvehicle:\n  type: fasst",
            ['dir/t.yml:4:9: vehicle.type: expected one of "fast", "slow"; found the text "fasst"'],
        ),
        (
            "name: t\nsize_limit: 1\nvehicle:\n  type: slow\n  leg: 2",
            ['dir/t.yml:5:3: vehicle.leg: unknown field; did you mean "legs"?'],
        ),
        (
            "name: t\nsize_limit: 1\nmany:\n- {fil: x}",
            ['dir/t.yml:4:4: many[0].fil: unknown field; did you mean "file"?'],
        ),
        (
            "name: t\nsize_limit: 1\npart: {fil: x}",
            ['dir/t.yml:3:8: part.fil: unknown field; did you mean "file"?'],
        ),
        ("name: t\nsize_limit: 1\npart: 7", ["dir/t.yml:3:7: part: expected text, found the number 7"]),
        (
            "name: []\nsize_limit: x",
            [
                "dir/t.yml:1:7: name: expected text, found a list",
                'dir/t.yml:2:13: size_limit: expected a whole number, found the text "x"',
            ],
        ),
    ],
)
def test_mistakes_are_told_like_a_compiler_tells_them(text: str, expected: list[str]) -> None:
    assert refusal(text) == expected


def test_a_number_typed_for_a_text_is_the_text() -> None:
    assert thing(overrides=["tags.x=5", "name=12"]).to_yaml()["tags"] == {"x": "5", "z": None}


def test_a_mistake_in_set_has_no_place() -> None:
    assert refusal(YAML, overrides=["size_limit=x"]) == [
        'dir/t.yml: size_limit: expected a whole number, found the text "x"'
    ]


def test_strict_arm_refuses_unknown_properties() -> None:
    body = {"name": "t", "properties": {**ARM["properties"], "isArchive": 1}}
    assert Thing.from_arm(body).name == "t"
    with pytest.raises(Invalid, match=r'properties\.isArchive: unknown property; did you mean "isArchived"'):
        Thing.from_arm(body, lenient=False)


def test_local_files_are_found_resolved_and_replaced() -> None:
    spec = thing()
    found = {file.field: file for file in spec.local_files()}
    assert {field: str(file.path) for field, file in found.items()} == {
        "parts.a.file": "dir/data/a.csv",
        "many[0].file": "/b.csv",
    }
    found["parts.a.file"].put("azureml:up:1")
    assert spec.to_yaml()["parts"]["a"]["file"] == "azureml:up:1"
    assert [file.field for file in spec.local_files()] == ["many[0].file"]


def test_missing_files_are_problems_with_places() -> None:
    problems = thing().missing_files(lambda path: path == Path("/b.csv"))
    assert [str(problem) for problem in problems] == [
        "dir/t.yml:7:13: parts.a.file: nothing is at dir/data/a.csv; expected a file or folder"
    ]


def test_unknown_fields_cannot_be_set_on_an_object() -> None:
    with pytest.raises(ValueError, match="size_limt"):
        thing().size_limt = 3


def test_the_json_schema_has_the_yaml_spelling() -> None:
    schema = Thing.model_json_schema()
    assert {"name", "size_limit", "vehicle", "parts"} <= set(schema["properties"])
    assert schema["additionalProperties"] is False
