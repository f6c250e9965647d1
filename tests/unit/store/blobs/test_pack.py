"""The pack format: however the bytes are cut into pieces, the same contents come out."""

import hashlib
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from zaffre.store.blobs.pack import Budget, Unpacker


@given(contents=st.lists(st.binary(max_size=100), max_size=8), data=st.data())
def test_pieces_of_any_size_give_the_same_contents(contents, data):
    body = b"".join(hashlib.sha256(each).digest() + len(each).to_bytes(8, "big") + each for each in contents)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(body)), max_size=12)))
    with tempfile.TemporaryDirectory() as folder:
        unpacker = Unpacker(Path(folder), Budget())
        for start, end in zip([0, *cuts], [*cuts, len(body)], strict=True):
            unpacker.feed(body[start:end])
        unpacker.finish()
        unpacker.close()
        assert [path.read_bytes() for _, path in unpacker.complete] == contents
        assert [name for name, _ in unpacker.complete] == [hashlib.sha256(each).hexdigest() for each in contents]
