"""A list that is read page by page while it grows and shrinks: nothing comes twice, nothing that stays is left out."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")

WS = "/api/v1/workspaces/default"


async def test_pages_follow_on_each_other_however_the_list_changes(inside):
    for number in range(7):
        await inside.job(f"paged{number}", tags={"paged": "yes" if number % 2 == 0 else "no"})
    seen, address = [], f"{WS}/jobs?top=2"
    while address:
        page = (await inside.owner.get(address)).json()
        seen += [job["name"] for job in page["value"]]
        await inside.job(f"between{len(seen)}")
        address = page.get("next")
    assert seen == [f"paged{number}" for number in reversed(range(7))]


async def test_a_filter_goes_along_and_the_last_row_may_be_gone(inside):
    for name in "abc":
        assert (await inside.owner.put(f"{WS}/drafts/{name}", json={"tags": {"cursor": "x"}})).status_code == 201
    assert (await inside.owner.put(f"{WS}/drafts/other", json={})).status_code == 201
    page = (await inside.owner.get(f"{WS}/drafts?top=1&filter=tags.cursor = x")).json()
    assert [each["name"] for each in page["value"]] == ["c"]
    assert (await inside.owner.delete(f"{WS}/drafts/c")).status_code == 204
    following = (await inside.owner.get(page["next"])).json()
    assert [each["name"] for each in following["value"]] == ["b"]
    assert "next" not in (await inside.owner.get(following["next"])).json()


async def test_a_cursor_that_is_none_is_refused(inside):
    answer = await inside.owner.get(f"{WS}/jobs?cursor=yesterday")
    assert answer.status_code == 400
    assert "cursor" in answer.text


@pytest.mark.parametrize("asked", ["", "&filter=tags.kept = yes", "&list_view=all"])
async def test_names_of_assets_follow_on_each_other_too(inside, asked):
    prefix = f"m{len(asked)}"
    for number in range(5):
        await _model(inside, f"{prefix}-{number}")
    seen, address = [], f"{WS}/models?top=2{asked}"
    while address:
        page = (await inside.owner.get(address)).json()
        seen += [model["name"] for model in page["value"] if model["name"].startswith(f"{prefix}-")]
        assert "skip" not in page.get("next", "")
        await _model(inside, f"between-{prefix}-{len(seen)}")
        address = page.get("next")
    assert seen == [f"{prefix}-{number}" for number in reversed(range(5))]


async def _model(inside, name):
    (inside.server.locations.datastore("default", "workspaceblobstore") / "m").mkdir(parents=True, exist_ok=True)
    body = {"path": "azureml://datastores/workspaceblobstore/paths/m", "type": "custom_model", "tags": {"kept": "yes"}}
    answer = await inside.owner.put(f"{WS}/models/{name}/versions/1", json=body)
    assert answer.status_code in (200, 201), answer.text
