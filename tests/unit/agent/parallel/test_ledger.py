"""The ledger: what was finished stays finished, whatever is cut short; rows that did not last are made again."""

from __future__ import annotations

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zaffre.agent.parallel import ledger
from zaffre.agent.parallel.ledger import Busy, Ledger, State

EVENTS = st.lists(
    st.tuples(st.sampled_from(["start", "failed", "last", "done"]), st.integers(0, 4)), max_size=40
)  # fmt: skip


def keep(folder, index, text):
    path = ledger.rows_of(str(folder), index)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as stream:
        stream.write(text)
    with open(path, "rb") as stream:
        size, total = ledger.checksum(stream)
    return {"size": size, "sum": total}


def play(book, folder, events):
    for what, index in events:
        if what == "done":
            book.note("done", index, out=1, **keep(folder, index, f"{index}"))
        else:
            book.note("failed" if what == "last" else what, index, last=what == "last", process=3)


@settings(deadline=None, max_examples=60)
@given(events=EVENTS, cut=st.integers(0, 60))
def test_what_is_read_again_is_what_was_written_up_to_the_last_whole_line(tmp_path_factory, events, cut):
    folder = tmp_path_factory.mktemp("kept")
    book = Ledger(str(folder))
    play(book, folder, events)
    book.close()
    path = folder / ledger.FILE
    whole = path.read_bytes()
    path.write_bytes(whole[: max(0, len(whole) - cut)])
    left = path.read_bytes().count(b"\n")
    model = State()
    for line in list(ledger.history(str(folder))):
        model.take(line)
    again = Ledger(str(folder))
    assert (again.state.done.keys(), again.state.failed.keys()) == (model.done.keys(), model.failed.keys())
    again.note("start", 9)
    again.close()
    assert len(list(ledger.history(str(folder)))) == left + 1  # the torn line is gone, the new one stands whole


def test_rows_that_did_not_last_are_made_again(tmp_path):
    book = Ledger(str(tmp_path))
    play(book, tmp_path, [("done", 0), ("done", 1), ("done", 2)])
    book.close()
    os.truncate(ledger.rows_of(str(tmp_path), 1), 0)
    os.unlink(ledger.rows_of(str(tmp_path), 2))
    again = Ledger(str(tmp_path))
    assert again.state.finished == {0}


def test_one_driver_at_a_time(tmp_path):
    first = Ledger(str(tmp_path))
    with pytest.raises(Busy):
        Ledger(str(tmp_path))
    first.close()
    Ledger(str(tmp_path)).close()


def test_states():
    state = State()
    for what, index, last in [("start", 0, False), ("failed", 0, False), ("failed", 1, True), ("done", 0, False)]:
        state.take({"what": what, "batch": index, "last": last, "process": 2})
    assert (set(state.done), set(state.failed), state.tries, state.processes) == ({0}, {1}, {0: 1, 1: 1}, 2)
    assert state.finished == {0, 1}
