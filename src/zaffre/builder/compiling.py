"""Compiles the Python files named on standard input, on all processors.

Run as a script by the environment's own interpreter (3.8 or later), hence the standard library only.
"""

import os
import py_compile
import sys
from concurrent.futures import ProcessPoolExecutor


def compile_file(path: str) -> int:
    """Write the cached form of one file; a file that is no Python of this version is left as it is."""
    try:
        py_compile.compile(path, doraise=True, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
    except (py_compile.PyCompileError, SyntaxError, ValueError, RecursionError, OSError):
        return 0
    return 1


def main() -> None:
    """Read paths, one a line; print how many were compiled."""
    paths = sys.stdin.read().splitlines()
    workers = min(os.cpu_count() or 1, max(1, len(paths) // 50))
    if workers == 1:
        done = sum(map(compile_file, paths))
    else:
        with ProcessPoolExecutor(workers) as pool:
            done = sum(pool.map(compile_file, paths, chunksize=25))
    sys.stdout.write(str(done) + "\n")


if __name__ == "__main__":
    main()
