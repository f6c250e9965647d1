from __future__ import annotations

import pytest

from zaffre.core.errors import Invalid
from zaffre.core.refs import Scope
from zaffre.core.serving import DataCollector, Probe, RequestSettings, Resources

HERE = Scope("s", "g", "w")


def test_the_sampling_rate_is_repeated_in_each_collection() -> None:
    collector = DataCollector.from_yaml(
        {"collections": {"a": {"enabled": True}, "b": {"enabled": "False"}}, "sampling_rate": 0.5}
    )
    body = collector.to_arm(HERE)
    assert body == {
        "collections": {
            "a": {"dataCollectionMode": "enabled", "samplingRate": 0.5},
            "b": {"dataCollectionMode": "disabled", "samplingRate": 0.5},
        }
    }
    assert DataCollector.from_arm(body) == collector


def test_a_rate_is_a_share() -> None:
    with pytest.raises(Invalid, match="sampling_rate: input should be less than or equal to 1"):
        DataCollector.from_yaml({"collections": {}, "sampling_rate": 2})


def test_times_are_durations_in_arm() -> None:
    assert Probe(period=10, timeout=2).to_arm(HERE) == {"period": "PT10S", "timeout": "PT2S"}
    assert RequestSettings(request_timeout_ms=1500).to_arm(HERE) == {"requestTimeout": "PT1.5S"}


def test_kubernetes_own_word_for_gpus_is_understood() -> None:
    resources = Resources.from_yaml({"limits": {"nvidia.com/gpu": "1"}})
    assert resources.to_arm(HERE) == {"containerResourceLimits": {"gpu": "1"}}
    assert Resources.from_stored(resources.to_stored()) == resources
