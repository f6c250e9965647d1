"""Recipe → lock: which exact files an environment is made of, found by uv, with everything that had to give told."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from zaffre.builder import asking
from zaffre.builder.interpreters import Choice, Installed
from zaffre.builder.parts import logins, pip_lines
from zaffre.builder.parts.logins import Login
from zaffre.builder.parts.recipe import Recipe
from zaffre.builder.settings import BuilderSettings

_TRACKING = "mlflow-skinny>=2.0"
_UNREACHED = re.compile(
    r"error sending request|Failed to fetch|dns error|tcp connect error|timed out|connection (?:reset|closed|refused)"
    r"|HTTP status (?:server error|client error \((?:401|403|407|408|429))"
    r"|network was disabled|Network connectivity is disabled"
    r"|certificate|git operation failed|index could not be queried",
    re.IGNORECASE,
)
_OF_THE_REQUEST = re.compile(
    r"No solution found|unsatisfiable|Failed to build|Failed to download and build|build backend|Hash mismatch"
    r"|Couldn't parse|Failed to parse|Failed to extract|does not (?:satisfy|contain|match)|not a valid",
    re.IGNORECASE,
)
_NEEDS_BUILDING = re.compile(r"no usable wheels|no wheels|building from source is disabled|--no-build", re.IGNORECASE)


class Verdict(StrEnum):
    """What an answer of uv's means."""

    DONE = "done"
    CONFLICT = "conflict"
    """Of what was asked: asking again gives the same answer."""
    UNREACHED = "unreached"
    """Of the network: the cache alone may do."""
    TROUBLE = "trouble"
    """Of the machine (disk, memory, a kill): nothing is known about what was asked."""


class Conflict(Exception):
    """The requirements cannot be met: asking again gives the same answer."""


class Unreachable(Exception):
    """Something outside failed (network, disk, index): asking again may succeed."""


@dataclass(frozen=True, slots=True)
class Lock:
    """The outcome of a resolution."""

    python: Installed
    text: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Variant:
    requirements: tuple[str, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What uv said."""

    verdict: Verdict
    words: str


class Resolver:
    """Asks uv: exactly what the file says first, then other Pythons that fit, then what is ours to relax."""

    def __init__(self, settings: BuilderSettings, recipe: Recipe, folder: Path) -> None:
        self._settings = settings
        self._recipe = recipe
        self._folder = folder

    def lock(self, choice: Choice) -> Lock:
        """Raises ``Conflict`` or ``Unreachable``."""
        if not choice.candidates:
            wish = self._recipe.python or "3.8 or later"
            message = f"no Python that fits is installed (wanted: {wish}); those of PATH, uv and pyenv are found."
            raise Conflict(message)
        words: dict[int, str] = {}
        for asked in (as_written(self._recipe), relaxed(self._recipe)):
            for building in (False, True):
                for python in choice.candidates:
                    if building and not _NEEDS_BUILDING.search(words[python.minor]):
                        continue
                    found = self._try(asked, python, building, words)
                    if found:
                        return self._told(found, choice, words)
        refused = asking.refusing(self._indexes(), self._recipe.requirements, self._logins())
        if refused:
            raise Unreachable(refused)
        first = choice.candidates[0]
        raise Conflict(self._message(first, words[first.minor]))

    def _indexes(self) -> tuple[str, ...]:
        recipe, settings = self._recipe, self._settings
        index = recipe.index_url or settings.index_url
        return tuple(url for url in (index, *recipe.extra_index_urls, *settings.extra_index_urls) if url)

    def _logins(self) -> tuple[Login, ...]:
        return (*self._recipe.logins, *self._settings.logins)

    def _try(
        self, asked: tuple[_Variant, ...], python: Installed, building: bool, words: dict[int, str]
    ) -> Lock | None:
        for variant in asked:
            answer = self._compile(python, variant, building)
            if answer.verdict is Verdict.DONE:
                text = (self._folder / "lock.txt").read_text(encoding="utf-8")
                return Lock(python, text, variant.notes)
            if not building and (variant.requirements == self._recipe.requirements or python.minor not in words):
                words[python.minor] = answer.words
        return None

    def _compile(self, python: Installed, variant: _Variant, building: bool) -> Answer:
        """One resolution."""
        source = self._folder / "requirements.in"
        source.write_text("".join(f"{line}\n" for line in variant.requirements), encoding="utf-8")
        argv = [self._settings.uv, "pip", "compile", str(source), "--output-file", str(self._folder / "lock.txt")]
        argv += ["--python", python.path, "--generate-hashes", "--no-annotate", "--no-header", "--quiet"]
        argv += index_options(self._settings, self._recipe)
        argv += self._constraints()
        argv += ["--prerelease", "allow"] if self._recipe.pre else []
        argv += [] if building else ["--only-binary", ":all:"]
        (self._folder / "lock.txt").unlink(missing_ok=True)
        return ask(self._settings, argv, self._folder, self._recipe)

    def _constraints(self) -> list[str]:
        if not self._recipe.constraints:
            return []
        path = self._folder / "constraints.txt"
        path.write_text("".join(f"{line}\n" for line in self._recipe.constraints), encoding="utf-8")
        return ["--constraint", str(path)]

    def _told(self, lock: Lock, choice: Choice, words: dict[int, str]) -> Lock:
        notes = [*([choice.note] if choice.note else []), *lock.notes]
        first = choice.candidates[0]
        if lock.python != first:
            reason = _NEEDS_BUILDING.search(words.get(first.minor, ""))
            why = "some packages have no wheels for" if reason else "the requirements cannot be met on"
            notes = [*lock.notes, f"Python {lock.python.version} is used: {why} Python {first.version}."]
        return replace(lock, notes=tuple(notes))

    def _message(self, python: Installed, words: str) -> str:
        named = {pip_lines.name_of(line): place for line, place in self._recipe.sources.items()}
        asked = [place for name, place in named.items() if _names(words, name)]
        told = "".join(f"\n  the file says  {place}" for place in asked)
        return f"the requirements cannot be installed together on Python {python.version}.\n{_indented(words)}{told}"


def as_written(recipe: Recipe) -> tuple[_Variant, ...]:
    """What to ask for first: the file and tracking, the file alone."""
    return tuple(_with_tracking(recipe.requirements, ()))


def relaxed(recipe: Recipe) -> tuple[_Variant, ...]:
    """What to ask for when that cannot be had: Azure's own packages in any version, then without them."""
    azure = [line for line in recipe.requirements if pip_lines.name_of(line).startswith("azureml-")]
    if not azure:
        return ()
    others = tuple(line for line in recipe.requirements if line not in azure)
    bare = tuple(dict.fromkeys(_without_version(line) for line in azure))
    named = ", ".join(azure)
    found: list[_Variant] = []
    if list(bare) != azure:
        note = f"{named}: these versions do not fit the rest here; the ones that do were taken."
        found += _with_tracking(tuple(sorted({*others, *bare})), (note,))
    note = f"{named}: left out, because no version can be installed here with the rest."
    return (*found, *_with_tracking(others, (note,)))


def index_options(settings: BuilderSettings, recipe: Recipe) -> list[str]:
    """Where packages come from; all indexes are equal, as they are to pip. Those that want a login have a name."""
    options: list[str] = []
    names = {url: name for name, url in _named_indexes(settings, recipe).items()}
    index = recipe.index_url or settings.index_url
    options += ["--default-index", _with_name(index, names)] if index else []
    for extra in dict.fromkeys((*recipe.extra_index_urls, *settings.extra_index_urls)):
        options += ["--index", _with_name(extra, names)]
    for links in dict.fromkeys((*recipe.find_links, *settings.find_links)):
        options += ["--find-links", links]
    return [*options, "--index-strategy", "unsafe-best-match"]


def ask(settings: BuilderSettings, argv: list[str], cwd: Path, recipe: Recipe) -> Answer:
    """Run uv, once more from the cache alone when the network fails; raises ``Unreachable`` when it gave no answer."""
    answer = _run(settings, argv, cwd, recipe)
    if answer.verdict is Verdict.UNREACHED:
        again = _run(settings, [*argv, "--offline"], cwd, recipe)
        if again.verdict is Verdict.DONE:
            return again
    if answer.verdict in {Verdict.UNREACHED, Verdict.TROUBLE}:
        raise Unreachable(answer.words)
    return answer


def _run(settings: BuilderSettings, argv: list[str], cwd: Path, recipe: Recipe) -> Answer:
    """Its words are kept for the user. It is in our process group, so a cancel reaches it."""
    known = (*recipe.logins, *settings.logins)
    told = logins.environ(_named_indexes(settings, recipe), known)
    environ = {**settings.environ, **told, "UV_PYTHON_DOWNLOADS": "never", "UV_NO_PROGRESS": "1", "NO_COLOR": "1"}
    done = subprocess.run(argv, cwd=cwd, env=environ, capture_output=True, text=True, errors="replace", check=False)
    words = logins.without(f"{done.stdout}\n{done.stderr}".strip()[-20_000:], known)
    return Answer(judge(done.returncode, words), words or f"uv ended with exit code {done.returncode}.")


def judge(code: int, words: str) -> Verdict:
    """Only what uv says of the request itself counts as a conflict, since conflicts are remembered."""
    if code == 0:
        return Verdict.DONE
    if _UNREACHED.search(words):
        return Verdict.UNREACHED
    return Verdict.CONFLICT if code > 0 and _OF_THE_REQUEST.search(words) else Verdict.TROUBLE


def _named_indexes(settings: BuilderSettings, recipe: Recipe) -> dict[str, str]:
    """Names for the indexes that want a login."""
    wanted = dict.fromkeys(login.url for login in (*recipe.logins, *settings.logins))
    return {f"LOGIN{number}": url for number, url in enumerate(wanted)}


def _with_name(url: str, names: Mapping[str, str]) -> str:
    name = names.get(url) or names.get(url.rstrip("/")) or names.get(f"{url}/")
    return f"{name}={url}" if name else url


def _with_tracking(requirements: tuple[str, ...], notes: tuple[str, ...]) -> Iterator[_Variant]:
    names = {pip_lines.name_of(line) for line in requirements}
    if names & {"mlflow", "mlflow-skinny"}:
        yield _Variant(requirements, notes)
        return
    yield _Variant(tuple(sorted((*requirements, _TRACKING))), notes)
    left = "mlflow-skinny was left out, as it does not fit the other requirements: import mlflow will fail."
    yield _Variant(requirements, (*notes, left))


def _names(words: str, package: str) -> bool:
    return re.search(rf"(?<![\w.-]){re.escape(package)}(?![\w-])", words, re.IGNORECASE) is not None


def _without_version(line: str) -> str:
    found = re.match(r"^[a-z0-9-]+(\[[^\]]*\])?", line)
    return found.group(0) if found else line


def _indented(words: str) -> str:
    lines = [line.strip() for line in words.splitlines() if line.strip() and not line.startswith("hint:")]
    return "\n".join(f"  {line}" for line in lines)
