"""Whether so many failures may be, and in which words to say that they may not. Pure."""

from __future__ import annotations

from typing import Any, Dict, List, NamedTuple

from zaffre.agent.parallel.settings import Settings

_NAMED = 10
_TRACE_LINES = 30


class Counts(NamedTuple):
    """How far a job is."""

    batches: int
    items: int
    done: int
    failed: int
    items_done: int
    """Items of mini-batches that are done, or were given up."""
    items_failed: int
    """Inputs without a returned row, and all of those whose mini-batch was given up."""

    @property
    def left(self) -> int:
        """Mini-batches that are not finished."""
        return self.batches - self.done - self.failed


def exceeded(settings: Settings, counts: Counts) -> str:
    """Which threshold is passed already; empty where none is."""
    if 0 <= settings.batches_allowed < counts.failed:
        told = "%s failed, and mini_batch_error_threshold allows %d"
        return told % (_number(counts.failed, "mini-batch", "mini-batches"), settings.batches_allowed)
    if 0 <= settings.items_allowed < counts.items_failed:
        told = "%s failed, and error_threshold allows %d"
        return told % (_number(counts.items_failed, "item", "items"), settings.items_allowed)
    return ""


def at_the_end(settings: Settings, counts: Counts) -> str:
    """The same when nothing is left to do."""
    told = exceeded(settings, counts)
    if told or not counts.failed:
        return told
    if counts.failed == counts.batches:
        return "every mini-batch failed"
    share = 100.0 * counts.failed / counts.batches
    if share > settings.percent_allowed:
        return "%.1f %% of the mini-batches failed, and allowed_failed_percent is %g" % (
            share,
            settings.percent_allowed,
        )
    return ""


def sentence(verdict: str, failed: Dict[int, Dict[str, Any]]) -> str:
    """The verdict with the mini-batches it is about, and the first one's error."""
    if not failed:
        return verdict + ": run() returned fewer rows than it was given"
    indexes = sorted(failed)
    named = ", ".join(map(str, indexes[:_NAMED])) + (", …" if len(indexes) > _NAMED else "")
    first = min(failed.values(), key=lambda line: line.get("at", 0.0))
    tries = _number(int(first.get("tries", 1)), "try", "tries")
    told = "%s: %s. The first to fail was mini-batch %d, after %s: %s"
    return told % (verdict, "number " + named if len(indexes) == 1 else named, first["batch"], tries, _error(first))


def _error(line: Dict[str, Any]) -> str:
    trace: List[str] = str(line.get("trace") or "").rstrip().splitlines()
    return "\n".join([str(line["message"]), *trace[-_TRACE_LINES:]])


def _number(count: int, one: str, many: str) -> str:
    return "%d %s" % (count, one if count == 1 else many)
