"""What Studio is typed by is what the server says."""

from __future__ import annotations

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
