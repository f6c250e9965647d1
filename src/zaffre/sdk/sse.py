"""Server-sent events, as the standard has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def events(lines: Iterable[bytes]) -> Iterator[tuple[str, str, str]]:
    """(event, data, id) of a stream; comments keep a line alive and say nothing."""
    event, data, identity = "message", list[str](), ""
    for raw in lines:
        name, _, value = raw.decode("utf-8", "replace").rstrip("\r\n").partition(":")
        value = value.removeprefix(" ")
        if name == "event":
            event = value
        elif name == "data":
            data.append(value)
        elif name == "id":
            identity = value
        elif not name and not value:
            if data:
                yield event, "\n".join(data), identity
            event, data = "message", []
