"""What every job type checks."""

from __future__ import annotations

import pytest

from zaffre.core.errors import Invalid
from zaffre.core.jobspec import JobSpec


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ({"name": "a b"}, "name: expected"),
        ({"inputs": {"a-b": 1}}, "inputs.a-b: "),
        ({"outputs": {"1": {}}}, "outputs.1: "),
    ],
)
def test_names_are_checked(document, told):
    with pytest.raises(Invalid, match=told):
        JobSpec.from_yaml(document)
