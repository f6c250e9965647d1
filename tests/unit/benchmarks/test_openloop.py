"""The generator behind ``bench-serving``: who is asked late is late, and a pause is paid by all who would have come."""

from __future__ import annotations

import contextlib
import socket
import threading
import time

import pytest

import openloop

ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
CHUNKED = (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"2\r\nok\r\n", b"0\r\n\r\n")
"""As Ray Serve answers; in pieces."""


class Server(threading.Thread):
    """One thread for all: while it sleeps nobody is answered."""

    def __init__(self, pause_at=None, hang_up_at=None, chunked=False, idle=None):
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}/score"
        self.pause_at, self.hang_up_at = pause_at, hang_up_at
        self.answer, self.idle = CHUNKED if chunked else (ANSWER,), idle
        self.asked = 0
        self.lock = threading.Lock()
        self.start()

    def run(self):
        while True:
            try:
                line, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(line,), daemon=True).start()

    def serve(self, line):
        line.settimeout(self.idle)
        with line, contextlib.suppress(TimeoutError):
            while line.recv(65536):
                with self.lock:
                    self.asked += 1
                    if self.asked == self.hang_up_at:
                        return
                    if self.asked == self.pause_at:
                        time.sleep(0.4)
                for piece in self.answer:
                    line.sendall(piece)
                    time.sleep(0.002 if self.answer is CHUNKED else 0)


@pytest.fixture
def serving():
    made = []

    def make(**said):
        made.append(Server(**said))
        return made[-1]

    yield make
    for one in made:
        one.listener.close()


def test_as_many_as_are_due_are_asked_and_a_pause_is_paid_by_all_who_would_have_come(serving):
    seen = openloop.run(serving(pause_at=50).url, b"{}", {}, 200, 1.0)
    assert seen.statuses == {200: 200}
    assert len(seen.seconds) == 200
    waited = [one for one in seen.seconds if one > 0.1]
    assert len(waited) >= 30  # 200/s for 0.4 s, those of the last tenth aside; a closed loop would have seen one
    assert seen.quantile(99) > 300


def test_a_connection_that_ends_is_a_failure_and_the_others_go_on(serving):
    seen = openloop.run(serving(hang_up_at=10).url, b"{}", {}, 100, 0.5)
    assert seen.statuses == {200: 49, 0: 1}
    assert seen.failed == 1


def test_a_connection_closed_while_nothing_was_asked_on_it_is_no_failure(serving):
    """Azure's own server does that; the next request takes another connection."""
    seen = openloop.run(serving(idle=0.01).url, b"{}", {}, 8, 0.75)
    assert seen.statuses == {200: 6}


def test_an_answer_in_chunks_is_whole_with_its_last(serving):
    seen = openloop.run(serving(chunked=True).url, b"{}", {}, 100, 0.5)
    assert seen.statuses == {200: 50}
    assert min(seen.seconds) > 0.004
