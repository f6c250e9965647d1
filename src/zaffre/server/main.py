"""The server process: prepare the home directory, listen, serve until told to stop."""

from __future__ import annotations

import argparse
import asyncio
import logging
import signal
import socket
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager

import uvicorn

from zaffre.core.errors import ZaffreError
from zaffre.server import home, logs
from zaffre.server.app import Server
from zaffre.server.home import Ports
from zaffre.server.protocol import BoundedHttp
from zaffre.server.settings import SETTINGS, Settings

log = logging.getLogger("zaffre.server")


def run(arguments: Sequence[str] | None = None) -> int:
    """Serve; the exit status of the process."""
    _parser().parse_args(arguments)
    try:
        settings = Settings.load()
        home.prepare(settings.home)
        logs.configure(sys.stderr)
        home.hold(settings.home)
        listener, ports = home.listen(settings)
        import uvloop  # noqa: PLC0415 - only the process that serves pays for it

        uvloop.run(_serve(settings, listener, ports))
    except ZaffreError as error:
        print(error.message, file=sys.stderr)  # noqa: T201 - nobody else is there to tell
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    """There is nothing to choose on the command line: settings are in the home directory and in variables."""
    told = [f"  {setting.name:<22}{setting.sentence} [{setting.default}]" for setting in SETTINGS]
    return argparse.ArgumentParser(
        prog="python -m zaffre.server",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Serve the home directory ZAFFRE_HOME (~/.zaffre) until SIGTERM; zaffre up does this in the background.",
        epilog="\n".join(["settings, in settings.toml there or as variables (ZAFFRE_SERVER_PORT=…):", *told]),
    )


class _Http(uvicorn.Server):
    """Leaves the signals to this process, which has a store to close after the last answer."""

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Nothing to capture."""
        yield


async def _serve(settings: Settings, listener: socket.socket, ports: Ports) -> None:
    server = await Server.open(settings, ports)
    config = uvicorn.Config(
        server.app(),
        http=BoundedHttp,
        ws="none",
        loop="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
        timeout_keep_alive=75,
    )
    http = _Http(config)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, lambda: setattr(http, "should_exit", True))
    home.announce(settings, ports)
    log.info("ready", extra={"port": ports.server, "home": str(settings.home)})
    try:
        await http.serve([listener])
    finally:
        await server.close()
        log.info("stopped")
