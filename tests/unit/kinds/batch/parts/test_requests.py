"""What Azure's scoring address is sent, in every spelling, and a schedule's definition there and back."""

from __future__ import annotations

from typing import Any

import pytest

from zaffre.core.errors import Invalid
from zaffre.kinds.batch.parts import requests
from zaffre.kinds.batch.spec import Invocation

WS = "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w"
STORE = f"{WS}/datastores/b"


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        (
            {"InputData": {"d": {"JobInputType": "UriFolder", "Uri": "azureml:x@latest"}}},
            {"inputs": {"d": {"type": "uri_folder", "path": "azureml:x@latest"}}},
        ),
        (
            {"inputData": {"UriFile": {"jobInputType": "UriFile", "uri": f"azureml:{WS}/datastores/b/paths/a/b.csv"}}},
            {"inputs": {"UriFile": {"type": "uri_file", "path": "azureml://datastores/b/paths/a/b.csv"}}},
        ),
        (
            {"inputData": {"n": {"jobInputType": "Literal", "value": 3}}},
            {"inputs": {"n": {"type": "string", "default": 3}}},
        ),
        (
            {"dataset": {"dataInputType": "DataUrl", "Path": "https://x.example/d"}},
            {"inputs": {"data": {"path": "https://x.example/d"}}},
        ),
        (
            {"dataset": {"dataInputType": "DatasetVersion", "DatasetName": "x", "DatasetVersion": "2"}},
            {"inputs": {"data": {"path": "azureml:x:2"}}},
        ),
        (
            {"OutputData": {"o": {"JobOutputType": "UriFolder", "Uri": f"azureml:{STORE}/paths/there/", "Mode": "Upload"}}},
            {"outputs": {"o": {"type": "uri_folder", "path": "azureml://datastores/b/paths/there", "mode": "upload"}}},
        ),
        (
            {"outputDataset": {"datastoreId": f"azureml:{WS}/datastores/b", "path": "/e/"}, "outputFileName": "p.csv"},
            {"outputs": {"score": {"type": "uri_folder", "path": "azureml://datastores/b/paths/e"}},
             "output_file_name": "p.csv"},
        ),
        (
            {"MiniBatchSize": 20, "compute": {"instanceCount": 5}, "retrySettings": {"maxRetries": 1, "timeout": "PT30S"}},
            {"mini_batch_size": 20, "instance_count": 5, "retry_settings": {"max_retries": 1, "timeout": 30}},
        ),
        (
            {"name": "j", "properties": {"experimentName": "x"}, "outputAction": "SummaryOnly"},
            {"job_name": "j", "experiment_name": "x", "output_action": "summary_only"},
        ),
    ],
)  # fmt: skip
def test_a_request_is_read(properties: dict[str, Any], expected: dict[str, Any]) -> None:
    found = requests.read({"properties": properties})
    assert found == expected
    Invocation.from_yaml(found)


def test_an_asset_by_its_location_is_one_of_this_workspace() -> None:
    uri = "azureml://locations/local/workspaces/w/data/x/versions/labels/latest"
    found = requests.read({"properties": {"InputData": {"d": {"JobInputType": "UriFolder", "Uri": uri}}}})
    assert found["inputs"]["d"]["path"] == "azureml://locations/local/workspaces/w/data/x/labels/latest"


def test_an_unknown_type_is_named() -> None:
    with pytest.raises(Invalid, match="UriFile, UriFolder"):
        requests.read({"properties": {"InputData": {"d": {"JobInputType": "Blob", "Uri": "x"}}}})


def test_nothing_said_is_nothing_asked() -> None:
    assert requests.read({}) == requests.read({"properties": {}}) == {}


def test_a_schedule_s_definition_there_and_back() -> None:
    said = {
        "endpoint_name": "e",
        "deployment_name": "d",
        "inputs": {"a": {"type": "mltable", "path": "azureml:t:1"}, "n": {"type": "string", "default": "x"}},
        "outputs": {"score": {"type": "uri_folder", "path": "azureml://datastores/b/paths/x"}},
        "mini_batch_size": 3,
        "instance_count": 2,
        "retry_settings": {"max_retries": 0, "timeout": 60},
        "experiment_name": "mine",
    }
    assert requests.definition(requests.write(said)) == said
    by_id = {"endpointId": f"{WS}/batchEndpoints/e", "properties": {"InputData": {}}}
    assert requests.definition(by_id) == {"endpoint_name": "e"}
