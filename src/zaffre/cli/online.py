"""Verbs of online endpoints and deployments that read no document: ask, keys."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

from zaffre.cli import crud
from zaffre.cli.session import Session
from zaffre.sdk import scoring


def invoke(session: Session) -> Any:
    """The answer of the endpoint: JSON as JSON, anything else as it is."""
    request = Path(session.option("request_file")).read_bytes()
    answer = scoring.invoke(session.resources, session.option("name"), request, session.option("deployment_name"))
    try:
        return json.loads(answer)
    except ValueError:
        session.terminal.write(answer.decode(errors="replace"))
        return None


def get_credentials(session: Session) -> Any:
    """The keys, spelt as az spells them."""
    return _camel(scoring.credentials(session.resources, session.which))


def regenerate_keys(session: Session) -> Any:
    """A new key; whoever uses the old one is refused from now on."""
    kind = session.options.key_type
    crud.confirmed(session, f"Make a new {kind} key of {session.option('name')}? The old one stops working.")
    made = session.resources.act(session.which, "keys/regenerate", {"key_type": kind}, key=os.urandom(16).hex())
    return _camel(made or session.resources.act(session.which, "keys"))


def _camel(keys: dict[str, Any]) -> dict[str, Any]:
    return {re.sub(r"_(\w)", lambda found: found[1].upper(), name): key for name, key in keys.items()}
