"""``decide`` as a table: what is known, what follows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from zaffre.core.ports import BuildPhase
from zaffre.core.tasks import Exit, Phase
from zaffre.kinds.online.parts import intents as asked
from zaffre.kinds.online.parts.intents import Facts, Replica
from zaffre.kinds.online.parts.wish import Content, Limits, Place, Probing, Wish
from zaffre.kinds.online.rules import decide

NOW = 1000.0


def wish(generation=1, count=1):
    return Wish(generation, Content("score", {"name": "env"}, script=f"{generation}.py"), count=count)


def replica(generation=1, number=1, stage="ready", phase=Phase.RUNNING, answers=True, **options):
    place = Place(
        generation, number, "t", f"/s/{number}", f"/d/{number}", "/l", stage,
        options.get("started_at", NOW - 1), options.get("silent_since"),
        successes=options.get("successes", 0), success_at=options.get("success_at", 0.0),
    )  # fmt: skip
    return Replica(place, phase, answers if phase is Phase.RUNNING else None, options.get("exit"))


def facts(*replicas, **changes):
    usual = {
        "now": NOW, "wish": wish(), "serving": None, "deleting": False, "settled": False,
        "environment": BuildPhase.READY, "environment_name": "env", "environment_message": "",
        "replicas": replicas, "published": frozenset(),
    }  # fmt: skip
    return Facts(**{**usual, **changes})


def names(intents):
    return [type(one).__name__ for one in intents]


def test_an_environment_is_built_before_anything_is_started():
    assert names(decide(facts(environment=BuildPhase.MISSING))) == ["EnsureEnvironment", "Wait"]


def test_a_failed_environment_fails_the_deployment_with_its_words():
    failed = decide(facts(environment=BuildPhase.FAILED, environment_message="no such package"))[0]
    assert isinstance(failed, asked.MarkFailed)
    assert "no such package" in failed.reason.sentence


@pytest.mark.parametrize("count", [1, 3])
def test_as_many_replicas_are_started_as_are_wanted(count):
    started = [one for one in decide(facts(wish=wish(count=count))) if isinstance(one, asked.StartReplica)]
    assert len(started) == count


def test_a_starting_replica_is_waited_for_and_gets_no_traffic():
    assert names(decide(facts(replica(stage="starting", answers=False)))) == ["Wait"]


def test_a_ready_replica_makes_the_generation_serve():
    assert names(decide(facts(replica(stage="starting")))) == ["StageReplica", "MarkReady", "PublishTable", "Wait"]


PATIENT = replace(
    wish(), readiness=Probing(period=10, success_threshold=3), liveness=Probing(period=5, success_threshold=2)
)


def test_as_many_probes_in_a_row_must_succeed_as_the_readiness_probe_says():
    def noted(**seen):
        found = decide(facts(replica(stage="starting", **seen), wish=PATIENT))
        return [(one.count, one.at) for one in found if isinstance(one, asked.NoteSuccesses)], names(found)

    assert noted() == ([(1, NOW)], ["NoteSuccesses", "Wait"])
    assert noted(successes=1, success_at=NOW - 9) == ([], ["Wait"])
    assert noted(successes=1, success_at=NOW - 10)[0] == [(2, NOW)]
    assert noted(successes=2, success_at=NOW - 10, answers=False)[0] == [(0, 0.0)]
    ready = noted(successes=2, success_at=NOW - 10)[1]
    assert ready == ["StageReplica", "MarkReady", "PublishTable", "Wait"]
    last = replica(number=2, stage="starting", successes=2, success_at=NOW - 10)
    both = decide(facts(replica(stage="starting"), last, wish=replace(PATIENT, count=2)))
    assert names(both) == ["NoteSuccesses", "StageReplica", "Wait"]


def test_a_silence_is_over_after_as_many_successes_as_the_liveness_probe_says():
    serving = {"wish": PATIENT, "serving": PATIENT, "settled": True, "published": frozenset({"1-1"})}
    silent = {"silent_since": NOW - 60}
    begun = decide(facts(replica(**silent), **serving))
    assert [one.count for one in begun if isinstance(one, asked.NoteSuccesses)] == [1]
    assert "NoteSilence" not in names(begun)
    over = decide(facts(replica(**silent, successes=1, success_at=NOW - 5), **serving))
    assert [one.since for one in over if isinstance(one, asked.NoteSilence)] == [None]
    assert decide(facts(replica(), **serving))[-1] == asked.Wait(NOW + 5)


def test_with_several_replicas_all_must_be_ready():
    seen = decide(facts(replica(), replica(number=2, stage="starting", answers=False), wish=wish(count=2)))
    assert "MarkReady" not in names(seen)


def test_an_exit_during_the_start_fails_the_generation_with_its_code():
    ended = Exit(3, None, 0.0, 1.0)
    failed = decide(facts(replica(stage="starting", phase=Phase.EXITED, exit=ended)))[0]
    assert isinstance(failed, asked.MarkFailed)
    assert "exit code 3" in failed.reason.sentence


def test_memory_that_ran_out_is_told_as_such():
    ended = Exit(None, 9, 0.0, 1.0, out_of_memory=True)
    failed = decide(facts(replica(stage="starting", phase=Phase.EXITED, exit=ended)))[0]
    assert isinstance(failed, asked.MarkFailed)
    assert failed.reason.cause.value == "OutOfMemory"


def test_a_replica_that_vanished_while_starting_is_the_platforms_fault_and_started_again():
    lost = decide(facts(replica(stage="starting", phase=Phase.VANISHED)))
    assert names(lost)[0] == "ForgetReplica"
    assert "MarkFailed" not in names(lost)


def test_a_start_past_its_time_fails():
    late = replica(stage="starting", answers=False, started_at=NOW - 311)
    assert names(decide(facts(late)))[0] == "MarkFailed"
    just = replica(stage="starting", answers=False, started_at=NOW - 309)
    assert names(decide(facts(just))) == ["Wait"]


UPDATING = {"wish": wish(2), "serving": wish(1), "published": frozenset({"1-1"})}


def test_an_update_leaves_the_old_replica_alone_until_the_new_one_is_ready():
    starting = replica(2, 2, "starting", answers=False)
    assert set(names(decide(facts(replica(), starting, **UPDATING)))) == {"PublishTable", "Wait"}


def test_a_failed_update_stops_its_own_replica_and_touches_no_other():
    late = replica(2, 2, "starting", answers=False, started_at=0.0)
    seen = decide(facts(replica(), late, **UPDATING))
    assert [one for one in seen if isinstance(one, asked.MarkFailed)]
    settled = decide(facts(replica(), late, **{**UPDATING, "settled": True}))
    staged = [one for one in settled if isinstance(one, asked.StageReplica)]
    assert [(one.place.id, one.stage) for one in staged] == [("2-2", "draining")]


def test_the_old_replica_is_drained_then_stopped_once_the_router_has_let_go_then_forgotten():
    done = {"wish": wish(2), "serving": wish(2), "settled": True}
    new = replica(2, 2)
    assert "StageReplica" in names(decide(facts(replica(), new, **done, published=frozenset({"1-1", "2-2"}))))
    draining = replica(stage="draining", answers=None)
    held = decide(facts(draining, new, **done, published=frozenset({"1-1", "2-2"})))
    assert "StopReplica" not in names(held)
    free = decide(facts(draining, new, **done, published=frozenset({"2-2"})))
    assert [one.place.id for one in free if isinstance(one, asked.StopReplica)] == ["1-1"]
    gone = decide(facts(replica(stage="draining", phase=Phase.EXITED), new, **done, published=frozenset({"2-2"})))
    assert [one.place.id for one in gone if isinstance(one, asked.ForgetReplica)] == ["1-1"]


SERVING = {"serving": wish(1), "settled": True, "published": frozenset({"1-1"})}


@pytest.mark.parametrize("phase", [Phase.EXITED, Phase.VANISHED])
def test_a_dead_replica_is_forgotten_and_replaced_at_once(phase):
    seen = decide(facts(replica(phase=phase), **SERVING))
    assert names(seen) == ["ForgetReplica", "StartReplica", "PublishTable", "Wait"]
    assert seen[0].failed


def test_replicas_that_keep_dying_are_replaced_more_and_more_slowly():
    dying = {**SERVING, "recent_failures": 4, "last_failure": NOW - 1}
    seen = decide(facts(**dying))
    assert "StartReplica" not in names(seen)
    assert "StartReplica" in names(decide(facts(**{**dying, "last_failure": NOW - 9})))


def test_a_replacement_gets_traffic_when_it_is_ready():
    staged = [one for one in decide(facts(replica(stage="starting"), **SERVING)) if isinstance(one, asked.StageReplica)]
    assert [one.stage for one in staged] == ["ready"]


def test_silence_is_noted_forgiven_and_in_the_end_answered_with_a_new_replica():
    assert [
        one.since for one in decide(facts(replica(answers=False), **SERVING)) if isinstance(one, asked.NoteSilence)
    ] == [NOW]
    back = decide(facts(replica(silent_since=NOW - 50), **SERVING))
    assert [one.since for one in back if isinstance(one, asked.NoteSilence)] == [None]
    hung = decide(facts(replica(answers=False, silent_since=NOW - 301), **SERVING))
    assert {"StageReplica", "StartReplica"} <= set(names(hung))


def test_new_limits_need_no_new_replica():
    changed = Wish(1, wish().content, Limits(max_queue_wait=9))
    seen = decide(facts(replica(), wish=changed, serving=wish(1), published=frozenset({"1-1"})))
    assert names(seen) == ["Follow", "PublishTable", "Wait"]
    done = decide(facts(replica(), wish=changed, serving=changed, published=frozenset({"1-1"})))
    assert names(done) == ["MarkReady", "PublishTable", "Wait"]


GROWING = {"wish": wish(count=3), "serving": wish(count=3), "published": frozenset({"1-1"})}


def test_a_deployment_that_grows_succeeds_when_all_its_replicas_are_ready():
    grown = decide(facts(replica(), **{**GROWING, "serving": wish(count=1)}))
    assert names(grown)[0] == "Follow"
    begun = names(decide(facts(replica(), **GROWING)))
    assert begun.count("StartReplica") == 2
    assert "MarkReady" not in begun
    starting = replica(number=3, stage="starting", answers=False)
    assert "MarkReady" not in names(decide(facts(replica(), replica(number=2), starting, **GROWING)))
    assert "MarkReady" in names(decide(facts(replica(), replica(number=2), replica(number=3), **GROWING)))


def test_a_deployment_that_cannot_grow_fails_after_a_few_tries_and_keeps_what_it_has():
    ended = replica(number=2, stage="starting", phase=Phase.EXITED, exit=Exit(3, None, 0.0, 1.0))
    assert "MarkFailed" not in names(decide(facts(replica(), ended, **GROWING)))
    seen = decide(facts(replica(), ended, **GROWING, recent_failures=2, last_failure=NOW))
    assert "MarkFailed" in names(seen)
    assert not [one for one in seen if isinstance(one, asked.StageReplica)]
    late = replica(number=2, stage="starting", answers=False, started_at=NOW - 311)
    assert "MarkFailed" in names(decide(facts(replica(), late, **GROWING)))


def test_a_deployment_that_shrinks_drains_what_does_not_answer_first_then_the_youngest():
    shrinking = {"wish": wish(count=1), "serving": wish(count=1), "published": frozenset({"1-1", "1-2", "1-3"})}
    three = (replica(), replica(number=2), replica(number=3))
    staged = [one for one in decide(facts(*three, **shrinking)) if isinstance(one, asked.StageReplica)]
    assert [(one.place.id, one.stage) for one in staged] == [("1-3", "draining"), ("1-2", "draining")]
    silent = replica(answers=False, silent_since=NOW - 1)
    staged = [one for one in decide(facts(silent, *three[1:], **shrinking)) if isinstance(one, asked.StageReplica)]
    assert [one.place.id for one in staged] == ["1-1", "1-3"]


def test_deleting_goes_out_of_the_table_first():
    going = {"deleting": True, "serving": wish(1), "settled": False}
    assert names(decide(facts(replica(), **going, published=frozenset({"1-1"})))) == [
        "StageReplica",
        "PublishTable",
        "Wait",
    ]
    draining = replica(stage="draining", answers=None)
    assert "StopReplica" in names(decide(facts(draining, **going)))
    assert names(decide(facts(**going))) == ["PublishTable", "Remove"]


def test_every_decision_but_the_last_has_a_deadline():
    for known in (facts(), facts(replica(), **SERVING), facts(replica(stage="starting", answers=False))):
        last = decide(known)[-1]
        assert isinstance(last, asked.Wait)
        assert last.until <= NOW + 10
