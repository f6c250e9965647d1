"""The server process: prepare the home directory, listen, serve until told to stop."""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import signal
import socket
import ssl
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager

import uvicorn

from zaffre.core.errors import ZaffreError
from zaffre.core.ports import Clock
from zaffre.server import home, logs
from zaffre.server.app import Server
from zaffre.server.certificates import FOLDER, Certificates, names
from zaffre.server.clock import SystemClock
from zaffre.server.home import Listeners, Ports
from zaffre.server.protocol import LONGEST_HEAD, BoundedHttp
from zaffre.server.settings import SETTINGS, Settings
from zaffre.serving import process

log = logging.getLogger("zaffre.server")
_LOOK_EVERY = 12 * 3600.0
"""Seconds between looks at the certificate's age."""
_COLLECT_AFTER = 10_000
"""Objects made and not given back until a collection looks for cycles; Python's own 700 are a few requests."""


def run(arguments: Sequence[str] | None = None) -> int:
    """Serve; the exit status of the process."""
    _parser().parse_args(arguments)
    try:
        settings = Settings.load()
        home.prepare(settings.home)
        logs.configure(sys.stderr)
        home.hold(settings.home)
        listeners, ports = home.listen(settings)
        import uvloop  # noqa: PLC0415 - only the process that serves pays for it

        uvloop.run(_serve(settings, listeners, ports))
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
    """Speaks TLS too, on a second socket, and leaves the signals to this process: it has a store to close after all."""

    def __init__(self, config: uvicorn.Config, tls: socket.socket, context: ssl.SSLContext) -> None:
        super().__init__(config)
        self._tls = tls
        self._context = context

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Nothing to capture."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """The second socket shares everything with the first: connections, limits, the way they end."""
        await super().startup(sockets)

        def protocol() -> asyncio.Protocol:
            state = self.lifespan.state
            return BoundedHttp(config=self.config, server_state=self.server_state, app_state=state)

        listening = await asyncio.get_running_loop().create_server(
            protocol, sock=self._tls, ssl=self._context, ssl_handshake_timeout=LONGEST_HEAD, ssl_shutdown_timeout=2
        )
        self.servers.append(listening)


async def _serve(settings: Settings, listeners: Listeners, ports: Ports) -> None:
    own = (settings.own_host.strip("[]"), socket.gethostname())
    certificates = Certificates(settings.home / FOLDER, names(own, settings.names("server.hosts")))
    clock = SystemClock()
    certificates.ensure(clock.now())
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
    context = certificates.context()
    http = _Http(config, listeners.tls, context)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, lambda: setattr(http, "should_exit", True))
    renewing = asyncio.create_task(_renew(certificates, context, clock))
    gc.freeze()  # what is loaded stays, so no collection need look through it again
    gc.set_threshold(_COLLECT_AFTER)
    home.announce(settings, ports)
    log.info("ready", extra={"port": ports.server, "home": str(settings.home)})
    try:
        await http.serve([listeners.plain])
    finally:
        renewing.cancel()
        await server.close()
        log.info("stopped")


async def _renew(certificates: Certificates, context: ssl.SSLContext, clock: Clock) -> None:
    """Twice a day, see whether the certificate is to be made anew; who connects from then on is shown that one."""
    while True:
        await asyncio.sleep(_LOOK_EVERY)
        if await asyncio.to_thread(certificates.ensure, clock.now()):
            certificates.load(context)
            process.reload(certificates.folder.parent / "router")
            log.info("the certificate was renewed")
