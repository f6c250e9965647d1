"""What a sweep reads of its trials' records, and the params it leaves there."""

from __future__ import annotations

import sqlite3

import pytest

from zaffre.tracking.trials import Logged, add_params, logged


@pytest.fixture
def records():
    connection = sqlite3.connect(":memory:")
    connection.executescript(
        """
        CREATE TABLE runs (run_uuid PRIMARY KEY);
        CREATE TABLE metrics (key, value, timestamp, run_uuid, step, is_nan);
        CREATE TABLE latest_metrics (key, run_uuid);
        CREATE TABLE params (key, value, run_uuid, PRIMARY KEY (key, run_uuid));
        INSERT INTO runs VALUES ('a'), ('b'), ('c');
        """
    )
    rows = [("loss", 2.0, 10, "a", 1, False), ("loss", 3.0, 10, "a", 0, False), ("loss", 0.0, 20, "a", 2, True)]
    rows += [("speed", 5.0, 1, "a", 0, False), ("speed", 6.0, 1, "b", 0, False), ("other", 1.0, 1, "a", 0, False)]
    connection.executemany("INSERT INTO metrics VALUES (?, ?, ?, ?, ?, ?)", rows)
    latest = [("loss", "a"), ("speed", "a"), ("other", "a"), ("speed", "b"), ("los", "b"), ("system/cpu", "b")]
    connection.executemany("INSERT INTO latest_metrics VALUES (?, ?)", latest)
    yield connection
    connection.close()


def test_histories_come_in_their_order_and_what_is_missing_is_named_otherwise(records):
    found = logged(records, ["a", "b", "c"], ["loss", "speed"])
    assert found["a"] == Logged({"loss": [3.0, 2.0, None], "speed": [5.0]})
    assert found["b"] == Logged({"speed": [6.0]}, ["los", "speed"])
    assert found["c"] == Logged()


def test_params_that_a_run_has_not_logged_itself(records):
    records.execute("INSERT INTO params VALUES ('x', 'mine', 'a')")
    add_params(records, {"a": {"x": "0.5", "y": "z" * 9000}, "nobody": {"x": "1"}})
    kept = {(run, key): value for key, value, run in records.execute("SELECT key, value, run_uuid FROM params")}
    assert set(kept) == {("a", "x"), ("a", "y")}
    assert kept["a", "x"] == "mine"
    assert len(kept["a", "y"]) == 6000
