"""Logging in with a browser (RELIABILITY C01 to C10): a cookie that only pages of this server can use."""

from __future__ import annotations

import html

import pytest

from zaffre.api.studio import Studio

pytestmark = pytest.mark.asyncio(loop_scope="module")

URL = "http://127.0.0.1:18440"
WS = "/api/v1/workspaces/default"
FORM = "application/x-www-form-urlencoded"
HTML = {"accept": "text/html,application/xhtml+xml"}


async def code(inside):
    link = (await inside.owner.post("/api/v1/login-links", json={})).json()["url"]
    assert link.startswith(f"{URL}/login#")
    return link.rpartition("#")[2]


async def enter(inside, secret, *, origin=URL, following="", **headers):
    browser = inside.client(**({"origin": origin} if origin else {}), **headers)
    return await browser.post("/login", data={"secret": secret, "next": following})


async def cookie(inside):
    answer = await enter(inside, await code(inside))
    assert answer.status_code == 303, answer.text
    return answer.headers["set-cookie"].partition(";")[0]


async def test_a_link_logs_in_once_and_the_cookie_is_held_tight(inside):
    secret = await code(inside)
    answer = await enter(inside, secret, following="/mlflow/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/mlflow/")
    attributes = {part.strip().lower() for part in answer.headers["set-cookie"].split(";")[1:]}
    assert {"httponly", "samesite=strict", "path=/"} <= attributes
    assert "secure" not in attributes, "this one came by http"
    again = await enter(inside, secret)
    assert again.status_code == 401
    assert "set-cookie" not in again.headers


async def test_a_pasted_token_logs_in_too_and_others_do_not(inside):
    assert (await enter(inside, inside.token)).status_code == 303
    await inside.job("mine")
    for secret in ("", "x", inside.server.tokens.for_run("mine", "default", 60), "a" * 3000):
        assert (await enter(inside, secret)).status_code == 401, secret


async def test_codes_run_out(inside):
    secret = await code(inside)
    held = inside.server.sessions._invited
    for digest, (until, token) in list(held.items()):
        held[digest] = until - 301, token
    assert (await enter(inside, secret)).status_code == 401


async def test_the_cookie_opens_what_a_token_does_until_log_out(inside):
    browser = inside.client(cookie=await cookie(inside), origin=URL)
    assert (await browser.get(WS)).status_code == 200
    assert (await browser.get("/mlflow/api/2.0/mlflow/experiments/search?max_results=1")).status_code == 200
    assert (
        await browser.put(f"{WS}/datastores/here", json={"type": "azure_blob", "root": str(inside.home)})
    ).status_code < 500
    left = await browser.post("/logout")
    assert (left.status_code, left.headers["location"]) == (303, "/login")
    assert 'zaffre_session=""' in left.headers["set-cookie"]
    assert (await browser.get(WS)).status_code == 401


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("kind", ["text/plain", FORM, "multipart/form-data; boundary=x", ""])
@pytest.mark.parametrize("origin", ["https://evil.example", "http://127.0.0.1:9999", "null", f"{URL}.evil.example"])
async def test_no_other_page_acts_with_the_cookie(inside, method, kind, origin):
    browser = inside.client(cookie=await cookie(inside), origin=origin, **({"content_type": kind} if kind else {}))
    for path in (f"{WS}/jobs/x", "/api/v1/login-links", "/logout", "/login", "/mlflow/api/2.0/mlflow/runs/create"):
        answer = await browser.request(method, path, content=b"secret=x")
        assert answer.status_code == 403, (path, answer.text)
        assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    "told", [{}, {"sec_fetch_site": "same-site"}, {"sec_fetch_site": "cross-site"}, {"sec_fetch_site": "none"}]
)
async def test_what_names_no_origin_changes_nothing(inside, told):
    browser = inside.client(cookie=await cookie(inside), user_agent="Mozilla/5.0", **told)
    assert (await browser.put(f"{WS}/jobs/x", json={})).status_code == 403
    assert (await browser.post("/logout")).status_code == 403
    assert (await enter(inside, await code(inside), origin="", **told)).status_code == 403


async def test_other_ports_of_this_machine_read_nothing(inside):
    """SameSite takes every port of a host for the same site."""
    held = await cookie(inside)
    for told, status in (
        ({"sec_fetch_site": "same-site", "sec_fetch_mode": "no-cors"}, 401),
        ({"sec_fetch_site": "cross-site", "sec_fetch_mode": "cors"}, 401),
        ({"sec_fetch_site": "same-origin", "sec_fetch_mode": "cors"}, 200),
        ({"sec_fetch_site": "cross-site", "sec_fetch_mode": "navigate"}, 200),
    ):
        assert (await inside.client(cookie=held, **told).get(WS)).status_code == status, told


@pytest.mark.parametrize(
    "target",
    ["//evil", "/\\evil", "https:evil", "https://evil/mlflow/", "%2f%2fevil", "javascript:alert(1)", "/mlflow/../api/v1",
     "/mlflow//evil",
     "/logout",
     "/mlflow/\r\nset-cookie: x=1", '/mlflow/"><script>', "/mlflow/?x=//evil", ""],
)  # fmt: skip
async def test_the_way_on_is_a_page_of_this_server(inside, target):
    assert (await enter(inside, await code(inside), following=target)).headers["location"] == "/"
    page = await inside.client().get("/login", params={"next": target})
    assert 'name="next" value="/"' in page.text


@pytest.mark.parametrize(
    "target",
    [
        "/",
        "/jobs",
        "/models/m.1?version=2",
        "/pipelines/compare?a=x&b=y",
        "/jobs?q=tag%3Ateam%3Dblue&status=Failed",
        "/jobs/happy_fox_1?tab=metrics&ws=other",
    ],
)
async def test_whoever_opened_a_page_of_studio_comes_back_to_it(inside, target):
    asked = await inside.client(**HTML).get(target)
    assert asked.status_code == 303
    page = await inside.client().get(asked.headers["location"])
    assert f'name="next" value="{html.escape(target)}"' in page.text
    assert (await enter(inside, await code(inside), following=target)).headers["location"] == target


@pytest.mark.parametrize("query", ["?x=//evil", "?a#b", "?<script>", "?\r\nset-cookie: x=1"])
async def test_a_query_that_is_none_of_ours_is_left_out(inside, query):
    assert (await enter(inside, await code(inside), following=f"/jobs{query}")).headers["location"] == "/"


async def test_the_page_runs_its_own_script_only(inside):
    page = await inside.client().get("/login")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert page.headers["x-frame-options"] == "DENY"
    assert page.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/mlflow", "/mlflow/", "/mlflow/static-files/x.js"])
async def test_who_opens_a_page_unknown_is_led_to_the_log_in(inside, path):
    nobody = inside.client(**HTML)
    answer = await nobody.get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/login?next={path}")
    assert (await nobody.get(WS)).status_code == 401
    assert (await inside.client().get(path)).status_code == 401, "a program gets an answer for programs"
    assert (await nobody.post(path)).status_code == 401
    assert (await inside.client(**HTML, cookie="zaffre_session=guessed").get(path)).status_code == 303


async def test_log_in_takes_forms_only(inside):
    browser = inside.client(origin=URL)
    for kind in ("text/plain", "application/json", ""):
        answer = await browser.post("/login", content=b"secret=x", headers={"content-type": kind} if kind else {})
        assert answer.status_code == 400, kind
    assert (
        await browser.post("/login", content=b"secret=" + b"x" * 20_000, headers={"content-type": FORM})
    ).status_code == 400
    assert (await browser.post("/login", content=b"\xff=\xff", headers={"content-type": FORM})).status_code == 400


async def test_a_job_makes_no_links(inside):
    await inside.job("curious")
    job = inside.client(authorization=f"Bearer {inside.server.tokens.for_run('curious', 'default', 60)}")
    assert (await job.post("/api/v1/login-links", json={})).status_code == 403
    assert (await job.post("/logout", headers={"origin": URL})).status_code == 403


async def test_sessions_outlive_a_server_and_are_kept_as_hashes(inside):
    from zaffre.api.sessions import Sessions
    from zaffre.server.clock import SystemClock

    held = (await cookie(inside)).partition("=")[2]
    file = inside.home / "keys" / "sessions.json"
    assert held not in file.read_text()
    assert file.stat().st_mode & 0o077 == 0
    assert Sessions(file, SystemClock()).check(held) is not None
    assert Sessions(file, SystemClock()).check("x") is None


async def test_a_run_s_page_is_behind_the_log_in(inside, monkeypatch):
    monkeypatch.setattr(Studio, "is_built", lambda _: False)
    await inside.job("seen")
    asked = await inside.client().get("/runs/seen", headers=HTML)
    assert (asked.status_code, asked.headers["location"]) == (303, "/login?next=/runs/seen")
    assert (await inside.client().get("/runs/seen")).status_code == 401
    link = (await inside.owner.post("/api/v1/login-links", json={"next": "/runs/seen"})).json()["url"]
    assert link.startswith(f"{URL}/login?next=/runs/seen#")
    entered = await enter(inside, link.rpartition("#")[2], following="/runs/seen")
    assert entered.headers["location"] == "/runs/seen"
    browser = inside.client(cookie=entered.headers["set-cookie"].partition(";")[0])
    shown = await browser.get("/runs/seen", headers=HTML)
    assert (shown.status_code, shown.headers["location"]) == (303, "/mlflow/#/runs/seen")
    assert (await browser.get("/runs/nobody")).status_code == 404
    assert (await inside.owner.put("/api/v1/workspaces/second", json={})).status_code in (200, 201)
    body = {"command": "true", "environment": {"image": "python:3.11-slim"}, "compute": "local"}
    assert (await inside.owner.put("/api/v1/workspaces/second/jobs/other", json=body)).status_code == 201
    assert (await browser.get("/runs/other")).headers["location"].endswith("/workspaces/second/#/runs/other")
    monkeypatch.setattr(Studio, "is_built", lambda _: True)
    assert (await browser.get("/runs/seen")).headers["location"] == "/jobs/seen"
    assert (await browser.get("/runs/other")).headers["location"] == "/jobs/other?ws=second"
    for page in ("//evil.test/runs/x", "/runs/../login", "/runs/a/b", "https://evil.test", 7):
        told = (await inside.owner.post("/api/v1/login-links", json={"next": page})).json()["url"]
        assert "evil" not in told and "/runs" not in told
