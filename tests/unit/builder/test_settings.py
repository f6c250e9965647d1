"""What the builder takes from the machine, and what it does not."""

import json
from dataclasses import asdict

from zaffre.builder.settings import BuilderSettings, from_environ


def test_secrets_of_the_server_are_not_carried(tmp_path):
    found = from_environ(
        {
            "HOME": str(tmp_path),
            "PATH": "/bin",
            "AWS_SECRET_ACCESS_KEY": "x",
            "ZAFFRE_TOKEN": "x",
            "PYTHONPATH": "/evil",
            "HTTPS_PROXY": "http://proxy",
            "SSL_CERT_FILE": "/ca.pem",
            "UV_CACHE_DIR": "/cache",
            "LD_PRELOAD": "/x.so",
        },
        uv="/uv",
    )
    assert found.environ == {
        "HOME": str(tmp_path),
        "PATH": "/bin",
        "HTTPS_PROXY": "http://proxy",
        "SSL_CERT_FILE": "/ca.pem",
        "UV_CACHE_DIR": "/cache",
    }


def test_pips_configuration_counts_and_uvs_variables_count_more(tmp_path):
    (tmp_path / ".config/pip").mkdir(parents=True)
    (tmp_path / ".config/pip/pip.conf").write_text(
        "[global]\nindex-url = https://mirror/simple\nextra-index-url =\n  https://one\n  https://two\n"
    )
    environ = {"HOME": str(tmp_path), "PIP_EXTRA_INDEX_URL": "", "PIP_FIND_LINKS": "/wheels"}
    found = from_environ({**environ, "PIP_EXTRA_INDEX_URL": "https://one https://two"}, uv="uv")
    assert found.index_url == "https://mirror/simple"
    assert found.extra_index_urls == ("https://one", "https://two")
    assert found.find_links == ("/wheels",)
    assert from_environ({**environ, "UV_DEFAULT_INDEX": "https://uv"}, uv="uv").index_url == "https://uv"


def test_a_broken_pip_configuration_is_passed_over(tmp_path):
    (tmp_path / "pip.conf").write_text("index-url = without a section\n")
    found = from_environ(
        {"HOME": str(tmp_path), "PIP_CONFIG_FILE": str(tmp_path / "pip.conf"), "PIP_INDEX_URL": "https://x"}, uv="uv"
    )
    assert found.index_url == "https://x"


def test_newer_pythons_of_a_version_manager_come_first(tmp_path):
    for version in ("3.11.9", "3.11.10", "3.9.1"):
        (tmp_path / "versions" / version).mkdir(parents=True)
    found = from_environ({"HOME": str(tmp_path), "PYENV_ROOT": str(tmp_path), "PATH": "/a:/b"}, uv="uv").interpreters
    versions = [folder.split("/")[-2] for folder in found if folder.startswith(str(tmp_path))]
    assert versions == ["3.11.10", "3.11.9", "3.9.1"]
    assert found.index("/a") > found.index(str(tmp_path / "versions" / "3.9.1" / "bin"))
    assert [folder for folder in found if folder in ("/a", "/b", "/usr/local/bin")] == ["/a", "/b", "/usr/local/bin"]


def test_json_both_ways():
    settings = BuilderSettings(interpreters=("/a",), find_links=("/b",), environ={"PATH": "/bin"})
    assert BuilderSettings.from_json(json.loads(json.dumps(asdict(settings)))) == settings
