"""Azure file shares, against a handler written from the documented REST: no emulator of them exists."""

from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from storage_servers import LOOPBACK, site

from zaffre.core.errors import Forbidden, NotFound
from zaffre.staging.order import StoreSpec
from zaffre.staging.policy import Policy
from zaffre.staging.store import Changed
from zaffre.staging.stores import open_store

__all__ = ["site"]
_TIME = "Mon, 23 Nov 2026 09:00:00 GMT"


class Share:
    """Files by path; every write is a new etag."""

    def __init__(self, site):
        self.files: dict[str, bytearray] = {}
        self.etags: dict[str, int] = {}
        self.folders: set[str] = set()
        self.status = 0
        site.handlers = _Every(self.answer)

    def put(self, path, data):
        self.files[path] = bytearray(data)
        self.etags[path] = self.etags.get(path, 0) + 1

    def answer(self, handler):
        parts = urlsplit(handler.path)
        query = {key: value[0] for key, value in parse_qs(parts.query).items()}
        path = unquote(parts.path).removeprefix("/share").lstrip("/")
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        if self.status:
            handler.plain(self.status, b"", {"x-ms-error-code": "AuthorizationFailure"})
        elif query.get("comp") == "list":
            self.listed(handler, path)
        elif handler.command == "PUT":
            self.written(handler, path, query, body)
        elif path not in self.files:
            handler.plain(404, b"", {"x-ms-error-code": "ResourceNotFound"})
        else:
            self.read(handler, path)

    def listed(self, handler, path):
        prefix = f"{path}/" if path else ""
        below = [name[len(prefix) :] for name in self.files if name.startswith(prefix)]
        if not below:
            return handler.plain(404, b"", {"x-ms-error-code": "ResourceNotFound"})
        folders = sorted({name.split("/")[0] for name in below if "/" in name})
        entries = "".join(f"<Directory><Name>{name}</Name><Properties/></Directory>" for name in folders)
        entries += "".join(
            f"<File><Name>{name}</Name><Properties><Content-Length>{len(self.files[prefix + name])}</Content-Length>"
            f"<Last-Modified>{_TIME}</Last-Modified><Etag>\"{self.etags[prefix + name]}\"</Etag></Properties></File>"
            for name in sorted(below) if "/" not in name
        )  # fmt: skip
        entries = (
            f'<EnumerationResults ShareName="share"><Entries>{entries}</Entries><NextMarker/></EnumerationResults>'
        )
        text = f'<?xml version="1.0"?>{entries}'
        return handler.plain(200, text.encode(), {"Content-Type": "application/xml"})

    def written(self, handler, path, query, body):
        headers = {"ETag": '"1"', "Last-Modified": _TIME, "x-ms-request-server-encrypted": "true"}
        if query.get("restype") == "directory":
            status = 409 if path in self.folders else 201
            self.folders.add(path)
            return handler.plain(
                status, b"", headers | ({"x-ms-error-code": "ResourceAlreadyExists"} if status == 409 else {})
            )
        if query.get("comp") == "range":
            first, _, last = handler.headers["x-ms-range"].removeprefix("bytes=").partition("-")
            self.files[path][int(first) : int(last) + 1] = body
        elif query.get("comp") == "rename":
            source = unquote(urlsplit(handler.headers["x-ms-file-rename-source"]).path).removeprefix("/share/")
            self.put(path, self.files.pop(source))
            return handler.plain(200, b"", headers)
        else:
            self.put(path, bytes(int(handler.headers["x-ms-content-length"])))
        return handler.plain(201, b"", headers)

    def read(self, handler, path):
        data = bytes(self.files[path])
        headers = {"ETag": f'"{self.etags[path]}"', "Last-Modified": _TIME, "x-ms-type": "File"}
        asked = handler.headers.get("x-ms-range") or handler.headers.get("Range")
        if handler.command == "HEAD" or not asked:
            return handler.plain(
                200, b"" if handler.command == "HEAD" else data, headers | {"Content-Length": str(len(data))}
            )
        first, _, last = asked.removeprefix("bytes=").partition("-")
        part = data[int(first) : int(last or len(data)) + 1]
        headers["Content-Range"] = f"bytes {first}-{int(first) + len(part) - 1}/{len(data)}"
        return handler.plain(206, part, headers)


class _Every(dict):
    def __init__(self, handler):
        super().__init__()
        self.handler = handler

    def __contains__(self, path):
        return True

    def __getitem__(self, path):
        return self.handler


@pytest.fixture
def share(site):
    return Share(site)


@pytest.fixture
def store(site, share):
    spec = StoreSpec("azure_file", "everyone", account="acct", container="share", endpoint=site.url)
    return open_store(spec, {"account_key": "Zm9vYmFy"}, Policy(LOOPBACK))


def test_files_are_listed_looked_at_and_read(store, share):
    share.put("in/a.csv", b"1,2\n")
    share.put("in/sub/ü b.txt", b"hello")
    found = {item.path: item for item in store.list("in")}
    assert {path: (item.size, item.etag) for path, item in found.items()} == {
        "in/a.csv": (4, "1"),
        "in/sub/ü b.txt": (5, "1"),
    }
    assert store.look("in/sub/ü b.txt").size == 5
    assert store.read("in/sub/ü b.txt", 1, 3, "1") == b"ell"
    assert b"".join(store.stream(found["in/a.csv"])) == b"1,2\n"
    with pytest.raises(Changed):
        store.read("in/a.csv", 0, 2, "0")
    assert store.look("none") is None
    with pytest.raises(NotFound):
        list(store.list("none"))


def test_a_file_is_written_beside_its_place_and_renamed(store, share, tmp_path):
    (tmp_path / "f").write_bytes(b"x" * 100)
    store.write("out/deep/f.bin", tmp_path / "f")
    store.write("out/deep/f.bin", tmp_path / "f")
    assert {path: bytes(data) for path, data in share.files.items()} == {"out/deep/f.bin": b"x" * 100}


def test_a_refusal(store, share):
    share.status = 403
    with pytest.raises(Forbidden, match=r"datastore everyone .* refused an account key"):
        list(store.list(""))
