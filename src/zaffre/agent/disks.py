"""Whether a disk is full: asked when a command has failed, since that is then why, and to try again would fill it again."""

from __future__ import annotations

import os
from collections.abc import Iterable

LEAST = 1 << 20
"""Bytes; with less a disk counts as full."""


def first_full(places: Iterable[str]) -> str:
    """The first of these folders whose disk is full; empty where none is, or none can be asked."""
    for place in places:
        try:
            facts = os.statvfs(place)
        except OSError:
            continue
        without_files = facts.f_files > 0 and facts.f_favail == 0
        if facts.f_blocks and (facts.f_bavail * facts.f_frsize < LEAST or without_files):
            return place
    return ""
