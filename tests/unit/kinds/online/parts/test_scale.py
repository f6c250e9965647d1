"""How many replicas a deployment wants."""

from types import SimpleNamespace

import pytest

from zaffre.core.errors import Invalid
from zaffre.kinds.online.parts.scale import count


def spec(instances=None, **scale):
    settings = SimpleNamespace(**{"min_instances": None, "max_instances": None, **scale}) if scale else None
    return SimpleNamespace(instance_count=instances, scale_settings=settings)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (spec(), 1),
        (spec(3), 3),
        (spec(3, type="default"), 3),
        (spec(type="target_utilization"), 1),
        (spec(type="target_utilization", min_instances=2, max_instances=5), 2),
        (spec(1, type="target_utilization", min_instances=2), 2),
        (spec(9, type="target_utilization", max_instances=5), 5),
        (spec(3, type="target_utilization", min_instances=2, max_instances=5), 3),
    ],
)
def test_the_count_lies_between_the_bounds(given, wanted):
    assert count(given) == wanted


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (spec(0), "instance_count"),
        (spec(65), "instance_count"),
        (spec(type="target_utilization", min_instances=0), "scale_settings.min_instances"),
        (spec(type="target_utilization", min_instances=3, max_instances=2), "scale_settings.min_instances"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(given, field):
    with pytest.raises(Invalid) as refused:
        count(given)
    assert refused.value.problems[0].field == field
