"""The scoring host as one archive that a user's interpreter can run: ``python score-<hash>.pyz host.json``."""

from __future__ import annotations

import hashlib
import os
import zipfile
from importlib.resources import files
from io import BytesIO
from pathlib import Path

_MAIN = "import sys\n\nfrom zaffre.agent.scoring.host import main\n\nsys.exit(main(sys.argv[1:]))\n"
_EPOCH = (1980, 1, 1, 0, 0, 0)


def archive(home: Path) -> Path:
    """The archive below ``home``, made where it is missing; its name is the hash of its content."""
    content = _pack()
    target = home / "agent" / f"score-{hashlib.sha256(content).hexdigest()[:16]}.pyz"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = target.with_suffix(f".{os.getpid()}.tmp")
        draft.write_bytes(content)
        draft.replace(target)
    return target


def _pack() -> bytes:
    folder = files("zaffre") / "agent" / "scoring"
    members = {
        f"zaffre/agent/scoring/{entry.name}": entry.read_text(encoding="utf-8")
        for entry in folder.iterdir()
        if entry.is_file() and entry.name.endswith(".py")
    }
    members |= {"__main__.py": _MAIN, "zaffre/__init__.py": "", "zaffre/agent/__init__.py": ""}
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as packing:
        for name in sorted(members):
            packing.writestr(zipfile.ZipInfo(name, _EPOCH), members[name])
    return packed.getvalue()
