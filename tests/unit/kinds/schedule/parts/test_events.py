"""Which events start runs: each once, debounced, never their own."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zaffre.core.events import Event, EventType
from zaffre.core.triggers import OnEvent
from zaffre.kinds.schedule.parts import events
from zaffre.kinds.schedule.parts.events import Gathered, Heard, Look


def trigger(**said: object) -> OnEvent:
    return OnEvent.from_yaml({"type": "event", "on": "data_version_created", **said})


def created(subject: str, seq: int = 1) -> Event:
    return Event(EventType.RESOURCE_CREATED, "default", subject, "user:a", {}, seq, 100.0)


def ended(name: str, to: str) -> Event:
    return Event(EventType.RUN_STATUS_CHANGED, "default", f"job/{name}", "system", {"to": to}, 2, 100.0)


def one(seq: int, at: float = 100.0, chain: tuple[str, ...] = ()) -> Heard:
    return Heard(seq, at, {"trigger.job": f"j{seq}"}, chain)


def test_on_without_quotes_is_read_as_yaml_11_has_it() -> None:
    assert OnEvent.from_yaml({"type": "event", True: "model_registered"}).on == "model_registered"
    assert OnEvent.from_yaml({"type": "event", "true": "model_registered"}).on == "model_registered"


def test_data_is_told_by_its_reference() -> None:
    found = events.heard(trigger(name="tax*"), created("data/taxi/versions/3"))
    assert found is not None
    assert found.facts == {
        "trigger.asset": "azureml:taxi:3", "trigger.name": "taxi", "trigger.version": "3",
        "trigger.event": "data_version_created",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("waits", "event"),
    [
        (trigger(name="other"), created("data/taxi/versions/3")),
        (trigger(), created("model/taxi/versions/3")),
        (trigger(), created("data/taxi")),
        (trigger(on="job_finished"), ended("j", "Running")),
        (trigger(on="job_finished", status="Failed"), ended("j", "Completed")),
        (trigger(on="job_finished", name="x*"), ended("j", "Completed")),
        (trigger(on="model_registered"), ended("j", "Completed")),
    ],
)
def test_what_is_not_waited_for(waits: OnEvent, event: Event) -> None:
    assert events.heard(waits, event) is None


def test_a_job_is_told_by_its_name_and_end() -> None:
    found = events.heard(trigger(on="job_finished", status=["Failed", "Canceled"]), ended("j", "Canceled"))
    assert found is not None
    assert (found.facts["trigger.job"], found.facts["trigger.status"]) == ("j", "Canceled")


def test_without_debounce_every_event_starts_a_run() -> None:
    outcome = events.decide(Gathered(0), Look("s", 100, 0, [one(1), one(2), one(3)]))
    assert [run.event.seq for run in outcome.runs] == [1, 2, 3]
    assert outcome.next_look is None
    again = events.decide(outcome.kept, Look("s", 101, 0, [one(1), one(2), one(3), one(4)]))
    assert [run.event.seq for run in again.runs] == [4]


def test_many_at_once_are_taken_in_turns() -> None:
    fresh = [one(n) for n in range(1, 51)]
    kept, started = Gathered(0), []
    for _ in range(3):
        outcome = events.decide(kept, Look("s", 100, 0, fresh, settled=50))
        kept = outcome.kept
        started += [run.event.seq for run in outcome.runs]
    assert started == list(range(1, 51))
    assert kept == Gathered(50)


def test_debounced_events_become_one_run_after_quiet() -> None:
    first = events.decide(Gathered(0), Look("s", 100, 10, [one(1, 100), one(2, 100)]))
    assert (first.runs, first.next_look) == ((), 110)
    second = events.decide(first.kept, Look("s", 105, 10, [one(1, 100), one(2, 100), one(3, 105)]))
    assert (second.runs, second.next_look) == ((), 115)
    third = events.decide(second.kept, Look("s", 115, 10, [one(1, 100), one(2, 100), one(3, 105)]))
    assert [(run.event.seq, run.count) for run in third.runs] == [(3, 3)]
    assert third.kept.last is None


def test_a_stream_without_a_pause_is_not_waited_for_for_ever() -> None:
    kept, now, runs = Gathered(0), 100.0, []
    fresh: list[Heard] = []
    for seq in range(1, 31):
        fresh.append(one(seq, now))
        outcome = events.decide(kept, Look("s", now, 10, list(fresh)))
        kept, now = outcome.kept, now + 5
        runs += outcome.runs
    assert [run.count for run in runs] == [21]


@pytest.mark.parametrize("chain", [("s",), ("a", "s", "b"), tuple(f"s{n}" for n in range(10))])
def test_its_own_making_is_refused_once_and_told(chain: tuple[str, ...]) -> None:
    for debounce in (0, 10):
        outcome = events.decide(Gathered(0), Look("s", 100, debounce, [one(1, chain=chain)]))
        assert outcome.runs == ()
        assert [each.seq for each in outcome.refused] == [1]
        assert events.decide(outcome.kept, Look("s", 200, debounce, [one(1, chain=chain)])).refused == ()


def test_what_another_schedule_led_to_is_taken() -> None:
    assert events.decide(Gathered(0), Look("s", 100, 0, [one(1, chain=("a", "b"))])).runs


def test_it_is_kept_as_json() -> None:
    kept = Gathered(3, frozenset({5, 7}), 1.5, replace(one(7), chain=("a",)), 4)
    assert Gathered.from_json(kept.to_json()) == kept


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from([0, 7]))
def test_each_event_is_used_once_however_late_it_is_committed(seed: int, debounce: int) -> None:
    """Events are committed out of order by up to the settling time, and looked at at any moment."""
    chance = random.Random(seed)
    happen = sorted((chance.uniform(0, 200), seq) for seq in range(1, 30))
    numbered = [(at, seq, at + chance.uniform(0, events.SETTLING - 1)) for seq, (at, _) in enumerate(happen, 1)]
    kept, mark, used, counted = Gathered(0), (0, 0.0), [], 0
    for now in [*sorted(chance.uniform(0, 400) for _ in range(40)), 1000.0, 2000.0]:
        seen = [one(seq, at) for at, seq, visible in numbered if visible <= now and seq > kept.cursor]
        settled = mark[0] if now - mark[1] >= events.SETTLING else kept.cursor
        outcome = events.decide(kept, Look("s", now, debounce, seen, settled))
        kept = outcome.kept
        used += [run.event.seq for run in outcome.runs]
        counted += sum(run.count for run in outcome.runs)
        if now - mark[1] >= events.SETTLING:
            begun = [seq for at, seq, _ in numbered if at <= now]
            mark = (max(begun, default=0), now)
    assert counted == 29
    assert len(used) == len(set(used))
    if not debounce:
        assert sorted(used) == list(range(1, 30))
