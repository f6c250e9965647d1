"""What ``run()`` returns, as lines."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from zaffre.agent.parallel import rows

FRAME = pd.DataFrame({"a b": [1, 2], "c": ["x y", None]}, index=[7, 8])


@pytest.mark.parametrize(
    ("result", "number", "text", "header"),
    [
        (FRAME, 2, '1 "x y"\n2 \n', '"a b" c\n'),
        (["a.png: 1", ("b.png", 2), 3], 3, "a.png: 1\n('b.png', 2)\n3\n", ""),
        (("a",), 1, "a\n", ""),
        ([], 0, "", ""),
        (np.array([1, 2]), 2, "1\n2\n", ""),
        (pd.Series([1.5, 2.5], index=[3, 4]), 2, "1.5\n2.5\n", ""),
        (FRAME.head(0), 0, "", '"a b" c\n'),
    ],
)
def test_rows(result, number, text, header):
    assert rows.of(result) == (number, text, header)


@pytest.mark.parametrize(("result", "said"), [(None, "nothing"), ({}, "a dict"), ("ab", "a str"), (3, "a int")])
def test_nothing_that_rows_can_be_made_of(result, said):
    with pytest.raises(rows.NoRows, match=f"returned {said}"):
        rows.of(result)
