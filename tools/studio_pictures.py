"""Takes the pictures of Studio in ``docs/images``: a server of its own, the things of the tests' workspace, Chromium.

``python tools/studio_pictures.py [FOLDER]``; run it when pages look different from their pictures.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "servers"))

import studio_seeds  # noqa: E402 - lies with the tests

from studio_browser import Tab, chromium, entered  # noqa: E402
from zaffre.testing.server import Installation, furnished, installation  # noqa: E402

FOLDER = ROOT / "docs" / "images"
SIZE = {"width": 1280, "height": 720}
QUALITY = 80
PICTURES = (
    ("jobs", "light", "/jobs", "[role=gridcell]"),
    ("run", "light", "/jobs/seed-curve?tab=metrics", ".uplot canvas"),
    ("failed", "light", "/jobs/seed-failed", "main h1"),
    ("graph", "dark", "/jobs/seed-pipeline?tab=graph", ".react-flow__node"),
    ("sweep", "dark", "/jobs/seed-sweep?tab=children", "main h1"),
    ("designer", "light", "/designer?from=seed-pipeline", ".drawn"),
    ("compare", "light", "/compare?ids=seed-curve,seed-curve-2", "main h1"),
    ("data", "light", "/data/seed-cars", ".rows [role=cell]"),
    ("model", "dark", "/models/seed-model", "main h1"),
    ("endpoint", "light", "/endpoints/seed-sum", "main h1"),
    ("people", "light", "/settings?tab=access", ".plain-table td"),
)
"""Name, theme, address, and what must be seen."""


def main(folder: Path = FOLDER) -> None:
    """All of them, anew."""
    subprocess.run([ROOT / "tools" / "studio.sh", "fresh"], check=True)
    subprocess.run([ROOT / "tools" / "chromium.sh"], check=True)
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as built,
        chromium() as browser,
        installation(furnished(Path(built)), compute_local_nodes="4") as rig,
    ):
        studio_seeds.everything(rig)
        studio_seeds.endpoint(rig)
        _let_in(rig)
        token = (rig.home / "token").read_text().strip()
        tabs = {theme: entered(browser, f"http://127.0.0.1:{rig.port}", token, theme) for theme in ("light", "dark")}
        for name, theme, path, ready in PICTURES:
            _take(tabs[theme], path, ready, folder / f"studio-{name}.jpg")


def _let_in(rig: Installation) -> None:
    """Some people with their tokens."""
    for name, role in (("anna", "contributor"), ("bert", "reader"), ("dashboard", "reader")):
        rig.call("PUT", f"/api/v1/people/{name}", {"role": role}).raise_for_status()
        rig.call("POST", "/api/v1/tokens", {"name": f"{name}-1", "person": name}).raise_for_status()


def _take(tab: Tab, path: str, ready: str, file: Path) -> None:
    tab.page.set_viewport_size(SIZE)
    page = tab.open(path, ready)
    page.wait_for_timeout(1500)  # curves and graphs move into place
    page.screenshot(path=file, type="jpeg", quality=QUALITY)
    sys.stdout.write(f"{file.name}\n")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
