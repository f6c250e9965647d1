"""How many replicas a deployment wants, and how the number follows the load, as the document says it."""

import pytest

from zaffre.core.errors import Invalid
from zaffre.kinds.online.parts import scaling
from zaffre.kinds.online.parts.scale import count, policy
from zaffre.kinds.online.parts.scaling import Target
from zaffre.kinds.online.spec import OnlineDeployment

AUTO = "target_utilization"


def spec(instances=None, **scale):
    document = {"name": "blue", "endpoint_name": "iris", "instance_type": "any"}
    document |= {"instance_count": instances} if instances is not None else {}
    return OnlineDeployment.from_yaml(document | ({"scale_settings": scale} if scale else {}))


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (spec(), 1),
        (spec(3), 3),
        (spec(3, type="default"), 3),
        (spec(type=AUTO), 1),
        (spec(type=AUTO, min_instances=2, max_instances=5), 2),
        (spec(1, type=AUTO, min_instances=2), 2),
        (spec(9, type=AUTO, max_instances=5), 5),
        (spec(3, type=AUTO, min_instances=2, max_instances=5), 3),
        (spec(type=AUTO, min_instances=0, max_instances=5), 1),
    ],
)
def test_the_count_lies_between_the_bounds(given, wanted):
    assert count(given, policy(given, 1)) == wanted


def test_what_the_load_has_made_of_it_is_kept():
    given = spec(1, type=AUTO, min_instances=0, max_instances=5)
    assert count(given, policy(given, 1), 4) == 4
    assert count(given, policy(given, 1), 0) == 0
    assert count(given, policy(given, 1), 9) == 5
    fixed = spec(2)
    assert count(fixed, policy(fixed, 1), 4) == 2


def test_azures_percentage_is_of_the_requests_that_a_replica_takes_at_once():
    given = spec(type=AUTO, max_instances=5, target_utilization_percentage=50)
    assert policy(given, 10).target == Target(scaling.CONCURRENCY, 5.0)
    assert policy(spec(type=AUTO), 10).target == Target(scaling.CONCURRENCY, 7.0)


def test_a_target_of_ones_own_is_taken_as_it_is():
    found = policy(spec(type=AUTO, target={"requests_per_second": 50}, cool_down=60, wake_timeout=20), 10)
    assert (found.target, found.cool_down, found.wake) == (Target(scaling.RATE, 50.0), 60.0, 20.0)


PROFILE = {
    "name": "usual",
    "capacity": {"minimum": "2", "maximum": "5", "default": "2"},
    "rules": [
        {
            "metricTrigger": {
                "metricName": "CpuUtilizationPercentage", "timeWindow": "PT5M", "timeGrain": "PT1M",
                "statistic": "Average", "timeAggregation": "Average", "operator": "GreaterThan", "threshold": 70,
            },
            "scaleAction": {"direction": "Increase", "type": "ChangeCount", "value": "2", "cooldown": "PT5M"},
        }
    ],
}  # fmt: skip


def changed(*path_and_value):
    *path, value = path_and_value
    made = {**PROFILE, "rules": [{part: dict(PROFILE["rules"][0][part]) for part in PROFILE["rules"][0]}]}
    made["capacity"] = dict(PROFILE["capacity"])
    here = made
    for part in path[:-1]:
        here = here[part]
    here[path[-1]] = value
    return made


def test_azures_profiles_bring_their_own_bounds():
    found = policy(spec(type=AUTO, profiles=[PROFILE]), 1)
    assert (found.least, found.most, found.target) == (2, 5, None)
    assert found.moves


RULE = "scale_settings.profiles[0].rules[0]"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (spec(0), "instance_count"),
        (spec(65), "instance_count"),
        (spec(type=AUTO, min_instances=-1), "scale_settings.min_instances"),
        (spec(type=AUTO, min_instances=3, max_instances=2), "scale_settings.min_instances"),
        (spec(type=AUTO, target_utilization_percentage=0), "scale_settings.target_utilization_percentage"),
        (spec(type=AUTO, target={}), "scale_settings.target"),
        (spec(type=AUTO, target={"concurrency": 1, "cpu_percent": 50}), "scale_settings.target"),
        (spec(type=AUTO, schedules=[{"cron": "8 * *", "duration": 60}]), "scale_settings.schedules[0].cron"),
        (
            spec(type=AUTO, schedules=[{"cron": "0 8 * * *", "duration": 60, "time_zone": "Mars"}]),
            "scale_settings.schedules[0].time_zone",
        ),
        (spec(type=AUTO, profiles=[{"name": "x"}]), "scale_settings.profiles[0].capacity"),
        (
            spec(type=AUTO, profiles=[changed("rules", 0, "metricTrigger", "metricName", "Moon")]),
            f"{RULE}.metricTrigger.metricName",
        ),
        (
            spec(type=AUTO, profiles=[changed("rules", 0, "metricTrigger", "operator", "Above")]),
            f"{RULE}.metricTrigger.operator",
        ),
        (
            spec(type=AUTO, profiles=[changed("rules", 0, "scaleAction", "cooldown", "5m")]),
            f"{RULE}.scaleAction.cooldown",
        ),
        (
            spec(type=AUTO, profiles=[changed("rules", 0, "scaleAction", "value", "two")]),
            f"{RULE}.scaleAction.value",
        ),
        (
            spec(type=AUTO, profiles=[PROFILE], target={"concurrency": 1}),
            "scale_settings.profiles",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_its_field(given, field):
    with pytest.raises(Invalid) as refused:
        policy(given, 1)
    assert refused.value.problems[0].field == field
