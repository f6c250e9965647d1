"""Names for jobs that were given none: made here, so that submitting is one PUT that may safely be repeated."""

from __future__ import annotations

import os

from zaffre.core import names


def fresh() -> str:
    """``happy_fox_t3k9…``: two words to say aloud and ten characters that make it unique."""
    return names.fresh(os.urandom(names.CHANCE))
