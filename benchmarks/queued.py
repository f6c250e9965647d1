"""Ten thousand queued jobs: what it costs to submit one, to list them, to ask why one waits, to have them wait, and to drain.

A stopped compute makes the line: nothing starts until all are submitted. Draining runs `true` as a command job (own process
group, log kept, tracked, durable), beside the same number of bare `bash -c true` spawned two at a time in the same minute.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from figures import Row, machine, report
from surroundings import Zaffre, clean_environment

TITLE = "Queue: many jobs waiting for one compute of two nodes"
CLIENTS = 8
NODES = 2
PAGES = 40
IDLE_SECONDS = 20.0
SPEC = {
    "type": "command",
    "command": "true",
    "environment": "azureml://registries/azureml/environments/python/labels/latest",
    "compute": "azureml:line",
}
_TICKS = os.sysconf("SC_CLK_TCK")


class Bench:
    """One installation and its line."""

    def __init__(self, folder: Path, jobs: int, drain: int) -> None:
        self.jobs = jobs
        self.drain = drain
        self.rows: list[Row] = []
        self.installation = Zaffre(folder)
        self.pid = int(self.installation.up()["pid"])
        self.client = self.installation.client()

    def prepare(self) -> None:
        """The environment is built, and one job of each kind has been seen, before anything is measured."""
        self.client.call("PUT", "/computes/line", {"name": "line", "type": "amlcompute", "max_instances": NODES})
        if self.client.run("warm", SPEC) != "Completed":
            raise RuntimeError("the first job did not complete")
        self.client.call("POST", "/computes/line/stop")

    def submit(self) -> None:
        local = threading.local()
        row, lock = Row(f"submit {self.jobs:,} from {CLIENTS} clients"), threading.Lock()

        def one(number: int) -> None:
            if not hasattr(local, "client"):
                local.client = self.installation.client()
            start = time.perf_counter()
            local.client.call("PUT", f"/jobs/job-{number:06d}", SPEC)
            with lock:
                row.add(**{"ms": (time.perf_counter() - start) * 1e3})

        start, before = time.perf_counter(), _cpu(self.pid)
        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(one, range(self.jobs)))
        row.add(**{"jobs/s": self.jobs / (time.perf_counter() - start)})
        row.add(**{"server's processor, ms/job": 1e3 * (_cpu(self.pid) - before) / self.jobs})
        row.note = f"p99 {_p99(row, 'ms'):.0f} ms; goal: 100/s, p99 250 ms"
        self.rows.append(row)

    def asked(self) -> None:
        """With the whole line standing."""
        last = f"job-{self.jobs - 1:06d}"
        self._timed("one more submitted", self._one_more, "goal: p99 250 ms")
        self._timed("list, first page of 100", lambda _: self.client.call("GET", "/jobs?top=100"), "goal: p99 300 ms")
        deep = f"/jobs?top=100&skip={max(0, self.jobs - 100)}"
        self._timed("list, last page of 100", lambda _: self.client.call("GET", deep), "goal: p99 300 ms")
        self._timed("job show of the last", lambda _: self.client.call("GET", f"/jobs/{last}"))
        self._timed("job why of the last", lambda _: self.client.call("GET", f"/jobs/{last}/why"))

    def idle(self) -> None:
        row = Row("waiting, nothing else going on", note=f"over {IDLE_SECONDS:.0f} s; goal: 1 % of a processor, 400 MB")
        before, start = _cpu(self.pid), time.monotonic()
        time.sleep(IDLE_SECONDS)
        row.add(**{"cpu, %": 100 * (_cpu(self.pid) - before) / (time.monotonic() - start), "rss, MB": _rss(self.pid)})
        self.rows.append(row)

    def drained(self) -> None:
        count = min(self.drain, self.jobs)
        bare = _bare(count)
        self.client = self.installation.client()
        row = Row(f"drain, first {count:,} jobs", note="goal: 10/s")
        start, before = time.monotonic(), _cpu(self.pid)
        self.client.call("POST", "/computes/line/start")
        last = f"job-{count - 1:06d}"
        while self.client.call("GET", f"/jobs/{last}?wait_for=final&timeout=30")["state"]["status"] != "Completed":
            pass
        took = time.monotonic() - start
        self.client.call("POST", "/computes/line/stop")
        row.add(**{"server's processor, ms/job": 1e3 * (_cpu(self.pid) - before) / count})
        row.add(**{"jobs/s": count / took, "× bare": bare / (count / took), "rss, MB": _rss(self.pid)})
        self.rows += [row, Row(f"limit: {count:,} bare bash -c true, {NODES} at a time")]
        self.rows[-1].add(**{"jobs/s": bare})

    def _one_more(self, number: int) -> None:
        self.client.call("PUT", f"/jobs/more-{number:04d}", SPEC)

    def _timed(self, name: str, call: Callable[[int], Any], note: str = "") -> None:
        row = Row(name)
        for number in range(PAGES):
            start = time.perf_counter()
            call(number)
            row.add(**{"ms": (time.perf_counter() - start) * 1e3})
        row.note = f"p99 {_p99(row, 'ms'):.0f} ms" + (f"; {note}" if note else "")
        self.rows.append(row)


def _bare(count: int) -> float:
    """Processes a second without Zaffre."""
    environ = clean_environment()
    start = time.monotonic()
    with ThreadPoolExecutor(NODES) as pool:
        list(pool.map(lambda _: subprocess.run(["/bin/bash", "-c", "true"], env=environ, check=True), range(count)))
    return count / (time.monotonic() - start)


def _p99(row: Row, name: str) -> float:
    found = sorted(row.samples[name])
    return found[min(len(found) - 1, int(len(found) * 0.99))]


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _rss(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=10_000)
    parser.add_argument("--drain", type=int, default=1000, help="how many of them are run")
    arguments = parser.parse_args()
    where = machine()
    with tempfile.TemporaryDirectory(prefix="zaffre-bench-", ignore_cleanup_errors=True) as folder:
        bench = Bench(Path(folder), arguments.jobs, arguments.drain)
        try:
            for part in (bench.prepare, bench.submit, bench.asked, bench.idle, bench.drained):
                bench.client = bench.installation.client()  # one that was silent for long has been hung up on
                part()
                print(f"  {part.__name__}: measured", file=sys.stderr)
        finally:
            bench.installation.down()
        report("queue", TITLE, where, bench.rows)


if __name__ == "__main__":
    main()
