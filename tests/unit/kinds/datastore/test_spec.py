from __future__ import annotations

import pytest

from zaffre.core.errors import Invalid
from zaffre.core.refs import Scope
from zaffre.kinds.datastore.spec import Datastore

HERE = Scope("s", "g", "w")
BLOB = {"name": "d", "type": "azure_blob", "account_name": "a", "container_name": "c"}


@pytest.mark.parametrize(
    ("credentials", "kind", "secrets"),
    [
        ({"account_key": "k"}, "AccountKey", {"secretsType": "AccountKey", "key": "k"}),
        ({"sas_token": "t"}, "Sas", {"secretsType": "Sas", "sasToken": "t"}),
        (
            {"client_secret": "x", "tenant_id": "t", "client_id": "i"},
            "ServicePrincipal",
            {"secretsType": "ServicePrincipal", "clientSecret": "x"},
        ),
        (
            {"certificate": "x", "thumbprint": "p", "tenant_id": "t", "client_id": "i", "authority_uri": "https://a"},
            "Certificate",
            {"secretsType": "Certificate", "certificate": "x"},
        ),
    ],
)
def test_credentials(credentials: dict[str, str], kind: str, secrets: dict[str, str]) -> None:
    spec = Datastore.from_yaml({**BLOB, "credentials": credentials})
    body = spec.to_arm(HERE)["properties"]["credentials"]
    assert (body["credentialsType"], body["secrets"]) == (kind, secrets)
    again = Datastore.from_arm({"name": "d", **spec.to_arm(HERE)}, scope=HERE)
    assert again.to_arm(HERE) == spec.to_arm(HERE)


def test_without_credentials_the_callers_identity_counts() -> None:
    assert Datastore.from_yaml(BLOB).to_arm(HERE)["properties"]["credentials"] == {"credentialsType": "None"}


def test_a_folder_of_this_machine_needs_no_account() -> None:
    spec = Datastore.from_yaml({"name": "workspaceblobstore", "type": "azure_blob", "root": "/data"})
    assert "root" not in spec.to_arm(HERE)["properties"]
    with pytest.raises(Invalid, match="account_name: required for azure_blob"):
        Datastore.from_yaml({"name": "d", "type": "azure_blob"})
