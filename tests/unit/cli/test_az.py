"""What az's own verbs answer without a server; tests/guests has the rest."""

import json

import pytest

from zaffre.cli import az


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("ZAFFRE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("ZAFFRE_WORKSPACE", raising=False)
    return tmp_path / "home"


def said(capsys, *words):
    assert az.az(list(words)) == 0
    return capsys.readouterr().out


def test_account_in_each_form(capsys):
    told = json.loads(said(capsys, "account", "show"))
    assert told["id"] == told["tenantId"] == "00000000-0000-0000-0000-000000000000"
    assert told["isDefault"] is True
    assert said(capsys, "account", "show", "--query", "id", "-o", "tsv") == f"{told['id']}\n"
    assert json.loads(said(capsys, "account", "list", "--all")) == [told]
    assert said(capsys, "account", "list", "-o", "none") == ""


@pytest.mark.parametrize("words", [
    ["account", "set", "-s", "00000000-0000-0000-0000-000000000000"], ["account", "set", "--subscription", "Zaffre"],
    ["logout"], ["extension", "add", "-n", "ml", "-y"], ["extension", "update", "--name", "ml"],
    ["configure", "--defaults", "workspace=w"],
])  # fmt: skip
def test_what_changes_nothing_says_nothing(capsys, words):
    assert said(capsys, *words) == ""


@pytest.mark.parametrize(("words", "told"), [
    (["account", "set"], "found none"),
    (["config", "get", "core.output"], "core.output"),
    (["config", "set", "core.output=tsv"], "core.output=tsv"),
    (["extension", "remove", "-n", "azure-cli-ml"], "not installed"),
    (["extension", "add", "-n", "aks-preview"], "aks-preview"),
    (["configure", "--defaults", "colour=blue"], "colour=blue"),
    (["configure", "--defaults", "workspace"], "workspace=NAME"),
])  # fmt: skip
def test_refusals(words, told):
    with pytest.raises(az.Invalid, match=told):
        az.az(words)


@pytest.mark.parametrize("words", [["vm", "list"], ["account", "clear"], ["storage"], ["account"], ["-o", "json"]])
def test_other_verbs_end_with_two_and_a_sentence(capsys, words):
    assert az.az(words) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("ERROR: Zaffre's az has no")
    assert len(told.err.splitlines()) == 1


def test_an_unknown_flag_ends_with_two(capsys):
    with pytest.raises(SystemExit) as ended:
        az.az(["account", "show", "--colour"])
    assert ended.value.code == 2
    assert "--colour" in capsys.readouterr().err


def test_groups_are_any(capsys):
    told = json.loads(said(capsys, "group", "show", "-n", "rg"))
    assert (told["name"], told["location"], told["type"]) == ("rg", "local", "Microsoft.Resources/resourceGroups")
    assert said(capsys, "group", "exists", "-n", "rg") == "true\n"
    said(capsys, "configure", "--defaults", "group=mine")
    assert json.loads(said(capsys, "group", "show"))["name"] == "mine"


def listed(capsys, *words):
    return {entry["name"]: entry["value"] for entry in json.loads(said(capsys, "configure", *words))}


def test_defaults_are_kept_and_taken_away(capsys, home):
    assert listed(capsys, "-l") == {"workspace": "default", "group": "local", "location": "local"}
    said(capsys, "configure", "--defaults", "workspace=mine", "group=g")
    assert listed(capsys, "--list-defaults") == {"workspace": "mine", "group": "g", "location": "local"}
    said(capsys, "config", "set", "defaults.location=westus", "defaults.group=h")
    said(capsys, "configure", "-d", "workspace=")
    assert listed(capsys, "-l") == {"workspace": "default", "group": "h", "location": "westus"}
    assert json.loads(said(capsys, "config", "get", "defaults.group"))["value"] == "h"
    assert said(capsys, "config", "get", "--query", "defaults[?name=='location'].value", "-o", "tsv") == "westus\n"
    (home / "azure" / "config").write_text("rubbish")
    assert listed(capsys, "-l")["group"] == "local"


def test_a_script_may_name_its_own_subscription(capsys):
    """Workspace names are unique here; the rest of an id is accepted as it is."""
    mine = "12345678-1234-1234-1234-1234567890ab"
    said(capsys, "account", "set", "-s", mine)
    assert said(capsys, "account", "show", "--query", "id", "-o", "tsv") == f"{mine}\n"
    said(capsys, "account", "set", "--subscription", "Research")
    told = json.loads(said(capsys, "account", "show"))
    assert (told["name"], told["id"]) == ("Research", "00000000-0000-0000-0000-000000000000")


@pytest.mark.parametrize(("words", "workspace"), [
    (["ml", "job", "list"], "mine"),
    (["ml", "job", "list", "-w", "other"], "other"),
    (["ml", "job", "list", "--workspace-name=other"], "other"),
])  # fmt: skip
def test_ml_takes_the_workspace_that_was_configured(monkeypatch, capsys, words, workspace):
    said(capsys, "configure", "--defaults", "workspace=mine")
    seen = []
    monkeypatch.setattr("zaffre.cli.session.Session.run", lambda session: seen.append(session.workspace) or 0)
    assert az.az(words) == 0
    assert seen == [workspace]


def test_versions(capsys):
    told = json.loads(said(capsys, "version"))
    assert set(told) == {"azure-cli", "azure-cli-core", "extensions", "zaffre"}
    assert said(capsys, "--version").startswith("azure-cli ")
    assert [entry["name"] for entry in json.loads(said(capsys, "extension", "list"))] == ["ml"]
    assert json.loads(said(capsys, "extension", "show", "-n", "ml"))["name"] == "ml"


def test_help_names_every_verb(capsys):
    told = said(capsys, "--help")
    assert "az account get-access-token\n" in told
    assert "az ml --help\n" in told
