"""What was served, counted in memory and read out as Prometheus text; nothing is written on the hot path."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

BOUNDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""Upper bounds of the latency histogram, in seconds."""


class Meter:
    """One deployment's counts since the router started."""

    __slots__ = ("buckets", "bytes_in", "bytes_out", "mirrored", "retried", "seconds", "statuses")

    def __init__(self) -> None:
        self.statuses: dict[int, int] = {}
        self.buckets = [0] * (len(BOUNDS) + 1)
        self.seconds = 0.0
        self.bytes_in = 0
        self.bytes_out = 0
        self.retried = 0
        self.mirrored = 0

    def count(self, status: int, seconds: float, received: int, sent: int) -> None:
        """One finished request."""
        self.statuses[status] = self.statuses.get(status, 0) + 1
        self.buckets[bisect_left(BOUNDS, seconds)] += 1
        self.seconds += seconds
        self.bytes_in += received
        self.bytes_out += sent


class Reading:
    """A meter with the name it goes by and its gauges at the moment of reading."""

    __slots__ = ("busy", "labels", "meter", "queued", "replicas")

    def __init__(self, name: str, deployment: str, meter: Meter, gauges: tuple[int, int, int]) -> None:
        workspace, _, endpoint = name.partition("/")
        self.labels = f'workspace="{workspace}",endpoint="{endpoint}",deployment="{deployment}"'
        self.meter = meter
        self.busy, self.queued, self.replicas = gauges


def text(readings: Iterable[Reading]) -> str:
    """Prometheus' exposition format."""
    found = list(readings)
    lines = ["# TYPE zaffre_endpoint_requests_total counter"]
    for one in found:
        for status, count in sorted(one.meter.statuses.items()):
            lines.append(f'zaffre_endpoint_requests_total{{{one.labels},status="{status}"}} {count}')
    lines.append("# TYPE zaffre_endpoint_latency_seconds histogram")
    for one in found:
        lines.extend(_histogram(one))
    for name, kind, values in (
        ("request_bytes_total", "counter", [one.meter.bytes_in for one in found]),
        ("response_bytes_total", "counter", [one.meter.bytes_out for one in found]),
        ("retries_total", "counter", [one.meter.retried for one in found]),
        ("mirrored_total", "counter", [one.meter.mirrored for one in found]),
        ("in_flight", "gauge", [one.busy for one in found]),
        ("queued", "gauge", [one.queued for one in found]),
        ("replicas_up", "gauge", [one.replicas for one in found]),
    ):
        lines.append(f"# TYPE zaffre_endpoint_{name} {kind}")
        lines += [f"zaffre_endpoint_{name}{{{one.labels}}} {value}" for one, value in zip(found, values, strict=True)]
    return "\n".join(lines) + "\n"


def _histogram(one: Reading) -> list[str]:
    lines: list[str] = []
    total = 0
    for bound, count in zip((*BOUNDS, float("inf")), one.meter.buckets, strict=True):
        total += count
        shown = "+Inf" if bound == float("inf") else f"{bound:g}"
        lines.append(f'zaffre_endpoint_latency_seconds_bucket{{{one.labels},le="{shown}"}} {total}')
    lines.append(f"zaffre_endpoint_latency_seconds_sum{{{one.labels}}} {one.meter.seconds:.6f}")
    lines.append(f"zaffre_endpoint_latency_seconds_count{{{one.labels}}} {total}")
    return lines
