"""Which part of the server a token opens."""

import pytest

from zaffre.api.audiences import Audience, Audiences, learning, wanted

OURS = Audiences(["localhost:8443", "127.0.0.1:8443"])


@pytest.mark.parametrize(("audience", "meant"), [
    ("https://localhost:8443", Audience.MANAGEMENT),
    ("https://LOCALHOST:8443//", Audience.MANAGEMENT),
    ("https://management.azure.com/", Audience.MANAGEMENT),
    ("https://ml.azure.com", Audience.LEARNING),
    ("https://ml.azure.", Audience.LEARNING),
    ("https://ml.azure.0.1:8443", Audience.LEARNING),
    ("https://storage.azure.com", Audience.STORAGE),
    ("https://localhost:8444", None), ("https://vault.azure.net", None), ("", None), ("zaffre", None),
])  # fmt: skip
def test_names(audience, meant):
    assert OURS.named(audience) is meant


@pytest.mark.parametrize(("path", "audiences"), [
    ("/subscriptions/s/resourceGroups/g", {Audience.MANAGEMENT}),
    ("/SUBSCRIPTIONS/s", {Audience.MANAGEMENT}),
    ("/storage.blob.core.windows.net/c/b", {Audience.STORAGE}),
    ("/storage.dfs.core.windows.net/c", {Audience.STORAGE}),
    ("/history/v1.0/subscriptions/s", {Audience.MANAGEMENT, Audience.LEARNING}),
    ("/mlflow/v2.0/subscriptions/s", {Audience.MANAGEMENT, Audience.LEARNING}),
    ("/api/v1/workspaces", {Audience.MANAGEMENT, Audience.LEARNING}),
])  # fmt: skip
def test_paths(path, audiences):
    assert wanted(path) == audiences


def test_the_client_makes_its_audience_of_the_portal():
    """As ``_convert_arm_to_cli`` of azure-ai-ml does."""
    assert learning("https://portal.azure.com/") == "https://ml.azure.com"
    assert learning("https://localhost:8443/") == "https://ml.azure."
