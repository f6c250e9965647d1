"""Planted: files and functions that are too long, and a list of exceptions that did not shrink."""

import pytest

from shape import sizes


@pytest.fixture
def checkout(tmp_path):
    (tmp_path / "src").mkdir()
    return tmp_path


def lines(checkout, name, count):
    (checkout / "src" / name).write_text("x = 1\n" * count)


def test_limit_itself_is_allowed(checkout):
    lines(checkout, "ok.py", 400)
    assert sizes.long_files(checkout, {}) == []


def test_one_line_more_is_not(checkout):
    lines(checkout, "long.py", 401)
    assert sizes.long_files(checkout, {}) == ["src/long.py: 401 lines, at most 400; split it by what its parts are for"]


@pytest.mark.parametrize(
    ("now", "word"),
    [(460, "at most 450"), (449, "lower it"), (400, "take it off the list")],
    ids=["grew", "shrank", "short"],
)
def test_exceptions_may_only_shrink(checkout, now, word):
    lines(checkout, "old.py", now)
    (finding,) = sizes.long_files(checkout, {"src/old.py": 450})
    assert word in finding


def test_exception_at_its_recorded_length_is_allowed(checkout):
    lines(checkout, "old.py", 450)
    assert sizes.long_files(checkout, {"src/old.py": 450}) == []


def test_exception_of_a_file_that_is_gone(checkout):
    assert sizes.long_files(checkout, {"src/gone.py": 450}) == ["src/gone.py: on the list, but there is no such file"]


@pytest.mark.parametrize(("body", "findings"), [(49, 0), (50, 1)])
def test_function_length_counts_its_own_line(checkout, body, findings):
    (checkout / "src" / "f.py").write_text("def work():\n" + "    x = 1\n" * body)
    assert len(sizes.long_functions(checkout)) == findings


def test_list_of_exceptions_is_read(tmp_path):
    (tmp_path / "list.txt").write_text("# why\nsrc/a.py 410  # until the split\n\n")
    assert sizes.read_list(tmp_path / "list.txt") == {"src/a.py": 410}
