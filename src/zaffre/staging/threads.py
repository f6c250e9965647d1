"""Many requests at once, ended by the first that fails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from typing import TypeVar

_T = TypeVar("_T")


def each(one: Callable[[_T], None], items: Sequence[_T], at_once: int) -> None:
    """Call ``one`` with every item. After a failure those under way are waited for, the others not begun, and it is raised."""
    if not items:
        return
    with ThreadPoolExecutor(max(1, min(at_once, len(items)))) as pool:
        asked = [pool.submit(one, item) for item in items]
        ended, rest = wait(asked, return_when=FIRST_EXCEPTION)
        for future in rest:
            future.cancel()
    for future in ended:
        future.result()
