"""Sources parsed one at a time and without a collection of garbage in between, on a Python that cannot do better.

Before 3.11.8 and 3.12.2 CPython counts the depth of all parses that are under way in one place (python/cpython#106905).
Where a collection in the middle of one runs a finaliser that formats a traceback, which parses the line it shows, the first
fails with ``SystemError: AST constructor recursion depth mismatch``; pytest parses every test, and much else, on import.
"""

from __future__ import annotations

import ast
import gc
import sys
import threading
from functools import wraps
from typing import Any

_MENDED = {(3, 11): (3, 11, 8), (3, 12): (3, 12, 2)}
_alone = threading.RLock()


def parse_undisturbed() -> None:
    """Have ``ast.parse`` do so from now on, where it is needed."""
    if sys.version_info >= _MENDED.get(sys.version_info[:2], (0,)):
        return
    parse = ast.parse

    @wraps(parse)
    def undisturbed(*arguments: Any, **options: Any) -> Any:
        with _alone:
            collects = gc.isenabled()
            gc.disable()
            try:
                return parse(*arguments, **options)
            finally:
                if collects:
                    gc.enable()

    ast.parse = undisturbed
