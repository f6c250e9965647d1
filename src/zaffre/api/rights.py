"""What Settings asks: who may do what, and how much a workspace may have."""

from __future__ import annotations

from zaffre.api.people import People
from zaffre.api.quotas import Quotas
from zaffre.api.route import Route
from zaffre.control.admission import Admission
from zaffre.store import Store


def rights(store: Store, admission: Admission) -> list[Route]:
    """Every route of it."""
    return [*People(store).routes(), *Quotas(store, admission).routes()]
