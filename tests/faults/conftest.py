"""A built environment that every server of the session shares, and a server for each file."""

from zaffre.testing.fixtures import environments, nothing_lives_on, zaffre

__all__ = ["environments", "nothing_lives_on", "zaffre"]
