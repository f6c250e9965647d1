"""Counts get a past: fine for minutes, coarse for a day, and it is there again after a restart."""

from __future__ import annotations

import json

import pytest

from zaffre.kinds.online.live import measuring
from zaffre.kinds.online.live.measuring import Measures
from zaffre.kinds.online.parts import windows
from zaffre.kinds.online.parts.layout import Layout
from zaffre.kinds.online.parts.task import Owner

BLUE = Owner("ws", "iris", "blue")


class Counting:
    """A router that counts ten requests a second, while it answers."""

    def __init__(self):
        self.now = 1000.0
        self.answers = True

    def monotonic(self):
        return self.now

    async def ask(self, path, patience=5.0):
        if not self.answers:
            return None
        if path == "/counts":
            told = {"statuses": {"200": int(self.now * 10)}, "buckets": [int(self.now * 10)] + [0] * 16, "seconds": 1.0}
            return json.dumps({"at": self.now, "deployments": {"ws/iris/blue": told}}).encode()
        return json.dumps([{"answer": "MQ=="}]).encode()


@pytest.fixture
def router():
    return Counting()


@pytest.fixture
def measures(router, tmp_path):
    layout = Layout(tmp_path, tmp_path)
    layout.deployment("ws", "iris", "blue").mkdir(parents=True)

    class Clock:
        def now(self):
            return router.now

        def monotonic(self):
            return router.now

    return lambda: Measures(router, None, Clock(), layout)


async def for_seconds(found, router, seconds):
    for _ in range(int(seconds / 2)):
        router.now += 2
        await found.look()


async def test_minutes_finely_and_hours_by_the_minute(measures, router):
    found = measures()
    await for_seconds(found, router, 3600)
    readings = found.readings(BLUE)
    assert [one.at for one in readings] == sorted(one.at for one in readings)
    fine = [one for one in readings if one.at >= router.now - measuring.FINE]
    assert len(fine) == 301
    assert 40 <= len(readings) - len(fine) <= 52
    whole = windows.between(windows.since(readings, router.now - 3500))
    assert whole.rate == pytest.approx(10, rel=0.01)


async def test_a_server_that_starts_again_knows_what_was(measures, router):
    before = measures()
    await for_seconds(before, router, 600)
    router.now += 300  # nobody reads, the router counts on
    after = measures()
    await after.look()
    whole = windows.between(windows.since(after.readings(BLUE), router.now - 850))
    assert whole.requests == pytest.approx(8500, rel=0.1)
    assert measures().readings(BLUE)[0].at == before.readings(BLUE)[0].at


async def test_while_the_router_is_away_nothing_is_new(measures, router):
    found = measures()
    await found.look()
    assert found.latest(BLUE) is not None
    router.answers = False
    router.now += 60
    assert await found.look() is False
    assert found.latest(BLUE) is None
    assert await found.samples(BLUE) == []
    assert found.readings(Owner("ws", "iris", "other")) == []


async def test_a_line_that_a_crash_cut_short_is_left_out(measures, router, tmp_path):
    found = measures()
    await for_seconds(found, router, 240)
    path = tmp_path / "endpoints" / "ws" / "iris" / "blue" / measuring.FILE
    path.write_text(path.read_text() + '{"at": 12')
    assert len(measures().readings(BLUE)) == len(path.read_text().splitlines()) - 1
