"""The variables that lead the official client here."""

import json
import os
import subprocess

import pytest

from zaffre.core.errors import Unavailable
from zaffre.sdk.azure import Azure


@pytest.fixture
def azure(tmp_path):
    home = tmp_path / "home of 'mine'"
    for folder in ("tls", "keys"):
        (home / folder).mkdir(parents=True)
    (home / "server.json").write_text(json.dumps({"tls_url": "https://localhost:8443"}))
    (home / "keys" / "identity").write_text("secret\n")
    (home / "tls" / "ca.pem").write_text("OURS\n")
    (home / "tls" / "ca-bundle.pem").write_text("PUBLIC\n\nOURS\n")
    return Azure(home)


def test_what_is_told(azure):
    told = azure.variables({"PATH": "/usr/bin:/bin"})
    assert told == {
        "ARM_CLOUD_METADATA_URL": "https://localhost:8443/metadata/endpoints?api-version=2019-05-01",
        "AZUREML_CURRENT_CLOUD": "Zaffre",
        "REQUESTS_CA_BUNDLE": str(azure.home / "tls" / "ca-bundle.pem"),
        "IDENTITY_ENDPOINT": "https://localhost:8443/msi/token",
        "IDENTITY_HEADER": "secret",
        "REGISTRY_DISCOVERY_ENDPOINT_URL": "https://localhost:8443/",
        "PATH": f"{azure.programs}:/usr/bin:/bin",
    }


def test_telling_it_twice_changes_nothing(azure):
    once = azure.variables({"PATH": "/bin", "https_proxy": "http://proxy:1"})
    assert azure.variables({"https_proxy": "http://proxy:1", **once}) == once


def test_a_home_of_before_is_told_to_start_anew(azure):
    (azure.home / "server.json").write_text("{}")
    with pytest.raises(Unavailable, match="zaffre up"):
        azure.variables({})


def test_roots_of_ones_own_stay(azure, tmp_path):
    mine = tmp_path / "company.pem"
    mine.write_text("COMPANY\n")
    made = azure.home / "tls" / "ca-bundle-with-yours.pem"
    for variable in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        assert azure.variables({variable: str(mine)})["REQUESTS_CA_BUNDLE"] == str(made)
        assert made.read_text() == "COMPANY\n\nOURS\n"
        assert made.stat().st_mode & 0o777 == 0o600
    assert azure.variables({"REQUESTS_CA_BUNDLE": str(made)})["REQUESTS_CA_BUNDLE"] == str(made)
    (azure.home / "tls" / "ca.pem").write_text("ANOTHER\n")
    ours = str(azure.home / "tls" / "ca-bundle.pem")
    assert azure.variables({"REQUESTS_CA_BUNDLE": str(made)})["REQUESTS_CA_BUNDLE"] == ours
    assert azure.variables({"REQUESTS_CA_BUNDLE": "/nowhere.pem"})["REQUESTS_CA_BUNDLE"] == ours


def test_a_proxy_is_gone_round(azure):
    told = azure.variables({"HTTPS_PROXY": "http://proxy:1", "NO_PROXY": "internal, .example.com"})
    assert told["NO_PROXY"] == told["no_proxy"] == "internal,.example.com,localhost,127.0.0.1,::1"
    assert "NO_PROXY" not in azure.variables({})


def test_the_program_is_of_this_home(azure):
    script = azure.install()
    assert script.stat().st_mode & 0o777 == 0o700
    written = script.stat().st_mtime_ns
    assert azure.install().stat().st_mtime_ns == written
    done = subprocess.run([script, "version", "--query", "extensions"], capture_output=True, text=True, check=True, cwd="/bin",
                          env={**os.environ, "ZAFFRE_HOME": "/nowhere"})  # fmt: skip
    assert list(json.loads(done.stdout)) == ["ml"]
    script.write_text("of an older one")
    assert "exec" in azure.install().read_text()
