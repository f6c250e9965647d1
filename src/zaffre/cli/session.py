"""One command's surroundings: its options, its terminal, and the line to the server, made when first needed."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import cached_property
from typing import Any

from zaffre.cli import output, table
from zaffre.cli.parse import Command
from zaffre.cli.terminal import Terminal
from zaffre.sdk import connect
from zaffre.sdk.resources import Group, Resources, Which
from zaffre.sdk.settings import Settings
from zaffre.sdk.transport import Transport
from zaffre.sdk.upload import Uploads


class Exit(Exception):
    """The command is over with this code; everything there was to say has been said."""

    def __init__(self, code: int, answer: Any = None) -> None:
        super().__init__(code)
        self.code = code
        self.answer = answer


class Session:
    """What a verb's function is given."""

    def __init__(self, command: Command, terminal: Terminal | None = None, settings: Settings | None = None) -> None:
        self.command = command
        self.options: Any = command.options
        self.terminal = terminal or Terminal(quiet=bool(command.options.only_show_errors))
        self.settings = settings or Settings.read()

    def run(self) -> int:
        """Do it and write its answer; returns the exit code."""
        module, _, name = self.command.target.partition(":")
        if getattr(self.options, "local", False):
            module, name = "local", self.command.verb.replace("-", "_")
        do: Callable[[Session], Any] = getattr(importlib.import_module(f"zaffre.cli.{module}"), name)
        code = 0
        try:
            answer = do(self)
        except Exit as end:
            answer, code = end.answer, end.code
        if answer is not None:
            output.write(answer, self.options.output, self.options.query, self.terminal)
        return code

    @property
    def workspace(self) -> str:
        """The workspace that is meant."""
        return str(self.options.workspace or self.settings.workspace)

    @cached_property
    def transport(self) -> Transport:
        """The line to the server; a local one that does not run is started."""
        return connect.line(self.settings, self.terminal.status)

    @cached_property
    def groups(self) -> dict[str, Any]:
        """The command table's groups."""
        return table.load()["groups"]

    @property
    def resources(self) -> Resources:
        """The routes of the command's own kind."""
        return self.of(self.command.group, self.option("registry_name"))

    def of(self, name: str, registry: str = "") -> Resources:
        """The routes of a kind, in the workspace or in a registry."""
        told: dict[str, Any] = self.groups[name]
        group = Group(name, told["collection"], told["parent"], told["versioned"], told["top"])
        return Resources(self.transport, self.workspace, group, registry)

    @property
    def uploads(self) -> Uploads:
        """For local paths in documents."""
        cache = self.settings.home / "cache"
        return Uploads(self.transport, self.workspace, cache, self.terminal.progress, self.option("registry_name"))

    @property
    def which(self) -> Which:
        """The resource that the flags name."""
        return Which(
            self.option("name"),
            parent=self.option("endpoint_name"),
            version=self.option("version"),
            label=self.option("label"),
        )

    def option(self, name: str) -> str:
        """A flag's text; empty where the command lacks it or it was not given."""
        return str(getattr(self.options, name, None) or "")
