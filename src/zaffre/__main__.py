"""``python -m zaffre``: the same as the command ``zaffre``."""

from zaffre.cli.main import run

run()
