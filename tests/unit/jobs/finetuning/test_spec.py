"""What a finetuning job must say."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from zaffre.core import registry
from zaffre.core.errors import Invalid

TYPE = registry.job_types()["finetuning"]
EXAMPLE = next((Path(registry.__file__).parents[1] / "jobs" / "finetuning" / "examples").glob("*.yml"))


def read(**changes):
    return TYPE.model().from_yaml({**yaml.safe_load(EXAMPLE.read_text()), **changes})


def test_the_example_is_read_and_not_run():
    assert read().type == "finetuning"
    assert not TYPE.built


@pytest.mark.parametrize(
    "field", [name for name, info in TYPE.model().model_fields.items() if info.is_required() and name != "type"]
)
def test_what_is_needed_is_asked_for(field):
    with pytest.raises(Invalid, match=field):
        TYPE.model().from_yaml(
            {key: value for key, value in yaml.safe_load(EXAMPLE.read_text()).items() if key != field}
        )
