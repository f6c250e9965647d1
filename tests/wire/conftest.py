"""Makes the two sides of the comparison importable by the tests of this folder."""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))


if not os.environ.get("ZAFFRE_EXAMPLES"):
    collect_ignore = ["test_official.py"]  # needs a copy of azureml-examples: make test-wire EXAMPLES=…
