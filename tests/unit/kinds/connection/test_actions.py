"""Who gets a connection's secrets: whoever may read secrets, and the job that was granted them, while it runs."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")
WS = "/api/v1/workspaces/default"
ARM = "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/default/connections"
FEED = {"type": "python_feed", "target": "https://f.example.org/simple"}


async def made(inside, name="feed", pat="s3cret-token"):
    body = {**FEED, "credentials": {"type": "pat", "pat": pat}, "metadata": {"team": "a"}}
    answer = await inside.owner.put(f"{WS}/connections/{name}", json=body)
    assert answer.status_code in (200, 201), answer.text
    return answer


async def stranger(inside, run="reader"):
    return inside.client(authorization=f"Bearer {inside.server.tokens.for_run(run, 'default', 3600)}")


async def test_answers_and_events_hold_no_secret(inside):
    told = [await made(inside), await made(inside, pat="s3cret-other")]
    told += [await inside.owner.get(f"{WS}/connections"), await inside.owner.get(f"{WS}/connections/feed")]
    told += [await inside.owner.get(f"{ARM}/feed"), await inside.owner.get(ARM)]
    assert not [answer for answer in told if "s3cret" in answer.text]
    events = await inside.server.store.read(_events)
    assert any("connection/feed" in event for event in events)
    assert not [event for event in events if "s3cret" in event]


def _events(tx):
    from zaffre.store import events

    return [repr(event) for event in events.read(tx, 0)]


async def test_the_owner_gets_them_in_both_spellings(inside):
    await made(inside)
    whole = await inside.owner.post(f"{WS}/connections/feed/secrets")
    assert whole.json()["spec"]["credentials"] == {"type": "pat", "pat": "s3cret-token"}
    assert whole.headers["cache-control"] == "no-store"
    for verb in ("listsecrets", "listSecrets"):
        listed = await inside.owner.post(f"{ARM}/feed/{verb}")
        assert listed.json()["properties"]["credentials"] == {"pat": "s3cret-token"}


async def test_a_new_secret_replaces_the_old_and_deletion_forgets_it(inside):
    await made(inside, "going", "first")
    await made(inside, "going", "second")
    got = await inside.owner.post(f"{WS}/connections/going/secrets")
    assert got.json()["spec"]["credentials"]["pat"] == "second"
    assert (await inside.owner.delete(f"{WS}/connections/going")).status_code == 204
    again = await inside.owner.put(f"{WS}/connections/going", json={**FEED, "credentials": {"type": "pat"}})
    assert again.status_code == 400, again.text


async def test_a_job_gets_what_it_was_granted_and_nothing_else(inside):
    await made(inside)
    await made(inside, "other", "s3cret-else")
    await inside.job("reader", secrets={"FEED": "azureml:feed"})
    async with await stranger(inside) as job:
        assert (await job.get(f"{WS}/jobs/reader/secrets")).json() == {"value": ["FEED"]}
        got = (await job.get(f"{WS}/jobs/reader/secrets/FEED")).json()
        assert (got["name"], got["connection"]) == ("FEED", "feed")
        assert got["credentials"] == {"type": "pat", "pat": "s3cret-token"}
        assert (got["target"], got["metadata"]) == (FEED["target"], {"team": "a"})
        assert (await job.get(f"{WS}/jobs/reader/secrets/other")).status_code == 404
        for path in ("connections/feed", "connections"):
            assert (await job.get(f"{WS}/{path}")).status_code == 403, path
        assert (await job.post(f"{WS}/connections/feed/secrets")).status_code == 403
        assert (await job.post(f"{ARM}/feed/listsecrets")).status_code == 403


async def test_another_job_gets_nothing(inside):
    await made(inside)
    await inside.job("granted", secrets={"FEED": "azureml:feed"})
    await inside.job("nosy")
    async with await stranger(inside, "nosy") as job:
        assert (await job.get(f"{WS}/jobs/granted/secrets/FEED")).status_code == 403
        answer = await job.get(f"{WS}/jobs/nosy/secrets/FEED")
        assert answer.status_code == 404
        assert "granted: none. Name it under secrets." in answer.text


async def test_a_grant_ends_with_the_job(inside):
    await made(inside)
    await inside.job("brief", secrets={"FEED": "azureml:feed"})
    async with await stranger(inside, "brief") as job:
        assert (await job.get(f"{WS}/jobs/brief/secrets/FEED")).status_code == 200
        await inside.owner.post(f"{WS}/jobs/brief/cancel")
        await inside.server.store.write(_end)
        assert (await job.get(f"{WS}/jobs/brief/secrets/FEED")).status_code == 401


def _end(tx):
    from zaffre.core.reasons import Cause, Reason
    from zaffre.core.status import Signal
    from zaffre.store import leases, runs

    [lease] = leases.claim(tx, "test", 30, 1, runs.key("brief"))
    runs.apply(tx, lease, Signal.CANCEL, reason=Reason(Cause.CANCELED, {"by": "me"}))


@pytest.mark.parametrize(
    ("secrets", "field"), [({"FEED": "azureml:absent"}, "secrets.FEED"), ({"a-b": "azureml:feed"}, "secrets.a-b")]
)
async def test_a_grant_of_what_is_not_there_is_refused(inside, secrets, field):
    await made(inside)
    body = {"command": "x", "environment": {"image": "python:3.11-slim"}, "secrets": secrets}
    answer = await inside.owner.put(f"{WS}/jobs/wrong", json=body)
    assert answer.status_code == 400
    assert field in [detail["target"] for detail in answer.json()["error"]["details"]]
