"""Why a replica will never be ready: what its process, its log and its memory tell, and what to do about it. Pure."""

from __future__ import annotations

import signal as signals
from collections.abc import Sequence
from typing import Any

from zaffre.core import tracebacks
from zaffre.core.reasons import Cause, Reason
from zaffre.core.tasks import Exit, Phase
from zaffre.core.tracebacks import Card
from zaffre.kinds.online.parts.intents import Facts, Replica

_HOST = (".pyz/zaffre/agent/", "<frozen importlib")
_SHOWN_LINES = 12
"""Lines of the log that the message itself shows; the facts have more."""
_HINTS = (
    ("ModuleNotFoundError", "Add the package to the deployment's environment."),
    ("ImportError", "Check the packages of the deployment's environment, and their versions."),
    ("SyntaxError", "Mend the script: python -m py_compile shows the place."),
    ("IndentationError", "Mend the script: python -m py_compile shows the place."),
    ("FileNotFoundError", "The model's files are below AZUREML_MODEL_DIR; other paths must be part of the code."),
    ("MemoryError", "Memory ran out: load less, or run fewer processes (WORKER_COUNT) and replicas."),
)


def reason(replica: Replica, facts: Facts) -> Reason | None:
    """Why a replica of a new generation will never be ready; None while it may be."""
    if replica.phase is Phase.EXITED:
        return _of_end(replica, facts)
    patience = facts.wish.readiness.patience
    waited = facts.now - replica.place.started_at
    if replica.answers or replica.place.stage != "starting" or waited <= patience:
        return None
    told = (
        f"init() had not finished after {waited:.0f} s, and readiness_probe allows {patience:.0f} s "
        "(initial_delay + period x failure_threshold)."
    )
    hint = "If init() needs longer, raise readiness_probe.initial_delay; the log says how far it came."
    return _not_ready(told, hint, replica, facts)


def _of_end(replica: Replica, facts: Facts) -> Reason:
    ended = replica.exit
    if ended is not None and ended.out_of_memory:
        known = _known(replica, facts)
        at = f" while the model was loaded{_peak(ended)}"
        return Reason(Cause.OUT_OF_MEMORY, {"who": "The scoring process", "at": at, **known})
    if ended is not None and ended.error:
        return Reason(Cause.LAUNCH_FAILED, {"message": f"{ended.error} {ended.error_facts}"})
    card = tracebacks.read(replica.words)
    told = f"its process ended {_how(ended)}{_peak(ended)}."
    return _not_ready(told, _hint(card, ended), replica, facts)


def _not_ready(told: str, hint: str, replica: Replica, facts: Facts) -> Reason:
    """The sentence, the user's own line, the end of the log, and what to do."""
    card = tracebacks.read(replica.words)
    parts = [told]
    if card.error:
        at = f" ({card.frame.file}, line {card.frame.line})" if card.frame is not None else ""
        parts.append(f"Its last error{at}: {card.error.rstrip('.')}.")
    parts += [hint] if hint else []
    parts.append(f"The whole log: {facts.logs}")
    message = " ".join(parts)
    shown = _own(card.traceback) or card.tail[-_SHOWN_LINES:]
    if shown:
        message += "\nThe last traceback:\n" if card.traceback else "\nThe last lines of its log:\n"
        message += "\n".join(shown)
    return Reason(Cause.NOT_READY, {"message": message, "hint": hint, **_known(replica, facts)})


def _known(replica: Replica, facts: Facts) -> dict[str, Any]:
    """What programs read: nothing that is not so."""
    ended, card = replica.exit, tracebacks.read(replica.words)
    known: dict[str, Any] = {
        "replica": replica.place.id,
        "waited_seconds": round(facts.now - replica.place.started_at, 1),
    }
    if ended is not None:
        known |= {"exit_code": ended.exit_code, "signal": ended.signal, "peak_memory_bytes": ended.peak_memory}
    return known | {"traceback": "\n".join(_own(card.traceback))} | card.to_json()


def _own(traceback: Sequence[str]) -> list[str]:
    """A traceback without the frames of the scoring host and of the import machinery: the way to the user's own code."""
    found: list[str] = []
    hidden = False
    for line in traceback:
        if line.startswith('  File "'):
            hidden = any(mark in line for mark in _HOST)
        elif not line.startswith("    "):
            hidden = False
        if not hidden:
            found.append(line)
    return found


def _how(ended: Exit | None) -> str:
    if ended is None:
        return "without a trace"
    number = ended.signal
    if number is None and ended.exit_code is not None and ended.exit_code > 128:
        number = ended.exit_code - 128  # as a shell, or the parent of several workers, tells of a signal
    if number is None:
        return f"with exit code {ended.exit_code}"
    try:
        return f"by signal {number} ({signals.Signals(number).name})"
    except ValueError:
        return f"by signal {number}"


def _peak(ended: Exit | None) -> str:
    if ended is None or not ended.peak_memory:
        return ""
    return f", when it had used at most {ended.peak_memory / 1024**2:.0f} MiB of memory"


def _hint(card: Card, ended: Exit | None) -> str:
    name = card.error.partition(":")[0].rpartition(".")[2].strip()
    found = next((hint for error, hint in _HINTS if error == name), "")
    if found or card.error:
        return found
    if ended is not None and ended.signal == signals.SIGKILL:
        return "Something outside Zaffre killed it; most often that is the kernel, when memory runs out."
    if ended is not None and ended.signal in (signals.SIGSEGV, signals.SIGILL, signals.SIGBUS, signals.SIGABRT):
        return "Native code of a library crashed; check that its build suits this machine and this Python."
    if ended is not None and ended.exit_code == 0:
        return "The script ended the process itself; init() must return."
    return ""
