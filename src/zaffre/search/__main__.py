"""Answers questions about searches, one JSON line each, until its input ends: ``python -m zaffre.search``.

It keeps the last few searches' learners; each question has the whole record, so one that is started anew answers the same.
"""

from __future__ import annotations

import json
import sys
from collections import OrderedDict
from dataclasses import asdict
from typing import Any, TextIO

from zaffre.core.errors import Invalid

_KEPT = 8


def main(asked: TextIO, answers: TextIO) -> int:
    """Read, answer, forget the search that was not asked about for longest."""
    from zaffre.search.learning import Learner  # noqa: PLC0415 - weight: loaded in this process only
    from zaffre.search.trial import Search, Trial  # noqa: PLC0415

    kept: OrderedDict[str, Learner] = OrderedDict()

    def answer(question: dict[str, Any]) -> dict[str, Any]:
        key = json.dumps(question["search"], sort_keys=True)
        learner = kept.pop(key, None) or Learner(Search.from_json(question["search"]))
        kept[key] = learner
        if len(kept) > _KEPT:
            kept.popitem(last=False)
        history = [Trial.from_json(row) for row in question["history"]]
        return {"parameters": learner.suggest(history, int(question["count"]))}

    for line in asked:
        question: dict[str, Any] = json.loads(line)
        try:
            told = answer(question)
        except Invalid as error:
            told = {"problems": [asdict(problem) for problem in error.problems]}
        except Exception as error:  # noqa: BLE001 - the main of a process: whoever asked is told, and may ask again
            kept.clear()
            told = {"failed": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(told) + "\n")
        answers.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.stdin, sys.stdout))
