"""Where a request was sent, as its sender spells it: what URLs in answers begin with.

The gate has compared the host with the list of this server's own, so nothing foreign gets into an answer.
"""

from __future__ import annotations

from zaffre.api.route import Call


def origin(call: Call) -> str:
    """``https://localhost:8443``: scheme, host and port that were asked."""
    return f"{call.request.url.scheme}://{authority(call)}"


def authority(call: Call) -> str:
    """``localhost:8443``: host and port that were asked."""
    return call.request.headers["host"]
