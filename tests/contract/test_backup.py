"""A backup holds everything, whatever database it comes from and goes to; a restore is whole or refuses."""

import json
import zipfile
from contextlib import asynccontextmanager

import pytest

from zaffre.core.errors import Conflict, Invalid, NotFound
from zaffre.server import backup
from zaffre.server.settings import Settings

WS = "/api/v1/workspaces/default"
SEALED = "AccountKeyOfATestWithoutMeaning0123456789abcdefghijklmnopqrstuvwxyz+/=="


@pytest.fixture(autouse=True)
def own_databases(monkeypatch):
    """These tests choose their databases themselves."""
    monkeypatch.delenv("ZAFFRE_TEST_DATABASE", raising=False)


@pytest.fixture(params=["sqlite-sqlite", "sqlite-postgresql", "postgresql-sqlite"])
def databases(request):
    """Where the backup comes from and goes to, as settings have it."""
    server = None if request.param == "sqlite-sqlite" else request.getfixturevalue("postgres")
    made = [server.fresh() if kind == "postgresql" else "" for kind in request.param.split("-")]
    yield made
    for url in filter(None, made):
        server.drop(url)


def settings_of(home, database):
    return Settings.load({"ZAFFRE_HOME": str(home), **({"ZAFFRE_DATABASE": database} if database else {})})


@asynccontextmanager
async def running(opening, home, database):
    async with opening(home, **({"ZAFFRE_DATABASE": database} if database else {})) as inside:
        yield inside


async def fill(inside):
    """A job, an asset with a file, a secret, a tracked run with a metric."""
    await inside.job("first", description="naïve ☂", tags={"a": "b"})
    store = {"name": "cloud", "type": "azure_blob", "account_name": "acct", "container_name": "c"}
    answer = await inside.owner.put(f"{WS}/datastores/cloud", json={**store, "credentials": {"account_key": SEALED}})
    assert answer.status_code == 201, answer.text
    file = inside.home / "data/default/workspaceblobstore/folder/ünï code.txt"
    file.parent.mkdir(parents=True)
    file.write_text("content")
    spec = {"name": "d", "version": "1", "type": "uri_file"}
    path = "azureml://datastores/workspaceblobstore/paths/folder/ünï code.txt"
    assert (await inside.owner.put(f"{WS}/data/d/versions/1", json={**spec, "path": path})).status_code == 201
    run = await ask(inside, "runs/create", {"experiment_id": "0", "run_name": "tracked"})
    run_id = run["run"]["info"]["run_id"]
    await ask(inside, "runs/log-metric", {"run_id": run_id, "key": "m", "value": 0.1, "timestamp": 1, "step": 2})
    return run_id


async def ask(inside, path, body):
    answer = await inside.owner.post(f"/mlflow/api/2.0/mlflow/{path}", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def seen(inside, run):
    """What a user sees of all that."""
    pages = [f"{WS}/jobs/first", f"{WS}/data/d/versions/1", f"{WS}/datastores/cloud"]
    found = [(await inside.owner.get(page)).json() for page in pages]
    tracked = await inside.owner.get("/mlflow/api/2.0/mlflow/runs/get", params={"run_id": run})
    secret = await inside.owner.post(f"{WS}/datastores/cloud/secrets")
    return [*found, tracked.json(), secret.status_code, secret.json()]


async def events_of(inside):
    from zaffre.store import events

    return await inside.server.store.read(lambda tx: [(event.seq, event.type) for event in events.read(tx, 0)])


async def test_everything_is_there_again(databases, tmp_path, opening):
    before, after = databases
    async with running(opening, tmp_path / "old", before) as inside:
        run = await fill(inside)
        expected = await seen(inside, run)
        happened = await events_of(inside)
        told = backup.create(settings_of(tmp_path / "old", before), tmp_path / "b.zip", files=True, now=0.0)
    assert told.rows > 0
    done = backup.restore(settings_of(tmp_path / "new", after), tmp_path / "b.zip")
    assert (done.rows, done.missing) == (told.rows, ())
    async with running(opening, tmp_path / "new", after) as inside:
        assert await seen(inside, run) == expected
        assert (await events_of(inside))[: len(happened)] == happened
        assert (inside.home / "data/default/workspaceblobstore/folder/ünï code.txt").read_text() == "content"
        await inside.job("second")
        experiment = await ask(inside, "experiments/create", {"name": "more"})
        assert experiment["experiment_id"] != "0", "numbers go on where they were"


async def test_without_files_they_are_listed_and_missed(tmp_path, opening):
    async with opening(tmp_path / "old") as inside:
        await fill(inside)
    backup.create(settings_of(tmp_path / "old", ""), tmp_path / "b.zip", files=False, now=0.0)
    done = backup.restore(settings_of(tmp_path / "new", ""), tmp_path / "b.zip")
    assert "data/default/workspaceblobstore/folder/ünï code.txt" in done.missing


async def test_a_restore_needs_an_empty_home_and_an_empty_database(tmp_path, opening, postgres_url):
    async with opening(tmp_path / "old", ZAFFRE_DATABASE=postgres_url) as inside:
        await fill(inside)
    backup.create(settings_of(tmp_path / "old", postgres_url), tmp_path / "b.zip", files=False, now=0.0)
    with pytest.raises(Conflict, match="in use"):
        backup.restore(settings_of(tmp_path / "old", ""), tmp_path / "b.zip")
    with pytest.raises(Invalid, match="in use already"):
        backup.restore(settings_of(tmp_path / "new", postgres_url), tmp_path / "b.zip")
    assert not (tmp_path / "new" / "token").exists(), "a refused restore leaves a home that can be tried again"


def test_what_is_no_backup_is_said(tmp_path):
    (tmp_path / "text.zip").write_text("no archive")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("a", "b")
    with zipfile.ZipFile(tmp_path / "later.zip", "w") as archive:
        archive.writestr("manifest.json", json.dumps({"format": 9, "zaffre": "9.0"}))
    for name, error in (("none.zip", NotFound), ("text.zip", Invalid), ("other.zip", Invalid), ("later.zip", Invalid)):
        with pytest.raises(error, match=name):
            backup.restore(settings_of(tmp_path / "new", ""), tmp_path / name)


async def test_a_damaged_one_restores_nothing(tmp_path, opening):
    async with opening(tmp_path / "old"):
        pass
    backup.create(settings_of(tmp_path / "old", ""), tmp_path / "b.zip", files=True, now=0.0)
    content = bytearray((tmp_path / "b.zip").read_bytes())
    content[300] ^= 0xFF
    (tmp_path / "b.zip").write_bytes(content)
    with pytest.raises(Invalid, match="damaged"):
        backup.restore(settings_of(tmp_path / "new", ""), tmp_path / "b.zip")
    assert not (tmp_path / "new" / "zaffre.db").exists()


async def test_an_archive_cannot_write_outside_the_home(tmp_path, opening):
    async with opening(tmp_path / "old"):
        pass
    backup.create(settings_of(tmp_path / "old", ""), tmp_path / "b.zip", files=True, now=0.0)
    with zipfile.ZipFile(tmp_path / "b.zip", "a") as archive:
        archive.writestr("files/../../escaped", "x")
    with pytest.raises(Invalid):
        backup.restore(settings_of(tmp_path / "new", ""), tmp_path / "b.zip")
    assert not (tmp_path / "escaped").exists()


async def test_one_is_never_written_over(tmp_path, opening):
    async with opening(tmp_path / "old"):
        pass
    (tmp_path / "b.zip").write_text("mine")
    with pytest.raises(Conflict, match="exists"):
        backup.create(settings_of(tmp_path / "old", ""), tmp_path / "b.zip", files=False, now=0.0)
    assert (tmp_path / "b.zip").read_text() == "mine"
    with pytest.raises(NotFound, match="no home"):
        backup.create(settings_of(tmp_path / "nobody", ""), tmp_path / "c.zip", files=False, now=0.0)
