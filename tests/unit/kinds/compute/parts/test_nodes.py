from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zaffre.kinds.compute.parts.nodes import Held, counts, nodes, told

HELD = st.lists(
    st.builds(
        Held, st.sampled_from("abc"), st.sampled_from(["Starting", "Running", "CancelRequested"]), st.integers(1, 3)
    ),
    max_size=4,
)


def test_states_are_those_of_the_runs():
    held = [Held("a", "Running", 2), Held("b", "Starting", 1), Held("c", "CancelRequested", 1)]
    found = nodes(held, 1, 0, 9)
    assert [node.state for node in found] == ["running", "running", "preparing", "leaving", "idle"]
    assert counts(found)["running_node_count"] == 2


def test_there_are_never_fewer_than_the_least():
    assert [node.state for node in nodes([Held("a", "Running", 1)], 0, 3, 4)] == ["running", "idle", "idle"]


@given(HELD, st.integers(0, 5), st.integers(0, 4), st.integers(4, 8))
def test_idle_nodes_fit_beside_those_in_use(held: list[Held], idle: int, least: int, most: int):
    found = nodes(held, idle, least, most)
    busy = sum(one.slots for one in held)
    assert len(found) >= max(busy, least)
    assert len(found) <= max(most, busy)
    assert sum(counts(found).values()) == len(found)


def test_each_node_has_a_name_and_its_job():
    answer = told("cpu", nodes([Held("a", "Running", 2)], 1, 0, 4))
    assert [(one["node_id"], one["run_id"]) for one in answer] == [
        ("cpu-a-1", "a"),
        ("cpu-a-2", "a"),
        ("cpu-idle-1", None),
    ]
