"""Drafts of pipelines: kept unfinished, never lost to somebody else's save, and YAML both ways."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.asyncio(loop_scope="module")

WS = "/api/v1/workspaces/default"
STEP = {"command": "true", "environment": {"image": "python:3.11-slim"}}


async def test_a_draft_is_kept_as_it_is_however_unfinished(inside):
    body = {"document": {"type": "pipeline", "jobs": {"a": {"component": "azureml:nothing:1"}}}, "display_name": "New"}
    made = await inside.owner.post(f"{WS}/drafts", json=body)
    assert made.status_code == 201, made.text
    shown = (await inside.owner.get(f"{WS}/drafts/{made.json()['name']}")).json()["spec"]
    assert (shown["document"], shown["revision"]) == (body["document"], 1)


async def test_who_was_overtaken_is_told_and_nothing_is_lost(inside):
    async def save(revision, text):
        body = {"document": {"jobs": {}}, "description": text, "revision": revision}
        return await inside.owner.put(f"{WS}/drafts/shared", json=body)

    assert (await save(1, "first")).status_code == 201
    assert (await save(2, "theirs")).status_code == 200
    assert (await save(2, "theirs")).status_code == 200, "the same again is no other save"
    late = await save(2, "mine")
    assert late.status_code == 409
    told = late.json()["error"]["message"]
    assert "revision 2" in told and "revision 1" in told
    assert (await inside.owner.get(f"{WS}/drafts/shared")).json()["spec"]["description"] == "theirs"
    assert (await save(3, "mine")).status_code == 200
    assert (await inside.owner.delete(f"{WS}/drafts/shared")).status_code == 204
    assert (await save(4, "mine")).status_code == 409


async def test_yaml_goes_out_and_comes_back_the_same(inside):
    document = {"type": "pipeline", "display_name": "Zwölf: 'x'", "jobs": {"a": {**STEP, "inputs": {"n": 1.5}}}}
    text = (await inside.owner.post(f"{WS}/drafts:write", json={"document": document})).json()["yaml"]
    back = await inside.owner.post(f"{WS}/drafts:read", json={"yaml": text})
    assert back.json()["document"] == document


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [1", "pipeline.yml:2:1: not YAML"),
        ("type: command\ncommand: x\n", "expected a pipeline"),
        ("- 1", "mapping"),
        (7, "YAML"),
    ],
)
async def test_what_is_no_pipeline_is_refused_with_its_place(inside, text, said):
    answer = await inside.owner.post(f"{WS}/drafts:read", json={"yaml": text})
    assert answer.status_code == 400
    assert said in answer.text


async def test_a_check_names_the_step_and_what_is_odd(inside):
    ends = {"left": {"table": {"type": "uri_file"}}, "taken": {"model": {"type": "custom_model"}}}
    for name, field, part in (("leaves", "outputs", ends["left"]), ("takes", "inputs", ends["taken"])):
        spec = {"type": "command", **STEP, field: part}
        assert (await inside.owner.put(f"{WS}/components/{name}/versions/1", json=spec)).status_code == 201
    jobs = {
        "one": {"component": "azureml:leaves:1"},
        "two": {"component": "azureml:takes:1", "inputs": {"model": "${{parent.jobs.one.outputs.table}}"}},
    }
    checked = (await inside.owner.post(f"{WS}/jobs:validate", json={"type": "pipeline", "jobs": jobs})).json()
    assert checked["valid"], checked
    assert any("jobs.one.outputs.table → jobs.two.inputs.model" in note for note in checked["notes"]), checked
    del jobs["two"]["inputs"]
    checked = (await inside.owner.post(f"{WS}/jobs:validate", json={"type": "pipeline", "jobs": jobs})).json()
    assert not checked["valid"]
    assert "jobs.two" in checked["problems"][0]["field"]
