from __future__ import annotations

import pytest

from zaffre.assets.environment.spec import Environment
from zaffre.core.errors import Invalid
from zaffre.core.refs import Scope

HERE = Scope("s", "g", "w")
GOOD = {
    "name": "x",
    "version": 3,
    "image": "i",
    "conda_file": {"dependencies": ["python=3.11", {"pip": ["a"]}]},
    "os_type": "Linux",
}


def test_it_survives_arm_and_storage() -> None:
    spec = Environment.from_yaml(GOOD)
    assert spec.version == "3"
    assert Environment.from_stored(spec.to_stored()) == spec
    body = {"id": f"{HERE.id}/environments/x/versions/3", "name": "3", **spec.to_arm(HERE)}
    found = Environment.from_arm(body, scope=HERE)
    assert (found.name, found.version) == ("x", "3")
    assert found.to_arm(HERE) == spec.to_arm(HERE)


def test_mistakes_are_named() -> None:
    with pytest.raises(Invalid, match="found a conda file"):
        Environment.from_yaml({"name": "x", "dependencies": []})
