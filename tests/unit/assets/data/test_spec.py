from __future__ import annotations

import pytest

from zaffre.assets.data.spec import Data
from zaffre.core.errors import Invalid
from zaffre.core.refs import Scope

HERE = Scope("s", "g", "w")
GOOD = {"name": "x", "version": 3, "path": "azureml://datastores/d/paths/p", "type": "URI_FILE", "tags": {"a": "b"}}


def test_it_survives_arm_and_storage() -> None:
    spec = Data.from_yaml(GOOD)
    assert spec.version == "3"
    assert Data.from_stored(spec.to_stored()) == spec
    body = {"id": f"{HERE.id}/datas/x/versions/3", "name": "3", **spec.to_arm(HERE)}
    found = Data.from_arm(body, scope=HERE)
    assert (found.name, found.version) == ("x", "3")
    assert found.to_arm(HERE) == spec.to_arm(HERE)


def test_mistakes_are_named() -> None:
    with pytest.raises(Invalid, match="path: required, but missing"):
        Data.from_yaml({"name": "x"})
