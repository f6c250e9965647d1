"""What the tests of Studio's pages look at: a workspace in which real things have happened.

Every name begins with ``seed-``, so that a test's own things are told apart from them; a test changes none of these.
"""

from __future__ import annotations

import base64
import json
from typing import Any

from pipeline_steps import of, pipeline, step

from zaffre.testing.server import CURATED, Installation, deployed

HOSTILE = '<img src=x onerror="document.title=1"><b>bold</b> \u202egnihtemos 🚗'
"""Text that must be shown as text."""
POINTS = 200
PIXEL = base64.b64encode(
    base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGP4z8AARAwQCgAf7gP9i18U1AAAAABJRU5ErkJggg=="
    )
).decode()
TRACK = """\
import json, math, os, sys, time, urllib.request

def call(path, **body):
    where = os.environ["MLFLOW_TRACKING_URI"] + "/api/2.0/mlflow/runs/" + path
    heads = {"Authorization": "Bearer " + os.environ["MLFLOW_TRACKING_TOKEN"], "Content-Type": "application/json"}
    body["run_id"] = os.environ["MLFLOW_RUN_ID"]
    urllib.request.urlopen(urllib.request.Request(where, json.dumps(body).encode(), heads)).read()

def log(step, **values):
    now = int(time.time() * 1000)
    metrics = [{"key": k, "value": v, "timestamp": now, "step": step} for k, v in values.items()]
    call("log-batch", metrics=metrics, params=[], tags=[])

"""
CURVE = (
    TRACK
    + f"""
import base64, pathlib
print("\\x1b[32mbegins\\x1b[0m with rate", sys.argv[1])
call("log-parameter", key="rate", value=sys.argv[1])
for each in range({POINTS}):
    log(each, loss=math.exp(-each / 40 * float(sys.argv[1])), accuracy=1 - math.exp(-each / 60))
    if each % 10 == 0:
        print("step", each)
print("WARNING: nothing is wrong", file=sys.stderr)
if len(sys.argv) > 2:
    left = pathlib.Path(sys.argv[2])
    left.mkdir(parents=True, exist_ok=True)
    (left / "weights.json").write_text('{{"weights": [1, 2, 3]}}')
    (left / "table.csv").write_text("name,value\\n" + "".join(f"row {{n}},{{n / 3}}\\n" for n in range(50)))
    (left / "dot.png").write_bytes(base64.b64decode("{PIXEL}"))
    (left / "notes.md").write_text("# Notes\\n\\nA **bold** word.\\n")
    (left / "page.html").write_text("<h1>report</h1><script>document.title = document.cookie</script>")
    (left / "broken.ipynb").write_text("{{not json")
"""
)
TRIAL = (
    TRACK + "x = float(sys.argv[1])\nfor n in range(5): log(n, loss=(x - 0.3) ** 2 + 1 / (n + 1))\nprint('x is', x)\n"
)
FAILING = "def train():\n    raise ValueError('the label column is missing')\n\ntrain()\n"
SCORE = "import json\ndef init():\n    pass\ndef run(data):\n    return [sum(json.loads(data)['data'])]\n"
PREPARE: dict[str, Any] = {
    "type": "command",
    "display_name": "Prepare",
    "description": "Writes as many rows as it is told to.",
    "inputs": {
        "rows": {"type": "integer", "default": 10, "min": 1, "max": 1000, "description": "How many rows"},
        "shape": {"type": "string", "enum": ["long", "wide"], "default": "long"},
        "noisy": {"type": "boolean", "default": False},
        "note": {"type": "string", "optional": True},
    },
    "outputs": {"table": {"type": "uri_file"}},
    "command": "seq ${{inputs.rows}} > ${{outputs.table}}; echo ${{inputs.shape}} ${{inputs.noisy}} $[['${{inputs.note}}']]",
    "environment": CURATED,
}
TRAIN: dict[str, Any] = {
    "type": "command",
    "display_name": "Train",
    "description": "Counts what it was given.",
    "inputs": {"table": {"type": "uri_file"}, "rate": {"type": "number", "default": 0.5, "min": 0, "max": 1}},
    "outputs": {"model": {"type": "custom_model"}},
    "command": "mkdir -p ${{outputs.model}}; wc -l < ${{inputs.table}} > ${{outputs.model}}/count; echo rate ${{inputs.rate}}",
    "environment": CURATED,
}
SCORER: dict[str, Any] = {
    "type": "command",
    "display_name": "Score",
    "description": "Takes a model, and nothing but a model.",
    "inputs": {"model": {"type": "custom_model"}},
    "outputs": {"scores": {"type": "uri_file"}},
    "command": "cp ${{inputs.model}}/count ${{outputs.scores}}",
    "environment": CURATED,
}
COMPONENTS = {"seed_prepare": PREPARE, "seed_train": TRAIN, "seed_score": SCORER}


def components(rig: Installation) -> None:
    """Three that fit each other in one order: prepare, train, score."""
    for name, document in COMPONENTS.items():
        _made(rig, f"components/{name}/versions/1", document)


def curve(rig: Installation, name: str, rate: float = 1.0, **more: Any) -> None:
    """A job that logs two metrics and leaves files of several kinds, not waited for."""
    code = rig.upload("code", {"run.py": f"{CURVE}# {name}\n".encode()})["code"]
    rig.submit(
        name,
        f"python run.py {rate} ${{{{outputs.left}}}}",
        code=code,
        outputs={"left": {"type": "uri_folder"}},
        experiment_name="seeds",
        **more,
    )


def everything(rig: Installation) -> None:
    """All seeds, at their ends."""
    components(rig)
    curve(rig, "seed-curve", tags={"team": "blue"}, description="One that went well.")
    curve(rig, "seed-curve-2", 2.0, tags={"team": "red"})
    rig.submit("seed-hostile", "echo", display_name=HOSTILE, tags={HOSTILE: HOSTILE}, description=HOSTILE)
    code = rig.upload("code", {"run.py": FAILING.encode()})["code"]
    rig.submit("seed-failed", "python run.py", code=code, experiment_name="seeds")
    code = rig.upload("code", {"run.py": TRIAL.encode()})["code"]
    _made(rig, "jobs/seed-sweep", _sweep(code))
    _made(rig, "jobs/seed-pipeline", _pipeline())
    stored = rig.home / "data" / "default" / "workspaceblobstore" / "seeds"
    stored.mkdir(parents=True, exist_ok=True)
    (stored / "cars.csv").write_text(
        "make,price,doors\n" + "".join(f"make{n % 7},{9000 + n},{n % 4}\n" for n in range(500))
    )
    path = "azureml://datastores/workspaceblobstore/paths/seeds/cars.csv"
    _made(
        rig,
        "data/seed-cars/versions/1",
        {"name": "seed-cars", "path": path, "type": "uri_file", "tags": {"rows": "500"}},
    )
    _made(rig, "schedules/seed-nightly", _schedule())
    for name in ("seed-curve", "seed-curve-2", "seed-hostile", "seed-failed", "seed-sweep", "seed-pipeline"):
        found = rig.ended(name, 120)["status"]
        assert found == ("Failed" if name == "seed-failed" else "Completed"), f"{name}: {rig.state(name)}"
    left = "azureml://jobs/seed-curve/outputs/left"
    _made(rig, "models/seed-model/versions/1", {"name": "seed-model", "path": left, "type": "custom_model"})


def endpoint(rig: Installation) -> str:
    """An endpoint that sums numbers; its name."""
    deployed(rig, "seed-sum", SCORE)
    return "seed-sum"


def _made(rig: Installation, path: str, document: dict[str, Any]) -> None:
    answer = rig.call("PUT", path, document)
    assert answer.status_code in (200, 201), f"{path}: {answer.text}"


def _sweep(code: str) -> dict[str, Any]:
    return {
        "type": "sweep",
        "trial": {"command": "python run.py ${{search_space.x}}", "environment": CURATED, "code": code},
        "search_space": {"x": {"type": "choice", "values": [0.1, 0.3, 0.9]}},
        "sampling_algorithm": "grid",
        "objective": {"goal": "minimize", "primary_metric": "loss"},
        "limits": {"max_total_trials": 3, "max_concurrent_trials": 2},
        "experiment_name": "seeds",
    }


def _pipeline() -> dict[str, Any]:
    return pipeline(
        {
            "prepare": {"component": "azureml:seed_prepare:1", "inputs": {"rows": 25}},
            "train": {"component": "azureml:seed_train:1", "inputs": {"table": of("prepare", "table"), "rate": 0.25}},
            "tell": step("cat ${{inputs.model}}/count", inputs={"model": of("train", "model")}),
        },
        experiment="seeds",
        display_name="Three steps",
    )


def _schedule() -> dict[str, Any]:
    job = {"type": "command", "command": "echo nightly", "environment": CURATED}
    trigger = {"type": "cron", "expression": "0 3 * * *", "start_time": "2030-01-01T00:00:00", "time_zone": "UTC"}
    return {"name": "seed-nightly", "trigger": trigger, "create_job": json.loads(json.dumps(job))}
