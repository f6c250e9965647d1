"""H10: no secret is in a log, and none lies readable in the database, after a whole flow and its mistakes."""

from __future__ import annotations

import io
import logging

import pytest

from zaffre.server import logs

WS = "/api/v1/workspaces/default"
LAKE = {
    "type": "s3", "bucket": "rain", "credentials": {"access_key_id": "known", "secret_access_key": "key-of-the-lake-123456"},
}  # fmt: skip
CHOSEN = "chosen-endpoint-key-1234567890"


async def test_secrets_stay_out_of_logs_and_database(opening, tmp_path, monkeypatch):
    written = io.StringIO()
    target = logging.StreamHandler(written)
    target.setFormatter(logs.JsonLines())
    target.addFilter(
        lambda record: not record.name.startswith("http")
    )  # the client's own log, which shows what it asks
    root = logging.getLogger()
    level = root.level
    root.addHandler(target)
    root.setLevel(logging.DEBUG)
    try:
        async with opening(tmp_path / "home") as inside:
            monkeypatch.setattr(inside.server.operations, "archive", _broken)
            secrets = await flow(inside)
    finally:
        root.removeHandler(target)
        root.setLevel(level)
    assert "a mistake of ours" in written.getvalue()
    stored = inside.stored
    assert b"endpoint-of-mine" in stored
    for secret in secrets:
        assert secret not in written.getvalue()
        assert secret.encode() not in stored


async def _broken(*arguments):
    raise KeyError("a mistake of ours")


async def flow(inside):
    """Everything that handles a secret, done right and wrong."""
    owner = inside.owner
    await inside.job("told", environment_variables={"PLAIN": "1"})
    jwt = inside.server.tokens.for_run("told", "default", 60)
    await inside.client(authorization=f"Bearer {jwt}").get(f"{WS}/jobs/told")
    await inside.client(authorization=f"Bearer {jwt}").put(f"{WS}/jobs/told", json={})
    await inside.client(authorization=f"Bearer {inside.token}x").get(WS)
    await owner.put(f"{WS}/online-endpoints/endpoint-of-mine", json={})
    keys = (await owner.post(f"{WS}/online-endpoints/endpoint-of-mine/keys")).json()
    changed = await owner.post(
        f"{WS}/online-endpoints/endpoint-of-mine/keys/regenerate", json={"key_type": "primary", "key_value": CHOSEN}
    )
    assert changed.status_code == 200
    await owner.put(f"{WS}/datastores/lake", json=LAKE)
    told = (await owner.get(f"{WS}/datastores/lake")).text + (await owner.get(f"{WS}/datastores")).text
    assert LAKE["credentials"]["secret_access_key"] not in told
    opened = (await owner.post(f"{WS}/datastores/lake/secrets")).json()
    assert opened["spec"]["credentials"]["secret_access_key"] == LAKE["credentials"]["secret_access_key"]
    await owner.put(f"{WS}/datastores/lake", json={**LAKE, "bucket": "a/b"})
    await owner.put(f"{WS}/online-endpoints/endpoint-token", json={"auth_mode": "aml_token"})
    token = (await owner.post(f"{WS}/online-endpoints/endpoint-token/token")).json()["access_token"]
    await owner.get(f"{WS}/jobs/none?token={inside.token}")
    assert (await owner.post(f"{WS}/jobs/told/archive")).status_code == 500
    await owner.get("/metrics")
    await owner.get("/api/v1/openapi.json")
    return [
        inside.token,
        jwt,
        keys["primary_key"],
        keys["secondary_key"],
        CHOSEN,
        token,
        LAKE["credentials"]["secret_access_key"],
    ]


@pytest.mark.parametrize("path", ["token", "keys/signing.pem", "keys/secrets.key", "zaffre.db"])
async def test_what_is_secret_is_for_its_owner_alone(opening, tmp_path, path):
    async with opening(tmp_path / "home") as inside:
        await inside.owner.put(f"{WS}/online-endpoints/some", json={})
        await inside.owner.post(f"{WS}/online-endpoints/some/keys")
        where = inside.home / path
        if path == "zaffre.db" and not where.exists():
            where = inside.home / "database"  # the address of the one that holds the state instead: with its password
        assert where.stat().st_mode & 0o077 == 0
        assert inside.home.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(("path", "body"), [
    ("computes/c", {"type": "amlcompute", "ssh_settings": {"admin_username": "a", "admin_password": "hunter2"}}),
    ("datastores/d", {"type": "azure_blob", "root": "/tmp", "credentials": {"account_key": "hunter2"}}),
])  # fmt: skip
async def test_what_cannot_be_kept_sealed_is_not_kept(opening, tmp_path, path, body):
    async with opening(tmp_path / "home") as inside:
        answer = await inside.owner.put(f"{WS}/{path}", json=body)
        assert answer.status_code in (400, 501)
        assert "hunter2" not in answer.text
    assert b"hunter2" not in inside.stored
