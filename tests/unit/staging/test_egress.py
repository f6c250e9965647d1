"""The way out: public addresses only, every hop checked, mappings obeyed."""

from __future__ import annotations

from pathlib import Path

import pytest
from storage_servers import LOOPBACK, site

from zaffre.core.errors import Invalid, Unavailable, ZaffreError
from zaffre.staging.egress import Egress
from zaffre.staging.policy import Policy, as_https, shown

__all__ = ["site"]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/x",
        "http://[::1]/x",
        "http://[::ffff:127.0.0.1]/x",
        "http://2130706433/x",
        "http://0x7f.1/x",
        "http://0/x",
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.1/x",
        "ftp://example.org/x",
        "file:///etc/passwd",
        "http://user:password@example.org/x",
        "http://good.example\\@127.0.0.1/x",
        "http://example.org\r\nX: y/x",
        "http://example.org:0/x",
        "http://example.org:x/x",
    ],
)
def test_what_is_not_public_is_refused(url: str):
    with pytest.raises(ZaffreError) as told:
        Egress(Policy()).get(url, {})
    assert told.value.status in (400, 403)


def test_an_administrator_can_allow_a_network(site):
    site.files["/data"] = b"a,b\n1,2\n"
    with Egress(Policy(LOOPBACK)).get(f"{site.url}/data", {}) as answer:
        assert (answer.status, answer.read(100)) == (200, b"a,b\n1,2\n")


def test_a_mapped_url_is_trusted_and_its_redirects_are_not(site):
    site.files["/data"] = b"x"
    site.redirects["/hop-in"] = f"{site.url}/data"
    egress = Egress(Policy(map={"https://data.example/": f"{site.url}/"}))
    found = egress.mapped("https://data.example/data")
    assert (found.url, found.trusted, found.local) == (f"{site.url}/data", True, None)
    with egress.get(found.url, {}, trusted=True) as answer:
        assert answer.status == 200
    with pytest.raises(ZaffreError, match="not a public address"):
        egress.get(f"{site.url}/hop-in", {}, trusted=True)


def test_credentials_stay_with_the_host_they_are_for(site):
    site.redirects["/away"] = site.url.replace("127.0.0.1", "localhost") + "/data"
    site.files["/data"] = b"x"
    egress = Egress(Policy((*LOOPBACK, "localhost")))
    with egress.get(f"{site.url}/away", {"Authorization": "Bearer secret"}) as answer:
        assert answer.status == 200
    assert ["Authorization" in headers for _, _, headers in site.asked] == [True, False]


def test_redirects_have_an_end(site):
    site.redirects["/round"] = f"{site.url}/round"
    with pytest.raises(Invalid, match="more than 3 times"):
        Egress(Policy(LOOPBACK)).get(f"{site.url}/round", {})
    assert len(site.asked) == 4


def test_a_name_is_resolved_once_and_that_address_connected_to(site, monkeypatch):
    """Rebinding: the second answer would lead elsewhere."""
    import socket

    port = int(site.url.rpartition(":")[2])
    answers = iter([[(2, 1, 6, "", ("127.0.0.1", port))], [(2, 1, 6, "", ("10.255.255.1", port))]])
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda host, *more, **k: next(answers) if host == "flip.example" else real(host, *more, **k),
    )
    Egress(Policy(LOOPBACK)).connect("flip.example", port).close()
    assert next(answers)[0][4][0] == "10.255.255.1"


def test_a_mapping_to_a_folder_gives_its_files(tmp_path: Path):
    (tmp_path / "mirror").mkdir()
    (tmp_path / "mirror" / "iris.csv").write_text("x")
    egress = Egress(Policy(map={"https://a.blob.example/c/": f"file:{tmp_path}/mirror/"}))
    assert egress.mapped("wasbs://c@a.blob.example/iris.csv").local == tmp_path / "mirror" / "iris.csv"
    for path in ("none.csv", "../../etc/passwd"):
        with pytest.raises(Invalid, match="local folder that does not have it"):
            egress.mapped(f"https://a.blob.example/c/{path}")


def test_an_unknown_host_is_unavailable():
    with pytest.raises(Unavailable):
        Egress(Policy()).get("http://nowhere.invalid/x", {})


def test_a_body_that_breaks_off_is_no_end(site):
    def short(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "100")
        handler.end_headers()
        handler.wfile.write(b"half")
        handler.close_connection = True

    site.handlers["/short"] = short
    with Egress(Policy(LOOPBACK)).get(f"{site.url}/short", {}) as answer, pytest.raises(Unavailable, match="broke off"):
        while answer.read(1000):
            pass


def test_urls_as_they_are_shown():
    assert shown("https://a.example/x?sig=secret") == "https://a.example/x"
    assert shown("https://u:p@a.example/x") == "https://a.example/x"
    assert as_https("wasbs://data@a.blob.core.windows.net/b.csv") == "https://a.blob.core.windows.net/data/b.csv"
