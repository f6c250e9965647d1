"""Tasks as processes of this machine, each beside an agent that outlives the server."""

from zaffre.backends.local.backend import LocalBackend

__all__ = ["LocalBackend"]
