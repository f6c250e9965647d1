"""Whether a step has to run: an equal one that succeeded before, with outputs that are still there, is taken instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from zaffre.control.contents import Contents
from zaffre.control.lookup import Places
from zaffre.core import refs
from zaffre.core.draft import Prepared
from zaffre.core.parents import ReusePolicy
from zaffre.core.reasons import Cause
from zaffre.core.resource import Key
from zaffre.core.status import RunStatus
from zaffre.kinds.job.parts import fingerprint
from zaffre.kinds.job.parts.fingerprint import Difference, Made
from zaffre.store import Store, Tx, resources, results, runs
from zaffre.store.runs import Run


@dataclass(frozen=True, slots=True)
class Step:
    """A step, wherever its pipeline's name comes from."""

    workspace: str
    experiment: str
    place: str
    """Its key, below those of the pipelines that it lies in; the topmost one has another name each time."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """What is known of a step's runs before."""

    made: Made
    subject: str
    run: str = ""
    """An equal one that can be taken, if there is one."""
    compared: dict[str, Any] = field(default_factory=dict[str, Any])
    """The newest of the same step and how it differs, where none is equal."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is on record of a step."""

    subject: str
    run: Run | None = None
    """The newest that succeeded."""
    is_deterministic: bool = True


class Reuse:
    """Looks at what a step would be made of, and for its equal."""

    def __init__(self, store: Store, places: Places, contents: Contents) -> None:
        self._store = store
        self._places = places
        self._contents = contents

    def known(self, tx: Tx, step: Step, prepared: Prepared) -> Known:
        """What the record has of the step, without a look at any file."""
        component = getattr(prepared.spec, "component", None)
        name = component if isinstance(component, str) else None
        subject = fingerprint.subject(step.experiment, step.place, name)
        if name is not None and not _is_deterministic(tx, step.workspace, name):
            return Known(subject, is_deterministic=False)
        newest = results.newest(tx, step.workspace, subject)
        return Known(subject, runs.get(tx, newest) if newest is not None else None)

    async def find(
        self, step: Step, prepared: Prepared, policy: ReusePolicy = ReusePolicy.TAKE, known: Known | None = None
    ) -> Earlier | None:
        """``None`` for a step that is never taken from before: its component says that it is not deterministic."""
        assert prepared.run is not None
        known = known or await self._store.read(lambda tx: self.known(tx, step, prepared))
        if not known.is_deterministic:
            return None
        newest, subject = known.run, known.subject
        told: Mapping[str, Any] = newest.facts["fingerprint"] if newest is not None else {}
        inputs: dict[str, dict[str, str]] = prepared.run.facts.get("inputs") or {}
        contents = await self._contents.of(step.workspace, inputs, told.get("contents", {}))
        made = fingerprint.made(prepared, contents)
        if policy is ReusePolicy.LEAVE:
            return Earlier(made, subject, "", fingerprint.forced())
        names = await self._store.read(lambda tx: self._usable(tx, step.workspace, made.hash))
        equal = next((one for one in names if self.is_there(one)), None)
        if equal is not None:
            return Earlier(made, subject, equal.name, {"with": equal.name, "differences": []})
        if newest is None:
            return Earlier(made, subject)
        found = fingerprint.differences(told, made)
        told_apart = await self._store.read(lambda tx: _told_apart(tx, step.workspace, newest, prepared, found))
        gone = f"what {names[0].name} left is not there any more" if names else ""
        return Earlier(made, subject, "", fingerprint.compared(newest.name, told_apart, gone))

    def at_hand(self, tx: Tx, step: Step, prepared: Prepared, known: Known) -> Earlier | None:
        """An equal run that can be taken, where the record and a short listing of the inputs tell of one."""
        if prepared.run is None or known.run is None or not known.is_deterministic:
            return None
        inputs: dict[str, dict[str, str]] = prepared.run.facts.get("inputs") or {}
        told: Mapping[str, Any] = known.run.facts["fingerprint"]
        contents = self._contents.at_hand(step.workspace, inputs, told.get("contents", {}))
        if contents is None:
            return None
        made = fingerprint.made(prepared, contents)
        equal = next((one for one in self._usable(tx, step.workspace, made.hash) if self.is_there(one)), None)
        if equal is None:
            return None
        return Earlier(made, known.subject, equal.name, {"with": equal.name, "differences": []})

    def take(self, tx: Tx, earlier: Earlier) -> Run | None:
        """The equal run, if it can still be taken now."""
        found = runs.get(tx, earlier.run) if earlier.run else None
        return found if found is not None and found.status is RunStatus.COMPLETED else None

    def _usable(self, tx: Tx, workspace: str, hash_: str) -> list[Run]:
        """Those that succeeded and were not deleted since."""
        there = (name for name in results.equal(tx, workspace, hash_) if resources.get(tx, Key(workspace, "job", name)))
        found = (runs.get(tx, name) for name in there)
        return [one for one in found if one is not None and _succeeded(one)]

    def is_there(self, run: Run) -> bool:
        """Whether everything it left on this machine is still there."""
        outputs: dict[str, list[str]] = run.facts.get("output_paths") or {}
        for datastore, path in outputs.values():
            place = self._places.place(run.workspace, f"azureml://datastores/{datastore}/paths/{path}")
            if place is not None and not place.exists():
                return False
        return True


def below(run: Run, key: str) -> Step:
    """A child of a run as a step."""
    above: str = run.facts.get("place", "")
    return Step(run.workspace, run.experiment, f"{above}/{key}" if above else key)


def _told_apart(
    tx: Tx, workspace: str, newest: Run, prepared: Prepared, found: Sequence[Difference]
) -> list[Difference]:
    """With the files of code, and the names of environments, where only digests differ."""
    assert prepared.run is not None
    before, after = newest.facts, prepared.run.facts
    told: list[Difference] = []
    for one in found:
        if one.field == "code" and before.get("code") and after.get("code"):
            sides = [_files(tx, workspace, str(facts["code"])) for facts in (before, after)]
            told.append(replace(one, files=fingerprint.changed(*sides)))
        elif one.field == "environment" and before.get("environment") and after.get("environment"):
            told.append(fingerprint.environments(before["environment"], after["environment"]))
        else:
            told.append(one)
    return told


def _files(tx: Tx, workspace: str, reference: str) -> dict[str, str]:
    """Path → digest, of a code asset."""
    found = refs.asset(reference)
    stored = resources.get(tx, Key(refs.owner(found, workspace), "code", found.name, "", found.version))
    return {str(entry[0]): str(entry[1]) for entry in stored.state.get("files", ())} if stored is not None else {}


def _succeeded(run: Run) -> bool:
    return run.status is RunStatus.COMPLETED and (run.reason is None or run.reason.cause is Cause.SUCCEEDED)


def _is_deterministic(tx: Tx, workspace: str, component: str) -> bool:
    found = refs.parse(component)
    if not isinstance(found, refs.Asset):
        return True
    owner = refs.owner(found, workspace)
    stored = resources.get(tx, Key(owner, "component", found.name, "", found.version))
    return stored is None or stored.spec.get("is_deterministic") is not False
