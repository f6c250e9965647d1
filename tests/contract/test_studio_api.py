"""What Studio is typed by is what the server says."""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path

import pytest

from zaffre import __version__
from zaffre.api import openapi

pytestmark = pytest.mark.asyncio(loop_scope="module")

TOOL = Path(__file__).parents[2] / "tools" / "studio_api.py"


async def test_studio_is_typed_by_what_the_server_describes(inside):
    spec = importlib.util.spec_from_file_location("studio_api", TOOL)
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    wanted = tool.text(openapi.document(inside.server.routes(), __version__))
    assert tool.FILE.read_text() == wanted, "run python tools/studio_api.py, then npm run types in studio/"


async def test_events_are_read_a_page_at_a_time_and_by_subject(inside):
    workspace = "/api/v1/workspaces/default"
    await inside.job("told")
    await inside.job("untold")
    found = (await inside.owner.get(f"{workspace}/events", params={"follow": "0", "subject": "job/told"})).json()[
        "value"
    ]
    assert {event["subject"] for event in found} == {"job/told"}
    assert found[0]["type"] == "ResourceCreated"
    later = {"follow": "0", "after": str(found[0]["seq"]), "subject": "job/told"}
    again = (await inside.owner.get(f"{workspace}/events", params=later)).json()["value"]
    assert again == found[1:]
    assert (await inside.owner.get(f"{workspace}/events", params={"follow": "0", "after": "latest"})).json() == {
        "value": []
    }


async def test_the_files_of_a_code_are_listed_and_read_by_content(inside):
    content = b"print('hello')\n"
    digest = hashlib.sha256(content).digest()
    told = {"path": "main.py", "size": len(content), "sha256": digest.hex(), "executable": False}
    uploads = "/api/v1/workspaces/default/uploads"
    begun = (await inside.owner.post(uploads, json={"target": "code", "name": "src", "files": [told]})).json()
    pack = digest + len(content).to_bytes(8, "big") + content
    assert (await inside.owner.put(f"{uploads}/{begun['id']}/pack", content=pack)).status_code < 300
    made = (await inside.owner.post(f"{uploads}/{begun['id']}/commit")).json()
    name, version = made["code"].removeprefix("azureml:").split(":")
    root = f"/api/v1/workspaces/default/codes/{name}/versions/{version}/files"
    assert (await inside.owner.get(root)).json() == {
        "value": [{"path": "main.py", "size": len(content), "digest": hashlib.sha256(content).hexdigest()}]
    }
    answer = await inside.owner.get(f"{root}/main.py")
    assert answer.content == content
    assert "sandbox" in answer.headers["content-security-policy"]
    assert (await inside.owner.get(f"{root}/other.py")).status_code == 404
