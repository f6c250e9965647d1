from __future__ import annotations

from typing import Annotated, Any, ClassVar

from zaffre.core.dialect import entries
from zaffre.core.refs import Scope
from zaffre.core.spelling import Arm, Seconds
from zaffre.core.wire import Spec

HERE = Scope("s", "g", "w")


class Thing(Spec):
    arm_root: ClassVar[str] = "properties"
    arm_always: ClassVar[dict[str, Any]] = {"properties.marks": {}, "sku.name": "Default"}

    plain_name: str | None = None
    moved: Annotated[str | None, Arm("deep.place")] = None
    outside: Annotated[str | None, Arm("/outside")] = None
    nowhere: Annotated[str | None, Arm()] = None
    times: dict[str, list[Seconds]] | None = None
    marks: dict[str, Any] | None = None


def test_each_field_knows_its_place() -> None:
    assert {entry.name: entry.path for entry in entries(Thing)} == {
        "plain_name": ("properties", "plainName"),
        "moved": ("properties", "deep", "place"),
        "outside": ("outside",),
        "nowhere": (),
        "times": ("properties", "times"),
        "marks": ("properties", "marks"),
    }


def test_spellings_reach_into_lists_and_mappings() -> None:
    thing = Thing(times={"a": [60, 3600]}, nowhere="x", outside="y", moved="z")
    body = thing.to_arm(HERE)
    assert body == {
        "properties": {"times": {"a": ["PT1M", "PT1H"]}, "deep": {"place": "z"}, "marks": {}},
        "outside": "y",
        "sku": {"name": "Default"},
    }
    assert Thing.from_arm(body) == Thing(times={"a": [60, 3600]}, outside="y", moved="z")


def test_a_body_shares_nothing_with_the_model() -> None:
    thing = Thing(marks={"a": {"b": [1]}})
    body = thing.to_arm(HERE)
    body["properties"]["marks"]["a"]["b"].append(2)
    thing.to_yaml()["marks"]["a"]["b"].append(3)
    Thing().to_arm(HERE)["properties"]["marks"]["leak"] = True
    assert thing.marks == {"a": {"b": [1]}}
    assert Thing().to_arm(HERE)["properties"]["marks"] == {}
