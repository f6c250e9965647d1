from zaffre.serving.meter import Meter, Reading, text


def test_counts_are_cumulative_by_bucket_and_kept_by_status():
    meter = Meter()
    for seconds, status in ((0.0004, 200), (0.003, 200), (0.003, 500), (100.0, 408)):
        meter.count(status, seconds, 10, 20)
    shown = text([Reading("ws/e", "blue", meter, (1, 2, 3))])
    name = 'workspace="ws",endpoint="e",deployment="blue"'
    assert f'zaffre_endpoint_requests_total{{{name},status="200"}} 2' in shown
    assert f'zaffre_endpoint_latency_seconds_bucket{{{name},le="0.0005"}} 1' in shown
    assert f'zaffre_endpoint_latency_seconds_bucket{{{name},le="0.005"}} 3' in shown
    assert f'zaffre_endpoint_latency_seconds_bucket{{{name},le="+Inf"}} 4' in shown
    assert f"zaffre_endpoint_latency_seconds_count{{{name}}} 4" in shown
    assert f"zaffre_endpoint_request_bytes_total{{{name}}} 40" in shown
    assert f"zaffre_endpoint_queued{{{name}}} 2" in shown
