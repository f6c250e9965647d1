"""How many nodes workspaces may have at once, where somebody set it in place of the settings."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, insert, select, update

from zaffre.store.tables import quotas
from zaffre.store.transaction import Tx


def every(tx: Tx) -> dict[str, int | None]:
    """By workspace; None is any number."""
    return {workspace: nodes for workspace, nodes in tx.connection.execute(_EVERY)}


def put(tx: Tx, workspace: str, nodes: int | None, actor: str) -> None:
    """Set a workspace's."""
    row = {"nodes": nodes, "modified_at": tx.now, "modified_by": actor}
    if tx.connection.execute(_CHANGE, {"at_workspace": workspace} | row).rowcount == 0:
        tx.connection.execute(_ADD, {"workspace": workspace} | row)


def clear(tx: Tx, workspace: str) -> bool:
    """Have a workspace go by the settings again; False where it did."""
    return tx.connection.execute(_CLEAR, {"at_workspace": workspace}).rowcount == 1


_EVERY = select(quotas.c.workspace, quotas.c.nodes)
_ADD = insert(quotas)
_CHANGE = update(quotas).where(quotas.c.workspace == bindparam("at_workspace"))
_CLEAR = delete(quotas).where(quotas.c.workspace == bindparam("at_workspace"))
