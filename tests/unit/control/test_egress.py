"""The egress client: public addresses only, every hop checked, mappings obeyed."""

from __future__ import annotations

import http.server
import threading
from pathlib import Path

import pytest

from zaffre.control.egress import Egress, Policy, as_https
from zaffre.core.errors import Invalid, Unavailable


class _Site(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path.startswith("/hop"):
            self.send_response(302)
            self.send_header(
                "Location", {"/hop-in": f"http://127.0.0.1:{self.server.server_port}/data"}.get(self.path, self.path)
            )
            self.end_headers()
            return
        found = self.path == "/data"
        self.send_response(200 if found else 404)
        self.end_headers()
        self.wfile.write(b"a,b\n1,2\n" if found else b"secret of the site")

    def log_message(self, *args):
        pass


@pytest.fixture
def site():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/x",
        "http://[::1]/x",
        "http://[::ffff:127.0.0.1]/x",
        "http://2130706433/x",
        "http://0/x",
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.1/x",
        "ftp://example.org/x",
        "file:///etc/passwd",
        "http://user:password@example.org/x",
    ],
)
async def test_what_is_not_public_is_refused(url: str, tmp_path: Path):
    with pytest.raises(Invalid):
        await Egress(Policy()).fetch(url, tmp_path / "x")
    assert list(tmp_path.iterdir()) == []


async def test_an_administrator_can_allow_a_network(site: str, tmp_path: Path):
    found = await Egress(Policy(allow=("127.0.0.0/8",))).fetch(f"{site}/data", tmp_path / "d.csv")
    assert found.read_bytes() == b"a,b\n1,2\n"


async def test_a_mapping_is_obeyed_and_its_redirects_are_checked_again(site: str, tmp_path: Path):
    mapped = Egress(Policy(map={"https://data.example/": f"{site}/"}))
    assert (await mapped.fetch("https://data.example/data", tmp_path / "d")).read_bytes() == b"a,b\n1,2\n"
    with pytest.raises(Invalid, match="not a public address"):
        await mapped.fetch("https://data.example/hop-in", tmp_path / "e")
    assert not (tmp_path / "e").exists()


async def test_a_mapping_to_a_folder_gives_its_files(tmp_path: Path):
    (tmp_path / "mirror").mkdir()
    (tmp_path / "mirror" / "iris.csv").write_text("x")
    mapped = Egress(Policy(map={"https://a.blob.example/": f"file:{tmp_path}/mirror/"}))
    found = await Egress(Policy(map={"https://a.blob.example/c/": f"file:{tmp_path}/mirror/"})).fetch(
        "wasbs://c@a.blob.example/iris.csv", tmp_path / "t" / "iris.csv"
    )
    assert found == tmp_path / "mirror" / "iris.csv"
    with pytest.raises(Invalid):
        await mapped.fetch("https://a.blob.example/../../etc/passwd", tmp_path / "u")


async def test_a_failed_answer_is_told_without_its_body(site: str, tmp_path: Path):
    with pytest.raises(Invalid) as told:
        await Egress(Policy(allow=("127.0.0.1/32",))).fetch(f"{site}/nothing?sig=abc", tmp_path / "d")
    assert "404" in told.value.message
    assert "secret" not in told.value.message and "sig" not in told.value.message


async def test_an_unknown_host_is_unavailable(tmp_path: Path):
    with pytest.raises(Unavailable):
        await Egress(Policy()).fetch("http://nowhere.invalid/x", tmp_path / "x")


def test_blob_urls_of_hadoop_are_https_urls():
    assert (
        as_https("wasbs://data@acct.blob.core.windows.net/a/b.csv") == "https://acct.blob.core.windows.net/data/a/b.csv"
    )
