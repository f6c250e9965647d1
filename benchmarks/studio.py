"""Studio against its budget: the first load, a table of ten thousand jobs, a long curve, a large graph, a long log.

Everything is real: jobs that were submitted or have run, on a server of the benchmark's own, in Chromium without a graphics
card. Ends with 1 where a figure is over its budget.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))

from playwright.sync_api import Browser, Page

from figures import Row, machine, report
from studio_browser import Tab, chromium, entered
from zaffre.testing.server import CURATED, Installation, furnished, installation

TITLE = "Studio: what people wait for, in Chromium, beside the budget"
ROOT = Path(__file__).parents[1]
CLIENTS = 8
COURSE = """\
import json, math, os, time, urllib.request
where = os.environ["MLFLOW_TRACKING_URI"] + "/api/2.0/mlflow/runs/log-batch"
heads = {{"Authorization": "Bearer " + os.environ["MLFLOW_TRACKING_TOKEN"], "Content-Type": "application/json"}}
now = int(time.time() * 1000)
for begin in range(0, {points}, 1000):
    metrics = [
        {{"key": "loss", "value": math.sin(step / 900), "timestamp": now, "step": step}}
        for step in range(begin, begin + 1000)
    ]
    body = json.dumps({{"run_id": os.environ["MLFLOW_RUN_ID"], "metrics": metrics}}).encode()
    urllib.request.urlopen(urllib.request.Request(where, body, heads)).read()
"""
FRAMES = """async ([step, count]) => {
  const box = document.querySelector("[role=grid]");
  const took = [];
  let last = await new Promise(requestAnimationFrame);
  for (let frame = 0; frame < count; frame++) {
    box.scrollTop += step;
    const now = await new Promise(requestAnimationFrame);
    took.push(now - last);
    last = now;
  }
  return took;
}"""
SEEN = """([selector, count]) => new Promise((done, fail) => {
  const begun = performance.now();
  const look = () => {
    if (document.querySelectorAll(selector).length >= count) requestAnimationFrame(() => done(performance.now()));
    else if (performance.now() - begun > 30_000) fail(new Error("not seen in 30 s: " + selector));
    else requestAnimationFrame(look);
  };
  look();
})"""


class Bench:
    """One server and what was found out about its pages."""

    def __init__(self, rig: Installation, browser: Browser, repetitions: int) -> None:
        self.rig = rig
        self.browser = browser
        self.repetitions = repetitions
        self.rows: list[Row] = []
        self.over: list[str] = []

    def tab(self) -> Tab:
        token = (self.rig.home / "token").read_text().strip()
        return entered(self.browser, f"http://127.0.0.1:{self.rig.port}", token)

    def first(self) -> None:
        """A browser that has never been here."""
        row = Row("first paint of /jobs, nothing in the cache")
        for _ in range(self.repetitions):
            tab = self.tab()
            session = tab.page.context.new_cdp_session(tab.page)
            session.send("Network.setCacheDisabled", {"cacheDisabled": True})
            tab.open("/jobs", "[role=gridcell]")
            row.add(ms=tab.page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"))
            tab.page.context.close()
        self._held(row, "ms", 1000)

    def table(self, jobs: int) -> None:
        """All of them brought by scrolling, then scrolled through from the top."""
        tab = self.tab()
        page = tab.open("/jobs", "[role=gridcell]")
        coming, there = Row(f"{jobs:,} jobs scrolled while they come"), Row(f"{jobs:,} jobs scrolled, all there")
        height = f"document.querySelector('[role=grid]').scrollHeight >= {jobs} * 40"
        while not page.evaluate(height):
            page.evaluate("document.querySelector('[role=grid]').scrollTop = 1e9")
            for took in page.evaluate(FRAMES, [-40, 8]):
                coming.add(**{"frame, ms": took})
        page.evaluate("document.querySelector('[role=grid]').scrollTop = 0")
        for took in page.evaluate(FRAMES, [240, 300]):
            there.add(**{"frame, ms": took})
        coming.note = f"p95 {_p95(coming.samples['frame, ms']):.0f} ms"
        self.rows.append(coming)
        self._held(there, "frame, ms", 50, share=95)
        tab.page.context.close()

    def drawn(self, name: str, path: str, by: tuple[str, int], budget: float) -> None:
        """From the click on a part of a job's page, which is open, until ``by`` (selector, how many) is seen."""
        row = Row(name)
        part = path.partition("tab=")[2]
        for _ in range(self.repetitions):
            tab = self.tab()
            page = tab.open(path.partition("?")[0], "[role=tab]")
            page.wait_for_load_state("networkidle") if part == "" else page.wait_for_timeout(300)
            row.add(ms=_until(page, part, by))
            tab.page.context.close()
        self._held(row, "ms", budget)

    def _held(self, row: Row, column: str, budget: float, *, share: int = 0) -> None:
        samples = row.samples[column]
        found = _p95(samples) if share else sorted(samples)[len(samples) // 2]
        row.note = f"{'p95' if share else 'median'} {found:.0f} of {budget:.0f} ms"
        if found > budget:
            row.note += ", missed"
            self.over.append(f"{row.system}: {found:.0f} ms, budget {budget:.0f}")
        self.rows.append(row)
        print(f"{row.system}: {row.note}", flush=True)


def _until(page: Page, part: str, by: tuple[str, int]) -> float:
    begun = page.evaluate(
        """part => new Promise(done => requestAnimationFrame(() => {
          const tab = [...document.querySelectorAll("[role=tab]")].find(one => one.id.endsWith("-trigger-" + part));
          const now = performance.now();
          tab.dispatchEvent(new MouseEvent("mousedown", { bubbles: true, button: 0 }));
          done(now);
        }))""",
        part,
    )
    return float(page.evaluate(SEEN, list(by))) - float(begun)


def _p95(samples: list[float]) -> float:
    return sorted(samples)[int(len(samples) * 0.95)]


def _submitted(rig: Installation, jobs: int) -> None:
    """Jobs that wait for a compute that is stopped."""
    line = {"name": "line", "type": "amlcompute", "max_instances": 1}
    rig.call("PUT", "computes/line", line).raise_for_status()
    rig.call("POST", "computes/line/stop").raise_for_status()
    local = threading.local()

    def one(number: int) -> None:
        import httpx

        if not hasattr(local, "http"):
            local.http = httpx.Client(headers=rig.http.headers, timeout=60)
        body: dict[str, Any] = {"type": "command", "command": "true", "environment": CURATED, "compute": "azureml:line"}
        address = f"http://127.0.0.1:{rig.port}/api/v1/workspaces/default/jobs/job-{number:06d}"
        local.http.put(address, json=body).raise_for_status()

    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(one, range(jobs)))


def _ran(rig: Installation, points: int, lines: int, nodes: int) -> None:
    code = rig.upload("code", {"run.py": COURSE.format(points=points).encode()})["code"]
    rig.submit("course", "python run.py", code=code)
    rig.submit("talks", f"seq -f 'line %.0f of the log, which says something' {lines}")
    steps: dict[str, Any] = {}
    for number in range(nodes):
        before = {"inputs": {"x": f"${{{{parent.jobs.s{(number - 1) // 2}.outputs.y}}}}"}} if number else {}
        told = {"command": "true", "environment": CURATED, "outputs": {"y": {"type": "uri_file"}}, **before}
        steps[f"s{number}"] = told
    graph = {"type": "pipeline", "settings": {"default_compute": "azureml:line"}, "jobs": steps}
    rig.call("PUT", "jobs/graph", graph).raise_for_status()
    for name in ("course", "talks"):
        assert rig.ended(name, 300)["status"] == "Completed"


def main() -> int:
    """Everything, and the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repetitions", type=int, default=5)
    parser.add_argument("--jobs", type=int, default=10_000)
    parser.add_argument("--nodes", type=int, default=500)
    asked = parser.parse_args()
    subprocess.run([ROOT / "tools" / "studio.sh", "fresh"], check=True)
    subprocess.run([ROOT / "tools" / "chromium.sh"], check=True)
    where = machine()
    with (
        tempfile.TemporaryDirectory() as folder,
        chromium() as browser,
        installation(furnished(Path(folder)), compute_local_nodes="2") as rig,
    ):
        begun = time.monotonic()
        _submitted(rig, asked.jobs)
        _ran(rig, 100_000, 50_000, asked.nodes)
        print(f"made in {time.monotonic() - begun:.0f} s", flush=True)
        bench = Bench(rig, browser, asked.repetitions)
        bench.first()
        bench.table(asked.jobs)
        bench.drawn("curve of 100,000 points", "/jobs/course?tab=metrics", (".uplot canvas", 1), 200)
        node = ".react-flow__node"
        bench.drawn(f"graph of {asked.nodes} steps", "/jobs/graph?tab=graph", (node, asked.nodes // 2), 2000)
        bench.drawn("log of 50,000 lines", "/jobs/talks?tab=outputs", (".log-line", 10), 200)
    report("studio", TITLE, where, bench.rows)
    print("\n".join(bench.over) or "all within the budget")
    return 1 if bench.over else 0


if __name__ == "__main__":
    sys.exit(main())
