"""What lies in a home's tls folder: made once, renewed in time, private, and trusted by whoever has the bundle."""

import contextlib
import json
import socket
import ssl
import threading
import time

import pytest
from cryptography import x509

from zaffre.server.certificates import LIVES, RENEWED_BEFORE, Certificates, names, trusted


@pytest.fixture
def made(tmp_path):
    roots = tmp_path / "roots.pem"
    roots.write_bytes(b"# the public ones\n")
    found = Certificates(tmp_path / "tls", ("localhost", "127.0.0.1", "::1", "big.example.com"), roots)
    found.ensure(time.time())
    return found


def read(made, name="server.pem"):
    return x509.load_pem_x509_certificate((made.folder / name).read_bytes())


def greeted(made, host, roots=None):
    """The TLS version that a client gets who trusts ``roots``."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        context = made.context()

        def serve():
            plain, _ = listener.accept()
            with plain, contextlib.suppress(OSError):
                context.wrap_socket(plain, server_side=True).close()

        server = threading.Thread(target=serve)
        server.start()
        try:
            trusting = ssl.create_default_context(cafile=roots or made.authority)
            with (
                socket.create_connection(listener.getsockname()) as plain,
                trusting.wrap_socket(plain, server_hostname=host) as secure,
            ):
                return secure.version()
        finally:
            server.join()


def test_everything_is_for_this_user_alone(made):
    assert made.folder.stat().st_mode & 0o777 == 0o700
    assert {file.name: oct(file.stat().st_mode & 0o777) for file in made.folder.iterdir()} == dict.fromkeys(
        ("ca.key", "ca.pem", "ca-bundle.pem", "server.key", "server.pem", "server.json"), "0o600"
    )


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1", "big.example.com"])
def test_a_client_that_trusts_the_authority_is_served_by_every_name(made, host):
    assert greeted(made, host) == "TLSv1.3"


def test_another_name_is_refused(made):
    with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
        greeted(made, "evil.example.com")


def test_the_authority_of_another_home_is_refused(made, tmp_path):
    other = Certificates(tmp_path / "other", made.names, made.roots)
    other.ensure(time.time())
    with pytest.raises(ssl.SSLCertVerificationError):
        greeted(made, "localhost", other.authority)


def test_the_bundle_has_the_public_roots_and_ours(made):
    text = made.bundle.read_bytes()
    assert text.startswith(b"# the public ones")
    assert text.endswith(made.authority.read_bytes())
    made.roots.write_bytes(b"# newer ones\n")
    made.ensure(time.time())
    assert made.bundle.read_bytes().startswith(b"# newer ones")


def test_by_default_the_bundle_begins_with_real_roots(tmp_path):
    found = Certificates(tmp_path / "tls", ("localhost",))
    found.ensure(time.time())
    context = ssl.create_default_context(cafile=found.bundle)
    assert len(context.get_ca_certs()) > 50


def test_it_stays_until_it_is_nearly_over_and_the_authority_stays_longer(made):
    before, root, now = read(made), read(made, "ca.pem"), time.time()
    assert made.ensure(now + LIVES - RENEWED_BEFORE - 60) is False
    assert read(made) == before
    assert made.ensure(now + LIVES - RENEWED_BEFORE + 60) is True
    assert read(made) != before
    assert read(made, "ca.pem") == root
    assert read(made).not_valid_after_utc > before.not_valid_after_utc


def test_further_names_and_lost_files_make_it_anew(made):
    before, root = read(made), read(made, "ca.pem")
    wider = Certificates(made.folder, (*made.names, "10.0.0.7"), made.roots)
    assert wider.ensure(time.time()) is True
    assert read(made) != before
    assert made.ensure(time.time()) is False  # fewer names need no other certificate
    (made.folder / "server.key").unlink()
    assert made.ensure(time.time()) is True
    assert read(made, "ca.pem") == root


@pytest.mark.parametrize("spoil", ["ca.key", "ca.pem", "server.json"])
def test_what_is_spoilt_is_made_again(made, spoil):
    (made.folder / spoil).write_bytes(b"rubbish")
    (made.folder / "server.pem").unlink()
    made.ensure(time.time())
    assert greeted(made, "localhost") == "TLSv1.3"
    assert json.loads((made.folder / "server.json").read_text())["names"] == list(made.names)


def test_an_authority_that_ends_before_the_certificate_would_is_replaced(made):
    root, late = read(made, "ca.pem"), time.time() + 3650 * 86_400 - LIVES / 2
    assert made.ensure(late) is True
    assert read(made, "ca.pem") != root
    assert made.bundle.read_bytes().endswith(made.authority.read_bytes())


def test_a_context_shows_a_newer_certificate_without_listening_again(made):
    context = made.context()
    before = read(made)
    made.ensure(time.time() + LIVES)
    made.load(context)
    assert read(made) != before


def test_names_of_settings_lose_their_ports():
    found = names(("127.0.0.1", "box"), ("Ml.example.com:9443", "[fd00::1]:8443", "10.1.2.3:80", "plain", "fd00::2"))
    assert found == (
        "localhost", "127.0.0.1", "::1", "box", "ml.example.com", "fd00::1", "10.1.2.3", "plain", "fd00::2",
    )  # fmt: skip


def test_jobs_trust_this_home_and_whatever_the_server_was_told_to(made, tmp_path):
    ours = made.authority.read_bytes()
    assert trusted(made.folder, {}) == made.bundle
    assert trusted(made.folder, {"REQUESTS_CA_BUNDLE": "/nowhere.pem"}) == made.bundle
    company = tmp_path / "company.pem"
    company.write_bytes(b"# the company's\n")
    found = trusted(made.folder, {"CURL_CA_BUNDLE": str(company)})
    assert found.read_bytes() == b"# the company's\n\n" + ours
    assert found.stat().st_mode & 0o777 == 0o600
    assert trusted(made.folder, {"REQUESTS_CA_BUNDLE": str(found)}) == made.bundle, "it is of this home: made anew"
    both = tmp_path / "both.pem"
    both.write_bytes(company.read_bytes() + ours)
    assert trusted(made.folder, {"REQUESTS_CA_BUNDLE": str(both)}) == both
