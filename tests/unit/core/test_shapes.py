from __future__ import annotations

import pytest

from zaffre.core.errors import Invalid
from zaffre.core.refs import Scope
from zaffre.core.shapes import JobIdentity, Resource, ResourceIdentity, VersionedAsset
from zaffre.core.wire import Spec

HERE = Scope("s", "g", "w")


class Holder(Spec):
    identity: JobIdentity | None = None


@pytest.mark.parametrize(
    ("said", "word", "arm"),
    [
        ("managed", "managed", "Managed"),
        ("managed_identity", "managed", "Managed"),
        ("AMLToken", "aml_token", "AMLToken"),
        ("UserIdentity", "user_identity", "UserIdentity"),
    ],
)
def test_identities_of_jobs(said: str, word: str, arm: str) -> None:
    holder = Holder.from_yaml({"identity": {"type": said}})
    assert holder.to_yaml() == {"identity": {"type": word}}
    assert holder.to_arm(HERE) == {"identity": {"identityType": arm}}
    assert Holder.from_arm(holder.to_arm(HERE)) == holder


def test_an_unknown_identity_is_refused() -> None:
    with pytest.raises(Invalid, match=r"identity\.type: expected one of"):
        Holder.from_yaml({"identity": {"type": "nobody"}})


def test_arm_keys_assigned_identities_by_id() -> None:
    identity = ResourceIdentity.from_yaml({"type": "UserAssigned", "user_assigned_identities": [{"resource_id": "/x"}]})
    body = identity.to_arm(HERE)
    assert body == {"type": "UserAssigned", "userAssignedIdentities": {"/x": {}}}
    assert ResourceIdentity.from_arm(body) == identity


def test_name_and_version_come_from_the_envelope() -> None:
    body = {"id": f"{HERE.id}/data/d/versions/7", "name": "7", "properties": {}}
    asset = VersionedAsset.from_arm(body, scope=HERE)
    assert (asset.name, asset.version) == ("d", "7")
    assert Resource.from_arm({"id": f"{HERE.id}/computes/c", "properties": {}}).name == "c"
    assert Resource.from_arm({"name": "n", "properties": {}}).name == "n"
    told = VersionedAsset.from_arm({"name": "n", "version": "2", "properties": {}})
    assert (told.name, told.version) == ("n", "2")
