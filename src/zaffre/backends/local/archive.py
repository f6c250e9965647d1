"""``agent.pyz``: the agent's files as one archive that an interpreter can run, the same bytes for the same files."""

from __future__ import annotations

import hashlib
import os
import sys
import zipfile
from importlib.resources import files
from io import BytesIO
from pathlib import Path

_MAIN = "import sys\n\nfrom zaffre.agent.__main__ import main\n\nsys.exit(main(sys.argv[1:]))\n"
_EPOCH = (1980, 1, 1, 0, 0, 0)


def build(home: Path) -> Path:
    """The archive below ``home``, made where it is missing; its name is the hash of its content."""
    content = _pack()
    target = home / "agent" / f"{hashlib.sha256(content).hexdigest()[:16]}.pyz"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = target.with_suffix(f".{os.getpid()}.tmp")
        draft.write_bytes(content)
        draft.replace(target)
    return target


def command(archive: Path, *arguments: str) -> list[str]:
    """How the archive is run: isolated from the user's settings and without site packages."""
    return [sys.executable, "-I", "-S", "-X", "utf8", str(archive), *arguments]


def _pack() -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        members = {"__main__.py": _MAIN, "zaffre/__init__.py": "", **_sources()}
        for name in sorted(members):
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), members[name])
    return packed.getvalue()


def _sources() -> dict[str, str]:
    folder = files("zaffre") / "agent"
    return {
        f"zaffre/agent/{entry.name}": entry.read_text(encoding="utf-8")
        for entry in folder.iterdir()
        if entry.is_file() and entry.name.endswith(".py")
    }
