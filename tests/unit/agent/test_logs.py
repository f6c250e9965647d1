import os

from zaffre.agent.logs import Pump


def pumped(path, limit, *pieces):
    pump = Pump(str(path), limit)
    writer = os.dup(pump.writer)
    pump.started()
    for piece in pieces:
        os.write(writer, piece)
        assert pump.step()
    os.close(writer)
    pump.drain()
    return path


def test_bytes_pass_unchanged(tmp_path):
    assert pumped(tmp_path / "deep" / "log", 100, b"\0\xff\r\n", b"b").read_bytes() == b"\0\xff\r\nb"


def test_exactly_the_limit_is_kept_without_a_marker(tmp_path):
    assert pumped(tmp_path / "log", 4, b"ab", b"cd").read_bytes() == b"abcd"


def test_past_the_limit_stands_one_marker(tmp_path):
    log = pumped(tmp_path / "log", 4, b"ab", b"cde", b"f").read_bytes()
    assert log == b"abcd\n[zaffre: the log reached 4 bytes; the rest is not kept]\n"


def test_a_log_that_exists_is_continued(tmp_path):
    (tmp_path / "log").write_bytes(b"abc")
    assert pumped(tmp_path / "log", 4, b"d").read_bytes() == b"abcd"


def test_a_full_disk_costs_lines_and_says_so_when_there_is_room_again(tmp_path):
    pump = Pump(str(tmp_path / "log"), 100)
    room, full = pump._kept._file, os.open("/dev/full", os.O_WRONLY)
    for file, piece in ((room, b"one"), (full, b"lost"), (full, b"too"), (room, b"two")):
        pump._kept._file = file
        os.write(pump.writer, piece)
        pump.step()
    pump.started()
    pump.drain()
    assert (tmp_path / "log").read_bytes() == b"one\n[zaffre: 7 bytes could not be written here]\ntwo"


def test_the_end_of_the_pipe_is_told(tmp_path):
    pump = Pump(str(tmp_path / "log"), 100)
    assert pump.step()
    pump.started()
    assert not pump.step()
