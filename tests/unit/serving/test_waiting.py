import pytest

from zaffre.serving import waiting
from zaffre.serving.exchange import Exchange
from zaffre.serving.waiting import Queue


class Sink:
    def __getattr__(self, name):
        return lambda *_: None


def exchange(body=b"x"):
    made = Exchange(Sink(), b"POST", b"", len(body), b"id")
    made.feed(body)
    return made


def test_in_their_order_those_that_come_back_first():
    queue, one, two, back = Queue(), exchange(), exchange(), exchange()
    queue.add(one)
    queue.add(two)
    queue.add(back, first=True)
    assert [queue.take() for _ in range(len(queue))] == [back, one, two]


def test_what_is_over_is_skipped():
    queue, one, two = Queue(), exchange(), exchange()
    queue.add(one)
    queue.add(two)
    one.cancel()
    assert queue.head() is two
    assert len(queue) == 1


def test_full_by_number_and_by_bytes_and_free_again(monkeypatch):
    monkeypatch.setattr(waiting, "MOST", 2)
    monkeypatch.setattr(waiting, "MOST_BYTES", 100)
    queue = Queue()
    queue.add(exchange(b"x" * 100))
    assert queue.full
    queue.take()
    assert not queue.full
    queue.add(exchange())
    queue.add(exchange())
    assert queue.full
    assert len(queue.sift(lambda _: True)) == 2
    assert not queue.full


def test_sifting_keeps_the_others_in_order_and_prolonging_never_shortens():
    queue, found = Queue(), [exchange() for _ in range(4)]
    for number, one in enumerate(found):
        one.queued_until = float(number)
        queue.add(one)
    assert queue.sift(lambda one: one.queued_until in (0.0, 2.0)) == [found[0], found[2]]
    queue.prolong(2.0)
    assert [one.queued_until for one in (queue.take(), queue.take())] == [2.0, 3.0]
    with pytest.raises(IndexError):
        queue.take()
