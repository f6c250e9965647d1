"""The data plane as callers see it: a real router before real scoring hosts."""

from __future__ import annotations

import gzip
import http.client
import json
import threading
import time
from collections import Counter

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from zaffre.testing.serving import KEY, ask, endpoint, routed, until

ECHO = """
import json, os, time
from azureml.contrib.services.aml_response import AMLResponse
def init():
    global calls
    calls = 0
    print("init was here")
def run(data):
    global calls
    calls += 1
    asked = json.loads(data)
    if "sleep" in asked:
        time.sleep(asked["sleep"])
    if "raise" in asked:
        raise ValueError("the secret of the model")
    if "status" in asked:
        return AMLResponse("no", asked["status"], {"set-cookie": "a=b", "x-own": "1"})
    if "big" in asked:
        return AMLResponse("x" * asked["big"], 200)
    return {"got": asked, "pid": os.getpid(), "calls": calls, "length": len(data)}
"""


@pytest.fixture(scope="module")
def rig(tmp_path_factory):
    with routed(tmp_path_factory.mktemp("serving")) as made:
        yield made


@pytest.fixture(scope="module")
def hosts(rig):
    return [rig.start_host({"request_timeout": 20}, ECHO) for _ in range(2)]


@pytest.fixture
def one(rig, hosts):
    rig.publish({"ws/e": endpoint({"blue": {"replicas": [hosts[0].replica("b")], "max_queue_wait": 10}})})
    return rig


def test_a_scored_request_carries_the_answer_and_azures_headers(one):
    reply = one.call(body=b'{"a": [1, 2]}', headers={"x-ms-client-request-id": "mine"})
    assert reply.status == 200
    assert reply.json()["got"] == {"a": [1, 2]}
    assert reply.headers["azureml-model-deployment"] == "blue"
    assert reply.headers["x-ms-client-request-id"] == "mine"
    assert reply.headers["x-ms-request-id"] == "mine"
    assert float(reply.headers["x-ms-run-fn-exec-ms"]) >= 0


def test_workspace_and_endpoint_are_found_whatever_the_case(one):
    assert one.call("/endpoints/WS/E/score").status == 200


def test_the_user_never_sees_the_key_nor_a_cookie(rig, tmp_path):
    shown = "def init(): pass\ndef run(data, request_headers): return dict(request_headers)\n"
    host = rig.start_host({}, shown)
    rig.publish({"ws/e": endpoint({"blue": {"replicas": [host.replica("b")]}})})
    sent = {"cookie": "session=1", "x-internal-user": "root", "x_internal_user": "root", "x-zaffre-not-run": "1"}
    seen = rig.call(headers={**sent, "connection": "x-hop", "x-hop": "1", "x-mine": "2"}).json()
    assert seen["X-Mine"] == "2"
    assert not {"Authorization", "Cookie", "X-Internal-User", "X_Internal_User", "X-Zaffre-Not-Run", "X-Hop"} & set(
        seen
    )
    assert KEY not in json.dumps(seen)


@pytest.mark.parametrize("key", ["", "wrong", KEY + "x", KEY[:-1]])
def test_without_the_key_nothing_is_answered(one, key):
    reply = one.call(key=key)
    assert reply.status == 401
    assert reply.json()["error"]["code"] == "AuthenticationFailed"
    assert reply.headers["www-authenticate"] == "Bearer"


def test_an_unknown_endpoint_looks_like_a_wrong_key(one):
    assert one.call("/endpoints/ws/other/score").body == one.call(key="wrong").body


def test_an_unknown_deployment_is_404_in_arms_form(one):
    reply = one.call(headers={"azureml-model-deployment": "green"})
    assert reply.status == 404
    assert "green" in reply.json()["error"]["message"]


def test_the_header_picks_a_deployment_without_traffic(rig, hosts):
    both = {"blue": {"replicas": [hosts[0].replica("b")]}, "green": {"replicas": [hosts[1].replica("g")]}}
    rig.publish({"ws/e": endpoint(both)})
    pids = {name: rig.call(headers={"azureml-model-deployment": name}).json()["pid"] for name in both}
    assert pids == {"blue": hosts[0].process.pid, "green": hosts[1].process.pid}
    assert rig.call().headers["azureml-model-deployment"] == "blue"


def test_traffic_is_divided_by_weight(rig, hosts):
    both = {"blue": {"replicas": [hosts[0].replica("b")]}, "green": {"replicas": [hosts[1].replica("g")]}}
    rig.publish({"ws/e": endpoint(both, traffic={"blue": 80, "green": 20})})
    connection = http.client.HTTPConnection("127.0.0.1", rig.port, timeout=30)
    headers = {"authorization": f"Bearer {KEY}"}
    seen = Counter(
        ask(connection, "/endpoints/ws/e/score", b"{}", headers).headers["azureml-model-deployment"]
        for _ in range(1000)
    )
    connection.close()
    assert 130 < seen["green"] < 270  # five standard deviations


def test_mirrored_traffic_is_copied_and_never_answers(rig, hosts):
    both = {"blue": {"replicas": [hosts[0].replica("b")]}, "green": {"replicas": [hosts[1].replica("g")]}}
    rig.publish({"ws/e": endpoint(both, mirror={"green": 100})})
    before = rig.call(headers={"azureml-model-deployment": "green"}).json()["calls"]
    assert all(rig.call().json()["pid"] == hosts[0].process.pid for _ in range(5))
    named = {"azureml-model-deployment": "green"}
    until(lambda: rig.call(headers=named).json()["calls"] >= before + 6, "the copies")


def test_no_traffic_is_told_as_such(rig, hosts):
    rig.publish({"ws/e": endpoint({"blue": {"replicas": [hosts[0].replica("b")]}}, traffic={})})
    reply = rig.call()
    assert reply.status == 404
    assert "traffic" in reply.json()["error"]["message"]


def test_swagger_health_and_unknown_routes_pass_through(one):
    assert one.call("/endpoints/ws/e/swagger.json", method="GET").json()["swagger"] == "2.0"
    assert one.call("/endpoints/ws/e/swagger.json?version=3", method="GET").json()["openapi"].startswith("3.")
    assert one.call("/endpoints/ws/e/", method="GET").body == b"Healthy"
    assert one.call("/endpoints/ws/e/nope", method="GET").status == 404
    head = one.call("/endpoints/ws/e/", method="HEAD")
    assert (head.status, head.body) == (200, b"")


def test_livez_needs_no_key_and_the_root_has_nothing(one):
    assert one.call("/livez", method="GET", key="").status == 200
    assert one.call("/", method="GET", key="").status == 404


def test_a_failing_script_answers_500_and_tells_the_log_alone(one, hosts):
    reply = one.call(body=b'{"raise": 1}')
    assert reply.status == 500
    assert reply.json() == {"message": "An unexpected error occurred in scoring script. Check the logs for more info."}
    assert reply.headers["x-ms-run-function-failed"] == "True"
    assert reply.headers["ms-azureml-model-error-statuscode"] == "500"
    assert b"the secret of the model" in hosts[0].log.read_bytes()
    assert b"init was here" in hosts[0].log.read_bytes()


def test_a_chosen_status_passes_and_cookies_do_not(one):
    reply = one.call(body=b'{"status": 422}')
    assert (reply.status, reply.body, reply.headers["x-own"]) == (422, b"no", "1")
    assert "set-cookie" not in reply.headers


@pytest.mark.parametrize("size", [0, 1, 70_000, 300_000, 3_000_000])
def test_bodies_of_any_size_arrive_whole(one, size):
    body = json.dumps({"fill": "x" * size}).encode()
    assert one.call(body=body).json()["length"] == len(body)


@pytest.mark.parametrize("size", [1, 70_000, 3_000_000])
def test_chunked_bodies_arrive_whole(one, size):
    body = json.dumps({"fill": "x" * size}).encode()
    connection = http.client.HTTPConnection("127.0.0.1", one.port, timeout=30)
    pieces = (body[start : start + 5000] for start in range(0, len(body), 5000))
    connection.request("POST", "/endpoints/ws/e/score", pieces, {"authorization": f"Bearer {KEY}"}, encode_chunked=True)
    assert json.loads(connection.getresponse().read())["length"] == len(body)
    connection.close()


def test_answers_of_any_size_arrive_whole(one):
    assert len(one.call(body=b'{"big": 20000000}').body) == 20_000_000


def test_expect_continue_is_answered(one):
    head = f"POST /endpoints/ws/e/score HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {KEY}\r\n"
    data = head.encode() + b"expect: 100-continue\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}"
    assert one.raw(data).startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK")


def test_pipelined_requests_are_answered_in_order(one):
    head = f"POST /endpoints/ws/e/score HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {KEY}\r\n"
    bodies = [json.dumps({"n": number}).encode() for number in range(12)]
    data = b"".join(head.encode() + b"content-length: %d\r\n\r\n" % len(body) + body for body in bodies[:-1])
    data += head.encode() + b"connection: close\r\ncontent-length: %d\r\n\r\n" % len(bodies[-1]) + bodies[-1]
    answers = one.raw(data).split(b"HTTP/1.1 200 OK")[1:]
    assert [json.loads(one_.partition(b"\r\n\r\n")[2])["got"]["n"] for one_ in answers] == list(range(12))


def test_waiting_too_long_for_a_replica_is_429_and_the_answer_still_comes(rig, hosts):
    limits = {"max_queue_wait": 0.2, "prefetch": 0, "request_timeout": 10}
    rig.publish({"ws/e": endpoint({"blue": {"replicas": [hosts[0].replica("b")], **limits}})})
    slow: list[int] = []
    thread = threading.Thread(target=lambda: slow.append(rig.call(body=b'{"sleep": 1.5}').status))
    thread.start()
    until(lambda: rig.status()["endpoints"]["ws/e"]["blue"]["busy"] == 1, "the slow request")
    began = time.monotonic()
    reply = rig.call()
    assert reply.status == 429
    assert reply.headers["retry-after"] == "1"
    assert 0.15 < time.monotonic() - began < 1.2
    thread.join()
    assert slow == [200]


def test_a_model_over_its_time_is_408_and_the_replica_lives_on(rig):
    host = rig.start_host({"request_timeout": 0.4}, ECHO)
    limits = {"max_queue_wait": 5, "request_timeout": 0.5}
    rig.publish({"ws/e": endpoint({"blue": {"replicas": [host.replica("b")], **limits}})})
    assert rig.call(body=b'{"sleep": 30}').status == 408
    reply = rig.call()
    assert (reply.status, reply.json()["calls"]) == (200, 2)


def test_two_replicas_share_the_load(rig, hosts):
    replicas = [host.replica(str(number)) for number, host in enumerate(hosts)]
    rig.publish({"ws/e": endpoint({"blue": {"replicas": replicas, "prefetch": 0, "max_queue_wait": 20}})})
    pids: list[int] = []
    threads = [
        threading.Thread(target=lambda: pids.append(rig.call(body=b'{"sleep": 0.2}').json()["pid"])) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(pids) == {host.process.pid for host in hosts}


def test_tokens_are_accepted_by_signature_audience_and_time(rig, hosts):
    key, other = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    auth = {"key_hashes": [], "jwt_public_key": public.decode(), "audiences": ["endpoint:ws/e"]}
    rig.publish({"ws/e": endpoint({"blue": {"replicas": [hosts[0].replica("b")]}}, auth=auth)})
    now = int(time.time())

    def status(signer, **claims):
        usual = {"sub": "user:owner", "aud": "endpoint:ws/e", "exp": now + 60}
        return rig.call(key=jwt.encode({**usual, **claims}, signer, algorithm="EdDSA")).status

    assert status(key) == 200
    assert status(other) == 401
    assert status(key, aud="endpoint:ws/other") == 401
    assert status(key, exp=now - 1) == 401
    assert (
        rig.call(key=jwt.encode({"sub": "x", "aud": "endpoint:ws/e", "exp": now + 60}, "s" * 32, "HS256")).status == 401
    )
    assert rig.call().status == 401


def test_a_rotated_key_is_refused_and_the_new_one_accepted(rig, hosts):
    deployments = {"blue": {"replicas": [hosts[0].replica("b")]}}
    rig.publish({"ws/e": endpoint(deployments)})
    assert rig.call().status == 200
    rig.publish({"ws/e": endpoint(deployments, auth={"key_hashes": ["00" * 32]})})
    assert rig.call().status == 401


def test_a_spoilt_table_changes_nothing(one):
    (one.home / "table.json").write_text("{half a tab")
    one.router.send_signal(1)
    until(lambda: "table not applied" in (one.folder / "router.log").read_text(), "the router's complaint")
    assert one.call().status == 200


def test_a_compressed_body_reaches_the_script_as_it_is(one):
    """Nothing on the way inflates: a bomb stays its own size."""
    body = gzip.compress(b"0" * 1_000_000)
    assert one.call(body=body, headers={"content-encoding": "gzip"}).status == 400


def test_metrics_count_by_deployment_and_status(one):
    one.call()
    text = one.metrics()
    assert 'zaffre_endpoint_requests_total{workspace="ws",endpoint="e",deployment="blue",status="200"}' in text
    assert 'zaffre_endpoint_latency_seconds_count{workspace="ws",endpoint="e",deployment="blue"}' in text


def test_the_access_log_has_no_secret_and_no_query(one):
    one.call("/endpoints/ws/e/score?token=hidden", headers={"x-request-id": "find-me"})
    log = one.home / "access.log"
    line = until(lambda: next((text for text in log.read_text().splitlines() if "find-me" in text), ""), "the line")
    assert json.loads(line)["request"] == "POST /endpoints/ws/e/score"
    assert KEY not in log.read_text()
    assert "hidden" not in log.read_text()
