"""The TLS port: as strict as the other, and no way to hold it up."""

from __future__ import annotations

import contextlib
import socket
import ssl
import time
from pathlib import Path

import pytest

from zaffre.testing.server import installation, until


@pytest.fixture(scope="module")
def rig():
    with installation() as found:
        yield found


@pytest.fixture
def port(rig):
    from zaffre.sdk import addresses

    return addresses.known(rig.home)["ports"]["tls"]


def context(rig):
    return ssl.create_default_context(cafile=rig.home / "tls" / "ca.pem")


def connected(rig, port):
    plain = socket.create_connection(("127.0.0.1", port), 30)
    return context(rig).wrap_socket(plain, server_hostname="localhost")


def answered(line, text):
    line.sendall(text)
    pieces = []
    while piece := line.recv(65536):
        pieces.append(piece)
        if b"\r\n\r\n" in b"".join(pieces):
            break
    return b"".join(pieces)


def test_foreign_hosts_and_the_other_ports_host(rig, port):
    for host, status in (
        (f"localhost:{port}", b"200"),
        ("evil.example.com", b"400"),
        (f"evil.example.com:{port}", b"400"),
    ):
        with connected(rig, port) as line:
            head = answered(line, f"GET /livez HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
            assert head.split(b" ")[1] == status, host


def test_without_a_token_it_is_as_closed(rig, port):
    with connected(rig, port) as line:
        head = answered(line, f"GET /api/v1/workspaces HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n".encode())
        assert head.startswith(b"HTTP/1.1 401")


def test_plain_http_gets_no_answer(rig, port):
    with socket.create_connection(("127.0.0.1", port), 30) as line:
        line.sendall(f"GET /livez HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n".encode())
        with contextlib.suppress(ConnectionResetError):
            assert b"HTTP" not in line.recv(1000)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_old_versions_of_tls_are_refused(rig, port, version):
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        old.minimum_version = old.maximum_version = version
    old.set_ciphers("ALL:@SECLEVEL=0")
    with (
        socket.create_connection(("127.0.0.1", port), 30) as plain,
        pytest.raises((ssl.SSLError, ConnectionResetError)),
    ):
        old.wrap_socket(plain)


def test_who_does_not_shake_hands_and_who_does_not_ask_is_let_go(rig, port):
    """RELIABILITY: a client may be slow for as long as a request's head may, and no longer."""
    began = time.monotonic()
    silent = socket.create_connection(("127.0.0.1", port), 60)
    halting = connected(rig, port)
    halting.settimeout(60)
    halting.sendall(b"GET /livez HTTP/1.1\r\nHost: ")
    with silent, halting:
        assert silent.recv(1) == b""
        assert halting.recv(1) == b""
    assert 15 < time.monotonic() - began < 40


def test_open_connections_do_not_keep_the_server_from_ending():
    with installation() as rig:
        from zaffre.sdk import addresses

        port = addresses.known(rig.home)["ports"]["tls"]
        with connected(rig, port) as idle, socket.create_connection(("127.0.0.1", port)):
            assert answered(idle, f"GET /livez HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n".encode()).startswith(
                b"HTTP/1.1 200"
            )
            rig.stop()
        rig.start()
        assert addresses.known(rig.home)["ports"]["tls"] == port
        with connected(rig, port) as line:
            assert answered(line, f"GET /livez HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n".encode()).startswith(
                b"HTTP/1.1 200"
            )


def test_a_tls_port_that_another_program_took_is_told(rig):
    """As for the other port: jobs may hold URLs with it."""
    from zaffre.testing.server import Installation

    with installation() as other:
        from zaffre.sdk import addresses

        port = addresses.known(other.home)["ports"]["tls"]
        other.stop()
        with socket.create_server(("127.0.0.1", port)), pytest.raises(AssertionError, match=r"server\.tls_port"):
            Installation(other.home, other.environ, port=other.port).start()


def test_keys_are_private(rig):
    folder: Path = rig.home / "tls"
    until((folder / "ca-bundle.pem").exists, "the bundle")
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}
