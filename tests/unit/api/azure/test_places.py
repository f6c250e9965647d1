"""Storage URLs of ours, read back."""

import pytest

from zaffre.api.azure import places
from zaffre.api.azure.places import Spot

HOST = "localhost:8443"
HERE = f"https://{HOST}/storage.blob.core.windows.net"


@pytest.mark.parametrize(
    ("text", "spot"),
    [
        (f"{HERE}/c/a/b", Spot("c", "a/b")),
        (f"{HERE}/c/a%20b/", Spot("c", "a b/")),
        ("https://LOCALHOST:8443/Storage.Blob.core.windows.net/c/%2525", Spot("c", "%25")),
        (f"https://{HOST}/c/LocalUpload/h", Spot("c", "LocalUpload/h")),
        (f"https://{HOST}/c/other/h", None),
        ("https://elsewhere:8443/storage.blob.core.windows.net/c/a", None),
        ("https://localhost/storage.blob.core.windows.net/c/a", None),
        ("azureml://datastores/d/paths/p", None),
        ("https://[", None),
        ("text", None),
    ],
)
def test_parse(text, spot):
    assert places.parse(text, HOST) == spot


def test_only_properties_that_hold_places_are_read():
    url = f"{HERE}/c/x"
    body = {
        "dataUri": url,
        "description": url,
        "tags": {"a": url},
        "inputs": {"i": {"uri": url}},
        "referencedUris": [url],
    }
    assert places.found_in(body, HOST) == {url: Spot("c", "x")}
    assert places.replaced(body, {url: "new"}) == {
        **body, "dataUri": "new", "inputs": {"i": {"uri": "new"}}, "referencedUris": ["new"],
    }  # fmt: skip
