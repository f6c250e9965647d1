"""Drafts and YAML, both ways: as the Designer asks for it, of what is on the canvas and need not be saved."""

from __future__ import annotations

from starlette.responses import Response

from zaffre.api.auth import Permission
from zaffre.api.route import Call, Route, reply
from zaffre.core import document
from zaffre.core.errors import Invalid, Problem

_ROOT = "/api/v1/workspaces/{ws}/drafts"
_FILE = "pipeline.yml"


class Actions:
    """Routes beside those every kind has; nothing is kept."""

    def routes(self) -> list[Route]:
        """To YAML and from it."""
        read, tag = Permission.READ, "draft"
        return [
            Route("POST", _ROOT + ":write", read, self._write, "Show a pipeline's document as YAML", tag=tag),
            Route("POST", _ROOT + ":read", read, self._read, "Read a pipeline's document from YAML", tag=tag),
        ]

    async def _write(self, call: Call) -> Response:
        body = await call.object()
        found = body.get("document")
        if not isinstance(found, dict):
            raise Invalid([Problem("expected a pipeline's document", field="document")])
        return reply({"yaml": document.dump(found)})

    async def _read(self, call: Call) -> Response:
        body = await call.object()
        text = body.get("yaml")
        if not isinstance(text, str):
            raise Invalid([Problem("expected YAML as a text", field="yaml")])
        found = document.load(text, file=_FILE).data
        said = str(found.get("type") or "pipeline").lower()
        if said != "pipeline" or not isinstance(found.get("jobs"), dict):
            told = f"expected a pipeline: type: pipeline and jobs, found type {said!r}"
            raise Invalid([Problem(told, field="type", hint="zaffre job create -f submits jobs of other types")])
        return reply({"document": {"type": "pipeline", **found}})
