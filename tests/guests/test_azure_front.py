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


def without(here, *names):
    """The guest's environment, less some of what it was told."""
    return {name: value for name, value in here.environ.items() if name not in names}


def examined(here, environ):
    """The doctor's exit code, and what it says of each link."""
    done = subprocess.run(
        [*ZAFFRE, "azure", "doctor"], env=environ, capture_output=True, text=True, timeout=60, check=False
    )
    rows = [line.split(maxsplit=2) for line in done.stdout.splitlines()]
    return done.returncode, {name: (grade, told) for grade, name, told in rows}


def test_a_shell_evaluates_the_environment_and_starts_the_server(here):
    """As the page says it: one line in a shell, then the documented code."""
    here.rig.stop()
    script = f"""eval "$('{sys.executable}' -m zaffre azure env)"; "$PYTHON" -c "$CODE" """
    head = BARE + "ml = MLClient(identity.DefaultAzureCredential(), *ids)\n"
    environ = without(here, *_TOLD)
    environ |= {"PYTHON": sys.executable, "CODE": head + WORKSPACE, "ZAFFRE_SERVER_PORT": str(here.rig.port)}
    try:
        done = subprocess.run(
            ["/bin/sh", "-c", script], env=environ, capture_output=True, text=True, timeout=100, check=False
        )
        assert done.stdout == "default\n", done.stderr
    finally:
        assert subprocess.run([*ZAFFRE, "down"], env=here.environ, capture_output=True, check=False).returncode == 0
        here.rig.start()


def test_the_client_without_our_bundle_does_not_trust_us(here):
    import httpx

    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        httpx.get(f"{here.url}/metadata/endpoints", verify=ssl.create_default_context())
    context = ssl.create_default_context(cafile=here.bundle)
    assert httpx.get(f"{here.url}/metadata/endpoints", verify=context).status_code == 200


def test_a_healthy_chain(here):
    code, found = examined(here, here.environ)
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
def test_the_doctor_finds_the_broken_link(here, change, broken, told):
    """Broken the way it breaks for people; each is named with what to do."""
    import certifi

    environ = without(here, *change)
    environ |= {
        name: value.format(url=here.url, roots=certifi.where()) for name, value in change.items() if value is not None
    }
    code, found = examined(here, environ)
    grade, sentence = found[broken]
    assert (code, grade) == (1, "broken")
    assert told in sentence
    assert "zaffre azure env" in sentence or "unset" in sentence


def test_the_doctor_says_whether_the_client_would_fall_back(here):
    """And the client does as the doctor says: with an address where nobody answers it goes on with public Azure."""
    nowhere = f"https://localhost:{free_port()}/metadata/endpoints?api-version=2019-05-01"
    environ = {**without(here, "AZUREML_CURRENT_CLOUD"), "ARM_CLOUD_METADATA_URL": nowhere}
    _, found = examined(here, environ)
    assert "public Azure" in found["cloud"][1]
    script = "from azure.ai.ml._azure_environments import _get_base_url_from_metadata as base\nprint(base())"
    done = subprocess.run([sys.executable, "-c", script], env=environ, capture_output=True, text=True, check=True)
    assert done.stdout == "https://management.azure.com\n"


def test_the_doctor_sees_a_certificate_of_somebody_else(here, tmp_path):
    """Another program has taken the port, or the folder was exchanged under the server."""
    mine = here.rig.home / "tls" / "ca.pem"
    kept = mine.read_bytes()
    other = Certificates(tmp_path / "tls", ("localhost",))
    other.ensure(time.time())
    mine.write_bytes(other.authority.read_bytes())
    try:
        code, found = examined(here, here.environ)
    finally:
        mine.write_bytes(kept)
    assert (code, found["certificate"][0]) == (1, "broken")
    assert "not this home's" in found["certificate"][1]


def test_the_doctor_of_a_home_without_a_server(here, tmp_path):
    code, found = examined(here, {**here.environ, "ZAFFRE_HOME": str(tmp_path)})
    assert (code, list(found)) == (1, ["server"])
    assert "zaffre up" in found["server"][1]


def test_az_is_found_first_and_speaks_ml(here):
    done = here.run("az", "ml", "workspace", "show", "-n", "default", "-g", "local", "--query", "name", "-o", "tsv")
    assert (done.returncode, done.stdout) == (0, "default\n"), done.stderr
    assert here.run("az", "vm", "list").returncode == 2
    assert here.run("az", "ml", "nonsense").returncode == 2


def test_az_gives_out_tokens(here):
    words = ("account", "get-access-token", "--resource", "https://storage.azure.com", "-o", "json")
    told = json.loads(here.run("az", *words).stdout)
    assert {"accessToken", "expiresOn", "expires_on", "subscription", "tenant", "tokenType"} == set(told)
    wanted = ("account", "get-access-token", "--scope", f"{here.url}/.default", "--query", "accessToken", "-o", "tsv")
    token = here.run("az", *wanted).stdout.strip()
    group = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/local"
    path = f"{group}/providers/Microsoft.MachineLearningServices/workspaces"
    import httpx

    context = ssl.create_default_context(cafile=here.bundle)
    for bearer, status in ((token, 200), (told["accessToken"], 401)):
        answer = httpx.get(f"{here.url}{path}", headers={"authorization": f"Bearer {bearer}"}, verify=context)
        assert answer.status_code == status


def test_login_and_the_rest_of_what_scripts_ask_first(here):
    assert json.loads(here.run("az", "login", "--identity").stdout)[0]["state"] == "Enabled"
    done = here.run("az", "extension", "add", "--name", "another")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("ERROR: ")
    assert json.loads(here.run("az", "cloud", "show").stdout)["endpoints"]["resourceManager"] == here.url


def test_the_script_is_private_and_goes_by_its_own_home(here):
    script = Path(here.environ["PATH"].split(os.pathsep)[0]) / "az"
    assert script.stat().st_mode & 0o777 == 0o700
    done = subprocess.run(
        [script, "account", "show"], env=without(here, "ZAFFRE_HOME"), capture_output=True, check=False
    )
    assert done.returncode == 0
