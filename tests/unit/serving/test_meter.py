import json

from zaffre.serving.meter import BOUNDS, Gauges, Meter, Reading, Use, text


def test_counts_are_cumulative_by_bucket_and_kept_by_status():
    meter = Meter()
    for seconds, status in ((0.0004, 200), (0.003, 200), (0.003, 500), (100.0, 408)):
        meter.count(status, seconds, 10, 20)
    shown = text([Reading("ws/e", "blue", meter, Gauges(busy=1, queued=2), {})])
    name = 'workspace="ws",endpoint="e",deployment="blue"'
    assert f'zaffre_endpoint_requests_total{{{name},status="200"}} 2' in shown
    assert f'zaffre_endpoint_latency_seconds_bucket{{{name},le="0.0005"}} 1' in shown
    assert f'zaffre_endpoint_latency_seconds_bucket{{{name},le="0.005"}} 3' in shown
    assert f'zaffre_endpoint_latency_seconds_bucket{{{name},le="+Inf"}} 4' in shown
    assert f"zaffre_endpoint_latency_seconds_count{{{name}}} 4" in shown
    assert f"zaffre_endpoint_request_bytes_total{{{name}}} 40" in shown
    assert f"zaffre_endpoint_queued{{{name}}} 2" in shown


def test_counts_are_read_back_as_they_were_and_spoilt_ones_as_none():
    meter = Meter()
    meter.count(424, 0.02, 1, 2)
    meter.said(500)
    meter.waited(0.3)
    meter.mirror.add(200, 0.1)
    meter.arrived, meter.last_arrival, meter.busy_seconds = 3, 5.5, 0.25
    stored = json.loads(json.dumps(meter.to_json()))
    assert Meter.of(stored).to_json() == meter.to_json()
    assert Meter.of({"arrived": "many"}).to_json() == Meter().to_json()
    assert Meter.of({**stored, "buckets": [1, 2]}).answers.buckets == [0] * (len(BOUNDS) + 1)


def test_what_runs_now_counts_as_busy():
    meter = Meter()
    meter.busy_seconds = 2.0
    use = Use(True, 1, 7, 0.5, 1024)
    told = Reading("ws/e", "blue", meter, Gauges(busy=1, held=4, running_seconds=0.5), {"1-1": use}).to_json()
    assert (told["busy_seconds"], told["held"], told["replicas_up"]) == (2.5, 4, 1)
    assert told["replicas"]["1-1"] == {"up": True, "busy": 1, "pid": 7, "cpu_seconds": 0.5, "memory_bytes": 1024}
