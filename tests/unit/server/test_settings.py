"""Settings: where they come from, and that a wrong one is named with its file or variable."""

import re
from pathlib import Path

import pytest

from zaffre.core.errors import Invalid
from zaffre.server.settings import SETTINGS, Settings, passed_on, staging_environ

PAGE = Path(__file__).parents[3] / "docs" / "settings.md"


def load(tmp_path, text="", **environ):
    (tmp_path / "settings.toml").write_text(text)
    return Settings.load({"ZAFFRE_HOME": str(tmp_path), **environ})


def test_defaults(tmp_path):
    found = Settings.load({"ZAFFRE_HOME": str(tmp_path)})
    assert (found.home, found.number("server.port"), found.names("egress.allow"), found.table("egress.map")) == (
        tmp_path,
        8440,
        (),
        {},
    )


def test_file_then_variables(tmp_path):
    text = "[server]\nport = 9000\nhosts = ['a', 'b:1']\n[jobs]\ngrace = 3\n[egress]\nmap = {'https://a/' = 'file:///b/'}\n"
    found = load(
        tmp_path, text, ZAFFRE_SERVER_PORT="9001", ZAFFRE_EGRESS_ALLOW="['10.0.0.0/8']", ZAFFRE_SERVER_INSECURE="true"
    )
    assert (found.number("server.port"), found.names("server.hosts"), found.seconds("jobs.grace")) == (
        9001,
        ("a", "b:1"),
        3.0,
    )
    assert (found.table("egress.map"), found.names("egress.allow")) == ({"https://a/": "file:///b/"}, ("10.0.0.0/8",))
    assert found.flag("server.insecure")


@pytest.mark.parametrize(("text", "field", "message"), [
    ("[server]\nprot = 1", "server.prot", "did you mean"), ("[server]\nport = 'x'", "server.port",
    "whole number from 0 to 65535"),
    ("[server]\nport = 70000", "server.port", "65535"), ("[server]\nport = true", "server.port", "whole number"),
    ("port = 1", "port", "no such setting"),
    ("[server]\nhosts = 'a'", "server.hosts", "list of texts"), ("[server]\nhosts = [1]", "server.hosts",
    "list of texts"),
    ("[jobs]\nretries = 1.5", "jobs.retries", "whole number"), ("[jobs]\ngrace = -1", "jobs.grace", "from 0"),
    ("[jobs]\ngrace = inf", "jobs.grace", "from 0"),
    ("[egress]\nmap = ['x']", "egress.map", "table of texts"), ("[server]\nhost = ''", "server.host", "a text"),
    ("[server]\ninsecure = 'yes'", "server.insecure", "true or false"),
])  # fmt: skip
def test_file_mistakes_are_named(tmp_path, text, field, message):
    with pytest.raises(Invalid) as caught:
        load(tmp_path, text)
    [problem] = caught.value.problems
    assert (problem.field, problem.file) == (field, str(tmp_path / "settings.toml"))
    assert message in str(problem)


def test_all_mistakes_at_once(tmp_path):
    with pytest.raises(Invalid) as caught:
        load(tmp_path, "[server]\nport = 'x'\nhots = 1\n[nothing]\na = 1\n")
    assert [problem.field for problem in caught.value.problems] == ["server.port", "server.hots", "nothing.a"]


@pytest.mark.parametrize("text", ["[server", "a = ", "\x00", "[server]\nport = 1\nport = 2"])
def test_what_is_not_toml(tmp_path, text):
    with pytest.raises(Invalid, match="is not TOML"):
        load(tmp_path, text)


@pytest.mark.parametrize(("variable", "value", "message"), [
    ("ZAFFRE_SERVER_PORT", "abc", "whole number"), ("ZAFFRE_SERVER_PORT", "", "whole number"), ("ZAFFRE_SERVER_PORT",
    "1.5", "whole number"),
    ("ZAFFRE_JOBS_GRACE", "soon", "a number"), ("ZAFFRE_EGRESS_ALLOW", "10.0.0.0/8", "list of texts"),
    ("ZAFFRE_EGRESS_MAP", "[]", "table of texts"),
    ("ZAFFRE_SERVER_INSECURE", "True", "true or false"),
])  # fmt: skip
def test_variable_mistakes_are_named(tmp_path, variable, value, message):
    with pytest.raises(Invalid) as caught:
        load(tmp_path, **{variable: value})
    assert str(caught.value).startswith(f"{variable}: expected")
    assert message in str(caught.value)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.com", "10.0.0.1"])
def test_beyond_loopback_only_when_told(tmp_path, host):
    with pytest.raises(Invalid, match=r"server\.insecure"):
        load(tmp_path, ZAFFRE_SERVER_HOST=host)
    found = load(tmp_path, ZAFFRE_SERVER_HOST=host, ZAFFRE_SERVER_INSECURE="true")
    assert not found.is_loopback


@pytest.mark.parametrize(
    ("host", "own"),
    [("127.0.0.1", "127.0.0.1"), ("localhost", "localhost"), ("::1", "[::1]"), ("127.0.0.2", "127.0.0.2")],
)
def test_loopback_is_safe(tmp_path, host, own):
    found = load(tmp_path, ZAFFRE_SERVER_HOST=host)
    assert (found.is_loopback, found.own_host) == (True, own)


@pytest.mark.parametrize(("host", "own"), [("0.0.0.0", "127.0.0.1"), ("::", "[::1]")])
def test_own_address_of_every_address(tmp_path, host, own):
    assert load(tmp_path, ZAFFRE_SERVER_HOST=host, ZAFFRE_SERVER_INSECURE="true").own_host == own


def test_page_tells_every_default():
    told = dict(re.findall(r"^\| `([\w.]+)` \| `([^`]*)` \|", PAGE.read_text(), re.MULTILINE))
    spelt = {setting.name: _toml(setting.default) for setting in SETTINGS}
    assert told == spelt


def _toml(value):
    return f'"{value}"' if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)


def test_no_credential_is_passed_on():
    environ = {
        "PATH": "/bin", "LANG": "C", "PIP_INDEX_URL": "x", "UV_INDEX_TOKEN": "s", "PIP_PASSWORD": "s",
        "AWS_SECRET_ACCESS_KEY": "s", "HTTPS_PROXY": "p",
        "ZAFFRE_TOKEN": "s", "HOME": "/root", "UV_PUBLISH_KEY": "s",
    }  # fmt: skip
    assert set(passed_on(environ)) == {"PATH", "LANG", "PIP_INDEX_URL", "HTTPS_PROXY"}


def test_our_own_identity_goes_to_no_foreign_store():
    """A server that is started from a shell with ``zaffre azure env`` in it."""
    told = {"IDENTITY_ENDPOINT": "https://x/msi/token", "IDENTITY_HEADER": "s", "AWS_PROFILE": "mine", "HOME": "/h"}
    assert staging_environ(told, identity=True) == told
    ours = {**told, "AZUREML_CURRENT_CLOUD": "Zaffre"}
    assert staging_environ(ours, identity=True) == {"AWS_PROFILE": "mine", "HOME": "/h"}
    assert staging_environ(told) == {}


def test_a_cancel_leaves_nothing_after_ten_seconds(tmp_path):
    """The grace, and then the kill of whatever ignored it."""
    assert Settings.load({"ZAFFRE_HOME": str(tmp_path)}).seconds("jobs.grace") <= 8
