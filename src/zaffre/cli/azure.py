"""``zaffre azure``: what the official client must be told, and whether what it was told leads here."""

from __future__ import annotations

import json
import os
import shlex
from typing import Any

from zaffre.cli.session import Exit, Session
from zaffre.core.errors import Invalid
from zaffre.sdk.azure import Azure
from zaffre.sdk.local_server import LocalServer

_TOLD = {
    "sh": 'eval "$(zaffre azure env)"',
    "fish": "zaffre azure env --shell fish | source",
    "powershell": "zaffre azure env --shell powershell | Out-String | Invoke-Expression",
}


def run(session: Session) -> Any:
    """``env`` or ``doctor``."""
    if session.settings.url:
        told = f"ZAFFRE_URL names a server elsewhere, {session.settings.url}"
        raise Invalid(f"{told}; zaffre azure speaks of the one of this machine. Unset it to use that.")
    return env(session) if session.options.azure_action == "env" else doctor(session)


def env(session: Session) -> None:
    """The lines that a shell evaluates. The server is started when none runs, since they hold its address."""
    local = LocalServer(session.settings.home)
    local.ensure(told=session.terminal.status)
    azure = Azure(local.home)
    azure.install()
    form = session.options.shell_form
    told = azure.variables(os.environ)  # noqa: TID251 - to add to what the shell has
    session.terminal.write(lines(told, form))
    if session.terminal.is_watched and form in _TOLD:
        session.terminal.note(f"A shell takes this over with: {_TOLD[form]}")


def doctor(session: Session) -> None:
    """Every link between the official client, in this environment, and the server; exit code 1 when one is broken."""
    from zaffre.cli import azure_links  # noqa: PLC0415 - weight: TLS and HTTP of the standard library

    broken = 0
    for name, grade, sentence in azure_links.examine(session.settings.home, dict(os.environ)):  # noqa: TID251 - examined
        broken += grade == "broken"
        session.terminal.write(f"{grade:<7} {name:<12} {sentence}\n")
    if broken:
        raise Exit(1)


def lines(variables: dict[str, str], form: str) -> str:
    """The variables as a shell has them."""
    if form == "json":
        return json.dumps(variables, indent=2) + "\n"
    return "".join(_line(name, value, form) + "\n" for name, value in variables.items())


def _line(name: str, value: str, form: str) -> str:
    if form == "powershell":
        return "$env:{} = '{}'".format(name, value.replace("'", "''"))
    if form == "fish":
        quoted = value.replace("\\", "\\\\").replace("'", "\\'")
        # A list of its own kind: fish splits it at colons by itself when PATH is set as a path variable.
        return f"set -gx --path {name} '{quoted}'" if name == "PATH" else f"set -gx {name} '{quoted}'"
    return f"export {name}={shlex.quote(value)}"
