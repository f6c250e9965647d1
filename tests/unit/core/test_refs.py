from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zaffre.core import refs
from zaffre.core.errors import Invalid
from zaffre.core.refs import Asset, DatastorePath, JobOutput, Local, Remote, RunArtifact, Scope

WS = Scope("s1", "g1", "w1")
ID = "/subscriptions/s1/resourceGroups/g1/providers/Microsoft.MachineLearningServices/workspaces/w1"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("azureml:d:1", Asset("d", "1")),
        ("azureml:d@latest", Asset("d", label="latest")),
        ("azureml:d", Asset("d")),
        (f"azureml:{ID}/data/d/versions/1", Asset("d", "1", collection="data", scope=WS)),
        (f"{ID}/environments/e/labels/latest", Asset("e", label="latest", collection="environments", scope=WS)),
        (
            "azureml://registries/r/environments/e/versions/3",
            Asset("e", "3", registry="r", collection="environments"),
        ),
        (
            "azureml://registries/r/environments/e/labels/latest",
            Asset("e", label="latest", registry="r", collection="environments"),
        ),
        ("azureml://registries/r/models/m", Asset("m", registry="r", collection="models")),
        ("azureml://locations/eastus/workspaces/guid/data/d/versions/2", Asset("d", "2", collection="data")),
        ("azureml://datastores/blob/paths/a/b.csv", DatastorePath("blob", "a/b.csv")),
        ("azureml://datastores/blob/paths/a/", DatastorePath("blob", "a/")),
        ("azureml://datastores/blob/paths/", DatastorePath("blob", "")),
        (
            "azureml://subscriptions/s1/resourcegroups/g1/workspaces/w1/datastores/blob/paths/a/b/",
            DatastorePath("blob", "a/b/", WS),
        ),
        ("azureml://jobs/j/outputs/o", JobOutput("j", "o")),
        ("azureml://jobs/j/outputs/artifacts/paths/model/", JobOutput("j", "artifacts", "model/")),
        ("runs:/abc/model", RunArtifact("abc", "model")),
        ("https://example.com/x.csv", Remote("https://example.com/x.csv")),
        ("wasbs://c@a.blob.core.windows.net/x", Remote("wasbs://c@a.blob.core.windows.net/x")),
        ("abfss://f@a.dfs.core.windows.net/x", Remote("abfss://f@a.dfs.core.windows.net/x")),
        ("s3://bucket/key", Remote("s3://bucket/key")),
        ("./data", Local("./data")),
        ("file:./data", Local("./data")),
        ("file:///data", Local("/data")),
        ("C:/data", Local("C:/data")),
        ("/absolute/path", Local("/absolute/path")),
        ("with:colon.csv", Local("with:colon.csv")),
    ],
)
def test_parse_tells_what_a_text_refers_to(text: str, expected: refs.Reference) -> None:
    assert refs.parse(text) == expected


@pytest.mark.parametrize(
    "text",
    ["azureml:", "azureml:a:", "azureml::1", "azureml:a:b:c", "azureml:a@", "azureml://nothing/here", "gopher://x/y"],
)
def test_parse_refuses_what_begins_like_a_reference_and_is_none(text: str) -> None:
    with pytest.raises(Invalid, match=r"is not a reference|unknown scheme"):
        refs.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "azureml:d:1",
        "azureml:d@latest",
        "azureml://registries/r/models/m/versions/2",
        "azureml://datastores/blob/paths/a/b.csv",
        "azureml://subscriptions/s/resourcegroups/g/workspaces/w/datastores/blob/paths/a/",
        "azureml://jobs/j/outputs/o/paths/p",
        "runs:/abc/model/x",
    ],
)
def test_references_are_written_as_they_were_read(text: str) -> None:
    assert str(refs.parse(text)) == text


def test_resource_ids_are_read_in_any_case() -> None:
    found = refs.arm(ID.lower().replace("providers/", "PROVIDERS/") + "/Data/D/Versions/1/")
    assert found is not None
    assert (found.collection, found.name, found.version) == ("Data", "D", "1")
    assert found.scope.same(Scope("S1", "G1", "W1"))


def test_a_deployment_id_keeps_what_lies_below_the_endpoint() -> None:
    text = f"{ID}/onlineEndpoints/e/deployments/blue"
    found = refs.arm(text)
    assert found is not None
    assert (found.name, found.child, str(found)) == ("e", "deployments/blue", text)


def test_the_workspace_id_itself_has_no_collection() -> None:
    found = refs.arm(ID)
    assert found is not None
    assert (found.collection, found.name, str(found)) == ("", "", ID)


def test_ids_of_the_own_workspace_become_short_and_of_others_stay_complete() -> None:
    text = f"{ID}/models/m/versions/1"
    assert refs.from_arm(text, Scope("S1", "g1", "W1")) == "azureml:m:1"
    assert refs.from_arm(text, Scope("s1", "g1", "other")) == f"azureml:{text}"
    assert refs.from_arm(text, None) == f"azureml:{text}"
    assert refs.from_arm("https://x/y", WS) == "https://x/y"


names = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,20}", fullmatch=True)


@given(names, names, st.booleans())
def test_short_references_survive_the_way_to_arm_and_back(name: str, version: str, labelled: bool) -> None:
    text = f"azureml:{name}@{version}" if labelled else f"azureml:{name}:{version}"
    assert refs.from_arm(refs.to_arm(text, "data", WS), WS) == text


@given(st.text(max_size=80))
def test_parse_is_total_but_for_its_own_error(text: str) -> None:
    try:
        refs.parse(text)
    except Invalid:
        assert ":" in text
