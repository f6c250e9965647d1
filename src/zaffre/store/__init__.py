"""The store: the only place that knows SQL and blobs.

``Store`` runs functions in transactions; the modules beside it (``resources``, ``assets``, ``runs``, ``leases``,
``events``, ``secrets``, ``repeats``, ``people``, ``quotas``) are what those functions call. ``blobs`` needs no database.
"""

from zaffre.store.database import Store
from zaffre.store.transaction import Tx

__all__ = ["Store", "Tx"]
