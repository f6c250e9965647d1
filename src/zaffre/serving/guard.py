"""Keys and tokens cannot be tried one after another: who fails too often is not listened to for a while.

The limit is by the caller's address and the same for every endpoint, known or not, so that its answers tell nothing. While
an address is over it, a credential that was right before from there still passes; any other is refused unread, right or
wrong.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from enum import Enum
from ipaddress import IPv6Address
from typing import cast

from zaffre.core.ports import Clock
from zaffre.serving.keys import Gate

BURST = 60.0
"""Wrong credentials that an address may show at once."""
RATE = 1.0
"""And then so many a second."""
_MOST = 10_000
_NETWORK = 8
"""Bytes of an IPv6 address that one caller is given: a /64."""


class Verdict(Enum):
    """What came of showing a credential."""

    ADMITTED = 1
    DENIED = 2
    TOO_OFTEN = 3


class Guard:
    """Counts failures by address, and remembers who was right."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        """Address → (failures still allowed, as of then)."""
        self._good: OrderedDict[bytes, None] = OrderedDict()
        """Digests of address and credential that were right."""

    def judge(self, gate: Gate | None, header: bytes, address: str) -> Verdict:
        """Whether the credential of this ``Authorization`` header opens the gate; no gate is never opened."""
        known = hashlib.sha256(address.encode() + b"\0" + header).digest()
        over = address in self._left and self._allowance(address) < 1.0
        if over and known not in self._good:
            return Verdict.TOO_OFTEN
        if gate is not None and gate.admits(header):
            self._remember(known)
            return Verdict.ADMITTED
        if header:  # who shows nothing tries nothing
            self._failed(address)
        return Verdict.DENIED

    def _remember(self, known: bytes) -> None:
        self._good[known] = None
        self._good.move_to_end(known)
        if len(self._good) > _MOST:
            self._good.popitem(last=False)

    def _failed(self, address: str) -> None:
        self._left[address] = (self._allowance(address) - 1.0, self._clock.monotonic())
        self._left.move_to_end(address)
        if len(self._left) > _MOST:
            self._left.popitem(last=False)

    def _allowance(self, address: str) -> float:
        left, then = self._left.get(address, (BURST, 0.0))
        return min(BURST, left + (self._clock.monotonic() - then) * RATE)


def caller(peername: object) -> str:
    """Whom an address stands for: an IPv6 network, or the address itself."""
    parts: tuple[object, ...] = cast("tuple[object, ...]", peername) if isinstance(peername, tuple) else ()
    host = str(parts[0]) if parts else ""
    if ":" not in host:
        return host
    try:
        return IPv6Address(host.partition("%")[0]).packed[:_NETWORK].hex()
    except ValueError:
        return host
