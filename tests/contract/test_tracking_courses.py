"""The courses of metrics, thinned for charts: many runs and metrics in one request, and no peak lost."""

import pytest

import mlflow_server


@pytest.fixture
async def session(tmp_path, tracking_url):
    opened = await mlflow_server.opened(tmp_path, database=tracking_url)
    yield mlflow_server.Session(opened)
    await opened.close()


async def logged(session, key, values):
    run = await session.run()
    points = [{"key": key, "value": value, "timestamp": 9000 - at, "step": at} for at, value in enumerate(values)]
    for begin in range(0, len(points), 1000):
        await session.post("runs/log-batch", {"run_id": run, "metrics": points[begin : begin + 1000]})
    return run


async def asked(session, runs, keys, **more):
    return (await session.post("metrics/query", {"run_ids": runs, "metric_keys": keys, **more}))["series"]


async def test_peaks_and_both_ends_stay_however_few_points_are_asked_for(session):
    values = [0.0] * 3000
    values[1234], values[2001] = 9.0, -7.0
    run = await logged(session, "m", values)
    (one,) = await asked(session, [run], ["m"], max_points=20)
    assert len(one["step"]) <= 20
    assert (one["step"][0], one["step"][-1]) == (0, 2999)
    assert one["step"] == sorted(one["step"])
    assert dict(zip(one["step"], one["value"], strict=True)).items() >= {1234: 9.0, 2001: -7.0}.items()


async def test_few_points_come_whole_and_what_is_no_number_is_said(session):
    run = await logged(session, "m", [1.0, "NaN", 3.0, "Infinity"])
    (one,) = await asked(session, [run], ["m"])
    assert (one["step"], one["value"][:3]) == ([0, 1, 2, 3], [1.0, "NaN", 3.0])
    assert one["run_id"] == run and one["timestamp"] == [9000, 8999, 8998, 8997]


async def test_many_runs_and_metrics_at_once_by_step_or_by_time(session):
    runs = [await logged(session, key, [1.0, 2.0]) for key in ("a", "b", "a")]
    found = await asked(session, runs, ["a", "b", "none"])
    assert [(one["run_id"], one["key"]) for one in found] == [(runs[0], "a"), (runs[1], "b"), (runs[2], "a")]
    (late,) = await asked(session, runs[:1], ["a"], x="time")
    assert late["value"] == [2.0, 1.0]
    (part,) = await asked(session, runs[:1], ["a"], start_step=1)
    assert part["step"] == [1]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"metric_keys": ["m"]}, "run_ids"),
        ({"run_ids": ["x"], "metric_keys": ["m"], "max_points": 1}, "max_points"),
        ({"run_ids": ["x"], "metric_keys": ["m"], "x": "epoch"}, "x must be one of step, time"),
        ({"run_ids": [f"r{n}" for n in range(200)], "metric_keys": [f"k{n}" for n in range(20)]}, "curves"),
    ],
)
async def test_what_cannot_be_asked_is_refused(session, body, said):
    answer = await session.ask("POST", "metrics/query", body)
    assert answer.status_code == 400
    assert said in answer.text
