"""MLflow's client from the oldest release to the newest, each with what belongs to it, and Azure's plug-in: the same story.

The oldest is the first of MLflow 2 (``tools/client_venvs.py`` says which that is for this Python): MLflow 1 has another
REST path for models, and nobody's scripts for Azure of these years begin there.
"""

from __future__ import annotations

import json

import pytest

import client_venvs

WORKSPACE = (
    "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/local"
    "/providers/Microsoft.MachineLearningServices/workspaces/default"
)
STORY = """
import json, os, sys, tempfile, warnings
warnings.simplefilter("ignore")
import mlflow
from mlflow import MlflowClient
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
NEW = int(mlflow.__version__.split(".")[0]) >= 3
mlflow.set_tracking_uri(os.environ["WHERE"])
if not os.environ["WHERE"].startswith("azureml:"):
    mlflow.set_registry_uri(os.environ["WHERE"])
client = MlflowClient()
X, y = load_iris(return_X_y=True)
model = LogisticRegression(max_iter=300).fit(X, y)
experiment = f"story-{os.environ['NAME']}-größe"
mlflow.set_experiment(experiment)
folder = tempfile.mkdtemp()
open(os.path.join(folder, "ä ö.txt"), "w").write("text")
with mlflow.start_run(run_name="first") as run:
    mlflow.log_params({"a": 1, "b": "größe"})
    mlflow.log_metrics({"x": 1.0, "y": 2.0}, step=3)
    for step in range(20):
        mlflow.log_metric("loss", 1 / (step + 1), step=step)
    mlflow.set_tag("t", "v")
    mlflow.log_artifact(os.path.join(folder, "ä ö.txt"), "files")
    if os.environ["WITH_MODEL"] == "1":
        how = {"name": "model"} if NEW else {"artifact_path": "model"}
        # Newer MLflow saves with skops unless told otherwise.
        form = {"serialization_format": "cloudpickle"}
        made = mlflow.sklearn.log_model(model, pip_requirements=["scikit-learn"], **how, **form)
    with mlflow.start_run(nested=True):
        mlflow.log_metric("inner", 1.0)
id_ = run.info.run_id
kept = client.get_run(id_)
found = mlflow.search_runs(experiment_names=[experiment], filter_string="metrics.x = 1.0 and params.a = '1'")
here = mlflow.artifacts.download_artifacts(run_id=id_, artifact_path="files")
out = {
    "params": kept.data.params, "status": kept.info.status, "history": len(client.get_metric_history(id_, "loss")),
    "last": kept.data.metrics["y"], "found": list(found["run_id"]) == [id_], "files": os.listdir(here),
    "children": len(client.search_runs([run.info.experiment_id], f"tags.mlflow.parentRunId = '{id_}'")),
}
if os.environ["WITH_MODEL"] == "1":
    loaded = mlflow.sklearn.load_model(made.model_uri)
    pure = mlflow.pyfunc.load_model(f"runs:/{id_}/model")
    version = mlflow.register_model(f"runs:/{id_}/model", f"iris-{os.environ['NAME']}")
    again = mlflow.pyfunc.load_model(f"models:/iris-{os.environ['NAME']}/{version.version}")
    out |= {"same": all((one.predict(X) == model.predict(X)).all() for one in (loaded, pure, again)),
            "version": str(version.version)}
print("OUT" + json.dumps(out))
"""
EXPECTED = {
    "params": {"a": "1", "b": "größe"}, "status": "FINISHED", "history": 20, "last": 2.0, "found": True,
    "files": ["ä ö.txt"], "children": 1,
}  # fmt: skip
MODEL = {"same": True, "version": "1"}


def story(guest, name, where, *, with_model=True, **more):
    told = {
        "WHERE": where, "NAME": name, "WITH_MODEL": "1" if with_model else "0", "MLFLOW_DISABLE_TELEMETRY": "true",
        "GIT_PYTHON_REFRESH": "quiet", **more,
    }  # fmt: skip
    done = guest.run(str(client_venvs.interpreter(name)), "-c", STORY, patience=110, **told)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr[-4000:]}"
    return json.loads(done.stdout.rpartition("OUT")[2])


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", ["mlflow2", "mlflow3"])
def test_a_release_by_the_native_address(here, name):
    token = (here.rig.home / "token").read_text().strip()
    where = f"http://127.0.0.1:{here.rig.port}/mlflow"
    assert story(here, name, where, MLFLOW_TRACKING_TOKEN=token) == {**EXPECTED, **MODEL}
    models = here.rig.call("GET", f"models/iris-{name}/versions/1").json()
    assert models["spec"]["type"] == "mlflow_model", models


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", ["mlflow2", "mlflow3"])
def test_a_release_by_the_workspace_s_address_over_tls(here, name):
    """What ``azureml://`` stands for, without the plug-in."""
    token = (here.rig.home / "token").read_text().strip()
    where = f"{here.url}/mlflow/v1.0{WORKSPACE}"
    told = story(here, name, where, with_model=False, MLFLOW_TRACKING_TOKEN=token, NAME=f"{name}-tls")
    assert told == EXPECTED


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_azure_s_plug_in(here):
    """The address is what the workspace tells; the credential comes from the environment."""
    group = WORKSPACE.partition("/providers")[0]
    script = f"print(ml.workspaces.get('default').mlflow_tracking_uri)  # {group}"
    assert here.python(script).strip() == f"azureml://{here.url.partition('//')[2]}/mlflow/v1.0{WORKSPACE}"
    where = here.python(script).strip()
    assert story(here, "plugin", where) == {**EXPECTED, **MODEL}
    story(here, "plugin", f"http://127.0.0.1:{here.rig.port}/mlflow", with_model=False, NAME="plugin-native",
          MLFLOW_TRACKING_TOKEN=(here.rig.home / "token").read_text().strip())  # fmt: skip


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_azure_s_plug_in_inside_a_job(here):
    """Nothing is set: the job's own variables lead to its own run."""
    python = client_venvs.interpreter("plugin")
    code = (
        "import mlflow; mlflow.log_metric('inside', 4.0); mlflow.log_param('p', 'q');"
        "open('n.txt', 'w').write('x'); mlflow.log_artifact('n.txt', 'notes');"
        "print('run', mlflow.active_run().info.run_id)"
    )
    here.rig.submit("with-plugin", f'{python} -c "{code}"', experiment_name="inside")
    assert here.rig.ended("with-plugin", 110)["status"] == "Completed", here.rig.text("with-plugin")
    assert "run with-plugin" in here.rig.text("with-plugin")
    kept = here.rig.call("GET", "/mlflow/api/2.0/mlflow/runs/get", params={"run_id": "with-plugin"}).json()["run"][
        "data"
    ]
    assert {one["key"]: one["value"] for one in kept["metrics"]}["inside"] == 4.0
    assert (here.rig.home / "data/default/workspaceartifactstore/ExperimentRun/dcid.with-plugin/notes/n.txt").exists()
