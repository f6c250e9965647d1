"""``program_arguments`` as the words that the script finds in ``sys.argv``. Pure.

The text is taken apart before its expressions are filled in, so that a value with blanks stays one word, quoted or not.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping

from zaffre.core import expr

_PLACE = re.compile("\ue000(\\d+)\ue001")


def words(text: str | None, values: Mapping[str, str]) -> list[str]:
    """Raises ``ValueError`` for a quote that is not closed."""
    if not text:
        return []
    held: dict[str, str] = {}
    places: list[str] = []
    for name, value in values.items():
        held[name] = f"\ue000{len(places)}\ue001"
        places.append(value)
    found = shlex.split(expr.render(text, held))
    return [_PLACE.sub(lambda at: places[int(at[1])], word) for word in found]


def check(text: str | None) -> None:
    """The same without values."""
    words(text, {name.name: "" for name in expr.names(text or "")})
