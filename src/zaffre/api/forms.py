"""The bodies of HTML forms, as browsers and OAuth clients send them."""

from __future__ import annotations

from urllib.parse import parse_qs

from zaffre.api.route import Call
from zaffre.core.errors import Invalid

LONGEST = 16 * 1024
_MOST_FIELDS = 20


async def form(call: Call) -> dict[str, str]:
    """Field → its first value. Raises ``Invalid``."""
    body = await call.request.body()
    if len(body) > LONGEST:
        raise Invalid(f"The form may have at most {LONGEST} bytes.")
    try:
        said = parse_qs(body.decode("ascii"), max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise Invalid("The form is malformed.") from None
    return {name: values[0] for name, values in said.items()}
