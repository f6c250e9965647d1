"""The proxy that libraries connect through."""

import base64
import socket
import ssl
import threading
import urllib.error
import urllib.request
from urllib.parse import urlsplit

import pytest
from storage_servers import LOOPBACK, site

from zaffre.staging.egress import Egress
from zaffre.staging.gateway import Gateway
from zaffre.staging.policy import Policy

__all__ = ["site"]


@pytest.fixture
def gateway():
    with Gateway(Egress(Policy(LOOPBACK))) as found:
        yield found


def through(gateway, url, **more):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({"http": gateway.url, "https": gateway.url}))
    return opener.open(urllib.request.Request(url, **more), timeout=20)


def raw(gateway, head: str) -> bytes:
    address = urlsplit(gateway.url)
    with socket.create_connection((address.hostname, address.port), 10) as connection:
        connection.sendall(head.encode())
        data = b""
        while piece := connection.recv(4096):
            data += piece
        return data


def word(gateway) -> str:
    address = urlsplit(gateway.url)
    return "Basic " + base64.b64encode(f"{address.username}:{address.password}".encode()).decode()


def test_requests_pass_without_what_is_the_proxys(gateway, site):
    site.files["/a%20b"] = b"x" * 300_000
    with through(gateway, f"{site.url}/a%20b?q=1", headers={"X-Mine": "1"}) as answer:
        assert answer.read() == b"x" * 300_000
    method, path, headers = site.asked[0]
    assert (method, path, headers["X-Mine"], headers["Host"]) == ("GET", "/a%20b?q=1", "1", urlsplit(site.url).netloc)
    assert not [name for name in headers if name.lower().startswith("proxy")]


def test_bodies_pass(gateway, site):
    got = []

    def take(handler):
        got.append(handler.rfile.read(int(handler.headers["Content-Length"])))
        handler.plain(201, b"")

    site.handlers["/put"] = take
    with through(gateway, f"{site.url}/put", data=b"y" * 3_000_000, method="PUT") as answer:
        assert answer.status == 201
    assert got == [b"y" * 3_000_000]


def test_several_requests_on_one_connection(gateway, site):
    site.files["/one"], site.files["/two"] = b"1", b"22"
    host = urlsplit(site.url).netloc
    asked = "".join(
        f"GET {site.url}/{name} HTTP/1.1\r\nHost: {host}\r\nProxy-Authorization: {word(gateway)}\r\n{last}\r\n"
        for name, last in (("one", ""), ("two", "Connection: close\r\n"))
    )
    told = raw(gateway, asked)
    assert told.count(b"HTTP/1.1 200") == 2 and told.endswith(b"\r\n\r\n22")


def test_nobody_else_gets_through(gateway, site):
    host = urlsplit(site.url).netloc
    for lines in ("", "Proxy-Authorization: Basic emFmZnJlOng=\r\n"):
        assert b" 407 " in raw(gateway, f"GET {site.url}/ HTTP/1.1\r\nHost: {host}\r\n{lines}\r\n")
        assert b" 407 " in raw(gateway, f"CONNECT {host} HTTP/1.1\r\nHost: {host}\r\n{lines}\r\n")
    assert site.asked == []


@pytest.mark.parametrize("target", ["169.254.169.254:80", "10.0.0.1:443", "[::1]:22", "0:80", "2130706433:80"])
def test_what_may_not_be_reached_is_not(target):
    with Gateway(Egress(Policy())) as gateway:
        head = f"Proxy-Authorization: {word(gateway)}\r\n\r\n"
        assert b" 403 " in raw(gateway, f"CONNECT {target} HTTP/1.1\r\n{head}")
        assert b" 403 " in raw(gateway, f"GET http://{target}/ HTTP/1.1\r\n{head}")
        assert len(gateway.refusals) == 2


def test_a_redirect_of_a_plain_store_is_checked_again(site):
    with Gateway(Egress(Policy(("127.0.0.1/32",)))) as gateway:
        site.redirects["/out"] = "http://169.254.169.254/latest/meta-data"
        with pytest.raises(urllib.error.HTTPError) as told:
            through(gateway, f"{site.url}/out")
        assert told.value.code == 403
        assert gateway.refusals == [
            "'169.254.169.254' is not a public address; an administrator can add it to egress.allow"
        ]


def test_tls_passes_untouched(gateway, tmp_path):
    listener = socket.create_server(("127.0.0.1", 0))

    def echo():
        connection, _ = listener.accept()
        with connection:
            while data := connection.recv(65536):
                connection.sendall(data)

    threading.Thread(target=echo, daemon=True).start()
    address = urlsplit(gateway.url)
    port = listener.getsockname()[1]
    with socket.create_connection((address.hostname, address.port), 10) as connection, listener:
        connection.sendall(
            f"CONNECT 127.0.0.1:{port} HTTP/1.1\r\nProxy-Authorization: {word(gateway)}\r\n\r\nearly".encode()
        )
        got = b""
        while b"\r\n\r\n" not in got:
            got += connection.recv(1)
        assert got.startswith(b"HTTP/1.1 200")
        sent = ssl.RAND_bytes(500_000)
        threading.Thread(target=connection.sendall, args=(sent,), daemon=True).start()
        got = b""
        while len(got) < len(sent) + 5:
            got += connection.recv(65536)
        assert got == b"early" + sent


@pytest.mark.parametrize("head", ["nonsense\r\n\r\n", "GET /x HTTP/1.1\r\n\r\n", "GET http:///x HTTP/1.1\r\n\r\n", ""])
def test_nonsense_ends_the_connection(gateway, head):
    told = raw(gateway, head) if head else b""
    assert b" 200 " not in told
