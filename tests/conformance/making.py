"""Data that no file of the clone holds, made from what scikit-learn ships. Each maker writes one file or folder."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_TABLE = "from sklearn.datasets import {} as load; load(as_frame=True).frame.to_csv(target, index=False)"
_DIGITS = """
import numpy as np
from sklearn.datasets import load_digits
small, names = load_digits(return_X_y=True)
large = np.pad(np.kron(small.reshape(-1, 8, 8), np.ones((3, 3))), ((0, 0), (2, 2), (2, 2))) * 15.9
large, names = large.astype("uint8"), names.astype("uint8")
half = 1500
np.savez_compressed(target, x_train=large[:half], y_train=names[:half], x_test=large[half:], y_test=names[half:])
"""
_PICTURES = """
import pathlib
from PIL import Image
folder = pathlib.Path(target)
folder.mkdir()
for number, picture in enumerate(large[:20]):
    Image.fromarray(picture).save(folder / f"{number:02}.png")
"""
_PROGRAMS = {"digits": _DIGITS, "pictures": _DIGITS.rpartition("half =")[0] + _PICTURES}


def write(what: str, target: Path) -> None:
    """``what``: ``digits`` (8 by 8 digits enlarged to 28 by 28, as Keras keeps MNIST), ``pictures`` (a folder of twenty
    of them), or a loader of a table."""
    target.parent.mkdir(parents=True, exist_ok=True)
    program = _PROGRAMS.get(what) or _TABLE.format(what)
    command = [sys.executable, "-c", f"import sys; target = sys.argv[1]\n{program}", str(target)]
    subprocess.run(command, check=True)
