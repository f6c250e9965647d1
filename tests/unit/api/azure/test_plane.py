"""Paths beside ARM: templates in any case, and the workspace's own permission."""

import pytest

from zaffre.api.azure.plane import _shape


@pytest.mark.parametrize(
    ("template", "path", "found"),
    [
        ("/a/{x}/b", "/A/One/B", {"x": "One"}),
        ("/a/{x}/b", "/a/one/two/b", None),
        ("/a/{x*}/b", "/a/one/two/b", {"x": "one/two"}),
        ("/a.b", "/axb", None),
        ("/a/{x}", "/a/", None),
    ],
)
def test_templates(template, path, found):
    match = _shape(template).fullmatch(path)
    assert (match.groupdict() if match else None) == found
