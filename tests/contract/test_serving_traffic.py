"""Who gets a request, a copy of it or none, what it is called, and what is counted."""

from __future__ import annotations

import base64
import json
import os
import signal
import threading

import pytest

from zaffre.testing.serving import endpoint, routed, until

MODEL = """
import json, os, time
from azureml.contrib.services.aml_response import AMLResponse
def init(): pass
def run(data):
    asked = json.loads(data)
    time.sleep(asked.get("sleep", 0))
    if "status" in asked:
        return AMLResponse("no", asked["status"])
    return {"pid": os.getpid()}
"""
NAMED = {"azureml-model-deployment": "green"}


@pytest.fixture(scope="module")
def rig(tmp_path_factory):
    with routed(tmp_path_factory.mktemp("traffic")) as made:
        yield made


@pytest.fixture(scope="module")
def hosts(rig):
    return {name: rig.start_host({"request_timeout": 20}, MODEL) for name in ("blue", "green")}


def both(hosts, **limits):
    usual = {"max_queue_wait": 10, "request_timeout": 10, **limits}
    return {name: {"replicas": [host.replica("1-1")], **usual} for name, host in hosts.items()}


def grown(rig, before, deployment="ws/e/blue"):
    """What has been counted since."""
    after = rig.counts(deployment)
    numbers = {name: after[name] - before[name] for name in ("arrived", "busy_seconds", "mirrored", "mirror_skipped")}
    for name in ("statuses", "model_statuses", "mirror_statuses"):
        numbers[name] = {
            status: count - before[name].get(status, 0)
            for status, count in after[name].items()
            if count > before[name].get(status, 0)
        }
    return numbers


# A model's errors.


def test_a_models_error_is_424_and_says_what_the_model_said(rig, hosts):
    rig.publish({"ws/e": endpoint(both(hosts), model_errors="424")})
    before = rig.counts()
    reply = rig.call(body=b'{"status": 503}')
    assert (reply.status, reply.body) == (424, b"no")
    assert reply.headers["ms-azureml-model-error-statuscode"] == "503"
    assert reply.headers["ms-azureml-model-error-reason"] == "model_error"
    found = grown(rig, before)
    assert (found["statuses"], found["model_statuses"]) == ({"424": 1}, {"503": 1})


def test_a_table_that_says_nothing_masks_a_models_errors(rig, hosts):
    told = endpoint(both(hosts))
    del told["model_errors"]
    rig.publish({"ws/e": told})
    assert rig.call(body=b'{"status": 500}').status == 424


def test_a_model_that_takes_too_long_is_408_either_way(rig):
    host = rig.start_host({"request_timeout": 0.3}, MODEL)
    limits = {"replicas": [host.replica("1-1")], "request_timeout": 10}
    rig.publish({"ws/e": endpoint({"blue": limits}, model_errors="424")})
    assert rig.call(body=b'{"sleep": 20}').status == 408


# Names of a request.


def test_the_routers_own_answers_carry_both_ids(rig, hosts):
    rig.publish({"ws/e": endpoint(both(hosts))})
    reply = rig.call(key="wrong", headers={"x-ms-client-request-id": "mine"})
    assert (reply.status, reply.headers["x-ms-client-request-id"]) == (401, "mine")
    assert len(reply.headers["x-ms-request-id"]) == 36


def test_the_access_log_has_both_ids_and_the_models_status(rig, hosts):
    rig.publish({"ws/e": endpoint(both(hosts), model_errors="424")})
    rig.call(body=b'{"status": 500}', headers={"x-request-id": "ours-1", "x-ms-client-request-id": "theirs"})
    log = rig.home / "access.log"
    line = until(lambda: next((text for text in log.read_text().splitlines() if "ours-1" in text), ""), "the line")
    told = json.loads(line)
    assert (told["status"], told["model_status"], told["client_request_id"]) == (424, 500, "theirs")


# Mirrored traffic.


def test_copies_are_counted_apart(rig, hosts):
    rig.publish({"ws/e": endpoint(both(hosts), mirror={"green": 100})})
    before, blue = rig.counts("ws/e/green"), rig.counts()
    for _ in range(5):
        assert rig.call(body=b'{"status": 418}').status == 418
    until(lambda: grown(rig, before, "ws/e/green")["mirror_statuses"] == {"418": 5}, "the copies' answers")
    found = grown(rig, before, "ws/e/green")
    assert (found["arrived"], found["statuses"], found["mirrored"]) == (0, {}, 5)
    assert grown(rig, blue)["statuses"] == {"418": 5}


def test_a_request_that_names_its_deployment_is_not_copied(rig, hosts):
    rig.publish({"ws/e": endpoint(both(hosts), mirror={"green": 100})})
    before = rig.counts("ws/e/green")
    assert rig.call(headers={"azureml-model-deployment": "blue"}).status == 200
    assert rig.call(headers=NAMED).status == 200
    assert grown(rig, before, "ws/e/green")["mirrored"] == 0


def test_a_mirror_that_hangs_is_felt_by_nobody(rig, hosts):
    """Stopped, it answers nothing: callers go on as fast as ever, and copies are left out once enough of them wait."""
    rig.publish({"ws/e": endpoint(both(hosts, request_timeout=30, max_queue_wait=30), mirror={"green": 100})})
    assert rig.call(headers=NAMED).status == 200
    before = rig.counts("ws/e/green")
    hosts["green"].kill(signal.SIGSTOP)
    try:
        assert {rig.call().status for _ in range(120)} == {200}
        found = grown(rig, before, "ws/e/green")
        assert found["mirror_skipped"] > 0
        assert found["mirrored"] + found["mirror_skipped"] == 120
    finally:
        hosts["green"].kill(signal.SIGCONT)
    until(lambda: rig.counts("ws/e/green")["queued"] == 0, "the copies that waited")


def test_a_mirror_without_replicas_fails_nobody(rig, hosts):
    deployments = {**both(hosts), "green": {"replicas": [{"id": "x", "socket": "/nonexistent/s"}], "max_queue_wait": 1}}
    rig.publish({"ws/e": endpoint(deployments, mirror={"green": 100})})
    before = rig.counts("ws/e/green")
    assert rig.call().status == 200
    until(lambda: grown(rig, before, "ws/e/green")["mirror_statuses"] == {"503": 1}, "the copy's end")


def test_copies_that_wait_for_a_deployment_that_goes_answer_nobody(rig, hosts):
    """They are dropped: another deployment must not score them a second time."""
    away = {**both(hosts), "green": {"replicas": [{"id": "x", "socket": "/nonexistent/s"}], "max_queue_wait": 30}}
    rig.publish({"ws/e": endpoint(away, mirror={"green": 100})})
    assert rig.call().status == 200
    until(lambda: rig.counts("ws/e/green")["queued"] == 1, "the copy that waits")
    before = rig.counts()["busy_seconds"], rig.counts()["waits"]["buckets"]
    rig.publish({"ws/e": endpoint({"blue": both(hosts)["blue"]})})
    assert (rig.counts()["busy_seconds"], rig.counts()["waits"]["buckets"]) == before


# Scaled to zero.


def test_a_deployment_without_replicas_holds_requests_and_says_so(rig, hosts):
    asleep = {"blue": {"replicas": [], "wake": 20, "max_queue_wait": 0.1}}
    rig.publish({"ws/e": endpoint(asleep)})
    asked: list[list[str]] = []
    signal_thread = threading.Thread(target=lambda: asked.append(json.loads(rig.control("/wake"))))
    signal_thread.start()
    replies = []
    callers = [threading.Thread(target=lambda: replies.append(rig.call())) for _ in range(20)]
    for thread in callers:
        thread.start()
    signal_thread.join(10)
    assert asked == [["ws/e/blue"]]
    until(lambda: rig.counts()["held"] == 20, "the held requests")
    assert json.loads(rig.control("/wake")) == ["ws/e/blue"]  # and again, while they wait
    rig.publish({"ws/e": endpoint({"blue": {**asleep["blue"], "replicas": [hosts["blue"].replica("1-1")]}})})
    for thread in callers:
        thread.join(20)
    assert [reply.status for reply in replies] == [200] * 20
    assert all(int(reply.headers["x-zaffre-held-ms"]) >= 1 for reply in replies)
    assert rig.counts()["held"] == 0
    assert "x-zaffre-held-ms" not in rig.call().headers


def test_a_wake_that_takes_too_long_says_how_long_it_usually_takes(rig):
    rig.publish({"ws/e": endpoint({"blue": {"replicas": [], "wake": 0.3, "wake_expected": 7}})})
    reply = rig.call()
    assert (reply.status, reply.headers["retry-after"], reply.headers["x-zaffre-wake-seconds"]) == (503, "7", "7")
    assert "scaled to zero" in reply.json()["error"]["message"]


def test_what_waits_when_the_last_replica_goes_to_sleep_wakes_it_again(rig, hosts):
    """The race of scaling down: a request that was queued a moment before is held, not refused."""
    busy = {"replicas": [hosts["blue"].replica("1-1")], "prefetch": 0, "max_queue_wait": 0.6, "wake": 20}
    rig.publish({"ws/e": endpoint({"blue": {**busy, "request_timeout": 10}})})
    replies = []
    first = threading.Thread(target=lambda: replies.append(rig.call(body=b'{"sleep": 1}').status))
    first.start()
    until(lambda: rig.counts()["busy"] == 1, "the first request")
    second = threading.Thread(target=lambda: replies.append(rig.call().status))
    second.start()
    until(lambda: rig.counts()["queued"] == 1, "the second request")
    rig.publish({"ws/e": endpoint({"blue": {**busy, "replicas": []}})})
    assert json.loads(rig.control("/wake")) == ["ws/e/blue"]
    first.join()
    rig.publish({"ws/e": endpoint({"blue": busy})})
    second.join()
    assert replies == [200, 200]


# Counts and samples.


def test_counts_say_how_busy_a_deployment_is_and_what_its_processes_use(rig, hosts):
    rig.publish({"ws/e": endpoint(both(hosts, prefetch=0))})
    before = rig.counts()
    threads = [threading.Thread(target=lambda: rig.call(body=b'{"sleep": 0.3}')) for _ in range(2)]
    for thread in threads:
        thread.start()
    until(lambda: rig.counts()["queued"] == 1, "one in the queue")
    assert rig.counts()["busy"] == 1
    for thread in threads:
        thread.join()
    found, after = grown(rig, before), rig.counts()
    assert found["arrived"] == 2
    assert 0.55 < found["busy_seconds"] < 2
    assert after["waits"]["seconds"] - before["waits"]["seconds"] > 0.2
    assert after["last_arrival"] > before["last_arrival"]
    use = until(lambda: _used(rig), "what the replica's process uses")
    assert use["pid"] == hosts["blue"].process.pid
    assert use["memory_bytes"] > 1_000_000
    assert use["cpu_seconds"] > 0


def _used(rig):
    use = rig.counts()["replicas"]["1-1"]
    return use if use["memory_bytes"] else None


def test_counts_survive_the_table_and_the_router(rig, hosts):
    rig.publish({"ws/e": endpoint(both(hosts))})
    rig.call()
    before = rig.counts()["arrived"]
    rig.publish({})
    rig.publish({"ws/e": endpoint(both(hosts))})
    assert rig.counts()["arrived"] == before
    rig.router.send_signal(signal.SIGTERM)
    assert rig.router.wait(20) == 0
    rig.start_router()
    assert rig.counts()["arrived"] == before
    assert rig.call().status == 200


def test_the_last_exchanges_are_kept_where_the_table_says_so(rig, hosts):
    rig.publish({"ws/e": endpoint(both(hosts, sample=3), mirror={"green": 100})})
    for number in range(5):
        assert rig.call(body=json.dumps({"number": number}).encode()).status == 200
    rig.call(body=json.dumps({"fill": "x" * 20_000}).encode())
    kept = json.loads(rig.control("/samples/ws/e/blue"))
    assert [json.loads(base64.b64decode(one["request"]))["number"] for one in kept] == [2, 3, 4]
    assert json.loads(base64.b64decode(kept[0]["answer"])) == {"pid": hosts["blue"].process.pid}
    assert (kept[0]["path"], kept[0]["content_type"], kept[0]["status"]) == ("/score", "application/json", 200)
    mirrored = until(lambda: _three(rig), "the copies' answers")
    assert all(one["mirrored"] for one in mirrored)
    rig.publish({"ws/e": endpoint(both(hosts))})
    assert json.loads(rig.control("/samples/ws/e/blue")) == []
    assert rig.control("/samples/ws/e/none") == b"{}"


def _three(rig):
    found = json.loads(rig.control("/samples/ws/e/green"))
    return found if len(found) == 3 else None


def test_metrics_of_one_endpoint_are_of_no_other(rig, hosts):
    rig.publish({"ws/e": endpoint(both(hosts)), "ws/other": endpoint(both(hosts))})
    rig.call()
    text = rig.control("/metrics?endpoint=ws/e").decode()
    assert 'endpoint="e",deployment="green"' in text
    assert 'endpoint="other"' not in text
    assert "zaffre_endpoint_queue_seconds_bucket" in text
    assert f'replica="1-1"}} {1}' in text
    assert os.linesep.join(line for line in text.splitlines() if "nan" in line.lower()) == ""


# A revision on trial.


def tried(hosts, share, **revision):
    """Blue with a next revision beside it, for which the other host stands."""
    blue = {"replicas": [hosts["blue"].replica("1-1")], "max_queue_wait": 10, "request_timeout": 10}
    if not share:
        return {"ws/t": endpoint({"blue": blue})}
    two = {**blue, "replicas": [hosts["green"].replica("2-2")], **revision}
    return {"ws/t": endpoint({"blue": {**blue, "revision": "blue~2", "revision_share": share}, "blue~2": two})}


def pids(rig, **options):
    replies = [rig.call("/endpoints/ws/t/score", **options) for _ in range(200)]
    assert {(one.status, one.headers["azureml-model-deployment"]) for one in replies} == {(200, "blue")}
    found = [one.json()["pid"] for one in replies]
    return {pid: found.count(pid) for pid in found}


def test_a_revision_on_trial_gets_its_share_in_its_deployments_name(rig, hosts):
    rig.publish(tried(hosts, 30))
    for options in ({}, {"headers": {"azureml-model-deployment": "blue"}}):
        assert 25 < pids(rig, **options)[hosts["green"].process.pid] < 100
    both, own = rig.counts("ws/t/blue"), rig.counts("ws/t/blue~2")
    assert both["statuses"] == {"200": 400}
    assert 50 < own["statuses"]["200"] == own["arrived"] < 200
    assert "blue~2" not in rig.metrics()
    assert 'deployment="blue"' in rig.metrics()
    assert rig.call("/endpoints/ws/t/score", headers={"azureml-model-deployment": "blue~2"}).status == 400
    rig.publish(tried(hosts, 0))
    assert set(pids(rig)) == {hosts["blue"].process.pid}
    assert rig.counts("ws/t/blue")["statuses"] == {"200": 600}  # nothing is counted anew, nothing is lost


def test_a_revision_without_a_replica_costs_nobody_anything(rig, hosts):
    rig.publish(tried(hosts, 100, replicas=[]))
    assert set(pids(rig)) == {hosts["blue"].process.pid}


def test_what_waits_for_a_revision_that_goes_back_is_answered_by_the_one_that_stays(rig, hosts):
    one = {**hosts["green"].replica("2-2")}
    rig.publish(tried(hosts, 100, replicas=[one], prefetch=0))
    long = threading.Thread(target=lambda: rig.call("/endpoints/ws/t/score", body=b'{"sleep": 3}'))
    long.start()
    until(lambda: rig.counts("ws/t/blue~2")["busy"] == 1, "the one that runs")
    replies = []
    named = {"headers": {"azureml-model-deployment": "blue"}}
    waiting = threading.Thread(target=lambda: replies.append(rig.call("/endpoints/ws/t/score", **named)))
    waiting.start()
    until(lambda: rig.counts("ws/t/blue~2")["queued"] == 1, "the one that waits")
    rig.publish(tried(hosts, 0))
    waiting.join(10)
    assert [(reply.status, reply.json()["pid"]) for reply in replies] == [(200, hosts["blue"].process.pid)]
    long.join(10)
