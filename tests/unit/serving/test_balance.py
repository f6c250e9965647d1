from collections import Counter
from dataclasses import dataclass
from random import Random

import pytest

from zaffre.serving.balance import by_weight, less_busy_of_two


@dataclass
class Place:
    busy: int


@pytest.mark.parametrize(
    ("weights", "chance", "name"),
    [
        ({}, 0.5, None),
        ({"a": 0}, 0.5, None),
        ({"a": 100}, 0.999, "a"),
        ({"a": 0, "b": 100}, 0.0, "b"),
        ({"a": 90, "b": 10}, 0.0, "a"),
        ({"a": 90, "b": 10}, 0.8999, "a"),
        ({"a": 90, "b": 10}, 0.9, "b"),
        ({"a": 90, "b": 10, "c": 0}, 0.9999999, "b"),
    ],
)
def test_chance_falls_on_a_name_by_its_weight(weights, chance, name):
    assert by_weight(weights, chance) == name


def test_of_two_the_less_busy_is_taken():
    idle, busy = Place(0), Place(5)
    assert all(less_busy_of_two([busy, idle], Random(seed).random) is idle for seed in range(50))


def test_of_many_each_pair_is_possible_and_the_busiest_never_wins():
    places = [Place(number) for number in range(5)]
    chance = Random(1).random
    found = Counter(less_busy_of_two(places, chance).busy for _ in range(2000))
    assert found[4] == 0
    assert set(found) == {0, 1, 2, 3}
    assert found[0] == max(found.values())


def test_none_and_one():
    assert less_busy_of_two([], lambda: 0.5) is None
    one = Place(3)
    assert less_busy_of_two([one], lambda: 0.5) is one
