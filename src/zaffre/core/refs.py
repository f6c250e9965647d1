"""How one thing names another: short references, resource ids, ``azureml://`` URIs, URLs and local paths.

Everything a document may write where a thing or a place is meant is parsed here and nowhere else. Parsing is total over
``parse``: what is no reference is a local path. Resource ids compare without regard to case.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from zaffre.core.errors import Invalid

PROVIDER = "Microsoft.MachineLearningServices"
CLOUD = "Zaffre"
"""The name of this cloud among Azure's, as its clients are told it."""
SCHEMES = (
    "http",
    "https",
    "wasb",
    "wasbs",
    "abfs",
    "abfss",
    "adl",
    "s3",
    "s3a",
    "gs",
    "sftp",
    "hdfs",
    "ftp",
    "git+https",
)
"""URL schemes kept as they are written."""


@dataclass(frozen=True, slots=True)
class Scope:
    """A workspace's place in the resource hierarchy, and where it says it is."""

    subscription: str = "00000000-0000-0000-0000-000000000000"
    group: str = "local"
    workspace: str = "default"
    location: str = "local"

    @property
    def id(self) -> str:
        """The workspace's resource id; of a registry's assets, where their URIs begin."""
        if registry := registry_of(self.workspace):
            return f"azureml://registries/{registry}"
        return (
            f"/subscriptions/{self.subscription}/resourceGroups/{self.group}"
            f"/providers/{PROVIDER}/workspaces/{self.workspace}"
        )

    def same(self, other: Scope) -> bool:
        """Whether both name one workspace, without regard to case."""
        mine = (self.subscription, self.group, self.workspace)
        theirs = (other.subscription, other.group, other.workspace)
        return [part.lower() for part in mine] == [part.lower() for part in theirs]


@dataclass(frozen=True, slots=True)
class ArmId:
    """A resource id of this provider, taken apart."""

    scope: Scope
    collection: str
    name: str
    version: str = ""
    label: str = ""
    child: str = ""
    """``deployments/blue`` below an endpoint."""

    def __str__(self) -> str:
        text = f"{self.scope.id}/{self.collection}/{self.name}" if self.collection else self.scope.id
        if self.version:
            return f"{text}/versions/{self.version}"
        if self.label:
            return f"{text}/labels/{self.label}"
        return f"{text}/{self.child}" if self.child else text


@dataclass(frozen=True, slots=True)
class Asset:
    """An asset by name in this workspace, in a registry, or (with ``scope``) in another workspace."""

    name: str
    version: str = ""
    label: str = ""
    registry: str = ""
    collection: str = ""
    """Known for registry URIs and resource ids only, e.g. ``environments``."""
    scope: Scope | None = None

    def __str__(self) -> str:
        if self.registry:
            text = f"azureml://registries/{self.registry}/{self.collection}/{self.name}"
            tail = f"/versions/{self.version}" if self.version else f"/labels/{self.label}" if self.label else ""
            return text + tail
        if self.scope is not None:
            return f"azureml:{ArmId(self.scope, self.collection, self.name, self.version, self.label)}"
        return f"azureml:{self.short}"

    @property
    def short(self) -> str:
        """``name:version``, ``name@label`` or ``name``."""
        if self.version:
            return f"{self.name}:{self.version}"
        return f"{self.name}@{self.label}" if self.label else self.name


@dataclass(frozen=True, slots=True)
class DatastorePath:
    """A place on a datastore."""

    datastore: str
    path: str
    scope: Scope | None = None
    """Set for the long form, which names the workspace too."""

    def __str__(self) -> str:
        place = f"datastores/{self.datastore}/paths/{self.path}"
        if self.scope is None:
            return f"azureml://{place}"
        s = self.scope
        return f"azureml://subscriptions/{s.subscription}/resourcegroups/{s.group}/workspaces/{s.workspace}/{place}"


@dataclass(frozen=True, slots=True)
class JobOutput:
    """Something a job left: a named output, or (``output`` is ``artifacts``) its run artifacts."""

    job: str
    output: str
    path: str = ""

    def __str__(self) -> str:
        tail = f"/paths/{self.path}" if self.path else ""
        return f"azureml://jobs/{self.job}/outputs/{self.output}{tail}"


@dataclass(frozen=True, slots=True)
class RunArtifact:
    """MLflow's ``runs:/<run>/<path>``."""

    run: str
    path: str

    def __str__(self) -> str:
        return f"runs:/{self.run}/{self.path}"


@dataclass(frozen=True, slots=True)
class Remote:
    """A URL of a scheme we know, kept as written."""

    url: str

    def __str__(self) -> str:
        return self.url


@dataclass(frozen=True, slots=True)
class Local:
    """A path on the machine of whoever wrote the document; relative ones lie beside that document."""

    path: str

    def __str__(self) -> str:
        return self.path


Reference = Asset | DatastorePath | JobOutput | RunArtifact | Remote | Local

_REGISTRY_OWNER = "registry."
# Strings: ``re`` compiles each when it is first needed, which for most commands is never.
_WORKSPACE = (
    r"(?i)/?subscriptions/(?P<s>[^/]+)/resourcegroups/(?P<g>[^/]+)(?:/providers/microsoft\.machinelearningservices)?"
    r"/workspaces/(?P<w>[^/]+)(?P<rest>/.*)?"
)
_DATASTORE = r"(?is)/?datastores/(?P<d>[^/]+)(?:/paths/?(?P<p>.*))?"
_JOB = r"(?is)jobs/(?P<j>[^/]+)/outputs/(?P<o>[^/]+)(?:/paths/?(?P<p>.*))?"
_REGISTRY = (
    r"(?i)(?:registries|feeds)/(?P<r>[^/]+)/(?P<c>[^/]+)/(?P<n>[^/]+)(?:/(?P<k>versions|labels)/(?P<v>[^/]+))?/?"
)
_LOCATION = r"(?i)locations/[^/]+/workspaces/[^/]+/(?P<c>[^/]+)/(?P<n>[^/]+)/(?P<k>versions|labels)/(?P<v>[^/]+)"
_SCHEME = r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):/{1,3}"


def parse(text: str) -> Reference:
    """What ``text`` refers to; raises ``Invalid`` when it begins like a reference and is none."""
    if text.startswith("azureml://"):
        return _uri(text)
    if text.startswith("azureml:"):
        return asset(text)
    if text.startswith("/"):
        found = arm(text)
        return _of_arm(found) if found else Local(text)
    if text.startswith("runs:/"):
        run, _, path = text[len("runs:/") :].partition("/")
        return RunArtifact(run, path)
    return _elsewhere(text)


def asset(text: str) -> Asset:
    """An asset reference with or without ``azureml:``; raises ``Invalid`` when it is none."""
    body = text.removeprefix("azureml:")
    if body.startswith("//"):
        found = _uri("azureml:" + body)
        if isinstance(found, Asset):
            return found
        raise Invalid(f"{text!r} is a place, not a registered asset", target=text)
    if body.startswith("/"):
        parts = arm(body)
        if parts is None or not parts.name:
            raise _bad(text)
        return _of_arm(parts)
    return _short(body, text)


def arm(text: str) -> ArmId | None:
    """A resource id of this provider (any case), or None."""
    found = re.fullmatch(_WORKSPACE, text.rstrip("/"))
    if found is None:
        return None
    scope = Scope(found["s"], found["g"], found["w"])
    parts = (found["rest"] or "").strip("/").split("/")
    if parts == [""]:
        return ArmId(scope, "", "")
    if len(parts) < 2:
        return None
    collection, name, *rest = parts
    name = name.removeprefix("azureml:")  # the official client leaves it there when somebody wrote it before a name
    if len(rest) == 2 and rest[0].lower() in ("versions", "labels"):
        is_version = rest[0].lower() == "versions"
        return ArmId(scope, collection, name, rest[1] if is_version else "", "" if is_version else rest[1])
    return ArmId(scope, collection, name, child="/".join(rest))


def owner(found: Asset, workspace: str) -> str:
    """Where an asset lies, as keys have it: in a registry, in the workspace it names, or in ``workspace``."""
    if found.registry:
        return registry_owner(found.registry)
    return found.scope.workspace.lower() if found.scope is not None else workspace


def registry_owner(name: str) -> str:
    """What owns the assets of a registry, in the place of a workspace's name (none has a dot in it)."""
    return _REGISTRY_OWNER + name.lower()


def registry_of(owner: str) -> str:
    """The registry that owns assets kept under ``owner``; empty for a workspace."""
    return owner.removeprefix(_REGISTRY_OWNER) if owner.startswith(_REGISTRY_OWNER) else ""


def absolute(text: str, collection: str, owner: str, workspace: str) -> str:
    """A reference that ``owner`` wrote, as ``workspace`` can use it: complete unless both are the same."""
    if owner == workspace or not text.startswith("azureml:") or text.startswith(("azureml://", "azureml:/")):
        return text
    found = asset(text)
    if registry := registry_of(owner):
        return str(Asset(found.name, found.version, found.label, registry, collection))
    return str(Asset(found.name, found.version, found.label, "", collection, Scope(workspace=owner)))


def is_local(text: str) -> bool:
    """Whether ``text`` is a path on the writer's own machine."""
    try:
        return isinstance(parse(text), Local)
    except Invalid:
        return False


def local_path(text: str) -> str:
    """The path of a local reference, without ``file:``."""
    if text.startswith("file://"):
        return text[len("file://") :]
    return text.removeprefix("file:")


def to_arm(text: str, collection: str, scope: Scope) -> str:
    """The spelling Azure Resource Manager bodies use for a reference to something in ``collection``."""
    found = asset(text) if text.startswith("azureml:") and not text.startswith("azureml://") else None
    if found is None:
        return text
    if found.scope is not None:
        return str(ArmId(found.scope, found.collection or collection, found.name, found.version, found.label))
    return str(ArmId(scope, collection, found.name, found.version, found.label))


def from_arm(text: str, scope: Scope | None) -> str:
    """The YAML spelling of what ``to_arm`` wrote: short for the workspace ``scope``, complete for any other."""
    found = arm(text) if text.startswith("/") else None
    if found is None or not found.name:
        return text
    if scope is not None and scope.same(found.scope):
        return f"azureml:{Asset(found.name, found.version, found.label).short}"
    return f"azureml:{text}"


def _elsewhere(text: str) -> Reference:
    found = re.match(_SCHEME, text)
    if found is None or text.startswith("file:"):
        return Local(local_path(text))
    scheme = found["scheme"].lower()
    if scheme in SCHEMES:
        return Remote(text)
    if len(scheme) == 1:  # C:/data, a Windows path
        return Local(text)
    raise Invalid(f"{text!r} has the unknown scheme {scheme!r}; known are azureml, runs, file, {', '.join(SCHEMES)}")


def _uri(text: str) -> Reference:
    body = text[len("azureml://") :]
    if found := re.fullmatch(_DATASTORE, body):
        return DatastorePath(found["d"], found["p"] or "")
    if found := re.fullmatch(_JOB, body):
        return JobOutput(found["j"], found["o"], found["p"] or "")
    if found := re.fullmatch(_REGISTRY, body):
        return _versioned(found, registry=found["r"])
    if found := re.fullmatch(_LOCATION, body):
        return _versioned(found)
    if found := re.fullmatch(_WORKSPACE, body):
        return _in_workspace(text, found)
    raise _bad(text)


def _versioned(found: re.Match[str], registry: str = "") -> Asset:
    is_version = (found["k"] or "").lower() == "versions"
    version, label = (found["v"], "") if is_version else ("", found["v"] or "")
    return Asset(found["n"], version, label, registry, found["c"])


def _in_workspace(text: str, found: re.Match[str]) -> Reference:
    scope = Scope(found["s"], found["g"], found["w"])
    rest = (found["rest"] or "").strip("/")
    if place := re.fullmatch(_DATASTORE, rest):
        return DatastorePath(place["d"], (place["p"] or "") + ("/" if text.endswith("/") and place["p"] else ""), scope)
    if output := re.fullmatch(_JOB, rest):
        return JobOutput(output["j"], output["o"], output["p"] or "")
    parts = arm(f"{scope.id}/{rest}")
    if parts is None or not parts.name:
        raise _bad(text)
    return _of_arm(parts)


def _of_arm(found: ArmId) -> Asset:
    return Asset(found.name, found.version, found.label, "", found.collection, found.scope)


def _short(body: str, text: str) -> Asset:
    name, colon, version = body.partition(":")
    if colon:
        if not name or not version or ":" in version:
            raise _bad(text)
        return Asset(name, version)
    name, at, label = body.partition("@")
    if not name or (at and not label):
        raise _bad(text)
    return Asset(name, label=label)


def _bad(text: str) -> Invalid:
    return Invalid(
        f"{text!r} is not a reference; expected azureml:name:version, azureml:name@label, a resource id, "
        "azureml://registries/R/COLLECTION/N/versions/V, azureml://datastores/D/paths/P or azureml://jobs/J/outputs/O",
        target=text,
    )
