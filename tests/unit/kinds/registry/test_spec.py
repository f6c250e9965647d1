from __future__ import annotations

from zaffre.core.refs import Scope
from zaffre.kinds.registry.spec import Registry

HERE = Scope("s", "g", "w", "here")


def test_it_survives_arm() -> None:
    spec = Registry.from_yaml(
        {"name": "one", "location": "x", "description": "d", "tags": {"a": "b"}, "public_network_access": "Disabled"}
    )
    body = spec.to_arm(HERE)
    assert body["properties"]["publicNetworkAccess"] == "Disabled"
    assert Registry.from_arm({"name": "one", **body}, scope=HERE) == spec
