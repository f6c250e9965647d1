from __future__ import annotations

import pytest

from zaffre.assets.code.spec import Code
from zaffre.core.errors import Invalid
from zaffre.core.refs import Scope

HERE = Scope("s", "g", "w")
GOOD = {"name": "x", "version": 3, "path": "azureml://datastores/d/paths/p", "properties": {"hash_sha256": "h"}}


def test_it_survives_arm_and_storage() -> None:
    spec = Code.from_yaml(GOOD)
    assert spec.version == "3"
    assert Code.from_stored(spec.to_stored()) == spec
    body = {"id": f"{HERE.id}/codes/x/versions/3", "name": "3", **spec.to_arm(HERE)}
    found = Code.from_arm(body, scope=HERE)
    assert (found.name, found.version) == ("x", "3")
    assert found.to_arm(HERE) == spec.to_arm(HERE)


def test_mistakes_are_named() -> None:
    with pytest.raises(Invalid, match='pth: unknown field; did you mean "path"'):
        Code.from_yaml({"name": "x", "pth": "y"})
