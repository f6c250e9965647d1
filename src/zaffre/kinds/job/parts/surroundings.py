"""What a job is told about itself by its environment: as Azure ML and MLflow do, and for Azure's own libraries.

``DefaultAzureCredential()`` in a job asks at ``IDENTITY_ENDPOINT``, with a secret of this run's alone that ends with it.
What the tokens open is little, unless the job was given an ``identity``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from zaffre.core import cloud
from zaffre.core.shapes import ManagedIdentity, UserIdentity

NOBODY = "00000000-0000-0000-0000-000000000000"
"""The id of an identity where there is one only."""


class Run(Protocol):
    """What is asked of a run here."""

    @property
    def name(self) -> str:
        """Also its MLflow run's id."""
        ...

    @property
    def root(self) -> str | None:
        """The run at the top, of which this is a part."""
        ...

    @property
    def workspace(self) -> str:
        """Where it is."""
        ...

    @property
    def experiment(self) -> str:
        """Its experiment's name."""
        ...

    @property
    def facts(self) -> Mapping[str, Any]:
        """What was decided of it; here, its GPUs."""
        ...


@dataclass(frozen=True, slots=True)
class Platform:
    """What jobs are told about where they run."""

    mlflow_uri: str
    """With ``{ws}`` where the workspace goes."""
    subscription: str
    group: str
    environ: Mapping[str, str]
    """Locale, proxies, certificates, package index: what is passed on from the server's own environment."""
    enforce_sizes: bool = False
    """A job without limits of its own has those of its node's size."""
    pids: int = 0
    """Processes of a job that sets no limit; 0 is any number."""
    azure: Mapping[str, str] = field(default_factory=dict[str, str])
    """Where Azure's libraries find this server, and what they trust; empty where it has no HTTPS address."""


@dataclass(frozen=True, slots=True)
class Proofs:
    """What a run shows to prove itself."""

    token: str
    """To MLflow and for its own records."""
    secret: str
    """To have tokens made for an audience."""


def acts(spec: Any) -> bool:
    """Whether the job's tokens are to stand for whoever submitted it."""
    return isinstance(getattr(spec, "identity", None), ManagedIdentity | UserIdentity)


def environ(run: Run, spec: Any, platform: Platform, proofs: Proofs, experiment: str) -> dict[str, str]:
    """The variables that the platform sets, over which the job's own come."""
    gpus = {"CUDA_VISIBLE_DEVICES": ",".join(run.facts["gpus"])} if run.facts.get("gpus") else {}
    return {
        **platform.environ,
        **gpus,
        **_for_azure(spec, platform, proofs.secret),
        "MLFLOW_TRACKING_URI": platform.mlflow_uri.format(ws=run.workspace),
        "MLFLOW_TRACKING_TOKEN": proofs.token,
        "MLFLOW_RUN_ID": run.name,
        "MLFLOW_EXPERIMENT_ID": experiment,
        "MLFLOW_EXPERIMENT_NAME": run.experiment,
        "AZUREML_RUN_ID": run.name,
        "AZUREML_ROOT_RUN_ID": run.root or run.name,
        "AZUREML_RUN_TOKEN": proofs.token,
        "AZUREML_EXPERIMENT_ID": experiment,
        "AZUREML_ARM_SUBSCRIPTION": platform.subscription,
        "AZUREML_ARM_RESOURCEGROUP": platform.group,
        "AZUREML_ARM_WORKSPACE_NAME": run.workspace,
        "AZUREML_ARM_PROJECT_NAME": run.experiment,
    }


def _for_azure(spec: Any, platform: Platform, secret: str) -> dict[str, str]:
    """Two names for the same endpoint, since libraries know one and scripts of Azure's computes the other."""
    if not platform.azure:
        return {}
    endpoint = platform.azure["IDENTITY_ENDPOINT"]
    told = {**platform.azure, "IDENTITY_HEADER": secret, "MSI_ENDPOINT": endpoint, "MSI_SECRET": secret}
    told |= cloud.around_proxies(platform.environ, endpoint)
    identity = getattr(spec, "identity", None)
    if isinstance(identity, ManagedIdentity):
        told["DEFAULT_IDENTITY_CLIENT_ID"] = identity.client_id or NOBODY
    if isinstance(identity, UserIdentity):
        told["OBO_ENDPOINT"] = f"{endpoint.removesuffix('/token')}/behalf?key={secret}"
    return told
