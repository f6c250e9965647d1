"""``azureml://`` URIs taken apart, and asset or output URIs led to the datastore path they mean."""

from __future__ import annotations

import re
from typing import Dict, NamedTuple
from urllib.parse import quote

from zaffre.inside.line import Line

SCHEME = "azureml"
_SCOPE = re.compile(
    r"subscriptions/[^/]+/resourcegroups/[^/]+(?:/providers/[^/]+)?/workspaces/(?P<ws>[^/]+)(?:/(?P<rest>.*))?",
    re.I | re.S,
)
_DATASTORE = re.compile(r"(?P<root>datastores/(?P<name>[^/]+)(?:/paths)?)(?:/(?P<path>.*))?", re.I | re.S)
_LED = re.compile(
    r"(?:data|models)/[^/]+/(?:versions|labels)/[^/]+|jobs/[^/]+/outputs/[^/]+(?:/paths)?", re.I
)  # fmt: skip


class Spot(NamedTuple):
    """A place on a datastore, and how its user spells the folder it is in."""

    workspace: str
    datastore: str
    path: str
    """On the datastore; empty for its root."""
    spelt: str
    """What stands before ``below`` in the user's spelling; ends without a slash."""
    root: str
    """The datastore path that ``spelt`` means."""

    def spell(self, path: str) -> str:
        """A path on the datastore, in the user's spelling."""
        below = path[len(self.root) :].strip("/") if self.root else path
        return self.spelt + "/" + below if below else self.spelt

    @property
    def address(self) -> str:
        """The datastore's files in the REST interface."""
        return "/api/v1/workspaces/%s/datastores/%s/files" % (
            quote(self.workspace, safe=""),
            quote(self.datastore, safe=""),
        )


class Finder:
    """Asks the server once for every asset and output that is not spelt as a datastore path."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._known: Dict[str, str] = {}

    def find(self, path: str) -> Spot:
        """``path`` without ``azureml://``."""
        workspace, before, rest = self._line.surroundings.workspace, "", path.strip("/")
        scoped = _SCOPE.fullmatch(rest)
        if scoped is not None:
            workspace, rest = scoped["ws"].lower(), scoped["rest"] or ""
            before = path.strip("/")[: len(path.strip("/")) - len(rest)]
        found = _DATASTORE.fullmatch(rest)
        if found is not None:
            return Spot(workspace, found["name"], (found["path"] or "").strip("/"), before + found["root"], "")
        led = _LED.match(rest)
        if led is None:
            raise FileNotFoundError(_EXPECTED % path)
        root = self._led(workspace, before + led.group(), led.group())
        below = rest[led.end() :].strip("/")
        whole = "/".join(part for part in (root.path, below) if part)
        return Spot(workspace, root.datastore, whole, before + led.group(), root.path)

    def _led(self, workspace: str, key: str, rest: str) -> Spot:
        if key not in self._known:
            asked = re.sub(r"/paths$", "", rest, flags=re.I)
            told = self._line.json(
                "GET", "/api/v1/workspaces/%s/locate" % quote(workspace, safe=""), query={"uri": SCHEME + "://" + asked}
            )
            self._known[key] = str(told["uri"])
        uri = self._known[key]
        found = _DATASTORE.fullmatch(uri[len(SCHEME) + 3 :]) if uri.startswith(SCHEME + "://") else None
        if found is None:
            raise OSError("%s lies at %s, outside this installation; open that URL itself" % (key, uri))
        return Spot(workspace, found["name"], (found["path"] or "").strip("/"), "", "")


_EXPECTED = (
    "%r is no azureml:// path; expected datastores/NAME/paths/PATH, data/NAME/versions/VERSION or jobs/NAME/outputs/OUTPUT, "
    "alone or after subscriptions/…/workspaces/NAME/"
)
