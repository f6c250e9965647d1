"""MLflow for Azure's own plug-in: the tree below ``/mlflow/v2.0`` answers with artifact addresses that the plug-in knows.

Under any other tree a run's artifacts are ``mlflow-artifacts:/…``, which MLflow's own clients bring by themselves.
"""

from __future__ import annotations

import re

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_TREE = re.compile(
    r"/mlflow/v2\.0(/subscriptions/[^/]+/resourceGroups/[^/]+/providers/[^/]+/workspaces/[^/]+)/api/", re.I
)
_OF_FILES = "/mlflow-artifacts/"
_URI = re.compile(rb'("artifact_uri":\s*")mlflow-artifacts:/(\d+)/(?:models/)?([^/"]+)/artifacts"')
"""A run's address or a logged model's, which the plug-in takes for that of a run: ``artifacts`` knows models by their ids."""


class PluginTree:
    """Stands before the tracking floor and changes nothing but those addresses."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers of the tree are small records: they are held until they are whole."""
        tree = _TREE.match(scope["path"]) if scope["type"] == "http" else None
        if tree is None or _OF_FILES in scope["path"]:
            await self._app(scope, receive, send)
            return
        host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
        await self._app(scope, receive, _Rewritten(send, f"azureml://{host}/mlflow/v2.0{tree[1]}".encode()))


class _Rewritten:
    """Sends an answer once it is whole."""

    def __init__(self, send: Send, root: bytes) -> None:
        self._send = send
        self._root = root
        self._start: Message = {}
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._body += message.get("body", b"")
        if message.get("more_body", False):
            return
        body = _URI.sub(self._written, self._body)
        length = (b"content-length", str(len(body)).encode())
        kept = [pair for pair in self._start["headers"] if pair[0].lower() != b"content-length"]
        await self._send({**self._start, "headers": [*kept, length]})
        await self._send({"type": "http.response.body", "body": body})

    def _written(self, found: re.Match[bytes]) -> bytes:
        return b'%b%b/experiments/%b/runs/%b/artifacts"' % (found[1], self._root, found[2], found[3])
