"""Studio, the pages in the browser: built files that the package carries, and which addresses are pages.

The files are made by ``make studio``. Where they are not, every page says so. A page asks nobody but this server: its
policy lets a browser load from here alone.
"""

from __future__ import annotations

import mimetypes
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response

from zaffre.api.addresses import STUDIO
from zaffre.api.auth import Permission
from zaffre.api.route import Call, Route
from zaffre.control.files import Place
from zaffre.core.errors import NotFound

BUILT = Path(__file__).parents[1] / "studio"
"""Where ``make studio`` puts the files, and the wheel has them."""
ASSETS = "/studio"
"""Where scripts, styles and fonts lie."""
_NAMED_BY_CONTENT = "public, max-age=31536000, immutable"
_ALWAYS_ASKED = "no-cache"
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
_TYPES = {".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2", ".svg": "image/svg+xml"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; "
    "img-src 'self' data: blob:; connect-src 'self'; worker-src 'self'; frame-src 'self'; manifest-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""Styles in attributes are how virtual lists place their rows; scripts come from files of ours and from nowhere else."""
_UNBUILT = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Zaffre</title></head>
<body><h1>Studio is not built</h1>
<p>This installation runs from a clone, and its pages have not been made yet. In the clone:</p>
<pre>make studio</pre>
<p>Then load this page again; the server needs no restart. <a href="/mlflow/">MLflow's pages</a> are there already.</p>
</body></html>
"""


class Studio:
    """The routes of pages and of what they are made of."""

    def __init__(self, folder: Path = BUILT) -> None:
        """``folder`` holds the built files; it may come while the server runs."""
        self._folder = folder

    def routes(self) -> list[Route]:
        """One for each sort of page, one for the files."""
        pages = [Route("GET", path, Permission.READ, self._page, "A page of Studio", tag="studio") for path in STUDIO]
        below = sorted(
            {path.split("/")[1] for path in STUDIO} - {"", "data"}
        )  # below /data lies an interface of Azure's
        pages += [
            Route("GET", f"/{first}/{{rest:path}}", Permission.READ, self._nothing, "No page of Studio", tag="studio")
            for first in below
        ]
        files = Route("GET", ASSETS + "/{path:path}", Permission.READ, self._file, "A file of Studio", tag="studio")
        return [*pages, files]

    def is_built(self) -> bool:
        """Whether there are pages at all."""
        return (self._folder / "index.html").is_file()

    async def _page(self, call: Call) -> Response:
        del call
        return await self._document(200)

    async def _nothing(self, call: Call) -> Response:
        """An address below a page's: the same document, which says that there is nothing and where one can go."""
        del call
        return await self._document(404)

    async def _document(self, status: int) -> Response:
        found = await run_in_threadpool(self._read, "index.html")
        headers = {"content-security-policy": POLICY, "cache-control": _ALWAYS_ASKED}
        return HTMLResponse(_UNBUILT if found is None else found, status, headers=headers)

    async def _file(self, call: Call) -> Response:
        path = call.path("path")
        accepted = {
            part.partition(";")[0].strip() for part in call.request.headers.get("accept-encoding", "").split(",")
        }
        for encoding, ending in (*((name, end) for name, end in _ENCODINGS if name in accepted), ("", "")):
            found = await run_in_threadpool(self._read, path + ending)
            if found is not None:
                return _sent(path, found, encoding)
        raise NotFound(f"Studio has no file {path!r}; after an update, load the page again.", target="path")

    def _read(self, path: str) -> bytes | None:
        try:
            with (Place(self._folder) / path).open() as file:
                return file.read(0, file.size)
        except NotFound:
            return None


def _sent(path: str, content: bytes, encoding: str) -> Response:
    kind = _TYPES.get(Path(path).suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"
    named = path.startswith("assets/")
    headers = {"cache-control": _NAMED_BY_CONTENT if named else _ALWAYS_ASKED, "vary": "accept-encoding"}
    if encoding:
        headers["content-encoding"] = encoding
    return Response(content, media_type=kind, headers=headers | {"content-security-policy": POLICY})
