"""The sentences of ``zaffre job why``: each is true of its facts, and names what would help."""

from __future__ import annotations

from dataclasses import replace

import pytest

from zaffre.control import waiting
from zaffre.control.waiting import Build, Holder, Line
from zaffre.core.status import RunStatus

NOW = 1000.0
HELD = (Holder("a", "user:ada", 2, NOW - 60), Holder("b", "user:bob", 1, NOW - 7200))
FULL = Line("cpu", nodes=3, free=0, position=2, length=5, holders=HELD, first="x", first_needs=1)


@pytest.mark.parametrize(
    ("line", "needs", "gpus", "sort", "words"),
    [
        (FULL, 1, 0, "compute-full", ["Position 2 of 5", "a (ada, 60 s, 2 nodes)", "b (bob, 2.0 h)"]),
        (replace(FULL, stopped=True), 1, 0, "compute-stopped", ["zaffre compute start -n cpu"]),
        (FULL, 4, 0, "compute-too-small", ["needs 4 nodes", "3 at most"]),
        (replace(FULL, quota=(2, 2), free=2), 1, 0, "quota", ["may hold 2 nodes and holds 2"]),
        (replace(FULL, free=1, first_needs=2), 1, 0, "order", ["1 of 3 nodes are free", "x, which is next, needs 2"]),
        (replace(FULL, free=1, position=1, gpus={"GPU-1": "a"}), 1, 1, "gpus", ["1 GPU(s)", "with a"]),
        (replace(FULL, free=1, position=1), 1, 0, "turn", ["its turn"]),
    ],
)
def test_the_sentence_of_a_line(line, needs, gpus, sort, words):
    found, sentence = waiting.of_line(line, needs, gpus, NOW)
    assert found == sort
    for word in words:
        assert word in sentence
    assert sentence[0].isupper()


def test_many_holders_are_counted():
    line = replace(FULL, nodes=20, holders=[Holder(f"j{n}", "u", 1, NOW) for n in range(9)])
    assert "and 4 more" in waiting.of_line(line, 1, 0, NOW)[1]


def test_a_build_tells_since_when_and_how_long_such_take():
    told = waiting.of_build(Build("build-1", "azureml:e:1", "Running", NOW - 30, took=(10.0, 20.0, 300.0)), NOW)
    for word in (
        "build-1",
        "azureml:e:1",
        "30 s ago",
        "10 s to 5 min",
        "less than 20 s",
        "zaffre job stream -n build-1",
    ):
        assert word in told
    once = waiting.of_build(Build("b", "e", "Running", NOW, took=(10.0,)), NOW)
    assert "; the last build took 10 s." in once
    assert "last" not in waiting.of_build(Build("b", "e", "Running", NOW), NOW), "nothing is guessed"


def test_a_build_that_waits_itself_says_so():
    told = waiting.of_build(Build("b", "e", "Queued", NOW, line=FULL), NOW)
    assert "waits itself (position 2 of 5)" in told


@pytest.mark.parametrize("status", [status for status in RunStatus if not status.is_final])
def test_every_open_status_has_a_sentence(status):
    assert waiting.of_status(status, "user:ada").endswith(".")
