"""What a job's own Python finds: ``azureml://`` files, the first SDK's calls; and the same files on the user's machine."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from zaffre.testing.server import Installation, installation

STORE = "azureml://datastores/workspaceblobstore/paths"
LONG = "azureml://subscriptions/0/resourcegroups/local/workspaces/default/datastores/workspaceblobstore/paths"
WITH_FSSPEC = {
    "image": "python:3.11-slim",
    "conda_file": {"dependencies": ["pip", {"pip": ["fsspec", "mlflow-skinny"]}]},
}


@pytest.fixture(scope="module")
def zaffre(environments: Path) -> Iterator[Installation]:
    with installation(environments, compute_local_nodes="2", jobs_grace="1") as found:
        yield found


def place(rig: Installation, path: str, text: str, datastore: str = "workspaceblobstore") -> None:
    file = rig.home / "data" / "default" / datastore / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def script(rig: Installation, name: str, source: str, **more: Any) -> str:
    """The log of a job whose script completed."""
    code = rig.upload("code", {"main.py": textwrap.dedent(source).encode()})["code"]
    rig.submit(name, "python main.py", code=code, **more)
    state = rig.ended(name, 240)
    assert state["status"] == "Completed", f"{state}\n{rig.text(name)}"
    return rig.text(name)


def test_a_job_opens_reads_lists_and_writes_azureml_files(zaffre: Installation) -> None:
    place(zaffre, "tables/a.csv", "x,y\n1,2\n3,4\n")
    place(zaffre, "tables/deep/b.csv", "x,y\n5,6\n")
    data = {"path": f"{STORE}/tables/", "type": "uri_folder"}
    assert zaffre.call("PUT", "data/tables/versions/1", data).status_code == 201
    log = script(
        zaffre,
        "opens",
        f"""
        import json, fsspec
        told = {{}}
        for uri in ("{STORE}/tables/a.csv", "{LONG}/tables/a.csv", "azureml://data/tables/versions/1/a.csv"):
            told[uri] = fsspec.open(uri, "rt").open().read()
        fs, path = fsspec.core.url_to_fs("{STORE}/tables")
        told["glob"] = fs.glob(path + "/**/*.csv")
        told["find"] = fs.find(path)
        told["kinds"] = [fs.isdir(path), fs.isfile(path + "/a.csv"), fs.exists(path + "/none")]
        told["range"] = fs.cat_file(path + "/a.csv", 4, 7).decode()
        with fsspec.open("{STORE}/made/out.txt", "w") as out:
            out.write("written " * 1000)
        try:
            with fsspec.open("{STORE}/made/half.txt", "w") as out:
                out.write("half")
                raise KeyError
        except KeyError:
            pass
        told["made"] = fs.ls("datastores/workspaceblobstore/paths/made", detail=False)
        for path in ("workspaceartifactstore/paths/x", "workspaceblobstore/paths/LocalUpload/x"):
            try:
                fsspec.open("azureml://datastores/" + path, "wb").open().close()
            except PermissionError as error:
                told[path] = type(error).__name__
        try:
            fsspec.open("azureml://datastores/nowhere/paths/x").open().read()
        except FileNotFoundError as error:
            told["nowhere"] = str(error)
        from azureml.fsspec import AzureMachineLearningFileSystem
        there = AzureMachineLearningFileSystem("{LONG}/")
        told["azure"] = [there.ls("tables"), there.open("./tables/a.csv").read().decode()]
        there.upload("main.py", "sent/", overwrite="MERGE_WITH_OVERWRITE")
        told["sent"] = there.glob("sent/*")
        print("OUT" + json.dumps(told))
        """,
        environment=WITH_FSSPEC,
    )
    told = json.loads(log.rpartition("OUT")[2])
    whole = "x,y\n1,2\n3,4\n"
    assert [told[key] for key in list(told)[:3]] == [whole] * 3
    root = "datastores/workspaceblobstore/paths"
    assert told["glob"] == told["find"] == [f"{root}/tables/a.csv", f"{root}/tables/deep/b.csv"]
    assert told["kinds"] == [True, True, False]
    assert told["range"] == "1,2"
    assert told["made"] == [f"{root}/made/out.txt"]
    assert (zaffre.home / "data/default/workspaceblobstore/made/out.txt").read_text() == "written " * 1000
    refused = {key: value for key, value in told.items() if value == "PermissionError"}
    assert list(refused) == ["workspaceartifactstore/paths/x", "workspaceblobstore/paths/LocalUpload/x"]
    assert "nowhere" in told["nowhere"]
    assert told["azure"] == [["tables/a.csv", "tables/deep"], whole]
    assert told["sent"] == ["sent/main.py"]
    drafts = zaffre.home / "data/default/workspaceblobstore/.zaffre-drafts"
    assert list(drafts.iterdir()) == []


def test_the_users_machine_opens_the_same_files_with_pandas(zaffre: Installation) -> None:
    place(zaffre, "mine/a.csv", "x,y\n1,2\n")
    source = f"""
        import pandas as pd
        frame = pd.read_csv("{STORE}/mine/a.csv")
        frame["z"] = frame.x + frame.y
        frame.to_csv("{STORE}/mine/b.csv", index=False)
        frame.to_parquet("{LONG}/mine/b.parquet")
        print(pd.read_parquet("{STORE}/mine/b.parquet").z[0], pd.read_csv("{STORE}/mine/b.csv").z[0])
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(source)],
        env={**zaffre.variables(), "ZAFFRE_URL": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.stdout, done.returncode) == ("3 3\n", 0), done.stderr


def test_the_first_sdks_run_logs_to_mlflow(zaffre: Installation) -> None:
    log = script(
        zaffre,
        "first-sdk",
        """
        import pathlib
        from azureml.core import Run, VERSION
        from azureml.core.run import Run as Same, _OfflineRun
        run = Run.get_context()
        assert Same is Run and Run.get_context() is run and not isinstance(run, _OfflineRun)
        run.log("accuracy", 0.5)
        run.log("accuracy", 0.75)
        run.log("note", "words")
        run.log_list("losses", [3, 2, 1])
        run.log_row("row", x=1, label="a")
        run.log_row("row", x=2, label="b")
        run.log_table("table", {"a": [1, 2], "b": 3})
        run.log_confusion_matrix("matrix", {"schema_type": "confusion_matrix", "data": {"matrix": [[1, 0], [0, 1]]}})
        run.tag("team", "blue")
        run.set_tags({"gone": 1})
        run.remove_tags(["gone"])
        run.add_properties({"author": "me"})
        pathlib.Path("dir/sub").mkdir(parents=True)
        pathlib.Path("dir/sub/f.txt").write_text("kept")
        pathlib.Path("model.bin").write_bytes(b"model")
        run.upload_folder("folder", "dir")
        run.upload_file("files/one.bin", "model.bin")
        with run.child_run("small") as child:
            child.log("inner", 1)
        assert child.parent.id == run.id and child.get_status() == "Completed"
        assert [one.id for one in run.get_children()] == [child.id]
        assert run.get_metrics()["accuracy"] == [0.5, 0.75] and run.get_metrics("inner") == {}
        assert run.experiment.name == "trials" and run.experiment.workspace.name == "default"
        assert "/mlflow/" in run.experiment.workspace.get_mlflow_tracking_uri()
        assert run.get_details()["status"] == "Running" and run.parent is None
        made = run.register_model("first", "files/one.bin", tags={"kind": "test"})
        assert (made.name, made.version) == ("first", 1)
        from azureml.core import Model
        assert pathlib.Path(Model(run.experiment.workspace, "first").download("fetched")).read_bytes() == b"model"
        run.complete()
        print(run.id, VERSION.split(".")[0])
        """,
        experiment_name="trials",
    )
    assert log.splitlines()[-1] == "first-sdk 1"
    root = "/mlflow/api/2.0/mlflow"
    run = zaffre.call("GET", f"{root}/runs/get?run_id=first-sdk").json()["run"]
    metrics = {item["key"]: item["value"] for item in run["data"]["metrics"]}
    assert metrics == {"accuracy": 0.75, "losses": 1, "row/x": 2}
    tags = {item["key"]: item["value"] for item in run["data"]["tags"]}
    assert (tags["team"], tags["note"], tags["azureml.author"], "gone" in tags) == ("blue", "words", "me", False)
    files = {item["path"] for item in zaffre.call("GET", "jobs/first-sdk/files").json()["value"]}
    expected = {"folder/sub/f.txt", "files/one.bin", "table.json", "row.json", "matrix.json"}
    assert {f"artifacts/{name}" for name in expected} <= files
    row = zaffre.call("GET", "jobs/first-sdk/files/artifacts/row.json").json()
    assert row == {"columns": ["x", "label"], "data": [[1, "a"], [2, "b"]]}
    assert zaffre.call("GET", "models/first/versions/1").status_code == 200


def test_nothing_of_ours_is_loaded_by_a_script_that_asks_for_none(zaffre: Installation) -> None:
    source = "import sys; print([name for name in sys.modules if name.startswith(('zaffre', 'azureml'))], sys.path[-1])"
    log = script(zaffre, "plain", source)
    assert log.startswith("[] ") and "/inside/" in log


def test_a_package_of_azureml_in_the_environment_wins(zaffre: Installation) -> None:
    log = script(
        zaffre,
        "real",
        """
        import pathlib, site, subprocess, sys
        folder = pathlib.Path(site.getsitepackages()[0]) / "azureml"
        (folder / "core").mkdir(parents=True)
        (folder / "__init__.py").write_text("__path__ = __import__('pkgutil').extend_path(__path__, __name__)")
        (folder / "core/__init__.py").write_text("VERSION = 'real'")
        told = "import azureml.core, azureml.fsspec; print(azureml.core.VERSION)"
        subprocess.run([sys.executable, "-c", told], check=False)
        """,
        environment=WITH_FSSPEC,
    )
    assert log == "real\n"
