"""What a new workspace can have to look at: data, a job and a pipeline of the examples, submitted as a user submits them.

The command line does it, in processes of its own and in the name of whoever asks: reading documents and bringing files up
is its work and not this server's.
"""

from __future__ import annotations

import asyncio
import secrets
import sys
from pathlib import Path
from typing import Any, cast

from starlette.responses import Response

import zaffre
from zaffre.api.auth import Permission, Tokens
from zaffre.api.operations import Operations, Target
from zaffre.api.route import Call, Route, reply
from zaffre.core.errors import Invalid, NotBuilt, NotFound, Problem, Unavailable
from zaffre.core.registry import kinds

SECONDS = 60.0
_PATH = "/usr/local/bin:/usr/bin:/bin"
_SAMPLES = {"quickstart": "job.yml", "pipeline": "pipeline.yml"}
"""Folder among the examples → the job in it."""
_DATA = "quickstart-wine"
_SERVICES = "https://ml.azure.com"
"""The audience of tokens that open a workspace's services."""
_TOKEN_SECONDS = 300.0


class Samples:
    """One route."""

    def __init__(self, operations: Operations, tokens: Tokens, url: str) -> None:
        """``url`` is this server's own."""
        self._operations = operations
        self._tokens = tokens
        self._url = url

    def routes(self) -> list[Route]:
        """Ask for samples; the answer comes when they are submitted."""
        path = "/api/v1/workspaces/{ws}/samples"
        told = "Submit the examples: data, a job, a pipeline"
        return [Route("POST", path, Permission.WRITE, self._make, told, success=201, tag="job")]

    async def _make(self, call: Call) -> Response:
        """``{"samples": ["quickstart", "pipeline"]}``; both where nothing is said."""
        wanted = _wanted((await call.object()).get("samples", list(_SAMPLES)))
        workspace = call.path("ws").lower()
        await self._operations.get(Target(kinds()["workspace"], "", workspace))
        token, _ = self._tokens.for_audience(_SERVICES, _TOKEN_SECONDS, call.principal)
        surroundings = {"ZAFFRE_URL": self._url, "ZAFFRE_TOKEN": token, "PATH": _PATH}
        made = [await self._submit(workspace, name, surroundings) for name in wanted]
        return reply({"jobs": made}, 201)

    async def _submit(self, workspace: str, name: str, surroundings: dict[str, str]) -> str:
        folder = _folder(name)
        job = f"{name}-{secrets.token_hex(3)}"
        if name == "quickstart" and not await self._has_data(workspace):
            await _zaffre(["data", "create", "-f", str(folder / "data.yml")], workspace, surroundings)
        words = ["job", "create", "-f", str(folder / _SAMPLES[name]), "-n", job, "--set", "tags.sample=true"]
        await _zaffre(words, workspace, surroundings)
        return job

    async def _has_data(self, workspace: str) -> bool:
        try:
            await self._operations.get(Target(kinds()["data"], workspace, _DATA, "", "1"))
        except NotFound:
            return False
        return True


def _wanted(said: Any) -> list[str]:
    """Names of samples, and of nothing else."""
    listed = cast(list[Any], said) if isinstance(said, list) else []
    known = [name for name in _SAMPLES if name in listed]
    if not known or len(known) != len(listed):
        told = repr(cast(object, said))[:80]
        raise Invalid([Problem(f"expected {' or '.join(_SAMPLES)} in a list, found {told}", field="samples")])
    return known


def _folder(name: str) -> Path:
    """Inside the installed package, else in the clone."""
    package = Path(zaffre.__file__).parent
    places = (package / "quickstart", package / "samples" / name, package.parents[1] / "examples" / name)
    for place in places:
        if (place / _SAMPLES[name]).is_file():
            return place
    raise NotBuilt(f"The example {name!r} is not part of this installation; it is in the repository's examples/.")


async def _zaffre(words: list[str], workspace: str, surroundings: dict[str, str]) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-I", "-m", "zaffre", *words, "-w", workspace, "-o", "none",
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        env=surroundings,
        start_new_session=True,
    )  # fmt: skip
    try:
        async with asyncio.timeout(SECONDS):
            _, said = await process.communicate()
    except TimeoutError:
        raise Unavailable(f"zaffre {' '.join(words[:2])} did not end in {SECONDS:g} seconds.") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        told = said.decode(errors="replace").strip()[-2000:]
        raise Unavailable(f"The example could not be submitted: {told}")
