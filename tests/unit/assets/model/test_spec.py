from __future__ import annotations

import pytest

from zaffre.assets.model.spec import Model
from zaffre.core.errors import Invalid
from zaffre.core.refs import Scope

HERE = Scope("s", "g", "w")
GOOD = {
    "name": "x",
    "version": 3,
    "path": "azureml://jobs/j/outputs/o",
    "type": "mlflow_model",
    "flavors": {"f": {"v": "1"}},
    "tags": {"a": "b"},
    "stage": "Production",
}


def test_it_survives_arm_and_storage() -> None:
    spec = Model.from_yaml(GOOD)
    assert spec.version == "3"
    assert Model.from_stored(spec.to_stored()) == spec
    body = {"id": f"{HERE.id}/models/x/versions/3", "name": "3", **spec.to_arm(HERE)}
    found = Model.from_arm(body, scope=HERE)
    assert (found.name, found.version) == ("x", "3")
    assert found.to_arm(HERE) == spec.to_arm(HERE)


def test_mistakes_are_named() -> None:
    with pytest.raises(Invalid, match="name: required, but missing"):
        Model.from_yaml({"path": "x"})
