"""Every credential of the documentation opens the server, with each release of the client; a wrong one does not."""

from __future__ import annotations

import pytest

WORKSPACE = 'print(ml.workspaces.get("default").name)'
BARE = f"""
import warnings
warnings.simplefilter("ignore")
import azure.identity as identity
from azure.ai.ml import MLClient
ids = ("{"00000000-0000-0000-0000-000000000000"}", "local", "default")
"""


def test_the_documented_code_reads_a_workspace(azure):
    assert azure.python(WORKSPACE) == "default\n"


@pytest.mark.parametrize("credential", [
    "identity.ManagedIdentityCredential()",
    "identity.AzureCliCredential()",
    "identity.ChainedTokenCredential(identity.AzureCliCredential())",
    'identity.ClientSecretCredential("any-tenant", "any", SECRET, authority=URL, disable_instance_discovery=True)',
])  # fmt: skip
def test_every_credential_of_the_documentation(azure, credential):
    head = f"{BARE}SECRET, URL = {azure.environ['IDENTITY_HEADER']!r}, {azure.url!r}\n"
    assert azure.python(f"ml = MLClient({credential}, *ids)\n{WORKSPACE}", head=head) == "default\n"


def test_a_client_secret_in_the_environment(azure):
    """A service principal, as pipelines elsewhere have it; ``adfs`` keeps the library from asking Microsoft first."""
    told = {
        "AZURE_AUTHORITY_HOST": azure.url, "AZURE_TENANT_ID": "adfs", "AZURE_CLIENT_ID": "any",
        "AZURE_CLIENT_SECRET": azure.environ["IDENTITY_HEADER"], "IDENTITY_ENDPOINT": "", "IDENTITY_HEADER": "",
    }  # fmt: skip
    script = f"ml = MLClient(identity.EnvironmentCredential(), *ids)\n{WORKSPACE}"
    assert azure.python(script, head=BARE, **told) == "default\n"


def test_tokens_are_for_what_the_client_checks(azure):
    """Pipeline jobs compare ``aud`` with the cloud's own before they send anything."""
    script = """
import jwt
from azure.ai.ml._azure_environments import _get_aml_resource_id_from_metadata, _resource_to_scopes
resource = _get_aml_resource_id_from_metadata()
token = identity.DefaultAzureCredential().get_token(*_resource_to_scopes(resource)).token
print(jwt.decode(token, options={"verify_signature": False})["aud"] == resource)
"""
    assert azure.python(script, head=BARE) == "True\n"


def test_a_wrong_secret_is_told_by_the_client(azure):
    done = azure.attempt(WORKSPACE, IDENTITY_HEADER="wrong", PATH="/usr/bin:/bin")
    assert done.returncode != 0
    assert "ClientAuthenticationError" in done.stderr or "CredentialUnavailable" in done.stderr
