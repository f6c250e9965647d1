"""From submit to the first line of user code, and to "completed" as the client sees it, in a ready environment.

Each repetition first runs the limit, a bare ``python script.py``, then the system; ratios are pair by pair.
The script writes the time at which its first line ran, and nothing else.
"""

from __future__ import annotations

import argparse
import contextlib
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

from figures import Row, machine, report
from surroundings import Zaffre, answers, clean_environment, free_port, process, venv, wait_until

SCRIPT = "import sys, time\nopen(sys.argv[1], 'w').write(repr(time.time()))\n"
TITLE = "Job start: submit → first line of user code, submit → completed as the client sees it"


class Bench:
    """The folder with the script, the limit, and how one system is measured beside it."""

    def __init__(self, folder: Path, repetitions: int) -> None:
        self.folder = folder
        self.script = folder / "code" / "script.py"
        self.script.parent.mkdir()
        self.script.write_text(SCRIPT)
        self.mark = folder / "mark"
        self.repetitions = repetitions
        self.rows: list[Row] = []
        self._limit = [str(venv("limit") / "bin/python"), str(self.script), str(self.mark)]

    def bare(self) -> tuple[float, float]:
        return self._timed(lambda: subprocess.run(self._limit, check=True, env=clean_environment()))

    def measure(self, system: str, go: Callable[[], object], note: str = "", warm_up: int = 3) -> None:
        row = Row(system, note=note)
        try:
            for _ in range(warm_up):
                go()
            for _ in range(self.repetitions):
                limit, own = self.bare(), self._timed(go)
                row.add(**{"first line, ms": own[0], "done, ms": own[1]})
                row.add(**{"× limit, first line": own[0] / limit[0], "× limit, done": own[1] / limit[1]})
        except Exception as error:
            row.error = f"failed: {error!r}"[:300]
        self.rows.append(row)
        print(f"  {system}: {row.error or 'measured'}", file=sys.stderr)

    def _timed(self, go: Callable[[], object]) -> tuple[float, float]:
        self.mark.unlink(missing_ok=True)
        start = time.time()
        go()
        done = time.time()
        return (float(self.mark.read_text()) - start) * 1e3, (done - start) * 1e3


def limit(bench: Bench) -> None:
    bench.measure("limit: bare python subprocess", bench.bare)


def zaffre(bench: Bench) -> None:
    installation = Zaffre(bench.folder)
    installation.up()
    try:
        job = bench.folder / "job.yml"
        job.write_text(
            "type: command\n"
            f"code: {bench.script.parent}\n"
            f"command: python script.py {bench.mark}\n"
            "environment: {image: 'python:3.11'}\n"
        )
        installation.cli(
            "job", "create", "-f", str(job), "-n", "warm", "--stream"
        )  # builds the environment, uploads the code
        client = installation.client()
        spec = client.call("GET", "/jobs/warm")["spec"]
        spec.pop("name", None)

        def warm_client() -> None:
            status = client.run(f"bench-{uuid.uuid4().hex}", spec)
            if status != "Completed":
                raise RuntimeError(status)

        bench.measure("zaffre: warm client over HTTP", warm_client, "durable, logs kept, own process, tracked")
        bench.measure(
            "zaffre: command line",
            lambda: installation.cli("job", "create", "-f", str(job), "--stream"),
            "whole command, by its exit",
        )
    finally:
        installation.down()


def mlflow(bench: Bench) -> None:
    home, project, port = bench.folder / "mlflow", bench.folder / "mlproject", free_port()
    home.mkdir()
    project.mkdir()
    (project / "MLproject").write_text(
        f"name: p\nentry_points:\n  main:\n    command: 'python {bench.script} {bench.mark}'\n"
    )
    binaries = venv("mlflow") / "bin"
    store = ["--backend-store-uri", f"sqlite:///{home}/m.db", "--default-artifact-root", str(home / "artifacts")]
    url = f"http://127.0.0.1:{port}"
    with process([str(binaries / "mlflow"), "server", "--port", str(port), *store], home):
        wait_until(lambda: answers(f"{url}/health"), 120, "MLflow's server not healthy")
        code = f"import mlflow\ndef go(): mlflow.projects.run({str(project)!r}, env_manager='local', synchronous=True)"
        environ = {"MLFLOW_TRACKING_URI": url, "PATH": f"{binaries}:{clean_environment()['PATH']}"}
        with warm(binaries / "python", code, home, environ) as go:
            bench.measure("mlflow.projects.run, warm client", go, "tracked by its server", warm_up=1)


def ray(bench: Bench) -> None:
    binaries, port, dashboard = venv("ray") / "bin", free_port(), free_port()
    home = bench.folder / "ray"
    home.mkdir()
    with tempfile.TemporaryDirectory(prefix="rb") as short:  # its sockets do not fit into longer names
        command = [
            "start",
            "--head",
            "--block",
            "--port",
            str(port),
            "--dashboard-port",
            str(dashboard),
            "--temp-dir",
            short,
        ]
        with process([str(binaries / "ray"), *command, "--num-cpus", "2", "--object-store-memory", "300000000"], home):
            wait_until(lambda: answers(f"http://127.0.0.1:{dashboard}/api/version"), 120, "Ray not healthy")
            code = (
                "import time\nfrom ray.job_submission import JobSubmissionClient\n"
                f"client = JobSubmissionClient('http://127.0.0.1:{dashboard}')\n"
                "def go():\n"
                f"    job = client.submit_job(entrypoint='{binaries}/python {bench.script} {bench.mark}')\n"
                "    while not client.get_job_status(job).is_terminal(): time.sleep(0.02)"
            )
            with warm(binaries / "python", code, home, {}) as go:
                bench.measure("ray: JobSubmissionClient, warm cluster", go, warm_up=1)


@contextlib.contextmanager
def warm(python: Path, code: str, folder: Path, environ: dict[str, str]) -> Iterator[Callable[[], None]]:
    """A peer's client that has imported everything: reads a line, runs a job, answers a line."""
    loop = "import sys\nprint('@', flush=True)\nfor line in sys.stdin:\n    go()\n    print('@', flush=True)\n"
    log = (folder / "client.log").open("ab")
    child = subprocess.Popen(
        [str(python), "-c", f"{code}\n{loop}"],
        cwd=folder,
        env=clean_environment(HOME=str(folder), **environ),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
    )
    assert child.stdin is not None
    assert child.stdout is not None

    def until_done() -> None:
        for line in child.stdout or ():
            if line.strip() == b"@":
                return
        raise RuntimeError("its client ended: " + (folder / "client.log").read_text()[-600:])

    def go() -> None:
        child.stdin.write(b"x\n")
        child.stdin.flush()
        until_done()

    try:
        until_done()
        yield go
    finally:
        child.stdin.close()
        child.kill()
        child.wait()
        child.stdout.close()
        log.close()


SYSTEMS = {"limit": limit, "zaffre": zaffre, "mlflow": mlflow, "ray": ray}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", choices=SYSTEMS, help="some of the systems")
    parser.add_argument("--repetitions", type=int, default=15)
    arguments = parser.parse_args()
    where = machine()
    with tempfile.TemporaryDirectory(prefix="zaffre-bench-") as folder:
        bench = Bench(Path(folder), arguments.repetitions)
        for name in arguments.only or SYSTEMS:
            try:
                SYSTEMS[name](bench)
            except Exception as error:
                bench.rows.append(Row(name, error=f"not measured: {error!r}"[:300]))
        report("job_start", TITLE, where, bench.rows)


if __name__ == "__main__":
    main()
