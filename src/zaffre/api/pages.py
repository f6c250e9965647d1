"""Addresses that people open: ``/runs/NAME``, which every client prints for a job, leads to the run's page.

The page is Studio's; MLflow's where Studio is not built, or where the run is no job that a user made. Run names are
unique in a home, so the name is enough to find the workspace.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from zaffre.api.auth import Permission
from zaffre.api.route import Call, Route
from zaffre.api.studio import Studio
from zaffre.core.errors import NotFound
from zaffre.core.refs import Scope
from zaffre.store import Store, runs

_SEE_OTHER = 303


class Pages:
    """The routes of pages."""

    def __init__(self, store: Store, place: Scope, studio: Studio) -> None:
        """``place`` names the workspace whose pages lie at ``/mlflow/`` itself."""
        self._store = store
        self._place = place
        self._studio = studio

    def routes(self) -> list[Route]:
        """One so far."""
        return [
            Route("GET", "/runs/{name}", Permission.READ, self._run, "A run's page", success=_SEE_OTHER, tag="login")
        ]

    async def _run(self, call: Call) -> Response:
        name = call.path("name")
        run = await self._store.read(lambda tx: runs.get(tx, name))
        if run is None:
            raise NotFound(f"There is no run named {name!r}.", target=name)
        if run.workspace and self._studio.is_built():
            own_page = "" if run.workspace == self._place.workspace else f"?ws={quote(run.workspace, safe='')}"
            return RedirectResponse(f"/jobs/{quote(run.name, safe='')}{own_page}", _SEE_OTHER)
        own = replace(self._place, workspace=run.workspace)
        tree = "" if own == self._place else f"/v1.0{own.id}"
        return RedirectResponse(f"/mlflow{tree}/#/runs/{quote(run.name, safe='')}", _SEE_OTHER)
