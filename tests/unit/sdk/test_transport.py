from __future__ import annotations

import socket
from typing import Any

import pytest

from zaffre.core import errors
from zaffre.sdk.transport import Address, Broken, Transport

JOBS = "/api/v1/workspaces/default/jobs"


def test_one_connection_serves_many_calls(fake: Any, transport: Transport) -> None:
    transport.call("GET", JOBS)
    first = transport._connection
    transport.call("GET", JOBS)
    assert transport._connection is first
    assert first is not None and first.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1


def test_waits_as_long_as_the_server_asks(fake: Any, transport: Transport, waits: list[float]) -> None:
    fake.failures = [{"status": 503, "retry_after": "7"}, {"status": 429, "retry_after": "2"}]
    assert transport.call("GET", JOBS) == {"value": []}
    assert waits == [7.0, 2.0]


def test_never_repeats_a_post_that_may_have_happened(fake: Any, transport: Transport) -> None:
    fake.failures = [{"status": 503}]
    with pytest.raises(errors.Unavailable):
        transport.call("POST", f"{JOBS}/x/cancel")
    fake.failures = [{"drop": True}]
    with pytest.raises(Broken, match="POST"):
        transport.call("POST", f"{JOBS}/x/cancel")
    assert len(fake.calls("POST")) == 2


def test_repeats_a_post_that_carries_its_key(fake: Any, transport: Transport) -> None:
    fake.failures = [{"drop": True}]
    transport.call("POST", f"{JOBS}/x/cancel", headers={"Idempotency-Key": "k"})
    assert len(fake.calls("POST")) == 2


def test_gives_up_after_four_attempts(fake: Any, transport: Transport) -> None:
    fake.failures = [{"status": 503}] * 9
    with pytest.raises(errors.Unavailable):
        transport.call("GET", JOBS)
    assert len(fake.calls("GET")) == 4


def test_a_connection_closed_while_idle_is_replaced(fake: Any, transport: Transport, waits: list[float]) -> None:
    transport.call("GET", JOBS)
    kept = transport._connection
    assert kept is not None
    kept.sock.shutdown(socket.SHUT_RD)  # what a peer's close looks like from here
    transport.call("POST", f"{JOBS}/x/cancel")
    assert waits == []
    assert fake.calls("POST") == [f"{JOBS}/x/cancel"]


@pytest.mark.parametrize(
    ("status", "kind"),
    [(401, errors.Unauthenticated), (403, errors.Forbidden), (404, errors.NotFound), (409, errors.Conflict),
     (413, errors.TooLarge), (501, errors.NotBuilt), (507, errors.NoSpace)],
)  # fmt: skip
def test_an_error_answer_is_the_error_it_was(fake: Any, transport: Transport, status: int, kind: type) -> None:
    fake.failures = [{"status": status, "body": {"error": {"code": "Own", "message": "why", "target": "t"}}}]
    with pytest.raises(kind, match="why") as caught:
        transport.call("GET", JOBS)
    assert (caught.value.code, caught.value.target) == ("Own", "t")


def test_every_problem_of_a_refused_document_is_told(fake: Any, transport: Transport) -> None:
    details = [{"message": "one", "target": "a.b", "hint": "do this"}, {"message": "two", "target": "c"}]
    fake.failures = [{"status": 400, "body": {"error": {"code": "V", "message": "m", "details": details}}}]
    with pytest.raises(errors.Invalid) as caught:
        transport.call("PUT", f"{JOBS}/x", {})
    assert str(caught.value) == "a.b: one; do this\nc: two"


def test_an_answer_that_is_no_json_is_shown(fake: Any, transport: Transport) -> None:
    fake.failures = [{"status": 418, "body": "teapot"}]
    with pytest.raises(errors.ZaffreError, match="teapot"):
        transport.call("GET", JOBS)


def test_says_which_server_is_not_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(Broken, match=f"127.0.0.1:{port}.*zaffre up"):
        Transport(Address(f"http://127.0.0.1:{port}", "t", local=True), sleep=lambda _: None).call("GET", JOBS)


def test_asks_for_another_address_when_nobody_answers(fake: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    asked: list[bool] = []

    def find(absent: bool) -> Address:
        asked.append(absent)
        return Address(fake.url if absent else f"http://127.0.0.1:{port}", "secret-token")

    assert Transport(find).call("GET", JOBS) == {"value": []}
    assert asked == [False, True]
