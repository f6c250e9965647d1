"""``python -m zaffre.agent.scoring host.json``: the host without the zipapp."""

from __future__ import annotations

import sys

from zaffre.agent.scoring.host import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
