"""A pipeline's steps as a network: an order that holds, owners of branches and loops, and what is wrong with them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zaffre.jobs.pipeline.parts.network import network, problems


def step(*needs: str, **more: Any) -> dict[str, Any]:
    return {"command": "x", "inputs": {name: f"${{{{parent.jobs.{name}.outputs.o}}}}" for name in needs}, **more}


@given(st.permutations([f"s{number}" for number in range(12)]), st.randoms())
def test_each_step_stands_after_those_it_needs(names, chance):
    steps: dict[str, Any] = {}
    for at, name in enumerate(names):
        steps[name] = step(*chance.sample(names[:at], k=min(at, 3)))
    shuffled = dict(chance.sample(list(steps.items()), k=len(steps)))
    assert problems(shuffled) == []
    found = network(shuffled).nodes
    assert set(found) == set(steps)
    order = list(found)
    assert all(order.index(other) < order.index(name) for name, node in found.items() for other in node.needs)


def test_as_written_where_nothing_says_otherwise():
    assert list(network({name: step() for name in "cab"}).nodes) == ["c", "a", "b"]


def test_a_chain_of_thousands_is_no_matter():
    steps = {f"s{number}": step(*([f"s{number - 1}"] if number else [])) for number in range(3000)}
    backwards = dict(reversed(steps.items()))
    assert list(network(backwards).nodes) == list(steps)


def test_branches_and_loops_have_their_steps():
    steps = {
        "a": step(),
        "fork": {"type": "if_else", "condition": True, "true_block": "${{parent.jobs.yes}}", "false_block": ["no"]},
        "yes": step(),
        "no": step(),
        "loop": {"type": "do_while", "body": "turn", "limits": {"max_iteration_count": 2}, "mapping": {}},
        "turn": step("a"),
        "after": step("turn"),
    }
    nodes = network(steps).nodes
    assert (nodes["yes"].branch, nodes["no"].branch) == (("fork", True), ("fork", False))
    assert nodes["turn"].loop == "loop"
    assert nodes["loop"].needs == {"a"}  # what its body needs
    assert nodes["after"].needs == {"loop"}
    assert network(steps).body("loop") == "turn"


@pytest.mark.parametrize(
    ("steps", "field", "told"),
    [
        ({"a": step("b"), "b": step("c"), "c": step("a")}, "jobs.a", "these steps wait for each other: a → b → c → a"),
        ({"a": step("a")}, "jobs.a", "wait for each other"),
        ({"a": step(depends_on="nope")}, "jobs.a.depends_on", "there is no step 'nope'"),
        (
            {"l": {"type": "parallel_for", "body": "b"}, "m": {"type": "do_while", "body": "b"}, "b": step()},
            "jobs.m.body",
            "step 'b' belongs to 'l' already",
        ),
        ({"l": {"type": "do_while", "body": "b"}, "b": step("c"), "c": step("l")}, "jobs.l", "wait for each other"),
    ],
)
def test_what_is_wrong_is_told_at_its_place(steps, field, told):
    found = problems(steps)
    assert found
    assert found[0].field == field
    assert told in found[0].message
