"""One build, from a request to an environment in place: what ``python -m zaffre.builder build`` does."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from zaffre.builder import bytecode, containers, prefix, r_library, resolving
from zaffre.builder.containers import Image
from zaffre.builder.interpreters import Installed, choose, discover
from zaffre.builder.layer import tools_folder
from zaffre.builder.parts.logins import Login
from zaffre.builder.parts.pip_lines import name_of
from zaffre.builder.parts.recipe import Recipe
from zaffre.builder.resolving import Conflict, Lock, Resolver, Unreachable, Verdict
from zaffre.builder.settings import BuilderSettings
from zaffre.builder.store import ASKED, Environments, write
from zaffre.core.ports import BuildPhase, Interpreter

BUILT = 0
CONFLICT = 10
"""Exit code: the requirements cannot be met. Remembered; ``look`` has the message."""
UNREACHABLE = 11
"""Exit code: the network, the disk or an index failed. Not remembered."""

_AGAIN = "This is remembered. When the packages have changed: zaffre environment forget --fingerprint {}"
_TOOLS = ("pip", "setuptools<81")
"""setuptools 82 dropped pkg_resources, which older packages import without declaring it; 81 warns of it."""


@dataclass(frozen=True, slots=True)
class Request:
    """What the build program reads."""

    home: str
    fingerprint: str
    attempt: int
    recipe: Recipe
    settings: BuilderSettings
    image: Image | None = None
    """Instead of the recipe: what an engine builds."""

    def to_json(self) -> dict[str, Any]:
        """The stored form. It may hold logins: its file is its owner's alone, and goes when it has been read."""
        return {
            "home": self.home,
            "fingerprint": self.fingerprint,
            "attempt": self.attempt,
            "recipe": self.recipe.to_json(),
            "sources": self.recipe.sources,
            "logins": [login.to_json() for login in self.recipe.logins],
            "settings": asdict(self.settings),
            "image": self.image.to_json() if self.image is not None else None,
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Request:
        """The inverse of ``to_json``."""
        recipe = Recipe.from_json(stored["recipe"], stored["sources"])
        recipe = replace(recipe, logins=tuple(Login(*login) for login in stored["logins"]))
        settings = BuilderSettings.from_json(stored["settings"])
        image = Image.from_json(stored["image"]) if stored["image"] is not None else None
        return cls(stored["home"], stored["fingerprint"], stored["attempt"], recipe, settings, image)


def build(request: Request, say: Callable[[str], None]) -> int:
    """Build, unless it is there already; returns the exit code. Killed anywhere, it leaves nothing that is used."""
    environments = Environments(Path(request.home))
    installed = discover(request.settings.interpreters)
    minors = [one.minor for one in installed]
    with environments.building(request.fingerprint, request.attempt) as building:
        if environments.look(request.fingerprint, minors).phase is BuildPhase.READY:
            say("The environment is ready: another job built it.")
            return BUILT
        try:
            made = _Build(request, environments, building, say)
            made.contain(request.image) if request.image is not None else made.run(installed)
        except Conflict as conflict:
            told = f"{conflict}\n{_AGAIN.format(request.fingerprint)}"
            environments.save_failure(request.fingerprint, told, minors)
            say(f"error: {told}")
            return CONFLICT
        except Unreachable as trouble:
            say(f"error: the packages could not be fetched; the next job tries again.\n{trouble}")
            return UNREACHABLE
    return BUILT


class _Build:
    def __init__(
        self, request: Request, environments: Environments, building: Path, say: Callable[[str], None]
    ) -> None:
        self._request = request
        self._environments = environments
        self._building = building
        self._say = say

    def contain(self, image: Image) -> None:
        """Have an engine make an image."""
        fingerprint, settings = self._request.fingerprint, self._request.settings
        final = self._environments.prefix(fingerprint)
        made = containers.build(image, fingerprint, settings, self._say, final)
        containers.save(self._building, image, fingerprint, settings)
        self._environments.publish(self._building, fingerprint, made)
        self._say(f"The environment is ready: {containers.tag(fingerprint)}")

    def run(self, installed: tuple[Installed, ...]) -> None:
        """Lock, install and compile a Python environment."""
        lock = self._lock(installed)
        recipe, settings = self._request.recipe, self._request.settings
        notes = (*recipe.notes, *lock.notes)
        notes = (*notes, r_library.note(recipe.r, settings)) if recipe.r is not None else notes
        for note in notes:
            self._say(f"note: {note}")
        self._tools(lock.python)
        site = self._install(lock)
        if recipe.r is not None:
            r_library.install(recipe.r, self._building / "R", settings, self._say)
            r_library.write_profile(recipe.r, self._building, settings)
        final = self._environments.prefix(self._request.fingerprint)
        scripts = prefix.loosen_scripts(self._building, final)
        done = bytecode.fill(site, self._environments.root / "bytecode", lock.python, lock.text)
        self._say(f"{scripts} programs; {done.linked} packages already compiled, {done.compiled} files compiled.")
        write(self._building / "lock.txt", lock.text)
        write(self._building / ASKED, json.dumps({name_of(line): told for line, told in recipe.sources.items()}))
        self._environments.publish(self._building, self._request.fingerprint, self._interpreter(final, notes))
        self._say(f"The environment is ready: Python {lock.python.version}, {final}")

    def _lock(self, installed: tuple[Installed, ...]) -> Lock:
        """The lock of these requirements on this machine; found once, then kept, so that builds can be repeated."""
        choice = choose(self._request.recipe.python, installed)
        path = self._environments.root / "locks" / f"{_lock_key(self._request, choice.candidates)}.txt"
        with suppress(OSError, ValueError, StopIteration):
            head, _, text = path.read_text(encoding="utf-8").partition("\n")
            told: dict[str, Any] = json.loads(head.removeprefix("# "))
            python = next(one for one in installed if one.minor == told["minor"])
            self._say(f"The lock is known: {text.count('==')} packages.")
            return Lock(python, text, tuple(told["notes"]))
        self._say(f"Resolving {len(self._request.recipe.requirements)} requirements.")
        work = self._building / "resolve"
        work.mkdir()
        lock = Resolver(self._request.settings, self._request.recipe, work).lock(choice)
        prefix.remove(work)
        head = json.dumps({"minor": lock.python.minor, "notes": lock.notes})
        write(path, f"# {head}\n{lock.text}")
        return lock

    def _install(self, lock: Lock) -> Path:
        site = Path(prefix.create(str(self._building), lock.python.path, lock.python.minor))
        path = self._building / "lock.txt"
        path.write_text(lock.text, encoding="utf-8")
        self._say(f"Installing {lock.text.count('==')} packages for Python {lock.python.version}.")
        settings, recipe = self._request.settings, self._request.recipe
        argv = [settings.uv, "pip", "sync", str(path), "--python", str(self._building / "bin/python")]
        argv += ["--link-mode", "hardlink", "--allow-empty-requirements"]
        self._fetch([*argv, *resolving.index_options(settings, recipe)], recipe)
        return site

    def _tools(self, python: Installed) -> None:
        """pip for the layers of runs: once per Python version, shared by all environments."""
        final = Path(tools_folder(str(self._environments.root), python.minor))
        if final.is_dir():
            return
        with self._environments.building(final.name, self._request.attempt) as folder:
            if final.is_dir():
                return
            self._say(f"Fetching pip for Python {python.version}.")
            settings = self._request.settings
            argv = [settings.uv, "pip", "install", "--target", str(folder), "--python", python.path]
            argv += ["--link-mode", "hardlink"]
            # No index options of the environment's: its file must not decide what every run's pip is.
            self._fetch([*argv, *resolving.index_options(settings, Recipe()), *_TOOLS], Recipe())
            prefix.remove(folder / "bin")
            bytecode.fill(folder, self._environments.root / "bytecode", python, "")
            self._environments.replace(folder, final)

    def _fetch(self, argv: list[str], recipe: Recipe) -> None:
        answer = resolving.ask(self._request.settings, argv, self._building, recipe)
        if answer.verdict is not Verdict.DONE:
            raise Conflict(answer.words)
        self._say(answer.words)

    def _interpreter(self, final: Path, notes: tuple[str, ...]) -> Interpreter:
        recipe, settings = self._request.recipe, self._request.settings
        pip = _pip_environ(settings, self._environments.root / "pip.conf")
        own = r_library.environ(final) if recipe.r is not None else {}
        return Interpreter(
            prefix=str(final),
            python=f"{final}/bin/python",
            path=(f"{final}/bin",),
            environ={**recipe.environ, **pip, **_jupyter(self._building, final), **own},
            notes=notes,
        )


def _lock_key(request: Request, candidates: tuple[Installed, ...]) -> str:
    """One lock per requirements, Python, platform and index; notes do not enter."""
    settings = request.settings
    asked = {**request.recipe.to_json(), "notes": [], "minors": [one.minor for one in candidates]}
    asked["indexes"] = [settings.index_url, settings.extra_index_urls, settings.find_links]
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:32]


def _pip_environ(settings: BuilderSettings, file: Path) -> dict[str, str]:
    """So that a run's pip asks the same indexes, and says nothing that is not about the user's packages."""
    found = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_ROOT_USER_ACTION": "ignore"}
    if settings.logins:
        write(file, _pip_file(settings), 0o600)
        return {**found, "PIP_CONFIG_FILE": str(file)}
    if settings.index_url:
        found["PIP_INDEX_URL"] = settings.index_url
    if settings.extra_index_urls:
        found["PIP_EXTRA_INDEX_URL"] = " ".join(settings.extra_index_urls)
    if settings.find_links:
        found["PIP_FIND_LINKS"] = " ".join(settings.find_links)
    return found


def _pip_file(settings: BuilderSettings) -> str:
    """pip's own configuration, where addresses have logins: variables of jobs are shown to many, this file to none."""
    full = {login.url: login.whole for login in settings.logins}
    lines = {
        "index-url": full.get(settings.index_url, settings.index_url),
        "extra-index-url": " ".join(full.get(url, url) for url in settings.extra_index_urls),
        "find-links": " ".join(full.get(url, url) for url in settings.find_links),
    }
    return "[global]\n" + "".join(f"{name} = {value}\n" for name, value in lines.items() if value)


def _jupyter(building: Path, final: Path) -> dict[str, str]:
    """Jupyter looks for kernels and templates under ``sys.prefix``, which in a run is its layer."""
    return {"JUPYTER_PATH": f"{final}/share/jupyter"} if (building / "share/jupyter").is_dir() else {}
