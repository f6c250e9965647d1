"""The official clients' releases that ``make test-guests`` runs, each locked and in an environment of its own.

``tests/guests/clients/NAME.txt`` has a release with all that it stands on, pinned; ``tools/client_venvs.py lock`` writes
these files anew from ``RELEASES``. An environment is made when a test first asks for it, in ``.tools/clients``, which
``make clean`` removes, and again when its pins have changed.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from uv import find_uv_bin

ROOT = Path(__file__).parents[1]
PINS = ROOT / "tests" / "guests" / "clients"
_MADE = ROOT / ".tools" / "clients"


@dataclass(frozen=True, slots=True)
class Release:
    """What somebody installs who wants this release."""

    wants: tuple[str, ...]
    until: str = ""
    """The day of the installation: what was published later is not in it."""


RELEASES = {
    "newest": Release(("azure-ai-ml==1.35.2", "azure-identity", "marshmallow<4")),
    "older": Release(("azure-ai-ml==1.30.0", "azure-identity"), "2025-11-30"),
    "mlflow2": Release((
        # The first of MLflow 2; where there is no wheel of what it wants, the first that has them.
        "mlflow==2.0.1 ; python_version < '3.12'",
        "mlflow==2.10.0 ; python_version >= '3.12'",
        "pandas>=2.1 ; python_version >= '3.12'",
        "pyarrow>=14 ; python_version >= '3.12'",
        "numpy<2",
        "scikit-learn<1.4",
        "setuptools<81",
    )),
    "mlflow3": Release(("mlflow==3.17.2",)),
    "inference": Release((
        "azureml-inference-server-http==1.5.1",
        "inference-schema[numpy-support,pandas-support]",
        "azureml-ai-monitoring==1.0.0",
        "setuptools<81",
        "numpy<2",
    )),
    "plugin": Release(("azureml-mlflow==1.62.0.post6", "mlflow", "azure-identity")),
}  # fmt: skip


def interpreter(name: str) -> Path:
    """The Python of a release's environment, which is made if need be; processes that ask at once make one."""
    pins = PINS / f"{name}.txt"
    told = f"{pins.read_text('utf-8')}{sys.version_info[:2]}{ROOT}"
    folder = _MADE / f"{name}-{hashlib.sha256(told.encode()).hexdigest()[:12]}"
    python, done = folder / "bin" / "python", folder / ".done"
    _MADE.mkdir(parents=True, exist_ok=True)
    with (_MADE / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            for old in _MADE.glob(f"{name}-*"):
                shutil.rmtree(old)
            _uv("venv", "--python", sys.executable, str(folder))
            _uv("pip", "install", "--no-deps", "--python", str(python), "--requirements", str(pins))
            done.touch()
    return python


def version(name: str, package: str) -> str:
    """The release's version of a package, as it is pinned."""
    found = [line for line in (PINS / f"{name}.txt").read_text("utf-8").splitlines() if line.startswith(f"{package}==")]
    return found[0].partition("==")[2].split(" ")[0]


def lock(name: str) -> None:
    """Write a release's pins anew, for the Pythons that Zaffre runs on."""
    release = RELEASES[name]
    PINS.mkdir(parents=True, exist_ok=True)
    when = ("--exclude-newer", release.until) if release.until else ()
    words = (
        *("pip", "compile", "--universal", "--python-version", "3.11", "--no-annotate", "--no-header", "--upgrade"),
        *(*when, "--output-file", str(PINS / f"{name}.txt"), "-"),
    )
    _uv(*words, said="\n".join(release.wants))


def _uv(*words: str, said: str = "") -> None:
    done = subprocess.run(
        [find_uv_bin(), "--quiet", "--no-config", *words], input=said, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"uv {' '.join(words)}: {done.stderr}")


def main(words: list[str]) -> None:
    """``lock [NAME…]`` writes pins; ``make [NAME…]`` makes environments and says where."""
    verb, names = words[0] if words else "", words[1:] or list(RELEASES)
    if verb not in ("lock", "make"):
        raise SystemExit(f"expected lock or make, and names out of {', '.join(RELEASES)}")
    for name in names:
        if verb == "lock":
            lock(name)
        else:
            print(name, interpreter(name))


if __name__ == "__main__":
    main(sys.argv[1:])
