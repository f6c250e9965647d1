"""The router's process: ``python -m zaffre.serving --home <folder> --control <socket> [--port 8441] …``."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import random
import resource
import signal
import ssl
import sys
import time
from pathlib import Path

import uvloop

from zaffre.serving import control
from zaffre.serving.process import RECORD, Record, start_time
from zaffre.serving.router import Config, Router
from zaffre.serving.table import FILE


class SystemClock:
    """Time, as it is."""

    def now(self) -> float:
        """Unix seconds."""
        return time.time()  # noqa: TID251 - the process's own clock

    def monotonic(self) -> float:
        """Seconds that never jump."""
        return time.monotonic()


def main(argv: list[str]) -> int:
    """Run the router until SIGTERM."""
    options = _options(argv)
    os.umask(0o077)
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 65536) if hard > 0 else 65536, hard))
    uvloop.run(_serve(options))
    return 0


async def _serve(options: argparse.Namespace) -> None:
    home, tls = Path(options.home), _tls(options)
    config = Config(
        home / FILE,
        options.host,
        options.port,
        home / "access.log" if options.access_log else None,
        tls,
        options.tls_port,
    )
    router = Router(config, SystemClock(), random.random)
    port = await router.start()
    inner = await control.listen(router, Path(options.control))
    loop = asyncio.get_running_loop()

    def renewed() -> None:
        """The table, and the certificate that who connects from now on is shown."""
        router.reload()
        if tls is not None:
            tls.load_cert_chain(options.tls_cert, options.tls_key)

    loop.add_signal_handler(signal.SIGHUP, renewed)
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, router.stop)
    secured = options.tls_port if tls is not None else 0
    record = Record(os.getpid(), start_time(os.getpid()), port, options.control, secured)
    draft = home / f".{RECORD}.{os.getpid()}"
    draft.write_text(json.dumps(record.to_json()))
    draft.replace(home / RECORD)
    await router.run()
    inner.close()


def _options(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="zaffre.serving", description="The scoring router.")
    parser.add_argument("--home", required=True, help="folder of the table and the router's record")
    parser.add_argument("--control", required=True, help="Unix socket for status and metrics")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8441)
    parser.add_argument("--tls-port", type=int, default=8444)
    parser.add_argument("--tls-cert", default="")
    parser.add_argument("--tls-key", default="")
    parser.add_argument("--no-access-log", dest="access_log", action="store_false")
    return parser.parse_args(argv)


def _tls(options: argparse.Namespace) -> ssl.SSLContext | None:
    if not options.tls_cert:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(options.tls_cert, options.tls_key)
    context.set_alpn_protocols(["http/1.1"])
    return context


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
