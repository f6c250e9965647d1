"""Runs in the official client's interpreter: a request a line on standard input, its answer a line on standard output.

Nothing of Zaffre is imported. Every request is what somebody would write in a script for Azure.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import azure.ai.ml as official
from azure.ai.ml import MLClient
from azure.ai.ml.entities._data_import.data_import import DataImport
from azure.ai.ml.entities._load_functions import (
    load_common,
    load_model_batch_deployment,
    load_pipeline_component_batch_deployment,
    load_schedule,
)
from azure.core.exceptions import HttpResponseError
from azure.identity import DefaultAzureCredential

Asked = dict[str, Any]
_SUBSCRIPTION = "00000000-0000-0000-0000-000000000000"
_LONGEST = 200_000


def main() -> None:
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what the client prints of its own must not be taken for an answer
    ml = MLClient(DefaultAzureCredential(), _SUBSCRIPTION, "local", "default")
    for line in sys.stdin:
        out.write(json.dumps(_told(ml, json.loads(line)), default=str) + "\n")
        out.flush()


def _told(ml: MLClient, asked: Asked) -> dict[str, Any]:
    printed = io.StringIO()
    here = Path.cwd()
    try:
        with contextlib.redirect_stdout(printed):
            answer = _DONE[asked["do"]](ml, asked)
        told = {"unknown": True} if answer is NotImplemented else {"answer": answer}
    except Exception as error:  # noqa: BLE001 - whatever the client raises is its verdict
        traceback.print_exc()
        told = {"refused": f"{type(error).__name__}: {error}"[-4000:], "status": _status(error)}
    finally:
        os.chdir(here)
    return {**told, "printed": printed.getvalue()[-_LONGEST:]}


def _status(error: BaseException | None) -> int:
    """Of the answer that this was raised for, however it was wrapped."""
    while error is not None:
        if isinstance(error, HttpResponseError) and error.status_code:
            return int(error.status_code)
        error = error.__cause__ or error.__context__
    return 0


def _submit(ml: MLClient, asked: Asked) -> str:
    return str(ml.jobs.create_or_update(_read(official.load_job, asked)).name)


def _stream(ml: MLClient, asked: Asked) -> None:
    ml.jobs.stream(asked["name"])


def _cancel(ml: MLClient, asked: Asked) -> None:
    ml.jobs.begin_cancel(asked["name"]).result()


def _job(ml: MLClient, asked: Asked) -> dict[str, Any]:
    job = ml.jobs.get(asked["name"])
    return {name: getattr(job, name) for name in ("status", "tags", "display_name", "experiment_name")}


def _download(ml: MLClient, asked: Asked) -> None:
    ml.jobs.download(asked["name"], download_path=asked["folder"], all=True)


def _deploy(ml: MLClient, asked: Asked) -> None:
    ml.online_deployments.begin_create_or_update(_read(official.load_online_deployment, asked)).result()
    _share(ml, asked["endpoint"], {asked["name"]: 100})


def _invoke(ml: MLClient, asked: Asked) -> str:
    endpoint, name = asked["endpoint"], asked["name"]
    return ml.online_endpoints.invoke(endpoint, request_file=asked["request"], deployment_name=name)


def _remove(ml: MLClient, asked: Asked) -> None:
    _share(ml, asked["endpoint"], {asked["name"]: 0})
    ml.online_deployments.begin_delete(asked["name"], asked["endpoint"]).result()


def _trigger(ml: MLClient, asked: Asked) -> str:
    return ml.schedules.trigger(asked["name"]).job_name


def _unschedule(ml: MLClient, asked: Asked) -> None:
    ml.schedules.begin_disable(asked["name"]).result()
    ml.schedules.begin_delete(asked["name"]).result()


def _share(ml: MLClient, name: str, traffic: dict[str, int]) -> None:
    endpoint = ml.online_endpoints.get(name)
    endpoint.traffic = traffic
    ml.online_endpoints.begin_create_or_update(endpoint).result()


def _send(ml: MLClient, asked: Asked) -> Any:
    """A document to where its kind goes; what it would set going is stopped again."""
    sent = _SENT.get(asked["kind"])
    return NotImplemented if sent is None else sent(ml, asked)


def _sent_job(ml: MLClient, asked: Asked) -> str:
    name = _submit(ml, asked)
    ml.jobs.begin_cancel(name)
    return name


def _sent_deployment(ml: MLClient, asked: Asked) -> None:
    deployment = _read(official.load_online_deployment, asked)
    ml.online_deployments.begin_create_or_update(deployment)
    ml.online_deployments.begin_delete(deployment.name, deployment.endpoint_name).result()


def _ask(ml: MLClient, asked: Asked) -> str:
    inputs = {name: official.Input(**said) for name, said in asked["inputs"].items()}
    os.chdir(asked["folder"])
    return str(ml.batch_endpoints.invoke(asked["endpoint"], deployment_name=asked["name"], inputs=inputs or None).name)


def _sent_batch_deployment(ml: MLClient, asked: Asked) -> None:
    said = Path(asked["path"]).read_text(encoding="utf-8")
    loaders = {"model": load_model_batch_deployment, "pipeline": load_pipeline_component_batch_deployment}
    kind = next((name for name in loaders if f"\ntype: {name}\n" in f"\n{said}\n"), "")
    deployment = _read(loaders.get(kind, official.load_batch_deployment), asked)
    ml.batch_deployments.begin_create_or_update(deployment).result()


def _sent_data_import(ml: MLClient, asked: Asked) -> None:
    ml.data.import_data(
        _read(lambda path, params_override: load_common(DataImport, path, None, params_override), asked)
    )


def _sent_package(ml: MLClient, asked: Asked) -> None:
    ml.models.package("model", "1", _read(official.load_model_package, asked))


def _sent_workspace(ml: MLClient, asked: Asked) -> None:
    ml.workspaces.begin_create(_read(official.load_workspace, asked)).result()


def _sent_registry(ml: MLClient, asked: Asked) -> None:
    ml.registries.begin_create(_read(official.load_registry, asked)).result()


def _read(load: Callable[..., Any], asked: Asked) -> Any:
    """As from a shell in the document's folder: what is relative to neither file nor code is relative to it."""
    path = Path(asked["path"])
    os.chdir(path.parent)
    return load(path, params_override=asked.get("overrides") or [])


def _kept(operations: str, load: Callable[..., Any]) -> Callable[[MLClient, Asked], None]:
    def send(ml: MLClient, asked: Asked) -> None:
        getattr(ml, operations).create_or_update(_read(load, asked))

    return send


def _begun(operations: str, load: Callable[..., Any]) -> Callable[[MLClient, Asked], None]:
    def send(ml: MLClient, asked: Asked) -> None:
        getattr(ml, operations).begin_create_or_update(_read(load, asked)).result()

    return send


_JOBS = ("command", "sweep", "pipeline", "automl", "spark", "finetuning", "distillation")
_SENT: dict[str, Callable[[MLClient, Asked], Any]] = {
    **dict.fromkeys(_JOBS, _sent_job),
    "component": _kept("components", official.load_component),
    "data": _kept("data", official.load_data),
    "environment": _kept("environments", official.load_environment),
    "model": _kept("models", official.load_model),
    "connection": _kept("connections", official.load_connection),
    "datastore": _kept("datastores", official.load_datastore),
    "compute": _begun("compute", official.load_compute),
    "online-endpoint": _begun("online_endpoints", official.load_online_endpoint),
    "online-deployment": _sent_deployment,
    "batch-endpoint": _begun("batch_endpoints", official.load_batch_endpoint),
    "batch-deployment": _sent_batch_deployment,
    "serverless-endpoint": _begun("serverless_endpoints", official.load_serverless_endpoint),
    "schedule": _begun("schedules", load_schedule),
    "feature-set": _begun("feature_sets", official.load_feature_set),
    "feature-store-entity": _begun("feature_store_entities", official.load_feature_store_entity),
    "data-import": _sent_data_import,
    "model-package": _sent_package,
    "workspace": _sent_workspace,
    "registry": _sent_registry,
}
"""By our name of the kind."""
_DONE: dict[str, Callable[[MLClient, Asked], Any]] = {
    "submit": _submit,
    "stream": _stream,
    "cancel": _cancel,
    "job": _job,
    "download": _download,
    "deploy": _deploy,
    "invoke": _invoke,
    "remove": _remove,
    "deploy_batch": _sent_batch_deployment,
    "ask": _ask,
    "trigger": _trigger,
    "unschedule": _unschedule,
    "send": _send,
}


if __name__ == "__main__":
    main()
