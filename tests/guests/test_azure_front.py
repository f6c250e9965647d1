"""The official client finds this server by its environment alone: certificate, metadata, tokens, az, and the doctor."""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import sys
import time
from pathlib import Path

import pytest

from zaffre.server.certificates import Certificates
from zaffre.testing.ports import free_port

ZAFFRE = [sys.executable, "-m", "zaffre"]
WORKSPACE = 'print(ml.workspaces.get("default").name)'
BARE = f"""
import warnings
warnings.simplefilter("ignore")
import azure.identity as identity
from azure.ai.ml import MLClient
ids = ("{"00000000-0000-0000-0000-000000000000"}", "local", "default")
"""
_TOLD = (
    "ARM_CLOUD_METADATA_URL",
    "AZUREML_CURRENT_CLOUD",
    "REQUESTS_CA_BUNDLE",
    "IDENTITY_ENDPOINT",
    "IDENTITY_HEADER",
)


def without(azure, *names):
    """The guest's environment, less some of what it was told."""
    return {name: value for name, value in azure.environ.items() if name not in names}


def examined(azure, environ):
    """The doctor's exit code, and what it says of each link."""
    done = subprocess.run(
        [*ZAFFRE, "azure", "doctor"], env=environ, capture_output=True, text=True, timeout=60, check=False
    )
    rows = [line.split(maxsplit=2) for line in done.stdout.splitlines()]
    return done.returncode, {name: (grade, told) for grade, name, told in rows}


def test_the_documented_code_reads_a_workspace(azure):
    assert azure.python(WORKSPACE) == "default\n"


def test_a_shell_evaluates_the_environment_and_starts_the_server(azure):
    """As the page says it: one line in a shell, then the documented code."""
    azure.rig.stop()
    script = f"""eval "$('{sys.executable}' -m zaffre azure env)"; "$PYTHON" -c "$CODE" """
    head = BARE + "ml = MLClient(identity.DefaultAzureCredential(), *ids)\n"
    environ = without(azure, *_TOLD)
    environ |= {"PYTHON": sys.executable, "CODE": head + WORKSPACE, "ZAFFRE_SERVER_PORT": str(azure.rig.port)}
    try:
        done = subprocess.run(
            ["/bin/sh", "-c", script], env=environ, capture_output=True, text=True, timeout=100, check=False
        )
        assert done.stdout == "default\n", done.stderr
    finally:
        assert subprocess.run([*ZAFFRE, "down"], env=azure.environ, capture_output=True, check=False).returncode == 0
        azure.rig.start()


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


def test_the_client_without_our_bundle_does_not_trust_us(azure):
    import httpx

    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        httpx.get(f"{azure.url}/metadata/endpoints", verify=ssl.create_default_context())
    context = ssl.create_default_context(cafile=azure.bundle)
    assert httpx.get(f"{azure.url}/metadata/endpoints", verify=context).status_code == 200


def test_a_healthy_chain(azure):
    code, found = examined(azure, azure.environ)
    assert (code, {grade for grade, _ in found.values()}) == (0, {"ok"}), found
    expected = {
        "server", "certificate", "bundle", "proxy", "metadata", "cloud", "token", "workspace", "storage", "clock", "az",
    }  # fmt: skip
    assert set(found) == expected


@pytest.mark.parametrize(("change", "broken", "told"), [
    ({"ARM_CLOUD_METADATA_URL": None}, "metadata", "public Azure"),
    ({"ARM_CLOUD_METADATA_URL": "https://localhost:1/metadata/endpoints"}, "metadata", "localhost:1"),
    ({"ARM_CLOUD_METADATA_URL": "{url}/nothing"}, "metadata", "public Azure"),
    ({"AZUREML_CURRENT_CLOUD": "AzureCloud"}, "cloud", "AzureCloud"),
    ({"REQUESTS_CA_BUNDLE": None}, "bundle", "not set"),
    ({"REQUESTS_CA_BUNDLE": "/nowhere.pem"}, "bundle", "no file"),
    ({"REQUESTS_CA_BUNDLE": "{roots}"}, "bundle", "does not hold"),
    ({"IDENTITY_ENDPOINT": None}, "token", "IDENTITY_ENDPOINT"),
    ({"IDENTITY_ENDPOINT": "http://169.254.169.254/metadata"}, "token", "169.254.169.254"),
    ({"IDENTITY_HEADER": "wrong"}, "token", "secret"),
    ({"AZURE_CLIENT_SECRET": "of-microsoft"}, "token", "AZURE_CLIENT_SECRET"),
    ({"HTTPS_PROXY": "http://127.0.0.1:9", "NO_PROXY": "example.com"}, "proxy", "NO_PROXY"),
    ({"PATH": "/usr/bin:/bin"}, "az", "PATH"),
])  # fmt: skip
def test_the_doctor_finds_the_broken_link(azure, change, broken, told):
    """Broken the way it breaks for people; each is named with what to do."""
    import certifi

    environ = without(azure, *change)
    environ |= {
        name: value.format(url=azure.url, roots=certifi.where()) for name, value in change.items() if value is not None
    }
    code, found = examined(azure, environ)
    grade, sentence = found[broken]
    assert (code, grade) == (1, "broken")
    assert told in sentence
    assert "zaffre azure env" in sentence or "unset" in sentence


def test_the_doctor_says_whether_the_client_would_fall_back(azure):
    """And the client does as the doctor says: with an address where nobody answers it goes on with public Azure."""
    nowhere = f"https://localhost:{free_port()}/metadata/endpoints?api-version=2019-05-01"
    environ = {**without(azure, "AZUREML_CURRENT_CLOUD"), "ARM_CLOUD_METADATA_URL": nowhere}
    _, found = examined(azure, environ)
    assert "public Azure" in found["cloud"][1]
    script = "from azure.ai.ml._azure_environments import _get_base_url_from_metadata as base\nprint(base())"
    done = subprocess.run([sys.executable, "-c", script], env=environ, capture_output=True, text=True, check=True)
    assert done.stdout == "https://management.azure.com\n"


def test_the_doctor_sees_a_certificate_of_somebody_else(azure, tmp_path):
    """Another program has taken the port, or the folder was exchanged under the server."""
    mine = azure.rig.home / "tls" / "ca.pem"
    kept = mine.read_bytes()
    other = Certificates(tmp_path / "tls", ("localhost",))
    other.ensure(time.time())
    mine.write_bytes(other.authority.read_bytes())
    try:
        code, found = examined(azure, azure.environ)
    finally:
        mine.write_bytes(kept)
    assert (code, found["certificate"][0]) == (1, "broken")
    assert "not this home's" in found["certificate"][1]


def test_the_doctor_of_a_home_without_a_server(azure, tmp_path):
    code, found = examined(azure, {**azure.environ, "ZAFFRE_HOME": str(tmp_path)})
    assert (code, list(found)) == (1, ["server"])
    assert "zaffre up" in found["server"][1]


def test_az_is_found_first_and_speaks_ml(azure):
    done = azure.run("az", "ml", "workspace", "show", "-n", "default", "-g", "local", "--query", "name", "-o", "tsv")
    assert (done.returncode, done.stdout) == (0, "default\n"), done.stderr
    assert azure.run("az", "vm", "list").returncode == 2
    assert azure.run("az", "ml", "nonsense").returncode == 2


def test_az_gives_out_tokens(azure):
    words = ("account", "get-access-token", "--resource", "https://storage.azure.com", "-o", "json")
    told = json.loads(azure.run("az", *words).stdout)
    assert {"accessToken", "expiresOn", "expires_on", "subscription", "tenant", "tokenType"} == set(told)
    wanted = ("account", "get-access-token", "--scope", f"{azure.url}/.default", "--query", "accessToken", "-o", "tsv")
    token = azure.run("az", *wanted).stdout.strip()
    group = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/local"
    path = f"{group}/providers/Microsoft.MachineLearningServices/workspaces"
    import httpx

    context = ssl.create_default_context(cafile=azure.bundle)
    for bearer, status in ((token, 200), (told["accessToken"], 401)):
        answer = httpx.get(f"{azure.url}{path}", headers={"authorization": f"Bearer {bearer}"}, verify=context)
        assert answer.status_code == status


def test_login_and_the_rest_of_what_scripts_ask_first(azure):
    assert json.loads(azure.run("az", "login", "--identity").stdout)[0]["state"] == "Enabled"
    done = azure.run("az", "extension", "add", "--name", "another")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("ERROR: ")
    assert json.loads(azure.run("az", "cloud", "show").stdout)["endpoints"]["resourceManager"] == azure.url


def test_the_script_is_private_and_goes_by_its_own_home(azure):
    script = Path(azure.environ["PATH"].split(os.pathsep)[0]) / "az"
    assert script.stat().st_mode & 0o777 == 0o700
    done = subprocess.run(
        [script, "account", "show"], env=without(azure, "ZAFFRE_HOME"), capture_output=True, check=False
    )
    assert done.returncode == 0
