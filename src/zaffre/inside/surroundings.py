"""Where the server is and what opens it: told to a job by its variables, else by the user's own settings."""

from __future__ import annotations

import json
import os
from typing import Mapping, NamedTuple, Optional

_SUBSCRIPTION = "00000000-0000-0000-0000-000000000000"


class Surroundings(NamedTuple):
    """What every call needs to know."""

    url: str
    token: str
    workspace: str
    subscription: str
    group: str
    run: str
    """The job's name; empty outside a job."""
    experiment: str = ""
    experiment_id: str = ""

    @property
    def tracking_uri(self) -> str:
        """Where MLflow's protocol is spoken for this workspace."""
        scope = "subscriptions/%s/resourceGroups/%s/providers/Microsoft.MachineLearningServices/workspaces/%s"
        return self.url + "/mlflow/v1.0/" + scope % (self.subscription, self.group, self.workspace)


def of_job(environ: Optional[Mapping[str, str]] = None) -> Optional[Surroundings]:
    """Those of the job that this process is part of; None outside one."""
    told = os.environ if environ is None else environ
    run, token = told.get("AZUREML_RUN_ID", ""), told.get("AZUREML_RUN_TOKEN") or told.get("MLFLOW_TRACKING_TOKEN", "")
    url = told.get("MLFLOW_TRACKING_URI", "").partition("/mlflow/")[0]
    if not (run and token and url):
        return None
    return Surroundings(
        url=url.rstrip("/"),
        token=token,
        workspace=told.get("AZUREML_ARM_WORKSPACE_NAME", "default"),
        subscription=told.get("AZUREML_ARM_SUBSCRIPTION", _SUBSCRIPTION),
        group=told.get("AZUREML_ARM_RESOURCEGROUP", "local"),
        run=run,
        experiment=told.get("MLFLOW_EXPERIMENT_NAME") or told.get("AZUREML_ARM_PROJECT_NAME", ""),
        experiment_id=told.get("MLFLOW_EXPERIMENT_ID", ""),
    )


def of_user(environ: Optional[Mapping[str, str]] = None) -> Surroundings:
    """Those of whoever works with the ``zaffre`` command: ``ZAFFRE_URL`` and ``ZAFFRE_TOKEN``, else the home directory."""
    told = os.environ if environ is None else environ
    url, token = told.get("ZAFFRE_URL", ""), told.get("ZAFFRE_TOKEN", "")
    if not url:
        home = os.path.abspath(os.path.expanduser(told.get("ZAFFRE_HOME") or "~/.zaffre"))
        try:
            with open(os.path.join(home, "server.json"), encoding="utf-8") as known:
                url = str(json.load(known)["server_url"])
            with open(os.path.join(home, "token"), encoding="utf-8") as held:
                token = held.read().strip()
        except (OSError, ValueError, KeyError, TypeError):
            raise ConnectionError("There is no Zaffre server in %s; zaffre up starts one." % home) from None
    workspace = told.get("ZAFFRE_WORKSPACE") or "default"
    return Surroundings(url.rstrip("/"), token, workspace, _SUBSCRIPTION, "local", "")


def found(environ: Optional[Mapping[str, str]] = None) -> Surroundings:
    """The job's, else the user's."""
    return of_job(environ) or of_user(environ)
