"""Roles and personal tokens: what somebody may do is what an owner said, in every spelling, and not a moment longer."""

from __future__ import annotations

import asyncio
import re

import pytest

from zaffre.api import gate
from zaffre.api.auth import Permission, Principal, Role, person
from zaffre.api.gate import READING
from zaffre.api.members import MARK
from zaffre.core.errors import ZaffreError

pytestmark = pytest.mark.asyncio(loop_scope="module")

WS = "/api/v1/workspaces/default"
ARM = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/local/providers/Microsoft.MachineLearningServices/workspaces/default"  # noqa: E501 - one address
HISTORY = "/history/v1.0" + ARM
DRAFT = {"type": "command", "command": "true", "environment": {"image": "python:3.11-slim"}}


async def token(inside, who, role, **more):
    """A fresh token of somebody who has the role."""
    workspace = {"workspace": more["workspace"]} if "workspace" in more else {}
    (await inside.owner.put(f"/api/v1/people/{who}", json={"role": role, **workspace})).raise_for_status()
    made = await inside.owner.post("/api/v1/tokens", json={"name": f"{who}-{role}", "person": who, **more})
    return made.raise_for_status().json()["token"]


async def as_(inside, who, role, **more):
    return inside.client(authorization=f"Bearer {await token(inside, who, role, **more)}")


async def test_a_reader_sees_and_changes_nothing_in_any_spelling(inside):
    await inside.job("seen")
    reader = await as_(inside, "rita", "reader")
    for path in (
        WS, f"{WS}/jobs", f"{WS}/jobs/seen", f"{WS}/jobs/seen/files", f"{WS}/connections", "/api/v1/workspaces",
        "/api/v1/about", "/api/v1/me", f"{ARM}/jobs/seen?api-version=1", f"{WS}/datastores/workspaceblobstore/files",
        "/mlflow/api/2.0/mlflow/experiments/search?max_results=5", f"{WS}/events?follow=0",
    ):  # fmt: skip
        assert (await reader.get(path)).status_code == 200, path
    searched = await reader.post("/mlflow/api/2.0/mlflow/experiments/search", json={"max_results": 5})
    assert searched.status_code == 200
    for method, path in (
        ("PUT", f"{WS}/jobs/new"), ("POST", f"{WS}/jobs"), ("POST", f"{WS}/jobs/seen/cancel"), ("DELETE", f"{WS}/jobs/seen"),
        ("PUT", f"{ARM}/jobs/new?api-version=1"), ("PATCH", f"{ARM}/jobs/seen?api-version=1"),
        ("POST", f"{ARM}/listKeys?api-version=1"), ("POST", f"{ARM}/datastores/workspaceblobstore/listSecrets"),
        ("POST", "/mlflow/api/2.0/mlflow/runs/create"), ("POST", "/mlflow/api/2.0/mlflow/runs/log-metric"),
        ("POST", "/mlflow/graphql"), ("POST", "/mlflow/api/2.0/mlflow/runs/search/../create"),
        ("PATCH", f"{HISTORY}/runs/seen"), ("PUT", f"{WS}/datastores/workspaceblobstore/files/a.txt"),
        ("PUT", "/storage.blob.core.windows.net/azureml-blobstore/a.txt"),
        ("PUT", "/storage.dfs.core.windows.net/azureml-blobstore/a.txt"),
        ("POST", "/api/v1/login-links"), ("POST", "/api/v1/tokens"), ("PUT", "/api/v1/people/rita"),
        ("PUT", "/api/v1/quotas/default"), ("POST", f"{WS}/samples"), ("POST", f"{WS}/uploads"),
    ):  # fmt: skip
        answer = await reader.request(method, path, json=DRAFT)
        assert answer.status_code in (400, 403), (method, path, answer.status_code)
        assert answer.status_code == 403 or ".." in path, (method, path)
    told = (await reader.put(f"{WS}/jobs/new", json=DRAFT)).json()["error"]
    assert told["code"] == "AuthorizationFailed"
    assert "user:rita is a reader here" in told["message"]
    assert (await inside.owner.get(f"{WS}/jobs/new")).status_code == 404
    told = (await reader.post("/mlflow/api/2.0/mlflow/runs/create", json={})).json()
    assert (told["error_code"], "is a reader here" in told["message"]) == ("PERMISSION_DENIED", True)


async def test_every_other_method_of_every_route_is_closed_to_a_reader(inside):
    """Whatever is added later: a route that is no GET is refused until somebody lists it as one that only reads."""
    reader = await as_(inside, "rolf", "reader")
    for route in inside.server.routes():
        path = re.sub(r"\{(\w+)(?::\w+)?\}", "x", route.path)
        if route.method in ("GET", "HEAD") or READING.fullmatch(path) or route.permission is Permission.OPEN:
            continue
        answer = await reader.request(route.method, path, json={})
        assert answer.status_code == 403, (route.method, route.path)


async def test_what_lists_as_reading_declares_to_read(inside):
    routes = [(route, re.sub(r"\{(\w+)(?::\w+)?\}", "x", route.path)) for route in inside.server.routes()]
    listed = [route for route, path in routes if route.method != "GET" and READING.fullmatch(path)]
    assert {route.permission for route in listed} == {Permission.READ}


async def test_secrets_are_for_contributors_and_rights_for_owners(inside):
    worker = await as_(inside, "wanda", "contributor")
    answer = await worker.put(f"{WS}/jobs/hers", json={**DRAFT, "compute": "azureml:local"})
    assert answer.status_code == 201, answer.text
    assert answer.json()["system"]["created_by"] == "user:wanda"
    assert (await worker.post(f"{WS}/datastores/workspaceblobstore/secrets")).status_code == 200
    for method, path in (
        ("GET", "/api/v1/people"), ("GET", "/api/v1/tokens"), ("GET", "/api/v1/audit"), ("GET", "/api/v1/quotas"),
        ("PUT", "/api/v1/people/wanda"), ("POST", "/api/v1/tokens"), ("PUT", "/api/v1/workspaces/new"),
        ("DELETE", "/api/v1/workspaces/default"), ("PUT", f"{WS}/computes/new"), ("PUT", f"{ARM}/computes/new"),
        ("PUT", ARM), ("POST", f"{ARM}/listKeys"), ("PUT", "/api/v1/registries/new"), ("DELETE", f"{WS}/computes/local"),
    ):  # fmt: skip
        answer = await worker.request(method, path, json={"role": "owner", "name": "x"})
        assert answer.status_code == 403, (method, path)
        assert "'manage'" in answer.json()["error"]["message"]


async def test_a_revoked_token_opens_nothing_at_once_and_neither_do_its_children(inside):
    secret = await token(inside, "vera", "contributor")
    hers = inside.client(authorization=f"Bearer {secret}")
    link = (await hers.post("/api/v1/login-links", json={})).json()["url"]
    browser = inside.client(origin="http://127.0.0.1:18440")
    entered = await browser.post("/login", data={"secret": link.partition("#")[2]})
    assert entered.status_code == 303
    here = {"sec-fetch-site": "same-origin"}
    assert (await browser.get("/api/v1/me", headers=here)).json()["name"] == "vera"
    form = {
        "grant_type": "client_credentials",
        "client_secret": secret,
        "scope": "https://management.azure.com/.default",
    }
    exchanged = (await inside.client().post("/any/oauth2/v2.0/token", data=form)).json()["access_token"]
    azure = inside.client(authorization=f"Bearer {exchanged}")
    assert (await azure.get(f"{ARM}/jobs")).status_code == 200
    assert (await azure.post(f"{ARM}/listKeys")).status_code == 403
    assert (await inside.owner.delete("/api/v1/tokens/vera-contributor")).status_code == 204
    for client, more in ((hers, {}), (browser, here), (azure, {})):
        answer = await client.get(f"{ARM}/jobs", headers=more)
        assert answer.status_code == 401
        assert "revoked" in answer.text
    assert (await inside.client().post("/any/oauth2/v2.0/token", data=form)).status_code == 401
    assert (await browser.post("/login", data={"secret": secret})).status_code == 401


async def test_a_stream_ends_with_its_token(inside, monkeypatch):
    monkeypatch.setattr(gate, "AGAIN_SECONDS", 0.05)
    follower = await as_(inside, "stella", "reader")
    heads = [("host", "127.0.0.1:18440"), *follower.headers.items()]
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": f"{WS}/events", "raw_path": f"{WS}/events".encode(), "query_string": b"", "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in dict(heads).items()],
        "server": ("127.0.0.1", 18440), "client": ("127.0.0.1", 1),
    }  # fmt: skip
    gone, begun = asyncio.Event(), asyncio.Event()

    async def receive():
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message):
        begun.set()

    following = asyncio.create_task(inside.app(scope, receive, send))
    await asyncio.wait_for(begun.wait(), 10)
    assert not (await asyncio.wait({following}, timeout=0.3))[0]
    (await inside.owner.delete("/api/v1/tokens/stella-reader")).raise_for_status()
    await asyncio.wait_for(following, 10)


async def test_an_expired_token_opens_nothing(inside, monkeypatch):
    late = await as_(inside, "emil", "reader", days=1)
    assert (await late.get(WS)).status_code == 200
    now = inside.server.clock.now()
    monkeypatch.setattr(inside.server.members._clock, "now", lambda: now + 86401, raising=False)
    answer = await late.get(WS)
    assert (answer.status_code, "expired" in answer.text) == (401, True)


async def test_forged_tokens_open_nothing(inside):
    secret = await token(inside, "finn", "owner")
    digest = await inside.server.store.read(_digest_of("finn-owner"))
    for forged in (
        MARK,
        f"{MARK}x",
        secret[:-1],
        f"{secret}x",
        secret.upper(),
        digest,
        f"{MARK}{digest}",
        "finn-owner",
    ):
        answer = await inside.client(authorization=f"Bearer {forged}").get("/api/v1/me")
        assert answer.status_code == 401, forged
    claims = {
        "sub": "user:finn",
        "token": "finn-owner",
        "aud": "https://management.azure.com",
        "iss": "zaffre:identity",
    }
    import jwt

    unsigned = jwt.encode({**claims, "exp": 2**33}, None, algorithm="none")
    weak = jwt.encode({**claims, "exp": 2**33}, "k" * 32, algorithm="HS256")
    for forged in (unsigned, weak):
        assert (await inside.client(authorization=f"Bearer {forged}").get(f"{ARM}/jobs")).status_code == 401


async def test_a_token_of_one_workspace_reaches_no_other(inside):
    (await inside.owner.put("/api/v1/workspaces/blue", json={})).raise_for_status()
    blue = await as_(inside, "bea", "owner", workspace="blue")
    there = ARM.replace("/default", "/blue")
    for path in (WS.replace("default", "blue"), WS.replace("default", "blue") + "/jobs", f"{there}/jobs", "/api/v1/me"):
        assert (await blue.get(path)).status_code == 200, path
    assert [one["name"] for one in (await blue.get("/api/v1/workspaces")).json()["value"]] == ["blue"]
    for method, path in (
        ("GET", WS), ("GET", f"{WS}/jobs"), ("GET", f"{ARM}/jobs"), ("PUT", f"{WS}/jobs/x"), ("GET", f"{WS}/events"),
        ("GET", "/metrics"), ("GET", "/api/v1/people"), ("POST", "/api/v1/tokens"), ("PUT", "/api/v1/quotas/blue"),
        ("POST", f"{there}/listKeys"), ("PUT", "/api/v1/workspaces/green"),
        ("GET", "/mlflow/v1.0" + ARM + "/api/2.0/mlflow/experiments/search"),
    ):  # fmt: skip
        assert (await blue.request(method, path, json={})).status_code == 403, (method, path)


async def test_a_smaller_role_holds_for_tokens_made_before(inside):
    worker = await as_(inside, "dora", "contributor")
    assert (await worker.put(f"{WS}/jobs/doras", json={**DRAFT, "compute": "azureml:local"})).status_code == 201
    (await inside.owner.put("/api/v1/people/dora", json={"role": "reader"})).raise_for_status()
    assert (await worker.post(f"{WS}/jobs/doras/cancel")).status_code == 403
    assert (await inside.owner.delete("/api/v1/people/dora")).status_code == 204
    assert (await worker.get(WS)).status_code == 401


@pytest.mark.parametrize(("body", "field"), [
    ({"name": "t", "person": "nobody-yet"}, "person"), ({"name": "t", "role": "god"}, "role"),
    ({"name": "t", "days": 0}, "days"), ({"name": "t", "days": 366}, "days"), ({"name": "t", "days": True}, "days"),
    ({"name": "a/b"}, "name"), ({}, "name"), ({"name": "t", "person": "small", "role": "owner"}, "role"),
])  # fmt: skip
async def test_a_token_that_cannot_be_is_refused_with_its_field(inside, body, field):
    (await inside.owner.put("/api/v1/people/small", json={"role": "reader"})).raise_for_status()
    answer = await inside.owner.post("/api/v1/tokens", json=body)
    assert answer.status_code == 400, answer.text
    assert answer.json()["error"]["details"][0]["target"] == field


async def test_the_token_is_shown_once_and_kept_nowhere(inside):
    secret = await token(inside, "olga", "reader")
    listed = (await inside.owner.get("/api/v1/tokens")).text + (await inside.owner.get("/api/v1/audit?top=200")).text
    assert "olga-reader" in listed
    assert secret not in listed
    assert (await inside.owner.post("/api/v1/tokens", json={"name": "olga-reader"})).status_code == 409
    assert secret.encode() not in inside.stored


async def test_the_audit_log_says_who_did_what_and_what_was_refused(inside):
    reader = await as_(inside, "anna", "reader")
    assert (await reader.put(f"{WS}/jobs/forbidden", json=DRAFT)).status_code == 403
    assert (await reader.put(f"{WS}/jobs/forbidden", json=DRAFT)).status_code == 403
    found = (await inside.owner.get("/api/v1/audit", params={"actor": "user:anna"})).json()["value"]
    assert [(one["type"], one["data"]["path"], one["data"]["status"]) for one in found] == [
        ("RequestDenied", f"{WS}/jobs/forbidden", 403)
    ]
    made = (await inside.owner.get("/api/v1/audit", params={"type": "TokenMade", "top": 1})).json()
    assert (made["value"][0]["subject"], made["value"][0]["actor"]) == ("token/anna-reader", "user:owner")
    following = (await inside.owner.get(made["next"])).json()["value"]
    assert following[0]["seq"] < made["value"][0]["seq"]
    assert (await inside.owner.get("/api/v1/audit?type=Nothing")).status_code == 400
    assert (await inside.owner.delete("/api/v1/audit")).status_code in (404, 405, 501)


async def test_the_first_owner_stays(inside):
    for method in ("PUT", "DELETE"):
        assert (await inside.owner.request(method, "/api/v1/people/owner", json={"role": "reader"})).status_code == 403


async def test_roles_are_nested():
    held = [person("x", role, None, "t").permissions for role in Role]
    assert held[0] < held[1] < held[2] == frozenset(Permission)
    nobody = Principal("user:", frozenset(), token="t")
    for permission in Permission:
        with pytest.raises(ZaffreError):
            nobody.require(permission, None)


def _digest_of(name):
    from sqlalchemy import select

    from zaffre.store.tables import tokens

    return lambda tx: tx.connection.execute(select(tokens.c.digest).where(tokens.c.name == name)).scalar_one()
