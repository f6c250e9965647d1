from __future__ import annotations

import pytest

from zaffre.core.errors import Invalid
from zaffre.core.refs import Scope
from zaffre.kinds.compute.spec import Compute

HERE = Scope("s", "g", "w")


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (
            {"name": "c", "type": "amlcompute", "min_instances": 3, "max_instances": 2},
            "max_instances: expected at least 3",
        ),
        ({"name": "c", "type": "amlcompute", "max_instances": 0}, "max_instances: expected at least 1"),
        ({"name": "c", "type": "computeinstance", "max_instances": 2}, "unknown field for type computeinstance"),
        ({"name": "c", "type": "amlcompte"}, 'did you mean "amlcompute"?'),
        ({"name": "9", "type": "amlcompute"}, "name: expected 1 to 32 letters"),
        ({"name": "c"}, "type: required, but missing"),
    ],
)
def test_wrong_computes(document: dict[str, object], message: str) -> None:
    with pytest.raises(Invalid) as caught:
        Compute.from_yaml(document)
    assert message in str(caught.value)


def test_a_cluster_survives_arm() -> None:
    spec = Compute.from_yaml(
        {"name": "c", "type": "AmlCompute", "size": "x", "min_instances": 0, "max_instances": 3,
         "idle_time_before_scale_down": 120, "tier": "LowPriority", "ssh_public_access_enabled": False,
         "enable_node_public_ip": False, "location": "here", "tags": {"a": "b"}}
    )  # fmt: skip
    assert Compute.from_arm({"name": "c", **spec.to_arm(HERE)}, scope=HERE) == spec
