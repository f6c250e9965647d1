"""Type hints of run(): what they say, and what they make of a payload."""

import dataclasses
import json
import sys
from typing import Any

import pydantic
import pytest

from zaffre.agent.scoring import hints
from zaffre.agent.scoring.config import Config
from zaffre.agent.scoring.script import Script
from zaffre.agent.scoring.wire import Request


@dataclasses.dataclass
class Point:
    x: float
    tags: list[str] = dataclasses.field(default_factory=list)


@pytest.mark.parametrize(
    ("hint", "schema"),
    [
        (int, {"type": "integer"}),
        (list[float], {"type": "array", "items": {"type": "number"}}),
        (dict[str, int], {"type": "object", "additionalProperties": {"type": "integer"}}),
        (int | None, {"anyOf": [{"type": "integer"}, {}]}),
        (
            Point,
            {
                "type": "object",
                "properties": {"x": {"type": "number"}, "tags": {"type": "array", "items": {"type": "string"}}},
            },
        ),
        (Any, {}),
    ],
)
def test_a_hint_as_schema(hint, schema):
    assert hints.schema(hint) == schema


@pytest.mark.parametrize(
    ("hint", "value", "made"),
    [
        (float, 1, 1.0),
        (list[float], [1, 2.5], [1.0, 2.5]),
        (dict[str, list[int]], {"a": [1]}, {"a": [1]}),
        (int | None, None, None),
        (int | str, "x", "x"),
        (Point, {"x": 1, "tags": ["a"]}, Point(1.0, ["a"])),
        (list[Point], [{"x": 2}], [Point(2.0)]),
    ],
)
def test_a_value_as_hinted(hint, value, made):
    assert hints.make(hint, value, "v") == made


@pytest.mark.parametrize(
    ("hint", "value", "said"),
    [
        (int, "x", "v: expected a whole number, found text ('x')"),
        (int, True, "v: expected a whole number, found true or false"),
        (list[float], [1, "x"], "v[1]: expected a number, found text ('x')"),
        (list[float], {"a": 1}, "v: expected a list, found an object"),
        (dict[str, int], {"a": None}, "v.a: expected a whole number, found nothing"),
        (Point, {"x": "1"}, "v.x: expected a number"),
        (Point, {"y": 1}, "v.y: there is no field 'y'; known: x, tags"),
        (Point, {}, "x"),
    ],
)
def test_what_does_not_fit_names_the_place(hint, value, said):
    with pytest.raises(hints.BadValue) as refused:
        hints.make(hint, value, "v")
    assert said in str(refused.value)


class Ordered(pydantic.BaseModel):
    amount: int
    note: str = ""


def test_a_pydantic_model_is_made_checked_and_described():
    assert hints.is_object(Ordered)
    assert hints.make(Ordered, {"amount": 2}, "v") == Ordered(amount=2)
    with pytest.raises(hints.BadValue, match=r"(?s)v: .*amount"):
        hints.make(Ordered, {"amount": "many"}, "v")
    assert hints.schema(Ordered)["properties"]["amount"]["type"] == "integer"


def test_numpy_and_pandas_are_made():
    numpy, pandas = pytest.importorskip("numpy"), pytest.importorskip("pandas")
    assert hints.make(numpy.ndarray, [[1, 2]], "v").shape == (1, 2)
    assert list(hints.make(pandas.DataFrame, [{"a": 1}], "v").columns) == ["a"]
    assert hints.schema(numpy.ndarray) == {"type": "array", "items": {}}
    assert hints.schema(pandas.DataFrame)["items"] == {"type": "object"}


MODEL = """
import dataclasses
from typing import List, Optional
@dataclasses.dataclass
class Order:
    items: List[str]
    note: Optional[str] = None
def init(): pass
"""


@pytest.fixture
def make(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "path", list(sys.path))

    def script(text):
        name = f"hinted_{tmp_path.name}_{len(list(tmp_path.iterdir()))}.py"
        (tmp_path / name).write_text(MODEL + text)
        return Script(Config("unused", "score", code_dir=str(tmp_path), score_file=name))

    return script


def _ask(script, document):
    request = Request("POST", "/score", "", [("content-type", "application/json")], json.dumps(document).encode(), True)
    answer = script.answer(request)
    return answer.status, json.loads(answer.body)


def test_several_parameters_are_given_by_name(make):
    script = make("def run(sepal: float, petals: List[int], scale: float = 2): return sepal * sum(petals) * scale\n")
    assert _ask(script, {"sepal": 1, "petals": [1, 2]}) == (200, 6.0)
    assert _ask(script, {"sepal": 1}) == (400, {"message": "A value is not provided for the 'petals' parameter."})
    status, said = _ask(script, {"sepal": "x", "petals": []})
    assert (status, said["message"]) == (400, "sepal: expected a number, found text ('x')")
    described = json.loads(script.swagger("3"))["components"]["schemas"]["ServiceInput"]
    assert described["required"] == ["sepal", "petals"]
    assert described["properties"]["petals"] == {"type": "array", "items": {"type": "integer"}}


def test_one_parameter_that_is_an_object_is_made_of_the_whole_body(make):
    script = make("def run(order: Order) -> dict: return {'n': len(order.items), 'kind': type(order).__name__}\n")
    assert _ask(script, {"items": ["a", "b"]}) == (200, {"n": 2, "kind": "Order"})
    assert _ask(script, {"items": "a"})[1]["message"] == "items: expected a list, found text ('a')"


def test_one_parameter_of_another_hint_gets_the_text_as_on_azure(make):
    script = make("import json\ndef run(data: dict): return [type(data).__name__, json.loads(data)]\n")
    assert _ask(script, {"a": 1}) == (200, ["str", {"a": 1}])
