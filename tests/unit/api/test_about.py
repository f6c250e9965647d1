"""What runs here is told to whoever is logged in, with the licences of what it stands on."""

from __future__ import annotations

from email.message import Message

import pytest

from zaffre import __version__
from zaffre.api.about import licence


def said(*pairs: tuple[str, str]) -> Message:
    found = Message()
    for name, value in pairs:
        found[name] = value
    return found


@pytest.mark.parametrize(
    ("metadata", "told"),
    [
        (said(("License-Expression", "MIT OR Apache-2.0"), ("License", "other")), "MIT OR Apache-2.0"),
        (said(("Classifier", "License :: OSI Approved :: BSD License"), ("License", "x")), "BSD License"),
        (said(("License", "Apache 2\nwith the whole text below")), "Apache 2"),
        (said(("License", "x" * 500)), "x" * 60),
        (said(("Classifier", "Topic :: Text")), ""),
    ],
)
def test_a_licence_is_told_by_the_name_it_is_known_by(metadata: Message, told: str) -> None:
    assert licence(metadata) == told


@pytest.mark.asyncio
async def test_it_names_the_version_and_every_package_once(inside) -> None:
    told = (await inside.owner.get("/api/v1/about")).raise_for_status().json()
    assert told["version"] == __version__
    names = [package["name"] for package in told["packages"]]
    assert len(names) == len(set(names))
    assert {"name", "version", "licence"} == set(told["packages"][0])
    assert "starlette" in names
