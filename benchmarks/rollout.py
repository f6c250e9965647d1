"""What callers notice of changes and accidents: an open-loop generator asks on while a deployment is updated, a replica is
killed, the control plane is down, nothing runs yet, and the load comes and goes.

Requests are due at fixed moments whatever became of the one before (open loop), so a pause shows as latency, not as fewer
requests. A request that is refused, lost or answered with anything but 200 has failed.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from zaffre.testing.server import Installation, deployed, furnished, installation, processes, until

SCORE = "import time\ndef init(): pass\ndef run(data):\n    time.sleep({pause})\n    return '{word}'\n"
RATE = 200
PATIENCE = 120.0


@dataclass
class Seen:
    """What came back."""

    statuses: Counter[int] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    late: float = 0.0
    """The most that the generator itself was behind."""

    @property
    def failed(self) -> int:
        return sum(count for status, count in self.statuses.items() if status != 200)

    def told(self) -> dict[str, Any]:
        ordered = sorted(self.seconds) or [0.0]
        marks = {
            f"p{one}_ms": round(ordered[min(len(ordered) - 1, len(ordered) * one // 100)] * 1000, 1) for one in (50, 99)
        }
        return {"requests": len(self.seconds), "failed": self.failed, **marks, "longest_ms": round(ordered[-1] * 1000, 1),
                "statuses": dict(self.statuses), "generator_late_ms": round(self.late * 1000, 1)}  # fmt: skip


class Callers:
    """Keep-alive connections to one endpoint."""

    def __init__(self, port: int, path: str, key: str) -> None:
        self._port = port
        head = (
            f"POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n"
        )
        self._request = f"{head}Content-Length: 2\r\n\r\n{{}}".encode()
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def ask(self, seen: Seen) -> None:
        """One request on a free connection; status 0 where no answer came."""
        begun = time.monotonic()
        status, word = 0, ""
        try:
            reader, writer = self._free.pop() if self._free else await asyncio.open_connection("127.0.0.1", self._port)
            writer.write(self._request)
            status, word = await asyncio.wait_for(_answer(reader), PATIENCE)
            self._free.append((reader, writer))
        except (OSError, asyncio.IncompleteReadError, TimeoutError, ValueError):
            status = 0
        seen.statuses[status] += 1
        seen.words[word] += 1
        seen.seconds.append(time.monotonic() - begun)

    def close(self) -> None:
        for _, writer in self._free:
            writer.close()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, str]:
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    length = next(int(line.split(":")[1]) for line in lines if line.lower().startswith("content-length"))
    body = await reader.readexactly(length)
    return int(lines[0].split()[1]), body.decode()


@contextlib.asynccontextmanager
async def load(callers: Callers, rate: float) -> AsyncIterator[Seen]:
    """That many requests a second, each at its moment, until the block ends; then all answers are waited for."""
    seen, asked, over = Seen(), set[asyncio.Task[None]](), asyncio.Event()

    async def generate() -> None:
        begun, number = time.monotonic(), 0
        while not over.is_set():
            number += 1
            pause = begun + number / rate - time.monotonic()
            seen.late = max(seen.late, -pause)
            if pause > 0:
                await asyncio.sleep(pause)
            task = asyncio.create_task(callers.ask(seen))
            asked.add(task)
            task.add_done_callback(asked.discard)

    generator = asyncio.create_task(generate())
    try:
        yield seen
    finally:
        over.set()
        await generator
        await asyncio.gather(*asked)


class Bench:
    """One installation with an endpoint."""

    def __init__(self, rig: Installation, seconds: float) -> None:
        self.rig = rig
        self.seconds = seconds
        self._versions = 0

    def deploy(self, pause: float = 0.0, **more: Any) -> None:
        """Another version of the model; waits until it serves."""
        self._versions += 1
        deployed(self.rig, "bench", SCORE.format(pause=pause, word=f"v{self._versions}"), **more)

    def callers(self) -> Callers:
        state = self.rig.call("GET", "online-endpoints/bench").json()["state"]
        address = state["scoring_uri"].split("/", 3)
        key = self.rig.call("POST", "online-endpoints/bench/keys").json()["primary_key"]
        return Callers(int(address[2].rpartition(":")[2]), f"/{address[3]}", key)

    def replicas(self) -> list[dict[str, Any]]:
        shown = self.rig.call("GET", "online-endpoints/bench/deployments/blue").json()["state"]
        return [one for one in shown["replicas"] if one["stage"] == "ready"]

    async def away(self, what: Callable[[], Any]) -> Any:
        """Something that blocks, in a thread."""
        return await asyncio.to_thread(what)

    async def update(self) -> dict[str, Any]:
        """Two updates under load."""
        self.deploy(instance_count=2)
        callers = self.callers()
        async with load(callers, RATE) as seen:
            for _ in range(2):
                await asyncio.sleep(self.seconds / 4)
                await self.away(lambda: self.deploy(instance_count=2))
            await asyncio.sleep(self.seconds / 4)
        callers.close()
        return {**seen.told(), "versions_seen": len(seen.words)}

    async def killed(self) -> dict[str, Any]:
        """One of two replicas is killed, again and again."""
        await self.away(lambda: self.deploy(instance_count=2, pause=0.002))
        callers, kills = self.callers(), 0
        async with load(callers, RATE) as seen:
            for _ in range(3):
                await asyncio.sleep(self.seconds / 6)
                await self.away(lambda: until(lambda: len(self.replicas()) == 2, "two replicas", PATIENCE))
                os.kill(_scoring(self.rig)[0], signal.SIGKILL)
                kills += 1
            await asyncio.sleep(self.seconds / 6)
        callers.close()
        return {**seen.told(), "kills": kills, "in_flight_at_most": 2 * kills}

    async def without_control(self) -> dict[str, Any]:
        """kill -9 the server; callers ask on."""
        callers = self.callers()
        async with load(callers, RATE) as seen:
            await asyncio.sleep(2)
            await self.away(self.rig.kill)
            await asyncio.sleep(self.seconds)
            await self.away(self.rig.start)
            await asyncio.sleep(5)
        callers.close()
        return {**seen.told(), "seconds_without": self.seconds}

    async def wake(self) -> dict[str, Any]:
        """A hundred at once, and nothing runs."""
        scale = {
            "type": "target_utilization",
            "min_instances": 0,
            "max_instances": 1,
            "polling_interval": 1,
            "cool_down": 2,
        }
        await self.away(lambda: self.deploy(scale_settings=scale, instance_count=1))
        callers, seen = self.callers(), Seen()
        await self.away(lambda: until(lambda: not self._running(), "the end of the last replica", PATIENCE))
        begun = time.monotonic()
        await asyncio.gather(*(callers.ask(seen) for _ in range(100)))
        callers.close()
        return {**seen.told(), "waiting": 100, "all_answered_in_s": round(time.monotonic() - begun, 2)}

    async def scaled(self) -> dict[str, Any]:
        """One, four, one: thirty a second where a replica is to carry six."""
        scale = {"type": "target_utilization", "min_instances": 1, "max_instances": 4, "polling_interval": 1,
                 "cool_down": 5, "target": {"requests_per_second": 6}}  # fmt: skip
        waits = {"max_queue_wait_ms": 60_000, "request_timeout_ms": 60_000}
        await self.away(lambda: self.deploy(pause=0.05, scale_settings=scale, instance_count=1, request_settings=waits))
        callers, begun = self.callers(), time.monotonic()
        async with load(callers, 30) as seen:
            await self.away(lambda: until(lambda: len(self.replicas()) == 4, "four replicas", PATIENCE))
            up = time.monotonic() - begun
            await asyncio.sleep(3)
        begun = time.monotonic()
        async with load(callers, 2) as quiet:
            await self.away(lambda: until(lambda: len(self.replicas()) == 1, "one replica", PATIENCE))
            down = time.monotonic() - begun
        callers.close()
        failed = seen.failed + quiet.failed
        return {**seen.told(), "failed": failed, "four_after_s": round(up, 1), "one_after_s": round(down, 1)}

    def _running(self) -> list[Any]:
        found: list[Any] = self.rig.call("GET", "online-endpoints/bench/deployments/blue").json()["state"]["replicas"]
        return found


def _scoring(rig: Installation) -> list[int]:
    """The processes that hold the model, not the agents beside them."""
    words = processes(rig.home)
    return [pid for pid, line in words.items() if "host.json" in line and "score-" in line]


SCENARIOS: dict[str, tuple[str, Callable[[Bench], Awaitable[dict[str, Any]]]]] = {
    "update": (f"two rolling updates under {RATE} requests/s", Bench.update),
    "killed": (f"a replica of two killed three times under {RATE} requests/s", Bench.killed),
    "without_control": (f"control plane killed and away under {RATE} requests/s", Bench.without_control),
    "wake": ("0 → 1 with 100 waiting", Bench.wake),
    "scaled": ("1 → 4 → 1 by the load", Bench.scaled),
}


def main(argv: list[str]) -> int:
    """Run the scenarios, print a line each and write the figures; 1 where callers lost more than they may."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="*", choices=SCENARIOS, default=[*SCENARIOS])
    parser.add_argument("--seconds", type=float, default=120.0, help="how long the control plane is away, and the like")
    parser.add_argument("--json", type=Path, help="write the figures here")
    options = parser.parse_args(argv)
    environments = furnished(Path(tempfile.gettempdir()) / "zaffre-bench-rollout")
    found: dict[str, Any] = {}
    with installation(environments) as rig:
        bench = Bench(rig, options.seconds)
        bench.deploy()
        for name in options.only:
            label, run = SCENARIOS[name]
            found[name] = asyncio.run(run(bench))
            sys.stdout.write(f"{label}: {json.dumps(found[name])}\n")
            sys.stdout.flush()
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n")
    return 1 if any(one["failed"] > one.get("in_flight_at_most", 0) for one in found.values()) else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
