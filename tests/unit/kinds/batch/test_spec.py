"""A batch deployment in both spellings, and what does not go together in one."""

from __future__ import annotations

from typing import Any

import pytest

from zaffre.core.errors import Invalid
from zaffre.core.refs import Scope
from zaffre.kinds.batch.spec import BatchDeployment, BatchEndpoint

SCOPE = Scope("s", "g", "w")
ID = "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w"
MODEL: dict[str, Any] = {
    "name": "d",
    "endpoint_name": "e",
    "type": "model",
    "model": "azureml:m:1",
    "compute": "azureml:c",
    "settings": {
        "mini_batch_size": 5,
        "output_action": "append_row",
        "output_file_name": "p.csv",
        "retry_settings": {"max_retries": 1, "timeout": 90},
        "logging_level": "info",
    },
}
PIPELINE: dict[str, Any] = {
    "name": "d",
    "endpoint_name": "e",
    "type": "pipeline",
    "component": "azureml:p:2",
    "settings": {"default_compute": "c", "continue_on_step_failure": False},
}


def test_a_model_as_azure_has_it_and_back() -> None:
    body = BatchDeployment.from_yaml(MODEL).to_arm(SCOPE)
    properties = body["properties"]
    assert properties["model"] == {"referenceType": "Id", "assetId": f"{ID}/models/m/versions/1"}
    assert properties["compute"] == f"{ID}/computes/c"
    assert (properties["miniBatchSize"], properties["outputAction"], properties["outputFileName"]) == (
        5,
        "AppendRow",
        "p.csv",
    )
    assert properties["retrySettings"] == {"maxRetries": 1, "timeout": "PT1M30S"}
    read = BatchDeployment.from_arm({**body, "id": f"{ID}/batchEndpoints/e/deployments/d", "name": "d"}, scope=SCOPE)
    assert read.to_yaml() == BatchDeployment.from_yaml(MODEL).to_yaml()


def test_settings_at_the_top_mean_the_same() -> None:
    old = {key: value for key, value in MODEL.items() if key not in ("type", "settings")} | MODEL["settings"]
    assert BatchDeployment.from_yaml(old).to_arm(SCOPE) == BatchDeployment.from_yaml(MODEL).to_arm(SCOPE)


def test_what_rest_callers_write_as_text_is_read() -> None:
    properties = {
        "model": {"referenceType": "Id", "assetId": f"{ID}/models/m/versions/1"},
        "miniBatchSize": "5", "maxConcurrencyPerInstance": "4", "errorThreshold": "10", "loggingLevel": "Info",
        "compute": f"{ID}/computes/c", "resources": {"instanceCount": 2},
    }  # fmt: skip
    read = BatchDeployment.from_arm({"name": "d", "properties": properties}, scope=SCOPE)
    assert read.settings.to_yaml() == {
        "mini_batch_size": 5, "max_concurrency_per_instance": 4, "error_threshold": 10, "logging_level": "info",
    }  # fmt: skip
    assert read.resources.instance_count == 2


def test_a_pipeline_as_azure_has_it_and_back() -> None:
    body = BatchDeployment.from_yaml(PIPELINE).to_arm(SCOPE)
    told = body["properties"]["deploymentConfiguration"]
    assert told["componentId"] == {"referenceType": "Id", "assetId": f"{ID}/components/p/versions/2"}
    read = BatchDeployment.from_arm({**body, "id": f"{ID}/batchEndpoints/e/deployments/d", "name": "d"}, scope=SCOPE)
    assert read.to_yaml() == PIPELINE
    service = {"ComponentDeployment.Settings.continue_on_step_failure": "True", "default_compute": "c"}
    body["properties"]["deploymentConfiguration"]["settings"] = service
    again = BatchDeployment.from_arm({**body, "name": "d"}, scope=SCOPE)
    assert again.settings.to_yaml() == {"default_compute": "c", "continue_on_step_failure": True}


@pytest.mark.parametrize(
    ("more", "field", "told"),
    [
        ({"compute": None}, "compute", "required for type model"),
        (
            {"settings": {"output_action": "summary_only", "output_file_name": "x"}},
            "settings.output_file_name",
            "leave",
        ),
        (
            {"resources": {"instance_count": 1}, "settings": {"instance_count": 1}},
            "settings.instance_count",
            "leave one",
        ),
        ({"settings": {"default_compute": "c"}}, "settings.default_compute", "of type pipeline"),
        ({"settings": {"mini_batch_size": 0}}, "settings.mini_batch_size", "greater than or equal to 1"),
        ({"settings": {"error_threshold": -2}}, "settings.error_threshold", "greater than or equal to -1"),
        ({"settings": {"mini_batch": 1}}, "settings.mini_batch", "unknown field"),
        ({"type": "pipeline"}, "component", "required for type pipeline"),
        ({"type": "pipeline", "component": "azureml:p:1", "job_definition": "azureml:j"}, "job_definition", "exclude"),
    ],
)
def test_what_does_not_go_together(more: dict[str, Any], field: str, told: str) -> None:
    wanted = {key: value for key, value in {**MODEL, **more}.items() if value is not None}
    with pytest.raises(Invalid) as caught:
        BatchDeployment.from_yaml(wanted)
    found = {one.field: one.message for one in caught.value.problems}
    assert told in found.get(field, ""), found


def test_an_endpoint_names_its_default() -> None:
    body = BatchEndpoint.from_yaml(
        {"name": "e", "defaults": {"deployment_name": "d"}, "auth_mode": "aad_token"}
    ).to_arm(SCOPE)
    assert body["properties"]["defaults"] == {"deploymentName": "d"}
    assert body["properties"]["authMode"] == "AADToken"
    with pytest.raises(Invalid):
        BatchEndpoint.from_yaml({"name": "no_underscores"})
