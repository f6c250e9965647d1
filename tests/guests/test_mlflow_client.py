"""The stock MLflow client against the tracking floor, as a process of its own: what users' scripts do."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
import urllib.request
from pathlib import Path

import psutil
import pytest

import mlflow_tests

TOOLS = Path(mlflow_tests.__file__).parent
HEAD = """
import json, sys, warnings
warnings.simplefilter("ignore")
import mlflow
from mlflow import MlflowClient
mlflow.set_tracking_uri(sys.argv[1])
client = MlflowClient()
out = {}
"""


class Server:
    """The floor behind a real socket."""

    def __init__(self, home):
        self.home, self.port = home, mlflow_tests._free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self):
        command = [sys.executable, str(TOOLS / "mlflow_server.py"), str(self.home), str(self.port), "--upstream"]
        self.process = subprocess.Popen(command, env=_environ(self.home))
        deadline = time.monotonic() + 30
        while True:
            try:
                return urllib.request.urlopen(f"{self.url}/health", timeout=2).read()
            except OSError:
                assert time.monotonic() < deadline, "the server did not start"
                time.sleep(0.05)

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.process.wait(20)

    @property
    def upstream(self):
        """MLflow's own server, or None."""
        noted = self.home / "mlflow" / "mlflow.pid"
        return psutil.Process(json.loads(noted.read_text())["pid"]) if noted.exists() else None


def _environ(home):
    return {**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true", "HOME": str(home), "GIT_PYTHON_REFRESH": "quiet"}


@pytest.fixture
def server(tmp_path):
    running = Server(tmp_path)
    yield running
    running.stop()


def script(server, body, python=sys.executable):
    """Run a user's script; the JSON it prints last."""
    source = HEAD + textwrap.dedent(body) + "\nprint('OUT' + json.dumps(out))\n"
    done = subprocess.run(
        [python, "-c", source, server.url],
        env=_environ(server.home),
        capture_output=True,
        text=True,
        cwd=server.home,
        timeout=110,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.rpartition("OUT")[2])


def test_autolog_train_register_load(server):
    out = script(
        server,
        """
        import numpy as np
        from sklearn.datasets import load_iris
        from sklearn.linear_model import LogisticRegression
        mlflow.set_experiment("iris")
        mlflow.sklearn.autolog(log_input_examples=False)
        X, y = load_iris(return_X_y=True)
        with mlflow.start_run() as run:
            model = LogisticRegression(max_iter=300).fit(X, y)
            with mlflow.start_run(nested=True):
                mlflow.log_metric("inner", 1.0)
            logged = mlflow.sklearn.log_model(model, name="model", pip_requirements=["scikit-learn"])
        version = mlflow.register_model(logged.model_uri, "iris")
        client.set_registered_model_alias("iris", "champion", version.version)
        loaded = mlflow.pyfunc.load_model("models:/iris@champion")
        kept = client.get_run(run.info.run_id)
        children = mlflow.search_runs(
            experiment_names=["iris"], filter_string=f"tags.mlflow.parentRunId = '{run.info.run_id}'", output_format="list")
        out.update(
            same=bool((loaded.predict(X) == model.predict(X)).all()), version=version.version,
            score=kept.data.metrics["training_score"], params=kept.data.params["max_iter"],
            children=len(children), status=kept.info.status, run=run.info.run_id,
            models=len(mlflow.search_logged_models(experiment_ids=[run.info.experiment_id], output_format="list")),
            inputs=len(kept.inputs.dataset_inputs))
        """,
    )
    assert out.pop("run")
    assert out.pop("score") > 0.9
    assert out == {
        "same": True,
        "version": "1",
        "params": "300",
        "children": 1,
        "status": "FINISHED",
        "models": 2,
        "inputs": 1,
    }
    assert server.upstream is None, "nothing of this needs MLflow's own server"


def test_artifacts_images_tables_and_history(server):
    out = script(
        server,
        """
        import os, tempfile
        folder = tempfile.mkdtemp()
        open(os.path.join(folder, "ä ö.txt"), "w").write("text")
        with mlflow.start_run() as run:
            mlflow.log_artifacts(folder, "files")
            mlflow.log_dict({"a": 1}, "d.json")
            mlflow.log_table({"x": [1, 2]}, "t.json")
            for step in range(50):
                mlflow.log_metric("loss", 1 / (step + 1), step=step)
            mlflow.log_params({"a": 1, "b": [1, 2]})
        here = mlflow.artifacts.download_artifacts(run_id=run.info.run_id)
        out.update(
            files=sorted(os.path.relpath(os.path.join(at, name), here) for at, _, names in os.walk(here) for name in names),
            history=len(client.get_metric_history(run.info.run_id, "loss")),
            text=mlflow.artifacts.load_text(f"runs:/{run.info.run_id}/files/ä ö.txt"),
            uri=run.info.artifact_uri, run=run.info.run_id)
        """,
    )
    assert out["files"] == ["d.json", "files/ä ö.txt", "t.json"]
    assert (out["history"], out["text"]) == (50, "text")
    assert (server.home / "artifacts/ExperimentRun" / f"dcid.{out['run']}" / "files" / "ä ö.txt").exists()


def test_traces_go_to_mlflow_s_own_server_which_outlives_ours(server):
    story = """
        @mlflow.trace
        def add(a, b):
            return a + b
        mlflow.set_experiment("traced")
        add(1, 2)
        mlflow.flush_trace_async_logging()
        found = mlflow.search_traces(return_type="list")
        out.update(traces=len(found), answer=found[0].data.spans[0].outputs)
    """
    assert script(server, story) == {"traces": 1, "answer": 3}
    first = server.upstream
    assert first is not None
    server.stop(signal.SIGKILL)
    server.start()
    assert script(server, story)["traces"] == 2
    assert server.upstream == first, "adopted, not started again"
    first.kill()
    psutil.wait_procs([first], timeout=10)
    assert script(server, story)["traces"] == 3
    assert server.upstream != first


def test_killing_the_server_loses_nothing_it_has_answered(server):
    out = script(
        server,
        """
        import os, signal
        run = client.create_run("0").info.run_id
        for step in range(200):
            client.log_metric(run, "m", step, step=step)
        out.update(run=run)
        """,
    )
    server.stop(signal.SIGKILL)
    server.start()
    read = f"out.update(n=len(client.get_metric_history('{out['run']}', 'm')))"
    assert script(server, read) == {"n": 200}


def test_the_server_imports_neither_mlflow_nor_pandas_nor_sklearn(tmp_path):
    body = """
        import asyncio, sys
        from pathlib import Path
        import mlflow_server

        async def main():
            service = await mlflow_server.opened(Path(sys.argv[1]))
            session = mlflow_server.Session(service)
            run = await session.run()
            await session.post("runs/log-metric", {"run_id": run, "key": "m", "value": 1.0, "timestamp": 1})
            await session.post("runs/search", {"experiment_ids": ["0"], "filter": "metrics.m > 0"})
            await session.get("artifacts/list", run_id=run)
            await service.close()

        asyncio.run(main())
        loaded = {name.partition(".")[0] for name in sys.modules}
        heavy = {"mlflow", "pandas", "numpy", "sklearn", "scipy", "flask", "google"} & loaded
        assert not heavy, heavy
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(body), str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(TOOLS)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
