"""The archives that an interpreter can run, ``agent.pyz`` and the scoring host: the same bytes for the same files."""

from __future__ import annotations

import hashlib
import os
import sys
import zipfile
from importlib.resources import files
from io import BytesIO
from pathlib import Path

_MAIN = "import sys\n\nfrom zaffre.agent.{module} import main\n\nsys.exit(main(sys.argv[1:]))\n"
_SHARED = "from pkgutil import extend_path\n\n__path__ = extend_path(__path__, __name__)\n"
"""What a job's Python finds of Zaffre elsewhere (``zaffre.inside``) stays to be found beside the archive's own."""
_EPOCH = (1980, 1, 1, 0, 0, 0)


def build(home: Path) -> Path:
    """The agent's archive below ``home``, made where it is missing; its name is the hash of its content."""
    return _placed(home, "", _packed("__main__", _sources("agent")))


def scoring_host(home: Path) -> Path:
    """The scoring host's, for a user's interpreter: ``python score-<hash>.pyz host.json``."""
    return _placed(
        home, "score-", _packed("scoring.host", {"zaffre/agent/__init__.py": "", **_sources("agent/scoring")})
    )


def parallel(home: Path) -> Path:
    """The driver of parallel jobs, for a user's interpreter: ``python parallel-<hash>.pyz drive …``."""
    shared = {"zaffre/__init__.py": _SHARED, "zaffre/agent/__init__.py": ""}
    return _placed(home, "parallel-", _packed("parallel.__main__", {**shared, **_sources("agent/parallel")}))


def command(archive: Path, *arguments: str) -> list[str]:
    """How the agent's archive is run: isolated from the user's settings and without site packages."""
    return [sys.executable, "-I", "-S", "-X", "utf8", str(archive), *arguments]


def _placed(home: Path, prefix: str, content: bytes) -> Path:
    target = home / "agent" / f"{prefix}{hashlib.sha256(content).hexdigest()[:16]}.pyz"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = target.with_suffix(f".{os.getpid()}.tmp")
        draft.write_bytes(content)
        draft.replace(target)
    return target


def _packed(module: str, sources: dict[str, str]) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        members = {"__main__.py": _MAIN.format(module=module), "zaffre/__init__.py": "", **sources}
        for name in sorted(members):
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), members[name])
    return packed.getvalue()


def _sources(folder: str) -> dict[str, str]:
    return {
        f"zaffre/{folder}/{entry.name}": entry.read_text(encoding="utf-8")
        for entry in files("zaffre").joinpath(*folder.split("/")).iterdir()
        if entry.is_file() and entry.name.endswith(".py")
    }
