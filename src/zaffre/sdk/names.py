"""Names for jobs that were given none: made here, so that submitting is one PUT that may safely be repeated."""

from __future__ import annotations

import os

_FIRST = (
    "amber", "azure", "bold", "brave", "bright", "calm", "clear", "clever", "coral", "cosmic", "crisp", "eager",
    "gentle", "golden", "happy", "honest", "jade", "keen", "kind", "lively", "lucid", "mellow", "nimble", "noble",
    "olive", "patient", "plucky", "quiet", "rapid", "sunny", "swift", "teal",
)  # fmt: skip
_SECOND = (
    "acorn", "anchor", "badger", "beacon", "bear", "brook", "cedar", "cloud", "comet", "crane", "delta", "falcon",
    "fern", "fox", "garnet", "harbor", "heron", "island", "lantern", "lemur", "maple", "meadow", "otter", "owl",
    "pebble", "pepper", "pine", "river", "robin", "sail", "tiger", "willow",
)  # fmt: skip
_LETTERS = "bcdfghjklmnpqrstvwxyz0123456789"


def fresh() -> str:
    """``happy_fox_t3k9…``: two words to say aloud and ten characters that make it unique."""
    chance = os.urandom(12)
    tail = "".join(_LETTERS[byte % len(_LETTERS)] for byte in chance[2:])
    return f"{_FIRST[chance[0] % len(_FIRST)]}_{_SECOND[chance[1] % len(_SECOND)]}_{tail}"
