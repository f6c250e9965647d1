"""Files in mini-batches: each file once, in order, and together what belongs together."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zaffre.agent.parallel import splitting
from zaffre.agent.parallel.splitting import File, Unsplittable

FILES = st.lists(st.integers(0, 100), max_size=30).map(
    lambda sizes: [File(f"{n}", size) for n, size in enumerate(sizes)]
)


def flat(batches):
    return [path for batch in batches for path in batch["files"]]


@given(FILES, st.integers(1, 12))
def test_by_count(files, count):
    batches = list(splitting.by_count(files, count))
    assert flat(batches) == [file.path for file in files]
    assert all(batch["items"] == len(batch["files"]) == count for batch in batches[:-1])
    assert all(1 <= batch["items"] <= count for batch in batches)


@given(FILES, st.integers(1, 300))
def test_by_size(files, size):
    batches = list(splitting.by_size(files, size))
    assert flat(batches) == [file.path for file in files]
    sizes = [[files[int(path)].size for path in batch["files"]] for batch in batches]
    assert all(len(few) == 1 or sum(few) <= size for few in sizes)
    assert all(sum(few) + following[0] > size for few, following in pairwise(sizes))  # none too small


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("12")), max_size=30))
def test_by_keys(folders):
    files = [File(f"Store={store}/Brand={brand}/{n}.csv", 1) for n, (store, brand) in enumerate(folders)]
    batches = list(splitting.by_keys(files, ["Brand", "Store"]))
    assert sorted(flat(batches)) == sorted(file.path for file in files)
    assert sorted((batch["keys"]["Store"], batch["keys"]["Brand"]) for batch in batches) == sorted(set(folders))
    for batch in batches:
        assert all(f"Store={batch['keys']['Store']}/Brand={batch['keys']['Brand']}/" in path for path in batch["files"])


def test_a_file_without_the_key():
    with pytest.raises(Unsplittable, match=r"partition_keys: a/x\.csv lies in no folder Store=…"):
        list(splitting.by_keys([File("a/x.csv", 1)], ["Store"]))
