"""``python -m zaffre.server``."""

import sys

from zaffre.server.main import run

sys.exit(run())
