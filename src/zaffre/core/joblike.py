"""What jobs of several types share: where and with what they run, spread over processes, queued and reached."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Tag

from zaffre.core import refs
from zaffre.core.plain import is_list, mapping_of
from zaffre.core.refs import Scope
from zaffre.core.spelling import Arm, renamed
from zaffre.core.wire import Spec, by_type


@dataclass(frozen=True, slots=True)
class ComputeRef:
    """A compute's bare name means the same as ``azureml:name``; ``local`` is no compute of the workspace."""

    def out(self, value: Any, scope: Scope) -> Any:
        """The resource id, or nothing for ``local``."""
        if not isinstance(value, str) or value == "local":
            return None
        if value.startswith(("/", "azureml:", "${{")):
            return refs.to_arm(value, "computes", scope)
        return f"{scope.id}/computes/{value}"

    def back(self, value: Any, scope: Scope | None) -> Any:
        """``azureml:name``."""
        return refs.from_arm(value, scope) if isinstance(value, str) else value


def compute_name(text: str) -> str:
    """The bare name that a ``compute:`` field means."""
    found = refs.parse(text) if text.startswith(("azureml:", "/")) else None
    return found.name if isinstance(found, refs.Asset) else text


class JobResources(Spec):
    """How many nodes of which size."""

    arm_always: ClassVar[dict[str, Any]] = {"properties": {}}

    instance_count: int | None = None
    instance_type: str | None = None
    properties: dict[str, Any] | None = None
    locations: list[str] | None = None
    max_instance_count: int | None = None
    shm_size: str | None = None
    docker_args: Annotated[str | list[str] | None, Arm()] = None

    def to_arm(self, scope: Scope) -> dict[str, Any]:
        """A list of Docker arguments has a field of its own."""
        body = super().to_arm(scope)
        if is_list(self.docker_args):
            body["dockerArgsList"] = self.docker_args
        elif self.docker_args is not None:
            body["dockerArgs"] = self.docker_args
        return body

    @classmethod
    def arm_to_yaml(cls, body: Mapping[str, Any], scope: Scope | None) -> dict[str, Any]:
        """Either field becomes ``docker_args``."""
        data = super().arm_to_yaml(body, scope)
        found = body.get("dockerArgsList") or body.get("dockerArgs")
        return data | {"docker_args": found} if found else data


_KIND = Arm("distributionType")


class PyTorch(Spec):
    """One process group, as torchrun starts it."""

    type: Annotated[Literal["pytorch"], _KIND, renamed({"pytorch": "PyTorch"})]
    process_count_per_instance: int | None = None


class TensorFlow(Spec):
    """Workers and parameter servers, told of each other by TF_CONFIG."""

    type: Annotated[Literal["tensorflow"], _KIND, renamed({"tensorflow": "TensorFlow"})]
    parameter_server_count: int = 0
    worker_count: int | None = None


class Mpi(Spec):
    """Ranks, as mpirun starts them."""

    type: Annotated[Literal["mpi"], _KIND, renamed({"mpi": "Mpi"})]
    process_count_per_instance: int | None = None


class Ray(Spec):
    """A Ray cluster of the job's nodes."""

    type: Annotated[Literal["ray"], _KIND, renamed({"ray": "Ray"})]
    port: int | None = None
    address: str | None = None
    include_dashboard: bool | None = None
    dashboard_port: int | None = None
    head_node_additional_args: str | None = None
    worker_node_additional_args: str | None = None


class Dask(Spec):
    """A Dask cluster of the job's nodes; Azure ML has none."""

    type: Annotated[Literal["dask"], _KIND, renamed({"dask": "Dask"})]
    process_count_per_instance: int | None = None
    """Workers of each node."""
    threads_per_process: int | None = None
    include_dashboard: bool | None = None


Distribution = Annotated[
    Annotated[PyTorch, Tag("pytorch")]
    | Annotated[TensorFlow, Tag("tensorflow")]
    | Annotated[Mpi, Tag("mpi")]
    | Annotated[Ray, Tag("ray")]
    | Annotated[Dask, Tag("dask")],
    by_type("pytorch", "tensorflow", "mpi", "ray", "dask"),
]


class Queue(Spec):
    """Where in the queue."""

    job_tier: Annotated[
        Literal["null", "spot", "basic", "standard", "premium"] | None,
        renamed({"null": "Null", "spot": "Spot", "basic": "Basic", "standard": "Standard", "premium": "Premium"}),
    ] = None
    priority: Annotated[Literal["low", "medium", "high"] | None, renamed({"low": 1, "medium": 2, "high": 3})] = None


class JobService(Spec):
    """A way into the running job: a notebook, a terminal, a board."""

    ignored: ClassVar[frozenset[str]] = frozenset({"endpoint", "status", "error_message"})

    type: Annotated[
        str | None,
        Arm("jobServiceType"),
        renamed(
            {"jupyter_lab": "JupyterLab", "ssh": "SSH", "tensor_board": "TensorBoard", "vs_code": "VSCode"}
            | {"custom": "Custom", "tracking": "Tracking", "studio": "Studio"}
        ),
    ] = None
    nodes: Annotated[str | None, Arm()] = None
    port: int | None = None
    properties: dict[str, Any] | None = None
    log_dir: Annotated[str | None, Arm("properties.logDir")] = None
    ssh_public_keys: Annotated[str | None, Arm("properties.sshPublicKeys")] = None

    def to_arm(self, scope: Scope) -> dict[str, Any]:
        """``nodes: all`` is an object in ARM."""
        body = super().to_arm(scope)
        return body | {"nodes": {"nodesValueType": "All"}} if self.nodes else body

    @classmethod
    def arm_to_yaml(cls, body: Mapping[str, Any], scope: Scope | None) -> dict[str, Any]:
        """The log folder and the keys leave the properties again."""
        data = super().arm_to_yaml(body, scope)
        found = mapping_of(data.pop("properties", None))
        left = {key: value for key, value in found.items() if key not in _SERVICE_KEYS}
        return data | ({"properties": left} if left else {}) | ({"nodes": "all"} if body.get("nodes") else {})


_SERVICE_KEYS = ("logDir", "sshPublicKeys")
