"""A collection of garbage whose finalisers format tracebacks does not spoil a parse."""

from __future__ import annotations

import ast
import gc
import traceback
from pathlib import Path

SOURCE = Path(ast.__file__).read_text()


class Noisy:
    """Garbage only a collection finds, which formats a traceback as it goes."""

    gone = 0

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        type(self).gone += 1
        try:
            raise ValueError
        except ValueError:
            traceback.format_exc()


def test_a_source_is_parsed_whatever_is_collected_meanwhile():
    before = gc.get_threshold()
    gc.set_threshold(100, 2, 2)
    try:
        for _ in range(5):
            for _ in range(50):
                Noisy()
            assert ast.parse(SOURCE).body
    finally:
        gc.set_threshold(*before)
    gc.collect()
    assert Noisy.gone == 250
    assert gc.isenabled()
