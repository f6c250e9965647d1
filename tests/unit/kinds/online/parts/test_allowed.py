"""What a replica may use, as Kubernetes writes it."""

from __future__ import annotations

import pytest

from zaffre.core.errors import Invalid
from zaffre.kinds.online.parts import allowed
from zaffre.kinds.online.spec import OnlineDeployment

DOCUMENT = {"name": "blue", "endpoint_name": "iris"}


def limits(**said):
    return allowed.limits(OnlineDeployment.from_yaml(DOCUMENT | {"type": "kubernetes"} | said))


@pytest.mark.parametrize(
    ("memory", "found"), [("200Mi", 200 * 1024**2), ("0.5Gi", 512 * 1024**2), ("1G", 10**9), ("20000000", 20_000_000)]
)
def test_memory_in_kubernetes_units(memory, found):
    assert limits(resources={"limits": {"memory": memory}}) == (found, None)
    managed = OnlineDeployment.from_yaml(
        DOCUMENT | {"instance_type": "x", "properties": {"zaffre.memory": memory, "zaffre.cpus": "250m"}}
    )
    assert allowed.limits(managed) == (found, 0.25)


def test_requests_are_no_limits():
    assert limits(resources={"requests": {"memory": "1Gi", "cpu": "1"}}) == (None, None)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"resources": {"limits": {"memory": "lots"}}}, "resources.limits.memory: expected an amount of memory"),
        ({"resources": {"limits": {"memory": "1Ki"}}}, "16Mi or more"),
        ({"resources": {"limits": {"cpu": "0"}}}, "resources.limits.cpu: expected a number of processors"),
        ({"properties": {"zaffre.cpus": "2x"}}, "properties.zaffre.cpus"),
    ],
)
def test_what_is_no_amount_is_refused_at_its_field(said, field):
    with pytest.raises(Invalid, match=field):
        limits(**said)
