"""``data_collector`` as orders for the host and as assets."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from zaffre.core.draft import Draft
from zaffre.core.errors import Invalid
from zaffre.core.resource import Key
from zaffre.core.serving import DataCollector
from zaffre.kinds.online.parts.collection import collected

KEY = Key("ws", "online-deployment", "blue", "e")


class _Places:
    def local_path(self, workspace: str, uri: str) -> str | None:
        return None if "datastores/away" in uri else f"/data/{workspace}/{uri.rpartition('/paths/')[2]}"


def _collected(**told):
    spec = SimpleNamespace(data_collector=DataCollector.from_yaml(told) if told else None)
    return collected(Draft(KEY, spec, None, "user", 0.0), _Places())


def test_nothing_is_collected_unless_it_is_enabled():
    assert _collected() == {}
    assert _collected(collections={"a": {"enabled": "false"}}) == {}


def test_azures_places_names_and_words():
    told = _collected(
        collections={"model_inputs": {"enabled": "True"}, "off": {"enabled": False}},
        sampling_rate=0.25,
        rolling_rate="Day",
    )
    assert told["collections"] == {
        "model_inputs": {
            "folder": "/data/ws/modelDataCollector/e/blue/model_inputs",
            "address": "azureml://datastores/workspaceblobstore/paths/modelDataCollector/e/blue/model_inputs",
            "rate": 0.25,
        }
    }
    assert told["rolling"] == "day"
    assert told["source"].endswith("/workspaces/ws/onlineEndpoints/e/deployments/blue")
    assert [(one["name"], one["version"]) for one in told["assets"]] == [("e-blue-model_inputs", "1")]


def test_a_place_of_ones_own():
    data = {"name": "mine", "version": "4", "path": "azureml://datastores/kept/paths/here"}
    told = _collected(collections={"a": {"enabled": True, "data": data}})
    assert told["assets"] == [data]
    assert told["collections"]["a"]["folder"] == "/data/ws/here"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"path": "/tmp/x"}, "expected azureml://datastores/NAME/paths/FOLDER"),
        ({"path": "azureml://datastores/away/paths/x"}, "lies in a store elsewhere"),
    ],
)
def test_what_cannot_be_written_to_is_refused_by_its_field(data, said):
    with pytest.raises(Invalid, match=said) as refused:
        _collected(collections={"a": {"enabled": True, "data": data}})
    assert refused.value.problems[0].field == "data_collector.collections.a.data.path"


def test_at_most_five_beside_the_payloads():
    names = [f"c{n}" for n in range(6)]
    with pytest.raises(Invalid, match="at most 5"):
        _collected(collections={name: {"enabled": True} for name in names})
    five = {name: {"enabled": True} for name in [*names[:5], "request", "response"]}
    assert len(_collected(collections=five)["collections"]) == 7
