"""One registry, two doors: what MLflow's clients register becomes a model asset, and model assets show in MLflow."""

from dataclasses import replace

import pytest

import mlflow_server
from zaffre.core.errors import Conflict, NotBuilt
from zaffre.tracking import MirroredModel, MirroredVersion


class Assets:
    """The asset store's side of the registry, in memory."""

    def __init__(self):
        self.versions = {}
        self.log = []

    async def create_model(self, workspace, change):
        self.log.append(("create", workspace, change.name, change.tags, change.actor))

    async def create_version(self, workspace, new):
        number = self.versions[workspace, new.name] = self.versions.get((workspace, new.name), 6) + 1
        self.log.append(("version", new.name, new.source, new.location, new.run, new.tags))
        return number

    async def update(self, workspace, change):
        self.log.append(("update", change.name, change.version, change.description, change.tags, change.removed_tags))

    async def rename(self, workspace, name, new_name, actor):
        raise NotBuilt("A model cannot be renamed; register its versions under the new name.")

    async def delete(self, workspace, name, version, actor):
        if version == 8:
            raise Conflict("Version 8 is deployed at endpoint 'e'; delete the deployment first.")
        self.log.append(("delete", name, version))


@pytest.fixture
def assets():
    return Assets()


@pytest.fixture
async def session(tmp_path, assets, tracking_url):
    service = await mlflow_server.opened(tmp_path, assets, tracking_url)
    yield mlflow_server.Session(service)
    await service.close()


async def test_what_a_client_registers_is_an_asset_first(session, assets):
    run = await session.run()
    await session.post("registered-models/create", {"name": "m", "tags": [{"key": "a", "value": "b"}]})
    source = f"mlflow-artifacts:/0/{run}/artifacts/model"
    made = await session.post("model-versions/create", {"name": "m", "source": source, "run_id": run})
    assert made["model_version"]["version"] == "7", "the assets count"
    await session.post("model-versions/update", {"name": "m", "version": "7", "description": "d"}, "PATCH")
    await session.post("model-versions/set-tag", {"name": "m", "version": "7", "key": "k", "value": "v"})
    await session.post("registered-models/delete-tag", {"name": "m", "key": "a"}, "DELETE")
    assert assets.log == [
        ("create", "default", "m", {"a": "b"}, "user:owner"),
        ("version", "m", source, source, run, {}),
        ("update", "m", 7, "d", {}, ()),
        ("update", "m", 7, None, {"k": "v"}, ()),
        ("update", "m", None, None, {}, ("a",)),
    ]


async def test_what_the_assets_refuse_does_not_happen(session):
    run = await session.run()
    await session.post("registered-models/create", {"name": "m"})
    for _ in range(2):
        body = {"name": "m", "source": f"mlflow-artifacts:/0/{run}/artifacts/model", "run_id": run}
        await session.post("model-versions/create", body)
    renamed = await session.ask("POST", "registered-models/rename", {"name": "m", "new_name": "n"})
    assert (renamed.status_code, renamed.json()["error_code"]) == (501, "NOT_IMPLEMENTED")
    kept = await session.ask("DELETE", "model-versions/delete", {"name": "m", "version": "8"})
    assert kept.status_code == 409
    assert "is deployed" in kept.json()["message"]
    found = await session.get("model-versions/search", filter="name = 'm'")
    assert {one["version"] for one in found["model_versions"]} == {"7", "8"}


async def test_prompts_are_no_assets(session, assets):
    prompt = [{"key": "mlflow.prompt.is_prompt", "value": "true"}]
    await session.post("registered-models/create", {"name": "p", "tags": prompt})
    await session.post("model-versions/create", {"name": "p", "source": "dummy-source", "tags": prompt})
    await session.post("registered-models/delete", {"name": "p"}, "DELETE")
    assert assets.log == []


MODEL = MirroredModel(
    "default",
    "iris",
    "of flowers",
    {"kind": "tree"},
    (
        MirroredVersion("1", "azureml://datastores/w/paths/m", description="first", user="user:ann", created_at=5.0),
        MirroredVersion("2024-01-01", "azureml://x"),
        MirroredVersion("3", "azureml://y", location="mlflow-artifacts:/0/r/artifacts/model", run="r"),
    ),
)


async def test_assets_show_in_mlflow_and_again_changes_nothing(session):
    answers = []
    for _ in range(2):
        await session.service.mirror(MODEL)
        answers.append(await session.get("registered-models/get", name="iris"))
        answers.append(await session.get("model-versions/search", filter="name = 'iris'"))
    assert answers[:2] == answers[2:]
    versions = {one["version"]: one for one in answers[1]["model_versions"]}
    assert set(versions) == {"1", "3"}, "a version that is no whole number cannot exist in MLflow"
    assert (versions["1"]["creation_timestamp"], versions["1"]["description"]) == (5000, "first")
    one = await session.get("model-versions/get-download-uri", name="iris", version="1")
    three = await session.get("model-versions/get-download-uri", name="iris", version="3")
    assert (one["artifact_uri"], three["artifact_uri"]) == (
        "mlflow-artifacts:/models/iris/1",
        "mlflow-artifacts:/0/r/artifacts/model",
    )


async def test_mlflows_own_fields_outlive_a_mirror(session):
    await session.service.mirror(MODEL)
    await session.post("registered-models/alias", {"name": "iris", "alias": "champion", "version": "1"})
    await session.post("model-versions/transition-stage", {"name": "iris", "version": "1", "stage": "Staging"})
    changed = replace(MODEL.versions[0], description="better")
    await session.service.mirror(replace(MODEL, versions=(changed, *MODEL.versions[1:])))
    found = (await session.get("registered-models/alias", name="iris", alias="champion"))["model_version"]
    assert (found["current_stage"], found["description"]) == ("Staging", "better")


async def test_deleted_assets_go(session):
    await session.service.mirror(MODEL)
    gone = replace(MODEL.versions[0], deleted=True)
    await session.service.mirror(replace(MODEL, versions=(gone, MODEL.versions[2])))
    found = await session.get("model-versions/search", filter="name = 'iris'")
    assert [one["version"] for one in found["model_versions"]] == ["3"]
    for _ in range(2):
        await session.service.mirror(replace(MODEL, deleted=True))
        assert (await session.ask("GET", "registered-models/get", name="iris")).status_code == 404


async def test_a_model_without_whole_number_versions_is_not_there(session):
    await session.service.mirror(replace(MODEL, versions=(MODEL.versions[1],)))
    assert (await session.ask("GET", "registered-models/get", name="iris")).status_code == 404


async def test_the_files_of_an_asset_are_served_read_only(session, tmp_path):
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "MLmodel").write_text("flavors: {}")

    class Found(mlflow_server.Folders):
        def model(self, workspace, name, version):
            return folder if (workspace, name, version) == ("default", "iris", "1") else None

    settings = replace(session.service.settings, folders=Found(tmp_path))
    session.service.settings = settings
    await session.service.mirror(MODEL)
    proxy = "/api/2.0/mlflow-artifacts/artifacts/models/iris/1"
    assert (await session.client.get(f"{proxy}/MLmodel")).text == "flavors: {}"
    listed = await session.get("/api/2.0/mlflow-artifacts/artifacts", path="models/iris/1")
    assert [one["path"] for one in listed["files"]] == ["MLmodel"]
    assert (await session.client.put(f"{proxy}/MLmodel", content=b"x")).status_code == 400
    assert (await session.client.delete(f"{proxy}/MLmodel")).status_code == 400
    assert (await session.client.get("/api/2.0/mlflow-artifacts/artifacts/models/iris/9/MLmodel")).status_code == 404
    assert (folder / "MLmodel").read_text() == "flavors: {}"
