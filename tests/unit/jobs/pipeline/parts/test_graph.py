"""What steps name of each other, wherever in them it stands."""

from __future__ import annotations

from zaffre.jobs.pipeline.parts import graph


def test_bindings_in_lists_and_mappings_are_found():
    steps = {"a": {"inputs": [{"deep": "x ${{ parent.inputs.one }} ${{parent.jobs.b.outputs.o}}"}]}}
    told = graph.bindings(steps, {}, {})
    assert [problem.field for problem in told] == ["jobs.a.inputs[0].deep"] * 2
    assert graph.bindings(steps | {"b": {}}, {"one": 1}, {}) == []


def test_other_expressions_are_not_the_pipelines():
    assert graph.bindings({"a": {"command": "${{inputs.x}} ${{search_space.y}}"}}, {}, {}) == []


def test_names():
    assert graph.step_names({"a_1": {}, "_b": {}}) == []
    assert [problem.field for problem in graph.step_names({"A": {}, "1a": {}, "a-b": {}})] == [
        "jobs.A",
        "jobs.1a",
        "jobs.a-b",
    ]
